"""What stands after the rows in a sheet's part follows them."""

import pytest

from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.tail import follow_tail

# A5:F6 grows to row 9, its two rows change places; below, all go down by two.
MOVED = RowMap(5, frozenset({6}), 9, 1, 6, {5: 6, 6: 5}, 0, 8, 2)
HERE = Follower("s", {"s": MOVED})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<conditionalFormatting sqref="C5:C6 H5 A10"><cfRule><formula>C5&gt;$A$10</formula></cfRule>', '<conditionalFormatting sqref="C5:C9 H5 A12"><cfRule><formula>C5&gt;$A$12</formula></cfRule>'),
        ('<dataValidation type="list" sqref="F5:F6" x="y"><formula1>$H$10:$H$20</formula1>', '<dataValidation type="list" sqref="F5:F9" x="y"><formula1>$H$12:$H$22</formula1>'),
        ("<x14:dataValidation><x14:formula1><xm:f>o!$A$1</xm:f></x14:formula1><xm:sqref>B5:B6</xm:sqref>", "<x14:dataValidation><x14:formula1><xm:f>o!$A$1</xm:f></x14:formula1><xm:sqref>B5:B9</xm:sqref>"),
        ('<cfvo type="num" val="$A$10"/><cfvo type="num" val="10"/>', '<cfvo type="num" val="$A$12"/><cfvo type="num" val="10"/>'),
        ('<mergeCells><mergeCell ref="A10:B11"/></mergeCells>', '<mergeCells><mergeCell ref="A12:B13"/></mergeCells>'),
        ('<mergeCells count="6"><mergeCell ref="A5:B5"/><mergeCell ref="C5:C6"/><mergeCell ref="E6:H6"/><mergeCell ref="F6:F7"/><mergeCell ref="G5:H6"/><mergeCell ref="A4:B4"/></mergeCells>', '<mergeCells count="3"><mergeCell ref="A6:B6"/><mergeCell ref="G5:H6"/><mergeCell ref="A4:B4"/></mergeCells>'),
        ('<a/><mergeCells count="1"><mergeCell ref="C5:C6"></mergeCell></mergeCells><b/>', "<a/><b/>"),
        ('<autoFilter ref="A4:F6"/>', '<autoFilter ref="A4:F9"/>'),
        ('<hyperlink ref="B5" r:id="rId1"/>', '<hyperlink ref="B6" r:id="rId1"/>'),
        ('<hyperlink ref="H5" location="s!A10" display="x"/>', '<hyperlink ref="H5" location="s!A12" display="x"/>'),
        ('<rowBreaks count="1"><brk id="10" max="9"/></rowBreaks><colBreaks><brk id="10"/></colBreaks>', '<rowBreaks count="1"><brk id="12" max="9"/></rowBreaks><colBreaks><brk id="10"/></colBreaks>'),
        ("<controls><control><controlPr><anchor><from><xdr:row>9</xdr:row></from><to><xdr:row>11</xdr:row></to></anchor></controlPr></control></controls>", "<controls><control><controlPr><anchor><from><xdr:row>11</xdr:row></from><to><xdr:row>13</xdr:row></to></anchor></controlPr></control></controls>"),
        ('<headerFooter><oddFooter>&amp;R A10:C10 ref="A10"</oddFooter></headerFooter>', '<headerFooter><oddFooter>&amp;R A10:C10 ref="A10"</oddFooter></headerFooter>'),
        ('<control r:id="rId1"><controlPr linkedCell="$A$10" listFillRange="s!$H$5:$H$10" macro="x"/></control>', '<control r:id="rId1"><controlPr linkedCell="$A$12" listFillRange="s!$H$5:$H$12" macro="x"/></control>'),
        ('<dataRef ref="A4:C6" sheet="s"/><dataRef ref="A4:C6" sheet="s" r:id="rId9"/>', '<dataRef ref="A4:C9" sheet="s"/><dataRef ref="A4:C6" sheet="s" r:id="rId9"/>'),
        ('<cellWatch r="A10"/><scenarios sqref="A10"><inputCells r="A10" val="1"/></scenarios>', '<cellWatch r="A12"/><scenarios sqref="A12"><inputCells r="A12" val="1"/></scenarios>'),
        ('<dataValidation sqref="C5:C1048576"/>', '<dataValidation sqref="C5:C1048576"/>'),
        ('<protectedRange sqref="F5:F6" name="x"/>', '<protectedRange sqref="F5:F9" name="x"/>'),
    ],
)  # fmt: skip
def test_each_kind_follows(before: str, after: str):
    assert follow_tail(before.encode(), MOVED, HERE).decode() == after


def test_a_link_on_a_row_that_goes_goes_with_it_and_takes_an_empty_list_along():
    shrunk = RowMap(5, frozenset({6}), 5, 1, 6, {6: 5})
    tail = b'<a/><hyperlinks><hyperlink ref="B5" r:id="rId1"/></hyperlinks><b/>'
    assert follow_tail(tail, shrunk, Follower("s", {"s": shrunk})) == b"<a/><b/>"


def test_the_tail_of_another_sheet_follows_only_in_its_formulas():
    tail = b'<dataValidation sqref="A5:A6"><formula1>s!$C$5:$C$6</formula1></dataValidation>'
    found = follow_tail(tail, None, Follower("o", {"s": MOVED}))
    assert found == tail.replace(b"$C$6", b"$C$9")


def test_merged_cells_whose_rows_stay_together_go_with_them():
    turned = RowMap(5, frozenset({8}), 8, 1, 6, {5: 7, 6: 8, 7: 5, 8: 6})
    tail = b'<mergeCells count="2"><mergeCell ref="F5:F6"/><mergeCell ref="F7:F8"/></mergeCells>'
    found = follow_tail(tail, turned, Follower("s", {"s": turned}))
    assert found == b'<mergeCells count="2"><mergeCell ref="F7:F8"/><mergeCell ref="F5:F6"/></mergeCells>'
