"""Blocks of cells entered into a sheet open in LibreOffice, the small ones in one call, as each range that UNO hands out takes
its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmbook.live.blocks import WRITTEN, slices
from crmbook.live.changes import Formula
from crmbook.live.libreoffice_cells import Range, as_held
from crmbook.ooxml import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crmbook.live.changes import Grid
    from crmbook.live.libreoffice_book import Sheet

FEW = 60  # cells: Basic takes the longer over each


def put(sheet: Sheet, found: Sequence[tuple[int, int, Grid]]) -> None:
    """Enters rows where their first row and column say; only a `Formula` is one."""
    parts = [part for top, left, rows in found for part in _sliced(top, left, rows)]
    if not parts:
        return
    tops, lefts, bottoms, rights = zip(*(area for area, *_ in parts), strict=True)
    basic = sheet.book.document.connection.basic
    small = [(area, flags[0][0], as_held(rows, flags)) for area, rows, flags in parts if _is_small(flags)]
    notes, is_done = basic.put(sheet.api, Area(min(tops), min(lefts), max(bottoms), max(rights)), small)
    if is_done:
        parts = [part for part in parts if not _is_small(part[2])]
    for area, rows, flags in parts:
        Range(sheet, area).put(rows, flags, notes)


def _sliced(top: int, left: int, rows: Grid) -> Iterator[tuple[Area, Grid, list[list[bool]]]]:
    """Rows in parts that can be entered in one call: where, what, and whether it is a formula."""
    for part in slices(Area(top, left, top + len(rows) - 1, left + len(rows[0]) - 1), WRITTEN):
        some = rows[part.top - top : part.bottom - top + 1]
        yield part, some, [[isinstance(value, Formula) for value in row] for row in some]


def _is_small(flags: list[list[bool]]) -> bool:
    """True for few cells, all of them formulas or none."""
    return len(flags) * len(flags[0]) <= FEW and len({flag for row in flags for flag in row}) == 1
