"""The verbs: build, refresh, check, undo, verify."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from crmbook import binding, classifications, crosscheck, keep, ledger, paths, plan, playbook, sources, tuning
from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.draw import draw
from crmbook.form import Form, Given
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.pour import annotated, formula_cells, pour
from crmbook.problems import Problem, stop
from crmbook.settings import ALL as SETTINGS
from crmbook.settings import Settings, in_force
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
PERIOD = Text("统计期间：{start} 至 {end}（与上年同日 {before} 至 {until} 比较）", "Period: {start} to {end} (compared with {before} to {until})")  # fmt: skip
UNIT = Text("单位：元", "Unit: yuan")


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
    given = _given(reading, wrong, in_force(values, date.today()), {}, locate)
    entered = {f.id: _entered(f, reading, values, given) for f in chosen if f.rows is None}
    plans = [_entry(f, entered[f.id], given, lang, new=True) for f in chosen if f.rows is None]
    plans += _reports(chosen, given, {}, lang)
    step(WRITING)
    pour(workbook, plan.Plan(tuple(plans), _names(entered["settings"])), standings)
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
        poured = pour(workbook, opened.plan(), opened.standings)
        step(WRITING)
        proof = keep.replace(path, workbook.package) if poured else None
        return Outcome(opened.lang, list(opened.given.problems), proof, opened.counts)


def check(path: Path) -> Outcome:
    """Every problem in the data of the workbook; the file is not touched."""
    with keep.refusing(path):
        opened = _open(Workbook(keep.load(path)), path, None)
        return Outcome(opened.lang, list(opened.given.problems), None, opened.counts)


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

    def plan(self) -> plan.Plan:
        """What should stand in the forms."""
        raw = self.reading.raw
        plans = [_entry(f, _shown(f, raw[f.id], self.given), self.given, self.lang) for f in self.forms if f.rows is None and f.id in raw]  # fmt: skip
        return plan.Plan((*plans, *_reports(self.forms, self.given, self.present, self.lang)), _names(raw.get("settings")))  # fmt: skip


def _open(workbook: Workbook, path: Path, as_of: date | None) -> _Opened:
    standings = _standings(workbook, shelf.ALL)
    for needed in ("customers", "orders"):
        if needed not in standings:
            raise stop(path, NOT_OURS.fill(table=f"crm_{needed}"), RESTORE)
    forms = [f for f in shelf.ALL if f.id in standings]
    reading = read_workbook(workbook)
    locate = _addresses(standings)
    lang = _lang(workbook)
    values, wrong = tuning.read(
        reading.raw.get("settings"), partial(locate, "settings"), lang, date1904=workbook.is_1904
    )
    if as_of is not None:
        values = {**values, "AS_OF": as_of}
    present = {f.id: _present(workbook, f, standings[f.id]) for f in forms if f.rows is not None}
    asked = {f.id: _asked(f, present[f.id].rows) for f in forms if f.rows is not None}
    given = _given(reading, wrong, in_force(values, date.today()), asked, locate)
    return _Opened(lang, forms, standings, present, reading, given, _counts(reading, forms))


def _given(reading: Reading, wrong: Iterable[Problem], settings: Settings, asked: Mapping[str, pd.DataFrame], locate: Locator) -> Given:  # fmt: skip
    """All that the forms may draw on: the data, the figures made of them, and every problem met."""
    facts = _classified(reading, settings)
    late = crosscheck.ahead(reading.tables, max(settings.today, date.today()), locate)
    unrated = crosscheck.unrated(reading.tables["customers"], facts, locate)
    scopes = {f.id: f.title for f in shelf.ALL}
    faulty = playbook.problems(reading.tables["playbook"], scopes, facts, locate)
    problems = (*reading.problems, *wrong, *late, *unrated, *faulty)
    return Given(reading.tables, facts, _classified(reading, settings.a_year_earlier()), settings, asked, problems)


def _classified(reading: Reading, settings: Settings) -> pd.DataFrame:
    """The facts with each classification's columns beside them."""
    facts = ledger.facts(reading.tables, settings)
    for c in classifications.ALL:
        found = c.compute(facts, settings)
        names = {name: c.id if name == "class" else f"{c.id}_{name}" for name in found.columns}
        facts = pd.concat([facts, found.rename(columns=names)], axis=1)
    return facts


def _reports(forms: Sequence[Form], given: Given, present: Mapping[str, plan.Present], lang: Lang) -> list[plan.FormPlan]:  # fmt: skip
    plans = []
    for form in forms:
        if form.rows is not None:
            rows = form.rows(given)
            stands = present.get(form.id) or plan.Present.nothing(form)
            plans.append(plan.report(form, rows, _cells(form, given, rows, lang), stands, lang))
    return plans


def _entry(form: Form, frame: pd.DataFrame, given: Given, lang: Lang, *, new: bool = False) -> plan.FormPlan:
    return plan.entry(form, frame, _cells(form, given, frame, lang), lang, new=new)


def _cells(form: Form, given: Given, rows: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    """The values of the cells above the table: the period and unit of a report, its totals and summaries."""
    own = dict(form.cells(given, rows)) if form.cells else {}
    if form.rows is None:
        return own
    period, before = given.settings.period, given.settings.period.before
    said = PERIOD.fill(start=period.start, end=period.end, before=before.start, until=before.end)
    return {"period": said[lang], "unit": UNIT[lang], **own}


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


def _shown(form: Form, raw: pd.DataFrame, given: Given) -> pd.DataFrame:
    """What an entry form shows beside the rows that stand in it."""
    return form.shown(given, raw) if form.shown else pd.DataFrame(index=raw.index)


def _entered(form: Form, reading: Reading, values: Mapping[str, Any], given: Given) -> pd.DataFrame:
    """The first rows of an entry form: what the source holds, for settings every one, and what the form shows."""
    raw = _settings(values) if form.id == "settings" else reading.raw.get(form.id, pd.DataFrame())
    if raw.empty:  # a table keeps one blank row, with its formulas
        raw = pd.DataFrame({c.column.id: [None] for c in form.asks}, dtype=object)
    asks = [c.column.id for c in form.asks if c.column.id in raw]
    return pd.concat([raw[asks], _shown(form, raw, given)], axis=1)


def _settings(values: Mapping[str, Any]) -> pd.DataFrame:
    """Every setting with the value typed for it, or its default; a choice by its name."""
    rows = []
    for s in SETTINGS:
        value = s.default if values.get(s.id) is None else values[s.id]
        rows.append({"setting_id": s.id, "value": next((c.name for c in s.choices if c.id == value), value)})
    return pd.DataFrame(rows, dtype=object)


def _names(settings: pd.DataFrame | None) -> dict[str, tuple[str, str, int]]:
    """The defined name of each setting → the cell of its value in force: formulas use them."""
    ids = [] if settings is None or "setting_id" not in settings else settings["setting_id"].tolist()
    found = {tuning.known(id): ("settings", "in_force", row) for row, id in reversed(list(enumerate(ids)))}
    return {id: place for id, place in found.items() if id}


def _asked(form: Form, present: pd.DataFrame) -> pd.DataFrame:
    """What the user typed in a report, by the row's key."""
    asks = [c.column.id for c in form.asks if c.column.id in present]
    return present.set_index(list(form.key))[asks]


def _chosen(ids: Sequence[str] | None) -> list[Form]:
    """The forms to build: the entry forms and the reports asked for, or all."""
    known = {f.id: f for f in shelf.ALL}
    for id in ids or ():
        if id not in known:
            raise stop("--forms", NO_FORM.fill(id=id), CHOOSE.fill(ids=", ".join(known)))
    return [f for f in shelf.ALL if ids is None or f.rows is None or f.id in ids]


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
