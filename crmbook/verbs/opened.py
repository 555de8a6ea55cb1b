"""A workbook as it was read: its forms and where they stand, its data, and all that was computed from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from crmbook import binding, plan, planning
from crmbook import forms as shelf
from crmbook.binding import Book, Standing
from crmbook.form import Form, Given
from crmbook.ooxml import Workbook, parse_ref
from crmbook.problems import CannotProceedError, Problem, stop
from crmbook.reading import tuning
from crmbook.reading.tidy import Locator
from crmbook.settings import in_force
from crmbook.source import Reading
from crmbook.sources.workbook import Entry, read_entry
from crmbook.sources.workbook import reading as read_together
from crmbook.stood import columns_read
from crmbook.text import LANGS, Lang, Text
from crmbook.verbs.lost_tables import copied, lost
from crmbook.verbs.unchanged import Free

LOST_TABLE = Text("工作表还在，但其中的表格 {table} 不见了", "the sheet is there, but its table {table} is gone")
MAKE_TABLE = Text("用 crmbook undo 恢复；或在 Excel 中选中标题行和数据，插入表格，并把表名设为 {table}", "bring it back with crmbook undo; or in Excel select the header and the data, insert a table, and name it {table}")  # fmt: skip
COPY = Text("表格 {table} 已不在；这里的 {copy} 是它的副本，不会更新，其中填写的内容也不计入", "the table {table} is gone; {copy}, which stands here, is a copy of it: it is not brought up to date, and what is typed in it does not count")  # fmt: skip
TAKE_COPY = Text("要用副本代替原表，请在 Excel 的“表设计”中把表名改为 {table}；只作存档，请改为别的表名", "to use the copy instead, rename it {table} under Table Design in Excel; to keep it as it is, give the table another name")  # fmt: skip
NO_NAMES = Text("工作簿的隐藏名称已被清除（可能用过 Excel 的“检查文档”）：首页、客户卡片，以及表单上方的期间与合计不再更新", "the hidden names of this workbook were removed: perhaps Excel inspected the document. Home, the cards, and period and totals above the forms are no longer brought up to date")  # fmt: skip
GO_ON = Text("请在此前的文件中继续填写（crmbook undo 可找回上一版本）；今后请在副本上检查文档", "go on in the file of before (crmbook undo brings back the last version), and inspect a copy the next time")  # fmt: skip
NEEDED = ("crm_customers", "crm_orders")
NOT_OURS = Text(
    "这不是 crmbook 工作簿（没有表 {table}）", "this is not a workbook of crmbook (it has no table {table})"
)
RESTORE = Text("如果它本来是，用 crmbook undo 恢复；否则用 crmbook build --into 给它加上表单", "if it was one, bring it back with crmbook undo; else crmbook build --into adds the forms to it")  # fmt: skip
WAS_OURS = Text(
    "其中的表格 {table} 已不在：它的工作表被删除了，或文件曾另存为 .xls 格式",
    "its table {table} is gone: its sheet was deleted, or the file was saved as .xls at some time",
)
GO_BACK = Text("请用 crmbook undo 或此前的 .xlsx 文件恢复，再把之后填写的内容粘贴进去", "bring it back with crmbook undo or from the .xlsx of before, and paste into it what was typed since")  # fmt: skip
PERIOD = "period"  # a cell above every report
MARK = "_crmbook"  # the sheet of every workbook of ours


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook as read: its forms and where they stand, its data, and all that was computed from it."""

    lang: Lang
    forms: Sequence[Form]
    standings: Mapping[str, Standing]
    present: Mapping[str, plan.Present]
    reading: Reading
    given: Given
    counts: Mapping[str, int]

    def planned(self, heard: planning.Heard | None = None) -> tuple[plan.Plan, Given]:
        """What should stand in the forms, and all that was given with what the planning itself found; `heard` gets the plan of
        each report as soon as it is made."""
        raw, lang = self.reading.raw, self.lang
        missing = planning.without_line(raw.get("settings"), addresses(self.standings))
        given = replace(self.given, problems=(*self.given.problems, *missing))
        here = [f for f in self.forms if f.is_entry and f.id in raw]
        entries = [planning.entry(f, planning.shown(f, raw[f.id], given), given, lang) for f in here]
        reports, given = planning.reports(self.forms, given, self.present, self.standings, lang, heard)
        return plan.Plan((*entries, *reports), planning.names(raw.get("settings"), lang)), given


def open_workbook(workbook: Book, path: Path, as_of: date | None) -> Opened:
    frozen = _without_table(workbook, path)
    largest, *others = _as_they_are_read(workbook, (f for f in shelf.ALL if f.is_entry))
    entries: dict[str, Entry] = {}
    for form in (*others, largest):  # which takes as long as the others together; one by one, or they fill the memory
        if (entry := read_entry(workbook, form.id, [c.column for c in form.columns])) is not None:
            entries[form.id] = entry
    reading = read_together(entries)
    placed = {id: entry.standing for id, entry in entries.items()}
    locate = addresses(placed)
    lang = language_of(workbook)
    values, wrong = tuning.read(
        reading.raw.get("settings"), partial(locate, "settings"), lang, date1904=workbook.is_1904, as_of=as_of
    )
    as_the_sheet = as_of is None or values.get("AS_OF") in (None, as_of)
    if as_of is not None:
        values = {**values, "AS_OF": as_of}
    # Nothing is computed from a report but for the grades that staff approved there.
    reports = _reports(workbook, [f for f in shelf.ALL if f.id == "grading"])
    given = planning.gather(
        reading,
        [*wrong, *frozen],
        in_force(values, date.today()),
        _stood(reports),
        locate,
        date.today(),
        {},
        live=as_the_sheet,
    )
    # The other reports were read on other threads meanwhile.
    others = _as_they_are_read(workbook, (f for f in shelf.ALL if not (f.is_entry or f.page or f.id in reports)))
    reports |= _reports(workbook, others)
    placed |= {id: standing for id, (standing, _) in reports.items()}
    standings = {f.id: placed[f.id] for f in shelf.ALL if f.id in placed}
    there = binding.sheets(workbook)
    forms = [f for f in shelf.ALL if f.id in standings or (f.page and f.id in there)]
    typed = {f.id: binding.typed(workbook, f.id, [n for part in f.parts for n in part.asks]) for f in forms if f.page}
    given = replace(given, present=_stood(reports), typed=typed)
    present = {f.id: reports[f.id][1] for f in shelf.ALL if f.id in reports}
    return Opened(lang, forms, standings, present, reading, given, counts(reading, forms))


def _without_table(workbook: Book, path: Path) -> list[Problem]:
    """What is said of the reports whose sheet still stands, but not their table: such a report is left as it is. Where it is a
    table of data, the run stops."""
    found, copies = [], copied(workbook)
    told = [
        (form, copy.sheet.name, COPY.fill(table=form.table, copy=copy.name), TAKE_COPY.fill(table=form.table))
        for form, copy in copies
    ]
    told += [
        (form, sheet, LOST_TABLE.fill(table=form.table), MAKE_TABLE.fill(table=form.table))
        for form, sheet in lost(workbook)
        if form not in dict(copies)
    ]
    for form, sheet, what, fix in told:
        gone = Problem(sheet, what, fix, form=form.id)
        if form.is_entry:
            raise CannotProceedError(gone)
        found.append(gone)
    tables = {name.casefold() for name in workbook.tables}
    for table in NEEDED:
        if table not in tables:
            raise not_ours(workbook, path, table)
    return [*found, *_without_names(workbook)]


def _without_names(workbook: Book) -> list[Problem]:
    """What is said where the names are gone by which cells above the reports are found; one that only points nowhere lost
    its cell to the user."""
    names = {name.casefold() for name in workbook.names}
    tables = {name.casefold(): table for name, table in workbook.tables.items()}
    here = [f for f in shelf.ALL if f.rows is not None and f.table in tables]
    bare = [tables[f.table].sheet.name for f in here if binding.name_of(f.id, PERIOD) not in names]
    return [Problem(bare[0], NO_NAMES, GO_ON)] if bare else []


def not_ours(workbook: Book, path: Path, table: str) -> CannotProceedError:
    """What is said of a workbook that lacks a table without which nothing can be read."""
    was = any(s.name == MARK for s in workbook.sheets)
    return stop(path, (WAS_OURS if was else NOT_OURS).fill(table=table), GO_BACK if was else RESTORE)


def _as_they_are_read(workbook: Book, forms: Iterable[Form]) -> list[Form]:
    """The forms, the largest first, as their sheets are read."""
    cells = {name.casefold(): t.last_row * len(t.columns) for name, t in workbook.tables.items()}
    return sorted(forms, key=lambda f: cells.get(f.table, 0), reverse=True)


def _reports(workbook: Book, forms: Iterable[Form]) -> dict[str, tuple[Standing, plan.Present]]:
    """Where these reports stand, and their rows; a report whose key is gone stops the run."""
    found = {}
    for form in forms:
        columns = [c.column for c in form.columns]
        if (standing := binding.bind(workbook, form.id, columns)) is not None:
            binding.demand(standing, [column for column in columns if column.id in form.key])
            found[form.id] = standing, _present(workbook, form, standing)
            workbook.release(standing.sheet)
    return found


def _stood(reports: Mapping[str, tuple[Standing, plan.Present]]) -> dict[str, pd.DataFrame]:
    """Their rows as `Given.present` has them."""
    return {f.id: reports[f.id][1].rows.set_index(list(f.key)) for f in shelf.ALL if f.id in reports}


def _present(workbook: Book, form: Form, standing: Standing) -> plan.Present:
    """A report's rows as they stand, so far as anybody reads them, and those that hold something typed: in a column the
    form asks or in one of the user's own, or a comment. A formula filled down a column of the user's is not typed on any
    one row."""
    rows = binding.rows(workbook, standing, columns_read(form, shelf.ALL))
    theirs = {standing.columns[c.column.id] for c in form.asks if c.column.id in standing.columns}
    filled = binding.filled(workbook, standing, theirs | {*standing.unknown})
    formulas = workbook.formula_cells(standing.sheet) if filled else set()
    held = {at for at, column in filled if (standing.table.first_row + at, column) not in formulas}
    hidden = frozenset(row - standing.table.first_row for row in workbook.hidden(standing.table))
    return plan.Present(rows, partial(_held, workbook, standing, held), hidden)


def _held(workbook: Book, standing: Standing, held: set[int], among: set[int]) -> set[int]:
    """Those among some rows that hold something typed, or a comment: only then is it looked for, which takes its time."""
    return among & {*held, *binding.annotated(workbook, standing)} if among else set()


def free(workbook: Workbook, standings: Mapping[str, Standing], planned: plan.Plan, *, moved: bool) -> Iterator[Free]:
    """The cells of the reports, as the plan has them, that a refresh does not read. `moved`: the rows went to where
    the plan wants them; else only a report whose rows stand there already has such cells."""
    forms = {f.id: f for f in shelf.ALL if f.rows is not None}
    named = [parse_ref(text) for name, text in workbook.names.items() if name.startswith("_crm.")]
    for made in (p for p in planned.forms if p.form in forms and p.source is not None):
        form, standing = forms[made.form], standings[made.form]
        rows = len(made.source or ()) - len(made.gone)  # on a row whose key has gone, what is typed keeps it there
        if not moved and [*(made.source or ())][:rows] != [*range(rows)]:
            continue
        asked, read = {c.column.id for c in form.asks}, columns_read(form, shelf.ALL)
        columns = {at for id, at in standing.columns.items() if id in asked and id not in read}
        first, last = standing.table.first_row, standing.table.first_row + rows - 1
        bound = {t[1].left for t in named if t is not None and t[0] == standing.sheet and first <= t[1].top <= last}
        yield Free(standing.table.sheet.part, first, last, frozenset((columns | {*standing.unknown}) - bound))


def standings_of(workbook: Book, forms: Sequence[Form]) -> dict[str, Standing]:
    found = {f.id: binding.bind(workbook, f.id, [c.column for c in f.columns]) for f in forms}
    return {id: standing for id, standing in found.items() if standing is not None}


def counts(reading: Reading, forms: Sequence[Form]) -> dict[str, int]:
    return {"customers": len(reading.tables["customers"]), "orders": len(reading.tables["orders"]), "forms": len(forms)}


def addresses(standings: Mapping[str, Standing]) -> Locator:
    """Where a cell of a table stands in the workbook; a table that is not there answers with its name."""
    return lambda table, at, column: standings[table].address(at, column) if table in standings else table


def language_of(workbook: Book) -> Lang:
    """The language the workbook was built in; where its sheet that says so is gone, that of the most headers."""
    if any(s.name == MARK for s in workbook.sheets):
        for row in workbook.values(MARK):
            for lang in LANGS:
                if row[:2] == ["lang", lang]:
                    return lang
    headers = {binding.plain(text) for t in workbook.tables.values() for text in t.columns}
    known = [c.column.label for form in shelf.ALL if form.table in workbook.tables for c in form.columns]
    return max(LANGS, key=lambda lang: sum(binding.plain(label[lang]) in headers for label in known))
