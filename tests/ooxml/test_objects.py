"""Cells that drawn objects and queries name are the same cells afterwards."""

import pytest

from crmbook.ooxml import Package
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.objects import follow_objects, follow_shared_objects
from crmbook.ooxml.refs import RowMap
from tests.ooxml.plain import OFFICE, PARTS, zipped

PUSHED = {"客户": RowMap(5, frozenset({7}), 9, 1, 6, None, 0, 9, 2)}
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/drawing" Target="drawing1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/vmlDrawing" Target="vmlDrawing1.vml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/ctrlProp" Target="ctrlProp1.xml"/></Relationships>'
)
HELD = {
    "xl/drawing1.xml": '<xdr:sp textlink="{0}"/><a14:cameraTool cellRange="{1}" spid="1"/>',
    "xl/vmlDrawing1.vml": "<x:FmlaLink>{0}</x:FmlaLink><x:FmlaPict>{1}</x:FmlaPict>",
    "xl/ctrlProp1.xml": '<formControlPr fmlaLink="{0}" fmlaRange="{1}"/>',
}


def package(cells: tuple[str, str]) -> Package:
    drawn = {name: text.format(*cells) for name, text in HELD.items()}
    return Package.open(zipped({**PARTS, "xl/sheet1.xml": "<worksheet/>", "xl/_rels/sheet1.xml.rels": RELS, **drawn}))


@pytest.mark.parametrize(
    ("home", "before", "after"),
    [
        ("客户", ("$A$10", "$A$5:$F$12"), ("$A$12", "$A$5:$F$14")),
        ("我的", ("客户!$A$10", "'客户'!$C$5:$C$7"), ("客户!$A$12", "'客户'!$C$5:$C$9")),
        ("我的", ("$A$10", "crm_customers[客户]"), ("$A$10", "crm_customers[客户]")),
    ],
)
def test_what_is_drawn_on_a_sheet_names_the_same_cells(home: str, before: tuple[str, str], after: tuple[str, str]):
    found = package(before)
    follow_objects(found, "xl/sheet1.xml", Follower(home, PUSHED))
    assert {name: found.read(name).decode() for name in HELD} == {n: t.format(*after) for n, t in HELD.items()}


def test_queries_and_shapes_in_charts_name_the_same_cells():
    found = package(("", ""))
    for name, kind, text in (
        ("xl/connections.xml", "spreadsheetml.connections", '<parameter name="p" cell="客户!$A$10"/>'),
        ("xl/drawings/drawing9.xml", "drawingml.chartshapes", '<cdr:sp textlink="客户!$A$10"/>'),
    ):
        found.write(name, text.encode())
        found.set_content_type(name, f"application/vnd.openxmlformats-officedocument.{kind}+xml")
    follow_shared_objects(found, Follower("", PUSHED))
    for name in ("xl/connections.xml", "xl/drawings/drawing9.xml"):
        assert "客户!$A$12" in found.read(name).decode()
