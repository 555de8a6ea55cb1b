"""Pours into books of every origin: freshly drawn, saved by LibreOffice, made up by chance, and real ones."""

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table as OpenpyxlTable

from crmbook import office
from crmbook.binding import Standing
from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.lint import new_findings
from crmbook.plan import Cell, FormPlan, Plan, Written
from crmbook.pour import pour
from tests.handmade import PARTS, SHEET, cell, opened, package, saved
from tests.pour.grading import GROWN, ONE, SHARE, TWO, poured, row_of, text


def fresh() -> bytes:
    """What openpyxl draws: a header and one blank row, a chart without caches."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "订单 1"
    for column, header in enumerate(("编号", "日期", "金额"), 1):
        sheet.cell(2, column, header)
        sheet.cell(3, column).number_format = "yyyy-mm-dd" if column == 2 else "0.00"
    sheet.add_table(OpenpyxlTable(displayName="crm_orders", ref="A2:C3"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=2, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=3))
    sheet.add_chart(chart, "F2")
    book.defined_names["_crm.orders.n"] = DefinedName("_crm.orders.n", attr_text="'订单 1'!$A$1", hidden=True)
    book.create_sheet("own")["A1"] = "=SUM('订单 1'!C3:C3)"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def fill(data: bytes) -> tuple[Package, bool]:
    workbook = Workbook(Package.open(data))
    table = workbook.tables["crm_orders"]
    standing = Standing("orders", table.sheet.name, table, {"id": 1, "day": 2, "amount": 3}, (), table.last_row)
    columns = {
        "id": Written(["001", "=1+1", "a&b <c>\n_x0041_"]),
        "day": Written([datetime(2026, 1, 31), None, datetime(2026, 2, 1, 12)]),
        "amount": Written([0.1, float("nan"), True]),
    }
    source = [-1, -1, -1] if table.last_row == 3 else None
    changed = pour(workbook, Plan((FormPlan("orders", columns, source, cells={"n": Cell(3)}),)), {"orders": standing})
    return workbook.package, changed


def test_a_freshly_drawn_book_is_filled_and_opens():
    book, changed = fill(fresh())
    assert changed
    assert not new_findings(book)
    out = BytesIO()
    book.save(out)
    sheet = openpyxl.load_workbook(out)["订单 1"]
    assert [[c.value for c in row] for row in sheet["A3:C5"]] == [
        ["001", datetime(2026, 1, 31), 0.1],
        ["=1+1", None, None],
        ["a&b <c>\n_x005F_x0041_", datetime(2026, 2, 1, 12), True],
    ]
    assert sheet["A4"].data_type == "s" or sheet["A4"].data_type == "inlineStr"
    assert sheet["A1"].value == 3
    assert [[c.number_format for c in row] for row in sheet["A3:C5"]] == [["0.00", "yyyy-mm-dd", "0.00"]] * 3
    chart = next(book.read(n).decode() for n in book.names if "charts/chart" in n)
    assert re.findall("<f>(.*?)</f>", chart) == ["'订单 1'!C2", "'订单 1'!$A$3:$A$5", "'订单 1'!$C$3:$C$5"]
    assert "<cat><strRef>" in chart
    assert "SUM('订单 1'!C3:C5)" in openpyxl.load_workbook(out)["own"]["A1"].value
    assert fill(out.getvalue())[1] is False


@pytest.mark.office
def test_a_book_saved_by_libreoffice_settles_after_one_pour(tmp_path: Path, grown: Package):
    again = replace(GROWN, source=[0, 1, 2, 3, 4])
    (tmp_path / "book.xlsx").write_bytes(grown.source)
    (made,) = office.convert(tmp_path / "book.xlsx", [tmp_path / "book.xlsx"], "xlsx", tmp_path / "out", anew=False)
    workbook, standings = opened(made.read_bytes())
    assert pour(workbook, Plan((again,)), standings)
    assert workbook.package.changed == {"xl/workbook.xml", "xl/tables/table1.xml"}
    assert b"<calculatedColumnFormula>" in workbook.package.read("xl/tables/table1.xml")
    assert not new_findings(workbook.package)
    workbook, standings = opened(saved(workbook))
    assert not pour(workbook, Plan((again,)), standings)


@st.composite
def plans(draw: st.DrawFn) -> FormPlan:
    """Some of the three customers, in any order, among new ones; one that is left out is kept below, as a plan does."""
    order = draw(st.permutations([0, 1, 2]))
    new = draw(st.integers(0, 6))
    source = draw(st.permutations([*order, *[-1] * new]))
    values = [float(n) for n in draw(st.permutations(range(len(source))))]
    total = sum(values) or 1.0
    columns = {
        "no": Written(range(1, len(source) + 1)),
        "customer_id": Written([["A01", "B02", "C03"][s] if s >= 0 else f"N{i}" for i, s in enumerate(source)]),
        "sales": Written(values),
        "share": Written([v / total for v in values], SHARE),
    }
    return FormPlan("grading", columns, source, cells={"total.sales": Cell(sum(values), "SUBTOTAL(109,[sales])")})


@settings(max_examples=40, deadline=None)
@given(plans(), st.integers(0, 5))
def test_whatever_the_plan_what_is_the_users_is_where_it_belongs(plan: FormPlan, gap: int):
    """`gap`: how many rows stand free between the table and what comes below."""
    below = f'<row r="{8 + gap}"><c r="A{8 + gap}" t="inlineStr"><is><t>mine</t></is></c><c r="B{8 + gap}"><f>SUM(C5:C7)+A{8 + gap}</f><v>0</v></c></row>'
    start, end = PARTS[ONE].index('<row r="10"'), PARTS[ONE].index("</sheetData>")
    data = package({ONE: (PARTS[ONE][start:end], below)})
    book = poured(data, plan)
    typed = {0: "<v>9</v></c>", 1: "<v>13</v></c>", 2: "/>", -1: "/>"}
    last = 4 + len(plan.source)
    for i, source in enumerate(plan.source):
        row = 5 + i
        assert cell(book, ONE, f"F{row}").endswith(typed[source])
        assert f"<f>C{row}*2</f>" in cell(book, ONE, f"E{row}") or 't="shared"' in cell(book, ONE, f"E{row}")
    assert 'ht="33"' in row_of(book, 5 + plan.source.index(1))
    comment = re.search('<comment ref="(F[0-9]+)"', text(book, "xl/comments1.xml"))
    assert comment is not None
    assert comment[1] == f"F{5 + plan.source.index(0)}"
    assert f'<hyperlink ref="B{5 + plan.source.index(1)}"' in text(book, ONE)
    assert "<f>C6+1</f>" in cell(book, ONE, "I6")
    next_below = min(8 + gap, 10)  # a comment and a merged cell stand on row 10
    free = max(next_below - 9, 0)  # one row stays free
    at = 8 + gap + max(last - 7 - free, 0)
    assert "mine" in cell(book, ONE, f"A{at}")
    assert f"<f>SUM(C5:C{last})+A{at}</f>" in cell(book, ONE, f"B{at}")
    assert f"SUM({SHEET}!C5:C{last})" in text(book, TWO)
    workbook, standings = opened(book.source)
    assert not pour(workbook, Plan((replace(plan, source=range(len(plan.source))),)), standings)


@pytest.mark.reference
def test_the_tables_of_real_books_can_be_turned_over_and_grown(reference: Path):
    """Every table of the corpus: rows in the opposite order and three new ones; then Excel would repair nothing."""
    count = 0
    for path in sorted((reference.parent / "corpus").glob("*.xls*")):
        try:
            names = list(Workbook(Package.open(path)).tables)
        except RefusedError:
            continue
        for name in names:
            workbook = Workbook(Package.open(path))
            table = workbook.tables[name]
            rows = range(table.last_row - table.first_row + 1)
            everyone = tuple(range(table.first_col, table.last_col + 1))
            standing = Standing("x", table.sheet.name, table, {}, everyone, table.last_row)
            plan = FormPlan("x", {}, [*reversed(rows), -1, -1, -1])
            before = [row[table.first_col - 1 : table.last_col] for row in workbook.values(table.sheet.name)]
            assert pour(workbook, Plan((plan,)), {"x": standing}), path.name
            assert not new_findings(workbook.package), path.name
            again = Workbook(Package.open(saved(workbook)))
            grown = again.tables[name]
            assert grown.last_row == table.last_row + 3, path.name
            after = [row[table.first_col - 1 : table.last_col] for row in again.values(table.sheet.name)]
            first, last = table.first_row - 1, table.last_row
            turned = list(reversed(before[first:last] + [[]] * (last - len(before))))
            assert [r for r in after[first:last] if any(r)] == [r for r in turned if any(r)], path.name
            still = FormPlan("x", {}, range(len(plan.source)))
            standing = replace(standing, table=grown, last_row=grown.last_row)
            assert not pour(again, Plan((still,)), {"x": standing}), path.name
            count += 1
    assert count > 8
