"""A workbook that is open in a spreadsheet program, read as a closed one is: whole sheets at a time, names once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any

from crmbook.keep.loading import REFUSALS
from crmbook.live import asking, blocks
from crmbook.live.blocks import Grid
from crmbook.live.program import program_of
from crmbook.ooxml import Area, Sheet, Table
from crmbook.ooxml.beside import reaching
from crmbook.problems import stop

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.awaited import Awaited
    from crmbook.plan import FormPlan

MOST_CELLS = 50_000_000  # in one block: more fill the memory
OURS, GRADING = "crm_", "grading"
GRADES = OURS + GRADING
MOST_MARKED = 100  # the last row of a table whose notes and links are asked for before anybody waits for them
MOST_SUMMED = 5_000_000  # rows that sums for all grades pass through: about a second
MOST_AWAITED = 300  # cells of them that others wait for
TURN = 0.0005  # seconds after which one that computes lets one go on that has got its answer


class LiveBook:
    """A `binding.Book` over an open workbook. It tells what stood there when it was first asked; `reread` forgets a sheet.

    `sparing`: a formula of ours whose figure no refresh reads may answer with what it last came to.
    """

    def __init__(self, book: xw.Book, *, sparing: bool = False) -> None:
        self.book, self.program, self.sparing = book, program_of(book), sparing
        self._values: dict[str, Grid] = {}
        self._formulas: dict[str, Grid] = {}
        self._marked: dict[str, list[Area]] = {}
        self._again: set[str] = set()
        self._lock, self._ahead = RLock(), False
        self._heard, self._grades_stay = Event(), False

    @contextmanager
    def read_ahead(self, all_read: Callable[[], None]) -> Iterator[bool]:
        """Inside, the sheets of ours are read aside, where the program may be asked from two sides (else this gives False): who
        asks for one that is being read waits for it. `all_read` is called when all are."""
        if not self.program.answers_two:
            yield False
            return
        turn, aside = sys.getswitchinterval(), Thread(target=self._read_all, args=(all_read,))
        sys.setswitchinterval(TURN)
        self._ahead = True
        aside.start()
        try:
            yield True
        finally:
            self._ahead = False
            self._heard.set()
            aside.join()
            sys.setswitchinterval(turn)

    def _read_all(self, all_read: Callable[[], None]) -> None:
        """The entry forms first, the short ones before the long, as they are understood in this order."""
        from crmbook.schema import BY_ID

        with suppress(Exception):  # who asks for it again hears what is wrong
            ours = [name for name in self.places if name.startswith(OURS)]
            ours.sort(key=lambda name: (name.removeprefix(OURS) not in BY_ID, self.places[name].bottom))
            sheets = [self.live_tables[name].parent.name for name in ours]
            for sheet in (*sheets, *self.awaited.pages):
                if self._ahead:
                    self.values(sheet)
            all_read()
            for name, sheet in zip(ours, sheets, strict=True):
                if self._ahead and self.places[name].bottom <= MOST_MARKED:
                    self.marked(sheet)
            self._heard.wait()
            if self._grades_stay:
                self._calculate_grades()

    def hear(self, made: FormPlan) -> None:
        """Learns what is planned for a report: if the rows of the grades go elsewhere, all of them are calculated anew then."""
        if made.form == GRADING:
            self._grades_stay = made.source is None or [*made.source] == [*range(len(made.source))]
            self._heard.set()

    def _calculate_grades(self) -> None:
        """The grades, which are looked at first: such a program calculates only for those that ask, and has nothing else to do
        while Python computes. Those of a large book would keep it from all else for too long."""
        rows = {name: place.bottom - place.top for name, place in self.places.items()}
        if 0 < rows.get(GRADES, 0) * max(rows.values()) <= MOST_SUMMED:
            for part in blocks.slices(self.places[GRADES], MOST_AWAITED):
                with self._lock:
                    if not self._ahead:
                        return
                    self.program.exact(blocks.cells(self.live_tables[GRADES].parent, part))
                time.sleep(TURN)  # who waits for the program gets it now: a lock goes to whoever takes it first

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in the order of their tabs."""
        return [Sheet(name, name, "visible") for name in self.live]  # whether one shows is asked by nobody here

    @cached_property
    def live(self) -> dict[str, xw.Sheet]:
        """The program's own sheets by name."""
        return {sheet.name: sheet for sheet in self.book.sheets}

    @cached_property
    def live_tables(self) -> dict[str, xw.main.Table]:
        """The program's own tables by name."""
        return {table.name: table for sheet in self.live.values() for table in sheet.tables}

    @cached_property
    def places(self) -> dict[str, Area]:
        """Where these tables are, headers and totals included, by their name."""
        return {name: self.program.place(table) for name, table in self.live_tables.items()}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of all sheets by their name."""
        sheets = {sheet.name: sheet for sheet in self.sheets}
        return {name: self._table(name, table, sheets[table.parent.name]) for name, table in self.live_tables.items()}

    @cached_property
    def awaited(self) -> Awaited:
        """The cells whose values are read."""
        from crmbook.live.awaited import Awaited  # late, as all forms come with it

        return Awaited(self, {name: (t.parent.name, self.places[name]) for name, t in self.live_tables.items()})

    @cached_property
    def names(self) -> dict[str, str]:
        """The workbook's defined names → what they stand for; those of one sheet only are left out."""
        return self.program.names(self.book)

    @cached_property
    def is_1904(self) -> bool:
        """True if days are counted from 1904."""
        return self.program.is_1904(self.book)

    def values(self, sheet_name: str) -> Grid:
        """The sheet's values from A1 on, every row to one width: float, str, bool, datetime, '' for blank."""
        if sheet_name not in self._values:  # nobody waits for what is there
            with self._lock:
                if sheet_name not in self._values:
                    self._values[sheet_name] = self._valued(sheet_name)
        return self._values[sheet_name]

    def _valued(self, sheet_name: str) -> Grid:
        """The sheet's values: read now, or before anybody asked, and the figures that are waited for calculated."""
        before = self.program.read_before(self.live[sheet_name]) if self.sparing else None
        if before is not None:
            held, said = before
            self._formulas[sheet_name] = asking.without_sign(said, held)
            late = any(formula is not None for row in self._formulas[sheet_name] for formula in row)
        else:
            last = self.program.as_last_calculated(self.book) if self.sparing else None
            late = last is not None and self._has_others(sheet_name)
            with last if last is not None and late else nullcontext():
                held = self._read(sheet_name)
        if late and sheet_name not in self._again:  # what is awaited was read before the first was written
            self._calculate(sheet_name, held)
        return held

    def _calculate(self, sheet_name: str, held: Grid) -> None:
        """The figures of the sheet that are waited for, in the place of what they last came to."""
        if sheet_name not in self._formulas:
            self._formulas[sheet_name] = self._said(sheet_name, held)
        for area in self.awaited.areas(sheet_name, self._formulas[sheet_name]):
            part = asking.values(self.live[sheet_name], area, self.program)
            for row, now in zip(held[area.top - 1 :], part, strict=False):
                row[area.left - 1 : area.right] = now

    def formulas(self, sheet_name: str) -> Grid:
        """The sheet's formulas from A1 on, without the equals sign, None where a cell has none; as wide as its values."""
        values = self.values(sheet_name)
        if sheet_name not in self._formulas:
            with self._lock:
                if sheet_name not in self._formulas:
                    self._formulas[sheet_name] = self._said(sheet_name, values)
        return self._formulas[sheet_name]

    def _said(self, sheet_name: str, values: Grid) -> Grid:
        area = Area(1, 1, len(values), len(values[0]) if values else 0)
        return asking.formulas(self.live[sheet_name], area, values, self.program) if values else []

    def reread(self, sheet_name: str) -> None:
        """Forgets a sheet's cells: they were moved or written."""
        self._again.add(sheet_name)
        self._values.pop(sheet_name, None)
        self._formulas.pop(sheet_name, None)

    def release(self, sheet_name: str) -> None:
        """Nothing is let go of: what will be written is compared with what was read."""

    def marked(self, sheet_name: str) -> list[Area]:
        """The cells of a sheet that carry a comment or a link."""
        if sheet_name not in self._marked:
            with self._lock:
                self._marked[sheet_name] = self.program.marked(self.live[sheet_name])
        return self._marked[sheet_name]

    def marked_below(self, sheet_name: str, row: int) -> list[Area]:
        """Those of them that are under a row; of those in it a program that carries all along is not asked."""
        if sheet_name in self._marked or not self.program.carries_all:
            return [area for area in self.marked(sheet_name) if area.top > row]
        with self._lock:
            return self.program.marked(self.live[sheet_name], row + 1)

    def formula_cells(self, sheet_name: str) -> set[tuple[int, int]]:
        """Row and column of every cell of a sheet that holds a formula."""
        rows = enumerate(self.formulas(sheet_name), 1)
        return {(row, column) for row, held in rows for column, f in enumerate(held, 1) if f is not None}

    def hidden(self, table: Table) -> set[int]:
        """None: the program itself reckons without the rows that are hidden."""
        return set()

    def widened(self, table: Table) -> Table:
        """The table with the columns that staff began directly beside it, as far as Excel could take them in."""
        rows = self.values(table.sheet.name)
        return reaching(table, rows, lambda at: None if self._is_taken(table, at) else rows[at.top - 1][at.left - 1])

    def _is_taken(self, table: Table, place: Area) -> bool:
        """True if a table cannot reach over this place: another table, merged cells or a formula over several stand there."""
        others = (t for t in self.tables.values() if t.sheet.name == table.sheet.name and t.name != table.name)
        if any(
            t.first_col <= place.left <= t.last_col and t.header_row <= place.bottom and t.last_row >= place.top
            for t in others
        ):
            return True
        with self._lock:
            cells = self.live[table.sheet.name].range((place.top, place.left), (place.bottom, place.right))
            header = self.live[table.sheet.name].range((place.top, place.left))
            return cells.merge_cells is not False or cells.has_array is not False or str(header.formula).startswith("=")

    def _read(self, sheet_name: str) -> Grid:
        """The cells of all that the program holds for used."""
        used = self.live[sheet_name].used_range
        height, width = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
        if height * width > MOST_CELLS:
            raise stop(sheet_name, *REFUSALS["far_cell"])
        return asking.values(self.live[sheet_name], Area(1, 1, height, width), self.program) if height else []

    def _has_others(self, sheet_name: str) -> bool:
        """True if figures stand on the sheet that nobody reads; it is known of an entry form before all forms are loaded."""
        from crmbook.schema import BY_ID

        here = {name.removeprefix(OURS) for name, table in self.live_tables.items() if table.parent.name == sheet_name}
        return not (here and here <= BY_ID.keys()) and self.awaited.has_others(sheet_name)

    def _table(self, name: str, table: xw.main.Table, sheet: Sheet) -> Table:
        top, left, bottom, right = self.places[name]
        height, width = bottom - top + 1, right - left + 1
        headers, totals = int(table.show_headers), int(table.show_totals)
        columns = [""] * width
        if texts := self.program.headers(table):
            columns = texts
        elif headers and name.casefold().startswith(OURS):
            texts = self._row(sheet.name, top)[left - 1 : left - 1 + width]
            columns = [str(text) for text in texts] + columns[len(texts) :]
        elif headers:  # the rest of the user's own table is none of our business
            columns = [
                str(text)
                for text in asking.values(table.parent, Area(top, left, top, left + width - 1), self.program)[0]
            ]
        return Table(
            name, name, sheet, left, top, top + headers, top + height - 1 - totals, left + width - 1, columns, totals
        )

    def _row(self, sheet_name: str, number: int) -> list[Any]:
        rows = self.values(sheet_name)
        return rows[number - 1] if number <= len(rows) else []
