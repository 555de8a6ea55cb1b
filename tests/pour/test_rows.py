"""A plan poured into a closed workbook: ours is written, theirs goes along, everything else stays as it is."""

import re
from dataclasses import replace
from io import BytesIO

import pytest

from crmbook import binding
from crmbook.ooxml import Package
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from crmbook.problems import CannotProceedError
from tests.handmade import PARTS, SHEET, cell, opened, package
from tests.pour.grading import GROWN, ONE, PRESENT, THREE, TWO, poured, row_of, text


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
    assert cell(grown, ONE, "C9") == '<c r="C9" s="2"><v>10</v></c>'


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


def test_the_table_keeps_its_filter_its_ids_and_styles(grown: Package):
    before, after = PARTS["xl/tables/table1.xml"], text(grown, "xl/tables/table1.xml")
    assert after == before.replace("F7", "F9").replace("C5:C7", "C5:C9")


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


def test_more_rows_than_a_sheet_holds_are_refused():
    plan = FormPlan("grading", {"no": Written(range(1_048_576))}, [-1] * 1_048_576)
    workbook, standings = opened(package())
    with pytest.raises(CannotProceedError) as stopped:
        pour(workbook, Plan((plan,)), standings)
    assert "1048576" in stopped.value.problem.what.en
    assert workbook.package.changed == set()


def test_rows_with_a_comment_or_a_link_are_known():
    workbook, standings = opened(package())
    assert binding.annotated(workbook, standings["grading"]) == [
        0,
        1,
    ]  # the comment is on the first row, the link on the second
