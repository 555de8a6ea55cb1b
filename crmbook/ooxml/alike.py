"""Data rows with the same columns, carried to where they belong and renewed together, column by column."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import compress, repeat
from operator import ne

from crmbook.ooxml.cells import ending
from crmbook.ooxml.filling import Fill, says
from crmbook.ooxml.refs import column_number
from crmbook.ooxml.sheet import SheetPart

COLUMN = re.compile(rb"[A-Z]+")
ROW, CELL, ROW_END = b'<row r="', b'<c r="', b"</row>"
HERE = b"\1"  # stands for the row's number and the quote behind it; XML cannot hold this character
BEHIND = (b" s=", b">", b"/>", b" t=")  # what follows a cell's address, nearly always the first
SHARED = re.compile(rb' t="s"><v>[0-9]+</v></c>')
NUMBER = re.compile(rb"(>(?:<f>[^<]*</f>)?<v>)-?[0-9.]+(?:[eE][-+]?[0-9]+)?(</v></c>)")
TEXT = re.compile(
    rb'( t="(?:str"><f>[^<]*</f><v>|inlineStr"><is><t(?: xml:space="preserve")?>))[^<]*(</(?:v|t></is)></c>)'
)
SPELLING = (b"&", b"<", b"\r", b"_x")  # with one of these in it, a text may say in other bytes what another says

Carried = tuple[int, int, bytes]  # a data row's position, the number of its old row, and that row
Ends = Mapping[int, Sequence[bytes]]  # by column, the cells that we write, one row after the other


class Alike:
    """Data rows are renewed with what we write by column, in the usual style there; `leads`: how each column's cells begin.
    `moves`: formulas of the user's may have to follow, which is left to others."""

    def __init__(self, sheet: SheetPart, fills: Mapping[int, Fill], leads: Mapping[int, bytes], *, moves: bool) -> None:
        self._sheet, self._fills, self._leads, self._moves = sheet, fills, leads, moves
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
        if not self._fills.keys() <= {*layout} <= self._leads.keys() or layout != sorted({*layout}):
            return {}
        together = len(rows) == rows[-1][0] - rows[0][0] + 1
        unfit, changed = set[int](), {k for k, (i, old, _) in enumerate(rows) if old != first + i}
        pieces = [columns[0]]
        for name, column, cells in zip(names, layout, columns[1:], strict=True):
            made = ends.get(column)
            if made is None:
                lead = name + HERE
                if not all(map(bytes.startswith, cells, repeat(lead))):
                    unfit.update(k for k, cell in enumerate(cells) if not cell.startswith(lead))
                if self._moves:
                    unfit.update(k for k, cell in enumerate(cells) if b"<f" in cell)
                pieces.append(cells)
                continue
            wanted = (
                made[rows[0][0] - start : rows[-1][0] - start + 1]
                if together
                else [made[i - start] for i, _, _ in rows]
            )
            renewed = list(cells)
            for k in self._unsaid(
                [*compress(range(len(rows)), map(ne, cells, wanted))], cells, wanted, column, rows, unfit
            ):
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

    def _unsaid(self, among: Sequence[int], cells: Sequence[bytes], wanted: Sequence[bytes], column: int, rows: Sequence[Carried], unfit: set[int]) -> list[int]:  # fmt: skip
        """Which of these cells of one column do not say, in other bytes, what we would write; those in another style, or in
        another spelling, are `unfit`."""
        found, fill, lead = [], self._fills[column], self._leads[column]
        (number, number_end), (text, text_end) = (_frame(shape, lead, among, wanted) for shape in (NUMBER, TEXT))
        end = -len(number_end)
        for k in among:
            cell, want = cells[k], wanted[k]
            if cell.startswith(number) and want.startswith(number):
                try:
                    held, meant = float(cell[len(number) : end]), float(want[len(number) : end])
                except ValueError:
                    pass
                else:
                    if held != meant and not fill.is_close(held, meant):
                        found.append(k)
                    continue
            elif cell.startswith(text) and want.startswith(text) and cell.endswith(text_end):
                both = cell[len(text) : -len(text_end)] + want[len(text) : -len(text_end)]
                if not any(mark in both for mark in SPELLING):
                    found.append(k)
                    continue
            rest = cell[len(lead) :]
            if not cell.startswith(lead) or (lead.endswith(HERE) and rest.startswith(b" s=")):
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


def _frame(shape: re.Pattern[bytes], lead: bytes, among: Iterable[int], wanted: Sequence[bytes]) -> tuple[bytes, bytes]:
    """How the first of these cells that has this shape begins and ends; something that is in no cell if none has."""
    found = next((m for k in among if (m := shape.fullmatch(wanted[k], len(lead)))), None)
    return (lead + found[1], found[2]) if found else (HERE + HERE, HERE)


def _apart(raw: bytes, mark: bytes) -> list[bytes]:
    """A row's opening and cells, without `<c r="`, and `HERE` for the row's number and a quote, the `mark`; none if it is
    spelt in an unusual way."""
    if not (raw.startswith(ROW + mark) and raw.endswith(ROW_END)):
        return []
    body = raw[len(ROW) + len(mark) : -len(ROW_END)]
    full = len(body)
    for count, behind in enumerate(BEHIND):
        body = body.replace(mark + behind, HERE + behind)
        if count in {0, len(BEHIND) - 1}:
            pieces = body.split(CELL)
            if full - len(body) == (len(pieces) - 1) * (len(mark) - 1) and HERE not in pieces[0]:
                pieces[0] = ROW + HERE + pieces[0]
                return pieces
    return []


def with_beside(rows: Mapping[int, bytes], numbers: Iterable[int], columns: range) -> set[int]:
    """The numbers of those rows in which something stands outside these columns, or nothing at all."""
    found = set()
    for number in numbers:
        raw = rows.get(number)
        if raw is not None:
            first, last = raw.find(CELL) + len(CELL), raw.rfind(CELL) + len(CELL)
            if not (_stands_in(raw[first : first + 3], columns) and _stands_in(raw[last : last + 3], columns)):
                found.add(number)
    return found


@lru_cache(maxsize=10_000)
def _stands_in(address: bytes, columns: range) -> bool:
    """True if a cell stands in one of the columns, whose address begins with these three bytes."""
    name = COLUMN.match(address)
    return name is not None and column_number(name[0].decode()) in columns
