"""Styles of one workbook added to another's: numbers that are there stay, equal parts are shared, colours become plain."""

import pytest

from crmbook.ooxml import parse
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.strict import strictly
from crmbook.ooxml.styles import Styles
from crmbook.ooxml.theme import Theme

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OURS = f"""<styleSheet {NS}><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0_ "/></numFmts>
<fonts count="2"><font><sz val="10"/></font><font><b val="1"/><color theme="4" tint="-0.5"/><name val="A"/><scheme val="minor"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="164" fontId="1" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="1"/><xf numFmtId="14" fontId="1" fillId="0" borderId="0" xfId="1"/></cellXfs>
<cellStyles count="2"><cellStyle name="Normal" xfId="0" builtinId="0"/><cellStyle name="ours" xfId="1"/></cellStyles>
<dxfs count="1"><dxf><font><color rgb="FF0000FF"/></font><numFmt numFmtId="700" formatCode="0%"/></dxf></dxfs></styleSheet>""".encode()
THEIRS = f"""<x:styleSheet xmlns:x="{NS[7:-1]}"><x:numFmts count="1"><x:numFmt numFmtId="170" formatCode="yyyy"/></x:numFmts>
<x:fonts count="1"><x:font><x:sz val="11"/></x:font></x:fonts><!-- theirs --><x:fills count="1"><x:fill><x:patternFill patternType="none"/></x:fill></x:fills>
<x:borders count="1"><x:border/></x:borders><x:cellStyleXfs count="1"><x:xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></x:cellStyleXfs>
<x:cellXfs count="1"><x:xf numFmtId="170" fontId="0" fillId="0" borderId="0" xfId="0"/></x:cellXfs><x:extLst/></x:styleSheet>""".encode()
THEME = Theme({"accent1": "204060"})


def test_what_comes_in_gets_the_next_numbers_in_the_prefix_of_the_part():
    styles = Styles(OURS, THEIRS, THEME.plain)
    assert [styles.cell(n) for n in (0, 1, 2, 1)] == [0, 1, 2, 1]
    assert styles.difference(0) == 0
    xml = styles.xml()
    assert b"<!-- theirs -->" in xml
    assert b'<x:xf numFmtId="170" fontId="0" fillId="0" borderId="0" xfId="0"/><x:xf numFmtId="171" fontId="1"' in xml
    root = parse(xml)
    groups = [e.tag.rpartition("}")[2] for e in root if isinstance(e.tag, str)]
    assert groups == ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "extLst"]
    assert all(e.get("count") in (None, str(len(e))) for e in root if isinstance(e.tag, str))
    font = root.find("{*}fonts")[1]
    assert font.find("{*}color").attrib == {"rgb": "FF102030"}
    assert font.find("{*}scheme") is None
    assert root.find("{*}cellStyles")[0].get("xfId") == "1"
    assert root.find("{*}dxfs/{*}dxf/{*}numFmt").get("numFmtId") not in ("170", "171", "700")


def test_a_style_of_the_same_name_stays_and_ours_follow_it():
    theirs = OURS.replace(b'<b val="1"/>', b'<i val="1"/>').replace(b'"0.0_ "', b'"0.000"')
    styles = Styles(OURS, theirs, lambda element: None)
    xml = parse(styles.xml() if [styles.cell(1), styles.cell(2)] == [1, 2] else b"<wrong/>")
    assert len(xml.find("{*}cellStyles")) == 2
    assert [x.get("fontId") for x in xml.find("{*}cellXfs")] == ["0", "1", "1"]


def test_a_part_without_any_style_keeps_the_plain_look_first():
    styles = Styles(OURS, f"<styleSheet {NS}/>".encode(), THEME.plain)
    assert styles.cell(1) == 1
    root = parse(styles.xml())
    assert [len(root.find(f"{{*}}{g}")) for g in ("fonts", "fills", "borders", "cellXfs")] == [2, 2, 2, 2]
    assert root.find("{*}fonts")[0].find("{*}name").get("val") == "Calibri"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_group_that_is_not_there_comes_where_the_standard_wants_it(encoding: str):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><a><one k="<"/><three>文</three></a>'.replace(
        '"<"', '"&lt;>"'
    ).encode(encoding)
    outline = Outline(xml)
    outline.append("two", ["<n/>"], ("one", "two", "three"))
    outline.append("one", ["<m/>"], ("one", "two", "three"))
    assert outline.xml.decode("utf-8").endswith(
        '<a><one k="&lt;&gt;"><m/></one><two><n/></two><three>文</three></a>'
        if encoding == "utf-16"
        else '<a><one k="&lt;>"><m/></one><two><n/></two><three>文</three></a>'
    )


def test_drawings_and_sheets_get_plain_colours():
    xml = b'<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:schemeClr val="accent1"><a:lumMod val="60000"/></a:schemeClr>'
    plain = THEME.plain_drawing(xml)
    assert plain == xml.replace(b'schemeClr val="accent1"', b'srgbClr val="204060"').replace(b"schemeClr>", b"srgbClr>")
    assert THEME.plain_sheet(b'<x14:colorSeries theme="4"/>') == b'<x14:colorSeries rgb="FF204060"/>'
    assert THEME.plain_sheet(b'<x14:colorLow theme="9"/>') == b'<x14:colorLow theme="9"/>'  # a theme without it
    assert strictly(NS.encode()) == b'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
