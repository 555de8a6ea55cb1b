"""What staff add in Excel: notes, links, pictures, charts, sheets, data bars and dropdowns of their own."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from tests.excel_chart import COLORS, STYLE, chart_xml
from tests.excel_file import DRAWING, MAIN, SPREADSHEET, ExcelFile, M, put
from tests.excel_package import OFFICE
from tests.excel_references import name_of, quoted, ref_of, split

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
MICROSOFT = "http://schemas.microsoft.com/office/2011/relationships"
SHAPE = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style='position:absolute;
  margin-left:59.25pt;margin-top:1.5pt;width:108pt;height:59.25pt;z-index:{z};
  visibility:hidden' fillcolor="infoBackground [80]" strokecolor="none [81]"
  o:insetmode="auto">
  <v:fill color2="infoBackground [80]"/>
  <v:shadow color="none [81]" obscured="t"/>
  <v:path o:connecttype="none"/>
  <v:textbox style='mso-direction-alt:auto'>
   <div style='text-align:left'></div>
  </v:textbox>
  <x:ClientData ObjectType="Note">
   <x:MoveWithCells/>
   <x:SizeWithCells/>
   <x:Anchor>
    {right}, 15, {down}, 2, {far}, 31, {bottom}, 1</x:Anchor>
   <x:AutoFill>False</x:AutoFill>
   <x:Row>{row}</x:Row>
   <x:Column>{column}</x:Column>
  </x:ClientData>
 </v:shape>"""
VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit">
  <o:idmap v:ext="edit" data="{sheet}"/>
 </o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
  path="m,l,21600r21600,l21600,xe">
  <v:stroke joinstyle="miter"/>
  <v:path gradientshapeok="t" o:connecttype="rect"/>
 </v:shapetype></xml>"""


def _place(book: ExcelFile, table: str, where: Mapping[str, object], column: str) -> tuple[str, int, int]:
    found = book.tables[table]
    return found.sheet, found.column(column), book.row_of(found, where)


def comment(book: ExcelFile, table: str, where: Mapping[str, object], column: str, text: str, author: str) -> None:
    """A note: its text in the comments part, its box in the VML drawing."""
    sheet, at, row = _place(book, table, where, column)
    part = book.sheets[sheet]
    number = list(book.sheets).index(sheet) + 1
    have = {kind: target for _, kind, target in book.related(part)}
    if "comments" not in have:
        root = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
        have["comments"] = book.add_part(book.free("xl/comments{}.xml"), root, SPREADSHEET + "comments+xml")
        book.relate(part, "comments", have["comments"])
        book.add_default("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        have["vmlDrawing"] = book.free("xl/drawings/vmlDrawing{}.vml")
        book.parts[have["vmlDrawing"]] = VML.format(sheet=number).encode()
        id = book.relate(part, "vmlDrawing", have["vmlDrawing"])
        put(book.sheet(sheet), etree.Element(M + "legacyDrawing", {f"{{{OFFICE}}}id": id}))
    root = book.xml(have["comments"])
    authors, notes = root
    names = [a.text for a in authors]
    if author not in names:
        etree.SubElement(authors, M + "author").text = author
        names.append(author)
    note = etree.Element(M + "comment", ref=name_of(at, row), authorId=str(names.index(author)), shapeId="0")
    body = etree.SubElement(note, M + "text")
    for bold, said in ((True, f"{author}:"), (False, f"\n{text}")):
        run = etree.SubElement(body, M + "r")
        style = etree.SubElement(run, M + "rPr")
        if bold:
            etree.SubElement(style, M + "b")
        for tag, key, value in (("sz", "val", "9"), ("color", "indexed", "81"), ("rFont", "val", "宋体"), ("charset", "val", "134")):  # fmt: skip
            etree.SubElement(style, M + tag, {key: value})
        t = etree.SubElement(run, M + "t")
        t.text = said
        if said != said.strip():
            t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    notes.append(note)
    notes[:] = sorted(notes, key=lambda n: split(n.get("ref"))[::-1])
    vml = book.parts[have["vmlDrawing"]].decode()
    z = vml.count("<v:shape ") + 1
    shape = SHAPE.format(id=1024 * number + z, z=z, row=row - 1, column=at - 1, right=at, far=at + 2, down=max(row - 2, 0), bottom=row + 2)  # fmt: skip
    book.parts[have["vmlDrawing"]] = vml.replace("</xml>", shape + "</xml>").encode()


def move_notes(book: ExcelFile, sheet: str, columns: range, goes: Mapping[int, int]) -> None:
    """Notes of sorted rows go with their cells."""
    have = {kind: target for _, kind, target in book.related(book.sheets[sheet])}
    if "comments" not in have:
        return
    notes = book.xml(have["comments"]).find(M + "commentList")
    for note in notes:
        column, row = split(note.get("ref"))
        if column in columns and row in goes:
            note.set("ref", name_of(column, goes[row]))
    notes[:] = sorted(notes, key=lambda n: split(n.get("ref"))[::-1])

    def shape(found: re.Match[str]) -> str:
        row, column = int(found[1]) + 1, int(found[2]) + 1
        to = goes.get(row, row) if column in columns else row
        return f"<x:Row>{to - 1}</x:Row>\n   <x:Column>{column - 1}</x:Column>"

    vml = book.parts[have["vmlDrawing"]].decode()
    book.parts[have["vmlDrawing"]] = re.sub(r"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>", shape, vml).encode()


def link(book: ExcelFile, table: str, where: Mapping[str, object], column: str, url: str) -> None:
    """A hyperlink on a cell."""
    sheet, at, row = _place(book, table, where, column)
    id = book.relate(book.sheets[sheet], "hyperlink", url, external=True)
    links = book.child(sheet, "hyperlinks")
    etree.SubElement(links, M + "hyperlink", {"ref": name_of(at, row), f"{{{OFFICE}}}id": id})


def _drawing_of(book: ExcelFile, sheet: str) -> str:
    part = book.sheets[sheet]
    for _, kind, target in book.related(part):
        if kind == "drawing":
            return target
    name = book.free("xl/drawings/drawing{}.xml")
    book.add_part(name, f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{A}"/>', "application/vnd.openxmlformats-officedocument.drawing+xml")  # fmt: skip
    id = book.relate(part, "drawing", name)
    put(book.sheet(sheet), etree.Element(M + "drawing", {f"{{{OFFICE}}}id": id}))
    return name


def _anchored(book: ExcelFile, sheet: str, at: Sequence[int], inner: str, edit_as: str = "") -> None:
    column, row = at
    corners = ((("from"), column, row), ("to", column + 5, row + 14))
    said = "".join(f"<xdr:{tag}><xdr:col>{c}</xdr:col><xdr:colOff>142875</xdr:colOff><xdr:row>{r}</xdr:row><xdr:rowOff>33337</xdr:rowOff></xdr:{tag}>" for tag, c, r in corners)  # fmt: skip
    mode = f' editAs="{edit_as}"' if edit_as else ""
    anchor = f'<xdr:twoCellAnchor xmlns:xdr="{DRAWING}" xmlns:a="{A}" xmlns:r="{OFFICE}"{mode}>{said}{inner}<xdr:clientData/></xdr:twoCellAnchor>'  # fmt: skip
    book.xml(_drawing_of(book, sheet)).append(etree.fromstring(anchor))


def picture(book: ExcelFile, sheet: str, at: Sequence[int], png: bytes | str, name: str = "图片 1") -> None:
    """A picture over the sheet, its upper left corner in (column, row), 0-based; `png` are its bytes, or their hex."""
    book.add_default("png", "image/png")
    media = book.free("xl/media/image{}.png")
    book.parts[media] = bytes.fromhex(png) if isinstance(png, str) else png
    id = book.relate(_drawing_of(book, sheet), "image", media)
    inner = (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="90" name="{name}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="952500" cy="952500"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
    )
    _anchored(book, sheet, at, inner, "oneCell")


def chart(book: ExcelFile, sheet: str, at: Sequence[int], table: str, categories: str, values: str) -> None:
    """A column chart over two columns of a table, with Excel's caches, style and colours parts."""
    found = book.tables[table]
    rows = found.rows

    def ref(header: str) -> str:
        column = found.column(header)
        area = ref_of((column, rows[0], column, rows[-1]))
        return quoted(found.sheet) + "!" + re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)

    def column(header: str) -> list[str | float | None]:
        return list(book.values(found, header).values())

    title = quoted(found.sheet) + "!$" + re.sub(r"(\d+)", r"$\1", name_of(found.column(values), found.area[1]))
    part = book.free("xl/charts/chart{}.xml")
    xml = chart_xml((title, values), (ref(categories), column(categories)), (ref(values), column(values)))
    book.add_part(part, xml, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
    for word, kind, body in (("style", "chartStyle", STYLE), ("colors", "chartColorStyle", COLORS)):
        name = book.add_part(book.free(f"xl/charts/{word}{{}}.xml"), body, f"application/vnd.ms-office.{kind.lower()}+xml")  # fmt: skip
        book.relate(part, f"{MICROSOFT}/{kind}", name)
    id = book.relate(_drawing_of(book, sheet), "chart", part)
    inner = (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="91" name="图表 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{id}"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    )
    _anchored(book, sheet, at, inner)


def own_sheet(book: ExcelFile, name: str, cells: Mapping[str, Any]) -> None:
    """A sheet of the user's at the end; cells are values, or [formula, value]; equal steps down a column are shared."""
    part = book.free("xl/worksheets/sheet{}.xml")
    root = (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><dimension ref="A1"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="13.5"/><sheetData/><phoneticPr fontId="1" type="noConversion"/>'
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
    )
    book.add_part(part, root, SPREADSHEET + "worksheet+xml")
    id = book.relate(book.workbook, "worksheet", part)
    sheets = book.xml(book.workbook).find(M + "sheets")
    number = 1 + max(int(s.get("sheetId")) for s in sheets)
    etree.SubElement(sheets, M + "sheet", {"name": name, "sheetId": str(number), f"{{{OFFICE}}}id": id})
    for ref, content in cells.items():
        cell = book.cell(name, ref)
        if isinstance(content, list):
            formula, value, *shared = content
            book.put_value(cell, value, formula)
            if (
                shared
            ):  # the first of a run of formulas filled down: [formula, value, "B2:B5"], the others ["", value, ""]
                f = cell.find(M + "f")
                f.set("t", "shared")
                if shared[0]:
                    f.set("ref", shared[0])
                f.set("si", "0")
        else:
            book.put_value(cell, content)


def data_bar(book: ExcelFile, table: str, column: str) -> None:
    """Data bars on a column: the rule of 2007 and, in the extension list, that of 2010."""
    found = book.tables[table]
    at = found.column(column)
    area = ref_of((at, found.rows[0], at, found.rows[-1]))
    guid = "{D2C1F0A4-6B58-4D2E-9F0B-3A51B7C9E001}"
    rule = (
        f'<conditionalFormatting xmlns="{MAIN}" sqref="{area}"><cfRule type="dataBar" priority="99"><dataBar><cfvo type="min"/><cfvo type="max"/>'
        f'<color rgb="FF638EC6"/></dataBar><extLst><ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}" xmlns:x14="{X14}"><x14:id>{guid}</x14:id></ext></extLst></cfRule></conditionalFormatting>'
    )
    put(book.sheet(found.sheet), etree.fromstring(rule))
    extension = (
        f'<ext xmlns="{MAIN}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{X14}"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{XM}">'
        f'<x14:cfRule type="dataBar" id="{guid}"><x14:dataBar minLength="0" maxLength="100" gradient="0"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
        f'<x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule><xm:sqref>{area}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>'
    )
    book.child(found.sheet, "extLst").append(etree.fromstring(extension))


def dropdown(book: ExcelFile, table: str, column: str, choices: Sequence[str]) -> None:
    """A list validation of the user's own on a whole column."""
    found = book.tables[table]
    at = found.column(column)
    validations = book.child(found.sheet, "dataValidations")
    made = etree.SubElement(validations, M + "dataValidation", type="list", allowBlank="1", showInputMessage="1", showErrorMessage="1", sqref=ref_of((at, found.rows[0], at, found.rows[-1])))  # fmt: skip
    etree.SubElement(made, M + "formula1").text = '"' + ",".join(choices) + '"'
    validations.set("count", str(len(validations)))
