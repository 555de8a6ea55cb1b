"""Blocks of cells in LibreOffice taken apart: around single cells, into runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from crmbook.ooxml import Area


def is_formula(value: Any, raw: bool) -> bool:
    """True if a value is meant as a formula; none is where it is taken as it stands (`raw`)."""
    return isinstance(value, str) and value[:1] == "=" and not raw


def put(cell: Any, value: str | float, is_formula: bool) -> None:
    """One cell written as staff would, with all that belongs to it kept."""
    if is_formula:
        cell.Formula = value
    elif isinstance(value, str):
        cell.String = value
    else:
        cell.Value = value


def around(holes: set[tuple[int, int]], height: int, width: int) -> Iterator[Area]:
    """A block's cells but for some, as rectangles, from row 0 and column 0."""
    top = 0
    for row in (*sorted({row for row, _ in holes}), height):
        if top < row:
            yield Area(top, 0, row - 1, width - 1)
        left = 0
        for column in (*sorted(c for r, c in holes if r == row), width if row < height else 0):
            if left < column:
                yield Area(row, left, row, column - 1)
            left = column + 1
        top = row + 1


def runs(flags: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int]]:
    """Column, first and last row of every run of True, one under the other."""
    for column in range(len(flags[0])):
        top = 0
        for on, rows in groupby(row[column] for row in flags):
            bottom = top + len([*rows]) - 1
            if on:
                yield column, top, bottom
            top = bottom + 1
