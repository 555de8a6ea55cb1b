"""A spreadsheet open in LibreOffice as xlwings asks for it: its sheets, their tables and notes, its names."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from crmbook.live.libreoffice_cells import Note, Range
from crmbook.live.libreoffice_grammar import to_excel, to_office
from crmbook.live.libreoffice_tables import Tables
from crmbook.live.libreoffice_uno import ANNOTATION, file_path, struct
from crmbook.ooxml import Area
from crmbook.ooxml.refs import parse_area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmbook.live.libreoffice import App
    from crmbook.live.libreoffice_document import Document

WHOLE_ROWS = re.compile(r"\$?(\d+):\$?(\d+)")
HIDDEN = 16  # com.sun.star.sheet.NamedRangeFlag


class Book(base_classes.Book):
    """One open spreadsheet."""

    def __init__(self, app: App, document: Document) -> None:
        self._app, self.document = app, document

    @property
    def app(self) -> App:
        return self._app

    @property
    def api(self) -> Any:
        """UNO's document."""
        return self.document.api

    @property
    def name(self) -> str:
        return re.split(r"[\\/]", self.fullname)[-1]

    @property
    def fullname(self) -> str:
        return file_path(self.api.URL) or self.api.Title

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.api.store()

    @cached_property
    def formats(self) -> Any:
        """The document's number formats."""
        return self.api.NumberFormats


class Sheets(base_classes.Sheets):
    """The sheets of a spreadsheet."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def _names(self) -> tuple[str, ...]:
        names: tuple[str, ...] = self.book.api.Sheets.ElementNames
        return names

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, name) for name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __call__(self, key: int | str) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.book, self._names[key - 1])
        for name in self._names:
            if name.casefold() == key.casefold():
                return Sheet(self.book, name)
        raise KeyError(key)


class Sheet(base_classes.Sheet):
    """One sheet, by name."""

    def __init__(self, book: Book, name: str) -> None:
        self._book, self._name = book, name

    @property
    def book(self) -> Book:
        return self._book

    @cached_property
    def _uno(self) -> Any:
        return self._book.api.Sheets.getByName(self._name)

    @property
    def api(self) -> Any:
        """UNO's sheet."""
        return self._uno

    @property  # type: ignore[misc]  # no sheet is renamed
    def name(self) -> str:
        return self._name

    @property
    def number(self) -> int:
        """The position of the tab, from 0."""
        return int(self._uno.RangeAddress.Sheet)

    @property
    def index(self) -> int:
        return self.number + 1

    @property  # type: ignore[misc]  # … or shown
    def visible(self) -> bool:
        return bool(self._uno.IsVisible)

    @cached_property
    def width(self) -> int:
        """How many columns a sheet has."""
        return int(self._uno.Columns.Count)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def used_range(self) -> Range:
        cursor = self._uno.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return Range(self, Area(1, 1, end.EndRow + 1, end.EndColumn + 1))

    @property
    def notes(self) -> list[Note]:
        found = self._uno.queryContentCells(ANNOTATION).getRangeAddresses()
        return [
            Note(self, Area(row + 1, column + 1, row + 1, column + 1))
            for a in found
            for row in range(a.StartRow, a.EndRow + 1)
            for column in range(a.StartColumn, a.EndColumn + 1)
        ]

    @property
    def comments(self) -> list[Any]:
        """LibreOffice knows one kind of comment: all are notes."""
        return []

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        first = self._area(arg1)
        last = first if arg2 is None else self._area(arg2)
        return Range(self, Area(min(first.top, last.top), min(first.left, last.left), max(first.bottom, last.bottom), max(first.right, last.right)))  # fmt: skip

    def _area(self, place: Any) -> Area:
        if isinstance(place, Range):
            return place.area
        if isinstance(place, tuple):
            return Area(place[0], place[1], place[0], place[1])
        if rows := WHOLE_ROWS.fullmatch(place):
            return Area(int(rows[1]), 1, int(rows[2]), self.width)
        area = parse_area(place.replace("$", ""))
        if area is None:
            raise KeyError(place)
        return area


class Names(base_classes.Names):
    """The defined names of a spreadsheet, the hidden ones among them."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def snapshot(self) -> list[tuple[str, Name]]:
        texts = self.book.document.names()
        return [(name, Name(self.book, name, text)) for name, text in texts.items()]

    def __call__(self, key: int | str) -> Name:
        if isinstance(key, int):
            return self.snapshot()[key - 1][1]
        if not self.contains(key):
            raise KeyError(key)
        return Name(self.book, key)

    def contains(self, key: int | str) -> bool:
        return bool(self.book.api.NamedRanges.hasByName(key))

    def __len__(self) -> int:
        return int(self.book.api.NamedRanges.Count)

    def add(self, name: str, refers_to: str) -> Name:
        """A name that begins as ours do is not shown to users."""
        flags = HIDDEN if name.startswith("_crm") else 0
        self.book.api.NamedRanges.addNewByName(name, to_office(refers_to).removeprefix("="), struct("table.CellAddress"), flags)  # fmt: skip
        return Name(self.book, name)


class Name(base_classes.Name):
    """One defined name; `text` is what it stood for when all were read."""

    def __init__(self, book: Book, name: str, text: str | None = None) -> None:
        self.book, self._name, self._text = book, name, text

    @property
    def api(self) -> Any:
        """UNO's named range."""
        return self.book.api.NamedRanges.getByName(self._name)

    @property  # type: ignore[misc]  # no name is renamed
    def name(self) -> str:
        return self._name

    @property
    def refers_to(self) -> str:
        return f"={to_excel(self.api.Content if self._text is None else self._text)}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.Content = to_office(value).removeprefix("=")
        self._text = None

    def delete(self) -> None:
        self.book.api.NamedRanges.removeByName(self._name)
