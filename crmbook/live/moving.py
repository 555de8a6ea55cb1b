"""A table's rows brought to where they belong: the program itself sorts, puts in and takes out, so that all that stands on
a row goes with it and all that speaks of the rows follows."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crmbook import forms as shelf
from crmbook.live import asking, blocks
from crmbook.live.changes import is_held
from crmbook.live.entering import TEXT
from crmbook.live.formulas import is_same
from crmbook.live.program import UnsortedError
from crmbook.ooxml import Area
from crmbook.ooxml.filling import runs_of
from crmbook.ooxml.formulas import MAY_REFER, Follower
from crmbook.pour import PLAIN, SHARED
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.blocks import Grid
    from crmbook.live.program import Link
    from crmbook.live.reading import LiveBook
    from crmbook.live.rows import Job

NOT_SORTED = Text(
    "行没有排到应在的位置，这里没有写入数据", "the rows did not go where they belong, and nothing was written here"
)
SHOW_ROWS = Text(
    "请取消隐藏的行和合并的单元格，再刷新一次", "show hidden rows, take merged cells apart, then refresh again"
)
NO_COLUMN = Text("缺少“序号”等由程序填写的列，行无法排序", "the columns that crmbook fills are gone, so the rows cannot be sorted")  # fmt: skip
BRING_BACK = Text("请插入一列并以“{column}”为列名", "insert a column with the header “{column}”")


class Moving:
    """The rows of one table on their way. `physical` tells for each row that stands there now the place it is to have."""

    def __init__(self, book: LiveBook, job: Job) -> None:
        self.book, self.job, self.table = book, job, job.standing.table
        self.sheet: xw.Sheet = book.live[job.standing.sheet]
        self.live = book.live_tables[self.table.name]
        first, left, right = self.table.first_row, self.table.first_col, self.table.last_col
        rows = range(first - 1, first - 1 + job.present)
        self.values = [_row(book.values(job.standing.sheet), n, left, right, "") for n in rows]
        self.formulas = [_row(book.formulas(job.standing.sheet), n, left, right, None) for n in rows]
        if any(formula and "!" in formula for row in self.formulas for formula in row):  # it followed what moved there
            book.reread(job.standing.sheet)
            self.formulas = [_row(book.formulas(job.standing.sheet), n, left, right, None) for n in rows]
        places = {source: place for place, source in enumerate(job.sources) if source >= 0}
        self.physical: list[int | None] = [places.get(row) for row in range(job.present)]
        carries_all = book.program.carries_all
        self.links = {} if carries_all or not book.marked(job.standing.sheet) else self._links()  # it takes its time
        self.keyed: dict[int, dict[int | None, Any]] = {}  # what was put into a column for the sort: place → its key
        self.moved = False
        self.lent: int | None = None  # the column that holds places where its own figures belong

    def run(self) -> None:
        """Room below, rows out, rows in, order; then the formulas of the user's that a sort does not carry well."""
        try:
            self._run()
        except Exception:
            if self.lent is not None:
                with suppress(Exception):  # better blank until the next refresh than false
                    top, last = self.table.first_row, self.table.first_row + len(self.physical) - 1
                    self.sheet.range((top, self.lent), (last, self.lent)).clear_contents()
            raise

    def _run(self) -> None:
        try:
            if self.job.push:
                at = self.job.standing.last_row + self.table.totals_rows + self.job.used + 1
                self.sheet.range(f"{at}:{at + self.job.push - 1}").insert(shift="down")
            self._take_out()
            self._put_in()
        except Exception as error:
            if self._is_told(error):
                raise
            raise stop(self.job.standing.sheet, SHARED, PLAIN) from error
        if self.physical != [*range(len(self.physical))]:
            self._sort()
        self.book.reread(self.job.standing.sheet)
        self._verify()
        if self.moved:
            self._mend()
        if not self.book.program.carries_all:
            self._mend_links()

    def _take_out(self) -> None:
        """The rows without a place go last, and out. A table has no less than one row, and grows better from two: where too
        few stay, as many are emptied instead."""
        leaving = self.physical.count(None)
        if not leaving:
            return
        stay = len(self.physical) - leaving
        if None in self.physical[:stay]:
            self._sort()
            self.book.reread(self.job.standing.sheet)
            self._verify()  # else others would be taken out
        keep = max(stay, min(len(self.job.sources), 2))
        keep = min(keep, len(self.physical))
        if keep > stay:
            self._empty(stay, keep - 1)
            free = (place for place, source in enumerate(self.job.sources) if source < 0)
            self.physical[stay:keep] = [next(free) for _ in range(stay, keep)]
        if len(self.physical) > keep:
            fewer = len(self.physical) - keep
            self._area(keep, keep + fewer - 1).delete(shift="up")
            self.physical = self.physical[:keep]
            if self.job.below:
                self._level(fewer, keep)

    def _put_in(self) -> None:
        """New rows before the last one: whatever speaks of all rows then speaks of these too, and they look like their
        neighbour. Where there is but one row, the program puts a second one under it first."""
        taken = {*self.physical}
        places = [place for place in range(len(self.job.sources)) if place not in taken]
        if places and len(self.physical) == 1:
            self.book.program.second_row(self.live)
            self.physical.append(places.pop())
        if places:
            at = len(self.physical) - 1
            self._area(at, at + len(places) - 1).insert(shift="down", copy_origin="format_from_left_or_above")
            self.physical[-1:] = [*places, self.physical[-1]]
            if self.job.below:
                self._level(-len(places), len(self.physical))

    def _level(self, fewer: int, rows: int) -> None:
        """What stands below keeps its place: blank cells under the table, which has so many rows now, make up for those
        that went or came."""
        end = rows + self.table.totals_rows
        if fewer > 0:
            self._area(end, end + fewer - 1).insert(shift="down")
        elif fewer < 0:
            self._area(end, end - fewer - 1).delete(shift="up")

    def _sort(self) -> None:
        """The program sorts the rows by a column of ours, which says for each where it goes."""
        id, column = self._key_column()
        at = column - self.table.first_col
        top = self.table.first_row
        keys = [key for (key,) in self.job.keys(self.physical, id)]
        self.keyed[column] = dict(zip(self.physical, keys, strict=True))
        self.lent = None if id == "no" else column  # row numbers stand there for good
        try:
            place = Area(top, column, top + len(keys) - 1, column)
            self.book.program.sort(self.live, place, at + 1, keys)
        except UnsortedError as error:
            said = error.__cause__
            if isinstance(said, Exception) and self._is_told(said):
                raise said from None
            raise stop(self.job.standing.sheet, NOT_SORTED, SHOW_ROWS) from said
        self.physical.sort(key=lambda place: len(self.job.sources) if place is None else place)
        self.moved = True

    def _is_told(self, error: Exception) -> bool:
        """True if an error has its own words: those it was raised with, or that the program is busy or gone."""
        program = self.book.program
        return isinstance(error, CannotProceedError) or program.is_busy(error) or program.is_gone(self.book.book, error)

    def _key_column(self) -> tuple[str, int]:
        """A column of ours whose values are computed anew: the row numbers, else any other but the key; one that makes texts
        of numbers sorts them as such, and comes last."""
        form = next(f for f in shelf.ALL if f.id == self.job.plan.form)
        columns = self.job.standing.columns
        ranked = sorted(self.job.plan.columns.items(), key=lambda c: (c[0] != "no", c[1].formula is not None))
        found = [(id, columns[id]) for id, _ in ranked if id in columns and id not in form.key]
        if not found:
            label = next(c.column.label for c in form.columns if c.column.id not in form.key)
            raise stop(self.job.standing.sheet, NO_COLUMN, BRING_BACK.fill(column=label))
        first, last = self.table.first_row, self.table.first_row + len(self.physical) - 1
        if not self.book.program.parses:
            return found[0]
        formats = (self.sheet.range((first, at), (last, at)).number_format for _, at in found)
        return next((one for one, said in zip(found, formats, strict=False) if said != TEXT), found[0])

    def _verify(self) -> None:
        """Raises CannotProceedError if a row does not stand where it should: nothing may be written beside the wrong one."""
        form = next(f for f in shelf.ALL if f.id == self.job.plan.form)
        keys = [
            self.job.standing.columns[id] - self.table.first_col for id in form.key if id in self.job.standing.columns
        ]
        for at in keys:
            for place, now in zip(self.physical, self._column(at), strict=True):
                source = -1 if place is None else self.job.sources[place]
                if source >= 0 and not is_held(now, self.values[source][at], is_1904=self.book.is_1904):
                    raise stop(self.job.standing.sheet, NOT_SORTED, SHOW_ROWS)

    def _column(self, at: int) -> list[Any]:
        """What stands in a column of the table now; where all of the sheet has to be read again, that is done at once."""
        first, column = self.table.first_row, self.table.first_col + at
        last = first + len(self.physical) - 1
        if not self.book.program.carries_all:
            held = self.book.values(self.job.standing.sheet)
            return [_row(held, number - 1, column, column, "")[0] for number in range(first, last + 1)]
        return [value for (value,) in asking.values(self.sheet, Area(first, column, last, column), self.book.program)]

    def held(self) -> tuple[Grid, Grid] | None:
        """The values and formulas of the table's rows, where they are known: no row is new, and all went as they were."""
        if not self.book.program.carries_all or -1 in self.job.sources:
            return None
        values = [[*self.values[source]] for source in self.job.sources]
        formulas = [[*self.formulas[source]] for source in self.job.sources]
        for column, keys in self.keyed.items():
            at = column - self.table.first_col
            for place, (value_row, formula_row) in enumerate(zip(values, formulas, strict=True)):
                value_row[at], formula_row[at] = keys[place], None
        return values, formulas

    def _mend(self) -> None:
        """Formulas of the user's that refer to cells by address say after the sort what they say after a refresh of the
        file: those to their own row went along, others keep pointing where they did."""
        sheet, left = self.job.standing.sheet, self.table.first_col
        follower = Follower(sheet, {sheet: self.job.row_map})
        ours = {self.job.standing.columns[id] for id in self.job.plan.columns if id in self.job.standing.columns}
        for column in range(left, self.table.last_col + 1):
            held = [row[column - left] for row in self.formulas]
            if column in ours or not any(f and MAY_REFER.search(f) for f in held):
                continue
            formulas = self.book.formulas(sheet)
            wanted: dict[int, str] = {}
            for place, source in enumerate(self.job.sources):
                formula = held[source] if source >= 0 else None
                if formula is not None:
                    number = self.table.first_row + place
                    said = follower.follow(formula, (self.table.first_row + source, number))
                    if not is_same(formulas[number - 1][column - 1], said, self.table.name):
                        wanted[number] = said
            if wanted:
                with self.book.program.unfilled(self.book.book):
                    self._rewrite(column, wanted, formulas)

    def _links(self) -> dict[tuple[int, int], Link]:
        """The links in the table, by row and column of the sheet."""
        table, found = self.table, self.book.program.links(self.sheet)
        rows = range(table.first_row, table.first_row + max(len(self.job.sources), self.job.present))
        return {at: link for at, link in found.items() if at[0] in rows and table.first_col <= at[1] <= table.last_col}

    def _mend_links(self) -> None:
        """Links stand on the rows on which they stood, whether or not the program's sort took them along."""
        first, columns = self.table.first_row, range(self.table.first_col, self.table.last_col + 1)
        wanted = {
            (first + place, column): self.links[first + source, column]
            for place, source in enumerate(self.job.sources)
            for column in columns
            if (first + source, column) in self.links
        }
        now = self._links() if self.links else {}
        for at in sorted(wanted.keys() | now.keys()):
            if now.get(at) != wanted.get(at):
                self.book.program.set_link(self.sheet.range(at), wanted.get(at))

    def _rewrite(self, column: int, wanted: dict[int, str], formulas: Grid) -> None:
        """Blocks over the formulas of a column that say something wrong; those between them are entered again, values never."""
        held = {number: row[column - 1] for number, row in enumerate(formulas, 1) if row[column - 1] is not None}
        for run in runs_of(held.keys() | wanted.keys()):
            wrong = [number for number in run if number in wanted]
            if wrong:
                top, bottom = wrong[0], wrong[-1]
                rows = [f"={wanted.get(number, held.get(number))}" for number in range(top, bottom + 1)]
                blocks.say_again(self.sheet, top, column, rows)
        self.book.reread(self.job.standing.sheet)

    def _area(self, first: int, last: int) -> xw.Range:
        """The table's rows by position, in the table's columns only."""
        top = self.table.first_row
        return self.sheet.range((top + first, self.table.first_col), (top + last, self.table.last_col))

    def _empty(self, first: int, last: int) -> None:
        """Contents, notes and comments away, but for the columns that hold a formula in every row; formats stay."""
        left, right, top = self.table.first_col, self.table.last_col, self.table.first_row
        filled = {left + at for at, held in enumerate(zip(*self.formulas, strict=True)) if all(held)}
        for run in runs_of(set(range(left, right + 1)) - filled):
            self.sheet.range((top + first, run.start), (top + last, run.stop - 1)).clear_contents()
        self.book.program.clear_notes(self._area(first, last))


def _row(rows: list[list[Any]], index: int, left: int, right: int, blank: Any) -> list[Any]:
    """One row's cells in the table's columns; what lies beyond all that is used is blank."""
    held = rows[index][left - 1 : right] if index < len(rows) else []
    return held + [blank] * (right - left + 1 - len(held))
