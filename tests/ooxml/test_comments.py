"""Comments, their boxes, threads and drawn objects go with their rows."""

import re

import pytest

from crmbook.ooxml import Package
from crmbook.ooxml.comments import DRAWN, follow_boxes, follow_comments, follow_notes, noted_areas
from crmbook.ooxml.refs import Area, RowMap
from crmbook.ooxml.tail import follow_anchors
from tests.ooxml.plain import OFFICE, PARTS, zipped

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


def test_cells_mapped_to_xml_are_pushed_too():
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{OFFICE}/tableSingleCells" Target="cells1.xml"/></Relationships>'
    mapped = '<singleXmlCells><singleXmlCell id="1" r="A10" connectionId="0"/><singleXmlCell id="2" r="C3"/></singleXmlCells>'
    package = Package.open(zipped({**PARTS, "xl/s.xml": "<a/>", "xl/_rels/s.xml.rels": rels, "xl/cells1.xml": mapped}))
    follow_notes(package, "xl/s.xml", MOVED)
    assert package.read("xl/cells1.xml").decode() == mapped.replace("A10", "A12")


@pytest.mark.parametrize(
    ("inner", "rows", "goes"),
    [
        ("<xdr:pic/>", (4, 4), (5, 5)),
        ("<xdr:pic/>", (5, 6), (4, 5)),  # it ends on the edge of its row
        ("<xdr:pic/>", (4, 8), (4, 8)),
        ("<xdr:pic/>", (9, 9), (11, 11)),
        ('<xdr:sp textlink="$A$1"/>', (4, 4), (4, 4)),
        ("<xdr:graphicFrame/>", (4, 4), (4, 4)),
        ("<xdr:sp><a14:compatExt/></xdr:sp>", (4, 4), (4, 4)),
    ],
)
def test_a_picture_within_a_row_goes_with_it(inner: str, rows: tuple[int, int], goes: tuple[int, int]):
    corner = "<xdr:{0}><xdr:col>1</xdr:col><xdr:colOff>9</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{0}>"
    made = (
        "<xdr:twoCellAnchor>" + corner.format("from", "{}") + corner.format("to", "{}") + inner + "</xdr:twoCellAnchor>"
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{OFFICE}/drawing" Target="d.xml"/></Relationships>'
    package = Package.open(
        zipped({**PARTS, "xl/s.xml": "<a/>", "xl/_rels/s.xml.rels": rels, "xl/d.xml": made.format(*rows)})
    )
    holds_its_row = rows[0] < 7 and goes != rows
    assert noted_areas(package, "xl/s.xml") == [Area(rows[0] + 1, 2, rows[0] + 1, 2)] * (holds_its_row or rows[0] == 9)
    follow_notes(package, "xl/s.xml", MOVED)
    assert package.read("xl/d.xml").decode() == made.format(*goes)


@pytest.mark.parametrize(
    ("row", "high", "goes"),
    [(4, 20, 5), (4, 21, 4), (5, 15, 4), (5, 16, 5), (9, 90, 11)],  # row 5 is 20 points high, the others 15
)
def test_a_picture_without_an_end_goes_with_the_row_it_fits_in(row: int, high: int, goes: int):
    """So Google Sheets and most libraries write them."""
    sheet = '<w><sheetFormatPr defaultRowHeight="15"/><sheetData><row r="5" ht="20"/><row r="6"/></sheetData></w>'
    made = f'<oneCellAnchor><from><col>1</col><colOff>0</colOff><row>{{}}</row><rowOff>0</rowOff></from><ext cx="9" cy="{high * 12_700}"/><pic><a:ext cx="9" cy="9"/></pic></oneCellAnchor>'
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{OFFICE}/drawing" Target="d.xml"/></Relationships>'
    package = Package.open(
        zipped({**PARTS, "xl/s.xml": sheet, "xl/_rels/s.xml.rels": rels, "xl/d.xml": made.format(row)})
    )
    follow_notes(package, "xl/s.xml", MOVED)
    assert package.read("xl/d.xml").decode() == made.format(goes)


def test_drawings_below_go_down_and_those_that_begin_above_stay():
    def anchor(top: int, bottom: int) -> str:
        return f"<xdr:twoCellAnchor><xdr:from><xdr:row>{top}</xdr:row></xdr:from><xdr:to><xdr:row>{bottom}</xdr:row></xdr:to></xdr:twoCellAnchor>"

    found = follow_anchors((anchor(2, 20) + anchor(8, 12)).encode(), DRAWN, MOVED).decode()
    assert re.findall(r"<xdr:row>(\d+)", found) == ["2", "20", "10", "14"]
