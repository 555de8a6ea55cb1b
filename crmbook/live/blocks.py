"""Blocks of cells: taken apart, written in few calls, and told in one shape, whatever shape a program answers in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crmbook.ooxml import Area

if TYPE_CHECKING:
    import xlwings as xw

WRITTEN = 100_000  # cells in one call, as many as xlwings itself writes at once: more make a program stop answering
Grid = list[list[Any]]


def write(sheet: xw.Sheet, top: int, left: int, rows: Grid, *, as_formulas: bool = False) -> None:
    """Puts rows, as wide as the first, where `top` and `left` say; `as_formulas`: some of the cells are formulas."""
    for part in slices(Area(top, left, top + len(rows) - 1, left + len(rows[0]) - 1), WRITTEN):
        lines = rows[part.top - top : part.bottom - top + 1]
        block = [["" if value is None else value for value in row] for row in lines]
        if as_formulas:
            cells(sheet, part).formula = block
        else:
            cells(sheet, part).raw_value = block  # nothing is left for xlwings to convert, and it would ask a lot


def say_again(sheet: xw.Sheet, top: int, left: int, rows: Sequence[str]) -> None:
    """Formulas of the user's in one column, from row `top` on, that say something else from now on: those that take a range
    for all its cells go on doing so."""
    place = cells(sheet, Area(top, left, top + len(rows) - 1, left))
    block, takes_all = [[formula] for formula in rows], False
    with suppress(Exception):  # other programs, and Excel before 2021, know but one way to take a range
        takes_all = place.formula2 == place.formula
    if takes_all:  # said alike in both ways, they can be said in the newer
        place.formula2 = block
    else:
        place.formula = block


def cells(sheet: xw.Sheet, area: Area) -> xw.Range:
    """The program's range of an area."""
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def slices(area: Area, most: int) -> list[Area]:
    """The area in slices of rows, of at most so many cells."""
    step = max(1, most // (area.right - area.left + 1))
    return [
        area._replace(top=top, bottom=min(top + step - 1, area.bottom))
        for top in range(area.top, area.bottom + 1, step)
    ]


def as_rows(found: Any, area: Area) -> Grid:
    """What a program answers for a block, as rows: it gives one cell alone, and may give a line flat."""
    if not isinstance(found, list | tuple):
        return [[found]]
    if found and isinstance(found[0], list | tuple):
        return [list(row) for row in found]
    return [list(found)] if area.top == area.bottom else [[value] for value in found]
