"""Blocks of cells read and written in few calls, whatever shape a program answers in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crmbook.ooxml import Area

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.program import Program

WRITTEN = 100_000  # cells in one call, as many as xlwings itself writes at once: more make a program stop answering
LONGEST_FORMULA = 8_192  # characters, as Excel's limits have it
Grid = list[list[Any]]


def values(sheet: xw.Sheet, area: Area, program: Program) -> Grid:
    """The values of an area: float, str, bool, datetime, '' for blank."""
    rows: Grid = []
    for part in slices(area, program.most):
        rows += program.values(cells(sheet, part))
    if not any(Decimal in {*map(type, row)} for row in rows):
        return rows
    exact: Grid = []  # what is formatted as money came with four digits
    for part in slices(area, program.most):
        exact += as_rows(program.exact(cells(sheet, part)), part)
    return [
        [e if type(v) is Decimal else v for v, e in zip(vs, es, strict=True)]
        for vs, es in zip(rows, exact, strict=True)
    ]


def formulas(sheet: xw.Sheet, area: Area, held: Sequence[Sequence[Any]], program: Program) -> Grid:
    """The formulas of an area without the equals sign, None where there is none; by `held`, the values there, a text `=x`
    is told from a formula."""
    rows: Grid = []
    for part in slices(area, program.most):
        rows += _said(sheet, part, held[part.top - area.top :], program)
    return without_sign(rows, held)


def without_sign(said: Sequence[Sequence[Any]], held: Sequence[Sequence[Any]]) -> Grid:
    """What is said in cells as formulas without the equals sign, None where there is none; `held` as for `formulas`."""
    return [
        [f[1:] if isinstance(f, str) and f[:1] == "=" and f != v else None for f, v in zip(fs, vs, strict=True)]
        for fs, vs in zip(said, held, strict=True)
    ]


def _said(sheet: xw.Sheet, area: Area, held: Sequence[Sequence[Any]], program: Program) -> Grid:
    """What the program tells for formulas of an area. Excel refuses all of it where one text is longer than a formula can be:
    then the halves are asked, down to that cell."""
    height, width = area.bottom - area.top + 1, area.right - area.left + 1
    try:
        return as_rows(program.formulas(cells(sheet, area)), area)
    except Exception:
        if not any(isinstance(v, str) and len(v) > LONGEST_FORMULA for row in held[:height] for v in row[:width]):
            raise
    if height > 1:
        half = height // 2
        above, below = area._replace(bottom=area.top + half - 1), area._replace(top=area.top + half)
        return _said(sheet, above, held, program) + _said(sheet, below, held[half:], program)
    if width > 1:
        half = width // 2
        left, right = area._replace(right=area.left + half - 1), area._replace(left=area.left + half)
        rest = [row[half:] for row in held[:1]]
        return [[*_said(sheet, left, held, program)[0], *_said(sheet, right, rest, program)[0]]]
    return [[held[0][0]]]


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
