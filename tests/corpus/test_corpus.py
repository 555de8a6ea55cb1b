"""Our forms in real workbooks that other programs saved: everything that was in them is there afterwards, as it was stored.

The normal run puts the forms into every second one and works in some; the nightly one does all of it with all of them.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from crmbook import office
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.lint import lint
from crmbook.text import LANGS
from crmbook.verbs import into as into_module
from tests.corpus import page, peers
from tests.corpus.books import BOOKS, CORPUS, FEW, NOTE, ORDER, Result, column_of, run, write_source
from tests.corpus.kept import foreign_parts_changed, lost, order, shared_parts

pytestmark = pytest.mark.reference
WITH_ALL_FORMS = ("charts_smartart_complex01.xlsx", "strict_iso_paths.xlsx", "protection_outline.xlsx")
IN_LIBREOFFICE = ("strict_iso_paths.xlsx", "protection_outline.xlsx", "root_absolute_paths.xlsx", "threaded_nonstd_ns.xlsx")  # fmt: skip
SEEN_BY_THE_SDK = ("photo_formats_strict.xlsx", "ns_prefixed.xlsx", "inline_cdata.xlsx")
TOO_MUCH_FOR_OPENPYXL = {"extlinks.xlsx"}  # it makes every cell of merged columns
NOT_IN_LIBREOFFICE = {"sparkline_closedxml.xlsx", "zip_backslash.xlsx"}  # it does not open these before either
# Why a workbook may be refused: what the message says of it.
REFUSED = {
    "encrypted_agile_poi.xlsx": "password",
    "encrypted_sha512.xlsx": "password",
    "form_pass_print.xlsm": "structure of the workbook is protected",
    "revisions_shared.xlsx": "shared workbook",
}
OPENED = [name for name in BOOKS if name not in REFUSED]
BY_DAY = {*BOOKS[::2], *REFUSED, *WITH_ALL_FORMS, *IN_LIBREOFFICE, *SEEN_BY_THE_SDK}
WORKED_IN_BY_DAY = {*BOOKS[::9]}


def _some(names: Iterable[str], by_day: Iterable[str]) -> list[object]:
    """These books, those that are not for the day only at night."""
    return [pytest.param(name, marks=() if name in by_day else pytest.mark.soak) for name in names]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_source(tmp_path_factory.mktemp("source") / "data")


@pytest.fixture(scope="module", autouse=True)
def _drawn_once() -> Iterator[None]:
    """The same empty forms for all books: they are drawn once."""
    made: dict[tuple[str, ...], bytes] = {}
    draw = into_module.draw

    def once(forms, lang, template):
        key = (lang, *(f.id for f in forms))
        if key not in made:
            made[key] = draw(forms, lang, template)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(into_module, "draw", once)
        yield


@pytest.fixture(scope="module")
def came_in(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Callable[[str], Result]:
    """Each workbook with our forms in it, made once."""
    made: dict[str, Result] = {}

    def make(name: str) -> Result:
        if name not in made:
            folder = tmp_path_factory.mktemp("book")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CRMBOOK_STATE", str(folder / "state"))
                made[name] = run(name, folder, source, work=False)
        return made[name]

    return make


def test_the_corpus_is_there():
    assert len(BOOKS) >= 60
    assert set(REFUSED) < set(BOOKS)


@pytest.mark.parametrize("name", _some(BOOKS, BY_DAY))
def test_our_forms_come_in_and_nothing_else_changes(name: str, came_in: Callable[[str], Result]):
    result = came_in(name)
    if name in REFUSED:
        assert REFUSED[name] in result.refused.what.en
        return
    assert result.refused is None
    assert foreign_parts_changed(result.source, result.added, shared_parts(result.source)) == []
    _nothing_lost(result.source, result.added)
    assert order(result.added)[: len(order(result.source))] == order(result.source)
    assert {"crm_grading", "crm_customers", "crm_settings"} <= set(Workbook(result.added).tables)


@pytest.mark.parametrize("name", _some(OPENED, WORKED_IN_BY_DAY))
def test_staff_work_in_it_and_it_is_refreshed(name: str, tmp_path: Path, source: Path):
    _work(name, tmp_path, source, FEW)


@pytest.mark.parametrize("name", _some(WITH_ALL_FORMS, WITH_ALL_FORMS[:1]))
def test_staff_work_in_one_with_all_forms(name: str, tmp_path: Path, source: Path):
    _work(name, tmp_path, source, None)


@pytest.mark.office
def test_libreoffice_opens_the_results(tmp_path: Path, came_in: Callable[[str], Result]):
    _convert(tmp_path, [came_in(name) for name in IN_LIBREOFFICE])


@pytest.mark.soak
@pytest.mark.office
def test_libreoffice_opens_all_results(tmp_path: Path, came_in: Callable[[str], Result]):
    _convert(tmp_path, [came_in(n) for n in BOOKS if n not in {*REFUSED, *NOT_IN_LIBREOFFICE, *IN_LIBREOFFICE}])


@pytest.mark.sdk
@pytest.mark.parametrize("name", _some(OPENED, SEEN_BY_THE_SDK))
def test_the_open_xml_sdk_finds_nothing_new(name: str, tmp_path: Path, came_in: Callable[[str], Result], sdk):
    path = tmp_path / name
    path.write_bytes(came_in(name).added.source)
    assert sdk(path) <= sdk(CORPUS / name)


def test_the_page_says_what_became_of_each_workbook(request, tmp_path: Path, came_in: Callable[[str], Result]):
    if request.config.getoption("--renew") and peers.HAS_EXCELIZE:
        page.write(came_in, tmp_path)
    for lang in LANGS:
        said = {name: cells[0] for name, cells in page.committed(lang).items()}
        assert sorted(said) == BOOKS
        assert {n: said[n] for n in BY_DAY} == {n: page.cell(came_in(n))[lang] for n in BY_DAY}


@pytest.mark.soak
def test_the_page_says_it_of_all(came_in: Callable[[str], Result]):
    assert {n: c[0] for n, c in page.committed("en").items()} == {n: page.cell(came_in(n))["en"] for n in BOOKS}


@pytest.mark.soak
@pytest.mark.parametrize("peer", peers.PEERS)
def test_the_page_says_what_the_peers_leave(peer: str, tmp_path: Path):
    if peer == "excelize" and not peers.HAS_EXCELIZE:
        pytest.skip("excelize is not installed")
    at = 1 + list(peers.PEERS).index(peer)
    said = {name: cells[at] for name, cells in page.committed("en").items()}
    assert said == {n: page.peer_cell(peers.left_by(peer, CORPUS / n, tmp_path))["en"] for n in BOOKS}


def _convert(folder: Path, results: list[Result]) -> None:
    """LibreOffice reads our form in each of these books as we wrote it."""
    copies = []
    for at, result in enumerate(results):
        copies.append(folder / f"{at}{Path(result.name).suffix}")
        with copies[-1].open("w+b") as out:
            result.added.save(out)
    out = folder / "out"
    out.mkdir()
    made = office.convert(copies[0], copies, "xlsx", out, anew=False)
    for result, path in zip(results, made, strict=True):
        sheets = CalamineWorkbook.from_path(path).sheet_names
        assert order(result.added)[-1:] == ["_crmbook"]
        assert [s for s in order(result.added) if s in sheets] == sheets


def _work(name: str, folder: Path, source: Path, forms: Sequence[str] | None) -> None:
    """The whole of one workbook: forms, typing, refresh, and what other programs make of it."""
    result = run(name, folder, source, forms=forms)
    assert result.refused is None
    theirs = set(result.source.names)
    aside = shared_parts(result.source)
    ours = {n for n in result.typed.names if n not in theirs}
    assert foreign_parts_changed(result.typed, result.after, aside | ours) == []
    _nothing_lost(result.source, result.after)
    book = Workbook(result.after)
    keys, notes = column_of(book, "crm_grading", "客户代码"), column_of(book, "crm_grading", "备注")
    before = Workbook(result.added)
    assert [k for k, n in zip(keys, notes, strict=True) if n == NOTE] == [
        column_of(before, "crm_grading", "客户代码")[2]
    ]
    assert ORDER in column_of(book, "crm_orders", "订单号")
    assert keys[0] == "K004", "the new order did not count"
    assert _in_force(book, "ABC_A") == 0.6
    assert {(f.rule, f.part) for f in lint(result.after)} <= {(f.rule, f.part) for f in lint(result.source)}
    for opens in (_in_openpyxl, _in_calamine):
        if name not in TOO_MUCH_FOR_OPENPYXL and opens(result.source):
            assert opens(result.after), opens.__name__


def _in_force(book: Workbook, setting: str) -> object:
    at = column_of(book, "crm_settings", "公式名称").index(setting)
    return column_of(book, "crm_settings", "生效值")[at]


def _nothing_lost(before: Package, after: Package) -> None:
    for part in shared_parts(before):
        if part in before:
            assert lost(before.read(part), after.read(part)) == [], part


def _in_openpyxl(package: Package) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            load_workbook(BytesIO(package.source))
    except Exception:  # noqa: BLE001  (it fails in many ways, and only that it does counts)
        return False
    return True


def _in_calamine(package: Package) -> bool:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(package.source))
        for sheet in book.sheet_names:
            book.get_sheet_by_name(sheet).to_python()
    except Exception:  # noqa: BLE001  (as above)
        return False
    return True
