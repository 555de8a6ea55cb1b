"""What xlwings' objects do not say on every system: one class for each program a workbook may be open in."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from crmbook.live import filters
from crmbook.live.guard import entered
from crmbook.ooxml.refs import Area, parse_area

if TYPE_CHECKING:
    import xlwings as xw

# The call was rejected; the program is busy, ask again later; a cell is being edited.
BUSY = {-2147418111, -2147417846, -2146777998}
DISPATCH_ERROR = -2147352567  # a COM error whose reason stands in its details
PATIENCE = 200  # times that xlwings asks a busy Excel again before it gives up: 0 would be for ever


class Link(NamedTuple):
    """A link on a cell: a file or page, a place in it (or in this workbook), and what shows when the mouse rests on it."""

    address: str
    place: str = ""
    tip: str = ""


class Program(Protocol):
    """The questions and orders that differ from program to program. All take xlwings' objects."""

    def is_1904(self, book: xw.Book) -> bool:
        """True if the workbook counts its days from 1904."""

    def is_read_only(self, book: xw.Book) -> bool:
        """True if the workbook cannot be saved in its place."""

    def names(self, book: xw.Book) -> dict[str, str]:
        """The workbook's defined names → what they stand for, without the equals sign; none that is of one sheet only."""

    def undoable(self, book: xw.Book, title: str) -> AbstractContextManager[Any]:
        """What is done inside is one step for the user to take back, where the program can do that."""

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """True if the sheet's cells may not be written."""

    def is_sheet_filtered(self, sheet: xw.Sheet) -> bool:
        """True if a filter that is no table's hides rows of the sheet."""

    def hides_rows(self, rows: xw.Range) -> bool:
        """True if any of these rows is hidden."""

    def marked(self, sheet: xw.Sheet) -> list[Area]:
        """The cells of the sheet that carry a note, a comment or a link."""

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        """The links on the sheet's cells, by row and column."""

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        """Puts a link on a cell, or takes its link away; what the cell says stays."""

    def filters(self, table: xw.main.Table) -> Any | None:
        """The filters that hide rows of the table, for `filter_again`; CannotProceedError if that could not put them back."""

    def show_all(self, table: xw.main.Table) -> None:
        """All rows of the table are shown."""

    def filter_again(self, table: xw.main.Table, held: Any) -> None:
        """The filters choose again, among the rows as they now are."""

    def second_row(self, table: xw.main.Table) -> None:
        """One blank row under a table's only one, in its formats; what covers that row then covers both."""

    def exact(self, cells: xw.Range) -> Any:
        """The numbers of these cells with all their digits, and days as numbers."""

    def hide_name(self, name: xw.main.Name) -> None:
        """Takes a defined name out of the list that users see."""

    def forget_sort(self, table: xw.main.Table) -> None:
        """Takes away the arrow of a sort that no user asked for."""

    def is_busy(self, error: Exception) -> bool:
        """True if the program did not listen, and may listen later: a cell is being edited, a dialog is open."""


class Excel:
    """What xlwings says alike on both systems."""

    def names(self, book: xw.Book) -> dict[str, str]:
        found = {}
        for name in book.names:
            with suppress(Exception):  # one that points nowhere
                found[name.name] = (name.refers_to or "").removeprefix("=")
        return {name: text for name, text in found.items() if "!" not in name}

    def undoable(self, book: xw.Book, title: str) -> AbstractContextManager[Any]:
        return nullcontext()  # Excel forgets what could be taken back as soon as another program writes

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        raise NotImplementedError

    def marked(self, sheet: xw.Sheet) -> list[Area]:
        places = [note.location for note in sheet.notes]
        with suppress(Exception):  # an Excel before 2019 knows notes only
            places += [comment.location for comment in sheet.comments]
        cells = [(cell.row, cell.column) for cell in places] + list(self.links(sheet))
        return [Area(row, column, row, column) for row, column in cells]

    def filters(self, table: xw.main.Table) -> Any | None:
        return filters.remembered(table)

    def show_all(self, table: xw.main.Table) -> None:
        table.autofilter.clear()

    def filter_again(self, table: xw.main.Table, held: Any) -> None:
        filters.put_back(table, held)

    def second_row(self, table: xw.main.Table) -> None:
        table.rows.add()


class Windows(Excel):
    """Excel for Windows, through COM."""

    def is_1904(self, book: xw.Book) -> bool:
        return bool(book.api.Date1904)

    def is_read_only(self, book: xw.Book) -> bool:
        return bool(book.api.ReadOnly)

    def is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.ProtectContents) and not bool(sheet.api.ProtectionMode)

    def is_sheet_filtered(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.AutoFilterMode) and bool(sheet.api.AutoFilter.FilterMode)

    def hides_rows(self, rows: xw.Range) -> bool:
        return rows.api.EntireRow.Hidden is not False

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        if not sheet.api.Hyperlinks.Count:
            return {}
        found = {}
        for link in sheet.api.Hyperlinks:
            with suppress(Exception):  # one on a picture has no cell
                at = link.Range
                found[at.Row, at.Column] = Link(link.Address or "", link.SubAddress or "", link.ScreenTip or "")
        return found

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        cell.api.ClearHyperlinks()
        if link is not None:
            cell.api.Hyperlinks.Add(cell.api, link.address, link.place, link.tip)

    def filters(self, table: xw.main.Table) -> Any | None:
        if not table.api.ShowAutoFilter or not table.api.AutoFilter.FilterMode:
            return None  # to ask column by column takes its time
        return filters.remembered(table)

    def exact(self, cells: xw.Range) -> Any:
        return cells.api.Value2

    def hide_name(self, name: xw.main.Name) -> None:
        name.api.Visible = False

    def forget_sort(self, table: xw.main.Table) -> None:
        table.api.Sort.SortFields.Clear()

    def is_busy(self, error: Exception) -> bool:
        if type(error).__name__ == "ExcelBusyError":
            return True
        code, details = getattr(error, "hresult", None), getattr(error, "excepinfo", None)
        return code in BUSY or (code == DISPATCH_ERROR and details is not None and details[-1] in BUSY)


class MacOS(Excel):
    """Excel for macOS, through Apple events."""

    def is_1904(self, book: xw.Book) -> bool:
        return bool(book.api.date_1904.get())

    def is_read_only(self, book: xw.Book) -> bool:
        return bool(book.api.read_only.get())

    def is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.protect_contents.get()) and not bool(sheet.api.protection_mode.get())

    def is_sheet_filtered(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.autofilter_mode.get()) and bool(sheet.api.filter_mode.get())

    def hides_rows(self, rows: xw.Range) -> bool:
        return rows.api.entire_row.hidden.get() is not False

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        found = {}
        for link in sheet.api.hyperlinks.get() or []:
            with suppress(Exception):  # one on a picture has no cell
                area = parse_area(link.range.get_address().replace("$", ""))
                if area is not None:
                    found[area.top, area.left] = Link(link.address.get() or "", link.sub_address.get() or "")
        return found

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        cell.api.hyperlinks.delete()
        if link is not None:
            said, held = cell.formula, self.exact(cell)
            cell.add_hyperlink(link.address or f"#{link.place}", str(said), link.tip)
            is_formula = str(said).startswith("=") and said != held  # the link made a text of what stands there
            cell.raw_value = said if is_formula else entered(held, as_text=cell.number_format == "@")

    def exact(self, cells: xw.Range) -> Any:
        return cells.api.value2.get()

    def hide_name(self, name: xw.main.Name) -> None:
        name.api.visible.set(to=False)

    def forget_sort(self, table: xw.main.Table) -> None:
        with suppress(Exception):  # the arrow only
            table.api.sort_object.sortfieldset.clear_sortfieldset()

    def is_busy(self, error: Exception) -> bool:
        return getattr(error, "errornumber", None) in {-1712, -10000, -50}  # timed out, an event refused


def program_of(book: xw.Book) -> Program:
    """The program that has the workbook open; an engine that is not xlwings' own brings its own answers."""
    own: Program | None = getattr(book.app.impl, "program", None)
    if own is not None:
        return own
    return Windows() if sys.platform == "win32" else MacOS()


def caller() -> xw.Book:
    """The workbook whose button was pressed, as the launcher named it: its name may hold an equals sign."""
    import xlwings as xw

    said = dict(word.removeprefix("--").split("=", 1) for word in sys.argv if word.startswith("--") and "=" in word)
    name = said.get("wb", "").strip()
    if "=" not in name or hasattr(xw.Book, "_mock_caller"):
        return xw.Book.caller()
    if sys.platform == "win32":
        return xw.App(impl=xw._xlwindows.App(xl=int(said["hwnd"]))).books[name]  # noqa: SLF001  (as xlwings does)
    return next(book for app in xw.apps for book in app.books if book.name.casefold() == name.casefold())


def tame() -> None:
    """Takes back two habits of xlwings: at exit it ends every Excel without a window, and asks a busy one for ever."""
    import atexit

    import xlwings as xw

    windows = getattr(xw, "_xlwindows", None)
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = PATIENCE
