"""An xlwings engine of our own over a LibreOffice that is running: the program, its workbooks, their sheets and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import xlwings as xw
from xlwings import base_classes

from crmbook.live.libreoffice_book import Book
from crmbook.live.libreoffice_document import Document, Fault
from crmbook.live.libreoffice_program import LibreOffice
from crmbook.live.libreoffice_uno import Connection, uno
from crmbook.live.program import Program

NAME = "libreoffice"
INFO, OK_BUTTON = "INFOBOX", 1


def opened(connection: Connection) -> list[xw.Book]:
    """The spreadsheets that are open in the LibreOffice at the other end, as xlwings' own objects."""
    return books([Document(connection, document) for document in connection.spreadsheets()])


def books(documents: Sequence[Document]) -> list[xw.Book]:
    """Open spreadsheets as xlwings' own objects."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=Engine()))
    engine: Engine = xw.engines[NAME].impl
    apps = [App(engine, document) for document in documents]
    engine.apps.running = {app.pid: app for app in apps}
    return [xw.Book(impl=book) for app in apps for book in app.books]


class Engine:
    """What xlwings asks of an engine itself; values come clean from the cells already."""

    name, type = NAME, "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None or value != value else value  # noqa: PLR0124  (NaN)

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool) -> Any:
        if datetime_builder is dt.datetime and empty_as == "" and number_builder is None and err_to_str:
            return data if all(Fault not in {*map(type, row)} for row in data) else [[str(v) if type(v) is Fault else v for v in row] for row in data]  # fmt: skip

        def clean(value: Any) -> Any:
            if value == "" or value is None:
                return empty_as
            if isinstance(value, Fault):
                return str(value) if err_to_str else None
            if isinstance(value, dt.datetime):
                moment = {part: getattr(value, part) for part in ("year", "month", "day", "hour", "minute", "second", "microsecond")}  # fmt: skip
                return datetime_builder(**moment, tzinfo=None)
            return number_builder(value) if number_builder is not None and type(value) is float else value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The running programs we are connected to."""

    def __init__(self) -> None:
        self.running: dict[int, App] = {}

    def keys(self) -> list[int]:
        return list(self.running)

    def __iter__(self) -> Iterator[App]:
        return iter(self.running.values())

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> App:
        return self.running[pid]


class App(base_classes.App):
    """A running LibreOffice as far as one document is concerned: the others that are open in it stay as they are. What it
    has no word for (events, questions) is taken as it is."""

    enable_events, display_alerts, version = True, False, "16.0"

    def __init__(self, engine: Engine, document: Document) -> None:
        self._engine, self.document, self.connection = engine, document, document.connection
        self.program: Program = LibreOffice()
        self._indicator: Any = None

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def api(self) -> Any:
        return self.connection.desktop

    @property
    def pid(self) -> int:
        return id(self)

    @property
    def books(self) -> Books:
        return Books([Book(self, self.document)])

    @property
    def screen_updating(self) -> bool:
        return not self.document.api.hasControllersLocked()

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value:
            self.document.api.unlockControllers()
        else:
            self.document.api.lockControllers()

    @property
    def calculation(self) -> str:
        return "automatic" if self.document.api.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.document.connection.basic.calculating(self.document.api, on=value == "automatic")

    def calculate(self) -> None:
        """Only where it is manual: else LibreOffice calculates a cell by itself, when it is shown or read."""
        if self.calculation == "manual":
            self.document.api.calculate()

    @property
    def status_bar(self) -> Any:
        return None

    @status_bar.setter
    def status_bar(self, value: str | bool | None) -> None:
        if self._indicator is not None:
            if value:
                self._indicator.setText(str(value))
                return
            self._indicator.end()
            self._indicator = None
        controller = self.document.api.CurrentController
        if value and controller is not None:
            self._indicator = controller.Frame.createStatusIndicator()
            self._indicator.start(str(value), 0)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        """A message box over the document's window; where nobody can see one, nothing."""
        controller = self.document.api.CurrentController
        window = None if controller is None else controller.Frame.ContainerWindow
        if window is not None and window.isVisible():
            kind = uno().Enum("com.sun.star.awt.MessageBoxType", INFO)
            box = window.getToolkit().createMessageBox(window, kind, OK_BUTTON, title or "crmbook", prompt)
            try:
                box.execute()
            finally:
                box.dispose()
        return "ok"


class Books(base_classes.Books):
    """The spreadsheets of one program."""

    def __init__(self, books: Sequence[Book]) -> None:
        self._all = books

    def __iter__(self) -> Iterator[Book]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __call__(self, key: int | str) -> Book:
        if isinstance(key, int):
            return self._all[key - 1]
        for book in self._all:
            if book.name.casefold() == key.casefold():
                return book
        raise KeyError(key)
