"""What the user owns in a book: cells, formats, heights, notes and links, by the key of their row."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile

from tests.excel_references import box
from tests.reading import Key, Reading, Table

Cells = dict[str, tuple[object, str | None]]  # header → value and formula


@dataclass
class RowOf:
    """One row's belongings; formulas speak of their own row as `~`."""

    typed: Cells = field(default_factory=dict)
    formats: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    height: float | None = None
    hidden: bool = False
    comments: dict[str, str] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def holds_something(self) -> bool:
        """Whether a row without data has to stay for what somebody typed on it."""
        typed = any(value is not None and formula is None for value, formula in self.typed.values())
        return typed or bool(self.comments or self.links)


def belongings(book: Reading, table: str, key: str, ours: Collection[str]) -> dict[Key, RowOf]:
    """Key → what of the row is the user's; `ours` are the headers of the columns that crmbook fills."""
    found = book.tables[table]
    return {k: _row(book, found, row, ours) for k, row in found.keys(key).items()}


def _row(book: Reading, table: Table, row: int, ours: Collection[str]) -> RowOf:
    at = {header: (row, table.column(header)) for header in table.headers}
    sheet = table.sheet
    theirs = [h for h in table.headers if h not in ours]
    return RowOf(
        {h: (table.cell(row, h).value, _own_row(table.cell(row, h).formula, row)) for h in theirs},
        {h: book.style(table.cell(row, h)) for h in table.headers},
        sheet.heights.get(row),
        row in sheet.hidden_rows,
        {h: sheet.comments[place] for h, place in at.items() if place in sheet.comments},
        {h for h, place in at.items() if place in sheet.note_boxes},
        {h: sheet.links[place] for h, place in at.items() if place in sheet.links},
    )


def _own_row(formula: str | None, row: int) -> str | None:
    return None if formula is None else re.sub(rf"(?<=[A-Z]){row}\b", "~", formula)


def outside(book: Reading, table: str, asked: Sequence[str] = ()) -> tuple[list[tuple[int, object]], list[tuple[int, object]]]:  # fmt: skip
    """The cells with something in them below the table, and those beside it: (column, value), from the top.

    Rows directly under a table of data belong to it, though it does not reach them yet, if something stands in two of the
    columns `asked`, the first of which is its key.
    """
    found = book.tables[table]
    last, columns = found.rows[-1], range(found.column(found.headers[0]), found.column(found.headers[-1]) + 1)
    filled = sorted((at, c.value) for at, c in found.sheet.cells.items() if c.value is not None)
    held = [{row for (row, column), _ in filled if column == at} for at in map(found.column, asked)]
    rows = {*takewhile(lambda row: held and row in held[0] and any(row in of for of in held[1:]), count(last + 1))}
    below = [(column, value) for (row, column), value in filled if row > last and column in columns and row not in rows]
    beside = [(column, value) for (row, column), value in filled if row >= found.rows[0] and column not in columns]
    return below, beside


def pinned(book: Reading, sheet: str) -> list[tuple[str, object]]:
    """What stands where a merge begins, and right of where a picture is fixed."""
    found = book.sheet(sheet)
    merged = [(box(area)[1], box(area)[0]) for area in found.merges]
    spots = [("merge", at) for at in merged] + [("picture", (row, column + 1)) for row, column in book.pictures(sheet)]
    return sorted((kind, str(found.cells[at].value) if at in found.cells else "") for kind, at in spots)
