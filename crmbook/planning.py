"""What should stand in every form: from a reading to the figures, and from these to one plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from crmbook import classifications, crosscheck, kinds, ledger, plan, playbook, tuning
from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.form import Form, Given
from crmbook.kinds import UnreadableError
from crmbook.problems import Problem
from crmbook.settings import ALL as SETTINGS
from crmbook.settings import Settings
from crmbook.source import Reading
from crmbook.text import Lang, Text
from crmbook.tidy import Locator, several

PERIOD = Text("统计期间：{start} 至 {end}（与上年同日 {before} 至 {until} 比较）", "Period: {start} to {end} (compared with {before} to {until})")  # fmt: skip
UNIT = Text("单位：元", "Unit: yuan")
KEPT = Text("{key} 已不在数据中，但这一行有您填写的内容，已保留并变灰", "{key} is no longer in the data, but you wrote something on this row, so it stays, greyed")  # fmt: skip
DELETE = Text("不再需要时请删除这一行", "delete the row when you no longer need it")


def gather(reading: Reading, wrong: Iterable[Problem], settings: Settings, asked: Mapping[str, pd.DataFrame], locate: Locator, clock: date) -> Given:  # fmt: skip
    """All that the forms may draw on: the data, the figures made of them, and every problem met. `clock` is the real day."""
    facts = classified(reading, settings)
    late = crosscheck.ahead(reading.tables, max(settings.today, clock), locate)
    late += crosscheck.not_yet(reading.tables, settings.today, clock, locate)
    unrated = crosscheck.unrated(reading.tables["customers"], facts, locate)
    scopes = {f.id: f.title for f in shelf.ALL}
    faulty = playbook.problems(reading.tables["playbook"], scopes, facts, locate)
    problems = (*reading.problems, *wrong, *late, *unrated, *faulty)
    return Given(reading.tables, facts, classified(reading, settings.a_year_earlier()), settings, asked, problems)


def classified(reading: Reading, settings: Settings) -> pd.DataFrame:
    """The facts with each classification's columns beside them."""
    facts = ledger.facts(reading.tables, settings)
    for c in classifications.ALL:
        found = c.compute(facts, settings)
        names = {name: c.id if name == "class" else f"{c.id}_{name}" for name in found.columns}
        facts = pd.concat([facts, found.rename(columns=names)], axis=1)
    return facts


def reports(forms: Sequence[Form], given: Given, present: Mapping[str, plan.Present], standings: Mapping[str, Standing], lang: Lang) -> tuple[list[plan.FormPlan], Given]:  # fmt: skip
    """The plans of the reports, in sheet order, and all that was given with the rows that were kept among its problems:
    检查, which stands behind the other reports, lists them too."""
    plans = []
    for form in forms:
        if form.rows is None:
            continue
        rows = form.rows(given)
        stands = present.get(form.id) or plan.Present.nothing(form)
        made = plan.report(form, rows, _cells(form, given, rows, lang), stands, lang)
        found = [*_kept(form, made, standings[form.id]), *_unread(form, made, stands, standings[form.id])]
        given = replace(given, problems=(*given.problems, *found)) if found else given
        plans.append(made)
    return plans, given


def _kept(form: Form, made: plan.FormPlan, standing: Standing) -> list[Problem]:
    """A warning for every row that stays only because something was typed on it."""
    keys = made.columns[form.key[0]].values
    return [
        Problem(standing.address(at, form.key[0]), KEPT.fill(key=keys[at]), DELETE, "warning", form.id, str(keys[at]))
        for at in sorted(made.gone)
    ]


def _unread(form: Form, made: plan.FormPlan, present: plan.Present, standing: Standing) -> list[Problem]:
    """A warning for every asked cell that holds something else than its column asks for."""
    now = {was: at for at, was in enumerate(made.source or ())}
    problems: list[Problem] = []
    for column in (
        a.column for a in form.asks if a.column.kind not in ("text", "long") and a.column.id in present.rows
    ):
        faults = _faults(kinds.reader(column), present.rows[column.id].tolist())

        def problem(was: int, id: str = column.id, faults: Mapping[int, UnreadableError] = faults) -> Problem:
            where, key = standing.address(now.get(was, was), id), str(present.rows[form.key[0]].iloc[was])
            return Problem(where, faults[was].what, faults[was].fix, "warning", form.id, key)

        problems += several(list(faults), problem, column.label)
    return problems


def _faults(read: kinds.Reader, values: Sequence[Any]) -> dict[int, UnreadableError]:
    """By position, why a value cannot be read; blanks are well."""
    faults = {}
    for at, value in enumerate(values):
        try:
            if value is not None:
                read(value)
        except UnreadableError as fault:
            faults[at] = fault
    return faults


def entry(form: Form, frame: pd.DataFrame, given: Given, lang: Lang, *, new: bool = False) -> plan.FormPlan:
    """The plan of an entry form, of new rows or of what it shows beside those that stand there."""
    return plan.entry(form, frame, _cells(form, given, frame, lang), lang, new=new)


def _cells(form: Form, given: Given, rows: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    """The values of the cells above the table: the period and unit of a report, its totals and summaries."""
    own = dict(form.cells(given, rows)) if form.cells else {}
    if form.rows is None:
        return own
    period, before = given.settings.period, given.settings.period.before
    said = PERIOD.fill(start=period.start, end=period.end, before=before.start, until=before.end)
    return {"period": said[lang], "unit": UNIT[lang], **own}


def shown(form: Form, raw: pd.DataFrame, given: Given) -> pd.DataFrame:
    """What an entry form shows beside the rows that stand in it."""
    return form.shown(given, raw) if form.shown else pd.DataFrame(index=raw.index)


def first_rows(form: Form, reading: Reading, values: Mapping[str, Any], given: Given) -> pd.DataFrame:
    """The first rows of an entry form: what the source holds, for settings every one, and what the form shows."""
    raw = _settings(values) if form.id == "settings" else reading.raw.get(form.id, pd.DataFrame())
    if raw.empty:  # a table keeps one blank row, with its formulas
        raw = pd.DataFrame({c.column.id: [None] for c in form.asks}, dtype=object)
    asks = [c.column.id for c in form.asks if c.column.id in raw]
    return pd.concat([raw[asks], shown(form, raw, given)], axis=1)


def _settings(values: Mapping[str, Any]) -> pd.DataFrame:
    """Every setting with the value typed for it, or its default; a choice by its name."""
    rows = []
    for s in SETTINGS:
        value = s.default if values.get(s.id) is None else values[s.id]
        rows.append({"setting_id": s.id, "value": next((c.name for c in s.choices if c.id == value), value)})
    return pd.DataFrame(rows, dtype=object)


def names(settings: pd.DataFrame | None) -> dict[str, tuple[str, str, int]]:
    """The defined name of each setting → the cell of its value in force: formulas use them."""
    ids = [] if settings is None or "setting_id" not in settings else settings["setting_id"].tolist()
    found = {tuning.known(id): ("settings", "in_force", row) for row, id in reversed(list(enumerate(ids)))}
    return {id: place for id, place in found.items() if id}
