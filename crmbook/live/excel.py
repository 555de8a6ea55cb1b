"""Excel, where xlwings' objects do not say the same on Windows and on macOS, or say it wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from crmbook.live import filters
from crmbook.live.guard import entered
from crmbook.ooxml.refs import Area, parse_area

if TYPE_CHECKING:
    import xlwings as xw

# The call was rejected; the program is busy, ask again later; a cell is being edited.
BUSY = {-2147418111, -2147417846, -2146777998}
# The object has left its clients; the server is unavailable; the call failed.
GONE = {-2147417848, -2147023174, -2147023170}
DISPATCH_ERROR = -2147352567  # a COM error whose reason stands in its details
TIMED_OUT = -1712  # an Apple event
# Errors as cells show them. A file says #VALUE! for all that are younger than these.
OLD_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
NEW_ERRORS = {"#BLOCKED!", "#BUSY!", "#CALC!", "#CONNECT!", "#EXTERNAL!", "#FIELD!", "#PYTHON!", "#SPILL!", "#TIMEOUT!", "#UNKNOWN!"}  # fmt: skip
YOUNGER = "#VALUE!"
ERRORS = dict.fromkeys(NEW_ERRORS, YOUNGER) | {error: error for error in OLD_ERRORS}


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


class Link(NamedTuple):
    """A link on a cell: a file or page, a place in it (or in this workbook), and what shows when the mouse rests on it."""

    address: str
    place: str = ""
    tip: str = ""


class Excel:
    """What xlwings says alike on both systems."""

    carries_all = False
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

    def place(self, table: xw.main.Table) -> Area | None:
        return None

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

    def filters(self, table: xw.main.Table) -> Any | None:
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

    def is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.ProtectContents) and not bool(sheet.api.ProtectionMode)

    def is_sheet_filtered(self, sheet: xw.Sheet) -> bool:
        if sheet.api.AutoFilterMode:
            return bool(sheet.api.AutoFilter.FilterMode)
        # An advanced filter has no arrows; that of a table counts too, where the cursor stands in it.
        return bool(sheet.api.FilterMode) and all(self.filters(table) is None for table in sheet.tables)

    def hides_rows(self, rows: xw.Range) -> bool:
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

    def filters(self, table: xw.main.Table) -> Any | None:
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

    def forget_sort(self, table: xw.main.Table) -> None:
        table.api.Sort.SortFields.Clear()

    def is_busy(self, error: Exception) -> bool:
        return is_rejected(error)

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        return getattr(error, "hresult", None) in GONE


class MacOS(Excel):
    """Excel for macOS, through Apple events. xlwings 0.37.8 cannot read a block with its errors there, so that is done here."""

    most = 250_000  # an answer of some 32 MB is refused, and a text of twenty letters takes 48 bytes of it

    def is_1904(self, book: xw.Book) -> bool:
        return bool(book.api.date_1904.get())

    def is_read_only(self, book: xw.Book) -> bool:
        return bool(book.api.read_only.get())

    def is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.protect_contents.get()) and not bool(sheet.api.protection_mode.get())

    def is_sheet_filtered(self, sheet: xw.Sheet) -> bool:
        if not sheet.api.filter_mode.get():
            return False
        return bool(sheet.api.autofilter_mode.get()) or all(self.filters(table) is None for table in sheet.tables)

    def hides_rows(self, rows: xw.Range) -> bool:
        return rows.rows.hidden is not False

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        found = {}
        links = sheet.api.hyperlinks.get()
        for link in links if isinstance(links, list) else ():  # of none it says that a value is missing
            with passing_over():  # one on a picture has no cell
                area = parse_area(link.range_object.get_address().replace("$", ""))
                if area is not None:
                    said = (link.address.get(), link.sub_address.get(), link.screen_tip.get())
                    found[area.top, area.left] = Link(*(text if isinstance(text, str) else "" for text in said))
        return found

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        cell.api.clear_hyperlinks()  # nothing to take away is no error
        if link is not None:
            said, held = cell.formula, self.exact(cell)
            place = f"#{link.place}" if link.place else ""
            cell.add_hyperlink(f"{link.address}{place}", str(said), link.tip)
            is_formula = str(said).startswith("=") and said != held  # the link made a text of what stands there
            cell.raw_value = said if is_formula else entered(held, as_text=cell.number_format == "@")

    def values(self, cells: xw.Range) -> list[list[Any]]:
        rows: list[list[Any]] = cells.options(ndim=2, empty="", chunksize=None).value
        shown = cells.api.string_value.get()
        shown = shown if isinstance(shown, list) else [shown]
        shown = shown if isinstance(shown[0], list) else [shown]
        return [
            [
                ERRORS.get(text, value) if isinstance(text, str) else value
                for value, text in zip(held, texts, strict=True)
            ]
            for held, texts in zip(rows, shown, strict=True)
        ]

    def exact(self, cells: xw.Range) -> Any:
        return cells.api.value2.get()

    def clear_notes(self, cells: xw.Range) -> None:
        cells.api.clear_Excel_comments()

    def _fills(self, book: xw.Book) -> bool:
        return bool(book.app.api.autocorrect_object.Automatically_fill_formulas.get())

    def _set_fills(self, book: xw.Book, *, to: bool) -> None:
        book.app.api.autocorrect_object.Automatically_fill_formulas.set(to)

    def hide_name(self, name: xw.main.Name) -> None:
        name.impl.xl.visible.set(False)  # of names alone xlwings has no `api` there

    def forget_sort(self, table: xw.main.Table) -> None:
        with suppress(Exception):  # the arrow only
            table.api.sort_object.sortfieldset.clear_sortfieldset()

    def is_busy(self, error: Exception) -> bool:
        return getattr(error, "errornumber", None) in {TIMED_OUT, -10000, -50}  # … or an event refused

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        return getattr(error, "errornumber", None) in {-600, -609}  # no such process, the connection is invalid
