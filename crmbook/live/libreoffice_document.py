"""Whole sheets of a document open in LibreOffice, looked at before anybody asks for them, while Python still loads the rest
of itself: nothing here waits for xlwings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from crmbook.live.libreoffice_uno import LOGICAL

if TYPE_CHECKING:
    from crmbook.live.libreoffice_basic import Kind, ToldTable
    from crmbook.live.libreoffice_uno import Connection

Rows = list[list[Any]]
Part = tuple[int, int, Sequence[Sequence[str]]]  # of cells: from which row and column, from 0, and what is said there
MILLISECOND = dt.timedelta(milliseconds=1)
LIKE_A_CALL = 1500  # cells that are told in the time of one more call
OUR_TABLES, OUR_NAMES = "crm_", "_crm."
SHEET = re.compile(r"\$?(?:'((?:[^']|'')*)'|([^'.]+))\.")  # before the cell that a name stands for
MOST = 2_000_000  # cells that are asked for in one call


class Fault(str):
    """An error value such as #N/A."""

    __slots__ = ()


class Document:
    """An open spreadsheet, as UNO tells of it."""

    def __init__(self, connection: Connection, document: Any) -> None:
        self.connection, self.api = connection, document
        self._seen: dict[str, tuple[Rows, list[Part]]] = {}
        self._names: dict[str, str] | None = None

    @cached_property
    def tables(self) -> list[ToldTable]:
        """What `Basic.tables` says of every table, as it was when first asked: none comes or goes meanwhile."""
        return self.connection.basic.tables(self.api)

    def names(self) -> dict[str, str]:
        """The defined names → what they stand for, as LibreOffice writes it; what was looked at before is told once."""
        told, self._names = self._names, None
        return self.connection.basic.names(self.api) if told is None else told

    @cached_property
    def first_day(self) -> dt.datetime:
        """The day that counts as 0."""
        first = self.api.NullDate
        return dt.datetime(first.Year, first.Month, first.Day)

    def day(self, number: float) -> dt.datetime | float:
        """The moment of a number; the number where there is no such day."""
        try:
            exact = self.first_day + dt.timedelta(days=number)
        except OverflowError:
            return number
        return exact if number.is_integer() else exact + (MILLISECOND / 2 - (exact - dt.datetime.min + MILLISECOND / 2) % MILLISECOND)  # fmt: skip

    def values(self, cells: Any, top: int = 0, left: int = 0) -> Rows:
        """What stands in UNO's range, whose first cell is in this row and column from 0: float, str, bool, datetime, Fault, ''
        for blank."""
        held = cells.getDataArray()  # first, as a formula that is calculated may take the format of a day
        has_numbers = any(float in map(type, row) for row in held)
        return self._typed(cells, held, self.connection.basic.kinds(self.api, cells) if has_numbers else (), top, left)

    def _typed(self, cells: Any, held: Sequence[Sequence[Any]], kinds: Iterable[Kind], top: int, left: int) -> Rows:
        """Numbers that show days or truth values are such, and errors, which come as None, what is shown."""
        rows, day = [list(row) for row in held], cache(self.day)
        for kind, areas in kinds:
            for row, column in places(areas, top, left, len(rows), len(rows[0])):
                if type(value := rows[row][column]) is float:
                    rows[row][column] = bool(value) if kind & LOGICAL else day(value)
        for at, line in enumerate(rows):
            if None in line:
                rows[at] = [Fault(cells.getCellByPosition(i, at).String) if value is None else value for i, value in enumerate(line)]  # fmt: skip
        return rows

    def look(self, press: int = 0) -> None:
        """Reads the sheets that are ours, the short ones first, where `press` of the button found them; formulas answer with what
        they last came to, and none is calculated for being read."""
        self.connection.basic.give_back(self.api)
        self._names, self.tables, extents = self.connection.basic.looked(self.api, press)
        rows = {
            sheet: 0 for name, text in self._names.items() if name.startswith(OUR_NAMES) and (sheet := _sheet_of(text))
        }
        for name, at, *_, sheet in self.tables:
            if name.startswith(OUR_TABLES):
                rows[sheet] = max(rows.get(sheet, 0), at.EndRow)
        automatic = self.connection.basic.calculating(self.api, on=False)
        try:
            for sheet, cells, count, kinds, formulas in sorted(extents, key=lambda extent: rows.get(extent[0], -1)):
                if sheet in rows and count <= MOST:
                    self._seen[sheet] = (
                        self._typed(cells, cells.getDataArray(), kinds, 0, 0),
                        said(cells, count, formulas),
                    )
        finally:
            self.connection.basic.calculating(self.api, on=automatic)

    def seen(self, sheet: str) -> tuple[Rows, list[Part]] | None:
        """The values and the formulas of a sheet from A1 on, if it was looked at; they are told once."""
        return self._seen.pop(sheet, None)


def said(cells: Any, count: int, areas: Sequence[Any], top: int = 0, left: int = 0) -> list[Part]:
    """The formulas of UNO's range, which has so many cells and whose first is in this row and column from 0, in parts which may
    hold other cells too: where most cells hold none, these are not asked. `areas`: the addresses of those that hold one."""
    if count < len(areas) * LIKE_A_CALL:
        return [(0, 0, cells.getFormulaArray())]
    parts = []
    for at in areas:
        row, column = at.StartRow - top, at.StartColumn - left
        part = cells.getCellRangeByPosition(column, row, at.EndColumn - left, at.EndRow - top)
        parts.append((row, column, part.getFormulaArray()))
    return parts


def places(areas: Iterable[Any], top: int, left: int, height: int, width: int) -> Iterator[tuple[int, int]]:
    """Row and column within a block of cells, from 0, of every cell of these addresses that lies in it; `top` and `left` are
    those of the block's first cell."""
    for a in areas:
        columns = range(max(a.StartColumn - left, 0), min(a.EndColumn - left + 1, width))
        for row in range(max(a.StartRow - top, 0), min(a.EndRow - top + 1, height)):
            for column in columns:
                yield row, column


def _sheet_of(text: str) -> str | None:
    """The sheet of the cell that a name stands for, as LibreOffice writes it."""
    found = SHEET.match(text)
    return found and (found[2] or found[1].replace("''", "'"))
