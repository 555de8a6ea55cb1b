"""The rows of a sheet put in place: a table's rows filled, carried or cleared, what stands below them pushed down."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from operator import contains

from crmbook.ooxml.alike import CELL, HERE, ROW, ROW_END, Alike, with_beside
from crmbook.ooxml.cells import escape
from crmbook.ooxml.filling import Fill, is_as_written, runs_of, says
from crmbook.ooxml.formulas import MAY_REFER, Follower, follow_cell, translated, without_shared
from crmbook.ooxml.refs import CannotMoveError, RowMap, letters
from crmbook.ooxml.sheet import Row, SheetPart, renumbered, style_of, styled, usual_styles

CHUNK = 500  # rows gone through at a time, so that their texts do not all lie in memory, and those that do lie near
BLANK = b"/>"  # the end of an empty cell
FEW = 4
SAMPLED = 50  # rows looked at for the usual style of a column


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
        self.old = without_shared(sheet.rows) if self._breaks_shared() else sheet.rows
        self.runs = runs_of(fills)
        self.theirs = {c: self._as_it_stands(c, formula) for c, formula in theirs.items() if c not in fills}

    @cached_property
    def usual(self) -> tuple[dict[int, bytes], bytes]:
        """What new cells and rows look like: each column's usual style, and the usual attributes of a row."""
        count = self.map.last + 1 - self.map.first
        numbers = range(self.map.first, self.map.last + 1, max(count // SAMPLED, 1))
        present = (self.old[r] for r in numbers if r in self.old)
        return usual_styles(present, self.columns)

    @cached_property
    def _alike(self) -> Alike:
        return Alike(self.sheet, self.fills, self._leads, moves=not self.follower.is_idle)

    @cached_property
    def _leads(self) -> dict[int, bytes]:
        """How the cells of each column begin, in the usual style."""
        return {c: letters(c).encode() + HERE + (b' s="%b"' % s if s else b"") for c, s in self.usual[0].items()}

    @cached_property
    def _with_beside(self) -> set[int]:
        """The rows, of those that another one comes to, with something outside the table's columns."""
        first = self.map.first
        return with_beside(
            self.old, (first + i for i, old in enumerate(self.sources) if old != first + i), self.columns
        )

    def _breaks_shared(self) -> bool:
        """True if formulas shared by several cells have to be written out: cells move, or we write over one of them."""
        if not self.sheet.shares_formulas:
            return False
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

    def _their_ending(self, column: int, number: int) -> bytes:
        """A new row's formula in a column of the user's; its value is for the program that opens the file."""
        formula, start = self.theirs[column]
        name = letters(column)
        text = translated(formula, f"{name}{start}", f"{name}{number}")
        return f"><f>{escape(self.follower.follow(text, (number, number)))}</f></c>".encode()

    def run(self) -> bool:
        """Data rows first, then what those left behind beside the table, then all other rows."""
        first = self.map.first
        placed: dict[int, bytes] = {}
        for start in range(0, len(self.sources), CHUNK):
            placed.update(self._data(range(start, min(start + CHUNK, len(self.sources)))))
        for row in range(first + len(self.sources), self.map.last + 1):
            if beside := self._beside(row):
                placed[row] = Row(b"", beside).write(row)
        filled = range(first, min(max(self.map.last, self.map.new_last) + 1, self.map.push_from))
        for row, raw in self.old.items():
            if row not in filled:
                self._elsewhere(row, raw, placed)
        if placed == self.old:
            return False
        numbers = sorted(placed)
        self.sheet.rows = dict(zip(numbers, map(placed.__getitem__, numbers), strict=True))
        return True

    def _data(self, rows: range) -> dict[int, bytes]:
        """Some data rows by number: new ones, and old ones that are like each other, are made or compared together, column by
        column; the others one by one, unless they say all they should."""
        first, ends = self.map.first, {c: fill.endings(rows, self._leads[c]) for c, fill in self.fills.items()}
        together = rows[: min(map(len, ends.values()), default=len(rows))]
        fresh = [i for i in together if not self.sources[i] and first + i not in self.old]
        done = self._fresh(fresh, _picked(ends, fresh, rows))
        if len(done) == len(rows):
            return done
        done |= self._as_fresh([i for i in together if self.sources[i] == first + i in self.old], ends, rows)
        carried = [
            (i, old, self.old[old])
            for i in together
            if (old := self.sources[i]) in self.old and first + i not in done and first + i not in self._with_beside
        ]
        is_little = FEW * len(self.fills) < len(self.columns)  # found in a row more quickly than the row is taken apart
        if carried and not is_little:
            done |= self._alike.renewed(carried, first, rows.start, ends)
        still = [i for i in together if self.sources[i] == first + i in self.old and first + i not in done]
        done |= self._said(still, _picked(ends, still, rows))
        if is_little and (carried := [row for row in carried if first + row[0] not in done]):
            done |= self._alike.renewed(carried, first, rows.start, ends)
        for i in rows:
            if first + i not in done:
                own = {
                    c: made[i - rows.start].removeprefix(self._leads[c])
                    for c, made in ends.items()
                    if i < len(self.fills[c])
                }
                if raw := self._carried(i, own):
                    done[first + i] = raw
        return done

    def _fresh(self, rows: Sequence[int], ends: Mapping[int, Sequence[bytes]]) -> dict[int, bytes]:
        """New rows where the sheet has none: this is where a big table gets its rows. What a cell can hold wrongly is ruled out
        where its ending is made, and all else is the same in each: the first and the last of them are looked at for all."""
        if not rows:
            return {}
        numbers = [self.map.first + i for i in rows]
        self.sheet.alike.update(numbers[1:-1])
        return dict(zip(numbers, self._new(numbers, ROW + HERE + self.usual[1] + b">", ends), strict=True))

    def _as_fresh(self, rows: Sequence[int], ends: Mapping[int, Sequence[bytes]], among: range) -> dict[int, bytes]:
        """Those of these rows, all in their old places, whose cells are what those of new rows would be."""
        if not rows or self.theirs:
            return {}
        numbers = [self.map.first + i for i in rows]
        raws, made = [self.old[n] for n in numbers], self._new(numbers, b"", _picked(ends, rows, among))
        return {
            number: raw
            for number, raw, cells in zip(numbers, raws, made, strict=True)
            if raw.endswith(cells) and raw.find(CELL) + len(cells) == len(raw)
        }

    def _new(self, numbers: Sequence[int], opening: bytes, ends: Mapping[int, Sequence[bytes]]) -> list[bytes]:
        """The bytes of new rows that have this opening."""
        columns: list[Iterable[bytes]] = [repeat(opening)]
        for column, lead in self._leads.items():
            style = self.usual[0][column]
            if column in ends:
                cells = ends[column]
                columns.append(cells if style else [b"" if cell == lead + BLANK else cell for cell in cells])
            elif column in self.theirs:
                columns.append([lead + self._their_ending(column, number) for number in numbers])
            elif style:
                columns.append(repeat(lead + BLANK))
        rows: Iterable[Iterable[bytes]] = zip(*columns, strict=False)
        if not all(self.usual[0].values()):  # a blank cell without a style needs no place
            rows = ([opening, *filter(None, cells)] for _, *cells in rows)
        return [CELL.join(row).replace(HERE, b'%d"' % n) + ROW_END for n, row in zip(numbers, rows, strict=False)]

    def _said(self, rows: Sequence[int], ends: Mapping[int, Sequence[bytes]]) -> dict[int, bytes]:
        """Those of these rows, all in their old places, that hold what we would write as we would write it, in the usual
        styles."""
        if not rows:
            return {}
        numbers = [self.map.first + i for i in rows]
        raws, marks = [self.old[number] for number in numbers], [b'%d"' % number for number in numbers]
        wanted = [
            [
                CELL + CELL.join(cells).replace(HERE, mark)
                for cells, mark in zip(zip(*map(ends.__getitem__, run), strict=True), marks, strict=True)
            ]
            for run in self.runs
        ]
        found = zip(*(map(contains, raws, cells) for cells in wanted), strict=True) if wanted else repeat(())
        said = {number: raw for number, raw, held in zip(numbers, raws, found, strict=False) if all(held)}
        if not self.follower.is_idle:  # a formula that is not ours may have to follow
            ours = [sum(cells.count(b"<f") for cells in row) for row in zip(*wanted, strict=True)] or [0] * len(rows)
            for number, raw, count in zip(numbers, raws, ours, strict=True):
                if raw.count(b"<f") != count:
                    said.pop(number, None)
        return said

    def _carried(self, i: int, ends: Mapping[int, bytes]) -> bytes:
        """Data row i: the old row's cells under its new number, ours renewed where they say something else; empty if the
        sheet need not have such a row."""
        new, old = self.map.first + i, self.sources[i]
        raw = self.old.get(old, b"")
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
                    row.cells.setdefault(column, styled(letters(column), new, style) + end)
        for column, end in ends.items():
            cell, fill = row.cells.get(column), self.fills[column]
            if not is_as_written(cell, end) and not says(self.sheet, cell, fill.value(i), fill.formula(i)):
                style = self.usual[0][column] if cell is None else style_of(cell)
                row.cells[column] = styled(letters(column), new, style) + end
                is_same = False
        if is_same:
            return raw
        return row.write(new) if row.cells or row.attributes else b""

    def _beside(self, number: int) -> dict[int, bytes]:
        """The cells of a data row that stand outside the table's columns: they keep their place, unless pushed down."""
        if number not in self.old or (self.map.push and number >= self.map.push_from):
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


def _picked(ends: Mapping[int, Sequence[bytes]], wanted: Sequence[int], rows: range) -> Mapping[int, Sequence[bytes]]:
    """The endings of the wanted ones among some rows."""
    if len(wanted) == len(rows):
        return ends
    return {column: [made[i - rows.start] for i in wanted] for column, made in ends.items()}
