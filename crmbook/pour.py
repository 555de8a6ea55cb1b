"""Puts a plan into a closed workbook: the cells of ours become what the plan says, and nothing else moves."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crmbook.binding import Standing, has_grown, name_of
from crmbook.chart_parts import suited
from crmbook.naming import bindings, pointers
from crmbook.ooxml import CannotMoveError, Workbook, parse_ref
from crmbook.ooxml.cells import Content, ending, stored
from crmbook.ooxml.charts import cells_of
from crmbook.ooxml.filling import Fill, is_as_written, says
from crmbook.ooxml.follow import Following
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.formulas import stored as stored_formula
from crmbook.ooxml.heights import heighten
from crmbook.ooxml.packing import Packed
from crmbook.ooxml.refill import formula_cells as formulas_of
from crmbook.ooxml.refill import formula_places, map_rows, sources_of
from crmbook.ooxml.refs import MOST_ROWS, Area, RowMap, letters, parse_area
from crmbook.ooxml.rows import Placing
from crmbook.ooxml.sheet import SheetPart
from crmbook.ooxml.sparklines import brought_home
from crmbook.ooxml.tables import column_formulas, update_table
from crmbook.ooxml.tail import follow_tail
from crmbook.plan import Cell, FormPlan, Plan
from crmbook.problems import stop
from crmbook.text import Text
from crmbook.wording import worded

ADDRESS = re.compile("([A-Z]+)([0-9]+)")
LIGHT = 1 << 20  # bytes of a sheet that is kept from one look to the next
Ahead = Mapping[str, Callable[[], Packed | None]]
NONE: Ahead = MappingProxyType({})
PREFIX, MARK = "_crm.", "_crmbook"
TOO_MANY = Text("共 {count} 行，超出了 Excel 一张表的行数", "{count} rows are more than an Excel sheet can hold")
LESS = Text("请减少数据，或分成几个工作簿", "use less data, or several workbooks")
SHARED = Text("表格变长，要在这里插入空行，而这里的数组公式、数据透视表或工作表最末的内容不能拆开", "the form grows and rows have to be put in here, but the array formula, pivot table or end of the sheet that stands here cannot be taken apart")  # fmt: skip
PLAIN = Text("请把它移到另一张工作表，或移到表单上方；数组公式也可改为普通公式", "move it to another sheet or above the form; an array formula may also be made a plain one")  # fmt: skip
TWO = Text("两张表单在同一张工作表上", "two forms stand on one sheet")
APART = Text("请把其中一张表单移到单独的工作表", "move one of them to a sheet of its own")


def pour(workbook: Workbook, plan: Plan, standings: Mapping[str, Standing], ahead: Ahead = NONE) -> bool:
    """Edit the workbook's package so that the plan stands in it; True if anything changed. `ahead`: by the name of a sheet,
    what pouring that form alone, into the same file, makes of it somewhere else; None where that failed.

    Tables without a standing are left out, and cells without their name. Raises CannotProceedError if something of the user's would have to be broken.
    """
    return _Pouring(workbook, plan, standings, ahead).run()


def wanted_rows(plan: FormPlan, standing: Standing) -> Sequence[int]:
    """For each row that the form is to have, the one of those that stand there it comes from, -1 for a new one; stops where
    a sheet has not so many."""
    present = standing.last_row - standing.table.first_row + 1
    count = max((len(w.values) for w in plan.columns.values()), default=0)
    wanted = plan.source if plan.source is not None else [*range(present), *[-1] * (count - present)]
    if standing.table.first_row + len(wanted) > MOST_ROWS:
        raise stop(standing.sheet, TOO_MANY.fill(count=len(wanted)), LESS)
    return wanted


@dataclass(frozen=True, slots=True)
class _Job:
    """One form's table: its rows as they are to stand, by old sheet row, and where the old ones go."""

    plan: FormPlan
    standing: Standing
    sources: list[int]
    row_map: RowMap


class _Pouring:
    """One plan on its way into one workbook, sheet by sheet: what has been written is let go before the next is read.

    `parts` are the sheets taken apart now, by name: one that is long, and those that are short and were looked at before; `plain` those found to be written in the usual way; `changed` those
    with other cells than before; `shown` what charts show of these.
    """

    def __init__(self, workbook: Workbook, plan: Plan, standings: Mapping[str, Standing], ahead: Ahead) -> None:
        self.workbook, self.package, self.plan, self.standings = workbook, workbook.package, plan, standings
        self.ahead = ahead
        self.parts: dict[str, SheetPart] = {}
        self.plain: set[str] = set()
        self.changed: set[str] = set()
        self.shown: dict[tuple[str, Area, bool], list[list[Content]]] = {}
        self.names = {name.casefold(): text for name, text in workbook.names.items()}
        self.headers: dict[str, list[str | None]] = {}

    def run(self) -> bool:
        """On each sheet the table's rows, then single cells; then all that follows from them."""
        plans = [p for p in self.plan.forms if p.form in self.standings]
        jobs: dict[str, _Job] = {}
        for made in (
            p for p in plans if p.columns or p.source is not None or has_grown(self.workbook, self.standings[p.form])
        ):
            job = self._job(made, self.standings[made.form])
            if jobs.setdefault(job.standing.sheet, job) is not job:
                raise stop(job.standing.sheet, TWO, APART)
            if self.parts[job.standing.sheet].size > LIGHT:
                del self.parts[job.standing.sheet]
        maps = {sheet: job.row_map for sheet, job in jobs.items()}
        cells = self._cells()
        following = Following(self.workbook, maps)
        charted = following.charted()
        ahead = {s: made for s, made in self.ahead.items() if s not in charted and self._is_alone(s, maps)}
        try:
            for sheet in sorted(dict.fromkeys((*jobs, *cells)), key=ahead.__contains__):  # not to wait for them
                ready = ahead[sheet]() if sheet in ahead else None
                if sheet in jobs:
                    self._rows(jobs[sheet], following, is_made=ready is not None)
                for cell in cells.get(sheet, ()):
                    self._cell(sheet, *cell, maps.get(sheet))
                owned = jobs[sheet].standing.table.name if sheet in jobs else None
                following.edited(self.workbook.sheet(sheet), self._part(sheet), self.workbook.tables, owned)
                for area, visible in charted.get(sheet, ()) if sheet in self.changed else ():
                    self.shown[sheet, area, visible] = cells_of(self._part(sheet), area, visible=visible)
                if ready is not None:
                    self.package.take(self.workbook.sheet(sheet).part, ready)
                del self.parts[sheet]
            self._follow(following, maps)
        except CannotMoveError as error:
            raise stop(error, SHARED, PLAIN) from error
        return bool(self.package.changed)

    def _is_alone(self, sheet: str, maps: Mapping[str, RowMap]) -> bool:
        """True if nothing on a sheet speaks of rows that move on sheets which are not made ahead."""
        follower = Follower(sheet, {name: m for name, m in maps.items() if name not in self.ahead})
        part = self._part(sheet)
        speaks = any(b"<f" in raw and follower.may_follow(raw.decode()) for raw in part.rows.values())
        return not speaks and follow_tail(part.tail, None, follower) == part.tail

    def _part(self, sheet: str) -> SheetPart:
        """A sheet as it stands in the package."""
        if sheet not in self.parts:
            data = self.package.read(self.workbook.sheet(sheet).part)
            part = self.parts[sheet] = SheetPart(data, self.workbook.string, known_plain=sheet in self.plain)
            if part.is_plain:
                self.plain.add(sheet)
        return self.parts[sheet]

    def _cells(self) -> dict[str, list[tuple[Area, str, Cell]]]:
        """The cells outside the tables by their sheet: where each stood, the form it belongs to; one whose name is gone was
        taken away by the user. A page has no table to stand in, and is there if its names are."""
        sheets, found = {s.name for s in self.workbook.sheets}, dict[str, list[tuple[Area, str, Cell]]]()
        for form in self.plan.forms:
            for name, cell in form.cells.items():
                target = parse_ref(self.names.get(name_of(form.form, name).casefold(), ""))
                if target is not None and target[0] in sheets:
                    found.setdefault(target[0], []).append((target[1], form.form, cell))
        return found

    def _job(self, plan: FormPlan, standing: Standing) -> _Job:
        table, part = standing.table, self._part(standing.sheet)
        wanted = wanted_rows(plan, standing)
        self.headers[plan.form] = self._headers(standing)
        sources = sources_of(part, table, standing.last_row, wanted)
        return _Job(plan, standing, sources, map_rows(self.package, part, table, standing.last_row, sources))

    def _headers(self, standing: Standing) -> list[str | None]:
        """The texts in the table's header row; None where there is none to read."""
        table, part = standing.table, self._part(standing.sheet)
        cells = part.row(table.header_row).cells if table.header_row < table.first_row else {}
        held = [part.cell_content(cells.get(c, b"")).value for c in range(table.first_col, table.last_col + 1)]
        return [h if isinstance(h, str) else None for h in held]

    def _rows(self, job: _Job, following: Following, *, is_made: bool) -> None:
        """The form's rows and its table; of a sheet that is made already, the table."""
        standing, table, part = job.standing, job.standing.table, self._part(job.standing.sheet)
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
        follower = following.follower(standing.sheet)
        placed = not is_made and Placing(part, job.row_map, job.sources, fills, theirs, follower).run()
        if placed or is_made or not job.row_map.is_still:  # rows typed under the table may be all that is new
            self.changed.add(standing.sheet)
        if placed:
            first, gone = table.first_row, job.plan.gone
            numbers = [first + i for i in range(len(job.sources)) if i not in gone]

            def needs(anew: Sequence[int]) -> Sequence[float]:
                return job.plan.heights([number - first for number in anew])

            heighten(part.original, part.rows, numbers, needs, part.alike)
        for ids in ((id, *drawn) for id, drawn in job.plan.sparklines.items()):
            if all(id in standing.columns for id in ids):
                part.tail = brought_home(part.tail, standing.sheet, *(standing.columns[id] for id in ids))
        after = update_table(before, table, job.row_map.new_last, self.headers[job.plan.form], formulas)
        if after != before:
            self.package.write(table.part, after)

    def _cell(self, sheet: str, area: Area, form: str, cell: Cell, row_map: RowMap | None) -> None:
        """One cell outside the table."""
        row = row_map.row(area.top) if row_map is not None else area.top
        part = self._part(sheet)
        value = stored(cell.value, is_1904=self.workbook.is_1904)
        formula = self._formula(form, cell.formula)
        held, end = part.cell(row, area.left), ending(value, formula)
        if not is_as_written(held, end.encode()) and not says(part, held, value, formula):
            part.put(row, area.left, end)
            self.changed.add(sheet)

    def _formula(self, form: str, formula: str | None) -> str | None:
        """A formula in column ids → as this file stores it; None if a column or cell it needs is no longer there."""
        text = worded(form, formula, self.standings, self.headers, self.names)
        return None if text is None else stored_formula(text)

    def _follow(self, following: Following, maps: Mapping[str, RowMap]) -> None:
        """Everything else in the workbook that speaks of what was changed."""
        following.others()
        following.drawings(lambda *place: self.shown.get(place), self.changed, suited)
        pointing = pointers(self.plan.names, self.workbook.names, self.standings, maps)
        following.book(
            pointing,
            bindings(self.standings, self.workbook.names),
            (PREFIX, MARK),
            lambda: self._has_formulas_of_the_user(following.without_formulas),
        )

    def _has_formulas_of_the_user(self, without: Container[str]) -> bool:
        """True if a formula stands anywhere outside our columns and cells, and cells of ours changed; the parts `without` any
        are not looked through again."""
        if not self.changed:
            return False
        bound = {parse_ref(text) for name, text in self.workbook.names.items() if name.startswith(PREFIX)}
        ours = {s.sheet: s for s in self.standings.values()}
        for sheet in (s for s in self.workbook.sheets if s.part not in without):
            data = self.package.read(sheet.part)
            if b"<f" not in data:
                continue
            places = formula_places(data)
            if places is None:
                rows = SheetPart(data, self.workbook.string).rows
                places = [(m[1].encode(), m[2].encode()) for m in map(ADDRESS.fullmatch, formulas_of(rows)) if m]
            standing = ours.get(sheet.name)
            columns = {letters(c).encode() for c in standing.columns.values()} if standing else set()
            first = standing.table.first_row if standing else 0
            for column, row in places:
                if column not in columns or int(row) < first:
                    area = parse_area((column + row).decode())
                    if (sheet.name, area) not in bound:
                        return True
        return False


def _listed(values: Any) -> list[Any]:
    """The values as plain Python ones, whatever sequence they came in."""
    return values.tolist() if hasattr(values, "tolist") else list(values)
