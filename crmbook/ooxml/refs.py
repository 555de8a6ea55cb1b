"""Cell addresses, and where each row of a sheet goes when a table on it grows, shrinks or is put in another order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
SHEET_PREFIX = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:]+))!")


class CannotMoveError(Exception):
    """Something that must not be taken apart stands on a row that would have to move: `sheet`, `cell`."""

    def __init__(self, sheet: str, cell: str) -> None:
        super().__init__(f"{sheet}!{cell}")
        self.sheet, self.cell = sheet, cell


class Area(NamedTuple):
    """A rectangle of cells, its edges included, 1 = row 1 or column A."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first, last = f"{letters(self.left)}{self.top}", f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def is_cell(self) -> bool:
        """True for one single cell."""
        return self.top == self.bottom and self.left == self.right

    @property
    def ref(self) -> str:
        """The area as a range even where it is one cell: a table's `ref`."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@cache
def letters(column: int) -> str:
    """The letters of a column number: 28 → AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


@cache
def column_number(name: str) -> int:
    """The number of a column's letters: AB → 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_area(ref: str) -> Area | None:
    """`B4:H9`, `$B$4` → its area; None if it is no plain cell or rectangle (a whole column, a name)."""
    first, _, last = ref.partition(":")
    start, end = CELL.fullmatch(first), CELL.fullmatch(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((int(start[2]), int(end[2]))), sorted((column_number(start[1]), column_number(end[1])))
    return Area(rows[0], columns[0], rows[1], columns[1])


@lru_cache(maxsize=8192)  # the same names are asked for by every form
def parse_ref(text: str) -> tuple[str, Area] | None:
    """`'a b'!$D$6` → ("a b", its area); None if the text is no reference to cells of one sheet."""
    prefix = SHEET_PREFIX.match(text.removeprefix("="))
    if prefix is None:
        return None
    area = parse_area(text.removeprefix("=")[prefix.end() :])
    return None if area is None else (sheet_name(prefix), area)


def sheet_name(prefix: re.Match[str]) -> str:
    """The sheet's name out of a match of SHEET_PREFIX, without its quotes."""
    return prefix[1].replace("''", "'") if prefix[1] is not None else prefix[2]


def quoted(sheet: str) -> str:
    """The sheet's name as it stands in a reference; quotes are always allowed, and often needed."""
    return "'" + sheet.replace("'", "''") + "'"


def absolute(sheet: str, area: Area) -> str:
    """The reference that does not move: `'a b'!$D$6`."""
    first, last = f"${letters(area.left)}${area.top}", f"${letters(area.right)}${area.bottom}"
    return f"{quoted(sheet)}!{first}" + ("" if area.is_cell else f":{last}")


def column_of(sheet: str, area: Area) -> str:
    """The same of a column's cells: a range even where they are one, so that it can grow."""
    return f"{absolute(sheet, area._replace(bottom=area.top))}:${letters(area.right)}${area.bottom}"


@dataclass(frozen=True, slots=True)
class RowMap:
    """Where the rows of one sheet go. Two questions, two answers:

    `at(row, column)`: something that *stands on* a cell (a note, a link) goes with its row; None if the row goes away.
    `row`, `span`: something that *speaks of* cells. As in Excel's own sort, it is not re-pointed when rows only change
    places; what lies under the table is followed, and a range that covered all the table's rows covers them again.
    """

    first: int  # the table's first data row
    ends: frozenset[int]  # its last data row; where staff typed on under the table, also the last of those
    new_last: int
    left: int
    right: int
    places: Mapping[int, int] | None = None  # old data row → new row; missing = goes away; None = all stay
    footer: int = 0  # totals rows
    push_from: int = MOST_ROWS + 1  # this row and all below it …
    push: int = 0  # … go down by so many
    ends_max: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends_max", max(self.ends))

    @property
    def last(self) -> int:
        """The last row that held data before."""
        return self.ends_max

    @property
    def is_still(self) -> bool:
        """True if nothing on the sheet has to follow."""
        return self.places is None and not self.push and self.ends == {self.new_last}

    def row(self, row: int, columns: Sequence[int] = ()) -> int:
        """Where a reference to this row has to point, in these columns (none: the table's)."""
        if row <= self.ends_max:
            return row
        if row <= self.ends_max + self.footer:
            shrinks = self.new_last < self.ends_max  # the totals row follows its table up; what is beside it stays
            return row if shrinks and self._beside(columns) else self.new_last + row - self.ends_max
        # An area down to the last row of the sheet, such as a whole column's, has nowhere to go.
        return min(row + self.push, MOST_ROWS) if row >= self.push_from else row

    def _beside(self, columns: Sequence[int]) -> bool:
        """True if columns were given and none is the table's."""
        return bool(columns) and (min(columns) > self.right or max(columns) < self.left)

    def is_whole(self, area: Area) -> bool:
        """True if the area covers all the table's rows, with or without what is above, in some of its columns."""
        across = area.left <= self.right and area.right >= self.left
        return across and area.top <= self.first <= area.bottom and area.bottom in self.ends

    def covers(self, area: Area) -> bool:
        """True if the area covers all the table's rows and more under them: a column with room in reserve."""
        return not self._beside(area[1::2]) and area.top <= self.first and area.bottom > self.ends_max

    def span(self, area: Area, *, cell_grows: bool = True) -> Area:
        """Where a reference to this area has to point; `cell_grows`: one cell may be all of a table of one row."""
        if self.is_whole(area):
            may_grow = cell_grows or area.top != area.bottom
            return area._replace(bottom=self.new_last) if may_grow else area
        top, bottom = self.row(area.top, area[1::2]), self.row(area.bottom, area[1::2])
        return area._replace(top=top, bottom=max(bottom, self.new_last) if self.covers(area) else bottom)

    def at(self, row: int, column: int) -> int | None:
        """Where what stands on this cell goes."""
        if self.places is not None and self.first <= row <= self.ends_max and self.left <= column <= self.right:
            return self.places.get(row)
        return self.row(row, (column,))

    def whole(self, area: Area) -> Area | None:
        """Where something goes that must stay as high as it is (another table, a pivot table); None if it cannot."""
        top, bottom = self.row(area.top, area[1::2]), area.bottom + self.row(area.top, area[1::2]) - area.top
        return area._replace(top=top, bottom=bottom) if self.row(area.bottom, area[1::2]) == bottom else None

    def carries(self, area: Area) -> bool:
        """True if an area begins on data rows that change places, in the table's columns."""
        across = area.left <= self.right and area.right >= self.left
        return self.places is not None and across and self.first <= area.top <= self.ends_max

    def together(self, area: Area) -> Area | None:
        """Where the rows of such an area stand, if they still do one below the other, and nothing beside the table was in it;
        else None."""
        rows = [self.at(row, max(area.left, self.left)) for row in range(area.top, area.bottom + 1)]
        top = rows[0]
        if top is None or rows != [*range(top, top + len(rows))]:
            return None
        is_inside = self.left <= area.left and area.right <= self.right
        return area._replace(top=top, bottom=top + len(rows) - 1) if is_inside or top == area.top else None

    def list(self, sqref: str, *, cell_grows: bool = True) -> str:
        """A blank-separated list of areas, each followed; what is no area stays as it is.

        Excel breaks a format's area into pieces when rows are inserted or sorted; pieces that together cover all the
        table's rows grow as the whole would.
        """
        refs = sqref.split()
        pieces = [parse_area(ref) for ref in refs]
        found = []
        for ref, area in zip(refs, pieces, strict=True):
            if area is None:
                found.append(ref)
                continue
            followed = self.span(area, cell_grows=cell_grows)
            if cell_grows and area.bottom in self.ends and followed == area and self._covered(area, pieces):
                followed = area._replace(bottom=max(self.new_last, area.top))
            found.append(ref if followed == area else str(followed))
        return " ".join(found)

    def _covered(self, last: Area, pieces: Sequence[Area | None]) -> bool:
        """True if the pieces in the columns of the last one reach from the table's first row to it without a gap."""
        if last.left > self.right or last.right < self.left:
            return False
        reached = last.top
        for piece in sorted((p for p in pieces if p and p[1::2] == last[1::2]), reverse=True):
            if piece.top < reached <= piece.bottom + 1:
                reached = piece.top
        return reached <= self.first


def meet(one: Area, other: Area) -> bool:
    """True if a cell lies in both."""
    apart = one.bottom < other.top or other.bottom < one.top or one.right < other.left or other.right < one.left
    return not apart


class Kept(NamedTuple):
    """Rows in a sheet's part, one after the other, that need not be looked at, as they are the source's byte for byte or made
    like others that are looked at: where they begin and end, and the numbers of the first and the last."""

    start: int
    end: int
    first: int
    last: int
