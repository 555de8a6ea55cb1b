"""Filters set aside while cells are written, as a block written over hidden rows lands in the wrong ones, and put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.reading import LiveBook

Hiding = tuple["xw.main.Table", Any]  # a table, and the filters that hide rows of it


def hiding(book: LiveBook, sheets: Collection[str]) -> list[Hiding]:
    """The tables on these sheets, the user's own among them, of which a filter hides rows, each with its filters.

    Raises CannotProceedError where they could not be put back.
    """
    there = [book.live_tables[name] for name, table in book.tables.items() if table.sheet.name in sheets]
    found = [(table, book.program.filters(table)) for table in there]
    return [(table, held) for table, held in found if held is not None]


@contextmanager
def filters_aside(book: LiveBook, tables: Iterable[Hiding]) -> Iterator[None]:
    """All rows of these tables are shown inside; afterwards the filters choose among the rows as they then are."""
    aside: list[Hiding] = []
    try:
        for table, held in tables:
            aside.append((table, held))
            book.program.show_all(table)
        yield
    finally:
        for table, held in aside:
            with suppress(Exception):  # one that fails must not lose the others, nor the error that came before
                book.program.filter_again(table, held)
