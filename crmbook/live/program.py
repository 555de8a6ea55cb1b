"""What xlwings' objects do not say on every system: one class for each program a workbook may be open in."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from crmbook.live.excel import Link, UnsortedError, Windows
from crmbook.live.excel_macos import MacOS
from crmbook.ooxml.refs import Area

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.changes import Grid

__all__ = ["Link", "Program", "UnsortedError", "caller", "folded", "patient", "program_of", "tame"]

PATIENCE = 200  # times that xlwings asks a busy Excel again before it gives up: 0 would be for ever
PAUSE = 0.05  # seconds between these, once something is being done that should not break off half-way


class Program(Protocol):
    """The questions and orders that differ from program to program. All take xlwings' objects."""

    answers_two: bool  # that ask at once
    carries_all: bool  # a row that is sorted takes its links along, and its formulas say what they said
    parses: bool  # a text is taken for what it looks like, unless the cell is formatted as text
    most: int  # cells that it may be asked for in one call

    def is_1904(self, book: xw.Book) -> bool:
        """True if the workbook counts its days from 1904."""

    def is_read_only(self, book: xw.Book) -> bool:
        """True if the workbook cannot be saved in its place."""

    def names(self, book: xw.Book) -> dict[str, str]:
        """The workbook's defined names → what they stand for, without the equals sign; none that is of one sheet only."""

    def as_last_calculated(self, book: xw.Book) -> AbstractContextManager[Any] | None:
        """Inside, formulas answer with what they last came to, and none is calculated for being read; None where the program
        calculates without being asked."""

    def read_before(self, sheet: xw.Sheet) -> tuple[list[list[Any]], Any] | None:
        """The values of a sheet from A1 on, formulas with what they last came to, and all that is said there, as `values` and
        `formulas` tell them, if they were read before anybody asked; they are told once."""

    def place(self, table: xw.main.Table) -> Area:
        """Where the table is, header and totals included; or was when the workbook's tables were first asked for, if that is at
        hand without a call."""

    def headers(self, table: xw.main.Table) -> list[str] | None:
        """The texts of the table's header, where they are at hand without a call."""

    def undoable(self, book: xw.Book, title: str) -> AbstractContextManager[Any]:
        """What is done inside is one step for the user to take back, where the program can do that."""

    def guards(self, sheets: Sequence[xw.Sheet]) -> list[tuple[bool, bool]]:
        """For each sheet: whether its cells may not be written, and whether a filter that is no table's hides rows of it."""

    def hide_rows(self, several: Sequence[xw.Range]) -> list[bool]:
        """For each of these: whether any of its rows is hidden."""

    def places(self, tables: Sequence[xw.main.Table]) -> list[Area]:
        """Where the tables are now, each as `place` tells it."""

    def marked(self, sheet: xw.Sheet, top: int = 1) -> list[Area]:
        """The cells of the sheet, from row `top` on, that carry a note, a comment or a link."""

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        """The links on the sheet's cells, by row and column."""

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        """Puts a link on a cell, or takes its link away; what the cell says stays."""

    def filters(self, tables: Sequence[xw.main.Table]) -> list[Any | None]:
        """For each table the filters that hide rows of it, for `filter_again`; CannotProceedError if that could not put them
        back."""

    def show_all(self, table: xw.main.Table) -> None:
        """All rows of the table are shown."""

    def filter_again(self, table: xw.main.Table, held: Any) -> None:
        """The filters choose again, among the rows as they now are."""

    def second_row(self, table: xw.main.Table) -> None:
        """One blank row under a table's only one, in its formats; what covers that row then covers both."""

    def values(self, cells: xw.Range) -> list[list[Any]]:
        """What stands in these cells, row by row: float, str, bool, datetime, Decimal for money, '' for blank."""

    def exact(self, cells: xw.Range) -> Any:
        """The numbers of these cells with all their digits, and days as numbers."""

    def formulas(self, cells: xw.Range) -> Any:
        """What is said in these cells, each formula with its equals sign; anything else may be left blank."""

    def put(self, sheet: xw.Sheet, found: Sequence[tuple[int, int, Grid]]) -> None:
        """Enters rows where their first row and column say: a text is text, whatever it looks like, and only a `Formula` is one.
        Not for a program that `parses`."""

    def clear_notes(self, cells: xw.Range) -> None:
        """Takes notes and comments off these cells."""

    def unfilled(self, book: xw.Book) -> AbstractContextManager[Any]:
        """A formula that is entered inside stands in its cell, and fills no other of its column."""

    def hide_name(self, name: xw.main.Name) -> None:
        """Takes a defined name out of the list that users see."""

    def sort(self, table: xw.main.Table, place: Area, by: int, keys: Sequence[Any]) -> None:
        """Enters keys into these cells of the table's column `by`, counted from 1, a row each, and sorts its rows by them; no
        arrow tells of a sort that no user asked for. Raises UnsortedError if only the sort failed."""

    def is_busy(self, error: Exception) -> bool:
        """True if the program did not listen, and may listen later: a cell is being edited, a dialog is open."""

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        """True if the workbook was closed meanwhile, or the whole program ended."""


def program_of(book: xw.Book) -> Program:
    """The program that has the workbook open; an engine that is not xlwings' own brings its own answers."""
    own: Program | None = getattr(book.app.impl, "program", None)
    if own is not None:
        return own
    return Windows() if sys.platform == "win32" else MacOS()


def caller() -> xw.Book:
    """The workbook whose button was pressed, as the launcher named it: its name may hold an equals sign, and on macOS an
    accent apart from its letter, where Excel tells them as one."""
    import xlwings as xw

    said = dict(word.removeprefix("--").split("=", 1) for word in sys.argv if word.startswith("--") and "=" in word)
    name = said.get("wb", "").strip()
    if ("=" not in name and sys.platform != "darwin") or hasattr(xw.Book, "_mock_caller"):
        return xw.Book.caller()
    if sys.platform == "win32":
        return xw.App(impl=xw._xlwindows.App(xl=int(said["hwnd"]))).books[name]  # noqa: SLF001  (as xlwings does)
    return next(book for app in xw.apps for book in app.books if folded(book.name) == folded(name))


def folded(name: str) -> str:
    """A name in the one way to write it, where capitals and how an accent is put on its letter make no difference."""
    return unicodedata.normalize("NFC", name).casefold()


def tame() -> None:
    """Takes back habits of xlwings: at exit it ends every Excel without a window, and on macOS runs whatever macro `CleanUp`
    it finds, also where none has started Python; and it asks a busy Excel for ever."""
    import atexit

    import xlwings as xw

    windows, mac = getattr(xw, "_xlwindows", None), getattr(xw, "_xlmac", None)
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = PATIENCE
    if mac is not None and not any(word.startswith("--from_xl") for word in sys.argv):
        atexit.unregister(mac.cleanup)


class _Patience(int):
    """How often a busy Excel is asked again. xlwings compares it with how often that was; from the second time on, as the
    first follows any error, it waits a little."""

    def __gt__(self, asked: int) -> bool:
        if asked > 1:
            time.sleep(PAUSE)
        return super().__gt__(asked)


@contextmanager
def patient() -> Iterator[None]:
    """Inside, a busy Excel on Windows is given some seconds to end the editing of a cell, whatever it is asked."""
    import xlwings as xw

    windows = getattr(xw, "_xlwindows", None)
    if windows is None:
        yield
        return
    before, windows.N_COM_ATTEMPTS = windows.N_COM_ATTEMPTS, _Patience(PATIENCE)
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before
