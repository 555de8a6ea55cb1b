"""What should stand in every form: from a reading to the figures, and from these to one plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from numbers import Real
from typing import Any

import pandas as pd

from crmbook import classifications, doubts, plan, playbook
from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.classification import Classification
from crmbook.classifications.abc import ABC
from crmbook.classifications.grade import GRADE
from crmbook.features import Picker
from crmbook.figures import ledger
from crmbook.form import Form, Given, approved
from crmbook.problems import Problem
from crmbook.reading import formula_mode, kinds, tuning
from crmbook.reading.cell import Reader, UnreadableError
from crmbook.reading.tidy import Locator, several
from crmbook.schema import Tables
from crmbook.settings import ALL as SETTINGS
from crmbook.settings import Settings
from crmbook.source import Reading
from crmbook.text import Lang, Text

Heard = Callable[[plan.FormPlan], None]
PERIOD = Text("统计期间：{start} 至 {end}（与上年同日 {before} 至 {until} 比较）", "Period: {start} to {end} (compared with {before} to {until})")  # fmt: skip
UNIT = Text("单位：元", "Unit: yuan")
AS_OF = Text("更新至：{day}", "As of: {day}")
KEPT = Text("{key} 已不在数据中，但这一行有您填写的内容，已保留并变灰", "{key} is no longer in the data, but you wrote something on this row, so it stays, greyed")  # fmt: skip
RENAME = Text("不再需要时请删除这一行；如只是换了编号或名称，请在这里改成新的", "delete the row when you no longer need it; if only its id or name changed, type the new one here")  # fmt: skip
TWICE = Text("{key} 另有一行，而这一行也有您填写的内容，已保留并变灰", "{key} has another row, but you wrote something on this one too, so it stays, greyed")  # fmt: skip
MOVE = Text("请把内容移到那一行，再删除这一行", "move it to that row, then delete this one")
NO_LINE = Text(
    "没有这些设置（共 {count} 项）：{labels}；按默认值计算",
    "these settings are not here ({count}): {labels}; their defaults hold",
)
ADD_LINE = Text("如要调整，请运行 crmbook build --into 补上", "to change them, crmbook build --into adds them")
SAID = 3  # of the missing settings
SUM_OF_VISIBLE = "SUBTOTAL("


def gather(reading: Reading, wrong: Iterable[Problem], settings: Settings, present: Mapping[str, pd.DataFrame], locate: Locator, clock: date, typed: Mapping[str, Mapping[str, Any]], *, live: bool = True) -> Given:  # fmt: skip
    """All that the forms may draw on: the data, the figures made of them, and every problem met. `clock` is the real day;
    `typed`: by page, what stands in the cells that are the user's. `live`: the sheet's own day is that of the report, so
    that formulas over orders may stand in it if the data allow."""
    doubts.must_be_summable(reading.tables, locate)
    facts = classified(reading.tables, settings, present.get("grading"))
    doubtful = doubts.found(reading, facts, settings, clock, locate)
    titles = {f.id: f.title for f in shelf.ALL}
    faulty = playbook.problems(reading.tables["playbook"], facts, locate)
    as_formulas, unclean = formula_mode.live(reading.tables, reading.raw, settings, locate)
    problems = (*reading.problems, *wrong, *doubtful, *faulty, *unclean)
    before = classified(reading.tables, settings.a_year_earlier(), of=(ABC, GRADE), words=False)
    return Given(
        reading.tables, facts, before, settings, present, problems, typed, live=live and as_formulas, titles=titles
    )


def classified(tables: Tables, settings: Settings, grading: pd.DataFrame | None = None, of: Iterable[Classification] = classifications.ALL, *, words: bool = True) -> pd.DataFrame:  # fmt: skip
    """The facts with the columns of each of these classifications beside them; `grading`: that form's rows as they stand.
    `words` as in `ledger.facts`."""
    facts = ledger.facts(tables, settings, words=words)
    for c in of:
        found = c.compute(facts, settings)
        found.columns = pd.Index(
            [c.id if name == "class" else f"{c.id}_{name}" for name in found.columns], dtype=object
        )
        facts = pd.concat([facts, found], axis=1)
        if c is GRADE:
            facts["grade_final"] = approved(facts["grade"], grading)
    facts.columns = pd.Index(facts.columns, dtype=object)  # in which pandas finds a name sooner
    return facts


def reports(forms: Sequence[Form], given: Given, present: Mapping[str, plan.Present], standings: Mapping[str, Standing], lang: Lang, heard: Heard | None = None) -> tuple[list[plan.FormPlan], Given]:  # fmt: skip
    """The plans of the reports, in sheet order, each of which `heard` gets as soon as it is made, then of the pages, which speak
    of all of them; and all that was given with the rows that were kept among its problems: 检查, which stands behind the
    other reports, lists them too."""
    plans = []
    for form in forms:
        if form.rows is None:
            continue
        rows = form.rows(given)
        stands = present.get(form.id) or plan.Present.nothing(form)
        made = plan.report(form, rows, _cells(form, given, rows, lang), stands, lang, live=given.live)
        if stands.hidden:
            passed = [was in stands.hidden for was in (made.source or ())[: len(rows)]]
            without = plan.page(form, _cells(form, given, _without(rows, passed), lang), lang).cells
            visible = {name: cell for name, cell in without.items() if SUM_OF_VISIBLE in (cell.formula or "")}
            made = replace(made, cells={**made.cells, **visible})
        found = [*_kept(form, made, standings[form.id]), *_unread(form, made, stands, standings[form.id])]
        given = replace(given, problems=(*given.problems, *found), made={**given.made, form.id: rows})
        plans.append(made)
        if heard is not None:
            heard(made)
    pages = [page(form, given, lang) for form in forms if form.page]
    return [*plans, *pages], given


def _without(rows: pd.DataFrame, passed: Sequence[bool]) -> pd.DataFrame:
    """The rows as a sum of the visible ones has them: the figures of the rows that are passed over add nothing to it, and
    are known all the same."""

    def column(values: "pd.Series[Any]") -> "pd.Series[Any]":
        if values.dtype.kind not in "fiuO":
            return values
        held = zip(values.tolist(), passed, strict=True)
        figures = [0 if over and isinstance(value, Real) and value == value else value for value, over in held]  # noqa: PLR0124  (NaN)
        return pd.Series(figures, values.index, values.dtype)

    return pd.DataFrame({id: column(rows[id]) for id in rows}, rows.index)


def page(form: Form, given: Given, lang: Lang) -> plan.FormPlan:
    """The plan of a page; the cells that are the user's get their first value when it is new, and are then left alone."""
    cells = _cells(form, given, pd.DataFrame(), lang)
    theirs = {name for feature in form.parts for name in feature.asks} if form.id in given.typed else set()
    return plan.page(form, {name: value for name, value in cells.items() if name not in theirs}, lang)


def picked(form: Form, picker: Picker, given: Given, lang: Lang) -> Iterator[tuple[str, plan.FormPlan]]:
    """A page as it is for each word its picker offers: the word, and values without formulas."""
    other, _, column = picker.offers.partition(".")
    for word in given.made[other][column]:
        values = _cells(form, replace(given, typed={**given.typed, form.id: {picker.id: word}}), pd.DataFrame(), lang)
        made = plan.page(form, values, lang)
        yield (
            word,
            replace(made, cells={picker.id: plan.Cell(word), **{n: plan.Cell(c.value) for n, c in made.cells.items()}}),
        )


def _kept(form: Form, made: plan.FormPlan, standing: Standing) -> list[Problem]:
    """A warning for every row that stays only because something was typed on it."""
    keys = made.columns[form.key[0]].values
    whole = [*plan.keys([made.columns[id].values for id in form.key])] if made.gone else []
    here = {key for at, key in enumerate(whole) if at not in made.gone}

    def said(at: int) -> tuple[Text, Text]:
        what, fix = (TWICE, MOVE) if whole[at] in here else (KEPT, RENAME)
        return what.fill(key=keys[at]), fix

    return [
        Problem(standing.address(at, form.key[0]), *said(at), "warning", form.id, str(keys[at]))
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

        in_their_order = sorted(faults, key=lambda was: now.get(was, was))  # as the next run will meet them
        problems += several(in_their_order, problem, column.label)
    return problems


def _faults(read: Reader, values: Sequence[Any]) -> dict[int, UnreadableError]:
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
    if form.is_entry:
        return own
    period, before = given.settings.period, given.settings.period.before
    said = PERIOD.fill(start=period.start, end=period.end, before=before.start, until=before.end)
    head = {"period": said[lang], "unit": UNIT[lang]}
    if form.page:
        head["as_of"] = AS_OF.fill(day=period.end)[lang]
    return {**head, **own}


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


def names(settings: pd.DataFrame | None, lang: Lang) -> dict[str, tuple[str, str, int] | str]:
    """The defined name of each setting → the cell of its value in force, or its default where the line was deleted or never
    was there: formulas use them."""
    ids = [] if settings is None or "setting_id" not in settings else settings["setting_id"].tolist()
    found = {tuning.known(id): ("settings", "in_force", row) for row, id in reversed(list(enumerate(ids)))}
    return {**defaults(lang), **{id: place for id, place in found.items() if id}}


def defaults(lang: Lang) -> dict[str, str]:
    """Each setting's default as a formula has it."""
    held = {s.id: next((c.name[lang] for c in s.choices if c.id == s.default), s.default) for s in SETTINGS}
    return {id: f'"{value or ""}"' if value is None or isinstance(value, str) else f"{value:.15g}" for id, value in held.items()}  # fmt: skip


def without_line(settings: pd.DataFrame | None, locate: Locator) -> list[Problem]:
    """A warning where lines of the settings were deleted, or a newer crmbook has more of them."""
    if settings is None or "setting_id" not in settings:
        return []
    there = {tuning.known(id) for id in settings["setting_id"].tolist()}
    missing = [s for s in SETTINGS if s.id not in there]
    if not missing:
        return []
    labels = Text.join([s.label for s in missing[:SAID]], "、", ", ")
    what = NO_LINE.fill(labels=labels, count=len(missing))
    return [Problem(locate("settings", 0, "value"), what, ADD_LINE, "warning", "settings")]
