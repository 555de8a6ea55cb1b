"""Where the rows of a form's table go in an open workbook: which stay, which are new, which leave, and what makes room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmbook.ooxml.refs import RowMap
from crmbook.plan import GONE, FormPlan
from crmbook.pour import wanted_rows

if TYPE_CHECKING:
    from crmbook.binding import Standing
    from crmbook.live.reading import LiveBook


@dataclass(frozen=True, slots=True)
class Job:
    """One form's table. sources[i] is the present row (0 = the first under the header) that becomes row i, -1 a new one;
    `present` is how many there are; `used` of the blank rows under the table are taken before anything is pushed down;
    `below`: something stands under it."""

    plan: FormPlan
    standing: Standing
    sources: list[int]
    present: int
    used: int
    below: bool

    @property
    def is_still(self) -> bool:
        """True if the rows stay as they are."""
        return self.sources == [*range(self.present)]

    @property
    def leaving(self) -> list[int]:
        """The present rows that have no place any more."""
        return sorted({*range(self.present)}.difference(self.sources))

    @property
    def new(self) -> int:
        """How many rows are new."""
        return self.sources.count(-1)

    @property
    def push(self) -> int:
        """How many rows what stands below goes down."""
        return max(len(self.sources) - self.present, 0) - self.used

    @property
    def row_map(self) -> RowMap:
        """The same as the references in formulas are followed by."""
        table, last = self.standing.table, self.standing.last_row
        places = {table.first_row + s: table.first_row + i for i, s in enumerate(self.sources) if s >= 0}
        return RowMap(
            table.first_row,
            frozenset((table.last_row, last)),
            table.first_row + len(self.sources) - 1,
            table.first_col,
            table.last_col,
            None if self.is_still else places,
            table.totals_rows,
            last + self.used + 1,
            self.push,
        )

    def keys(self, rows: Sequence[int | None], column: str) -> list[list[Any]]:
        """What makes the table's rows sort into their places: for each physical row its place, None to go last. In the column
        of row numbers it is what will stand there for good, so that a run broken off leaves nothing false behind."""
        kept = len(self.sources) - len(self.plan.gone)
        return [
            [None if place is None else GONE if column == "no" and place >= kept else float(place + 1)]
            for place in rows
        ]


def job_of(book: LiveBook, plan: FormPlan, standing: Standing) -> Job:
    """The rows as the plan wants them over those that stand there."""
    table = standing.table
    present = standing.last_row - table.first_row + 1
    sources = [w if 0 <= w < present else -1 for w in wanted_rows(plan, standing)] or [-1]
    claimed = set(sources)
    for i, source in enumerate(sources):  # a blank row that nobody claims is as good as a new one
        if source < 0 and i < present and i not in claimed and _is_blank(book, standing, i):
            sources[i] = i
    if sources == [*range(present)]:
        return Job(plan, standing, sources, present, 0, below=False)
    growth = max(len(sources) - present, 0)
    taken = _first_taken(book, standing)
    room = growth if taken is None else 0 if table.totals_rows else max(taken - standing.last_row - 2, 0)
    used = min(growth, room)
    if used and _has_merged(book, standing, used):
        used = 0
    return Job(plan, standing, sources, present, used, taken is not None)


def _is_blank(book: LiveBook, standing: Standing, position: int) -> bool:
    table, rows = standing.table, book.values(standing.sheet)
    number = table.first_row + position
    held = rows[number - 1][table.first_col - 1 : table.last_col] if number <= len(rows) else []
    return all(value == "" for value in held)


def _first_taken(book: LiveBook, standing: Standing) -> int | None:
    """The first row under the table in which something stands, in the table's columns."""
    table, end = standing.table, standing.last_row + standing.table.totals_rows
    across = slice(table.first_col - 1, table.last_col)
    rows = zip(book.values(standing.sheet)[end:], book.formulas(standing.sheet)[end:], strict=True)
    filled = [
        next(
            (
                n
                for n, (values, formulas) in enumerate(rows, end + 1)
                if any(v != "" for v in values[across]) or any(f is not None for f in formulas[across])
            ),
            None,
        )
    ]
    areas = [(t.header_row, t.first_col, t.last_col) for t in book.tables.values() if t.sheet.name == standing.sheet]
    areas += [(area.top, area.left, area.right) for area in book.marked_below(standing.sheet, end)]
    tops = [top for top, left, right in areas if top > end and left <= table.last_col and right >= table.first_col]
    return min([*tops, *(n for n in filled if n is not None)], default=None)


def _has_merged(book: LiveBook, standing: Standing, rows: int) -> bool:
    """True if merged cells lie in the rows under the table that it would take."""
    table, end = standing.table, standing.last_row
    cells = book.live[standing.sheet].range((end + 1, table.first_col), (end + rows, table.last_col))
    return cells.merge_cells is not False
