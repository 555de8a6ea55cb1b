"""Cells of a document open in LibreOffice, as xlwings asks for them: values, formulas, rows put in and taken out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from crmbook.live.libreoffice_blocks import around, is_formula, put, runs
from crmbook.live.libreoffice_document import places
from crmbook.live.libreoffice_grammar import Known, to_office
from crmbook.live.libreoffice_uno import (
    DATETIME,
    FORMULA,
    STRING,
    VALUE,
    address,
    setting,
    struct,
    uno,
)
from crmbook.ooxml import Area
from crmbook.ooxml.refs import letters

if TYPE_CHECKING:
    from crmbook.live.libreoffice_book import Sheet

TEXT = "@"
DAY = dt.timedelta(days=1)
CONTENTS = VALUE | DATETIME | STRING | FORMULA  # notes and formats stay


class Range(base_classes.Range):
    """A rectangle of cells, by its place: rows and columns count from 1."""

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self._sheet, self.area = sheet, area
        self.options: dict[str, Any] = {}

    @property
    def api(self) -> Any:
        """UNO's range."""
        a = self.area
        return self._sheet.api.getCellRangeByPosition(a.left - 1, a.top - 1, a.right - 1, a.bottom - 1)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return (self._sheet.name, self.row, self.column, *self.shape)

    @property
    def row(self) -> int:
        return self.area.top

    @property
    def column(self) -> int:
        return self.area.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.bottom - self.area.top + 1, self.area.right - self.area.left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.area.top + row - 1, self.area.left + column - 1
        return Range(self._sheet, Area(top, left, top, left))

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        def one(row: int, column: int) -> str:
            return f"{'$' * col_absolute}{letters(column)}{'$' * row_absolute}{row}"

        a = self.area
        first, last = one(a.top, a.left), one(a.bottom, a.right)
        return first if a.is_cell else f"{first}:{last}"

    @property
    def raw_value(self) -> Any:
        rows = self._sheet.book.document.values(self.api, self.area.top - 1, self.area.left - 1)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._write(self._rows(value))

    @property
    def formula(self) -> Any:
        known = Known()
        turned = tuple(tuple(map(known.__getitem__, row)) for row in self.api.getFormulaArray())
        return turned[0][0] if len(self) == 1 else turned

    @formula.setter
    def formula(self, value: Any) -> None:
        self._write(self._rows(value))

    formula2 = formula

    def _rows(self, value: Any) -> list[list[Any]]:
        """A value for all the cells, or one for each."""
        if not isinstance(value, list | tuple):
            return [[value] * self.shape[1]] * self.shape[0]
        return [list(row) if isinstance(row, list | tuple) else [row] for row in value]

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        """What staff would type into these cells."""
        height, width = len(rows), len(rows[0])
        target = Range(self._sheet, Area(self.row, self.column, self.row + height - 1, self.column + width - 1))
        raw = [self._is_text(target, rows, column) for column in range(width)]
        formulas = [[is_formula(v, r) for v, r in zip(row, raw, strict=True)] for row in rows]
        held = [
            [v if isinstance(v, str) and (r or v[:1] == "=") else self._held(v) for v, r in zip(row, raw, strict=True)]
            for row in rows
        ]
        target.put(held, formulas, self._sheet.book.document.connection.basic.noted(self._sheet.api, target.area))

    def put(self, rows: Sequence[Sequence[Any]], formulas: Sequence[Sequence[bool]], notes: Iterable[Any]) -> None:
        """Texts and numbers in blocks, then the formulas among them, each run of rows in one; a cell with a note, by the
        addresses that `notes` are, by itself, as a block would take the note away."""
        height, width = self.shape
        held = as_held(rows, formulas)
        cells, noted = self.api, {*places(notes, self.row - 1, self.column - 1, height, width)}
        for row, column in noted:
            put(cells.getCellByPosition(column, row), held[row][column], formulas[row][column])
        for part in around(noted, height, width):
            # each range that UNO hands out takes its time
            block = cells if not noted else cells.getCellRangeByPosition(part.left, part.top, part.right, part.bottom)
            inside = [row[part.left : part.right + 1] for row in held[part.top : part.bottom + 1]]
            flags = [row[part.left : part.right + 1] for row in formulas[part.top : part.bottom + 1]]
            if not all(map(all, flags)):
                block.setDataArray(tuple(tuple("" if f else v for v, f in zip(vs, fs, strict=True)) for vs, fs in zip(inside, flags, strict=True)))  # fmt: skip
            for column, top, bottom in runs(flags):
                is_all = len(inside) == bottom + 1 - top and width == 1
                run = block if is_all else block.getCellRangeByPosition(column, top, column, bottom)
                run.setFormulaArray(tuple((row[column],) for row in inside[top : bottom + 1]))

    def _is_text(self, target: Range, rows: Sequence[Sequence[Any]], column: int) -> bool:
        """True if what is written here is taken as it stands: the cells' format is text."""
        if not any(isinstance(row[column], str) and row[column][:1] in ("'", "=") for row in rows):
            return False
        at = target.column + column
        return Range(self._sheet, Area(target.row, at, target.area.bottom, at)).number_format == TEXT

    def _held(self, value: Any) -> str | float:
        """A value as a cell takes it: text as it is meant, days as numbers."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value.removeprefix("'")
        if isinstance(value, dt.date):
            moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
            return (moment.replace(tzinfo=None) - self._sheet.book.document.first_day) / DAY
        return float(value)

    def clear_contents(self) -> None:
        self.api.clearContents(CONTENTS)

    @property
    def number_format(self) -> str | None:
        document = self._sheet.book.document
        return document.connection.basic.shown(document.api, self._sheet.api, self.area)

    @number_format.setter
    def number_format(self, value: str) -> None:
        english = struct("lang.Locale", Language="en", Country="US")
        formats = self._sheet.book.formats
        key = formats.queryKey(value, english, False)
        self.api.NumberFormat = key if key != -1 else formats.addNew(value, english)

    @property
    def row_height(self) -> float:
        return float(self.api.Rows.getByIndex(0).Height) * 72 / 2540

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.api.Rows.Height = round(value * 2540 / 72)

    @property
    def merge_cells(self) -> bool:
        return bool(self.api.IsMerged)

    @property
    def has_array(self) -> bool:
        return any(text[:1] == "{" for row in self.api.getFormulaArray() for text in row)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        whole = self.shape[1] >= self._sheet.width
        mode = uno().Enum(
            "com.sun.star.sheet.CellInsertMode", "ROWS" if whole else "RIGHT" if shift == "right" else "DOWN"
        )
        self._sheet.api.insertCells(address(self._sheet.number, self.area), mode)
        if shift == "down":
            self._fill()

    def _fill(self) -> None:
        """New rows inside a table get the formula that fills one of its columns, as in Excel."""
        new = self.area
        for table in (t.range.area for t in self._sheet.tables):
            if not (table.top + 1 < new.top and new.bottom < table.bottom and new.left <= table.left and table.right <= new.right):  # fmt: skip
                continue
            body = Range(self._sheet, table._replace(top=table.top + 1)).api
            first, last = new.top - table.top - 1, new.bottom - table.top - 1
            rows = [row for at, row in enumerate(body.getFormulaArray()) if not first <= at <= last]
            numbers = [n for n in range(table.top + 1, table.bottom + 1) if not new.top <= n <= new.bottom]
            for column in range(table.right - table.left + 1):
                said = {re.sub(rf"(?<=[A-Z]){n}(?!\d)", "#", row[column]) for n, row in zip(numbers, rows, strict=True)}
                if len(said) == 1 and said.pop()[:1] == "=":
                    run = body.getCellRangeByPosition(column, first - 1, column, last)
                    run.fillAuto(uno().Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM"), 1)

    def delete(self, shift: str | None = None) -> None:
        whole = self.shape[1] >= self._sheet.width
        mode = "ROWS" if whole else "LEFT" if shift == "left" else "UP"
        self._sheet.api.removeRange(
            address(self._sheet.number, self.area), uno().Enum("com.sun.star.sheet.CellDeleteMode", mode)
        )

    def copy(self, destination: Any = None) -> None:
        self.copy_to(destination.impl)

    def copy_to(self, target: Range) -> None:
        """Fills the whole target, as Excel does."""
        place = struct("table.CellAddress", Sheet=target.sheet.number)
        height, width = self.shape
        for row in range(target.row, target.area.bottom + 1, height):
            for column in range(target.column, target.area.right + 1, width):
                place.Row, place.Column = row - 1, column - 1
                self._sheet.api.copyRange(place, address(self._sheet.number, self.area))

    def sort(self, keys: Sequence[int], ascending: Sequence[bool], has_headers: bool) -> None:
        """Whole rows of the range change places: cells, formats and notes."""
        fields = tuple(
            struct("table.TableSortField", Field=key - 1, IsAscending=up)
            for key, up in zip(keys, ascending, strict=True)
        )
        wanted = {"SortFields": uno().Any("[]com.sun.star.table.TableSortField", fields), "ContainsHeader": has_headers, "IsSortColumns": False, "BindFormatsToContent": True}  # fmt: skip
        self.api.sort(tuple(setting(name, value) for name, value in wanted.items()))


def as_held(rows: Sequence[Sequence[Any]], formulas: Sequence[Sequence[bool]]) -> list[list[str | float]]:
    """Texts, numbers and formulas as UNO takes them."""
    texts = {v: to_office(v) for row, flags in zip(rows, formulas, strict=True) for v, f in zip(row, flags, strict=True) if f}  # fmt: skip
    return [[texts[v] if f else _blank_or(v) for v, f in zip(row, flags, strict=True)] for row, flags in zip(rows, formulas, strict=True)]  # fmt: skip


def _blank_or(value: str | float | None) -> str | float:
    return "" if value is None else value if isinstance(value, str) else float(value)


class Note(base_classes.Note):
    """A comment beside a cell."""

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self.sheet, self.area = sheet, area

    @property
    def api(self) -> Any:
        return self.location.api.getCellByPosition(0, 0).Annotation

    @property  # type: ignore[misc]  # no note is written
    def text(self) -> str:
        return str(self.api.String)

    @property
    def location(self) -> Range:
        return Range(self.sheet, self.area)

    def delete(self) -> None:
        self.location.api.clearContents(8)
