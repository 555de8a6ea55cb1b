"""Comments, their boxes, threads and drawn objects go with their rows."""

import re

from crmbook.ooxml.comments import DRAWN, follow_boxes, follow_comments
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.tail import follow_anchors

# In A5:F7 the rows 5 and 6 change places and row 7 goes; below, all go down by two.
MOVED = RowMap(5, frozenset({7}), 9, 1, 6, {5: 6, 6: 5}, 0, 8, 2)


def box(row: int, column: int, kind: str = "Note") -> str:
    return f'<v:shape id="s{row}"><br><x:ClientData ObjectType="{kind}"><x:Anchor>1, 2, {row}, 3, 4, 5, {row + 4}, 6</x:Anchor><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>'


def test_comments_stand_on_the_cells_of_their_rows():
    xml = "".join(
        f'<comment ref="{ref}" authorId="0"><text><t>ref="A5"</t></text></comment>'
        for ref in ("A5", "F6", "B7", "H7", "A10", "C3")
    )
    found = follow_comments(xml.encode(), MOVED).decode()
    assert re.findall('<comment ref="(\\w+)"', found) == ["A6", "F5", "H7", "A12", "C3"]
    assert found.count('ref="A5"') == 5


def test_threads_of_any_prefix_go_along():
    xml = b'<tc:threadedComment ref="A5" id="1"><tc:text>x</tc:text></tc:threadedComment>'
    assert b'ref="A6"' in follow_comments(xml, MOVED)


def test_boxes_go_along_though_their_xml_is_not_clean():
    vml = "<xml>" + box(4, 0) + box(6, 1) + box(9, 0) + box(6, 8) + "</xml>"
    found = follow_boxes(vml.encode(), MOVED).decode()
    assert re.findall(r"<x:Row>(\d+)", found) == ["5", "11", "6"]
    assert re.findall(r"<x:Anchor>(.*?)</", found) == [
        "1, 2, 5, 3, 4, 5, 9, 6",
        "1, 2, 11, 3, 4, 5, 15, 6",
        "1, 2, 6, 3, 4, 5, 10, 6",
    ]


def test_a_button_below_goes_down_and_one_beside_stays():
    found = follow_boxes(("<xml>" + box(9, 0, "Button") + box(4, 0, "Button") + "</xml>").encode(), MOVED).decode()
    assert re.findall(r"<x:Anchor>1, 2, (\d+),", found) == ["11", "4"]


def test_drawings_below_go_down_and_those_that_begin_above_stay():
    def anchor(top: int, bottom: int) -> str:
        return f"<xdr:twoCellAnchor><xdr:from><xdr:row>{top}</xdr:row></xdr:from><xdr:to><xdr:row>{bottom}</xdr:row></xdr:to></xdr:twoCellAnchor>"

    found = follow_anchors((anchor(2, 20) + anchor(8, 12)).encode(), DRAWN, MOVED).decode()
    assert re.findall(r"<xdr:row>(\d+)", found) == ["2", "20", "10", "14"]
