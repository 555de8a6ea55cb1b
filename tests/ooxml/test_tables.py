"""A table's part after its rows changed."""

from dataclasses import replace

from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.tables import column_formulas, follow_table, update_table
from crmbook.ooxml.workbook import Sheet, Table

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = f"""<table xmlns="{NS}" id="1" displayName="t" ref="B4:D7" totalsRowShown="0"><autoFilter ref="B4:D7"><filterColumn colId="1"/></autoFilter><sortState ref="B5:D7"><sortCondition ref="C5:C7"/></sortState><tableColumns count="3"><tableColumn id="1" name="a"/><tableColumn id="7" name="b" dataDxfId="2"><totalsRowFormula>SUM(C5:C7)</totalsRowFormula></tableColumn><tableColumn id="3" name="c"><calculatedColumnFormula>B5&amp;"x"</calculatedColumnFormula><extLst/></tableColumn></tableColumns></table>""".encode()
SAME = ["a", "b", "c"]


def table(totals: int = 0) -> Table:
    return Table("t", "xl/tables/table1.xml", Sheet("s", "", "visible"), 2, 4, 5, 7, 4, SAME, totals)


def test_a_table_that_is_what_it_should_be_is_the_same_bytes():
    assert update_table(XML, table(), 7, SAME, {4: 'B5&"x"'}) == XML


def test_a_table_grows_with_its_filter_and_its_sort():
    grown = update_table(XML, table(), 9, SAME, {})
    assert grown == XML.replace(b"D7", b"D9").replace(b'"C5:C7"', b'"C5:C9"')


def test_a_filter_does_not_cover_the_totals_row():
    grown = update_table(
        XML.replace(b'ref="B4:D7" totalsRowShown="0"', b'ref="B4:D8" totalsRowCount="1"'), table(1), 9, SAME, {}
    )
    assert b'ref="B4:D10" totalsRowCount="1"' in grown
    assert b'<autoFilter ref="B4:D9">' in grown


def test_a_header_follows_its_cell():
    named = update_table(XML, table(), 7, ["a", 'x "1"\n&2', None], {})
    assert b'id="7" name="x &quot;1&quot;_x000a_&amp;2" dataDxfId="2"' in named
    assert b'name="c"' in named


def test_headers_that_would_be_twice_there_are_left_alone():
    assert update_table(XML, table(), 7, ["a", "A", "c"], {}) == XML


def test_a_columns_formula_is_put_first_replaced_and_taken_out():
    put = update_table(XML, table(), 7, SAME, {2: "1<2", 3: "C5*2", 4: None})
    assert (
        b'<tableColumn id="1" name="a"><calculatedColumnFormula>1&lt;2</calculatedColumnFormula></tableColumn>' in put
    )
    assert b'dataDxfId="2"><calculatedColumnFormula>C5*2</calculatedColumnFormula><totalsRowFormula>' in put
    assert b'name="c"><extLst/></tableColumn>' in put


def test_a_columns_formula_spelt_otherwise_is_left_alone():
    assert update_table(XML, table(), 7, SAME, {4: 'b5 & "x"'}) == XML


def test_the_users_formulas_are_known_by_column():
    assert column_formulas(XML, table()) == {4: 'B5&"x"'}


def test_another_table_below_goes_down_with_its_formulas():
    row_map = RowMap(1, frozenset({2}), 4, 1, 9, None, 0, 3, 2)
    moved = follow_table(XML, row_map, Follower("s", {"s": row_map}))
    assert b'ref="B6:D9" totalsRowShown' in moved
    assert b'<autoFilter ref="B6:D9">' in moved
    assert b"<totalsRowFormula>SUM(C7:C9)<" in moved
    assert b"<calculatedColumnFormula>B7&amp;" in moved


def test_columns_that_the_part_does_not_have_yet_are_added_with_ids_of_their_own():
    wide = replace(table(), last_col=6, columns=[*SAME, 'x "1"\n&2', "\t"])
    grown = update_table(XML, wide, 7, wide.columns, {})
    assert grown.count(b'ref="B4:F7"') == 2  # the table's and its filter's
    assert b'<tableColumns count="5">' in grown
    assert (
        b'<tableColumn id="8" name="x &quot;1&quot;_x000a_&amp;2"/><tableColumn id="9" name="_x0009_"/></tableColumns>'
        in grown
    )
    assert update_table(grown, wide, 7, wide.columns, {}) == grown


def test_an_added_column_has_the_prefix_of_the_others():
    prefixed = XML.replace(b"<table", b"<x:table").replace(b"</table", b"</x:table").replace(b"xmlns=", b"xmlns:x=")
    grown = update_table(prefixed, replace(table(), last_col=5, columns=[*SAME, "d"]), 7, [*SAME, "d"], {})
    assert b'<x:tableColumn id="8" name="d"/></x:tableColumns>' in grown
