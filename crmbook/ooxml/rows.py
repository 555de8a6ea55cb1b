"""The rows of a sheet put in place: a table's rows filled, carried or cleared, what stands below them pushed down."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import groupby, islice, zip_longest
from typing import Any

from crmbook.ooxml.cells import BLANK, ending, endings, escape, same_value, stored
from crmbook.ooxml.formulas import MAY_REFER, Follower, follow_cell, same_formula, translated, without_shared
from crmbook.ooxml.refs import CannotMoveError, RowMap, letters
from crmbook.ooxml.sheet import Row, SheetPart, renumbered, style_of, styled, usual_styles

CHUNK = 4000  # new rows made at a time, so that their texts do not all lie in memory
SLASH = ord("/")
SAMPLED = 2000  # rows looked at for the usual style of a column
VALUE_TOLERANCE = 1e-12  # programs write a number with 15 to 17 digits
FORMULA_TOLERANCE = 1e-9  # a formula's value comes from the program that calculated it last


class Fill:
    """What one column of a table should hold: a value per row and, but for some rows, one formula beside it."""

    def __init__(self, values: Sequence[Any], formula: str | None, without: Collection[int], *, is_1904: bool) -> None:
        self._values, self._formula, self._without, self._is_1904 = values, formula, without, is_1904
        self._known: dict[Any, str] = {}

    def __len__(self) -> int:
        return len(self._values)

    def value(self, row: int) -> Any:
        """The value of one row as a cell stores it."""
        return stored(self._values[row], is_1904=self._is_1904)

    def formula(self, row: int) -> str | None:
        """The formula of one row."""
        return None if row in self._without else self._formula

    def endings(self, start: int, stop: int) -> list[str]:
        """`cells.ending` of some rows."""
        if self._formula is None:
            return endings(self._values[start:stop], self._known, is_1904=self._is_1904)
        return [ending(self.value(i), self.formula(i)) for i in range(start, min(stop, len(self)))]


def says(sheet: SheetPart, cell: bytes | None, value: Any, formula: str | None) -> bool:
    """True if the cell already says this: the same formula, and the same (stored) value beside it."""
    if cell is None or b"</" not in cell:
        return value is None and formula is None
    held = sheet.cell_content(cell)
    if held.error or not same_formula(held.formula, formula):
        return False
    tolerance = VALUE_TOLERANCE if formula is None else FORMULA_TOLERANCE
    return same_value(held.value or None if isinstance(held.value, str) else held.value, value, tolerance)


class Placing:
    """One pass over a sheet's rows.

    sources[i] is the old sheet row that becomes data row i, 0 for a new one. By column number: `fills`, what we write;
    `theirs`, the formulas that new rows get in columns of the user's. `run` puts the rows in place; True if anything
    changed.
    """

    def __init__(
        self,
        sheet: SheetPart,
        row_map: RowMap,
        sources: Sequence[int],
        fills: Mapping[int, Fill],
        theirs: Mapping[int, str],
        follower: Follower,
    ) -> None:
        self.sheet, self.map, self.sources, self.fills, self.follower = sheet, row_map, sources, fills, follower
        self.columns = range(row_map.left, row_map.right + 1)
        self.names = {c: letters(c).encode() for c in self.columns}
        self.old = without_shared(sheet.rows) if self._breaks_shared() else sheet.rows
        self._start, self._made = 0, list[tuple[bytes | None, ...]]()
        self.theirs = {c: self._as_it_stands(c, formula) for c, formula in theirs.items() if c not in fills}

    @cached_property
    def usual(self) -> tuple[dict[int, bytes], bytes]:
        """What new cells and rows look like: each column's usual style, and the usual attributes of a row."""
        numbers = range(self.map.first, self.map.last + 1)
        present = (Row.read(self.old[r]) for r in numbers if r in self.old)
        return usual_styles(islice(present, SAMPLED), self.columns)

    def _breaks_shared(self) -> bool:
        """True if formulas shared by several cells have to be written out: cells move, or we write over one of them."""
        rows = [raw for raw in self.sheet.rows.values() if b't="shared"' in raw]
        if not rows or not self.map.is_still or not self.follower.is_idle:
            return bool(rows)
        return any(
            b't="shared"' in cells.get(c, b"") for cells in (Row.read(raw).cells for raw in rows) for c in self.fills
        )

    def _as_it_stands(self, column: int, formula: str) -> tuple[str, int]:
        """The user's formula and the row in which it reads so: a relative one is taken from a row that has it."""
        if MAY_REFER.search(formula):
            for number in range(self.map.first, self.map.last + 1):
                cell = Row.read(self.old[number]).cells.get(column, b"") if number in self.old else b""
                held = self.sheet.cell_content(cell).formula if b"<f" in cell else None
                if held:
                    return held, number
        return formula, self.map.first

    def _their_ending(self, column: int, number: int) -> str:
        """A new row's formula in a column of the user's; its value is for the program that opens the file."""
        formula, start = self.theirs[column]
        name = letters(column)
        text = translated(formula, f"{name}{start}", f"{name}{number}")
        return f"><f>{escape(self.follower.follow(text, (number, number)))}</f></c>"

    def run(self) -> bool:
        """Data rows first, then what those left behind beside the table, then all other rows."""
        first = self.map.first
        placed: dict[int, bytes] = {}
        for is_fresh, run in groupby(
            range(len(self.sources)), lambda i: not self.sources[i] and first + i not in self.old
        ):
            if is_fresh:
                rows = list(run)
                for start in range(rows[0], rows[-1] + 1, CHUNK):
                    placed.update(self._fresh(start, min(start + CHUNK, rows[-1] + 1)))
            else:
                placed.update((first + i, raw) for i in run if (raw := self._carried(i)))
        for row in range(first + len(self.sources), self.map.last + 1):
            if beside := self._beside(row):
                placed[row] = Row(b"", beside).write(row)
        filled = range(first, min(max(self.map.last, self.map.new_last) + 1, self.map.push_from))
        for row, raw in self.old.items():
            if row not in filled:
                self._elsewhere(row, raw, placed)
        if placed == self.old:
            return False
        self.sheet.rows = dict(sorted(placed.items()))
        return True

    def _fresh(self, start: int, stop: int) -> dict[int, bytes]:
        """New rows where the sheet has none, made column by column: this is where a big table gets its rows."""
        numbers = range(self.map.first + start, self.map.first + stop)
        styles, attributes = self.usual[0], self.usual[1].decode()
        parts: list[list[str]] = [[f'<row r="{r}"{attributes}>' for r in numbers]]
        for column in self.columns:
            style = styles[column].decode()
            lead, mark = f'<c r="{letters(column)}', f'" s="{style}"' if style else '"'
            fill = self.fills.get(column)
            if column in self.theirs:
                ends = [self._their_ending(column, number) for number in numbers]
            else:
                ends = fill.endings(start, stop) if fill else [BLANK] * len(numbers)
            if style:
                parts.append([f"{lead}{r}{mark}{e}" for r, e in zip(numbers, ends, strict=True)])
            else:
                parts.append(["" if e is BLANK else f"{lead}{r}{mark}{e}" for r, e in zip(numbers, ends, strict=True)])
        parts.append(["</row>"] * len(numbers))
        return {r: "".join(texts).encode() for r, texts in zip(numbers, zip(*parts, strict=True), strict=True)}

    def _carried(self, i: int) -> bytes:
        """Data row i: the old row's cells under its new number, ours renewed where they say something else; empty if the
        sheet need not have such a row."""
        new, old = self.map.first + i, self.sources[i]
        raw = self.old.get(old, b"")
        if old == new and (self.follower.is_idle or b"<f" not in raw) and self._is_said(i, raw):
            return raw
        row = Row.read(raw) if raw else Row(b"" if old else self.usual[1], {})
        is_same = old == new and bool(raw)
        if old != new:
            mine = {c: renumbered(cell, new) for c, cell in row.cells.items() if c in self.columns}
            row.cells = {c: self._followed(cell, (old, new)) for c, cell in mine.items()} | self._beside(new)
        elif b"<f" in raw and not self.follower.is_idle:
            cells = {
                c: self._followed(cell, (old, new) if c in self.columns else None) for c, cell in row.cells.items()
            }
            is_same = is_same and cells == row.cells
            row.cells = cells
        if not old:
            for column, style in self.usual[0].items():
                end = self._their_ending(column, new) if column in self.theirs else BLANK
                if style or end is not BLANK:
                    row.cells.setdefault(column, styled(letters(column), new, style) + end.encode())
        for column, fill in self.fills.items():
            if i >= len(fill):
                continue
            cell, value, formula = row.cells.get(column), fill.value(i), fill.formula(i)
            if not says(self.sheet, cell, value, formula):
                style = self.usual[0][column] if cell is None else style_of(cell)
                row.cells[column] = styled(letters(column), new, style) + ending(value, formula).encode()
                is_same = False
        if is_same:
            return raw
        return row.write(new) if row.cells or row.attributes else b""

    def _is_said(self, i: int, raw: bytes) -> bool:
        """True if a row that keeps its place already says all we would write; looks at no other cell."""
        number, after = b'%d"' % (self.map.first + i), 0
        for (column, fill), said in zip(self.fills.items(), self._endings(i), strict=True):
            if said is None:  # beyond the last value
                continue
            address = self.names[column] + number
            start = raw.find(b'<c r="' + address, after)  # columns mostly stand in our order
            if start < 0:
                start = raw.find(b'<c r="' + address)
            if start < 0 and b' r="' + address in raw:
                return False
            cell = None
            if start >= 0:
                after = start + 6 + len(address)
                if raw.startswith(b' s="', after):
                    after = raw.index(b'"', after + 4) + 1
                if raw.startswith(said, after):  # as we wrote it: no need to take it apart
                    continue
                end = raw.index(b">", start) + 1
                cell = raw[start:end] if raw[end - 2] == SLASH else raw[start : raw.index(b"</c>", end) + 4]
            if not says(self.sheet, cell, fill.value(i), fill.formula(i)):
                return False
        return True

    def _endings(self, i: int) -> tuple[bytes | None, ...]:
        """What we would write in data row i, column by column; made for many rows at a time, which come in their order."""
        if not 0 <= i - self._start < len(self._made):
            parts = [[end.encode() for end in fill.endings(i, i + CHUNK)] for fill in self.fills.values()]
            self._start, self._made = i, list(zip_longest(*parts)) or [(None,) * len(parts)]
        return self._made[i - self._start]

    def _beside(self, number: int) -> dict[int, bytes]:
        """The cells of a data row that stand outside the table's columns: they keep their place."""
        if number not in self.old:
            return {}
        cells = Row.read(self.old[number]).cells
        return {c: self._followed(cell, None) for c, cell in cells.items() if c not in self.columns}

    def _elsewhere(self, number: int, raw: bytes, placed: dict[int, bytes]) -> None:
        """A row above or below the data: pushed down where it must be, the references in it followed."""
        new = self.map.row(number)
        if new == number and (self.follower.is_idle or b"<f" not in raw):
            placed.setdefault(number, raw)
            return
        row = Row.read(raw)
        cells = {c: self._followed(cell, None) for c, cell in row.cells.items()}
        if new < number:  # a totals row follows its table up; what is beside it stays
            staying = {c: cell for c, cell in cells.items() if c not in self.columns}
            if staying:
                placed[number] = Row(b"", staying).write(number)
            cells = {c: cell for c, cell in cells.items() if c in self.columns} | self._beside(new)
        elif new == number and cells == row.cells:
            placed.setdefault(number, raw)
            return
        row.cells = {c: renumbered(cell, new) for c, cell in cells.items()}
        placed[new] = row.write(new)

    def _followed(self, cell: bytes, at: tuple[int, int] | None) -> bytes:
        if b"<f" not in cell or self.follower.is_idle:
            return cell
        try:
            return follow_cell(cell, self.follower, self.map, at)
        except CannotMoveError as error:
            raise CannotMoveError(self.follower.home, error.cell) from error
