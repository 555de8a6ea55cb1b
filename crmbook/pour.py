"""Puts a plan into a closed workbook: the cells of ours become what the plan says, and nothing else moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmbook.binding import LISTS, Standing, name_of
from crmbook.ooxml import CannotMoveError, Workbook, parse_ref
from crmbook.ooxml.cells import ending, stored
from crmbook.ooxml.filling import Fill, says
from crmbook.ooxml.follow import Following
from crmbook.ooxml.formulas import stored as stored_formula
from crmbook.ooxml.heights import heighten
from crmbook.ooxml.refill import formula_cells as formulas_of
from crmbook.ooxml.refill import map_rows, sources_of
from crmbook.ooxml.refs import MOST_ROWS, Area, RowMap, absolute, column_of, parse_area
from crmbook.ooxml.rows import Placing
from crmbook.ooxml.sheet import SheetPart
from crmbook.ooxml.tables import column_formulas, update_table
from crmbook.plan import Cell, FormPlan, Plan
from crmbook.problems import stop
from crmbook.text import Text
from crmbook.wording import worded

PREFIX, MARK = "_crm.", "_crmbook"
TOO_MANY = Text("共 {count} 行，超出了 Excel 一张表的行数", "{count} rows are more than an Excel sheet can hold")
LESS = Text("请减少数据，或分成几个工作簿", "use less data, or several workbooks")
SHARED = Text("表格变长，要在这里插入空行，而这里的数组公式、数据透视表或工作表最末的内容不能拆开", "the form grows and rows have to be put in here, but the array formula, pivot table or end of the sheet that stands here cannot be taken apart")  # fmt: skip
PLAIN = Text("请把它移到另一张工作表，或移到表单上方；数组公式也可改为普通公式", "move it to another sheet or above the form; an array formula may also be made a plain one")  # fmt: skip
TWO = Text("两张表单在同一张工作表上", "two forms stand on one sheet")
APART = Text("请把其中一张表单移到单独的工作表", "move one of them to a sheet of its own")


def pour(workbook: Workbook, plan: Plan, standings: Mapping[str, Standing]) -> bool:
    """Edit the workbook's package so that the plan stands in it; True if anything changed.

    Tables without a standing are left out, and cells without their name. Raises CannotProceedError if something of the user's would have to be broken.
    """
    return _Pouring(workbook, plan, standings).run()


@dataclass(frozen=True, slots=True)
class _Job:
    """One form's table: its rows as they are to stand, by old sheet row, and where the old ones go."""

    plan: FormPlan
    standing: Standing
    sources: list[int]
    row_map: RowMap


class _Pouring:
    """One plan on its way into one workbook. `parts` are the sheets taken apart so far, by name."""

    def __init__(self, workbook: Workbook, plan: Plan, standings: Mapping[str, Standing]) -> None:
        self.workbook, self.package, self.plan, self.standings = workbook, workbook.package, plan, standings
        self.parts: dict[str, SheetPart] = {}
        self.changed: set[str] = set()
        self.names = {name.casefold(): text for name, text in workbook.names.items()}
        self.headers: dict[str, list[str | None]] = {}

    def run(self) -> bool:
        """Table rows, then single cells, then all that follows from them."""
        plans = [p for p in self.plan.forms if p.form in self.standings]
        jobs = [
            self._job(p, self.standings[p.form])
            for p in plans
            if p.columns or p.source is not None or self._grew(p.form)
        ]
        maps = {job.standing.sheet: job.row_map for job in jobs}
        if len(maps) < len(jobs):
            raise stop(jobs[0].standing.sheet, TWO, APART)
        following = Following(self.workbook, maps, self.parts)
        try:
            for job in jobs:
                self._rows(job, following)
            for form in self.plan.forms:  # a page has no table to stand in, and is there if its names are
                for name, cell in form.cells.items():
                    self._cell(form.form, name, cell, maps)
            self._follow(following, {job.standing.sheet: job.standing.table.name for job in jobs}, maps)
        except CannotMoveError as error:
            raise stop(error, SHARED, PLAIN) from error
        return bool(self.package.changed)

    def _part(self, sheet: str) -> SheetPart:
        if sheet not in self.parts:
            self.parts[sheet] = self.workbook.sheet_part(self.workbook.sheet(sheet))
        return self.parts[sheet]

    def _grew(self, form: str) -> bool:
        """True if staff typed rows under the table or columns beside it, and the program did not take them into it."""
        standing = self.standings[form]
        table = self.workbook.tables[standing.table.name]
        return standing.last_row > table.last_row or standing.table.last_col > table.last_col

    def _job(self, plan: FormPlan, standing: Standing) -> _Job:
        table, part = standing.table, self._part(standing.sheet)
        present = standing.last_row - table.first_row + 1
        count = max((len(w.values) for w in plan.columns.values()), default=0)
        wanted = plan.source if plan.source is not None else [*range(present), *[-1] * (count - present)]
        if table.first_row + len(wanted) > MOST_ROWS:
            raise stop(standing.sheet, TOO_MANY.fill(count=len(wanted)), LESS)
        self.headers[plan.form] = self._headers(standing)
        sources = sources_of(part, table, standing.last_row, wanted)
        return _Job(plan, standing, sources, map_rows(self.package, part, table, standing.last_row, sources))

    def _headers(self, standing: Standing) -> list[str | None]:
        """The texts in the table's header row; None where there is none to read."""
        table, part = standing.table, self._part(standing.sheet)
        cells = part.row(table.header_row).cells if table.header_row < table.first_row else {}
        held = [part.cell_content(cells.get(c, b"")).value for c in range(table.first_col, table.last_col + 1)]
        return [h if isinstance(h, str) else None for h in held]

    def _rows(self, job: _Job, following: Following) -> None:
        """The form's rows and its table."""
        standing, table, part = job.standing, job.standing.table, self.parts[job.standing.sheet]
        formulas: dict[int, str | None] = {}
        fills: dict[int, Fill] = {}
        for id, written in job.plan.columns.items():
            column = standing.columns.get(id)
            if column is not None:
                formulas[column] = self._formula(job.plan.form, written.formula)
                values = _listed(written.values) or [None]
                fills[column] = Fill(values, formulas[column], job.plan.gone, is_1904=self.workbook.is_1904)
        before = self.package.read(table.part)
        theirs = {c: f for c, f in column_formulas(before, table).items() if c in standing.unknown}
        if Placing(part, job.row_map, job.sources, fills, theirs, following.follower(standing.sheet)).run():
            self.changed.add(standing.sheet)
            heighten(part.original, part.rows, table.first_row, job.plan.heights())
        after = update_table(before, table, job.row_map.new_last, self.headers[job.plan.form], formulas)
        if after != before:
            self.package.write(table.part, after)

    def _cell(self, form: str, name: str, cell: Cell, maps: Mapping[str, RowMap]) -> None:
        """One cell outside the table; one whose name is gone was taken away by the user."""
        target = parse_ref(self.names.get(name_of(form, name).casefold(), ""))
        if target is None or all(s.name != target[0] for s in self.workbook.sheets):
            return
        sheet, area = target
        row = maps[sheet].row(area.top) if sheet in maps else area.top
        part = self._part(sheet)
        value = stored(cell.value, is_1904=self.workbook.is_1904)
        formula = self._formula(form, cell.formula)
        if not says(part, part.row(row).cells.get(area.left), value, formula):
            part.put(row, area.left, ending(value, formula))
            self.changed.add(sheet)

    def _formula(self, form: str, formula: str | None) -> str | None:
        """A formula in column ids → as this file stores it; None if a column or cell it needs is no longer there."""
        text = worded(form, formula, self.standings, self.headers, self.names)
        return None if text is None else stored_formula(text)

    def _follow(self, following: Following, owned: Mapping[str, str], maps: Mapping[str, RowMap]) -> None:
        """Everything else in the workbook that speaks of what was changed."""
        for name in list(self.parts):
            following.edited(self.workbook.sheet(name), self.workbook.tables, owned.get(name))
        following.others()
        following.drawings(lambda name: self.parts[name] if name in self.changed else None)
        pointers = {n: p for n, place in self.plan.names.items() if (p := self._pointer(*place)) is not None}
        following.book(pointers | self._lists(maps), self._bindings(), (PREFIX, MARK), self._has_formulas_of_the_user)

    def _bindings(self) -> dict[str, str]:
        """The hidden name of every header cell."""
        return {
            name_of(form, id): absolute(s.sheet, Area(s.table.header_row, at, s.table.header_row, at))
            for form, s in self.standings.items()
            for id, at in s.columns.items()
        }

    def _lists(self, maps: Mapping[str, RowMap]) -> dict[str, str]:
        """The names over the columns that dropdowns offer, so far as the book has them: from the first row to the last."""
        found = {}
        for name in self.workbook.names:
            form, _, id = name.removeprefix(LISTS).partition(".")
            standing = self.standings.get(form) if name.startswith(LISTS) else None
            if standing is not None and id in standing.columns:
                last = maps[standing.sheet].new_last if standing.sheet in maps else standing.last_row
                at = standing.columns[id]
                found[name] = column_of(standing.sheet, Area(standing.table.first_row, at, last, at))
        return found

    def _pointer(self, form: str, column: str, row: int) -> str | None:
        """The reference to a form's cell, by position."""
        standing = self.standings.get(form)
        if standing is None or column not in standing.columns:
            return None
        at, number = standing.columns[column], standing.table.first_row + row
        return absolute(standing.sheet, Area(number, at, number, at))

    def _has_formulas_of_the_user(self) -> bool:
        """True if a formula stands anywhere outside our columns and cells, and cells of ours changed."""
        if not self.changed:
            return False
        bound = {parse_ref(text) for name, text in self.workbook.names.items() if name.startswith(PREFIX)}
        ours = {s.sheet: s for s in self.standings.values()}
        for sheet in self.workbook.sheets:
            if b"<f" not in self.package.read(sheet.part):
                continue
            standing = ours.get(sheet.name)
            for address in formulas_of(self._part(sheet.name).rows):
                area = parse_area(address)
                assert area is not None
                in_table = standing is not None and _is_ours(standing, area)
                if not in_table and (sheet.name, area) not in bound:
                    return True
        return False


def _is_ours(standing: Standing, area: Area) -> bool:
    """True if the cell is one we write in the table: in a column of ours."""
    return area.left in standing.columns.values() and area.top >= standing.table.first_row


def _listed(values: Any) -> list[Any]:
    """The values as plain Python ones, whatever sequence they came in."""
    return values.tolist() if hasattr(values, "tolist") else list(values)
