"""What xlwings' objects do not say of a document open in LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from crmbook.live.guard import entered
from crmbook.live.libreoffice_cells import Range
from crmbook.live.libreoffice_document import MOST, Fault, places, said
from crmbook.live.libreoffice_entering import put
from crmbook.live.libreoffice_grammar import Known
from crmbook.live.libreoffice_tables import area_of
from crmbook.live.libreoffice_uno import ANNOTATION, DATETIME, FORMULA, STRING, VALUE, uno
from crmbook.live.program import Link, UnsortedError
from crmbook.ooxml import Area
from crmbook.ooxml.refs import MOST_ROWS

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.changes import Grid
    from crmbook.live.libreoffice_basic import Basic
    from crmbook.live.libreoffice_document import Part

FIELDS = "[]com.sun.star.sheet.TableFilterField3"
NUMBER, TEXT = 0, 1  # com.sun.star.sheet.FilterFieldType
URL_FIELD = "com.sun.star.text.TextField.URL"


class LibreOffice:
    """The answers that `live.program.Program` asks for."""

    answers_two, carries_all, parses = True, True, False
    most = MOST

    def is_1904(self, book: xw.Book) -> bool:
        """True if the workbook counts its days from 1904."""
        return bool(book.impl.document.first_day.year == 1904)

    def is_read_only(self, book: xw.Book) -> bool:
        """True if the workbook cannot be saved in its place."""
        return bool(book.api.isReadonly())

    def names(self, book: xw.Book) -> dict[str, str]:
        """The workbook's defined names → what they stand for, without the equals sign; none that is of one sheet only."""
        return {name: impl.refers_to.removeprefix("=") for name, impl in book.names.impl.snapshot()}

    def place(self, table: xw.main.Table) -> Area:
        """Where the table was when the tables were told."""
        told: Area = table.impl.told
        return told

    def headers(self, table: xw.main.Table) -> list[str]:
        """The texts of the table's header."""
        return [str(text) for text in table.impl.headers]

    @contextmanager
    def as_last_calculated(self, book: xw.Book) -> Iterator[None]:
        """Inside, formulas answer with what they last came to, and none is calculated for being read."""
        basic, document = book.app.impl.connection.basic, book.api
        automatic = basic.calculating(document, on=False)
        try:
            yield
        finally:
            basic.calculating(document, on=automatic)

    @contextmanager
    def undoable(self, book: xw.Book, title: str) -> Iterator[None]:
        """What is done inside is one step for the user to take back. Rows keep their heights, as in Excel: to look for each
        row's best after every block takes longer than all the rest."""
        document, manager = book.api, book.api.UndoManager
        adjusts = document.IsAdjustHeightEnabled
        manager.enterUndoContext(title)
        try:
            document.IsAdjustHeightEnabled = False
            yield
        finally:
            try:
                document.IsAdjustHeightEnabled = adjusts
            finally:
                manager.leaveUndoContext()

    def guards(self, sheets: Sequence[xw.Sheet]) -> list[tuple[bool, bool]]:
        """For each sheet: whether its cells may not be written, and whether a filter that is no table's hides rows of it."""
        return _basic(sheets[0]).guards(sheets[0].book.api, [sheet.name for sheet in sheets]) if sheets else []

    def hide_rows(self, several: Sequence[xw.Range]) -> list[bool]:
        """For each of these: whether any of its rows is hidden."""
        if not several:
            return []
        sheet = several[0].sheet
        return _basic(sheet).hide_rows(sheet.book.api, [(rows.sheet.name, rows.impl.area) for rows in several])

    def places(self, tables: Sequence[xw.main.Table]) -> list[Area]:
        """Where the tables are now, headers and totals included."""
        if not tables:
            return []
        sheet = tables[0].parent
        return [area_of(at) for at, _ in _basic(sheet).standing(sheet.book.api, [table.name for table in tables])]

    def marked(self, sheet: xw.Sheet, top: int = 1) -> list[Area]:
        """The cells of a sheet, from row `top` on, that carry a note or a link."""
        notes, links = _basic(sheet).marked(sheet.api, top)
        cells = [*places(notes, 0, 0, MOST_ROWS, sheet.impl.width), *((row, column) for row, column, _ in links)]
        return [Area(row + 1, column + 1, row + 1, column + 1) for row, column in cells]

    def links(self, sheet: xw.Sheet) -> dict[tuple[int, int], Link]:
        """The links on the sheet's cells, by row and column."""
        _, found = _basic(sheet).marked(sheet.api, 1)
        return {(row + 1, column + 1): Link(*url.split("#", 1)) for row, column, url in found}

    def set_link(self, cell: xw.Range, link: Link | None) -> None:
        """Puts a link on a cell, or takes its link away; what the cell says stays."""
        one, url = (
            cell.api.getCellByPosition(0, 0),
            "" if link is None else f"{link.address}#{link.place}" if link.place else link.address,
        )
        said = one.String
        if one.Type.value != "TEXT":
            one.Hyperlink = url
        elif not url:
            one.String = said
        else:
            field = cell.sheet.book.api.createInstance(URL_FIELD)
            field.URL, field.Representation = url, said
            one.String = ""
            one.insertTextContent(one.createTextCursor(), field, False)

    def filters(self, tables: Sequence[xw.main.Table]) -> list[Any | None]:
        """For each table the filters that hide rows of it, for `filter_again`."""
        if not tables:
            return []
        sheet = tables[0].parent
        told = _basic(sheet).standing(sheet.book.api, [table.name for table in tables])
        return [self._filters_of(table) if has else None for table, (_, has) in zip(tables, told, strict=True)]

    def _filters_of(self, table: xw.main.Table) -> Any | None:
        fields = table.api.getFilterDescriptor().getFilterFields3()
        for field in fields:
            values = field.Values  # copies, as all that UNO hands out by value
            for value in values:
                if not value.IsNumeric and value.FilterType == NUMBER:  # LibreOffice 7.4 does not tell a text's type
                    value.FilterType = TEXT
            field.Values = values
        return fields or None

    def show_all(self, table: xw.main.Table) -> None:
        """All rows of the table are shown."""
        self.filter_again(table, ())

    def filter_again(self, table: xw.main.Table, held: Any) -> None:
        """The filters choose again, among the rows as they now are."""
        cells = table.range.api
        descriptor = cells.createFilterDescriptor(True)
        descriptor.ContainsHeader = True
        uno().invoke(descriptor, "setFilterFields3", (uno().Any(FIELDS, tuple(held)),))
        cells.filter(descriptor)

    def second_row(self, table: xw.main.Table) -> None:
        """One blank row under a table's only one, in its formats, rules and formulas."""
        whole, totals = table.range.impl.area, int(table.show_totals)
        only = whole._replace(top=whole.bottom - totals, bottom=whole.bottom - totals)
        new = only._replace(top=only.top + 1, bottom=only.bottom + 1)
        sheet = table.parent.impl
        Range(sheet, new).insert("down")
        table.impl.resize_to(whole._replace(bottom=whole.bottom + 1))
        Range(sheet, only).copy_to(Range(sheet, new))
        Range(sheet, new).api.clearContents(VALUE | DATETIME | STRING | ANNOTATION)

    def values(self, cells: xw.Range) -> list[list[Any]]:
        """What stands in these cells, row by row."""
        rows: list[list[Any]] = cells.options(ndim=2, empty="", err_to_str=True, chunksize=None).value
        return rows

    def formulas(self, cells: xw.Range) -> list[list[str]]:
        """What is said in these cells, each formula with its equals sign; the others are left blank."""
        area, held = cells.impl.area, cells.api
        formulas = held.queryContentCells(FORMULA).getRangeAddresses()
        return _placed(said(held, len(cells), formulas, area.top - 1, area.left - 1), *cells.shape)

    def read_before(self, sheet: xw.Sheet) -> tuple[list[list[Any]], list[list[str]]] | None:
        """The sheet's values and formulas from A1 on, if they were looked at before anybody asked."""
        seen = sheet.book.impl.document.seen(sheet.name)
        if seen is None:
            return None
        rows, parts = seen
        values = [[str(value) if type(value) is Fault else value for value in row] for row in rows]
        return values, _placed(parts, len(rows), len(rows[0]))

    def exact(self, cells: xw.Range) -> Any:
        """The numbers of these cells with all their digits, and days as numbers."""
        return cells.api.getDataArray()

    def put(self, sheet: xw.Sheet, found: Sequence[tuple[int, int, Grid]]) -> None:
        """Enters rows where their first row and column say: a text is text, whatever it looks like, and only a `Formula` is one."""
        put(sheet.impl, found)

    def clear_notes(self, cells: xw.Range) -> None:
        """Takes notes off these cells."""
        cells.api.clearContents(ANNOTATION)

    def unfilled(self, book: xw.Book) -> AbstractContextManager[None]:
        """A formula fills no other cell in LibreOffice."""
        return nullcontext()

    def hide_name(self, name: xw.main.Name) -> None:
        """A name that begins as ours do was made hidden."""

    def sort(self, table: xw.main.Table, place: Area, by: int, keys: Sequence[Any]) -> None:
        """Enters keys into these cells of the table's column `by`, counted from 1, a row each, and sorts its rows by them.

        Raises UnsortedError if only the sort failed."""
        sheet, rows = table.parent, [[entered(key, as_text=True)] for key in keys]
        if not _basic(sheet).sort(sheet.book.api, table.name, place, rows):
            cells = Range(sheet.impl, place)
            cells.put(rows, [[False]] * len(rows), _basic(sheet).noted(sheet.api, place))
            try:
                table.impl.sort([by], [True])
            except Exception as error:
                raise UnsortedError from error

    def is_busy(self, error: Exception) -> bool:
        """LibreOffice answers while a cell is being edited."""
        return False

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        """True if the document was closed meanwhile, or LibreOffice ended: what is asked then fails in many ways."""
        try:
            return book.api.Sheets is None
        except Exception:  # noqa: BLE001  (nobody is there to answer)
            return True


def _basic(sheet: xw.Sheet) -> Basic:
    basic: Basic = sheet.book.app.impl.connection.basic
    return basic


def _placed(parts: Iterable[Part], height: int, width: int) -> list[list[str]]:
    """The formulas of a block of cells as Excel has them, and nothing in the other cells."""
    found, known = [[""] * width for _ in range(height)], Known()
    for top, left, rows in parts:
        for row, texts in zip(found[top:], rows, strict=False):
            row[left : left + len(texts)] = [text if text[:1] == "=" else "" for text in map(known.__getitem__, texts)]
    return found
