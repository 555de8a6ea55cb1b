"""An xlwings engine over a workbook in memory: xlwings' own Book, Sheet, Range and Table, without a spreadsheet program."""

from datetime import datetime
from typing import Any

import xlwings as xw
from xlwings import base_classes

from crmbook.live.excel import Excel, Link
from tests.excel_references import box
from tests.live.grid import COLUMNS, ROWS, Page, inside
from tests.live.moves import Memory
from tests.live.ranges import Names, Noted, Range, Tables


class Engine:
    """What xlwings asks of an engine, answered as its own for Windows does."""

    name, type = "memory", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        return "" if x is None or x != x else x

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: Any) -> Any:
        def cleaned(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            return value

        return [[cleaned(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The programs that run: the one that was opened last."""

    def __init__(self) -> None:
        self.running: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def __iter__(self):
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> "App":
        return next(app for app in self.running if app.pid == pid)


class State:
    """A property of the application: each look and each change is a call."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, app: "App", owner: type) -> Any:
        app.memory.call("state")
        return app.state[self.name]

    def __set__(self, app: "App", value: Any) -> None:
        app.memory.call("state")
        if self.name in app.unsettable:
            raise AttributeError(self.name)
        app.state[self.name] = value
        app.seen.append((self.name, value))


class App(base_classes.App):
    screen_updating, enable_events, display_alerts, calculation, status_bar = (
        State(),
        State(),
        State(),
        State(),
        State(),
    )

    pid = 0
    engine: Engine

    @property
    def cut_copy_mode(self) -> str | None:
        return "copy" if self.memory.copied else None

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: bool) -> None:
        self.memory.copied = False

    def __init__(self, engine: Engine, memory: Memory) -> None:
        self.engine, self.memory, self.pid = engine, memory, 1000
        self.state: dict[str, Any] = {"screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic", "status_bar": False}  # fmt: skip
        self.seen: list[tuple[str, Any]] = []
        self.unsettable: set[str] = set()
        self.alerts: list[tuple[str, str]] = []
        self.program = Program()
        self.book = Book(self, memory)
        engine.apps.running[:] = [self]

    @property
    def books(self) -> "Books":
        return Books(self)

    def calculate(self) -> None:
        self.memory.call("calculate")
        self.memory.calculated(self.memory)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: Any) -> str:
        self.alerts.append((title, prompt))
        return "ok"


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    def __len__(self) -> int:
        return 1

    def __iter__(self):
        return iter([self.app.book])

    def __call__(self, key: Any) -> "Book":
        return self.app.book

    @property
    def active(self) -> "Book":
        return self.app.book


class Book(base_classes.Book):
    def __init__(self, app: App, memory: Memory) -> None:
        self._app, self.memory = app, memory

    app = property(lambda self: self._app)
    api = property(lambda self: self.memory)

    @property
    def name(self) -> str:
        self.memory.call("get")
        return self.memory.name

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    fullname = property(lambda self: self.memory.fullname)
    names = property(lambda self: Names(self.memory))


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    def __len__(self) -> int:
        return len(self.book.memory.pages)

    def __iter__(self):
        return (Sheet(self.book, page) for page in self.book.memory.pages.values())

    def __call__(self, key: Any) -> "Sheet":
        return Sheet(self.book, self.book.memory.pages[key])


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, page: Page) -> None:
        self._book, self.page, self.memory = book, page, book.memory

    book = property(lambda self: self._book)
    api = property(lambda self: self.page)

    @property
    def name(self) -> str:
        self.memory.call("get")
        return self.page.name

    visible = property(lambda self: self.page.state == "visible")

    def range(self, first: Any, second: Any = None) -> "Range":
        if isinstance(first, str):
            top, _, bottom = first.partition(":")
            return Range(self, (1, int(top), COLUMNS, int(bottom)) if top.isdigit() else box(first.replace("$", "")))
        if isinstance(first, tuple) and len(first) == 4:
            row, column, height, width = first
            return Range(self, (column, row, column + width - 1, row + height - 1))
        first, last = (
            (corner.row, corner.column) if isinstance(corner, Range) else corner for corner in (first, second or first)
        )
        return Range(self, (first[1], first[0], last[1], last[0]))

    @property
    def used_range(self) -> "Range":
        self.memory.call("get")
        places = [*self.page.values, *self.page.formulas, *self.page.styles] or [(1, 1)]
        rows, columns = [r for r, _ in places], [c for _, c in places]
        return Range(self, (min(columns), min(rows), max(columns), max(rows)))

    tables = property(Tables)
    notes = property(Noted)
    comments = property(lambda self: ())

    @property
    def cells(self) -> "Range":
        return Range(self, (1, 1, COLUMNS, ROWS))


class Program(Excel):
    """What `crmbook.live.program` asks of the program."""

    def is_1904(self, book: xw.Book) -> bool:
        return book.impl.memory.is_1904

    def is_read_only(self, book: xw.Book) -> bool:
        return book.impl.memory.is_read_only

    def _is_protected(self, sheet: xw.Sheet) -> bool:
        sheet.impl.memory.call("get")
        return sheet.impl.page.is_protected

    def _is_filtered(self, sheet: xw.Sheet) -> bool:
        return False

    def _hides(self, rows: xw.Range) -> bool:
        rows.impl.memory.call("get")
        return any(rows.impl.area[1] <= r <= rows.impl.area[3] for r in rows.impl.page.hidden)

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        sheet.impl.memory.call("get")
        return {place: Link(address) for place, address in sheet.impl.page.links.items()}

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        cell.impl.memory.call("link")
        place = cell.row, cell.column
        cell.impl.page.links.pop(place, None)
        if link is not None:
            cell.impl.page.links[place] = link.address

    def exact(self, cells: xw.Range) -> Any:
        cells.impl.memory.call("read")
        left, top, right, bottom = cells.impl.area
        held = cells.impl.page.values
        return [[held.get((r, c)) for c in range(left, right + 1)] for r in range(top, bottom + 1)]

    def clear_notes(self, cells: xw.Range) -> None:
        cells.impl.memory.call("note")
        for kept in (cells.impl.page.notes, cells.impl.page.threads):
            for place in list(inside(cells.impl.area, kept)):
                del kept[place]

    def _fills(self, book: xw.Book) -> bool:
        book.app.impl.memory.call("state")
        return book.app.impl.memory.fills

    def _set_fills(self, book: xw.Book, *, to: bool) -> None:
        book.app.impl.memory.call("state")
        book.app.impl.memory.fills = to

    def hide_name(self, name: xw.main.Name) -> None:
        name.impl.memory.call("name")

    def _forget_sort(self, table: xw.main.Table) -> None:
        table.impl.memory.call("sort")
        table.impl.tab.sorted_by = None

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        return False

    def is_busy(self, error: Exception) -> bool:
        return getattr(error, "hresult", None) == -2147418111


_engine = Engine()


def opened(memory: Memory) -> xw.Book:
    """The workbook as xlwings shows it, in a program of its own."""
    if _engine.name not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=_engine))
    xw.engines[_engine.name].activate()
    return xw.Book(impl=App(_engine, memory).book)
