"""Excel for macOS, where xlwings' objects do not say what is asked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crmbook.live.excel import ERRORS, TIMED_OUT, Excel, Link, passing_over
from crmbook.live.guard import entered
from crmbook.ooxml.refs import parse_area

if TYPE_CHECKING:
    import xlwings as xw


class MacOS(Excel):
    """Excel for macOS, through Apple events. xlwings 0.37.8 cannot read a block with its errors there, so that is done here."""

    most = 250_000  # an answer of some 32 MB is refused, and a text of twenty letters takes 48 bytes of it

    def is_1904(self, book: xw.Book) -> bool:
        return bool(book.api.date_1904.get())

    def is_read_only(self, book: xw.Book) -> bool:
        return bool(book.api.read_only.get())

    def _is_protected(self, sheet: xw.Sheet) -> bool:
        return bool(sheet.api.protect_contents.get()) and not bool(sheet.api.protection_mode.get())

    def _is_filtered(self, sheet: xw.Sheet) -> bool:
        if not sheet.api.filter_mode.get():
            return False
        return bool(sheet.api.autofilter_mode.get()) or all(self._filters_of(table) is None for table in sheet.tables)

    def _hides(self, rows: xw.Range) -> bool:
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

    def _forget_sort(self, table: xw.main.Table) -> None:
        with suppress(Exception):  # the arrow only
            table.api.sort_object.sortfieldset.clear_sortfieldset()

    def is_busy(self, error: Exception) -> bool:
        return getattr(error, "errornumber", None) in {TIMED_OUT, -10000, -50}  # … or an event refused

    def is_gone(self, book: xw.Book, error: Exception) -> bool:
        return getattr(error, "errornumber", None) in {-600, -609}  # no such process, the connection is invalid
