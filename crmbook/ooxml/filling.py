"""What a table's columns are filled with: many cells made at once, one compared with what stands."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from crmbook.ooxml.cells import Endings, ending, same_value, stored
from crmbook.ooxml.formulas import same_formula
from crmbook.ooxml.sheet import SheetPart

VALUE_TOLERANCE = 1e-12  # programs write a number with 15 to 17 digits
FORMULA_TOLERANCE = 1e-9  # a formula's value comes from the program that calculated it last
ADDRESS_AND_STYLE = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?')


class Fill:
    """What one column of a table should hold: a value per row and, but for some rows, one formula beside it."""

    def __init__(self, values: Sequence[Any], formula: str | None, without: Collection[int], *, is_1904: bool) -> None:
        self._values, self._formula, self._without, self._is_1904 = values, formula, frozenset(without), is_1904
        self._endings: dict[bytes, Endings] = {}

    def __len__(self) -> int:
        return len(self._values)

    def value(self, row: int) -> Any:
        """The value of one row as a cell stores it."""
        return stored(self._values[row], is_1904=self._is_1904)

    def formula(self, row: int) -> str | None:
        """The formula of one row."""
        return None if row in self._without else self._formula

    def is_close(self, held: float, wanted: float) -> bool:
        """True if a number that stands there is the wanted one, but for what programs make of it when they save."""
        return same_value(held, wanted, VALUE_TOLERANCE if self._formula is None else FORMULA_TOLERANCE)

    def endings(self, rows: range, lead: bytes = b"") -> list[bytes]:
        """`cells.ending` of some rows, as far as there are values, each behind `lead`."""
        if lead not in self._endings:
            self._endings[lead] = Endings(self._formula, lead, is_1904=self._is_1904)
        made = self._endings[lead].of(self._values[rows.start : rows.stop])
        for row in self._without.intersection(rows):
            made[row - rows.start] = lead + ending(self.value(row)).encode()
        return made


def says(sheet: SheetPart, cell: bytes | None, value: Any, formula: str | None) -> bool:
    """True if the cell already says this: the same formula, and the same (stored) value beside it."""
    if cell is None or b"</" not in cell:
        return value is None and formula is None
    held = sheet.cell_content(cell)
    if held.error or not same_formula(held.formula, formula):
        return False
    tolerance = VALUE_TOLERANCE if formula is None else FORMULA_TOLERANCE
    return same_value(held.value or None if isinstance(held.value, str) else held.value, value, tolerance)


def is_as_written(cell: bytes | None, end: bytes) -> bool:
    """True if the cell ends as we would write it: no need to take it apart."""
    found = ADDRESS_AND_STYLE.match(cell) if cell else None
    return cell is not None and found is not None and cell[found.end() :] == end


def runs_of(columns: Iterable[int]) -> list[range]:
    """The columns as runs of neighbours."""
    runs: list[range] = []
    for column in sorted(columns):
        if runs and runs[-1].stop == column:
            runs[-1] = range(runs[-1].start, column + 1)
        else:
            runs.append(range(column, column + 1))
    return runs
