"""What speaks of the cells a pour moves: formulas, names, charts and pivots follow, and Excel calculates where it must."""

import re
from dataclasses import replace
from random import Random

import pytest

from crmbook.binding import Standing
from crmbook.ooxml import Package, Workbook
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from crmbook.problems import CannotProceedError
from tests.handmade import PARTS, SHEET, cell, opened, package
from tests.pour.grading import GROWN, ONE, PRESENT, SHARE, TWO, poured, text


def test_our_formulas_stand_in_every_row_beside_their_value(grown: Package):
    formula = "<f>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</f>"
    assert [formula in cell(grown, ONE, f"D{r}") for r in range(5, 10)] == [True] * 5
    assert "<v>0.2</v>" in cell(grown, ONE, "D7")


def test_a_formula_of_the_users_own_moves_as_in_a_sort_and_fills_new_rows(grown: Package):
    formulas = [re.search("<f>(.*)</f>", cell(grown, ONE, f"E{r}")) for r in range(5, 10)]
    assert [f and f[1] for f in formulas] == ["C5*2", "C6*2", "C7*2", "C8*2", "C9*2"]


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


def test_rows_typed_under_the_table_are_shown_by_pivots_and_charts_though_no_cell_is_written():
    written = r'<f t="shared"[^>]*?(/>|>[^<]*</f>)|<f>SUM[(]C5:C7[)][+]D13</f>'  # in cells that would be
    typed = '<row r="8"><c r="B8" t="inlineStr"><is><t>D04</t></is></c><c r="C8"><v>5</v></c></row><row r="10"'
    sheet = PARTS[ONE].replace('<row r="10"', typed)
    workbook, standings = opened(package({ONE: (PARTS[ONE], re.sub(written, "", sheet))}))
    cache = with_pivot(workbook, f'<worksheetSource ref="A4:F7" sheet="{SHEET}"/>')
    plan = Plan((FormPlan("grading", {}),))
    assert pour(workbook, plan, {"grading": replace(standings["grading"], last_row=8)})
    pivot = text(workbook.package, cache)
    assert 'ref="A4:F8"' in pivot
    assert 'refreshOnLoad="1"' in pivot
    chart = text(workbook.package, "xl/charts/chart1.xml")
    assert re.findall("<c:v>(.*?)</c:v>", chart)[-4:] == ["30", "20", "10", "5"]
    assert 'fullCalcOnLoad="1"' in text(workbook.package, "xl/workbook.xml")


def with_pivot(workbook: Workbook, source: str) -> str:
    """The part of a pivot table's cache over this source, put into the package."""
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    cache = f'<pivotCacheDefinition xmlns="x" r:id="rId1"><cacheSource type="worksheet">{source}</cacheSource></pivotCacheDefinition>'
    workbook.package.write(part, cache.encode())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    workbook.package.set_content_type(part, kind)
    return part


def test_a_pivot_over_the_table_is_filled_anew_on_opening():
    workbook, standings = opened(package())
    part = with_pivot(workbook, '<worksheetSource name="crm_grading"/>')
    assert pour(workbook, Plan((GROWN,)), standings)
    assert b'r:id="rId1" refreshOnLoad="1">' in workbook.package.read(part)


def test_a_chart_over_a_name_over_a_column_remembers_the_new_rows():
    changes = {
        "xl/charts/chart1.xml": (f"<c:f>{SHEET}!$C$5:$C$7</c:f>", "<c:f>[0]!sales</c:f>"),
        "xl/workbook.xml": (
            "</definedNames>",
            '<definedName name="sales">crm_grading[销售额]</definedName></definedNames>',
        ),
    }
    chart = text(poured(package(changes), GROWN), "xl/charts/chart1.xml")
    assert "<c:f>[0]!sales</c:f>" in chart
    assert re.findall("<c:v>(.*?)</c:v>", chart)[-5:] == ["50", "40", "30", "20", "10"]


@pytest.mark.parametrize("spelt", [SHEET, f"'{SHEET}'", f"&apos;{SHEET}&apos;", "".join(f"&#{ord(c)};" for c in SHEET)])
def test_one_formula_deep_in_a_long_sheet_follows_however_it_spells_the_sheet(spelt: str):
    noise = Random(1).randbytes(2 << 20).hex()
    changed = PARTS[TWO].replace(SHEET, "我的").replace("SUM(我的!", f"SUM({spelt}!")
    begin = PARTS[TWO].index("<sheetData>")
    long = {TWO: (PARTS[TWO][begin:], f"<!-- ! {noise} -->" + changed[changed.index("<sheetData>") :])}
    assert "!C5:C9)</f>" in text(poured(package(long), GROWN), TWO)
