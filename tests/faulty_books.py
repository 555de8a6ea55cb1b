"""The ways a workbook is known to be broken so that Excel repairs or refuses it, each done to a book of crmbook's.

A way is an edit of the book's parts; the place it is done at is a form that asks (订单) or one that shows (客户分级表).
"""

import io
import re
import zipfile
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

Parts = MutableMapping[str, bytes]
BOOK, TYPES, STYLES, CHART = "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml", "xl/charts/chart1.xml"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Place:
    """A form's sheet: its number and, in it, the rows and columns that the ways speak of."""

    sheet: int
    header: int
    columns: int
    last: int

    def fill(self, text: str) -> str:
        """The text with the place's own parts, rows and cells in it."""
        right = chr(ord("A") + self.columns - 1)
        known = {"right": right, "beyond": chr(ord(right) + 1), "h": self.header, "r": self.header + 1, "s": self.header + 2, "last": self.last}  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda found: str(known[found[1]]), text)


ORDERS, GRADING = Place(6, 4, 12, 20), Place(1, 24, 23, 31)
CELL, ROW = r'<c r="{0}"[^>]*?(?:/>|>.*?</c>)', r'<row r="{0}"[^>]*?(?:/>|>.*?</row>)'
FORMULA = r"<f>[^<]*</f>"
LISTED = r"<formula1>[^<]*</formula1>"


def cell(name: str) -> str:
    return CELL.replace("{0}", name)


def row(number: str) -> str:
    return ROW.replace("{0}", number)


def put(part: str, pattern: str, by: str, times: int = 1) -> Callable[[Parts, Place], None]:
    """An edit that replaces a pattern in a part; `sheet`, `links` and `table` are those of the place."""

    def edit(parts: Parts, place: Place) -> None:
        own = {"sheet": f"xl/worksheets/sheet{place.sheet}.xml", "links": f"xl/worksheets/_rels/sheet{place.sheet}.xml.rels", "table": f"xl/tables/table{place.sheet}.xml"}  # fmt: skip
        name = own.get(part, part)
        text = parts[name].decode()
        text, count = re.subn(place.fill(pattern), place.fill(by), text, count=times, flags=re.DOTALL)
        assert count, f"{pattern} is not in {name}"
        parts[name] = text.encode()

    return edit


def formula(by: str) -> Callable[[Parts, Place], None]:
    """A formula of somebody's, far to the right in the first row."""
    return put("sheet", r'(<row r="1"[^>]*>)(.*?)(</row>)', rf'\1\2<c r="ZZ1">{by}<v>1</v></c>\3')


def twin_table(parts: Parts, place: Place) -> None:
    table = parts[f"xl/tables/table{place.sheet}.xml"]
    name = re.search(rb'displayName="([^"]*)"', table)[1]
    parts["xl/tables/table99.xml"] = table.replace(name, b"Twin").replace(b' ref="A', b' ref="ZA').replace(b":", b":Z")
    put(TYPES, "</Types>", f'<Override PartName="/xl/tables/table99.xml" ContentType="{TYPE}.table+xml"/></Types>')(parts, place)  # fmt: skip
    put("links", "</Relationships>", f'<Relationship Id="rId98" Type="{RELATED}/table" Target="../tables/table99.xml"/></Relationships>')(parts, place)  # fmt: skip
    put("sheet", "<tableParts[^>]*>(.*?)</tableParts>", rf'<tableParts count="2">\1<tablePart xmlns:r="{RELATED}" r:id="rId98"/></tableParts>')(parts, place)  # fmt: skip


def chain(parts: Parts, place: Place) -> None:
    parts["xl/calcChain.xml"] = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="2"/><c r="B7" i="99"/></calcChain>'  # fmt: skip
    put(TYPES, "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPE}.calcChain+xml"/></Types>')(parts, place)  # fmt: skip
    put("xl/_rels/workbook.xml.rels", "</Relationships>", f'<Relationship Id="rId97" Type="{RELATED}/calcChain" Target="calcChain.xml"/></Relationships>')(parts, place)  # fmt: skip


def twin_anchor(parts: Parts, place: Place) -> None:
    name = next(n for n in parts if n.startswith("xl/drawings/drawing"))
    anchor = re.search(rb"<(\w+:)?(?:one|two)CellAnchor.*?</(\w+:)?(?:one|two)CellAnchor>", parts[name], re.DOTALL)[0]
    parts[name] = parts[name].replace(anchor, anchor * 2)


def without_table(parts: Parts, place: Place) -> None:
    del parts[f"xl/tables/table{place.sheet}.xml"]


NAME = '<definedName name="mine">$A$1</definedName>'
OF_NO_SHEET = NAME.replace(" name", ' localSheetId="99" name')
WAYS: dict[str, Callable[[Parts, Place], None]] = {
    "a header that is not the column's name": put("table", r'(<tableColumn id="2" name=)"[^"]*"', r'\1"改名"'),
    "two columns of one name": put("table", r'(<tableColumn id="2" name="([^"]*)".*?<tableColumn id="3" name=)"[^"]*"', r'\1"\2"'),
    "a table wider than its columns": put("table", r'ref="A{h}:{right}', 'ref="A{h}:{beyond}', 2),
    "a table of nothing but its header": put("table", r'ref="A{h}:{right}\d+"', 'ref="A{h}:{right}{h}"', 2),
    "a table named as a name": put(BOOK, "<definedNames>", f"<definedNames>{NAME.replace('mine', 'crm_orders')}"),
    "a filter longer than its table": put("table", r'<autoFilter ref="A{h}:{right}\d+"', '<autoFilter ref="A{h}:{right}99"'),
    "two tables of one id": twin_table,
    "merged cells that overlap": put("sheet", "</mergeCells>", '<mergeCell ref="A1:C3"/><mergeCell ref="B2:D4"/></mergeCells>'),
    "cells out of order": put("sheet", f"({cell('A{r}')})({cell('B{r}')})", r"\2\1"),
    "rows out of order": put("sheet", f"({row('{r}')})({row('{s}')})", r"\2\1"),
    "a cell twice": put("sheet", f"({cell('A{r}')})", r"\1\1"),
    "a row twice": put("sheet", f"({row('{r}')})", r"\1\1"),
    "a cell that names another row": put("sheet", 'r="B{r}"', 'r="B{last}"'),
    "a text that is not there": put("sheet", cell("B{r}"), '<c r="B{r}" t="s"><v>9999</v></c>'),
    "a format that is not there": put("sheet", r'(<c r="B{r}") s="\d+"', r'\1 s="99999"'),
    "elements out of order": put("sheet", "(<dataValidations.*?</dataValidations>)(.*)(<tableParts)", r"\2\1\3"),
    "merges behind the limits": put("sheet", "(<mergeCells.*?</mergeCells>)(.*?)(<tableParts)", r"\2\1\3"),
    "a list of more than 255 characters": put("sheet", LISTED, f'<formula1>"{",".join(["items"] * 60)}"</formula1>'),
    "a wrong count of limits": put("sheet", r'<dataValidations count="\d+"', '<dataValidations count="77"'),
    "a limit that stands nowhere": put("sheet", r'(<dataValidation [^>]*sqref=)"[^"]*"', r'\1"B2:"'),
    "a prompt that is too long": put("sheet", '<dataValidation [^>]*?(sqref="[^"]*")[^>]*?(/?>)', rf'<dataValidation type="list" \1 promptTitle="{"x" * 40}"\2'),
    "a conditional format that is not there": put("sheet", "(<dataValidations )", r'<conditionalFormatting sqref="A1"><cfRule type="cellIs" operator="equal" dxfId="777" priority="9"><formula>1</formula></cfRule></conditionalFormatting>\1'),
    "a character that XML has not": put("sheet", "</is>", "&#x1;</is>"),
    "a formula without its last bracket": formula("<f>SUM(A1:A2</f>"),
    "a formula that begins with =": formula("<f>=SUM(A1:A2)</f>"),
    "a young function without its prefix": formula("<f>XLOOKUP(1,A:A,B:B)</f>"),
    "a formula with semicolons": formula("<f>SUM(A1;A2)</f>"),
    "a formula over a sheet that is not there": formula("<f>SUM(Nope!A1:A2)</f>"),
    "a chain of cells without formulas": chain,
    "a sheet's name of 40 letters": put(BOOK, '(<sheet [^>]*name=)"_crmbook"', rf'\1"{"D" * 40}"'),
    "a sheet's name with a colon": put(BOOK, '(<sheet [^>]*name=)"_crmbook"', r'\1"a:b"'),
    "two sheets of one name": put(BOOK, '(<sheet [^>]*name=)"_crmbook"', r'\1"订单"'),
    "two sheets of one id": put(BOOK, r'sheetId="15"', 'sheetId="1"'),
    "a name twice": put(BOOK, "(<definedName [^>]*>[^<]*</definedName>)", r"\1\1"),
    "a name with a blank": put(BOOK, "<definedNames>", f"<definedNames>{NAME.replace('mine', 'my name')}"),
    "a name like a cell": put(BOOK, "<definedNames>", f"<definedNames>{NAME.replace('mine', 'A1')}"),
    "a name of no sheet": put(BOOK, "<definedNames>", f"<definedNames>{OF_NO_SHEET}"),
    "a table without its content type": put(TYPES, r'<Override PartName="/xl/tables/table6.xml"[^>]*/>', ""),
    "a content type without its part": put(TYPES, "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPE}.calcChain+xml"/></Types>'),
    "a table that is gone": without_table,
    "a drawing that leads nowhere": put("sheet", "<tableParts", f'<drawing xmlns:r="{RELATED}" r:id="rId99"/><tableParts'),
    "a table that its sheet does not list": put("sheet", "<tableParts.*?</tableParts>", ""),
    "a text in place of another": put("sheet", cell("B{r}"), '<c r="B{r}" t="inlineStr"><v>x</v></c>'),
    "a word for a number": put("sheet", cell("B{r}"), '<c r="B{r}"><v>abc</v></c>'),
    "a word for a yes": put("sheet", cell("B{r}"), '<c r="B{r}" t="b"><v>yes</v></c>'),
    "not a number": put("sheet", cell("B{r}"), '<c r="B{r}"><v>nan</v></c>'),
    "a text of 33,000 letters": put("sheet", cell("{right}{r}"), f'<c r="{{right}}{{r}}" t="inlineStr"><is><t>{"x" * 33_000}</t></is></c>'),
    "a row below the last": put("sheet", "</sheetData>", '<row r="1048577"></row></sheetData>'),
    "a link that leads nowhere": put("sheet", "</dataValidations>", f'</dataValidations><hyperlinks xmlns:r="{RELATED}"><hyperlink ref="A9" r:id="rId77"/></hyperlinks>'),
    "columns that overlap": put("sheet", "<cols>", '<cols><col min="1" max="3" width="9"/>'),
    "a chart of a sheet that is not there": put(CHART, "'?客户分级表'?!", "Nope!", 99),
    "two drawings of one id": twin_anchor,
    "a shared formula without its master": formula('<f t="shared" si="5"/>'),
    "a font that is not there": put(STYLES, r'(<cellXfs[^>]*><xf [^>]*fontId=)"\d+"', r'\1"999"'),
    "a wrong count of formats": put(STYLES, r'<cellXfs count="\d+"', '<cellXfs count="99999"'),
    "a prefix that nobody declared": put("sheet", "<worksheet ", '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '),
    "an end that does not match": put("sheet", "</sheetData>", "</sheetdata>"),
    "an attribute that nobody declared": put("sheet", "<sheetData>", '<sheetData x14ac:foo="1">'),
}  # fmt: skip


def parts_of(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(parts: Parts, again: str = "") -> bytes:
    """The parts as a file; one of them may stand in it twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name in (*parts, *([again] if again else ())):
            made.writestr(name, parts[name])
    return out.getvalue()


def broken(book: bytes, way: str, place: Place = ORDERS) -> bytes:
    """The book, broken in one way."""
    parts = parts_of(book)
    WAYS[way](parts, place)
    return packed(parts)
