"""Which formulas a refresh waits for, where a program calculates a cell only when it is read: Python knows the figures of
most of ours already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmbook import forms as shelf
from crmbook.binding import name_of, sheets
from crmbook.ooxml import Area, parse_ref
from crmbook.ooxml.filling import runs_of
from crmbook.stood import columns_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crmbook.binding import Book
    from crmbook.form import Form
    from crmbook.live.blocks import Grid


class Awaited:
    """The cells of one workbook of which a refresh reads the values, and not only what is said there. `places`: by the
    names of its tables, on which sheet and where they are."""

    def __init__(self, book: Book, places: Mapping[str, tuple[str, Area]]) -> None:
        self.names = {name.casefold(): text for name, text in book.names.items()}
        ids = {f"crm_{form.id}": form for form in shelf.ALL}
        self.tables: dict[str, list[tuple[Form, Area]]] = {}
        for name, (sheet, place) in places.items():
            if form := ids.get(name.casefold()):
                self.tables.setdefault(sheet, []).append((form, place))
        stand = sheets(book)
        self.pages = {stand[form.id]: form for form in shelf.ALL if form.page and form.id in stand}

    def has_others(self, sheet: str) -> bool:
        """True if formulas stand on the sheet whose values nobody reads: those of a report or a page."""
        return sheet in self.pages or any(not form.is_entry for form, _ in self.tables.get(sheet, ()))

    def areas(self, sheet: str, formulas: Grid) -> Iterator[Area]:
        """The formulas of the sheet whose values are read, in few areas."""
        for form, table in self.tables.get(sheet, ()):
            others = (
                {c.column.id for c in form.shows}.difference(columns_read(form, shelf.ALL))
                if form.rows is not None
                else ()
            )
            ours = {area.left for area in self._named(sheet, form, others)}
            below = formulas[table.top :]
            across = range(table.left, len(formulas[0]) + 1) if below else ()  # columns may have been begun beside it
            held = {at for at in across if any(row[at - 1] is not None for row in below)}
            for run in runs_of(held - ours):
                yield Area(table.top + 1, run.start, len(formulas), run.stop - 1)
        if page := self.pages.get(sheet):
            for area in self._named(sheet, page, [id for part in page.parts for id in part.asks]):
                if area.bottom <= len(formulas) and formulas[area.top - 1][area.left - 1] is not None:
                    yield area

    def _named(self, sheet: str, form: Form, ids: Iterable[str]) -> Iterator[Area]:
        """The cells on the sheet that bear these names of a form's."""
        for id in ids:
            target = parse_ref(self.names.get(name_of(form.id, id).casefold(), ""))
            if target is not None and target[0] == sheet:
                yield target[1]
