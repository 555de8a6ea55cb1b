"""What differs between a plan and what stands in an open workbook, as blocks to be written: few, however many rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crmbook.live.formulas import is_same
from crmbook.live.guard import cut
from crmbook.ooxml.cells import same_value, stored
from crmbook.ooxml.filling import VALUE_TOLERANCE, runs_of

Grid = Sequence[Sequence[Any]]
FAR = 50  # rows that are written in about the time of one more call


@dataclass(frozen=True, slots=True)
class Block:
    """Cells to be written from `top` and `left` on: row by row what is to stand there, a formula with its equals sign if
    `formulas`; or `fill`, the one formula that all `height` rows of a column get."""

    top: int
    left: int
    rows: Grid = ()
    formulas: bool = False
    fill: str | None = None
    height: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a column of a table is to hold: a value per row and, but for the rows from `plain` on, one formula."""

    values: Sequence[Any]
    formula: str | None
    plain: int

    def differs(self, row: int, value: Any, formula: str | None, table: str, *, is_1904: bool) -> bool:
        """True if the cell in this row holds something else."""
        if self.formula is not None and row < self.plain:
            return not is_same(formula, self.formula, table)
        return formula is not None or not is_held(value, self.values[row], is_1904=is_1904)


def is_held(held: Any, wanted: Any, *, is_1904: bool) -> bool:
    """True if a value as read is the wanted one."""
    if held == "" if wanted is None else type(held) is type(wanted) and held == wanted:  # most are
        return True
    a, b = (stored(value, is_1904=is_1904) for value in (held, wanted))
    if isinstance(a, str) and isinstance(b, str):
        a, b = cut(a), cut(b)
    return same_value(a, b, VALUE_TOLERANCE)


def table_blocks(columns: Mapping[int, Wanted], first: int, values: Grid, formulas: Grid, left: int, table: str, *, is_1904: bool) -> list[Block]:  # fmt: skip
    """The blocks in which a table's rows differ, the formulas first: Excel may fill one down the whole column.

    `columns` by sheet column; `first` is the sheet row of row 0, of which `values` and `formulas` hold the cells from
    sheet column `left` on.
    """
    spans: dict[int, Sequence[int]] = {}  # by column, the rows that differ, of values
    tails: dict[int, Sequence[int]] = {}  # … and the plain rows under a formula
    blocks = []
    for column, wanted in columns.items():
        rows = [
            row
            for row in range(min(len(wanted.values), len(values)))
            if wanted.differs(row, values[row][column - left], formulas[row][column - left], table, is_1904=is_1904)
        ]
        if not rows:
            continue
        if wanted.formula is None:
            spans[column] = rows
            continue
        body = [row for row in rows if row < wanted.plain]
        if body:
            blocks.append(Block(first + body[0], column, fill=f"={wanted.formula}", height=body[-1] - body[0] + 1))
        if wanted.plain < len(wanted.values):
            tails[column] = range(wanted.plain, len(wanted.values))
    for found in (spans, tails):
        for run in runs_of(found):
            for top, bottom in _apart(sorted({row for c in run for row in found[c]})):
                cells = [[columns[c].values[row] for c in run] for row in range(top, bottom + 1)]
                blocks.append(Block(first + top, run.start, cells))
    return blocks


def _apart(rows: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of these rows; or, where many lie between two of them that follow each other, the first and the
    last of those before and of those after, so that there are two blocks at most."""
    gap, after = max(((b - a, at) for at, (a, b) in enumerate(pairwise(rows), 1)), default=(0, 0))
    if gap < FAR:
        return [(rows[0], rows[-1])]
    return [(rows[0], rows[after - 1]), (rows[after], rows[-1])]


def cell_blocks(cells: Mapping[tuple[int, int], tuple[Any, str | None]]) -> list[Block]:
    """Single cells, (row, column) → value and formula, as blocks: neighbours in a row, and such rows one under the other."""
    lines: list[tuple[int, range]] = []
    for row in sorted({row for row, _ in cells}):
        lines += [(row, run) for run in runs_of(column for at, column in cells if at == row)]
    groups: list[tuple[int, int, range]] = []  # first row, last row, columns
    for row, run in sorted(lines, key=lambda line: (line[1].start, line[1].stop, line[0])):
        if groups and groups[-1][1:] == (row - 1, run):
            groups[-1] = (groups[-1][0], row, run)
        else:
            groups.append((row, row, run))
    return [_block(top, bottom, run, cells) for top, bottom, run in sorted(groups, key=lambda g: (g[0], g[2].start))]


def _block(top: int, bottom: int, run: range, cells: Mapping[tuple[int, int], tuple[Any, str | None]]) -> Block:
    held = [[cells[row, column] for column in run] for row in range(top, bottom + 1)]
    has_formulas = any(formula is not None for line in held for _, formula in line)
    rows = [[value if formula is None else Formula(f"={formula}") for value, formula in line] for line in held]
    return Block(top, run.start, rows, formulas=has_formulas)


class Formula(str):
    """A formula among values: what stands in it is meant to be parsed."""

    __slots__ = ()


def strings(rows: Iterable[Sequence[Any]], at: int) -> list[str]:
    """The texts in one column of a block."""
    return [row[at] for row in rows if isinstance(row[at], str) and not isinstance(row[at], Formula)]
