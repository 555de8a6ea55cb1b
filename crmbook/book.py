"""The verbs: build, refresh, check, undo, verify."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from crmbook import binding, keep, paths, plan, planning, sources, tuning
from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.draw import draw
from crmbook.form import Form, Given
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.pour import annotated, formula_cells, pour
from crmbook.problems import Problem, stop
from crmbook.settings import in_force
from crmbook.source import Reading
from crmbook.sources.workbook import read_workbook
from crmbook.text import LANGS, Lang, Text
from crmbook.tidy import Locator
from crmbook.verify import Verified
from crmbook.verify import verify as recalculate

Step = Callable[[Text], None]
READING, COMPUTING, WRITING = Text("读取数据…", "reading …"), Text("计算…", "computing …"), Text("写入…", "writing …")
DRAWING = Text("绘制表单…", "drawing the forms …")
THERE = Text("这个文件已经存在", "this file is already there")
USE_REFRESH = Text(
    "用 crmbook refresh 更新它，或换一个文件名", "use crmbook refresh to bring it up to date, or choose another name"
)
NO_ENDING = Text("工作簿的文件名须以 .xlsx 结尾", "the name of a workbook ends in .xlsx")
GIVE_ENDING = Text("请加上 .xlsx", "add .xlsx to the name")
LOST_TABLE = Text("工作表还在，但其中的表格 {table} 不见了", "the sheet is there, but its table {table} is gone")
MAKE_TABLE = Text("用 crmbook undo 恢复；或在 Excel 中选中标题行和数据，插入表格，并把表名设为 {table}", "bring it back with crmbook undo; or in Excel select the header and the data, insert a table, and name it {table}")  # fmt: skip
NO_SOURCE = Text("没有可读取的数据", "there is no data that can be read here")
GIVE_FOLDER = Text(
    "请给出含有 customers.csv 和 orders.csv 的文件夹", "give a folder that holds customers.csv and orders.csv"
)
NO_FORM = Text("没有这张表单：{id}", "there is no such form: {id}")
CHOOSE = Text("可选：{ids}", "choose from {ids}")
NOT_OURS = Text(
    "这不是 crmbook 工作簿（没有表 {table}）", "this is not a workbook of crmbook (it has no table {table})"
)
RESTORE = Text("用 crmbook undo 恢复，或用 crmbook build 生成新的工作簿", "bring it back with crmbook undo, or make a new one with crmbook build")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did: the problems found, whether the file was written and with what proof, and what it holds."""

    lang: Lang
    problems: list[Problem]
    proof: Proof | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        return self.proof is not None


def build(path: Path, *, source: Path = paths.SAMPLE_DATA, lang: Lang = "zh", as_of: date | None = None, forms: Sequence[str] | None = None, step: Step = lambda text: None) -> Outcome:  # fmt: skip
    """Make the workbook `path` from the data at `source`: draw the empty forms, then the same refresh as every later one."""
    if path.suffix.lower() != ".xlsx":
        raise stop(path, NO_ENDING, GIVE_ENDING)
    if path.exists():
        raise stop(path, THERE, USE_REFRESH)
    chosen = _chosen(forms)
    step(DRAWING)
    workbook = Workbook(Package.open(draw(chosen, lang)))
    standings = _standings(workbook, chosen)
    step(READING)
    locate = _addresses(standings)
    reading = _read(source, lang, locate)
    values, wrong = tuning.read(reading.raw.get("settings"), partial(locate, "settings"))
    values = {**values, "AS_OF": as_of or values.get("AS_OF")}
    step(COMPUTING)
    given = planning.gather(reading, wrong, in_force(values, date.today()), {}, locate, date.today())
    entered = {f.id: planning.first_rows(f, reading, values, given) for f in chosen if f.rows is None}
    entries = [planning.entry(f, entered[f.id], given, lang, new=True) for f in chosen if f.rows is None]
    reports, given = planning.reports(chosen, given, {}, standings, lang)
    step(WRITING)
    pour(workbook, plan.Plan((*entries, *reports), planning.names(entered["settings"])), standings)
    proof = keep.create(path, workbook.package)
    return Outcome(lang, list(given.problems), proof, _counts(reading, chosen))


def refresh(path: Path, *, as_of: date | None = None, step: Step = lambda text: None) -> Outcome:
    """Bring the workbook at `path` up to date, in place; nothing is written where nothing changed."""
    with keep.lock(path), keep.refusing(path):
        keep.opened_by(path)
        step(READING)
        workbook = Workbook(keep.load(path))
        opened = _open(workbook, path, as_of)
        step(COMPUTING)
        planned, given = opened.planned()
        step(WRITING)
        proof = keep.replace(path, workbook.package) if pour(workbook, planned, opened.standings) else None
        return Outcome(opened.lang, list(given.problems), proof, opened.counts)


def check(path: Path) -> Outcome:
    """Every problem in the data of the workbook; the file is not touched."""
    with keep.refusing(path):
        opened = _open(Workbook(keep.load(path)), path, None)
        return Outcome(opened.lang, list(opened.planned()[1].problems), None, opened.counts)


def undo(path: Path) -> None:
    """The workbook becomes what it was before the last refresh, byte for byte."""
    with keep.lock(path):
        keep.opened_by(path)
        keep.undo(path)


def verify(path: Path) -> Verified:
    """Every formula of the workbook, recalculated by LibreOffice, beside the value that stands in the file."""
    with keep.refusing(path):
        return recalculate(path)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A workbook as read: its forms and where they stand, its data, and all that was computed from it."""

    lang: Lang
    forms: Sequence[Form]
    standings: Mapping[str, Standing]
    present: Mapping[str, plan.Present]
    reading: Reading
    given: Given
    counts: Mapping[str, int]

    def planned(self) -> tuple[plan.Plan, Given]:
        """What should stand in the forms, and all that was given with what the planning itself found."""
        raw, given, lang = self.reading.raw, self.given, self.lang
        here = [f for f in self.forms if f.rows is None and f.id in raw]
        entries = [planning.entry(f, planning.shown(f, raw[f.id], given), given, lang) for f in here]
        reports, given = planning.reports(self.forms, given, self.present, self.standings, lang)
        return plan.Plan((*entries, *reports), planning.names(raw.get("settings"))), given


def _open(workbook: Workbook, path: Path, as_of: date | None) -> _Opened:
    standings = _standings(workbook, shelf.ALL)
    for needed in ("customers", "orders"):
        if needed not in standings:
            table = f"crm_{needed}"
            if any(
                name.startswith("_crm.") for name in workbook.names
            ):  # LibreOffice drops tables when a sheet is deleted
                raise stop(path, LOST_TABLE.fill(table=table), MAKE_TABLE.fill(table=table))
            raise stop(path, NOT_OURS.fill(table=table), RESTORE)
    forms = [f for f in shelf.ALL if f.id in standings]
    reading = read_workbook(workbook)
    locate = _addresses(standings)
    lang = _lang(workbook)
    values, wrong = tuning.read(
        reading.raw.get("settings"), partial(locate, "settings"), lang, date1904=workbook.is_1904
    )
    if as_of is not None:
        values = {**values, "AS_OF": as_of}
    for form in forms:
        binding.demand(standings[form.id], [c.column for c in form.columns if c.column.id in form.key and form.rows])
    present = {f.id: _present(workbook, f, standings[f.id]) for f in forms if f.rows is not None}
    asked = {f.id: _asked(f, present[f.id].rows) for f in forms if f.rows is not None}
    given = planning.gather(reading, wrong, in_force(values, date.today()), asked, locate, date.today())
    return _Opened(lang, forms, standings, present, reading, given, _counts(reading, forms))


def _present(workbook: Workbook, form: Form, standing: Standing) -> plan.Present:
    """A report's rows as they stand, and those that hold something typed: in a column the form asks or in one of the
    user's own, or a comment. A formula filled down a column of the user's is not typed on any one row."""
    rows = binding.rows(workbook, standing)
    theirs = {c.column.id: standing.columns[c.column.id] for c in form.asks if c.column.id in standing.columns}
    theirs |= {f"?{column}": column for column in standing.unknown}
    held = set(annotated(workbook, standing))
    formulas = formula_cells(workbook, standing.sheet)
    for id, column in theirs.items():
        typed = (int(at) for at in rows.index[rows[id].notna()])
        held.update(at for at in typed if (standing.table.first_row + at, column) not in formulas)
    return plan.Present(rows, frozenset(held))


def _asked(form: Form, present: pd.DataFrame) -> pd.DataFrame:
    """What the user typed in a report, by the row's key."""
    asks = [c.column.id for c in form.asks if c.column.id in present]
    return present.set_index(list(form.key))[asks]


def _chosen(ids: Sequence[str] | None) -> list[Form]:
    """The forms to build: the entry forms, 检查 and the reports asked for, or all."""
    known = {f.id: f for f in shelf.ALL}
    for id in ids or ():
        if id not in known:
            raise stop("--forms", NO_FORM.fill(id=id), CHOOSE.fill(ids=", ".join(known)))
    return [f for f in shelf.ALL if ids is None or f.rows is None or f.id in {*ids, "checks"}]


def _read(place: Path, lang: Lang, locate: Locator) -> Reading:
    for source in sources.ALL:
        if source.reads(place):
            return source.read(place, lang, locate)
    raise stop(place, NO_SOURCE, GIVE_FOLDER)


def _standings(workbook: Workbook, forms: Sequence[Form]) -> dict[str, Standing]:
    found = {f.id: binding.bind(workbook, f.id, [c.column for c in f.columns]) for f in forms}
    return {id: standing for id, standing in found.items() if standing is not None}


def _counts(reading: Reading, forms: Sequence[Form]) -> dict[str, int]:
    return {"customers": len(reading.tables["customers"]), "orders": len(reading.tables["orders"]), "forms": len(forms)}


def _addresses(standings: Mapping[str, Standing]) -> Locator:
    """Where a cell of a table stands in the workbook; a table that is not there answers with its name."""
    return lambda table, at, column: standings[table].address(at, column) if table in standings else table


def _lang(workbook: Workbook) -> Lang:
    """The language the workbook was built in."""
    if any(s.name == "_crmbook" for s in workbook.sheets):
        for row in workbook.values("_crmbook"):
            for lang in LANGS:
                if row[:2] == ["lang", lang]:
                    return lang
    return "zh"


def language(path: Path) -> Lang:
    """The language of the workbook at `path`."""
    with keep.refusing(path):
        return _lang(Workbook(keep.load(path)))
