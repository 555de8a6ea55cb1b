"""Excel, where xlwings' objects do not say the same on Windows and on macOS, or say it wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from crmbook.live import blocks, filters
from crmbook.live.guard import entered
from crmbook.ooxml.refs import Area
from crmbook.reading.cell import FAULTS

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.changes import Grid

# The call was rejected; the program is busy, ask again later; a cell is being edited.
BUSY = {-2147418111, -2147417846, -2146777998}
# The object has left its clients; the server is unavailable; the call failed.
GONE = {-2147417848, -2147023174, -2147023170}
DISPATCH_ERROR = -2147352567  # a COM error whose reason stands in its details
TIMED_OUT = -1712  # an Apple event
# Errors as cells show them. A file says #VALUE! for all that are younger than those of old.
NEW_ERRORS = {"#BLOCKED!", "#BUSY!", "#CALC!", "#CONNECT!", "#EXTERNAL!", "#FIELD!", "#PYTHON!", "#SPILL!", "#TIMEOUT!", "#UNKNOWN!"}  # fmt: skip
YOUNGER = "#VALUE!"
ERRORS = dict.fromkeys(NEW_ERRORS, YOUNGER) | {error: error for error in FAULTS}


def is_rejected(error: Exception) -> bool:
    """True if Excel for Windows did not take a call, as it was busy."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    code, details = getattr(error, "hresult", None), getattr(error, "excepinfo", None)
    return code in BUSY or (code == DISPATCH_ERROR and details is not None and details[-1] in BUSY)


@contextmanager
def passing_over() -> Iterator[None]:
    """What cannot be told is passed over; but not that Excel did not listen, or what it has would count as gone."""
    try:
        yield
    except Exception as error:
        if is_rejected(error) or getattr(error, "errornumber", None) == TIMED_OUT:
            raise


class UnsortedError(Exception):
    """The program did not sort; what it said is the cause."""


class Link(NamedTuple):
    """A link on a cell: a file or page, a place in it (or in this workbook), and what shows when the mouse rests on it."""

    address: str
    place: str = ""
    tip: str = ""


class Excel:
    """What xlwings says alike on both systems."""

    carries_all, parses = False, True
    answers_two = False  # what COM hands out belongs to the thread that asked for it
    most = 1_000_000  # a 32-bit Excel has no memory for much more

    def names(self, book: xw.Book) -> dict[str, str]:
        found = {}
        for name in book.names:
            with passing_over():  # one that points nowhere
                found[name.name] = (name.refers_to or "").removeprefix("=")
        return {name: text for name, text in found.items() if "!" not in name}

    def as_last_calculated(self, book: xw.Book) -> AbstractContextManager[Any] | None:
        return None

    def read_before(self, sheet: xw.Sheet) -> tuple[list[list[Any]], Any] | None:
        return None

    def place(self, table: xw.main.Table) -> Area:
        cells = table.range
        (top, left), (height, width) = (cells.row, cells.column), cells.shape
        return Area(top, left, top + height - 1, left + width - 1)

    def headers(self, table: xw.main.Table) -> list[str] | None:
        return None

    def undoable(self, book: xw.Book, title: str) -> AbstractContextManager[Any]:
        return nullcontext()  # Excel forgets what could be taken back as soon as another program writes

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        raise NotImplementedError

    def marked(self, sheet: xw.Sheet, top: int = 1) -> list[Area]:
        places = [note.location for note in sheet.notes]
        with passing_over():  # an Excel before 2019 knows notes only
            places += [comment.location for comment in sheet.comments]
        cells = [(cell.row, cell.column) for cell in places] + list(self.links(sheet))
        return [Area(row, column, row, column) for row, column in cells if row >= top]

    def guards(self, sheets: Sequence[xw.Sheet]) -> list[tuple[bool, bool]]:
        return [(self._is_protected(sheet), self._is_filtered(sheet)) for sheet in sheets]

    def hide_rows(self, several: Sequence[xw.Range]) -> list[bool]:
        return [self._hides(rows) for rows in several]

    def places(self, tables: Sequence[xw.main.Table]) -> list[Area]:
        return [self.place(table) for table in tables]

    def filters(self, tables: Sequence[xw.main.Table]) -> list[Any | None]:
        return [self._filters_of(table) for table in tables]

    def _filters_of(self, table: xw.main.Table) -> Any | None:
        return filters.remembered(table)

    def show_all(self, table: xw.main.Table) -> None:
        table.autofilter.clear()

    def filter_again(self, table: xw.main.Table, held: Any) -> None:
        filters.put_back(table, held)

    def second_row(self, table: xw.main.Table) -> None:
        table.rows.add()

    def formulas(self, cells: xw.Range) -> Any:
        return cells.formula

    def values(self, cells: xw.Range) -> list[list[Any]]:
        rows: list[list[Any]] = cells.options(ndim=2, empty="", err_to_str=True, chunksize=None).value
        if not any(int in map(type, row) for row in rows):
            return rows
        # A number is always a float: what is left as an integer is the code of an error that xlwings does not know.
        return [[YOUNGER if type(value) is int else value for value in row] for row in rows]

    def put(self, sheet: xw.Sheet, found: Sequence[tuple[int, int, Grid]]) -> None:
        raise NotImplementedError

    def sort(self, table: xw.main.Table, place: Area, by: int, keys: Sequence[Any]) -> None:
        blocks.write(table.parent, place.top, place.left, [[entered(key)] for key in keys])
        try:
            table.sort(by)
        except Exception as error:
            raise UnsortedError from error
        self._forget_sort(table)

    @contextmanager
    def unfilled(self, book: xw.Book) -> Iterator[None]:
        was = None
        with suppress(Exception):  # an Excel that has no such setting
            was = self._fills(book)
            if was:
                self._set_fills(book, to=False)
        try:
            yield
        finally:
            if was:
                with suppress(Exception):
                    self._set_fills(book, to=True)

    def _is_protected(self, sheet: xw.Sheet) -> bool:
        raise NotImplementedError

    def _is_filtered(self, sheet: xw.Sheet) -> bool:
        raise NotImplementedError

    def _hides(self, rows: xw.Range) -> bool:
        raise NotImplementedError

    def _forget_sort(self, table: xw.main.Table) -> None:
        """Takes away the arrow of the sort."""
        raise NotImplementedError

    def _fills(self, book: xw.Book) -> bool:
        """True if a formula typed into an empty column of a table fills it."""
        raise NotImplementedError

    def _set_fills(self, book: xw.Book, *, to: bool) -> None:
        raise NotImplementedError


class Windows(Excel):
    """Excel for Windows, through COM."""

    def is_1904(self, book: xw.Book) -> bool:
        return bool(book.api.Date1904)

    def is_read_only(self, book: xw.Book) -> bool:
        return bool(book.api.ReadOnly)

    def _is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.ProtectContents) and not bool(sheet.api.ProtectionMode)

    def _is_filtered(self, sheet: xw.Sheet) -> bool:
        if sheet.api.AutoFilterMode:
            return bool(sheet.api.AutoFilter.FilterMode)
        # An advanced filter has no arrows; that of a table counts too, where the cursor stands in it.
        return bool(sheet.api.FilterMode) and all(self._filters_of(table) is None for table in sheet.tables)

    def _hides(self, rows: xw.Range) -> bool:
        return rows.api.EntireRow.Hidden is not False

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        if not sheet.api.Hyperlinks.Count:
            return {}
        found = {}
        for link in sheet.api.Hyperlinks:
            with passing_over():  # one on a picture has no cell
                at = link.Range
                found[at.Row, at.Column] = Link(link.Address or "", link.SubAddress or "", link.ScreenTip or "")
        return found

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        cell.api.ClearHyperlinks()
        if link is not None:
            cell.api.Hyperlinks.Add(cell.api, link.address, link.place, link.tip)

    def _filters_of(self, table: xw.main.Table) -> Any | None:
        if not table.api.ShowAutoFilter or not table.api.AutoFilter.FilterMode:
            return None  # to ask column by column takes its time
        return filters.remembered(table)

    def exact(self, cells: xw.Range) -> Any:
        return cells.api.Value2

    def clear_notes(self, cells: xw.Range) -> None:
        cells.api.ClearComments()  # threads as well, which a note's own Delete leaves

    def _fills(self, book: xw.Book) -> bool:
        return bool(book.app.api.AutoCorrect.AutoFillFormulasInLists)

    def _set_fills(self, book: xw.Book, *, to: bool) -> None:
        book.app.api.AutoCorrect.AutoFillFormulasInLists = to

    def hide_name(self, name: xw.main.Name) -> None:
        name.api.Visible = False

    def _forget_sort(self, table: xw.main.Table) -> None:
        table.api.Sort.SortFields.Clear()

    def is_busy(self, error: Exception) -> bool:
        return is_rejected(error)

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        return getattr(error, "hresult", None) in GONE
