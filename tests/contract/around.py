"""What a user has around the cells: formats, rules, drawings, controls, charts, names, tables and pivots of their own."""

from tests.contract.draft import DRAWING, MAIN, OFFICE, SML, X14, XM, A, Draft
from tests.contract.on_cells import KINDS, asked, box, spot, target
from tests.excel_file import CHART
from tests.excel_references import name_of, quoted, ref_of
from tests.staff import png

CHARTEX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
EXTENSION = '<ext uri="{{{uri}}}" xmlns:x14="{x14}"><x14:{list}>{body}</x14:{list}></ext>'


def area(draft: Draft, a: int, b: int) -> tuple[str, str]:
    """Where a format or a rule reaches, and its first cell: a column of the table, whole or with what is above; named rows;
    the whole sheet; two of these."""
    row, column = spot(draft, a)
    low = draft.marked(b, 3)
    found = (
        draft.column(a, sheet=False, fixed=False),
        draft.column(a, above=1, sheet=False, fixed=False),
        draft.ref(low, column, bottom=low + 2),
        draft.ref(row, column),
        f"{draft.column(a, sheet=False, fixed=False)} {draft.ref(row, draft.right + 6)}",
        "A1:XFD1048576",
        draft.ref(draft.first, draft.right + 4, bottom=draft.marked(b), right=draft.right + 5),
    )[b % 7]
    return found, found.partition(":")[0].split()[0]


def conditional(draft: Draft, a: int, b: int) -> None:
    """A conditional format, of 2007 or in the extensions of 2010."""
    where, first = area(draft, a, b)
    over = target(draft, b // 7, sheet=False)
    priority = 100 + draft.number()
    if b % 2:
        draft.add("conditionalFormatting", f'<conditionalFormatting sqref="{where}"><cfRule type="expression" dxfId="0" priority="{priority}"><formula>{first}=MAX({over})</formula></cfRule></conditionalFormatting>')  # fmt: skip
    else:
        draft.add("x14cf", f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="expression" priority="{priority}" id="{{{priority}}}"><xm:f>{over}&gt;1</xm:f><x14:dxf/></x14:cfRule><xm:sqref>{where}</xm:sqref></x14:conditionalFormatting>')  # fmt: skip


def validation(draft: Draft, a: int, b: int) -> None:
    """A dropdown, of 2007 or in the extensions of 2010."""
    where, _ = area(draft, a, b)
    over = target(draft, b // 7 // 2 * 2, sheet=b % 2 == 0)
    if a % 2:
        draft.add("dataValidations", f'<dataValidation type="list" allowBlank="1" sqref="{where}"><formula1>{over}</formula1></dataValidation>')  # fmt: skip
    else:
        draft.add("x14dv", f'<x14:dataValidation type="list" xmlns:xm="{XM}"><x14:formula1><xm:f>{over}</xm:f></x14:formula1><xm:sqref>{where}</xm:sqref></x14:dataValidation>')  # fmt: skip


def ranges(draft: Draft, a: int, b: int) -> None:
    """Ranges that may be edited, errors that are ignored, cells that are watched, scenarios, page breaks."""
    where, _ = area(draft, a, b // 5)
    row, column = spot(draft, a)
    ref = name_of(column, row)
    if b % 5 == 0:
        draft.add("protectedRanges", f'<protectedRange sqref="{where}" name="p{draft.number()}"/>')
    elif b % 5 == 1:
        draft.add("ignoredErrors", f'<ignoredError sqref="{where}" numberStoredAsText="1"/>')
    elif b % 5 == 2:
        draft.add("cellWatches", f'<cellWatch r="{ref}"/>')
    elif b % 5 == 3:
        draft.add(
            "scenarios", f'<scenario name="s{draft.number()}" count="1"><inputCells r="{ref}" val="1"/></scenario>'
        )
    else:
        draft.add("rowBreaks", f'<brk id="{draft.marked(a)}" max="16383" man="1"/>')


def sparkline(draft: Draft, a: int, b: int) -> None:
    """A sparkline under, beside or above the table."""
    row, column = spot(draft, a)
    over = target(draft, KINDS * (b // KINDS) + (0, 2, 3)[b % 3], sheet=True)
    # Beside a table of one row nobody can tell whether it draws its own row or the whole column.
    if draft.first <= row <= draft.last:
        return
    if not draft.take(row, column, row, column):
        return
    draft.add("x14sparks", f"<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>{over}</xm:f><xm:sqref>{name_of(column, row)}</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>")  # fmt: skip


def extensions(draft: Draft) -> None:
    """The extensions put together: one list of each kind in a sheet."""
    kinds = (("x14cf", "78C0D931-6437-407d-A8EE-F0AAD7539E65", "conditionalFormattings"), ("x14dv", "CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF", "dataValidations"), ("x14sparks", "05C60535-1F16-4fd2-B633-F4F36F0B64E0", "sparklineGroups"))  # fmt: skip
    for kind, uri, name in kinds:
        if body := "".join(draft.tail.pop(kind, [])):
            held = EXTENSION.format(uri=uri, x14=X14, list=name, body=body)
            draft.add("extLst", held.replace("sparklineGroups>", f'sparklineGroups xmlns:xm="{XM}">', 1))


def anchor(draft: Draft, sheet: str, row: int, column: int, kind: int, inner: str, rows: int = 2) -> None:
    """Something drawn on a sheet, fixed by two cells, by one, or by none."""
    drawn = draft.tail.setdefault(f"drawn {sheet}", [])

    def corner(tag: str, c: int, r: int) -> str:
        return f"<xdr:{tag}><xdr:col>{c}</xdr:col><xdr:colOff>9525</xdr:colOff><xdr:row>{r}</xdr:row><xdr:rowOff>9525</xdr:rowOff></xdr:{tag}>"  # fmt: skip

    start = corner("from", column - 1, row - 1)
    drawn.append(
        (
            f'<xdr:twoCellAnchor editAs="oneCell">{start}{corner("to", column + 1, row - 1 + rows)}{inner}<xdr:clientData/></xdr:twoCellAnchor>',
            f'<xdr:oneCellAnchor>{start}<xdr:ext cx="914400" cy="264560"/>{inner}<xdr:clientData/></xdr:oneCellAnchor>',
            f'<xdr:absoluteAnchor><xdr:pos x="0" y="{row}"/><xdr:ext cx="9" cy="9"/>{inner}<xdr:clientData/></xdr:absoluteAnchor>',
        )[kind % 3]
    )
    at = 1 if sheet == draft.table_sheet else 2
    part = f"xl/drawings/drawing{at}.xml"
    draft.part(part, f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{A}" xmlns:r="{OFFICE}">{"".join(drawn)}</xdr:wsDr>', "application/vnd.openxmlformats-officedocument.drawing+xml")  # fmt: skip
    if len(drawn) == 1:
        id = draft.relate(sheet, "drawing", part)
        draft.add("drawing" if at == 1 else "own", f'<drawing r:id="{id}"/>')


def picture(draft: Draft, a: int, b: int) -> None:
    """A picture, or a shape that shows the text of a cell; on the form's sheet or on the user's."""
    row, column = spot(draft, a)
    sheet = draft.own_sheet if b % 4 == 0 else draft.table_sheet
    of = draft.ref(draft.marked(a), draft.left, sheet=True, fixed=True)
    inner = f'<xdr:sp macro="" textlink="{of}"><xdr:nvSpPr><xdr:cNvPr id="3" name="t"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'  # fmt: skip
    if b % 2:
        media = f"xl/media/image{draft.number()}.png"
        draft.part(media, png(1), "")
        id = draft.relate(f"xl/drawings/drawing{1 if sheet == draft.table_sheet else 2}.xml", "image", media)
        inner = f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="p"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{id}"/></xdr:blipFill><xdr:spPr/></xdr:pic>'  # fmt: skip
    anchor(draft, sheet, row, column, b, inner)


def photo(draft: Draft, a: int, b: int) -> None:
    """A picture within a row of the table: it belongs to whom the row is about."""
    row, column = asked(draft, a)
    media = f"xl/media/image{draft.number()}.png"
    draft.part(media, png(1), "")
    id = draft.relate("xl/drawings/drawing1.xml", "image", media)
    inner = f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="photo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{id}"/></xdr:blipFill><xdr:spPr/></xdr:pic>'  # fmt: skip
    anchor(draft, draft.table_sheet, row, column, 0, inner, rows=0)


def control(draft: Draft, a: int, b: int) -> None:
    """A box to tick: its properties, its place in the sheet, its shape in the VML drawing."""
    row, column = spot(draft, a)
    linked, offered = target(draft, b // KINDS * KINDS, sheet=b % 2 == 0), draft.column(a)
    more = f"<x:FmlaLink>{linked}</x:FmlaLink><x:Checked>1</x:Checked>"
    shape = box(draft, "Checkbox", column - 1, row - 1, column + 1, row + 1, more)
    part = draft.part(f"xl/ctrlProps/ctrlProp{draft.number()}.xml", f'<formControlPr xmlns="{X14}" objectType="Drop" fmlaLink="{linked}" fmlaRange="{offered}"/>', "application/vnd.ms-excel.controlproperties+xml")  # fmt: skip
    id = draft.relate(draft.table_sheet, "ctrlProp", part)
    corners = "".join(f"<{tag}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{r}</xdr:row><xdr:rowOff>0</xdr:rowOff></{tag}>" for tag, r in (("from", row - 1), ("to", row + 1)))  # fmt: skip
    draft.add("controls", f'<mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="{shape}" r:id="{id}" name="c"><controlPr linkedCell="{linked}" listFillRange="{offered}"><anchor moveWithCells="1">{corners}</anchor></controlPr></control></mc:Choice></mc:AlternateContent>')  # fmt: skip


def chart(draft: Draft, a: int, b: int) -> None:
    """A chart of the user's over columns of the table, or over two ranges or a name; an older or a newer one."""
    number = draft.number()
    column, words = draft.column(2), draft.column(1)
    values = (
        column,
        f"({column},{draft.ref(draft.marked(b), draft.left + 2, sheet=True, fixed=True)})",
        draft.column(3),
    )[b % 3]
    if b % 4 < 3:
        label = draft.ref(draft.header, draft.left + 2, sheet=True, fixed=True)
        xml = f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{A}"><c:chart><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>{label}</c:f></c:strRef></c:tx><c:cat><c:strRef><c:f>{words}</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>{values}</c:f></c:numRef></c:val></c:ser></c:barChart></c:plotArea><c:plotVisOnly val="0"/></c:chart></c:chartSpace>'  # fmt: skip
        part = draft.part(f"xl/charts/chart{number}.xml", xml, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")  # fmt: skip
        frame, spaces, kind = "c:chart", f'xmlns:c="{CHART}"', "chart"
    else:
        xml = f'<cx:chartSpace xmlns:cx="{CHARTEX}"><cx:chartData><cx:data id="0"><cx:numDim type="val"><cx:f>{column}</cx:f><cx:nf>{draft.ref(draft.header, draft.left, sheet=True)}</cx:nf><cx:lvl ptCount="1"><cx:pt idx="0">1</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData></cx:chartSpace>'  # fmt: skip
        part = draft.part(f"xl/charts/chartEx{number}.xml", xml, "application/vnd.ms-office.chartex+xml")
        frame, spaces, kind = "cx:chart", f'xmlns:cx="{CHARTEX}"', "http://schemas.microsoft.com/office/2014/relationships/chartEx"  # fmt: skip
    sheet = (draft.own_sheet, draft.table_sheet)[a % 2]
    id = draft.relate(f"xl/drawings/drawing{2 - a % 2}.xml", kind, part)
    row, column_at = spot(draft, a)
    inner = f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="9" name="c"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><a:graphic><a:graphicData><{frame} {spaces} r:id="{id}"/></a:graphicData></a:graphic></xdr:graphicFrame>'  # fmt: skip
    anchor(draft, sheet, row, column_at, 0, inner)


def name(draft: Draft, a: int, b: int) -> None:
    """A name of the whole book, of one sheet, or the area that is printed."""
    of = target(draft, a, sheet=True)
    local = f' localSheetId="{b % 3 - 1}"' if b % 3 else ""
    called = f"mine{draft.number()}"
    if b % 3 == 1 and not any("Print_Area" in n for n in draft.names):
        called = "_xlnm.Print_Area"
    draft.names.append(f'<definedName name="{called}"{local}>{of}</definedName>')


def table(draft: Draft, a: int, b: int) -> None:
    """Another table, under the form's or beside it, with a filter and a formula down its column."""
    top, left = (draft.marked(a, 3), draft.right + 2 + a % 2) if b % 2 else (draft.header, draft.right + 9)
    if top == draft.header and draft.totals:
        return
    bottom = top + (2 if b % 2 else min(2, len(draft.keys)))
    if b % 4 == 0:  # beside the form and past its end: rows may come to be put in across it
        bottom = draft.marked(a)
    if not draft.take(top, left, bottom, left + 1):
        return
    number = 1 + draft.number()
    for column, header in ((left, "甲"), (left + 1, "乙")):
        draft.cells[top, column] = draft.text(header)
        for row in range(top + 1, bottom + 1):
            formula = f"{name_of(left, row)}+{draft.ref(draft.marked(a), draft.left, fixed=True)}"
            draft.cells[row, column] = f"><f>{formula}</f><v>0</v>" if column > left else f"><v>{row}</v>"
    ref = ref_of((left, top, left + 1, bottom))
    formula = f"{name_of(left, top + 1)}+{draft.ref(draft.marked(a), draft.left, fixed=True)}"
    part = draft.part(f"xl/tables/table{number}.xml", f'<table xmlns="{MAIN}" id="{number}" name="t{number}" displayName="t{number}" ref="{ref}" totalsRowShown="0"><autoFilter ref="{ref}"/><sortState ref="{name_of(left, top + 1)}:{name_of(left + 1, bottom)}"><sortCondition ref="{name_of(left, top + 1)}:{name_of(left, bottom)}"/></sortState><tableColumns count="2"><tableColumn id="1" name="甲"/><tableColumn id="2" name="乙"><calculatedColumnFormula>{formula}</calculatedColumnFormula></tableColumn></tableColumns></table>', SML + "table+xml")  # fmt: skip
    draft.add("tableParts", f'<tablePart r:id="{draft.relate(draft.table_sheet, "table", part)}"/>')


def pivot(draft: Draft, a: int, b: int) -> None:
    """A pivot table over the form (by its table, its range, a name), standing under the form or on the user's sheet."""
    number = draft.number()
    area = draft.ref(draft.header, draft.left, bottom=draft.last, right=draft.right)
    source = (f'name="{"crm_grading"}"', f'ref="{area}" sheet="{draft.sheet}"', f'name="source{number}"')[b % 3]
    draft.names.append(f'<definedName name="source{number}">{quoted(draft.sheet)}!{area}</definedName>')
    row = draft.marked(a, 2)
    if b % 2 and not draft.take(row, draft.right + 2, row + 1, draft.right + 3):
        return
    if b % 2:
        for column in (draft.right + 2, draft.right + 3):
            draft.cells[row, column] = draft.cells[row + 1, column] = draft.text(f"透{number}")
    place = ref_of((draft.right + 2, row, draft.right + 3, row + 1)) if b % 2 else "H1:I2"
    sheet = draft.table_sheet if b % 2 else draft.own_sheet
    records = draft.part(f"xl/pivotCache/pivotCacheRecords{number}.xml", f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>', SML + "pivotCacheRecords+xml")  # fmt: skip
    cache = draft.part(f"xl/pivotCache/pivotCacheDefinition{number}.xml", f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1"><cacheSource type="worksheet"><worksheetSource {source}/></cacheSource><cacheFields count="0"/></pivotCacheDefinition>', SML + "pivotCacheDefinition+xml")  # fmt: skip
    draft.relate(cache, "pivotCacheRecords", records)
    draft.add("pivotCaches", f'<pivotCache cacheId="{number}" r:id="rId{100 + len(draft.related.get("xl/workbook.xml", []))}"/>')  # fmt: skip
    draft.relate("xl/workbook.xml", "pivotCacheDefinition", cache)
    part = draft.part(f"xl/pivotTables/pivotTable{number}.xml", f'<pivotTableDefinition xmlns="{MAIN}" name="p{number}" cacheId="{number}" dataCaption="值"><location ref="{place}" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/></pivotTableDefinition>', SML + "pivotTable+xml")  # fmt: skip
    draft.relate(sheet, "pivotTable", part)


def foreign(draft: Draft, a: int, b: int) -> None:
    """Parts that are nobody's business here: a query with its parameter, printer settings, a part of one's own."""
    if b % 2 and "xl/connections.xml" not in draft.parts:
        part = draft.part("xl/connections.xml", f'<connections xmlns="{MAIN}"><connection id="1" refreshedVersion="1"><parameters><parameter name="p" cell="{target(draft, a // KINDS * KINDS, sheet=True)}"/></parameters></connection></connections>', SML + "connections+xml")  # fmt: skip
        draft.relate("xl/workbook.xml", "connections", part)
    elif "customXml/item1.xml" not in draft.parts:
        draft.part("customXml/item1.xml", "<mine>A5:C7</mine>", "")


def protection(draft: Draft, a: int, b: int) -> None:
    draft.tail["sheetProtection"] = ['<sheetProtection sheet="1" password="CC1A" objects="1"/>']


AROUND = (conditional, validation, ranges, sparkline, picture, photo, control, chart, name, table, pivot, foreign, protection)  # fmt: skip
