"""Data rows with the same columns, carried to where they belong and renewed together, column by column."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from crmbook.ooxml.cells import ending
from crmbook.ooxml.filling import Fill, says
from crmbook.ooxml.refs import column_number
from crmbook.ooxml.sheet import SheetPart

COLUMN = re.compile(rb"[A-Z]+")
CELL, ROW_END = b'<c r="', b"</row>"
SHARED = re.compile(rb' t="s"><v>[0-9]+</v></c>')
NUMBER = re.compile(rb"(>(?:<f>[^<]*</f>)?<v>)(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)</v></c>")

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
            if row[2].endswith(ROW_END):
                pieces = row[2].removesuffix(ROW_END).split(CELL)
                groups.setdefault(len(pieces), []).append((row, pieces))
        done: dict[int, bytes] = {}
        for group in groups.values():
            columns = [*zip(*(pieces for _, pieces in group), strict=True)]
            done |= self._of_one_layout([row for row, _ in group], columns, first, start, ends)
        return done

    def _of_one_layout(self, rows: Sequence[Carried], columns: Sequence[Sequence[bytes]], first: int, start: int, ends: Ends) -> dict[int, bytes]:  # fmt: skip
        """The same of rows that were taken apart: `columns` holds their openings, then their cells, as many in each."""
        names = [found[0] for cells in columns[1:] if (found := COLUMN.match(cells[0]))]
        layout = [column_number(name.decode()) for name in names]
        is_usual = self._fills.keys() <= {*layout} <= {*self._columns} and layout == sorted({*layout})
        if not is_usual or len(layout) < len(columns) - 1:
            return {}
        old = [b"%d" % number for _, number, _ in rows]
        new = [b"%d" % (first + i) for i, _, _ in rows]
        openings = [b'<row r="%b"' % number for number in old]
        fits = list(map(bytes.startswith, columns[0], openings))
        pieces: list[Iterable[bytes]] = [repeat(b'<row r="'), new, repeat(b'"'), _rests(columns[0], openings)]
        for name, column, cells in zip(names, layout, columns[1:], strict=True):
            mark, made = b'"', ends.get(column)
            if made is not None and (style := self._styles[column]):
                mark = b'" s="%b"' % style
            leads = [name + number + mark for number in old]
            rests = _rests(cells, leads)
            fits = [a and b for a, b in zip(fits, map(bytes.startswith, cells, leads), strict=True)]
            if made is not None:
                if len(mark) == 1:
                    fits = [a and not rest.startswith(b" s=") for a, rest in zip(fits, rests, strict=True)]
                wanted = [made[i - start] for i, _, _ in rows]
                rests = [
                    rest if rest == end or (fit and self._is_said(rest, end, column, i)) else end
                    for (i, _, _), rest, end, fit in zip(rows, rests, wanted, fits, strict=True)
                ]
            elif self._moves:
                fits = [a and b"<f" not in rest for a, rest in zip(fits, rests, strict=True)]
            pieces += [repeat(CELL + name), new, repeat(mark), rests]
        texts = map(b"".join, zip(*pieces, repeat(ROW_END), strict=False))
        return {first + row[0]: text for row, text, fit in zip(rows, texts, fits, strict=True) if fit}

    def _is_said(self, rest: bytes, end: bytes, column: int, i: int) -> bool:
        """True if a cell says, in other bytes, what we would write."""
        fill = self._fills[column]
        before, after = NUMBER.fullmatch(rest), NUMBER.fullmatch(end)
        if before and after and before[1] == after[1]:
            return fill.is_close(float(before[2]), float(after[2]))
        if SHARED.fullmatch(rest):
            if rest not in self._shared:
                self._shared[rest] = ending(self._sheet.cell_content(b"<c" + rest).value).encode()
            if self._shared[rest] == end:
                return True
        return says(self._sheet, b"<c" + rest, fill.value(i), fill.formula(i))


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


def _rests(cells: Iterable[bytes], leads: Iterable[bytes]) -> list[bytes]:
    return [cell[len(lead) :] for cell, lead in zip(cells, leads, strict=True)]
