"""A refresh keeps the user's work: the sample book, edited in Excel and in LibreOffice, after new orders have come in."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from crmbook import book
from tests import excel_edits, libreoffice_edits
from tests.excel_references import column_letters
from tests.reading import Reading, Table, stored
from tests.staff import (
    CHAIN,
    CUSTOMERS,
    DOUBLE,
    GRADING,
    KEY,
    NEW_AMOUNTS,
    NEW_CUSTOMER,
    NEW_NAME,
    ORDERS,
    OUR_PLAN,
    OWN_SHEET,
    POINTS,
    RENAMED,
    RETURNED,
    Staff,
    png,
)  # fmt: skip

# A refresh may write a part of these; every other part keeps its compressed bytes.
OURS = re.compile(
    r"\[Content_Types\].xml|xl/workbook.xml|xl/_rels/workbook.xml.rels|xl/calcChain.xml|xl/charts/chart\d+.xml"
)


@dataclass
class Refreshed:
    """The book as built, as the staff left it, and as the refresh left it."""

    staff: Staff
    program: str
    path: Path
    edited_bytes: bytes
    once: bytes
    wrote: tuple[bool, bool]  # the first refresh, the second
    second: bytes
    edited: Reading
    after: Reading

    @property
    def before(self) -> Reading:
        return self.staff.book

    def tables(self, name: str) -> tuple[Table, Table]:
        return self.edited.tables[name], self.after.tables[name]


@pytest.fixture(scope="module", params=["excel", pytest.param("libreoffice", marks=pytest.mark.office)])
def refreshed(request: pytest.FixtureRequest, built: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory) -> Refreshed:  # fmt: skip
    folder = tmp_path_factory.mktemp(request.param)
    source, path = folder / "as built.xlsx", folder / "客户管理.xlsx"
    source.write_bytes(built("zh"))
    staff = Staff(Reading(source))
    if request.param == "excel":
        excel_edits.edit(source, [*staff.edits(), *staff.in_excel()], path)
    else:
        libreoffice_edits.edit(source, staff.edits(), path, folder / "profile")
    edited = path.read_bytes()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        first = book.refresh(path)
        once = path.read_bytes()
        again = book.refresh(path)
    return Refreshed(staff, request.param, path, edited, once, (first.wrote, again.wrote), path.read_bytes(), Reading(edited), Reading(once))  # fmt: skip


def test_the_refresh_took_in_the_new_orders(refreshed: Refreshed):
    sales = refreshed.after.tables[GRADING].column_of(RENAMED, KEY[GRADING])
    was = refreshed.before.tables[GRADING].column_of("销售额", KEY[GRADING])
    assert sales[NEW_CUSTOMER,] == pytest.approx(sum(NEW_AMOUNTS), abs=0.005)
    first = (refreshed.staff.first,)
    assert sales[first] == pytest.approx(was[first] + RETURNED, abs=0.005)
    unchanged = set(was) - {first}
    assert {k: sales[k] for k in unchanged} == {k: was[k] for k in unchanged}


def test_the_rows_stand_in_their_new_order(refreshed: Refreshed):
    keys = list(refreshed.after.tables[GRADING].keys(KEY[GRADING]))
    was = list(refreshed.before.tables[GRADING].keys(KEY[GRADING]))
    assert keys[0] == (NEW_CUSTOMER,)
    assert [k for k in keys if k not in {keys[0], (refreshed.staff.first,)}] == [k for k in was if k != (refreshed.staff.first,)]  # fmt: skip
    assert keys.index((refreshed.staff.first,)) > 1


def header(table: str, name: str) -> str:
    """The header as the staff renamed it."""
    return {(GRADING, "销售额"): RENAMED, (CHAIN, "管理策略"): OUR_PLAN}.get((table, name), name)


@pytest.mark.parametrize("table", [GRADING, CHAIN])
def test_what_was_typed_stands_beside_its_customer_and_nowhere_else(refreshed: Refreshed, table: str):
    after = refreshed.after.tables[table]
    asked = {"核定等级", "调整理由", "管理策略", "备注"} & {"管理策略" if h == OUR_PLAN else h for h in after.headers}
    found = {
        (key, column): value
        for column in asked
        for (key,), value in after.column_of(header(table, column), KEY[table]).items()
        if value is not None
    }
    assert found == refreshed.staff.notes[table]


def test_openpyxl_and_calamine_read_the_same_notes(refreshed: Refreshed):
    sheet = refreshed.after.tables[GRADING].sheet.name
    at = {h: refreshed.after.tables[GRADING].column(h) - 1 for h in (KEY[GRADING], "备注", "调整理由")}
    wanted = {(k, c): v for (k, c), v in refreshed.staff.notes[GRADING].items() if c in at}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl says that it cannot keep Excel's extensions
        second = list(openpyxl.load_workbook(BytesIO(refreshed.once))[sheet].iter_rows(values_only=True))
    third = CalamineWorkbook.from_filelike(BytesIO(refreshed.once)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)  # fmt: skip
    for grid in (second, third):
        found = {(row[at[KEY[GRADING]]], c): row[i] for row in grid for c, i in at.items() if c != KEY[GRADING] and len(row) > i}  # fmt: skip
        assert {k: v for k, v in found.items() if k in wanted} == wanted


@pytest.mark.parametrize("table", [GRADING, CHAIN])
def test_colours_move_with_their_row_and_all_other_formats_stay(refreshed: Refreshed, table: str):
    edited, after = refreshed.tables(table)
    was, now = edited.keys(KEY[table]), after.keys(KEY[table])
    assert edited.headers == after.headers
    for key, row in was.items():
        for name in edited.headers:
            old, new = edited.cell(row, name), after.cell(now[key], name)
            assert refreshed.after.style(new) == refreshed.edited.style(old), (key, name)
    filled = {
        k for (k,), row in now.items() if refreshed.after.fill(after.cell(row, "客户名称")) in {"FFC000", "92D050"}
    }
    assert filled == set(refreshed.staff.colours[table])


@pytest.mark.parametrize("table", [GRADING, CHAIN])
def test_heights_and_notes_on_cells_move_with_their_row(refreshed: Refreshed, table: str):
    edited, after = refreshed.tables(table)
    rows = after.keys(KEY[table])
    heights = {k: edited.sheet.heights.get(row) for k, row in edited.keys(KEY[table]).items()}
    assert {k: after.sheet.heights.get(rows[k]) for k in heights} == heights
    wanted = {(rows[k,], after.column("客户名称")): said for k, said in refreshed.staff.comments[table].items()}
    assert {at: text.rpartition("李敏:\n")[2] for at, text in after.sheet.comments.items()} == wanted
    assert after.sheet.note_boxes == set(wanted)


def test_the_column_the_staff_inserted_keeps_its_values_with_their_customers(refreshed: Refreshed):
    points = refreshed.after.tables[GRADING].column_of(POINTS, KEY[GRADING])
    assert {k: v for (k,), v in points.items() if v is not None} == refreshed.staff.points


def test_the_column_of_formulas_means_the_same_on_every_row(refreshed: Refreshed):
    after = refreshed.after.tables[CHAIN]
    bought = column_letters(after.column("累计购买额"))
    for key, row in after.keys(KEY[CHAIN]).items():
        formula = after.cell(row, DOUBLE).formula
        if key == (NEW_CUSTOMER,) and refreshed.program == "libreoffice":
            continue  # LibreOffice keeps no formula for a table's column, so a new row has none to take
        assert formula in {f"{CHAIN}[[#This Row],[累计购买额]]*2", f"{bought}{row}*2"}, key


def test_the_staffs_own_formulas_are_calculated_anew_when_the_book_is_opened(refreshed: Refreshed):
    assert b'fullCalcOnLoad="1"' in refreshed.after.parts[refreshed.after.workbook]


def test_a_renamed_header_stays_and_our_formulas_speak_of_it(refreshed: Refreshed):
    after = refreshed.after.tables[GRADING]
    assert RENAMED in after.headers
    assert OUR_PLAN in refreshed.after.tables[CHAIN].headers
    top = after.sheet.cells[after.rows[0] - 1, after.column(RENAMED)]
    assert top.value == RENAMED
    shares = {re.sub(r"\[\[([^\[\]#@]+)\]\](?!,)", r"[\1]", after.cell(row, "占比").formula) for row in after.rows}
    assert len(shares) == 1
    formula = shares.pop()
    assert f"[{RENAMED}]" in formula
    assert "[销售额]" not in formula


def test_the_sheets_keep_the_order_the_staff_gave_them(refreshed: Refreshed):
    assert refreshed.after.order == refreshed.edited.order
    assert refreshed.after.order.index("客户链管理表") < refreshed.after.order.index("客户分级表")
    assert refreshed.after.order[-1] == OWN_SHEET


def test_the_staffs_own_chart_covers_the_new_rows_with_right_values(refreshed: Refreshed):
    (ranges,) = refreshed.after.charts(OWN_SHEET).values()
    by_column = {r.formula.rpartition("!")[2]: r for r in ranges}
    table = refreshed.after.tables[GRADING]
    names = by_column[refreshed.after.column_name(GRADING, "客户名称")]
    sales = by_column[refreshed.after.column_name(GRADING, RENAMED)]
    assert names.points == tuple(table.cell(row, "客户名称").value for row in table.rows)
    assert [float(p) for p in sales.points] == [table.cell(row, RENAMED).value for row in table.rows]
    assert NEW_NAME in names.points


def number(value: object) -> object:
    """A point of a chart, or the cell it shows: a number rounded to what both keep, a text, or nothing."""
    try:
        return round(float(str(value)), 6)
    except ValueError:
        return value or None


def test_every_chart_of_ours_covers_what_its_range_holds(refreshed: Refreshed):
    seen = 0
    for sheet in refreshed.after.order:
        for ranges in refreshed.after.charts(sheet).values():
            for said in ranges:
                assert list(map(number, said.points)) == list(map(number, refreshed.after.values(said.formula))), (
                    said.formula
                )
                seen += 1
    assert seen > 4


def test_the_staffs_own_sheet_keeps_its_cells_and_its_plain_range_covers_the_new_rows(refreshed: Refreshed):
    was, now = refreshed.edited.sheet(OWN_SHEET), refreshed.after.sheet(OWN_SHEET)
    area = refreshed.after.column_name(GRADING, RENAMED)
    for at, cell in was.cells.items():
        if cell.formula is None:
            assert now.cells[at] == cell
        elif "!" in cell.formula:
            assert now.cells[at].formula == re.sub(r"!.*\)", f"!{area})", cell.formula)
        else:
            assert now.cells[at].formula == cell.formula
    assert now.at("B1").formula == f"SUM({GRADING}[{RENAMED}])"


def test_filter_and_hidden_column_stay(refreshed: Refreshed):
    after = refreshed.after.tables[CUSTOMERS]
    chosen = re.compile(rb"<(?:\w+:)?filter .*?/>")
    was, now = (r.parts[part_of(r, CUSTOMERS)] for r in (refreshed.edited, refreshed.after))
    assert chosen.findall(was) == chosen.findall(now) != []
    shown = {k for k, row in after.keys(KEY[CUSTOMERS]).items() if row not in after.sheet.hidden_rows}
    assert shown == {k for k, v in after.column_of("区域", KEY[CUSTOMERS]).items() if v in {"华东", "华南"}}
    grading = refreshed.after.tables[GRADING]
    assert grading.column("付款信用") in grading.sheet.hidden_columns


def part_of(reading: Reading, table: str) -> str:
    """The part in which a table is described."""
    related = reading.related(reading.tables[table].sheet.part)
    return next(t for _, kind, t in related if kind == "table" and table.encode() in reading.parts[t])


def test_every_part_that_is_not_ours_keeps_its_compressed_bytes(refreshed: Refreshed):
    was, now = stored(refreshed.edited_bytes), stored(refreshed.once)
    ours = {n for n in was if OURS.fullmatch(n)}
    for table in refreshed.edited.tables.values():
        ours |= {table.sheet.part, *(t for _, kind, t in refreshed.edited.related(table.sheet.part) if kind in {"table", "comments", "vmlDrawing", "drawing"})}  # fmt: skip
    pages = {of.split("!")[0].strip("'") for name, of in refreshed.edited.names.items() if name.endswith(".as_of")}
    ours |= {refreshed.edited.sheet(page).part for page in pages}
    ours.add(refreshed.edited.sheet(OWN_SHEET).part)  # its plain range grew
    changed = {n for n in was if was[n] != now.get(n)}
    assert changed <= ours, changed - ours
    assert [n for n in was if n in now] == list(now)
    pictures = [n for n in was if n.startswith("xl/media/")]
    assert any(refreshed.after.parts[n] == png() for n in pictures)


def test_a_second_refresh_does_not_write(refreshed: Refreshed):
    assert refreshed.wrote == (True, False)
    assert refreshed.second == refreshed.once


def test_the_orders_typed_in_stand_as_typed(refreshed: Refreshed):
    after = refreshed.after.tables[ORDERS]
    amounts = after.column_of("金额", "订单号", "行号")
    assert [amounts[f"SO20261030-9{n}", 1.0] for n in (0, 1, 2, 9)] == [*NEW_AMOUNTS, RETURNED]


@pytest.mark.office
def test_every_formula_of_ours_comes_to_the_value_beside_it(refreshed: Refreshed):
    verified = book.verify(refreshed.path)
    assert verified.own > 10_000
    assert verified.differences == []


@pytest.mark.parametrize("refreshed", ["excel"], indirect=True)
def test_links_bars_and_dropdowns_of_their_own_stay_over_the_rows(refreshed: Refreshed):
    table = refreshed.after.tables[GRADING]
    row = table.keys(KEY[GRADING])[refreshed.staff.first,]
    assert table.sheet.links[row, table.column("客户名称")] == "https://example.com/first"
    bars = refreshed.after.column_name(GRADING, "利润贡献").replace("$", "")
    assert table.sheet.ranges("conditionalFormatting").count(bars) >= 2  # 2007's and 2010's
    assert refreshed.after.column_name(GRADING, POINTS).replace("$", "") in table.sheet.ranges("dataValidation")
