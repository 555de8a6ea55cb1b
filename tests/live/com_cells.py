"""Excel's ranges, links and comments as Windows hands them out, by the names and types of Microsoft's reference, over a
workbook in memory."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xlwings.constants import AutoFilterOperator, DeleteShiftDirection, InsertFormatOrigin, InsertShiftDirection

from tests.live import engine
from tests.live.grid import ComError
from tests.live.pywin32 import CDispatch, TimeType

OLD_ERRORS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}


def inner(given: Any) -> Any:
    """The object that xlwings has wrapped, as pywin32 finds it."""
    return object.__getattribute__(given, "_inner") if type(given).__name__ == "COMRetryObjectWrapper" else given


class Items(CDispatch):
    """A collection: by number from 1, or by name."""

    def __init__(self, found: list[CDispatch]) -> None:
        self._found = found

    Count = property(lambda self: len(self._found))

    def __iter__(self) -> Iterator[CDispatch]:
        return iter(self._found)

    def Item(self, key: int | str) -> CDispatch:  # noqa: N802  (Excel's own names, here and below)
        if isinstance(key, int) and 1 <= key <= len(self._found):
            return self._found[key - 1]
        for one in self._found:
            if isinstance(key, str) and one.Name.casefold() == key.casefold():
                return one
        raise ComError("Subscript out of range")

    __call__ = Item


class Range(CDispatch):
    def __init__(self, impl: Any) -> None:
        self._impl = impl

    Row = property(lambda self: self._impl.row)
    Column = property(lambda self: self._impl.column)
    Rows = property(lambda self: Items([None] * self._impl.shape[0]))
    Columns = property(lambda self: Items([None] * self._impl.shape[1]))
    Worksheet = property(lambda self: self._impl.memory.workbook.Worksheets(self._impl.page.name))
    NumberFormat = property(lambda self: self._impl.number_format)
    EntireRow = property(lambda self: EntireRow(self._impl))
    Hyperlinks = property(lambda self: Hyperlinks(self._impl.sheet))
    HasArray = property(lambda self: self._impl.has_array)
    MergeCells = property(lambda self: self._impl.merge_cells or False)
    Formula = property(lambda self: self._impl.formula, lambda self, said: setattr(self._impl, "formula", said))
    Formula2 = property(lambda self: self._impl.formula2, lambda self, said: setattr(self._impl, "formula2", said))

    @property
    def Value(self) -> Any:  # noqa: N802
        rows = self._impl.memory.read(self._impl.page, self._impl.area)
        told = tuple(tuple(self._told(value) for value in row) for row in rows)
        return told[0][0] if len(self._impl) == 1 else told

    @Value.setter
    def Value(self, given: Any) -> None:  # noqa: N802
        self._impl.raw_value = given

    @staticmethod
    def _told(value: Any) -> Any:
        if isinstance(value, datetime):
            return TimeType.of(value)
        return OLD_ERRORS[value] - 0x7FF60000 if isinstance(value, str) and value in OLD_ERRORS else value

    @property
    def Value2(self) -> Any:  # noqa: N802
        found = tuple(map(tuple, engine.Program().exact(_shown(self._impl))))
        return found[0][0] if len(self._impl) == 1 else found

    def __call__(self, row: int, column: int) -> "Range":
        return Range(self._impl(row, column))

    def Insert(self, Shift: int, CopyOrigin: int) -> None:  # noqa: N802, N803
        assert Shift == InsertShiftDirection.xlShiftDown
        like_above = CopyOrigin == InsertFormatOrigin.xlFormatFromLeftOrAbove
        self._impl.insert("down", "format_from_left_or_above" if like_above else None)

    def Delete(self, Shift: int) -> None:  # noqa: N802, N803
        assert Shift == DeleteShiftDirection.xlShiftUp
        self._impl.delete("up")

    def ClearContents(self) -> None:  # noqa: N802
        self._impl.clear_contents()

    def ClearComments(self) -> None:  # noqa: N802
        engine.Program().clear_notes(_shown(self._impl))

    def ClearHyperlinks(self) -> None:  # noqa: N802
        self._impl.memory.call("link")
        self._impl.page.links.pop((self.Row, self.Column), None)

    def AutoFilter(self, Field: int, Criteria1: Any = None, Operator: int | None = None) -> None:  # noqa: N802, N803
        tab = next(t for t in self._impl.page.tables.values() if t.area == self._impl.area)
        self._impl.memory.call("filter")
        tab.chosen.pop(Field, None)
        if Criteria1 is not None:
            assert Operator == AutoFilterOperator.xlFilterValues
            tab.chosen[Field] = [value.removeprefix("=") for value in Criteria1 if value]


class EntireRow(CDispatch):
    def __init__(self, impl: Any) -> None:
        self._impl = impl

    @property
    def Hidden(self) -> bool | None:  # noqa: N802
        """None where some are and some are not."""
        first, last = self._impl.area[1], self._impl.area[3]
        found = {row in self._impl.page.hidden for row in range(first, last + 1)}
        return found.pop() if len(found) == 1 else None


def _shown(impl: Any) -> Any:
    """What the engine's program asks of xlwings' range."""
    return type("Shown", (), {"impl": impl})


class Hyperlink(CDispatch):
    SubAddress, ScreenTip = "", ""

    def __init__(self, sheet: Any, place: tuple[int, int]) -> None:
        self._sheet, self._place = sheet, place

    Address = property(lambda self: self._sheet.page.links[self._place])
    Range = property(lambda self: Range(self._sheet.range(self._place)))


class Hyperlinks(Items):
    def __init__(self, sheet: Any) -> None:
        super().__init__([Hyperlink(sheet, place) for place in sheet.page.links])
        self._sheet = sheet

    def Add(self, Anchor: Any, Address: str, SubAddress: str, ScreenTip: str) -> None:  # noqa: N802, N803
        cell = inner(Anchor)
        self._sheet.memory.call("link")
        self._sheet.page.links[cell.Row, cell.Column] = Address


class Comment(CDispatch):
    def __init__(self, sheet: Any, place: tuple[int, int]) -> None:
        self._cell = Range(sheet.range(place))

    Parent = property(lambda self: self._cell)
