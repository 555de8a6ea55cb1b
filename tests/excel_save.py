"""The everyday traces a save by Excel leaves in every part, whatever the user did."""

import re
import uuid

from lxml import etree

from tests.excel_file import MAIN, SPREADSHEET, ExcelFile, M
from tests.excel_references import ref_of, split

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
XR = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
XR2 = "http://schemas.microsoft.com/office/spreadsheetml/2015/revision2"
XR3 = "http://schemas.microsoft.com/office/spreadsheetml/2016/revision3"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
X15AC = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
PREFIXES = {"x14ac": AC, "xr": XR, "xr2": XR2, "xr3": XR3}
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def as_saved_by_excel(book: ExcelFile) -> None:
    """Shared strings, spans, dyDescent, revision ids, calculation chain and properties, as Excel renews them."""
    for number, part in enumerate(book.sheets.values(), 1):
        _sheet(book, part, number)
    for table in book.tables.values():
        renewed = with_prefixes(table.root, PREFIXES, "xr xr3")
        renewed.set(f"{{{XR}}}uid", _uid(table.root.get("displayName")))
        for column in renewed.iter(M + "tableColumn"):
            column.set(f"{{{XR3}}}uid", _uid(table.root.get("displayName") + column.get("id")))
        book._trees[table.part] = renewed
    strings = book._string_table()
    used = sum(1 for part in book.sheets.values() for c in book.xml(part).iter(M + "c") if c.get("t") == "s")
    strings.set("count", str(used))
    strings.set("uniqueCount", str(len(strings)))
    _workbook(book)
    _calc_chain(book)
    _app(book)


def _uid(seed: str) -> str:
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, seed)).upper() + "}"


def with_prefixes(root: etree._Element, prefixes: dict[str, str], ignorable: str) -> etree._Element:
    """The same element with Excel's namespaces declared and marked as ignorable."""
    text = etree.tostring(root, encoding="unicode")
    new = {p: uri for p, uri in {"mc": MC, **prefixes}.items() if p not in root.nsmap}
    start = re.match(r"<[^\s/>]+", text)[0]
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in new.items())
    made = etree.fromstring(start + declared + text[len(start) :])
    made.set(f"{{{MC}}}Ignorable", ignorable)
    return made


def _sheet(book: ExcelFile, part: str, number: int) -> None:
    root = with_prefixes(book.xml(part), PREFIXES, "x14ac xr xr2 xr3")
    root.set(f"{{{XR}}}uid", f"{{00000000-0001-0000-{number - 1:02X}00-000000000000}}")
    book._trees[part] = root
    root.find(M + "sheetFormatPr").set(f"{{{AC}}}dyDescent", "0.15")
    spans: dict[int, tuple[int, int]] = {}
    lowest, highest = 10**9, 0
    rows = root.find(M + "sheetData")
    for row in rows:
        row.set(f"{{{AC}}}dyDescent", "0.15")
        columns = [split(c.get("r"))[0] for c in row]
        if columns:
            block = (int(row.get("r")) - 1) // 16
            low, high = spans.get(block, (10**9, 0))
            spans[block] = (min(low, columns[0]), max(high, columns[-1]))
            lowest, highest = min(lowest, columns[0]), max(highest, columns[-1])
        for cell in row:
            if cell.get("t") == "inlineStr":
                text = "".join(t.text or "" for t in cell.iter(M + "t"))
                book.put_value(cell, text)
    dimension = root.find(M + "dimension")
    if dimension is not None and highest:
        dimension.set("ref", ref_of((lowest, int(rows[0].get("r")), highest, int(rows[-1].get("r")))))
    for row in rows:
        block = (int(row.get("r")) - 1) // 16
        if block in spans:
            row.set("spans", f"{spans[block][0]}:{spans[block][1]}")


def _workbook(book: ExcelFile) -> None:
    root = with_prefixes(book.xml(book.workbook), {"x15": X15, "xr": XR}, "x15 xr")
    book._trees[book.workbook] = root
    for old in root.findall(M + "fileVersion"):
        root.remove(old)
    version = {"appName": "xl", "lastEdited": "7", "lowestEdited": "7", "rupBuild": "27328"}
    root.insert(0, etree.Element(M + "fileVersion", version))
    names = root.find(M + "definedNames")
    if names is not None:
        names[:] = sorted(names, key=lambda n: (n.get("name").lower(), int(n.get("localSheetId", "-1"))))
    calculation = root.find(M + "calcPr")
    if calculation is not None:
        calculation.attrib.clear()
        calculation.set("calcId", "191029")


def _calc_chain(book: ExcelFile) -> None:
    chain = etree.Element(M + "calcChain", nsmap={None: MAIN})
    ids = [s.get("sheetId") for s in book.xml(book.workbook).iter(M + "sheet")]
    for id, part in zip(ids, book.sheets.values(), strict=True):
        for cell in book.xml(part).iter(M + "c"):
            if cell.find(M + "f") is not None:
                etree.SubElement(chain, M + "c", r=cell.get("r"), i=id)
    present = [target for _, kind, target in book.related(book.workbook) if kind == "calcChain"]
    if present:
        book._trees[present[0]] = chain
    elif len(chain):
        name = book.add_part("xl/calcChain.xml", etree.tostring(chain).decode(), SPREADSHEET + "calcChain+xml")
        book.relate(book.workbook, "calcChain", name)


def _app(book: ExcelFile) -> None:
    names = list(book.sheets)
    titles = "".join(f"<vt:lpstr>{n.replace('&', '&amp;')}</vt:lpstr>" for n in names)
    body = (
        f'<Properties xmlns="{PROPERTIES}" xmlns:vt="{VT}"><Application>Microsoft Excel</Application><DocSecurity>0</DocSecurity><ScaleCrop>false</ScaleCrop>'
        f'<HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant><vt:lpstr>工作表</vt:lpstr></vt:variant><vt:variant><vt:i4>{len(names)}</vt:i4></vt:variant></vt:vector></HeadingPairs>'
        f'<TitlesOfParts><vt:vector size="{len(names)}" baseType="lpstr">{titles}</vt:vector></TitlesOfParts><LinksUpToDate>false</LinksUpToDate><SharedDoc>false</SharedDoc>'
        "<HyperlinksChanged>false</HyperlinksChanged><AppVersion>16.0300</AppVersion></Properties>"
    )
    for _, kind, target in book.related(""):
        if kind == "extended-properties":
            book._trees[target] = etree.fromstring(body)
