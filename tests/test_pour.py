"""A plan poured into a closed workbook: ours is written, theirs goes along, everything else stays as it is."""

import re
import subprocess
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

from crmbook.binding import Standing
from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.lint import new_findings
from crmbook.plan import Cell, FormPlan, Plan, Written
from crmbook.pour import annotated, pour
from crmbook.problems import CannotProceedError
from tests.handmade import PARTS, SHEET, cell, opened, package, saved

SHARE = "[@sales]/SUM([sales])"
ONE, TWO, THREE = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
PRESENT = FormPlan(
    "grading",
    {
        "no": Written([1, 2, 3]),
        "customer_id": Written(["A01", "B02", "C03"]),
        "sales": Written([30, 20, 10]),
        "share": Written([0.5, 1 / 3, 1 / 6], SHARE),
    },
    [0, 1, 2],
    cells={"total.sales": Cell(60, "SUBTOTAL(109,[sales])")},
)
# C03 has overtaken the others, N1 and N2 are new.
GROWN = FormPlan(
    "grading",
    {
        "no": Written([1, 2, 3, 4, 5]),
        "customer_id": Written(["C03", "N1", "A01", "B02", "N2"]),
        "sales": Written([50.0, 40.0, 30.0, 20.0, 10.0]),
        "share": Written([50 / 150, 40 / 150, 30 / 150, 20 / 150, 10 / 150], SHARE),
    },
    [2, -1, 0, 1, -1],
    cells={"total.sales": Cell(150, "SUBTOTAL(109,[sales])")},
)


def poured(data: bytes, plan: FormPlan) -> Package:
    """The package after one pour, saved and opened again; Excel would find nothing new to repair in it."""
    workbook, standings = opened(data)
    assert pour(workbook, Plan((plan,)), standings)
    assert not new_findings(workbook.package)
    return Package.open(saved(workbook))


@pytest.fixture(scope="module")
def grown() -> Package:
    return poured(package(), GROWN)


def text(book: Package, part: str) -> str:
    return book.read(part).decode()


def row_of(book: Package, number: int) -> str:
    found = re.search(rf'<row r="{number}"[^>]*>', text(book, ONE))
    return found[0] if found else ""


def test_a_plan_that_says_what_already_stands_there_changes_nothing():
    workbook, standings = opened(package())
    assert not pour(workbook, Plan((PRESENT,)), standings)
    assert workbook.package.changed == set()


def test_pouring_the_same_plan_again_changes_nothing(grown: Package):
    workbook, standings = opened(grown.source)
    assert not pour(workbook, Plan((replace(GROWN, source=[0, 1, 2, 3, 4]),)), standings)
    assert workbook.package.changed == set()


def test_a_blank_row_that_the_sheet_does_not_hold_is_no_change():
    start, end = PARTS[ONE].index('<row r="7"'), PARTS[ONE].index('<row r="10"')
    data = package({ONE: (PARTS[ONE][start:end], "")})
    columns = {"no": Written([1, 2, None]), "sales": Written([30, 20, None])}
    workbook, standings = opened(data)
    assert not pour(workbook, Plan((FormPlan("grading", columns, [0, 1, 2]),)), standings)


def test_a_blank_row_that_changes_its_place_leaves_no_trace():
    start, end = PARTS[ONE].index('<row r="7"'), PARTS[ONE].index('<row r="10"')
    book = poured(package({ONE: (PARTS[ONE][start:end], '<row r="7"/>')}), FormPlan("grading", {}, [2, 1, 0]))
    numbers = re.findall('<row r="([0-9]+)"', text(book, ONE))
    assert numbers == ["3", "4", "6", "7", "10", "13"]


def test_one_changed_value_rewrites_that_row_and_nothing_else():
    changed = {**PRESENT.columns, "no": Written([1, 2, 99])}
    book = poured(package(), replace(PRESENT, columns=changed))
    before = PARTS[ONE].split("<row ")
    after = text(book, ONE).split("<row ")
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [5]
    assert cell(book, ONE, "A7") == '<c r="A7"><v>99</v></c>'
    assert text(book, "xl/tables/table1.xml") == PARTS["xl/tables/table1.xml"]
    assert "xl/calcChain.xml" in book


def test_what_was_typed_goes_with_its_row(grown: Package):
    assert "<v>9</v>" in cell(grown, ONE, "F7")
    assert "<v>13</v>" in cell(grown, ONE, "F8")
    assert cell(grown, ONE, "F6") == '<c r="F6" s="4"/>'


def test_colours_and_heights_go_with_their_row_in_our_columns_too(grown: Package):
    assert all(f' s="{s}"' in cell(grown, ONE, ref) for ref, s in (("A8", 5), ("C8", 6), ("D8", 6)))
    assert 'ht="33" customHeight="1"' in row_of(grown, 8)
    assert "ht=" not in row_of(grown, 6)


def test_a_new_row_looks_like_the_others(grown: Package):
    assert cell(grown, ONE, "C9") == '<c r="C9" s="2"><v>10.0</v></c>'


def test_our_formulas_stand_in_every_row_beside_their_value(grown: Package):
    formula = "<f>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</f>"
    assert [formula in cell(grown, ONE, f"D{r}") for r in range(5, 10)] == [True] * 5
    assert "<v>0.2</v>" in cell(grown, ONE, "D7")


def test_a_formula_of_the_users_own_moves_as_in_a_sort_and_fills_new_rows(grown: Package):
    formulas = [re.search("<f>(.*)</f>", cell(grown, ONE, f"E{r}")) for r in range(5, 10)]
    assert [f and f[1] for f in formulas] == ["C5*2", "C6*2", "C7*2", "C8*2", "C9*2"]


def test_what_stands_beside_the_table_stays_in_its_row(grown: Package):
    assert "<v>11</v>" in cell(grown, ONE, "H6")
    assert "<f>C6+1</f>" in cell(grown, ONE, "I6")


def test_what_stands_below_is_pushed_down_and_never_overwritten(grown: Package):
    """One of the two blank rows under the table is taken, one stays before what comes next: two new rows push by one."""
    assert "<v>10</v>" in cell(grown, ONE, "A11")
    assert "<f>SUM(C5:C9)+D14</f>" in cell(grown, ONE, "D11")
    assert 'ht="21"' in row_of(grown, 11)
    sheet = text(grown, ONE)
    assert '<mergeCell ref="A11:C11"/>' in sheet
    assert 'sqref="D14 A11"' in sheet
    assert "<formula>$D14&gt;0</formula>" in sheet
    assert '<brk id="12"' in sheet


def test_formats_validations_and_their_extensions_cover_the_new_rows(grown: Package):
    sheet = text(grown, ONE)
    assert '<conditionalFormatting sqref="C5:C9">' in sheet
    assert "<formula>C5=MAX($C$5:$C$9)</formula>" in sheet
    assert 'sqref="F5:F9"' in sheet
    assert "<xm:sqref>D5:D9</xm:sqref>" in sheet


def test_comments_threads_boxes_and_links_go_with_their_row(grown: Package):
    comments = text(grown, "xl/comments1.xml")
    assert re.findall('ref="(\\w+)"', comments) == ["F7", "H6", "A11"]
    assert 'ref="F7"' in text(grown, "xl/threadedComments/threadedComment1.xml")
    boxes = re.findall(r"<x:Row>(\d+)</x:Row><x:Column>(\d+)", text(grown, "xl/drawings/vmlDrawing1.vml"))
    assert boxes == [("6", "5"), ("5", "7"), ("10", "0")]
    assert '<hyperlink ref="B8"' in text(grown, ONE)


def test_drawings_below_are_pushed_and_those_beside_stay(grown: Package):
    rows = re.findall(r"<xdr:row>(\d+)</xdr:row>", text(grown, "xl/drawings/drawing1.xml"))
    assert rows == ["4", "18", "15"]


def test_formulas_on_other_sheets_follow(grown: Package):
    formulas = re.findall("<f>(.*?)</f>", text(grown, TWO))
    assert formulas == [
        f"SUM({SHEET}!C5:C9)",
        f"{SHEET}!D11",
        f"'{SHEET}'!$C$6",
        "SUM(crm_grading[销售额])",
        f'VLOOKUP("B02",{SHEET}!$B$4:$F$9,2,FALSE)',
        f'"{SHEET}!D10"',
    ]
    assert f"<formula1>{SHEET}!$B$5:$B$9</formula1>" in text(grown, TWO)


def test_names_and_the_print_area_follow(grown: Package):
    book = text(grown, "xl/workbook.xml")
    assert f'<definedName name="mine">{SHEET}!$D$11<' in book
    assert f"{SHEET}!$A$1:$F$9<" in book
    assert f"{SHEET}!$A:$B,{SHEET}!$4:$4<" in book


def test_a_chart_of_the_users_own_covers_the_new_rows_and_remembers_them(grown: Package):
    chart = text(grown, "xl/charts/chart1.xml")
    assert re.findall("<c:f>(.*?)</c:f>", chart) == [f"{SHEET}!$C$4", f"{SHEET}!$B$5:$B$9", f"{SHEET}!$C$5:$C$9"]
    assert re.findall("<c:v>(.*?)</c:v>", chart) == [
        "销售额",
        "C03",
        "N1",
        "A01",
        "B02",
        "N2",
        "50",
        "40",
        "30",
        "20",
        "10",
    ]
    assert "<c:formatCode>#,##0.00</c:formatCode>" in chart


def test_the_table_keeps_its_filter_its_ids_and_styles(grown: Package):
    before, after = PARTS["xl/tables/table1.xml"], text(grown, "xl/tables/table1.xml")
    assert after == before.replace("F7", "F9").replace("C5:C7", "C5:C9")


def test_bindings_are_hidden_again_and_completed(grown: Package):
    book = text(grown, "xl/workbook.xml")
    names = re.findall('<definedName name="(_crm[^"]*)"( hidden="1")?', book)
    ids = {"no", "customer_id", "sales", "share", "note", "total.sales"}
    assert set(names) == {(f"_crm.grading.{id}", ' hidden="1"') for id in ids}
    assert re.search('<sheet name="_crmbook"[^>]*state="veryHidden"', book)


def test_the_calculation_chain_goes_when_formulas_moved(grown: Package):
    assert "xl/calcChain.xml" not in grown
    assert "calcChain" not in text(grown, "[Content_Types].xml") + text(grown, "xl/_rels/workbook.xml.rels")


def test_excel_calculates_on_opening_because_the_user_has_formulas(grown: Package):
    assert 'fullCalcOnLoad="1"' in text(grown, "xl/workbook.xml")


def test_excel_is_not_asked_to_calculate_where_all_formulas_are_ours():
    workbook, standings = opened(package())
    theirs = r'<c r="(?:E[567]|I6|D10)"[^>]*><f.*?</c>'
    workbook.package.write(ONE, re.sub(theirs, "", PARTS[ONE]).encode())
    workbook.package.write(TWO, re.sub("<sheetData>.*</sheetData>", "<sheetData/>", PARTS[TWO]).encode())
    changed = {**PRESENT.columns, "no": Written([7, 8, 9])}
    assert pour(workbook, Plan((replace(PRESENT, columns=changed),)), standings)
    assert "fullCalcOnLoad" not in text(workbook.package, "xl/workbook.xml")


def test_parts_nobody_had_to_touch_are_the_same_bytes(grown: Package):
    workbook, standings = opened(package())
    pour(workbook, Plan((GROWN,)), standings)
    proof = workbook.package.save(BytesIO())
    assert {"xl/styles.xml", "xl/sharedStrings.xml", THREE, "_rels/.rels"} <= set(proof.untouched)


def test_a_shrinking_table_clears_its_rows_and_leaves_what_is_below():
    plan = replace(PRESENT, columns={"no": Written([1]), "customer_id": Written(["C03"])}, source=[2], cells={})
    book = poured(package(), plan)
    assert 'ref="A4:F5"' in text(book, "xl/tables/table1.xml")
    assert cell(book, ONE, "A6") == cell(book, ONE, "B7") == ""
    assert "<v>11</v>" in cell(book, ONE, "H6")
    assert "<v>10</v>" in cell(book, ONE, "A10")
    assert f"SUM({SHEET}!C5:C5)" in text(book, TWO)
    assert re.findall('ref="(\\w+)"', text(book, "xl/comments1.xml")) == ["H6", "A10"]


def test_a_table_that_shrinks_and_grows_again_does_not_drift_down():
    small = replace(PRESENT, columns={"no": Written([1])}, source=[2], cells={})
    book = poured(package(), small)
    back = replace(PRESENT, source=[0, -1, -1])
    book = poured(book.source, back)
    assert "<v>10</v>" in cell(book, ONE, "A10")


def test_a_form_without_rows_keeps_one_blank_row():
    plan = FormPlan("grading", {"no": Written([]), "customer_id": Written([])}, [])
    book = poured(package(), plan)
    assert 'ref="A4:F5"' in text(book, "xl/tables/table1.xml")
    assert "<v>" not in cell(book, ONE, "A5") + cell(book, ONE, "B5")
    workbook, standings = opened(book.source)
    assert not pour(workbook, Plan((plan,)), standings)


def test_a_totals_row_follows_its_table_both_ways():
    table = PARTS["xl/tables/table1.xml"]
    head = 'ref="A4:F7" totalsRowShown="0"'
    total = (
        '<row r="8"><c r="A8" t="s"><v>12</v></c><c r="C8"><f>SUBTOTAL(109,crm_grading[销售额])</f><v>60</v></c></row>'
    )
    changes = {
        "xl/tables/table1.xml": (head, 'ref="A4:F8" totalsRowCount="1"'),
        ONE: ('<row r="10"', total + '<row r="10"'),
    }
    assert head in table
    book = poured(package(changes), GROWN)
    assert 'ref="A4:F10" totalsRowCount="1"' in text(book, "xl/tables/table1.xml")
    assert '<autoFilter ref="A4:F9">' in text(book, "xl/tables/table1.xml")
    assert "SUBTOTAL" in cell(book, ONE, "C10")
    assert "<v>10</v>" in cell(book, ONE, "A12")
    book = poured(book.source, FormPlan("grading", {"no": Written([1, 2])}, [0, 1]))
    assert "SUBTOTAL" in cell(book, ONE, "C7")
    assert cell(book, ONE, "C10") == ""
    assert "<v>10</v>" in cell(book, ONE, "A12")


def test_rows_typed_under_the_table_come_into_it():
    typed = '<row r="8"><c r="A8"><v>4</v></c><c r="B8" t="inlineStr"><is><t>D04</t></is></c></row>'
    workbook, standings = opened(package({ONE: ('<row r="10"', typed + '<row r="10"')}))
    standing = replace(standings["grading"], last_row=8)
    plan = FormPlan("grading", {"sales": Written([30, 20, 10, 5])})
    assert pour(workbook, Plan((plan,)), {"grading": standing})
    book = workbook.package
    assert 'ref="A4:F8"' in text(book, "xl/tables/table1.xml")
    assert 'sqref="F5:F8"' in text(book, ONE)
    assert f"{SHEET}!$C$5:$C$8" in text(book, "xl/charts/chart1.xml")


def test_a_renamed_header_is_spoken_of_by_its_new_name():
    changes = {
        "xl/tables/table1.xml": ('name="销售额" dataDxfId', 'name="金额 (元)" dataDxfId'),
        "xl/sharedStrings.xml": ("<si><t>销售额</t></si>", "<si><t>金额 (元)</t></si>"),
    }
    workbook, standings = opened(package(changes))
    standing = standings["grading"]
    standing = replace(standing, columns={**standing.columns, "sales": 3}, unknown=(5,))
    assert pour(workbook, Plan((GROWN,)), {"grading": standing})
    formula = "crm_grading[[#This Row],[金额 (元)]]/SUM(crm_grading[[金额 (元)]])"
    assert f"<f>{formula}</f>" in cell(workbook.package, ONE, "D5")
    assert f"<calculatedColumnFormula>{formula}<" in text(workbook.package, "xl/tables/table1.xml")


def test_a_formula_whose_column_the_user_took_away_leaves_its_value():
    workbook, standings = opened(package())
    columns = {id: at for id, at in standings["grading"].columns.items() if id != "sales"}
    plan = FormPlan("grading", {"share": Written([0.1, 0.2, 0.7], SHARE)}, [0, 1, 2])
    assert pour(workbook, Plan((plan,)), {"grading": replace(standings["grading"], columns=columns)})
    assert cell(workbook.package, ONE, "D5") == '<c r="D5" s="3"><v>0.1</v></c>'
    table = text(workbook.package, "xl/tables/table1.xml")
    assert "calculatedColumnFormula>crm" not in table
    assert "calculatedColumnFormula>C5*2" in table


def test_a_row_whose_key_has_gone_loses_its_formulas():
    plan = FormPlan("grading", {"share": Written([0.5, 1 / 3, None], SHARE)}, [0, 1, 2], gone=frozenset({2}))
    book = poured(package(), plan)
    assert cell(book, ONE, "D7") == '<c r="D7" s="3"/>'
    assert "<f>" in cell(book, ONE, "D6")


def test_a_name_of_the_settings_points_into_its_row():
    workbook, standings = opened(package())
    plan = Plan((GROWN,), {"ABC_A": ("grading", "sales", 3), "mine": ("grading", "no", 0)})
    assert pour(workbook, plan, standings)
    book = text(workbook.package, "xl/workbook.xml")
    assert f"<definedName name=\"ABC_A\">'{SHEET}'!$C$8<" in book
    assert f"<definedName name=\"mine\">'{SHEET}'!$A$5<" in book


def test_a_shared_formula_stays_shared_where_nothing_moves():
    book = poured(package(), replace(PRESENT, columns={"no": Written([7, 8, 9])}))
    assert '<f t="shared" ref="E5:E7" si="0">C5*2</f>' in cell(book, ONE, "E5")


def test_writing_over_the_master_of_a_shared_formula_leaves_the_others_whole():
    workbook, standings = opened(package())
    columns = {**standings["grading"].columns, "mine": 5}
    plan = FormPlan("grading", {"mine": Written([1, None, None])}, [0, 1, 2])
    standing = replace(standings["grading"], columns=columns, unknown=())
    workbook.package.write(
        ONE, PARTS[ONE].replace('<c r="H6"', '<c r="G6"><f t="shared" si="0"/><v>0</v></c><c r="H6"').encode()
    )
    assert pour(workbook, Plan((plan,)), {"grading": standing})
    assert "<f>E6*2</f>" in cell(workbook.package, ONE, "G6")


def test_an_array_formula_over_rows_that_move_is_not_broken():
    array = '<c r="F5"><f t="array" ref="F5:F6">C5:C6</f><v>30</v></c>'
    data = package({ONE: ('<c r="F5" s="4" t="s"><v>9</v></c>', array)})
    workbook, standings = opened(data)
    with pytest.raises(CannotProceedError) as stopped:
        pour(workbook, Plan((GROWN,)), standings)
    assert stopped.value.problem.where == f"{SHEET}!F5:F6"
    assert pour(*opened_with(data, PRESENT.columns | {"no": Written([9, 9, 9])}))


def opened_with(data: bytes, columns: dict[str, Written]) -> tuple[Workbook, Plan, dict[str, Standing]]:
    workbook, standings = opened(data)
    return workbook, Plan((FormPlan("grading", columns, [0, 1, 2]),)), standings


def test_more_rows_than_a_sheet_holds_are_refused():
    plan = FormPlan("grading", {"no": Written(range(1_048_576))}, [-1] * 1_048_576)
    workbook, standings = opened(package())
    with pytest.raises(CannotProceedError) as stopped:
        pour(workbook, Plan((plan,)), standings)
    assert "1048576" in stopped.value.problem.what.en
    assert workbook.package.changed == set()


def test_rows_with_a_comment_or_a_link_are_known():
    workbook, standings = opened(package())
    assert annotated(workbook, standings["grading"]) == [0, 1]  # the comment is on the first row, the link on the second


def test_a_pivot_over_the_table_is_filled_anew_on_opening():
    workbook, standings = opened(package())
    cache = b'<pivotCacheDefinition xmlns="x" r:id="rId1"><cacheSource type="worksheet"><worksheetSource name="crm_grading"/></cacheSource></pivotCacheDefinition>'
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    workbook.package.write(part, cache)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    workbook.package.set_content_type(part, kind)
    assert pour(workbook, Plan((GROWN,)), standings)
    assert b'r:id="rId1" refreshOnLoad="1">' in workbook.package.read(part)


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
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(tmp_path / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    workbook, standings = opened((tmp_path / "out" / "book.xlsx").read_bytes())
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
