"""A workbook's sheets, tables and names as they stand in the package, and the values of its sheets."""

import datetime as dt
import io
import os
import posixpath
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from crmbook.ooxml.archive import RefusedError, in_a_pool
from crmbook.ooxml.beside import widened
from crmbook.ooxml.cells import HIDDEN_CHARACTER, plain_text
from crmbook.ooxml.comments import noted_areas
from crmbook.ooxml.markup import children
from crmbook.ooxml.normal import is_plain
from crmbook.ooxml.package import Package
from crmbook.ooxml.refill import formula_cells, formula_places
from crmbook.ooxml.refs import MOST_ROWS, Area, column_number, parse_area, parse_ref
from crmbook.ooxml.sheet import Row, SheetPart
from crmbook.ooxml.tail import linked_areas

STRING_ITEM = re.compile(rb"<(\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</\1?si>)", re.DOTALL)
ROW_NUMBER = re.compile(rb'<row [^>]*?\br="([0-9]+)"')
FAR_CELL = re.compile(rb'<c r="([A-Z](?:[A-Z]{1,20}(?:[0-9]{7,20})?|[0-9]{7,20}))')  # beyond column Z or row 999,999
# An address that no sheet has.
NO_CELL = re.compile(rb'<c r="([A-Z]{4,20}[0-9]*|[A-Z]{1,3}(?:[0-9]{8,20}|1[1-9][0-9]{5}|[2-9][0-9]{6}))')
ERROR = b't="e"'
LONGEST_COLUMN = 3  # letters
MOST_CELLS = 400_000_000  # in one block: some ten gigabytes
MOST_READERS = 4  # sheets read at the same time: their memory adds up


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: its name, its part, and whether it is `visible`, `hidden` or `veryHidden`."""

    name: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class Table:
    """One Excel table. Rows and columns are numbers in the sheet, 1 = row 1 or column A; `last_row` is its last data row."""

    name: str
    part: str
    sheet: Sheet
    first_col: int
    header_row: int
    first_row: int
    last_row: int
    last_col: int
    columns: list[str]
    totals_rows: int


class Workbook:
    """The package seen as a workbook. What it tells is what stood in the package when it was first asked."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._values: dict[str, list[list[Any]]] = {}
        self._coming: dict[str, Future[list[list[Any]]]] = {}
        self._reader = threading.local()

    @cached_property
    def root(self) -> etree._Element:
        """The workbook part."""
        return self.package.xml(self.package.workbook)

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in the order of their tabs; chart sheets are left out."""
        targets = {r.id: r for r in self.package.relationships(self.package.workbook)}
        found = []
        for element in (sheet for group in children(self.root, "sheets") for sheet in children(group, "sheet")):
            related = next((targets[v] for k, v in _attributes(element) if k.endswith("}id") and v in targets), None)
            if related is not None and related.kind == "worksheet" and related.target in self.package:
                found.append(Sheet(str(element.get("name")), related.target, element.get("state", "visible")))
        return found

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of all sheets by their name."""
        return {
            table.name: table
            for sheet in self.sheets
            for part in self.package.related(sheet.part, "table")
            if (table := self._table(part, sheet)) is not None
        }

    @cached_property
    def names(self) -> dict[str, str]:
        """The workbook's defined names → their formulas; those of one sheet only are left out."""
        return {
            str(element.get("name")): "".join(str(text) for text in element.itertext())
            for group in children(self.root, "definedNames")
            for element in children(group, "definedName")
            if element.get("localSheetId") is None
        }

    @cached_property
    def is_1904(self) -> bool:
        """True if days are counted from 1904."""
        return any(e.get("date1904") in ("1", "true") for e in children(self.root, "workbookPr"))

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, as text."""
        found = self.package.related(self.package.workbook, "sharedStrings")
        if not found:
            return []
        data = self.package.read(found[0])
        return [plain_text(m[2] or b"") for m in STRING_ITEM.finditer(data)]

    def string(self, number: int) -> str:
        """The text of one shared string; empty if the file has no such one."""
        return self.strings[number] if number < len(self.strings) else ""

    def sheet(self, name: str) -> Sheet:
        """The sheet of a name, in any case; KeyError if there is none."""
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        raise KeyError(name)

    def sheet_part(self, sheet: Sheet) -> SheetPart:
        """The sheet's part, taken apart anew at each call."""
        return SheetPart(self.package.read(sheet.part), self.string)

    def prefetch(self, *tiers: tuple[str, ...]) -> None:
        """Begins to read, on other threads, the sheets that hold a table or a named cell whose name begins so, or that are
        themselves called so; `values` waits for the one it is asked for. Those of an earlier tier of beginnings are read
        first, and among them the largest."""
        called = [(name.casefold(), table.sheet.name) for name, table in self.tables.items()]
        called += [(sheet.name, sheet.name) for sheet in self.sheets]
        targets = ((name, parse_ref(text)) for name, text in self.names.items())
        called += [(name, target[0]) for name, target in targets if target is not None]
        ranks = {
            at: rank for rank, tier in reversed([*enumerate(tiers)]) for name, at in called if name.startswith(tier)
        }
        wanted = [sheet for sheet in self.sheets if sheet.name in ranks]
        if not wanted:
            return
        sums, pool = self.package.sums, ThreadPoolExecutor(_readers())
        for sheet in sorted(wanted, key=lambda sheet: (ranks[sheet.name], -sums[sheet.part][1])):
            self._coming[sheet.name] = pool.submit(self._read, sheet.name)
        pool.shutdown(wait=False)

    def values(self, sheet_name: str) -> list[list[Any]]:
        """The sheet's values as they stood in the file, from A1 on: float, str, bool, datetime, '' for blank."""
        if sheet_name not in self._values:
            coming = self._coming.pop(sheet_name, None)
            self._values[sheet_name] = coming.result() if coming is not None else self._read(sheet_name)
        return self._values[sheet_name]

    def release(self, sheet_name: str) -> None:
        """Lets go of a sheet's values, which fill the memory; whoever asks again has them read again."""
        self._values.pop(sheet_name, None)

    def marked(self, sheet_name: str) -> list[Area]:
        """The cells of a sheet that carry a comment or a link."""
        part = self.sheet(sheet_name).part
        return noted_areas(self.package, part) + linked_areas(self.package.read(part))

    def formula_cells(self, sheet_name: str) -> set[tuple[int, int]]:
        """Row and column of every cell of a sheet that holds a formula."""
        data = self.package.read(self.sheet(sheet_name).part)
        if is_plain(data) and (places := formula_places(data)) is not None:
            return {(int(row), column_number(column.decode())) for column, row in places}
        found = (parse_area(a) for a in formula_cells(SheetPart(data, self.string).rows))
        return {(area.top, area.left) for area in found if area is not None}

    def hidden(self, table: Table) -> set[int]:
        """The rows of a table that are hidden, by a filter or by hand."""
        data = self.package.read(table.sheet.part)
        if data.find(b" hidden=", data.find(b"sheetData")) < 0:  # columns that are hidden stand before
            return set()
        part = self.sheet_part(table.sheet)
        return {row for row in range(table.first_row, table.last_row + 1) if part.hides(row)}

    def widened(self, table: Table) -> Table:
        """The table with the columns that staff began directly beside it."""
        return widened(self, table)

    def _read(self, sheet_name: str) -> list[list[Any]]:
        """The sheet's values, read by the reader of this thread: parsing keeps nobody waiting."""
        from python_calamine import CalamineError, CalamineWorkbook

        # Calamine takes a damaged part for a good one, and makes room for every cell up to the farthest.
        data = self.package.read(self.sheet(sheet_name).part)
        _refuse_far_cell(data, sheet_name)
        try:
            if not hasattr(self._reader, "calamine"):
                self._reader.calamine = CalamineWorkbook.from_filelike(io.BytesIO(self._readable))
            rows: list[list[Any]] = self._reader.calamine.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise RefusedError("damaged", f"{sheet_name}: {error}") from error
        _to_moments(rows)
        for row, column, shown in _errors(data):  # calamine tells of a blank cell there
            rows[row - 1][column - 1] = shown
        return rows

    @cached_property
    def _readable(self) -> bytes:
        """The file with its styles and strings where calamine looks for them, whatever the workbook's part says."""
        copies = {}
        for kind in ("styles", "sharedStrings"):
            found = self.package.related(self.package.workbook, kind)
            wanted = posixpath.join(posixpath.dirname(self.package.workbook), f"{kind}.xml")
            if found and wanted not in self.package:
                copies[wanted] = self.package.original(found[0])
        if not copies:
            return self.package.source
        moved, out = Package.open(self.package.source), io.BytesIO()
        for name, data in copies.items():
            moved.write(name, data)
        moved.save(out)
        return out.getvalue()

    def _table(self, part: str, sheet: Sheet) -> Table | None:
        root = self.package.xml(part)
        area = parse_area(str(root.get("ref")))
        if area is None:
            return None
        headers, totals = int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0"))
        columns = (c for group in children(root, "tableColumns") for c in children(group, "tableColumn"))
        names = [HIDDEN_CHARACTER.sub(lambda m: chr(int(m[1], 16)), str(c.get("name"))) for c in columns]
        return Table(
            str(root.get("displayName") or root.get("name")),
            part,
            sheet,
            area.left,
            area.top,
            area.top + headers,
            area.bottom - totals,
            area.right,
            names,
            totals,
        )


def _refuse_far_cell(xml: bytes, sheet: str) -> None:
    """Refuses a sheet with a cell so far below and another so far to the right that the block up to them fills the memory."""
    far = set(FAR_CELL.findall(xml))  # without its row, where that is a usual one
    if any(len(place) > LONGEST_COLUMN for place in far) and (nowhere := NO_CELL.search(xml)):
        raise RefusedError("far_cell", f"{sheet}!{nowhere[1].decode()}")
    last = ROW_NUMBER.search(xml, max(xml.rfind(b"<row "), 0))  # rows stand in order
    height = int(last[1]) if last else MOST_ROWS
    columns = [place.decode().rstrip("0123456789") for place in far]
    width, column = max(((column_number(column), column) for column in columns), default=(26, "Z"))
    if height * width > MOST_CELLS:
        raise RefusedError("far_cell", f"{sheet}!{column}, {sheet}!{height}")


def _errors(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell of a sheet's part that shows an error such as #N/A."""
    if ERROR not in data:
        return
    part = SheetPart(data, lambda number: "")
    for number, raw in part.rows.items():
        if ERROR in raw:
            held = ((column, part.cell_content(cell)) for column, cell in Row.read(raw).cells.items())
            yield from ((number, column, str(found.value)) for column, found in held if found.error)


def _to_moments(rows: list[list[Any]]) -> None:
    """Plain days become midnights, so that days are of one type."""
    known: dict[dt.date, dt.datetime] = {}
    for row in rows:
        if dt.date in map(type, row):
            for at, value in enumerate(row):
                if type(value) is dt.date:
                    moment = known.get(value)
                    if moment is None:
                        moment = known[value] = dt.datetime(value.year, value.month, value.day)
                    row[at] = moment


def _readers() -> int:
    """How many sheets to read at a time: one per core, but one alone where other processes have the other cores."""
    return 1 if in_a_pool() else min(os.cpu_count() or 1, MOST_READERS)


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.items()]
