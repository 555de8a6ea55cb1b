"""Puts a plan into an open workbook: the same cells as `pour` puts into a file, in few calls, after all that could be in
the way was looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crmbook.binding import Standing, has_grown, name_of
from crmbook.live.aside import filters_aside, hiding
from crmbook.live.changes import Block, Wanted, cell_blocks, is_held, table_blocks
from crmbook.live.checks import check, check_shown
from crmbook.live.entering import enter
from crmbook.live.formulas import is_same
from crmbook.live.moving import Moving
from crmbook.live.quiet import quiet
from crmbook.live.rows import Job, job_of
from crmbook.naming import bindings, pointers
from crmbook.ooxml import parse_ref
from crmbook.ooxml.formulas import same_formula
from crmbook.plan import FormPlan, Plan
from crmbook.pour import APART, TWO
from crmbook.problems import stop
from crmbook.wording import worded

if TYPE_CHECKING:
    from crmbook.live.blocks import Grid
    from crmbook.live.reading import LiveBook

LAST = ("changes", "problems", "chain")  # the record of changes, and the reports it compares with how they stood
TITLE = "crmbook"  # of the step that users take back, where the program lets them


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done: the rows of `jobs` that have to move, the blocks of each sheet, the names. `written` are the
    sheets that will be written."""

    jobs: list[Job] = field(default_factory=list)
    grown: list[Job] = field(default_factory=list)
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    last: tuple[str, ...] = ()

    @property
    def written(self) -> list[str]:
        """The names of the sheets, those last that tell what a refresh changed and what they tell it from: should the run
        break off before, the next one can still tell it."""
        moved = [job.standing.sheet for job in (*self.jobs, *self.grown)]
        sheets = dict.fromkeys([*moved, *(sheet for sheet, found in self.blocks.items() if found)])
        return sorted(sheets, key=lambda sheet: self.last.index(sheet) if sheet in self.last else -1)


class Writing:
    """One plan on its way into one open workbook."""

    def __init__(self, book: LiveBook, plan: Plan, standings: Mapping[str, Standing]) -> None:
        self.book, self.plan, self.standings = book, plan, standings
        self.known = {name.casefold(): text for name, text in book.names.items()}
        plans = [p for p in plan.forms if p.form in standings]
        wanted = [p for p in plans if p.columns or p.source is not None or has_grown(book, standings[p.form])]
        self.jobs = {p.form: job_of(book, p, standings[p.form]) for p in wanted}
        self.maps = {job.standing.sheet: job.row_map for job in self.jobs.values()}
        if len(self.maps) < len(self.jobs):
            raise stop(next(iter(self.maps)), TWO, APART)
        self.headers = {form: self._headers(job.standing) for form, job in self.jobs.items()}
        self.columns = {form: self._columns(job) for form, job in self.jobs.items()}

    def run(self, progress: Callable[[str], None]) -> tuple[str, ...]:
        """The names of the sheets that were written; none if all stands as planned. `progress` hears each sheet's name.

        Raises CannotProceedError, before anything is touched, if something is in the way.
        """
        due = self._due()
        if not due.written and not due.names:
            return ()
        aside = hiding(self.book, due.written)
        check(self.book, due.jobs, due.written, aside)
        book = self.book.book
        with quiet(book.app), self.book.program.undoable(book, TITLE), filters_aside(self.book, aside):
            filtered = {table.parent.name for table, _ in aside}
            check_shown(self.book, [job for job in due.jobs if job.standing.sheet in filtered])
            for sheet in due.written:
                progress(sheet)
                self._sheet(sheet, due)
            self._names(due)
        return tuple(due.written)

    def _sheet(self, sheet: str, due: Due) -> None:
        """One sheet as a whole: the table's rows to their places, then every cell that differs."""
        found = list(due.blocks.get(sheet, ()))
        for job in (j for j in due.grown if j.standing.sheet == sheet):
            self._take_in(job)
        for job in (j for j in due.jobs if j.standing.sheet == sheet):
            moving = Moving(self.book, job)
            moving.run()
            found += self._rows(job, moving.held())
        enter(self.book, sheet, found)

    def _headers(self, standing: Standing) -> list[str | None]:
        table = standing.table
        if table.header_row == table.first_row:
            return [None] * len(table.columns)
        held = self.book.values(standing.sheet)[table.header_row - 1][table.first_col - 1 : table.last_col]
        return [text if isinstance(text, str) and text else None for text in held]

    def _columns(self, job: Job) -> dict[int, Wanted]:
        """By sheet column, what the plan wants in it."""
        plan, at = job.plan, job.standing.columns
        found = {}
        for id, written in plan.columns.items():
            if id in at:
                values = written.values.tolist() if hasattr(written.values, "tolist") else list(written.values)
                formula = self._worded(plan.form, written.formula)
                found[at[id]] = Wanted(values or [None], formula, len(values or [None]) - len(plan.gone))
        return found

    def _worded(self, form: str, formula: str | None) -> str | None:
        return worded(form, formula, self.standings, self.headers, self.known)

    def _due(self) -> Due:
        """Everything that is to be done, found without a call that changes anything."""
        due = Due(
            [job for job in self.jobs.values() if not job.is_still],
            [job for form, job in self.jobs.items() if has_grown(self.book, self.standings[form])],
            last=tuple(self.standings[form].sheet for form in LAST if form in self.standings),
        )
        for job in self.jobs.values():
            if job.is_still and (found := self._rows(job)):
                due.blocks[job.standing.sheet] = found
        cells: dict[str, dict[tuple[int, int], tuple[Any, str | None]]] = {}
        for form in self.plan.forms:
            self._cells(form, cells)
        for sheet, differing in cells.items():
            due.blocks.setdefault(sheet, []).extend(cell_blocks(differing))
        moved = {job.standing.sheet for job in due.jobs}
        for name, wanted in pointers(self.plan.names, self.book.names, self.standings, self.maps).items():
            held = self.known.get(name.casefold())
            target = parse_ref(wanted)
            if held is None or not same_formula(held, wanted) or (target is not None and target[0] in moved):
                due.names[name] = wanted
        if due.written:
            due.names.update(
                {n: ref for n, ref in bindings(self.standings, {}).items() if n.casefold() not in self.known}
            )
        return due

    def _rows(self, job: Job, held: tuple[Grid, Grid] | None = None) -> list[Block]:
        """The blocks in which the table's rows differ from the plan, as they stand now; `held`: what stands in all columns of
        the table, where that is known."""
        columns, table, sheet = self.columns[job.plan.form], job.standing.table, job.standing.sheet
        if not columns:
            return []
        left, right = min(columns), max(columns)
        last = table.first_row + len(job.sources) - 1
        if held is not None:
            values, formulas = ([row[left - table.first_col :] for row in rows] for rows in held)
        else:
            values = _part(self.book.values(sheet), table.first_row, last, left, right, "")
            formulas = _part(self.book.formulas(sheet), table.first_row, last, left, right, None)
        return table_blocks(columns, table.first_row, values, formulas, left, table.name, is_1904=self.book.is_1904)

    def _cells(self, plan: FormPlan, found: dict[str, dict[tuple[int, int], tuple[Any, str | None]]]) -> None:
        """The cells outside the table that differ, by sheet; one whose name is gone was taken away by the user."""
        for id, cell in plan.cells.items():
            target = parse_ref(self.known.get(name_of(plan.form, id).casefold(), ""))
            if target is None or target[0] not in self.book.live:
                continue
            sheet, area = target
            (value,), (formula,) = (
                _part(grid(sheet), area.top, area.top, area.left, area.left, blank)[0]
                for grid, blank in ((self.book.values, ""), (self.book.formulas, None))
            )
            wanted = self._worded(plan.form, cell.formula)
            is_said = formula is None and is_held(value, cell.value, is_1904=self.book.is_1904)
            if not (is_said if wanted is None else is_same(formula, wanted, f"crm_{plan.form}")):
                row = self.maps[sheet].row(area.top) if sheet in self.maps else area.top
                found.setdefault(sheet, {})[row, area.left] = (cell.value, wanted)

    def _take_in(self, job: Job) -> None:
        """The table takes in the rows and columns that staff typed at its edges."""
        table = job.standing.table
        cells = self.book.live[job.standing.sheet].range(
            (table.header_row, table.first_col), (job.standing.last_row + table.totals_rows, table.last_col)
        )
        self.book.live_tables[table.name].resize(cells)

    def _names(self, due: Due) -> None:
        """Defined names of ours that do not point where they should."""
        names = self.book.book.names
        for name, wanted in due.names.items():
            if name.casefold() not in self.known:
                self.book.program.hide_name(names.add(name, f"={wanted}"))
                continue
            held = names[name]
            if not same_formula((held.refers_to or "").removeprefix("="), wanted):
                held.refers_to = f"={wanted}"


def _part(rows: list[list[Any]], top: int, bottom: int, left: int, right: int, blank: Any) -> list[list[Any]]:
    """A part of a sheet's cells; what lies beyond all that is used is blank."""
    width = right - left + 1
    held = [row[left - 1 : right] for row in rows[top - 1 : bottom]]
    held += [[] for _ in range(bottom - top + 1 - len(held))]
    return [row + [blank] * (width - len(row)) for row in held]
