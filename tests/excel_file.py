"""A workbook's sheets, tables and cells in the hands of a user of Excel; free of openpyxl."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from lxml import etree

from tests.excel_package import OFFICE, ExcelPackage
from tests.excel_references import box, name_of, ref_of, split

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
M = "{" + MAIN + "}"

ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter
    sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks
    printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags
    drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst
"""  # of a worksheet's children, as the schema has it
RANK = {tag: at for at, tag in enumerate(ORDER.split())}


@dataclass
class TableOf:
    """A table as it stands: its part, its sheet's name, its XML."""

    part: str
    sheet: str
    root: etree._Element

    @property
    def area(self) -> tuple[int, int, int, int]:
        return box(self.root.get("ref"))

    @property
    def headers(self) -> list[str]:
        return [unescaped(c.get("name")) for c in self.root.iter(M + "tableColumn")]

    def column(self, header: str) -> int:
        """The sheet column in which the table's column stands."""
        return self.area[0] + self.headers.index(header)

    @property
    def rows(self) -> range:
        """The rows of its data."""
        _, first, _, last = self.area
        return range(first + 1, last + 1 - int(self.root.get("totalsRowCount", "0")))


def unescaped(text: str) -> str:
    """Excel writes a line break in a header as _x000a_."""
    return re.sub(r"_x([0-9a-fA-F]{4})_", lambda m: chr(int(m[1], 16)), text)


class ExcelFile(ExcelPackage):
    """The sheets, tables and cells of one workbook."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._table: etree._Element | None = None  # of shared strings
        self._texts: list[str] = []  # shared strings, in order
        self._places: dict[str, int] = {}  # shared strings, by text

    @cached_property
    def workbook(self) -> str:
        return next(target for _, kind, target in self.related("") if kind == "officeDocument")

    @property
    def sheets(self) -> dict[str, str]:
        """Sheet name → part, in tab order."""
        parts = {id: target for id, _, target in self.related(self.workbook)}
        return {s.get("name"): parts[s.get(f"{{{OFFICE}}}id")] for s in self.xml(self.workbook).iter(M + "sheet")}

    def sheet(self, name: str) -> etree._Element:
        return self.xml(self.sheets[name])

    @property
    def tables(self) -> dict[str, TableOf]:
        """Display name → table."""
        found = {}
        for sheet, part in self.sheets.items():
            for _, kind, target in self.related(part):
                if kind == "table":
                    root = self.xml(target)
                    found[root.get("displayName")] = TableOf(target, sheet, root)
        return found

    def child(self, sheet: str, tag: str) -> etree._Element:
        """The sheet's element of that name, made in its place where it is missing."""
        root = self.sheet(sheet)
        found = root.find(M + tag)
        return found if found is not None else put(root, etree.Element(M + tag))

    def row(self, sheet: str, number: int) -> etree._Element:
        data = self.child(sheet, "sheetData")
        at = len(data)
        if at and int(data[-1].get("r")) < number:
            return etree.SubElement(data, M + "row", r=str(number))
        for index, row in enumerate(data):
            if int(row.get("r")) == number:
                return row
            if int(row.get("r")) > number:
                at = index
                break
        made = etree.Element(M + "row", r=str(number))
        data.insert(at, made)
        return made

    def cell(self, sheet: str, ref: str) -> etree._Element:
        """The cell, made in its place in the row where it is missing."""
        column, number = split(ref)
        row = self.row(sheet, number)
        at = len(row)
        for index, cell in enumerate(row):
            here = split(cell.get("r"))[0]
            if here == column:
                return cell
            if here > column:
                at = index
                break
        made = etree.Element(M + "c", r=ref)
        if row.get("s"):
            made.set("s", row.get("s"))
        row.insert(at, made)
        return made

    def value(self, cell: etree._Element) -> str | float | None:
        """What the cell shows: its text, its number, or nothing."""
        kind, v = cell.get("t"), cell.find(M + "v")
        if kind == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(M + "t"))
        if v is None or v.text is None:
            return None
        if kind == "s":
            return self.strings()[int(v.text)]
        return v.text if kind in ("str", "e") else float(v.text)

    def values(self, table: TableOf, header: str) -> dict[int, str | float | None]:
        """A table's column: row → what its cell shows."""
        column, rows = table.column(header), table.rows
        found: dict[int, str | float | None] = dict.fromkeys(rows)
        for row in self.child(table.sheet, "sheetData"):
            number = int(row.get("r"))
            if number in rows:
                ref = name_of(column, number)
                found[number] = next((self.value(c) for c in row if c.get("r") == ref), None)
        return found

    def row_of(self, table: TableOf, where: Mapping[str, object]) -> int:
        """The row on which all these headers have these values."""
        columns = [self.values(table, header) for header in where]
        wanted = list(where.values())
        return next(row for row in table.rows if [c[row] for c in columns] == wanted)

    def strings(self) -> list[str]:
        """All shared strings, in order."""
        self._string_table()
        return self._texts

    def _string_table(self) -> etree._Element:
        """The part of shared strings, made where it is missing; its texts are read once."""
        if self._table is None:
            part = next((t for _, kind, t in self.related(self.workbook) if kind == "sharedStrings"), None)
            if part is None:
                part = self.add_part(
                    "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"/>', SPREADSHEET + "sharedStrings+xml"
                )
                self.relate(self.workbook, "sharedStrings", part)
            self._table = self.xml(part)
            for at, si in enumerate(self._table):
                self._texts.append("".join(t.text or "" for t in si.iter(M + "t")))
                if len(si) == 1 and si[0].tag == M + "t":
                    self._places.setdefault(self._texts[-1], at)
        return self._table

    def shared(self, text: str) -> int:
        """The text's place among the shared strings, added where new."""
        table = self._string_table()
        if text not in self._places:
            t = etree.SubElement(etree.SubElement(table, M + "si"), M + "t")
            t.text = text
            if text != text.strip() or "\n" in text:
                t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            self._places[text] = len(self._texts)
            self._texts.append(text)
        return self._places[text]

    def put_value(self, cell: etree._Element, value: object, formula: str | None = None) -> None:
        """Value (and formula beside it) as Excel writes them; the style stays."""
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if formula is not None:
            etree.SubElement(cell, M + "f").text = formula
        if value is None:
            return
        v = etree.SubElement(cell, M + "v")
        if isinstance(value, bool):
            cell.set("t", "b")
            v.text = str(int(value))
        elif isinstance(value, int | float):
            v.text = repr(value)
        elif isinstance(value, date):
            day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
            v.text = repr((day - datetime(1899, 12, 30)).total_seconds() / 86400).removesuffix(".0")
        elif formula is not None:
            cell.set("t", "str")
            v.text = str(value)
        else:
            cell.set("t", "s")
            v.text = str(self.shared(str(value)))


def put(root: etree._Element, made: etree._Element) -> etree._Element:
    """Set a child into a worksheet where the schema wants it."""
    rank = RANK[etree.QName(made).localname]
    for at, child in enumerate(root):
        if RANK[etree.QName(child).localname] > rank:
            root.insert(at, made)
            return made
    root.append(made)
    return made


def widened(ref: str, *, rows: int = 0) -> str:
    """The range with rows added at its foot."""
    area = box(ref)
    return ref_of((*area[:3], area[3] + rows))
