"""Filters set aside while cells are written, as a block written over hidden rows lands in the wrong ones, and put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.reading import LiveBook

NOT_BACK = (
    Text("数据已更新，但原来的筛选没有（全部）恢复", "all is refreshed, but the filter that was set here did not come back, or not all of it"),
    Text("请重新设置筛选", "set the filter again"),
)  # fmt: skip

Hiding = tuple["xw.main.Table", Any]  # a table, and the filters that hide rows of it


def hiding(book: LiveBook, sheets: Collection[str]) -> list[Hiding]:
    """The tables on these sheets, the user's own among them, of which a filter hides rows, each with its filters.

    Raises CannotProceedError where they could not be put back.
    """
    there = [book.live_tables[name] for name, table in book.tables.items() if table.sheet.name in sheets]
    found = zip(there, book.program.filters(there), strict=True)
    return [(table, held) for table, held in found if held is not None]


@contextmanager
def filters_aside(book: LiveBook, tables: Iterable[Hiding]) -> Iterator[None]:
    """All rows of these tables are shown inside; afterwards the filters choose among the rows as they then are.

    Raises CannotProceedError, after all else, if a filter did not come back.
    """
    aside: list[tuple[str, Hiding]] = []
    lost: list[str] = []
    try:
        for table, held in tables:
            aside.append((table.parent.name, (table, held)))
            book.program.show_all(table)
        yield
    finally:
        for sheet, (table, held) in aside:
            try:
                book.program.filter_again(table, held)
            except Exception:  # noqa: BLE001  (it must not lose the others, nor the error that came before)
                lost.append(sheet)
    if lost:
        raise stop(lost[0], *NOT_BACK)
