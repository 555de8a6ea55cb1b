"""Data rows with the same columns, carried to where they belong and renewed together, column by column."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from crmbook.ooxml.cells import ending
from crmbook.ooxml.filling import Fill, says
from crmbook.ooxml.refs import column_number
from crmbook.ooxml.sheet import SheetPart

COLUMN = re.compile(rb"[A-Z]+")
ROW, CELL, ROW_END = b'<row r="', b'<c r="', b"</row>"
HERE = b"\1"  # stands for the row's number and the quote behind it; XML cannot hold this character
BEHIND = (b" s=", b">", b"/>", b" t=")  # what follows a cell's address, nearly always the first
SHARED = re.compile(rb' t="s"><v>[0-9]+</v></c>')
NUMBER = re.compile(rb"(>(?:<f>[^<]*</f>)?<v>)-?[0-9.]+(?:[eE][-+]?[0-9]+)?</v></c>")
NUMBER_END = b"</v></c>"

Carried = tuple[int, int, bytes]  # a data row's position, the number of its old row, and that row
Ends = Mapping[int, Sequence[bytes]]  # by column, what we write, one row after the other


class Alike:
    """Data rows are renewed with what we write by column, in the usual style there. `moves`: formulas of the user's may have
    to follow, which is left to others."""

    def __init__(self, sheet: SheetPart, fills: Mapping[int, Fill], columns: range, styles: Mapping[int, bytes], *, moves: bool) -> None:  # fmt: skip
        self._sheet, self._fills, self._columns, self._styles, self._moves = sheet, fills, columns, styles, moves
        self._shared: dict[bytes, bytes] = {}

    def renewed(self, rows: Iterable[Carried], first: int, start: int, ends: Ends) -> dict[int, bytes]:
        """These rows by their new numbers; position 0 stands in row `first`, and `ends` begin with position `start`. Left
        out are those unlike the others: in their columns, in the style of a cell of ours, in the way they are spelt."""
        groups: dict[int, list[tuple[Carried, list[bytes]]]] = {}
        for row in rows:
            if pieces := _apart(row[2], b'%d"' % row[1]):
                groups.setdefault(len(pieces), []).append((row, pieces))
        done: dict[int, bytes] = {}
        for group in groups.values():
            columns = [*zip(*(pieces for _, pieces in group), strict=True)]
            done |= self._of_one_layout([row for row, _ in group], columns, first, start, ends)
        return done

    def _of_one_layout(self, rows: Sequence[Carried], columns: Sequence[Sequence[bytes]], first: int, start: int, ends: Ends) -> dict[int, bytes]:  # fmt: skip
        """The same of rows that were taken apart: `columns` holds their openings, then their cells, as many in each."""
        names = [cells[0].partition(HERE)[0] for cells in columns[1:]]
        if not all(map(COLUMN.fullmatch, names)):
            return {}
        layout = [column_number(name.decode()) for name in names]
        if not self._fills.keys() <= {*layout} <= {*self._columns} or layout != sorted({*layout}):
            return {}
        together = len(rows) == rows[-1][0] - rows[0][0] + 1
        unfit, changed = set[int](), {k for k, (i, old, _) in enumerate(rows) if old != first + i}
        pieces = [columns[0]]
        for name, column, cells in zip(names, layout, columns[1:], strict=True):
            made, lead = ends.get(column), name + HERE
            if made is None:
                if not all(map(bytes.startswith, cells, repeat(lead))):
                    unfit.update(k for k, cell in enumerate(cells) if not cell.startswith(lead))
                if self._moves:
                    unfit.update(k for k, cell in enumerate(cells) if b"<f" in cell)
                pieces.append(cells)
                continue
            if style := self._styles[column]:
                lead += b' s="%b"' % style
            mine = (
                made[rows[0][0] - start : rows[-1][0] - start + 1]
                if together
                else [made[i - start] for i, _, _ in rows]
            )
            wanted = list(map(lead.__add__, mine))
            other = [k for k, (cell, want) in enumerate(zip(cells, wanted, strict=True)) if cell != want]
            renewed = list(cells)
            for k in self._unsaid(other, cells, wanted, lead, column, rows, unfit):
                renewed[k] = wanted[k]
                changed.add(k)
            pieces.append(renewed)
        return {
            first + row[0]: CELL.join(cells).replace(HERE, b'%d"' % (first + row[0])) + ROW_END
            if k in changed
            else row[2]
            for k, (row, cells) in enumerate(zip(rows, zip(*pieces, strict=True), strict=True))
            if k not in unfit
        }

    def _unsaid(self, among: Sequence[int], cells: Sequence[bytes], wanted: Sequence[bytes], lead: bytes, column: int, rows: Sequence[Carried], unfit: set[int]) -> list[int]:  # fmt: skip
        """Which of these cells of one column do not say, in other bytes, what we would write; those in another style, or in
        another spelling, are `unfit`."""
        found, fill, no_style = [], self._fills[column], not self._styles[column]
        first = next((m for k in among if (m := NUMBER.fullmatch(wanted[k], len(lead)))), None)
        number = lead + first[1] if first else HERE + HERE  # how the column's numbers begin
        begin, end = len(number), -len(NUMBER_END)
        for k in among:
            cell, want = cells[k], wanted[k]
            if cell.startswith(number) and want.startswith(number):
                try:
                    held, meant = float(cell[begin:end]), float(want[begin:end])
                except ValueError:
                    pass
                else:
                    if held != meant and not fill.is_close(held, meant):
                        found.append(k)
                    continue
            rest = cell[len(lead) :]
            if not cell.startswith(lead) or (no_style and rest.startswith(b" s=")):
                unfit.add(k)
            elif not self._is_said(rest, want[len(lead) :], fill, rows[k][0]):
                found.append(k)
        return found

    def _is_said(self, rest: bytes, end: bytes, fill: Fill, i: int) -> bool:
        """True if a cell says, in other bytes, what we would write."""
        if SHARED.fullmatch(rest):
            if rest not in self._shared:
                self._shared[rest] = ending(self._sheet.cell_content(b"<c" + rest).value).encode()
            if self._shared[rest] == end:
                return True
        return says(self._sheet, b"<c" + rest, fill.value(i), fill.formula(i))


def _apart(raw: bytes, mark: bytes) -> list[bytes]:
    """A row's opening and cells, without `<c r="`, and `HERE` for the row's number and a quote, the `mark`; none if it is
    spelt in an unusual way."""
    if not (raw.startswith(ROW + mark) and raw.endswith(ROW_END)):
        return []
    body = raw[len(ROW) + len(mark) : -len(ROW_END)]
    for count, behind in enumerate(BEHIND):
        body = body.replace(mark + behind, HERE + behind)
        if count in {0, len(BEHIND) - 1}:
            opening, *cells = body.split(CELL)
            if HERE not in opening and body.count(HERE) == len(cells):
                return [ROW + HERE + opening, *cells]
    return []


def with_beside(rows: Mapping[int, bytes], numbers: Iterable[int], columns: range) -> set[int]:
    """The numbers of those rows in which something stands outside these columns, or nothing at all."""
    found = set()
    for number in numbers:
        raw = rows.get(number)
        if raw is not None:
            ends = [COLUMN.match(raw, at + len(CELL)) for at in (raw.find(CELL), raw.rfind(CELL)) if at >= 0]
            if not ends or any(end is None or column_number(end[0].decode()) not in columns for end in ends):
                found.add(number)
    return found
