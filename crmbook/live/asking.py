"""What stands and what is said in blocks of cells, asked in few calls."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crmbook.live import blocks
from crmbook.live.blocks import Grid

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.program import Program
    from crmbook.ooxml import Area

LONGEST_FORMULA = 8_192  # characters, as Excel's limits have it


def values(sheet: xw.Sheet, area: Area, program: Program) -> Grid:
    """The values of an area: float, str, bool, datetime, '' for blank."""
    rows: Grid = []
    for part in blocks.slices(area, program.most):
        rows += program.values(blocks.cells(sheet, part))
    if not any(Decimal in {*map(type, row)} for row in rows):
        return rows
    exact: Grid = []  # what is formatted as money came with four digits
    for part in blocks.slices(area, program.most):
        exact += blocks.as_rows(program.exact(blocks.cells(sheet, part)), part)
    return [
        [e if type(v) is Decimal else v for v, e in zip(vs, es, strict=True)]
        for vs, es in zip(rows, exact, strict=True)
    ]


def formulas(sheet: xw.Sheet, area: Area, held: Sequence[Sequence[Any]], program: Program) -> Grid:
    """The formulas of an area without the equals sign, None where there is none; by `held`, the values there, a text `=x`
    is told from a formula."""
    rows: Grid = []
    for part in blocks.slices(area, program.most):
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
        return blocks.as_rows(program.formulas(blocks.cells(sheet, area)), area)
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
