"""Where on a sheet a button covers nothing: at the right end of its title or of the line below it, or beside all that is there."""

import re
from typing import NamedTuple

from crmbook.layout import PIXELS, chars
from crmbook.ooxml import Sheet, Workbook
from crmbook.ooxml.comments import areas_of_objects
from crmbook.ooxml.form_button import Corner
from crmbook.ooxml.refs import Area, parse_area
from crmbook.ooxml.sheet import SheetPart

COLUMNS = re.compile(rb"<col(?=\s)[^>]*>")
NUMBER = re.compile(rb'\s(min|max|width|defaultColWidth|hidden)="([0-9.]+)"')
FORMAT = re.compile(rb"<sheetFormatPr(?=\s)[^>]*>")
HEIGHT = re.compile(rb'\sht="([0-9.]+)"')
MERGED = re.compile(rb'<mergeCell(?=\s)[^>]*?\sref="([^"]*)"')
USUAL_WIDTH, USUAL_HEIGHT = 9.14, 15.0  # characters, points
SCREEN = 1210  # pixels from the left that a laptop shows of a sheet
ROWS = (1, 2)  # tried, from the top
SIDES, LEAST = 40, 90  # pixels beside the caption; of the whole button
TALLEST, LOWEST, EDGE = 30, 20, 8  # pixels
TITLE, TEXT = 2.0, 1.25  # of the room that letters of the usual size take


class _Span(NamedTuple):
    """From one pixel to another."""

    start: float
    end: float


class _Grid:
    """The columns of a sheet in pixels."""

    def __init__(self, head: bytes) -> None:
        usual = FORMAT.search(head)
        said = dict(NUMBER.findall(usual[0])) if usual else {}
        self._usual = float(said.get(b"defaultColWidth", USUAL_WIDTH))
        self._widths: dict[int, float] = {}
        for column in COLUMNS.findall(head):
            says = dict(NUMBER.findall(column))
            width = 0.0 if says.get(b"hidden") == b"1" else float(says.get(b"width", self._usual))
            for at in range(int(says.get(b"min", 1)), min(int(says.get(b"max", 0)), 200) + 1):
                self._widths[at] = width

    def width(self, column: int) -> int:
        """Of one column."""
        return int(self._widths.get(column, self._usual) * PIXELS + 0.5)

    def left(self, column: int) -> int:
        """The left edge of a column."""
        return sum(map(self.width, range(1, column)))

    def at(self, pixel: float) -> tuple[int, int]:
        """The column, counted from 0, in which a pixel lies, and how far inside."""
        column, rest = 1, int(pixel)
        while rest >= self.width(column):
            rest -= self.width(column)
            column += 1
        return column - 1, rest

    def across(self, area: Area) -> _Span:
        """From edge to edge of an area."""
        return _Span(self.left(area.left), self.left(area.right + 1))


def free_place(workbook: Workbook, sheet: Sheet, caption: str) -> tuple[Corner, Corner]:
    """The corners of a button with this caption, top left and bottom right."""
    part = workbook.sheet_part(sheet)
    grid, wide = _Grid(part.head), max(LEAST, chars(caption) * PIXELS * TEXT + SIDES)
    merged = [a for a in (parse_area(m.decode()) for m in MERGED.findall(part.tail)) if a is not None]
    objects = areas_of_objects(workbook.package, sheet.part)
    last = max([1, *(c for row in ROWS for c in part.row(row).cells), *(a.right for a in merged if a.top in ROWS)])
    right = max((c for c in range(1, last + 1) if grid.left(c + 1) <= SCREEN), default=last)
    end = grid.left(right + 1) - EDGE
    for row in ROWS:
        taken = _taken(part, grid, row, merged, objects)
        if _height(part, row) >= LOWEST and end > wide and all(t.end <= end - wide or end <= t.start for t in taken):
            return _corners(grid, part, row, _Span(end - wide, end))
    cells = (c for row in part.rows for c in part.row(row).cells)
    start = grid.left(max([last, *(a.right for a in (*merged, *objects)), *cells]) + 1) + 2 * EDGE
    return _corners(grid, part, 1, _Span(start, start + wide))


def _taken(part: SheetPart, grid: _Grid, row: int, merged: list[Area], objects: list[Area]) -> list[_Span]:
    """What of a row is not free: texts as far as they reach, whole cells with anything else, objects, cells of other rows."""
    higher = [a for a in merged if a.bottom > a.top]
    found = [grid.across(a) for a in (*objects, *higher) if a.top <= row <= a.bottom]
    for column, cell in part.row(row).cells.items():
        held = part.cell_content(cell)
        if isinstance(held.value, str) and held.formula is None:
            letters = chars(held.value) * (TITLE if (row, column) == (1, 1) else TEXT)
            found.append(_Span(grid.left(column), grid.left(column) + letters * PIXELS))
        elif held.value is not None or held.formula is not None:
            area = next((a for a in merged if (a.top, a.left) == (row, column)), Area(row, column, row, column))
            found.append(grid.across(area))
    return found


def _height(part: SheetPart, row: int) -> int:
    """Of a row, in pixels."""
    raw = part.rows.get(row, b"")
    said = HEIGHT.search(raw, 0, raw.index(b">")) if raw else None
    return int(float(said[1] if said else USUAL_HEIGHT) * 4 / 3)


def _corners(grid: _Grid, part: SheetPart, row: int, span: _Span) -> tuple[Corner, Corner]:
    high = _height(part, row)
    inset = max((high - TALLEST) // 2, 2) if high >= LOWEST else 0
    return Corner(*grid.at(span.start), row - 1, inset), Corner(*grid.at(span.end), row - 1, high - inset)
