"""Pages: figures of other forms on a sheet without a table, cells that are the user's, and the links between sheets."""

import shutil
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from crmbook import book, forms
from crmbook.drawing.draw import draw
from crmbook.feature import HOME, top_of
from crmbook.features import Chart, Field, Fields, Item, Kpi, Kpis, Links, Listing, Picker
from crmbook.form import PAGE_COLUMNS, Form, Given
from crmbook.ooxml import Package, Workbook
from crmbook.plan import Cell, FormPlan, Plan
from crmbook.pour import pour
from crmbook.text import LANGS, Lang, Text
from tests import excel_edits, small_book
from tests.excel_file import ExcelFile
from tests.excel_references import split
from tests.reading import Reading

SHELF = forms.ALL
PICKED = "_crm.probe.pick"
NAME = f'IFERROR(INDEX(customers[name],MATCH({PICKED},customers[customer_id],0)),"")'
SALES = "ROUND(SUM(grading[sales]),2)"


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The customer picked, else the first; the three largest."""
    assert rows.empty
    made = given.made["grading"]
    picked = given.typed.get("probe", {}).get("pick") or given.facts.index[0]
    lines = zip(range(3), made["name"], made["sales"], strict=False)
    return {
        "pick": picked,
        "who.name": given.facts["name"].get(picked, ""),
        "key.sales.value": round(made["sales"].sum(), 2),
        "key.sales.change": 0.5,
        **{f"top.{n}.{id}": value for n, *line in lines for id, value in zip(("name", "sales"), line, strict=True)},
    }


PROBE = Form(
    "probe",
    Text("试验页", "Probe"),
    Text("试一试", "a try"),
    page=(
        ((Picker("pick", Text("客户编号", "Customer"), "customers.customer_id"), 12),),
        ((Kpis("key", (Kpi("sales", Text("销售额", "Sales"), "money", SALES, Text("同比", "on last year"), change=True),)), 24),),
        ((Fields("who", Text("资料", "Who"), (Field("name", Text("名称", "Name"), "text", NAME),)), 24),),
        (
            (Listing("top", Text("前三", "Top"), (Item("name", Text("客户", "Customer"), "text", "INDEX(grading[name],{n})", 2), Item("sales", Text("销售额", "Sales"), "money", "INDEX(grading[sales],{n})")), 3), 11),
            (Chart("top", "column", Text("前三", "Top"), "name", ("sales",), of="top"), 12),
        ),
        ((Links("links"), 24),),
    ),
    cells=cells,
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small book with the page, which stays on the shelf."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as shelf:
        shelf.setenv("CRMBOOK_STATE", str(folder / "state"))
        shelf.setattr(forms, "ALL", (PROBE, *forms.ALL))
        source = small_book.build(folder).parent / "source"
        book.build(folder / "probe.xlsx", source=source, as_of=small_book.TODAY, forms=["probe"])
        yield folder / "probe.xlsx"


@pytest.fixture
def probe(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def place(reading: Reading, name: str) -> tuple[str, str]:
    """The sheet and the address to which a bound cell's name points."""
    sheet, _, address = reading.names[f"_crm.probe.{name}"].rpartition("!")
    return sheet.strip("'"), address.replace("$", "")


def held(path: Path, name: str) -> tuple[object, str | None]:
    """Value and formula of a bound cell."""
    reading = Reading(path)
    sheet, address = place(reading, name)
    cell = reading.sheet(sheet).at(address)
    return cell.value, cell.formula


def test_a_page_brings_the_reports_whose_figures_it_shows_and_no_other(probe: Path) -> None:
    order = Reading(probe).order
    assert order[:2] == ["试验页", "客户分级表"]
    assert "客户链管理表" not in order


def test_its_cells_hold_formulas_over_other_forms_with_their_values(probe: Path) -> None:
    value, formula = held(probe, "key.sales.value")
    assert formula == "ROUND(SUM(crm_grading[销售额]),2)"
    assert value == pytest.approx(sum(Reading(probe).tables["crm_grading"].column_of("销售额", "客户代码").values()))
    assert held(probe, "top.1.name")[1] == "INDEX(crm_grading[客户名称],2)"
    assert held(probe, "who.name") == ("客户K001", NAME.replace("customers[name]", "crm_customers[客户名称]").replace("customers[customer_id]", "crm_customers[客户编号]"))  # fmt: skip
    assert held(probe, "period")[0].startswith("统计期间")
    assert held(probe, "as_of")[0].endswith(str(small_book.TODAY))


def test_a_second_refresh_changes_nothing(probe: Path) -> None:
    assert not book.refresh(probe).wrote


def test_what_the_user_picked_is_read_and_never_written(probe: Path) -> None:
    assert held(probe, "pick") == ("K001", None)
    sheet, address = place(Reading(probe), "pick")
    excel_edits.edit(probe, [{"do": "type_at", "sheet": sheet, "ref": address, "value": "K003"}])
    book.refresh(probe)
    assert held(probe, "pick") == ("K003", None)
    assert held(probe, "who.name")[0] == "客户K003"
    assert not book.refresh(probe).wrote


def test_the_picker_offers_what_stands_in_the_column(probe: Path) -> None:
    reading = Reading(probe)
    sheet, address = place(reading, "pick")
    dropdown = next(e for e in reading.sheet(sheet).root.iter("{*}dataValidation") if e.get("sqref") == address)
    assert reading.values(reading.names[dropdown.findtext("{*}formula1")]) == small_book.CUSTOMERS


def test_what_staff_do_on_a_page_stays_and_its_figures_stay_right(probe: Path) -> None:
    sheet, address = place(Reading(probe), "key.sales.value")
    row = split(address)[1]
    excel_edits.edit(
        probe,
        [
            {"do": "type_at", "sheet": sheet, "ref": "AB3", "value": "我写的"},
            {"do": "type_at", "sheet": sheet, "ref": "AB4", "value": 6.0, "formula": f"{address}*0+6"},
            {"do": "rename_sheet", "old": sheet, "new": "我的首页"},
            {"do": "insert_row", "sheet": "我的首页", "at": 2},
            {"do": "append_row", "table": "crm_orders", "values": {"订单号": "X1", "日期": 46190, "客户编号": "K001", "金额": 5000}},
        ],
    )  # fmt: skip
    file = ExcelFile(probe)
    cell = file.cell("我的首页", f"A{row + 1}")
    cell.set("s", str(excel_edits.filled(file, int(cell.get("s")), "FF99CC")))
    file.save(probe)
    before = Reading(probe).sheet("我的首页")
    was = held(probe, "key.sales.value")[0]
    assert book.refresh(probe).wrote
    after = Reading(probe)
    assert place(after, "key.sales.value") == ("我的首页", f"A{row + 1}")
    assert held(probe, "key.sales.value")[0] == pytest.approx(was + 5000)
    page = after.sheet("我的首页")
    assert after.fill(page.at(f"A{row + 1}")) == "FF99CC"
    assert page.at("AB4").value == "我写的"
    assert page.at("AB5").formula == f"A{row + 1}*0+6"
    ours = {place(after, n.removeprefix("_crm.probe."))[1] for n in after.names if n.startswith("_crm.probe.")}
    changed = {split(a)[::-1] for a in ours}
    assert {at: cell for at, cell in page.cells.items() if at not in changed} == {at: cell for at, cell in before.cells.items() if at not in changed}  # fmt: skip
    assert {at: cell.style for at, cell in page.cells.items()} == {at: cell.style for at, cell in before.cells.items()}
    assert page.merges == before.merges
    assert not book.refresh(probe).wrote


def test_the_chart_on_a_page_shows_the_figures_in_force(probe: Path) -> None:
    reading = Reading(probe)
    (ranges,) = reading.charts("试验页").values()
    values = [reading.sheet("试验页").at(place(reading, f"top.{n}.sales")[1]).value for n in range(3)]
    assert [float(p) for p in ranges[-1].points] == values


@pytest.mark.parametrize("formula", ["SUM(grading[sales])", "_crm.chain.total.net_total*1", '"[x]"&_crm.probe.gone'])
def test_a_formula_over_what_the_book_has_not_is_left_out_and_its_value_stands(formula: str) -> None:
    workbook = Workbook(Package.open(draw([PROBE], "zh")))
    assert pour(workbook, Plan((FormPlan("probe", {}, cells={"who.name": Cell("甲", formula)}),)), {})
    out = BytesIO()
    workbook.package.save(out)
    sheet = load_workbook(BytesIO(out.getvalue()))["试验页"]
    assert sheet[place(Reading(out.getvalue()), "who.name")[1]].value == "甲"


@pytest.mark.office
def test_libreoffice_comes_to_the_same_values(probe: Path) -> None:
    found = book.verify(probe)
    assert found.own
    assert found.differences == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_has_a_link_to_the_first_page_and_that_one_to_all(lang: Lang) -> None:
    reading = Reading(draw(SHELF, lang))
    titles = {f.id: f.title[lang] for f in SHELF}
    for form in SHELF:
        target, _, address = reading.names[top_of(form.id)].rpartition("!")
        assert (target.strip("'"), address) == (titles[form.id], "$A$1")
        links = set(reading.sheet(titles[form.id]).links.values())
        wanted = {top_of(f.id) for f in SHELF if f.id != HOME} if form.id == HOME else {top_of(HOME)}
        assert links == wanted


def test_a_book_without_a_first_page_has_no_links_to_it() -> None:
    grading = next(f for f in SHELF if f.id == "grading")
    reading = Reading(draw([grading], "zh"))
    assert not reading.sheet(grading.title.zh).links


def test_pages_are_one_sheet_of_paper_upright_where_the_user_picks() -> None:
    made = load_workbook(BytesIO(draw([*SHELF, PROBE], "zh")))
    for form in (*(f for f in SHELF if f.page), PROBE):
        sheet = made[form.title.zh]
        upright = any(part.asks for part in form.parts)
        assert sheet.page_setup.orientation == ("portrait" if upright else "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.freeze_panes
        assert not sheet.tables
        first, _, last = sheet.print_area.rpartition("!")[2].replace("$", "").partition(":")
        assert (first, split(last)[0]) == ("A1", PAGE_COLUMNS)
