"""A small grading book written out by hand, part by part, as Excel writes one that staff have worked in."""

import io
import re
import zipfile
from collections.abc import Mapping

from crmbook.binding import Standing
from crmbook.ooxml import Package, Workbook

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument."
SHEET = "客户分级表"
STRINGS = [
    "序号",
    "客户编号",
    "销售额",
    "占比",
    "我的",
    "备注",
    "A01",
    "B02",
    "C03",
    "记得回访",
    "below",
    "beside",
    "小计",
]

CONTENT_TYPES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="{TYPE}vmlDrawing"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="{TYPE}spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet3.xml" ContentType="{TYPE}spreadsheetml.worksheet+xml"/><Override PartName="/xl/tables/table1.xml" ContentType="{TYPE}spreadsheetml.table+xml"/><Override PartName="/xl/styles.xml" ContentType="{TYPE}spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/calcChain.xml" ContentType="{TYPE}spreadsheetml.calcChain+xml"/><Override PartName="/xl/comments1.xml" ContentType="{TYPE}spreadsheetml.comments+xml"/><Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="application/vnd.ms-excel.threadedcomments+xml"/><Override PartName="/xl/drawings/drawing1.xml" ContentType="{TYPE}drawing+xml"/><Override PartName="/xl/charts/chart1.xml" ContentType="{TYPE}drawingml.chart+xml"/></Types>"""
ROOT_RELS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
WORKBOOK = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="{NS}" xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><workbookPr defaultThemeVersion="124226"/><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="22260" windowHeight="12645"/></bookViews><sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/><sheet name="我的" sheetId="2" r:id="rId2"/><sheet name="_crmbook" sheetId="3" state="hidden" r:id="rId7"/></sheets><definedNames><definedName name="_crm.grading.customer_id" hidden="1">{SHEET}!$B$4</definedName><definedName name="_crm.grading.no">{SHEET}!$A$4</definedName><definedName name="_crm.grading.total.sales" hidden="1">{SHEET}!$C$3</definedName><definedName name="mine">{SHEET}!$D$10</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">{SHEET}!$A$1:$F$7</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">{SHEET}!$A:$B,{SHEET}!$4:$4</definedName></definedNames><calcPr calcId="191029"/></workbook>"""
WORKBOOK_RELS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{REL}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="{REL}/styles" Target="styles.xml"/><Relationship Id="rId4" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId5" Type="{REL}/calcChain" Target="calcChain.xml"/><Relationship Id="rId7" Type="{REL}/worksheet" Target="worksheets/sheet3.xml"/></Relationships>"""
SHEET1_RELS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/table" Target="../tables/table1.xml"/><Relationship Id="rId2" Type="{REL}/comments" Target="../comments1.xml"/><Relationship Id="rId3" Type="{REL}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/><Relationship Id="rId4" Type="{REL}/drawing" Target="../drawings/drawing1.xml"/><Relationship Id="rId5" Type="{REL}/hyperlink" Target="https://example.com/b02" TargetMode="External"/><Relationship Id="rId6" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>"""
SHEET1 = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{NS}" xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{{00000000-0001-0000-0000-000000000000}}"><dimension ref="A3:I13"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="F6" sqref="F6"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><cols><col min="6" max="6" width="30.7109375" customWidth="1"/></cols><sheetData><row r="3" spans="1:9" x14ac:dyDescent="0.25"><c r="C3" s="2"><f>SUBTOTAL(109,crm_grading[销售额])</f><v>60</v></c></row><row r="4" spans="1:9" x14ac:dyDescent="0.25"><c r="A4" s="1" t="s"><v>0</v></c><c r="B4" s="1" t="s"><v>1</v></c><c r="C4" s="1" t="s"><v>2</v></c><c r="D4" s="1" t="s"><v>3</v></c><c r="E4" s="1" t="s"><v>4</v></c><c r="F4" s="1" t="s"><v>5</v></c></row><row r="5" spans="1:9" x14ac:dyDescent="0.25"><c r="A5"><v>1</v></c><c r="B5" t="s"><v>6</v></c><c r="C5" s="2"><v>30</v></c><c r="D5" s="3"><f>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</f><v>0.5</v></c><c r="E5"><f t="shared" ref="E5:E7" si="0">C5*2</f><v>60</v></c><c r="F5" s="4" t="s"><v>9</v></c></row><row r="6" spans="1:9" ht="33" customHeight="1" x14ac:dyDescent="0.25"><c r="A6" s="5"><v>2</v></c><c r="B6" s="5" t="s"><v>7</v></c><c r="C6" s="6"><v>20</v></c><c r="D6" s="6"><f>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</f><v>0.33333333333333331</v></c><c r="E6" s="5"><f t="shared" si="0"/><v>40</v></c><c r="F6" s="5" t="s"><v>13</v></c><c r="H6" t="s"><v>11</v></c><c r="I6"><f>C6+1</f><v>21</v></c></row><row r="7" spans="1:9" x14ac:dyDescent="0.25"><c r="A7"><v>3</v></c><c r="B7" t="s"><v>8</v></c><c r="C7" s="2"><v>10</v></c><c r="D7" s="3"><f>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</f><v>0.16666666666666666</v></c><c r="E7"><f t="shared" si="0"/><v>20</v></c><c r="F7" s="4"/></row><row r="10" spans="1:9" ht="21" customHeight="1" x14ac:dyDescent="0.25"><c r="A10" t="s"><v>10</v></c><c r="D10"><f>SUM(C5:C7)+D13</f><v>61</v></c></row><row r="13" spans="1:9" x14ac:dyDescent="0.25"><c r="D13"><v>1</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A10:C10"/></mergeCells><conditionalFormatting sqref="C5:C7"><cfRule type="expression" dxfId="0" priority="1"><formula>C5=MAX($C$5:$C$7)</formula></cfRule></conditionalFormatting><conditionalFormatting sqref="D13 A10"><cfRule type="expression" dxfId="0" priority="2"><formula>$D13&gt;0</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="F5:F7" xr:uid="{{1}}"><formula1>"a,b"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="B6" r:id="rId5" xr:uid="{{2}}"/></hyperlinks><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><rowBreaks count="1" manualBreakCount="1"><brk id="11" max="16383" man="1"/></rowBreaks><drawing r:id="rId4"/><legacyDrawing r:id="rId3"/><tableParts count="1"><tablePart r:id="rId1"/></tableParts><extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="dataBar" id="{{3}}"><x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule><xm:sqref>D5:D7</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"""
SHEET2 = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{NS}" xmlns:r="{REL}"><dimension ref="A1:A6"/><sheetData><row r="1"><c r="A1"><f>SUM({SHEET}!C5:C7)</f><v>60</v></c></row><row r="2"><c r="A2"><f>{SHEET}!D10</f><v>61</v></c></row><row r="3"><c r="A3"><f>'{SHEET}'!$C$6</f><v>20</v></c></row><row r="4"><c r="A4"><f>SUM(crm_grading[销售额])</f><v>60</v></c></row><row r="5"><c r="A5"><f>VLOOKUP("B02",{SHEET}!$B$4:$F$7,2,FALSE)</f><v>20</v></c></row><row r="6"><c r="A6" t="str"><f>"{SHEET}!D10"</f><v>{SHEET}!D10</v></c></row></sheetData><dataValidations count="1"><dataValidation type="list" sqref="B1:B9"><formula1>{SHEET}!$B$5:$B$7</formula1></dataValidation></dataValidations></worksheet>"""
SHEET3 = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{NS}"><sheetData/></worksheet>"""
TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<table xmlns="{NS}" id="1" name="crm_grading" displayName="crm_grading" ref="A4:F7" totalsRowShown="0"><autoFilter ref="A4:F7"><filterColumn colId="2"><customFilters><customFilter operator="greaterThan" val="0"/></customFilters></filterColumn></autoFilter><sortState ref="A5:F7"><sortCondition descending="1" ref="C5:C7"/></sortState><tableColumns count="6"><tableColumn id="1" name="序号"/><tableColumn id="2" name="客户编号"/><tableColumn id="3" name="销售额" dataDxfId="0"/><tableColumn id="4" name="占比"><calculatedColumnFormula>crm_grading[[#This Row],[销售额]]/SUM(crm_grading[销售额])</calculatedColumnFormula></tableColumn><tableColumn id="9" name="我的"><calculatedColumnFormula>C5*2</calculatedColumnFormula></tableColumn><tableColumn id="6" name="备注"/></tableColumns><tableStyleInfo name="TableStyleLight9" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>"""
STYLES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{NS}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf/><xf/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf/><xf fillId="2" applyFill="1"/><xf fillId="2" applyFill="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>"""
SHARED_STRINGS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{NS}" count="16" uniqueCount="14">'
    + "".join(f"<si><t>{s}</t></si>" for s in STRINGS)
    + '<si><r><t xml:space="preserve">老客户 </t></r><r><rPr><b/></rPr><t>勿扰</t></r></si></sst>'
)
CALC_CHAIN = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<calcChain xmlns="{NS}"><c r="C3" i="1"/><c r="D5"/><c r="D6"/><c r="D7"/><c r="E5"/><c r="E6"/><c r="E7"/><c r="I6"/><c r="D10"/><c r="A1" i="2"/><c r="A2"/><c r="A3"/><c r="A4"/><c r="A5"/><c r="A6"/></calcChain>"""
COMMENTS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<comments xmlns="{NS}"><authors><author>me</author></authors><commentList><comment ref="F5" authorId="0" shapeId="0"><text><t>note on A01</t></text></comment><comment ref="H6" authorId="0" shapeId="0"><text><t>note beside</t></text></comment><comment ref="A10" authorId="0" shapeId="0"><text><t>note below</t></text></comment></commentList></comments>"""
THREADS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="F5" dT="2026-01-01T00:00:00.00" personId="{4}" id="{5}"><text>note on A01</text></threadedComment></ThreadedComments>"""


def _box(row: int, column: int) -> str:
    return f"""<v:shape id="_x0000_s{row}" type="#_x0000_t202" style='position:absolute'><v:textbox><div></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:Anchor>
    {column + 1}, 15, {row - 1}, 10, {column + 3}, 15, {row + 3}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""


VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><br>'
    + _box(4, 5) + _box(5, 7) + _box(9, 0) + "</xml>"
)  # fmt: skip
DRAWING = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>10</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>17</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>18</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="{REL}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor><xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>14</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="914400" cy="264560"/><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="3" name="TextBox 2"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"""
DRAWING_RELS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/chart" Target="../charts/chart1.xml"/></Relationships>"""
CHART = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>{SHEET}!$C$4</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>销售额</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:f>{SHEET}!$B$5:$B$7</c:f><c:strCache><c:ptCount val="3"/><c:pt idx="0"><c:v>A01</c:v></c:pt><c:pt idx="1"><c:v>B02</c:v></c:pt><c:pt idx="2"><c:v>C03</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>{SHEET}!$C$5:$C$7</c:f><c:numCache><c:formatCode>#,##0.00</c:formatCode><c:ptCount val="3"/><c:pt idx="0"><c:v>30</c:v></c:pt><c:pt idx="1"><c:v>20</c:v></c:pt><c:pt idx="2"><c:v>10</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>"""

PARTS: Mapping[str, str] = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": ROOT_RELS,
    "xl/workbook.xml": WORKBOOK,
    "xl/_rels/workbook.xml.rels": WORKBOOK_RELS,
    "xl/worksheets/sheet1.xml": SHEET1,
    "xl/worksheets/_rels/sheet1.xml.rels": SHEET1_RELS,
    "xl/worksheets/sheet2.xml": SHEET2,
    "xl/worksheets/sheet3.xml": SHEET3,
    "xl/tables/table1.xml": TABLE,
    "xl/styles.xml": STYLES,
    "xl/sharedStrings.xml": SHARED_STRINGS,
    "xl/calcChain.xml": CALC_CHAIN,
    "xl/comments1.xml": COMMENTS,
    "xl/threadedComments/threadedComment1.xml": THREADS,
    "xl/drawings/vmlDrawing1.vml": VML,
    "xl/drawings/drawing1.xml": DRAWING,
    "xl/drawings/_rels/drawing1.xml.rels": DRAWING_RELS,
    "xl/charts/chart1.xml": CHART,
}
COLUMNS = {"no": 1, "customer_id": 2, "sales": 3, "share": 4, "note": 6}


def package(changes: Mapping[str, tuple[str, str]] | None = None) -> bytes:
    """The book's bytes; `changes` replaces a piece of text in a part: part → (old, new)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in PARTS.items():
            old, new = (changes or {}).get(name, ("", ""))
            assert old in text
            zipped.writestr(name, text.replace(old, new) if old else text)
    return out.getvalue()


def opened(data: bytes) -> tuple[Workbook, dict[str, Standing]]:
    """The book, with its one form bound: columns by their present headers, the rest unknown."""
    workbook = Workbook(Package.open(data))
    table = workbook.tables["crm_grading"]
    labels = {"no": "序号", "customer_id": "客户编号", "sales": "销售额", "share": "占比", "note": "备注"}
    columns = {
        id: table.first_col + table.columns.index(label) for id, label in labels.items() if label in table.columns
    }
    unknown = tuple(c for c in range(table.first_col, table.last_col + 1) if c not in columns.values())
    return workbook, {"grading": Standing("grading", table.sheet.name, table, columns, unknown, table.last_row)}


def saved(workbook: Workbook) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    workbook.package.save(out)
    return out.getvalue()


def cell(package: Package, part: str, ref: str) -> str:
    """A cell as it stands in a sheet's part; empty if there is none."""
    found = re.search(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)', package.read(part).decode(), re.DOTALL)
    return found[0] if found else ""
