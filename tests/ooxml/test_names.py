"""The workbook part: names, hidden things, calculation."""

from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.names import calculate_on_load, follow_names, hide, set_names
from crmbook.ooxml.refs import RowMap

GROWN = {"客户": RowMap(5, frozenset({7}), 9, 1, 6, None, 0, 8, 2)}
SHEETS = '<workbook><bookViews><workbookView><extLst/></workbookView></bookViews><sheets><sheet name="客户" r:id="rId1"/><sheet name="_crmbook" sheetId="2" state="hidden" r:id="rId2"/></sheets>'


def names(*entries: str, after: str = "<calcPr calcId='1'/>") -> bytes:
    return f"{SHEETS}<definedNames>{''.join(entries)}</definedNames>{after}</workbook>".encode()


def test_names_follow_the_rows_they_point_at():
    before = names(
        '<definedName name="all" comment="C5">客户!$C$5:$C$7</definedName>',
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">客户!$A:$B,客户!$8:$8</definedName>',
        '<definedName name="tax">0.13</definedName>',
        '<definedName name="dead">#REF!</definedName>',
    )
    after = follow_names(before, Follower("", GROWN)).decode()
    assert '<definedName name="all" comment="C5">客户!$C$5:$C$9<' in after
    assert "客户!$A:$B,客户!$10:$10<" in after
    assert follow_names(before, Follower("", {})) == before


def test_a_name_is_set_where_it_stands_and_added_where_it_does_not():
    before = names(
        '<definedName name="ABC_A">客户!$C$5</definedName>',
        '<definedName name="ABC_A" localSheetId="0">客户!$Z$1</definedName>',
        '<definedName name="abc_b">客户!$C$6</definedName>',
    )
    after = set_names(before, {"ABC_A": "'客户'!$C$9", "ABC_B": "'客户'!$C$6", "NEW": "'a&b'!$A$1"}).decode()
    assert "<definedName name=\"ABC_A\">'客户'!$C$9<" in after
    assert 'localSheetId="0">客户!$Z$1<' in after
    assert after.count("bc_b") == 1
    assert "ABC_B" not in after
    assert "<definedName name=\"NEW\">'a&amp;b'!$A$1</definedName></definedNames>" in after


def test_the_first_names_stand_where_the_standard_wants_them():
    added = "<definedNames><definedName name=\"n\">'客户'!$A$1</definedName></definedNames>"
    for rest in ("<calcPr/></workbook>", "<extLst/></workbook>", "</workbook>", "<definedNames/><calcPr/></workbook>"):
        after = set_names((SHEETS + rest).encode(), {"n": "'客户'!$A$1"}).decode()
        assert after == SHEETS + added + rest.replace("<definedNames/>", "")


def test_what_is_ours_to_hide_is_hidden():
    before = names(
        '<definedName function="false" hidden="false" name="_crm.a.b">客户!$A$4</definedName>',
        '<definedName name="mine">客户!$A$4</definedName>',
    )
    after = hide(before, "_crm.", "_crmbook").decode()
    assert '<definedName function="false" name="_crm.a.b" hidden="1">客户!$A$4<' in after
    assert '<definedName name="mine">' in after
    assert '<sheet name="_crmbook" state="veryHidden" sheetId="2" r:id="rId2"/>' in after
    assert '<sheet name="客户" r:id="rId1"/>' in after
    assert hide(after.encode(), "_crm.", "_crmbook").decode() == after


def test_calculation_on_opening_is_asked_for_once_and_in_its_place():
    assert b"<calcPr calcId='1' fullCalcOnLoad=\"1\"/>" in calculate_on_load(names())
    assert b'<calcPr fullCalcOnLoad="1"/></workbook>' in calculate_on_load(names(after='<calcPr fullCalcOnLoad="0"/>'))
    assert b'</definedNames><calcPr fullCalcOnLoad="1"/><extLst/>' in calculate_on_load(names(after="<extLst/>"))
