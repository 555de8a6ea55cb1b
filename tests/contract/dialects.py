"""One workbook in the words of other programs: strict, with prefixes, without addresses, with texts in cells."""

import re
from collections.abc import Callable

Parts = dict[str, bytes]
TRANSITIONAL = (b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/")
OF_STRICT = (b"spreadsheetml/2006/main", b"officeDocument/2006/relationships", b"drawingml/2006/")
SHEET = re.compile(
    r"xl/(?:worksheets/sheet\d+|workbook|tables/table\d+|comments\d*|sharedStrings|styles|pivot\w+/\w+)\.xml"
)
SHARED = re.compile(rb'<c( [^>]*?) t="s"([^>]*)><v>(\d+)</v></c>')


def excel(parts: Parts) -> Parts:
    return parts


def strict(parts: Parts) -> Parts:
    """The ISO standard's own namespaces."""

    def said(data: bytes) -> bytes:
        for name in OF_STRICT:
            data = data.replace(TRANSITIONAL[0] + name, TRANSITIONAL[1] + name.replace(b"/2006", b""))
        return data

    return {n: said(d) if n.endswith((".xml", ".rels")) else d for n, d in parts.items()}


def prefixed(parts: Parts) -> Parts:
    """Every element of a spreadsheet with a prefix, as Microsoft's own library for programmers writes it."""

    def said(data: bytes) -> bytes:
        data = re.sub(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])", rb"<\1x:\2", data)
        return data.replace(b'xmlns="http://schemas.openxmlformats.org/spreadsheetml', b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml')  # fmt: skip

    return {n: said(d) if SHEET.fullmatch(n) else d for n, d in parts.items()}


def bare(parts: Parts) -> Parts:
    """Cells without addresses, where they stand side by side from the first column on."""

    def row(found: re.Match[bytes]) -> bytes:
        columns = re.findall(rb'<c r="([A-Z]+)\d+"', found[0])
        if columns != [bytes([65 + i]) for i in range(len(columns))]:
            return found[0]
        return re.sub(rb'<c r="[A-Z]+\d+"', b"<c", found[0])

    name = "xl/worksheets/sheet1.xml"
    return {**parts, name: re.sub(rb"<row .*?</row>", row, parts[name])}


def inline(parts: Parts) -> Parts:
    """Texts in the cells themselves, and no shared strings."""
    items = re.findall(rb"<si(?:/>|>(.*?)</si>)", parts["xl/sharedStrings.xml"], re.DOTALL)

    def cell(found: re.Match[bytes]) -> bytes:
        return b'<c%s t="inlineStr"%s><is>%s</is></c>' % (found[1], found[2], items[int(found[3])])

    return {n: SHARED.sub(cell, d) if n.startswith("xl/worksheets/sheet") else d for n, d in parts.items()}


def libreoffice(parts: Parts) -> Parts:
    """As LibreOffice saves: formulas marked, names no longer hidden, no formula of a table's column."""

    def said(name: str, data: bytes) -> bytes:
        if name.startswith("xl/worksheets/sheet"):
            return data.replace(b"<f>", b'<f aca="false">')
        if name == "xl/workbook.xml":
            return data.replace(b' hidden="1"', b' function="false" hidden="false" vbProcedure="false"')
        return re.sub(rb"<calculatedColumnFormula>.*?</calculatedColumnFormula>", b"", data)

    return {n: said(n, d) if not n.endswith((".png", ".vml")) else d for n, d in parts.items()}


def wps(parts: Parts) -> Parts:
    """As WPS saves: its own namespace and extension, lines between the parts of the XML."""
    book = parts["xl/workbook.xml"].replace(b"<workbook ", b'<workbook xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" ')  # fmt: skip
    made = {**parts, "xl/workbook.xml": book}
    return {n: d.replace(b"\n", b"\r\n", 1) if n.endswith(".xml") else d for n, d in made.items()}


def single(parts: Parts) -> Parts:
    """Attributes in single quotes, where they hold none, as some libraries write them; VML is left alone."""

    def tag(found: re.Match[bytes]) -> bytes:
        return re.sub(rb"=\"([^\"']*)\"", rb"='\1'", found[0])

    return {
        n: re.sub(rb"<[A-Za-z](?:[^<>\"]|\"[^\"]*\")*>", tag, d) if n.endswith(".xml") else d for n, d in parts.items()
    }


def utf16(parts: Parts) -> Parts:
    """What stands around the sheets in UTF-16; the sheets themselves are not, as calamine does not read those."""

    def said(data: bytes) -> bytes:
        return data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    around = re.compile(r"xl/(?:tables|comments|threadedComments|drawings|charts|ctrlProps|pivot\w+)[^_]*\.xml")
    return {n: said(d) if around.fullmatch(n) else d for n, d in parts.items()}


def google(parts: Parts) -> Parts:
    """As Google's tables are exported: every row with a height of its own, `xml:space` on none, no revision marks."""
    name = "xl/worksheets/sheet1.xml"
    sheet = re.sub(rb"<row r=\"(\d+)\">", rb'<row r="\1" ht="15.75">', parts[name])
    return {**parts, name: sheet}


DIALECTS: tuple[Callable[[Parts], Parts], ...] = (
    excel,
    strict,
    prefixed,
    bare,
    inline,
    libreoffice,
    wps,
    google,
    single,
    utf16,
)
