"""The button: on a workbook as it is built, on one that is there, and what each later run leaves of it."""

import re
import sys
from datetime import timedelta
from importlib.metadata import version

import pytest

from crmbook import book, vba
from crmbook.keep.retiring import retire
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.code_names import name_code
from crmbook.ooxml.form_button import Corner
from crmbook.problems import CannotProceedError
from crmbook.verbs.button import add_button
from crmbook.verbs.macros import CAPTION
from crmbook.verbs.place import free_place
from tests.small_book import TODAY
from tests.vba.reading import PROJECT, bytes_of, modules, plain_book, stored, with_button

DRAWING = "xl/drawings/vmlDrawing1.vml"
OTHER_DAY = TODAY - timedelta(60)


def parts(made: bytes) -> dict[str, bytes]:
    package = Package.open(made)
    return {name: package.read(name) for name in package.names}


def first_page(made: bytes) -> tuple[Workbook, str]:
    workbook = Workbook(Package.open(made))
    return workbook, workbook.sheets[0].part


def test_a_book_built_with_a_button_is_one_built_without_and_the_button(home):
    plain, built = home(), home(ending=".xlsm")
    given = parts(with_button(plain))
    core = "docProps/core.xml"  # says when it was made
    assert {n: d for n, d in parts(built).items() if n != core} == {n: d for n, d in given.items() if n != core}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_button_stands_on_the_title_of_the_first_page_and_covers_no_text(lang, home):
    workbook, part = first_page(with_button(home(lang), lang=lang))
    (drawing,) = workbook.package.related(part, "vmlDrawing")
    vml = workbook.package.read(drawing).decode()
    assert f">{CAPTION[lang]}</font>" in vml
    assert "<x:PrintObject>False</x:PrintObject>" in vml
    left, _, top, _, right, _, bottom, _ = map(int, re.findall("<x:Anchor>(.*?)<", vml)[0].split(","))
    assert (top, bottom) == (0, 0)
    title = [at for at, value in enumerate(workbook.values(workbook.sheets[0].name)[0]) if value]
    assert title == [0, 2]
    assert 18 < left < right < 24


def test_where_no_title_leaves_room_it_stands_beside_everything():
    workbook = Workbook(Package.open(plain_book("x" * 31)))
    sheet = workbook.sheets[0]
    full = workbook.sheet_part(sheet)
    for row in (1, 2, 9):
        for column in (1, 2, 7):
            full.put(row, column, ' t="inlineStr"><is><t>full of text, all of it</t></is></c>')
    workbook.package.write(sheet.part, full.text())
    top_left, bottom_right = free_place(workbook, sheet, "Refresh")
    assert (top_left, bottom_right.column, bottom_right.row) == (Corner(7, 16, 0, 2), 8, 0)


def test_a_refresh_keeps_the_macros_byte_for_byte(home, tmp_path):
    path = tmp_path / "带 按钮=1.xlsm"
    path.write_bytes(home("zh", ".xlsm"))
    assert not book.refresh(path).wrote
    before = stored(path.read_bytes())
    outcome = book.refresh(path, as_of=OTHER_DAY)
    assert outcome.wrote
    after = stored(path.read_bytes())
    kept = {PROJECT, DRAWING, *(n for n in before if n not in outcome.proof.rewritten)}
    assert {n: after[n] for n in kept} == {n: before[n] for n in kept}
    assert b'codeName="Sheet1"' in Package.open(path).read("xl/worksheets/sheet1.xml")
    assert book.check(path).problems == []
    book.undo(path)
    assert stored(path.read_bytes()) == before


def test_a_workbook_gets_the_button_and_the_old_file_makes_room(home, tmp_path):
    path = tmp_path / "客户.xlsx"
    path.write_bytes(home())
    added = add_button(path)
    assert (added.book, added.replaced, added.wrote, added.lang) == (path.with_suffix(".xlsm"), path, True, "zh")
    assert not path.exists()
    assert not book.refresh(added.book).wrote
    assert set(added.proof.added) == {PROJECT, DRAWING, f"xl/worksheets/sheet{_sheets(home()) + 1}.xml"}
    assert book.undo(path).beside == added.book
    assert path.read_bytes() == home()


def test_a_link_is_not_left_pointing_nowhere(home, tmp_path):
    path, link = tmp_path / "客户.xlsx", tmp_path / "link.xlsx"
    path.write_bytes(home())
    link.symlink_to(path)
    refused(link, "客户.xlsx")
    assert link.resolve() == path


def _sheets(made: bytes) -> int:
    return len(Workbook(Package.open(made)).sheets)


def test_twice_is_once(home, tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(before := with_button(home("en"), lang="en"))
    added = add_button(path)
    assert (added.book, added.replaced, added.wrote, added.lang) == (path, None, False, "en")
    assert path.read_bytes() == before


def test_an_xlsm_without_macros_gets_them_in_place(home, tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(home())
    assert add_button(path).wrote
    assert "RefreshBook" in modules(Package.open(path).read(PROJECT))["crmbook"]
    assert not book.refresh(path).wrote
    book.undo(path)
    assert path.read_bytes() == home()


def with_macros(made: bytes, change) -> bytes:
    """The workbook with its macros, name → source, changed by a function; those of sheets by their code names."""
    package = Package.open(made)
    sources = {n: m.source for n, m in vba.modules(package.read(PROJECT)).items()}
    kinds = {n.name: n.kind for n in name_code(package, ["crmbook", "xlwings", "Dictionary"])}
    change(sources)
    package.write(PROJECT, vba.project([vba.Module(n, kinds[n], t) if n in kinds else vba.Module(n, "class" if "VB_Base" in t else "standard", t) for n, t in sources.items()]))  # fmt: skip
    return bytes_of(package)


def older(sources: dict[str, str]) -> None:
    sources["xlwings"] = sources["xlwings"].replace(version("xlwings"), "0.30.1")


def test_macros_of_the_users_are_left_alone(home, tmp_path):
    def theirs(sources):
        for name in ("crmbook", "xlwings", "Dictionary"):
            del sources[name]
        sources["Module1"] = "Public Sub RefreshBook()\nEnd Sub"

    path = tmp_path / "book.xlsm"
    path.write_bytes(with_macros(home(ending=".xlsm"), theirs))
    refused(path, "crmbook addin install")
    package = Package.open(path)
    package.write(PROJECT, b"locked by somebody")
    path.write_bytes(bytes_of(package))
    refused(path, "crmbook addin install")


def test_a_button_of_an_older_xlwings_is_renewed(home, tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(with_macros(home(ending=".xlsm"), older))
    assert "0.30.1" in modules(Package.open(path).read(PROJECT))["xlwings"]
    assert add_button(path).proof.rewritten == (PROJECT,)
    assert Package.open(path).read(PROJECT) == Package.open(home(ending=".xlsm")).read(PROJECT)
    assert not add_button(path).wrote


@pytest.mark.parametrize(("module", "source"), [("Mine", "Sub Mine()\nEnd Sub"), ("Sheet2", "Sub Mine()\nEnd Sub")])
def test_beside_macros_of_the_users_it_is_not(module, source, home, tmp_path):
    def change(sources):
        older(sources)
        sources[module] = source

    path = tmp_path / "book.xlsm"
    path.write_bytes(before := with_macros(home(ending=".xlsm"), change))
    assert not add_button(path).wrote
    assert path.read_bytes() == before


def test_a_button_that_was_deleted_is_put_back(home, tmp_path):
    path = tmp_path / "book.xlsm"
    package = Package.open(home(ending=".xlsm"))
    vml = package.read(DRAWING)
    package.write(DRAWING, re.sub(rb"<v:shape .*</v:shape>", b"", vml))
    path.write_bytes(bytes_of(package))
    assert add_button(path).proof.rewritten == (DRAWING,)
    assert Package.open(path).read(DRAWING) == vml


def refused(path, *words: str) -> None:
    """Nothing is written, and both languages say what to do."""
    there = {p: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}
    with pytest.raises(CannotProceedError) as stopped:
        add_button(path)
    problem = stopped.value.problem
    assert all(word in problem.line("zh") and word in problem.line("en") for word in words), problem.line("en")
    assert {p: p.read_bytes() for p in path.parent.iterdir() if p.is_file()} == there


def test_a_book_that_is_there_is_not_overwritten(home, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    path.with_suffix(".xlsm").write_bytes(b"mine")
    refused(path, "book.xlsm")


def test_what_is_no_book_of_ours_and_what_is_locked(home, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(plain_book("一"))
    refused(path, "crm_customers")
    package = Package.open(home())
    xml = package.read(package.workbook)
    package.write(
        package.workbook, xml.replace(b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>', 1)
    )
    path.write_bytes(bytes_of(package))
    refused(path, "book.xlsx")
    path.write_bytes(home())
    (tmp_path / "~$book.xlsx").write_bytes(b"\x02me")
    refused(path, "Excel")
    (tmp_path / "book.csv").write_bytes(home())
    refused(tmp_path / "book.csv", ".xlsm")


def test_an_old_file_that_cannot_be_kept_stays_and_the_new_one_goes(home, tmp_path, state):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    state.mkdir()
    (state / "backups").write_bytes(b"in the way")
    refused(path, "CRMBOOK_STATE")


def test_a_file_that_moved_on_is_not_taken_away(home, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    with pytest.raises(CannotProceedError):
        retire(path, b"what it held before")
    assert path.read_bytes() == home()


def test_without_xlwings_a_button_is_refused_at_once(home, tmp_path, monkeypatch):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    monkeypatch.setattr(sys, "path", [p for p in sys.path if "site-packages" not in p])
    monkeypatch.delitem(sys.modules, "xlwings", raising=False)
    refused(path, 'pip install "crmbook[excel]"')
    with pytest.raises(CannotProceedError, match="pip install"):
        book.build(tmp_path / "new.xlsm")
    assert not (tmp_path / "new.xlsm").exists()


@pytest.mark.sdk
def test_the_open_xml_sdk_finds_nothing(home, tmp_path, sdk):
    path = tmp_path / "book.xlsm"
    path.write_bytes(home("zh", ".xlsm"))
    assert sdk(path) == set()
