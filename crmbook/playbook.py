"""The playbook: the measures that staff wrote, chosen by class and filled in for each customer."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import itemgetter
from typing import Any, TypeVar

import pandas as pd

from crmbook import classifications
from crmbook.classification import Classification
from crmbook.figures import numbered
from crmbook.measure import Measure, measure
from crmbook.problems import Problem
from crmbook.reading.tidy import Locator
from crmbook.schema import VISITS, Choice
from crmbook.text import Text
from crmbook.troubles import KINDS

T = TypeVar("T")
NAMED = Text("{label}：{measures}", "{label}: {measures}")
BETWEEN, SEPARATOR, LINES = Text("；", "; "), Text("、", ", "), Text.same("\n")
WRONG = Text("措施有误：{why}", "the measure is wrong: {why}")
REWRITE = Text("请改写这条措施，数值写在双花括号里，如 {example}", "write the measure anew, with values in double braces such as {example}")  # fmt: skip
NO_SCOPE = Text("“{word}”不是分类，也不是列出措施的表单", "“{word}” is neither a class nor a form that shows measures")
CHOOSE_SCOPE = Text("请填写 {names} 之一；改正前这条措施不会出现", "write one of {names}; until then the measure appears nowhere")  # fmt: skip
NO_CLASS = Text("“{word}”不是{label}的一类", "“{word}” is no class of {label}")
CHOOSE_CLASS = Text("请填写 {names} 之一，或留空；改正前这条措施不会出现", "write one of {names}, or leave it blank; until then the measure appears nowhere")  # fmt: skip
EXAMPLES = ("name", "owner", "net_12m")


@dataclass(frozen=True, slots=True)
class Scope:
    """What measures may be written for: a classification with its classes, or a form with its conditions."""

    id: str
    label: Text
    classes: tuple[Choice, ...]


PROBLEMS = Scope("problems", Text("问题客户对策表", "Problem customers"), KINDS)
VISIT_PLAN = Scope("visit_plan", Text("客户拜访计划表", "Visit plan"), VISITS.column("purpose").choices)
SCOPES = (*(Scope(c.id, c.label, c.classes) for c in classifications.ALL), PROBLEMS, VISIT_PLAN)


def measures(playbook: pd.DataFrame, by: Scope | Classification, known: Collection[str]) -> dict[str, list[Measure]]:
    """The playbook's lines for one classification or form → per class id its measures, in the playbook's order.

    A line speaks of the classification and the class by id or by name, in either language; no condition = every class.
    """
    found: dict[str, list[Measure]] = {c.id: [] for c in by.classes}
    words_of = {c.id: _words(c.id, c.name) for c in by.classes}
    lines = [line for scope in {*_words(by.id, by.label)} for line in _by_scope(playbook).get(scope, ())]
    for _, line_id, condition, words, role, days in sorted(lines, key=itemgetter(0)):
        made = measure(line_id, words, known, role, days)
        for id, own in words_of.items():
            if condition is None or condition in own:
                found[id].append(made)
    return found


@numbered.once
def _by_scope(playbook: pd.DataFrame) -> dict[str, list[tuple[int, str, str | None, str, str | None, float | None]]]:
    """By what a line speaks of, as words are compared: its place, its id, its condition, the measure, who and how soon."""
    found: dict[str, list[Any]] = {}
    columns = (playbook[id].tolist() for id in ("line_id", "form", "condition", "measure", "role", "days"))
    for at, (line_id, scope, condition, words, role, days) in enumerate(zip(*columns, strict=True)):
        if not pd.isna(words):
            line = (
                at,
                str(line_id),
                None if pd.isna(condition) else _folded(condition),
                str(words),
                None if pd.isna(role) else str(role),
                None if pd.isna(days) else days,
            )
            found.setdefault(_folded(scope), []).append(line)
    return found


def for_each(values: pd.DataFrame, chosen: Sequence[Sequence[Measure]], into: Callable[[list[Text]], T], *, assigned: bool = False) -> list[T]:  # fmt: skip
    """Each customer's values and measures → what `into` makes of the measures in words, without those that left nothing
    to say.

    `assigned`: with who should take it and how soon.
    """
    fill = Measure.assign if assigned else Measure.fill

    every = {id(m): m for some in chosen for m in some}  # each line of the playbook once
    names = {name for m in every.values() for name in m.names if name in values}
    used = {name: values[name].tolist() for name in names}
    asked = {at: [name for name in m.names if name in used] for at, m in every.items()}
    alike: dict[tuple[Any, ...], Text | None] = {}  # many customers share the few values that a measure uses
    made: dict[tuple[int, ...], T] = {}  # and all their measures

    def said(m: Measure, row: int) -> Text | None:
        own = [used[name][row] for name in asked[id(m)]]
        key = (id(m), *own)
        if key not in alike:
            words = fill(m, dict(zip(asked[id(m)], own, strict=True)))
            alike[key] = words if words.zh.strip() or words.en.strip() else None
        return alike[key]

    found = []
    for row, some in enumerate(chosen):
        words = [text for m in some if (text := said(m, row)) is not None]
        key = tuple(map(id, words))
        if key not in made:
            made[key] = into(words)
        found.append(made[key])
    return found


def by_class(playbook: pd.DataFrame, facts: pd.DataFrame, grades: "pd.Series[Any]", some: Iterable[Classification]) -> list[Text]:  # fmt: skip
    """The measures for each customer's classes, a line for each of these classifications; none for those who have left."""
    known, classes, lines = values(facts, grades), facts.assign(grade=grades), []
    for c in some:
        by = measures(playbook, c, known.columns)
        chosen = [by[id] if stage != "exit" else [] for id, stage in zip(classes[c.id], classes["stage"], strict=True)]

        def line(words: list[Text], label: Text = c.label) -> list[Text]:
            return [on_lines([NAMED.fill(label=label, measures=in_a_row(words))])] if words else []

        lines.append(for_each(known, chosen, line))
    return [Text.join([line for part in own for line in part], "\n", "\n") for own in zip(*lines, strict=True)]


def values(facts: pd.DataFrame, grades: "pd.Series[Any]") -> pd.DataFrame:
    """Facts and the grades in force → the values a measure may use, a row per customer; classes by their names.

    `growth` and `drop` compare the last 12 months with the 12 before, `period_drop` the period with the same days of last
    year.
    """
    return _values(facts, tuple(grades.tolist()))


@numbered.once
def _values(facts: pd.DataFrame, grades: tuple[Any, ...]) -> pd.DataFrame:
    growth = facts["net_12m"] / facts["net_prev_12m"].where(facts["net_prev_12m"] > 0) - 1
    same_days = facts["net_period"] / facts["net_before"].where(facts["net_before"] > 0) - 1
    found = facts.assign(
        grade=pd.Series(grades, facts.index, object), months=12, growth=growth, drop=-growth, period_drop=-same_days
    )
    for c in classifications.ALL:
        names = {choice.id: choice.name for choice in c.classes}
        found[c.id] = pd.Series([names.get(id, id) for id in found[c.id].tolist()], found.index, object)
    return found


def problems(playbook: pd.DataFrame, facts: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every line of the playbook that cannot be filled in, or that speaks of no class and no form with measures."""
    known = [str(name) for name in values(facts, facts["grade"])]
    named = {word: scope for scope in SCOPES for word in _words(scope.id, scope.label)}
    found: list[Problem] = []
    for at, line_id, scope, condition, words in playbook[["line_id", "form", "condition", "measure"]].itertuples():

        def say(column: str, what: Text, fix: Text, at: int = at, line_id: str = line_id) -> None:
            found.append(Problem(locate("playbook", at, column), what, fix, "warning", "playbook", str(line_id)))

        by = named.get(_folded(scope))
        if by is None:
            names = Text.join([s.label for s in SCOPES], SEPARATOR.zh, SEPARATOR.en)
            say("form", NO_SCOPE.fill(word=scope), CHOOSE_SCOPE.fill(names=names))
        elif not pd.isna(condition) and not any(_is(condition, c) for c in by.classes):
            names = Text.join([c.name for c in by.classes], SEPARATOR.zh, SEPARATOR.en)
            say("condition", NO_CLASS.fill(word=condition, label=by.label), CHOOSE_CLASS.fill(names=names))
        made = measure(str(line_id), str(words), known)
        if made.fault is not None:
            lost = [close for name in made.names if name not in known for close in get_close_matches(name, known, 1)]
            example = ", ".join(f"{{{{ {name} }}}}" for name in lost or EXAMPLES)
            say("measure", WRONG.fill(why=made.fault), REWRITE.fill(example=example))
    return found


def _words(id: str, name: Text) -> tuple[str, ...]:
    return _folded(id), _folded(name.zh), _folded(name.en)


def _is(word: Any, choice: Choice) -> bool:
    return _folded(word) in _words(choice.id, choice.name)


def in_a_row(sentences: Iterable[Text]) -> Text:
    """Sentences in one cell."""
    return Text.join(list(sentences), BETWEEN.zh, BETWEEN.en)


def on_lines(measures: Iterable[Text], between: Text = LINES) -> Text:
    """Measures in one cell, each on a line of its own; what left nothing to say has none."""
    lines = [words for words in measures if words.zh.strip() or words.en.strip()]
    return Text.later(lambda lang: between[lang].join([" ".join(words[lang].split()) for words in lines]))


def in_one_line(measures: Iterable[Text]) -> Text:
    """The same in one line."""
    return on_lines(measures, BETWEEN)


def _folded(word: Any) -> str:
    return str(word).strip().casefold()
