"""Excel's tables in a document open in LibreOffice: its database ranges, as xlwings asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from crmbook.live.libreoffice_cells import Range
from crmbook.live.libreoffice_uno import address
from crmbook.ooxml import Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmbook.live.libreoffice_book import Sheet


class Tables(base_classes.Tables):
    """The tables of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def _all(self) -> list[Table]:
        return [
            Table(self.sheet, *told) for *told, sheet in self.sheet.book.document.tables if sheet == self.sheet.name
        ]

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, key: str) -> bool:
        return any(table.name.casefold() == key.casefold() for table in self._all)

    def __call__(self, key: int | str) -> Table:
        if isinstance(key, int):
            return self._all[key - 1]
        return next(table for table in self._all if table.name.casefold() == key.casefold())


class Table(base_classes.Table):
    """One database range."""

    def __init__(self, sheet: Sheet, name: str, at: Any, header: bool, totals: bool, headers: Sequence[str]) -> None:
        self.sheet, self._name, self.headers = sheet, name, headers
        self._at, self._header, self._totals = at, header, totals

    @property
    def api(self) -> Any:
        """UNO's database range."""
        return self.sheet.book.api.DatabaseRanges.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property  # type: ignore[misc]  # no table is renamed
    def name(self) -> str:
        return self._name

    @property  # type: ignore[misc]  # … or gets other rows of its own
    def show_headers(self) -> bool:
        return self._header

    @property  # type: ignore[misc]
    def show_totals(self) -> bool:
        return self._totals

    @property
    def range(self) -> Range:
        return Range(self.sheet, area_of(self.api.DataArea))  # rows put in above or taken out move it

    @property
    def told(self) -> Area:
        """Where it was when the document's tables were told."""
        return area_of(self._at)

    def resize(self, cells: Any) -> None:
        self.resize_to(cells.impl.area)

    def resize_to(self, area: Area) -> None:
        """The table reaches over this area, whose first row is its header's."""
        self.api.DataArea = address(self.sheet.number, area)

    def sort(self, keys: Sequence[int], ascending: Sequence[bool]) -> None:
        area = self.range.area
        Range(self.sheet, area._replace(bottom=area.bottom - self._totals)).sort(keys, ascending, self._header)


def area_of(at: Any) -> Area:
    """The area of an address that UNO told."""
    return Area(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1)
