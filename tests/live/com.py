"""Excel's objects as Windows hands them out, by the names and types of Microsoft's reference, over a workbook in memory."""

from typing import Any

from xlwings.constants import AutoFilterOperator

from tests.live import engine
from tests.live.com_cells import Comment, Hyperlinks, Items, Range, inner
from tests.live.grid import ComError
from tests.live.moves import Memory
from tests.live.pywin32 import HWND, CDispatch

CALCULATION = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}


class Worksheet(CDispatch):
    ProtectionMode = AutoFilterMode = FilterMode = False

    def __init__(self, impl: Any) -> None:
        self._impl = impl

    Name = property(lambda self: self._impl.name)
    Parent = property(lambda self: self._impl.memory.workbook)
    Visible = property(lambda self: -1 if self._impl.visible else 0)
    Cells = property(lambda self: Range(self._impl.cells))
    UsedRange = property(lambda self: Range(self._impl.used_range))
    ProtectContents = property(lambda self: self._impl.page.is_protected)
    ListObjects = property(lambda self: Items([ListObject(t) for t in self._impl.tables]))
    Comments = property(lambda self: Items([Comment(self._impl, place) for place in self._impl.page.notes]))
    CommentsThreaded = property(lambda self: Items([Comment(self._impl, place) for place in self._impl.page.threads]))
    Hyperlinks = property(lambda self: Hyperlinks(self._impl))

    def Range(self, first: Any, last: Any = None) -> Range:  # noqa: N802
        if isinstance(first, str):
            return Range(self._impl.range(first))
        (top, left), (bottom, right) = ((inner(one).Row, inner(one).Column) for one in (first, last))
        return Range(self._impl.range((top, left), (bottom, right)))


class Filter(CDispatch):
    def __init__(self, values: list[str] | None) -> None:
        self._values = values

    On = property(lambda self: self._values is not None)
    Operator = AutoFilterOperator.xlFilterValues
    Criteria1 = property(lambda self: tuple(f"={value}" for value in self._values))

    @property
    def Criteria2(self) -> Any:  # noqa: N802
        raise ComError("Application-defined or object-defined error")


class AutoFilter(CDispatch):
    def __init__(self, tab: Any) -> None:
        self._tab = tab

    FilterMode = property(lambda self: bool(self._tab.chosen))

    def Filters(self, field: int) -> Filter:  # noqa: N802
        return Filter(self._tab.chosen.get(field))


class Sort(CDispatch):
    Header = MatchCase = Orientation = None

    def __init__(self, impl: Any) -> None:
        self._impl, self._keys = impl, []

    SortFields = property(lambda self: self)

    def Clear(self) -> None:  # noqa: N802
        self._keys.clear()
        self._impl.tab.sorted_by = None

    def Add(self, Key: Any, SortOn: int, Order: int) -> None:  # noqa: N802, N803
        assert (SortOn, Order) == (0, 1)
        self._keys.append(inner(Key).Column - self._impl.tab.area[0] + 1)

    def Apply(self) -> None:  # noqa: N802
        self._impl.sort(self._keys, [True])


class ListObject(CDispatch):
    ShowHeaders = ShowAutoFilter = True

    def __init__(self, impl: Any) -> None:
        self._impl, self._sort = impl, Sort(impl)

    Name = property(lambda self: self._impl.name)
    Range = property(lambda self: Range(self._impl.range))
    Parent = property(lambda self: Worksheet(self._impl.parent))
    ShowTotals = property(lambda self: self._impl.show_totals)
    AutoFilter = property(lambda self: AutoFilter(self._impl.tab))
    Sort = property(lambda self: self._sort)
    ListRows = property(lambda self: ListRows(self._impl))

    def ListColumns(self, number: int) -> CDispatch:  # noqa: N802
        left, top, _, bottom = self._impl.tab.area
        return Column(Range(self._impl.parent.range((top, left + number - 1), (bottom, left + number - 1))))

    def Resize(self, to: Any) -> None:  # noqa: N802
        self._impl.memory.resize(self._impl.tab, inner(to)._impl.area)


class Column(CDispatch):
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    Range = property(lambda self: self._cells)


class ListRows(Items):
    def __init__(self, impl: Any) -> None:
        super().__init__([])
        self._table = impl

    def Add(self) -> CDispatch:  # noqa: N802
        self._table.rows.add(None, None)
        return CDispatch()


class Name(CDispatch):
    Visible = True

    def __init__(self, impl: Any) -> None:
        self._impl = impl

    Name = property(lambda self: self._impl.name)
    RefersTo = property(lambda self: self._impl.refers_to, lambda self, said: setattr(self._impl, "refers_to", said))


class Names(Items):
    def __init__(self, impl: Any) -> None:
        super().__init__([Name(one) for _, one in impl.snapshot()])
        self._names = impl

    def Add(self, name: str, refers_to: str) -> Name:  # noqa: N802
        return Name(self._names.add(name, refers_to))


class Workbook(CDispatch):
    def __init__(self, memory: Memory) -> None:
        memory.workbook = self
        self._impl = engine.opened(memory).impl
        self._application = Application(self)

    Application = property(lambda self: self._application)
    Name = property(lambda self: self._impl.name)
    FullName = property(lambda self: self._impl.fullname)
    Worksheets = property(lambda self: Items([Worksheet(sheet) for sheet in self._impl.sheets]))
    Names = property(lambda self: Names(self._impl.names))
    Date1904 = property(lambda self: self._impl.memory.is_1904)
    ReadOnly = property(lambda self: self._impl.memory.is_read_only)


def _state(name: str) -> property:
    return property(lambda self: getattr(self._app, name), lambda self, value: setattr(self._app, name, value))


class AutoCorrect(CDispatch):
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    AutoFillFormulasInLists = property(
        lambda self: self._memory.fills, lambda self, value: setattr(self._memory, "fills", value)
    )


class Application(CDispatch):
    Hwnd = HWND

    def __init__(self, book: Workbook) -> None:
        self._book, self._app = book, book._impl.app

    ScreenUpdating, EnableEvents = _state("screen_updating"), _state("enable_events")
    DisplayAlerts, StatusBar = _state("display_alerts"), _state("status_bar")
    Calculation = property(
        lambda self: CALCULATION[self._app.calculation],
        lambda self, value: setattr(self._app, "calculation", {n: word for word, n in CALCULATION.items()}[value]),
    )
    CutCopyMode = property(
        lambda self: int(self._app.memory.copied), lambda self, value: setattr(self._app.memory, "copied", bool(value))
    )
    AutoCorrect = property(lambda self: AutoCorrect(self._app.memory))
    Workbooks = property(lambda self: Items([self._book]))

    def Calculate(self) -> None:  # noqa: N802
        self._app.calculate()
