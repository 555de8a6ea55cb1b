"""What an Excel feature is: something a sheet can have (dropdown, chart …), knowing nothing about customers.

`draw` runs once, on the fresh sheet, while openpyxl holds the workbook. From then on the feature lives in the file and
a refresh keeps it over the rows (ranges that covered the column keep covering it, charts' caches are renewed).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmbook.ooxml.refs import letters
from crmbook.text import Lang

THIS_ROW = re.compile(r"\[@(\w+)\]")
Edge = tuple[int, int]  # a column (1 = A) and a distance into it, in EMU (914,400 to the inch)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form's table lies on its fresh sheet, which has one row of data, and where in the area a feature goes.

    `spans`: first and last column of each cell a feature asked for in `across`. `edges`: left and right of a floating
    one. `cells`: the bound cells, name → address; a feature that draws cells adds its own.
    """

    form: str
    sheet: str
    lang: Lang
    columns: Mapping[str, int]  # column id → column number, 1 = A
    header_row: int
    area_row: int  # first row of this feature's part of the area above the table
    headers: Mapping[str, str]  # column id → header text
    spans: Sequence[tuple[int, int]] = ()
    edges: tuple[Edge, Edge] = ((1, 0), (1, 0))
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    def first_cell(self, column: str) -> str:
        """The address of the column's first cell of data; what is drawn over it is kept over the whole column."""
        return f"{letters(self.columns[column])}{self.first_row}"

    def plain(self, condition: str) -> str:
        """A condition in column ids for a conditional format, which knows no table columns: `[@id]` → `$F7`."""
        return THIS_ROW.sub(lambda found: f"${letters(self.columns[found[1]])}{self.first_row}", condition)


class Feature:
    """Base of all features."""

    @property
    def height(self) -> int:
        """How many rows of the area above the table it wants; 0 for what lives in the table itself."""
        return 0

    def across(self, lang: Lang) -> tuple[int, ...]:
        """How many characters each of its cells in the area needs, side by side; none for one that floats."""
        return ()

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        """The formula of each bound cell it draws, in column ids, by the cell's name."""
        return {}

    def draw(self, sheet: Any, place: Place) -> None:
        """Add itself to the openpyxl worksheet."""
