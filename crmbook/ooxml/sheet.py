"""A worksheet part as head, rows and tail, all as bytes; cells are looked at only in the rows that need it."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache, cached_property

from crmbook.ooxml.cells import STYLE, Content, content
from crmbook.ooxml.formulas import without_shared
from crmbook.ooxml.normal import is_plain, normalised
from crmbook.ooxml.refs import Area, Kept, column_number, letters, parse_area

ROW_NUMBER = re.compile(rb'\sr="([0-9]+)"')
CELL = re.compile(rb'<c(?=\s)[^>]*?\sr="([A-Z]+)[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
CELL_STYLE = re.compile(rb'<c(?=\s)([^>]*?)\sr="([A-Z]+)[0-9]+"([^>]*)>')
CELL_ADDRESS = re.compile(rb'(<c(?=\s)[^>]*?\sr="[A-Z]+)[0-9]+"')
SHEET_DATA = re.compile(rb"<sheetData(?:\s[^>]*?)?(/?)>")
DIMENSION = re.compile(rb'(<dimension(?=\s)[^>]*?\sref=")([^"]*)"')
PLACE = re.compile(rb'\s(?:r|spans)="[^"]*"')
PASSING = re.compile(rb'\s(?:hidden|collapsed|outlineLevel)="[^"]*"')
BAR = ord("/")  # ends the tag of an element with nothing in it
HIDDEN = re.compile(rb'\shidden="(?:1|true)"')


class Row:
    """One row taken apart: its attributes (without number and spans) and its cells, by column number."""

    __slots__ = ("attributes", "cells")

    def __init__(self, attributes: bytes, cells: dict[int, bytes]) -> None:
        self.attributes = attributes
        self.cells = cells

    @classmethod
    def read(cls, raw: bytes) -> "Row":
        """The row out of its bytes."""
        end = raw.index(b">")
        return cls(_attributes(raw, end), {column_number(m[1].decode()): m[0] for m in CELL.finditer(raw, end)})

    def write(self, number: int) -> bytes:
        """The row's bytes under a number; its cells already carry it. `spans` is a hint that others may have outgrown."""
        body = b"".join(self.cells[c] for c in sorted(self.cells))
        start = b'<row r="%d"%s' % (number, self.attributes)
        return start + b">" + body + b"</row>" if body else start + b"/>"


def _attributes(raw: bytes, end: int) -> bytes:
    """What a row's opening, which ends there, says beside its number and spans."""
    return PLACE.sub(b"", raw[4:end].removesuffix(b"/")).rstrip()


def renumbered(cell: bytes, row: int) -> bytes:
    """The cell's bytes with another row number in its address."""
    return CELL_ADDRESS.sub(rb'\g<1>%d"' % row, cell, count=1)


class SheetPart:
    """The part, split once: head, rows and tail; `text()` joins all again in their order. `known_plain`: it was found to be as
    `is_plain` says."""

    def __init__(self, data: bytes, shared: Callable[[int], str], *, known_plain: bool = False) -> None:
        self._shared, self.size = shared, len(data)
        self.is_plain = known_plain or is_plain(data)
        if not self.is_plain:
            data = normalised(data)
        found = SHEET_DATA.search(data)
        self.head, self.tail = data, b""  # a dialogue sheet or the like has no rows
        self._data, self._span, self._shares = data, (0, 0), False
        if found is not None:
            self.head = data[: found.end()]
            end = found.end()
            if found[1]:
                self.head = self.head.removesuffix(b">").rstrip(b"/ ") + b">"
                self.tail = b"</sheetData>" + data[end:]
            else:
                end = data.rindex(b"</sheetData>")
                self.tail = data[end:]
                self._span = found.end(), end
        self._tail = self.tail
        self._rows: dict[int, bytes] | None = None
        self.alike: set[int] = set()  # rows made of the same pieces as others

    @cached_property
    def original(self) -> dict[int, bytes]:
        """The rows as they were; split when first asked for."""
        rows = split_rows(self._data, *self._span)
        self._shares, self._data = b't="shared"' in self._data, b""
        return rows

    @property
    def shares_formulas(self) -> bool:
        """True if one formula stood for several cells."""
        return bool(self.original) and self._shares

    @property
    def rows(self) -> dict[int, bytes]:
        """Each row's bytes by its number."""
        return self.original if self._rows is None else self._rows

    @rows.setter
    def rows(self, rows: dict[int, bytes]) -> None:
        self._rows = rows

    @property
    def is_changed(self) -> bool:
        """True if rows or tail are not what they were."""
        return self.tail != self._tail or (self._rows is not None and self._rows != self.original)

    def text(self) -> bytes:
        """The part's bytes."""
        rows = self.rows
        return b"".join([self.head, *map(rows.__getitem__, sorted(rows)), self.tail])

    def kept(self, but: Collection[int]) -> list[Kept]:
        """Where `text()` has rows as they were, but for those numbers, and rows `alike`: rows nobody need look at. None are
        told of a sheet that was spelt in another way, or in which rows share formulas."""
        found: list[Kept] = []
        rows, original = self.rows, self.original
        if not self.is_plain or self.shares_formulas:
            return found
        at = end = len(self.head)  # of the run
        first = last = 0  # its rows
        for number in sorted(rows):
            raw = rows[number]
            if number in self.alike or (original.get(number) == raw and number not in but):
                first, last = first or number, number
            else:
                if first:
                    found.append(Kept(at, end, first, last))
                    first = 0
                at = end + len(raw)
            end += len(raw)
        return [*found, Kept(at, end, first, last)] if first else found

    def row(self, number: int) -> Row:
        """The row taken apart; an empty one if the sheet has none there."""
        raw = self._raw(number)
        return Row.read(raw) if raw else Row(b"", {})

    def _raw(self, number: int) -> bytes:
        """The row's bytes; none if the sheet has no such row."""
        if "original" not in self.__dict__ and self._rows is None:  # one row is found without splitting all
            at = self._data.find(b'<row r="%d"' % number, *self._span)
            if at >= 0:
                after = self._data.find(b"<row", at + 4, self._span[1])
                return split_rows(self._data, at, after if after >= 0 else self._span[1])[number]
        return self.rows.get(number, b"")

    def cell(self, row: int, column: int) -> bytes | None:
        """A cell's bytes, found without taking its row apart; None if the sheet has no such cell."""
        return _cell_in(self._raw(row), letters(column), row)

    def content(self, row: int, column: int) -> Content:
        """What a cell holds."""
        cell = self.cell(row, column)
        return Content(None, None) if cell is None else self.cell_content(cell)

    def cell_content(self, cell: bytes) -> Content:
        """What a cell's bytes say."""
        return content(cell, self._shared)

    def hides(self, row: int) -> bool:
        """True if a row is hidden."""
        raw = self.rows.get(row, b"")
        return bool(raw) and HIDDEN.search(raw, 0, raw.index(b">")) is not None

    def column(self, column: int, first: int, last: int, *, visible: bool = False) -> list[Content]:
        """What stands in part of a column, row by row; `visible`: without rows that are hidden."""
        name = letters(column)
        found: list[Content] = []
        for number in range(first, last + 1):
            if visible and self.hides(number):
                continue
            cell = _cell_in(self.rows.get(number, b""), name, number)
            found.append(self.cell_content(cell) if cell else Content(None, None))
        return found

    def put(self, row: int, column: int, ending: str) -> None:
        """Puts a cell in, with the style of the one it replaces; `ending` as `cells.ending` makes it."""
        if b't="shared"' in (self.cell(row, column) or b""):
            self.rows = without_shared(self.rows)
        taken = self.row(row)
        before = taken.cells.get(column)
        self.alike.discard(row)
        taken.cells[column] = styled(letters(column), row, style_of(before)) + ending.encode()
        if self._rows is None or self._rows is self.original:
            self._rows = dict(self.original)
        self._rows[row] = taken.write(row)

    def widen(self, area: Area) -> None:
        """Lets the sheet's `dimension` take in an area."""
        found = DIMENSION.search(self.head)
        if found is None:
            return
        old = parse_area(found[2].decode())
        if old is not None:
            area = Area(
                min(old.top, area.top),
                min(old.left, area.left),
                max(old.bottom, area.bottom),
                max(old.right, area.right),
            )
        self.head = self.head[: found.end(1)] + str(area).encode() + self.head[found.end(2) :]


def _cell_in(raw: bytes, name: str, row: int) -> bytes | None:
    """The cell in the column of this name, out of a row's bytes."""
    at = raw.find(b'<c r="%b%d"' % (name.encode(), row))  # as nearly always
    if at < 0:
        found = _cell_of(name).search(raw)
        return found[0] if found else None
    close = raw.index(b">", at)
    return raw[at : close + 1] if raw[close - 1] == BAR else raw[at : raw.index(b"</c>", close) + 4]


@cache
def _cell_of(name: str) -> re.Pattern[bytes]:
    """A cell in the column of this name, wherever its address stands among its attributes."""
    return re.compile(rb'<c(?=\s)[^>]*?\sr="%b[0-9]+"[^>]*?(?:/>|>.*?</c>)' % name.encode(), re.DOTALL)


def split_rows(data: bytes, start: int, end: int) -> dict[int, bytes]:
    """The rows between two positions, each as its bytes, by number."""
    rows: dict[int, bytes] = {}
    find = data.find
    at = find(b"<row", start, end)
    while at >= 0:
        close = find(b">", at, end)
        stop = close + 1 if data[close - 1] == BAR else find(b"</row>", close, end) + 6
        number = ROW_NUMBER.search(data, at, close)
        if number is not None:
            rows[int(number[1])] = data[at:stop]
        at = find(b"<row", stop, end)
    return rows


def styled(column: str, row: int, style: bytes) -> bytes:
    """The beginning of a cell, to which an `ending` is added."""
    return b'<c r="%s%d"' % (column.encode(), row) + (b' s="%s"' % style if style else b"")


def style_of(cell: bytes | None) -> bytes:
    """The number of the cell's style; empty for the default one."""
    if cell is None:
        return b""
    found = STYLE.search(cell, 0, cell.index(b">"))
    return found[1] if found else b""


def usual_styles(rows: Iterable[bytes], columns: Iterable[int]) -> tuple[dict[int, bytes], bytes]:
    """The style most cells of each column have, and the row attributes (height, row style) most of these rows have."""
    counts: dict[int, Counter[bytes]] = {c: Counter() for c in columns}
    attributes: Counter[bytes] = Counter()
    cells: Counter[tuple[bytes, bytes, bytes]] = Counter()  # alike but for the row, so that few are looked at
    for raw in rows:
        attributes[_attributes(raw, raw.index(b">"))] += 1
        cells.update(CELL_STYLE.findall(raw))
    for (before, name, after), count in cells.items():
        column, style = column_number(name.decode()), STYLE.search(before) or STYLE.search(after)
        if column in counts:
            counts[column][style[1] if style else b""] += count
    rows_say: Counter[bytes] = Counter()
    for said, count in attributes.items():
        rows_say[PASSING.sub(b"", said).rstrip()] += count
    styles = {c: count.most_common(1)[0][0] if count else b"" for c, count in counts.items()}
    return styles, rows_say.most_common(1)[0][0] if rows_say else b""
