"""The measures that staff wrote in the playbook: chosen by class, filled in with a customer's figures, in a sandbox.

A measure is a Jinja2 text such as `{{ name }}: {{ drop|pct }} down`. It may print values, compare them and choose with
`if`; loops, calls and attributes are refused, so no text can run long or grow large.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import pandas as pd
from jinja2 import Template, TemplateError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from crmbook import classifications
from crmbook.classification import Classification
from crmbook.problems import Problem
from crmbook.schema import VISITS, Choice
from crmbook.text import LANGS, Lang, Text, said
from crmbook.tidy import Locator
from crmbook.troubles import KINDS

LONGEST = 1000  # characters of a measure, and of what it becomes
FAULT = Text("（策略库 {line} 的措施有误：{why}）", "(measure {line} of the playbook is wrong: {why})")
TOO_LONG = Text("超过 {longest} 字", "longer than {longest} characters")
SYNTAX = Text("双花括号或百分号括号没有写完整", "a pair of braces is not complete")
REFUSED = Text("只能用数值、条件和 pct、money、days", "only values, conditions and pct, money, days may be used")
UNKNOWN = Text("没有这个数值：{names}", "there is no such value: {names}")
CANNOT = Text("用这位客户的数值算不出来", "it cannot be computed from this customer's values")
NAMED = Text("{label}：{measures}", "{label}: {measures}")
BETWEEN, SEPARATOR = Text("；", "; "), Text("、", ", ")
WRONG = Text("措施有误：{why}", "the measure is wrong: {why}")
REWRITE = Text("请改写这条措施，数值写在双花括号里，如 {example}", "write the measure anew, with values in double braces such as {example}")  # fmt: skip
NO_SCOPE = Text("“{word}”不是分类，也不是列出措施的表单", "“{word}” is neither a class nor a form that shows measures")
CHOOSE_SCOPE = Text("请填写代号，如 {ids}；改正前这条措施不会出现", "write an id such as {ids}; until then the measure appears nowhere")  # fmt: skip
NO_CLASS = Text("“{word}”不是{label}的一类", "“{word}” is no class of {label}")
CHOOSE_CLASS = Text("请填写 {names} 之一，或留空；改正前这条措施不会出现", "write one of {names}, or leave it blank; until then the measure appears nowhere")  # fmt: skip
BY_WHOM = Text("{what}（{who}，{days:.0f} 天内）", "{what} ({who}, within {days:.0f} days)")
# The forms that measures may be written for, and what each of them may be written for.
CONDITIONS: Mapping[str, tuple[Choice, ...]] = {"problems": KINDS, "visit_plan": VISITS.column("purpose").choices}
EXAMPLES = ("name", "owner", "net_12m")

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div,
    nodes.Neg, nodes.Concat,
)  # fmt: skip


class _Sandbox(SandboxedEnvironment):
    intercepted_binops = frozenset({"*"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A product of numbers; a text times a number could fill the memory."""
        if isinstance(left, str) or isinstance(right, str):
            raise SecurityError(operator)
        return left * right


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT


class _Unknown(float):
    """A value that is not known: neither above nor below any other, none for `if`, and printed as a dash."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return "—"


_UNKNOWN = _Unknown("nan")


def _printed(value: Any) -> Any:
    return "—" if _blank(value) else value


_ENVIRONMENT = _Sandbox(finalize=_printed)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters = {
    "pct": lambda v: None if _blank(v) else f"{v:.0%}",
    "money": lambda v: None if _blank(v) else f"{v:,.0f}",
    "days": lambda v: None if _blank(v) else f"{v:.0f}",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What measures may be written for: a classification with its classes, or a form with its conditions."""

    id: str
    label: Text
    classes: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the playbook, ready to be filled in; `fault` says why it cannot be. `role` and `days`: who, how soon."""

    line_id: str
    template: Template | None
    names: frozenset[str]
    fault: Text | None
    role: str | None = None
    days: float | None = None

    def fill(self, values: Mapping[str, Any]) -> Text:
        """The measure with a customer's values (`Text` among them speak their own language); a fault is said in words."""
        fault = self.fault
        if self.template is not None and fault is None:
            try:
                used = {name: _UNKNOWN if _blank(values[name]) else values[name] for name in self.names}
                if not any(isinstance(value, Text) for value in used.values()):  # the same words in both languages
                    return Text.same(self._render(self.template, used, "zh"))
                return Text(*(self._render(self.template, used, lang) for lang in LANGS))
            except (TemplateError, TypeError, ValueError, ArithmeticError):
                fault = CANNOT
        return FAULT.fill(line=self.line_id, why=fault or SYNTAX)

    def assign(self, values: Mapping[str, Any]) -> Text:
        """The measure as `fill` has it, with who should take it and within how many days, where the line says both."""
        what = self.fill(values)
        if self.role is None or self.days is None or not (what.zh.strip() or what.en.strip()):
            return what
        return BY_WHOM.fill(what=what, who=self.role, days=self.days)

    @staticmethod
    def _render(template: Template, values: Mapping[str, Any], lang: Lang) -> str:
        return template.render({k: said(v, lang) for k, v in values.items()})[:LONGEST]


def measure(line_id: str, words: str, known: Collection[str], role: str | None = None, days: float | None = None) -> Measure:  # fmt: skip
    """A measure as typed → ready to be filled in with the values of these names."""
    template, names, fault = _compiled(words)
    unknown = sorted(names.difference(known))
    if unknown:
        fault = UNKNOWN.fill(names=", ".join(unknown))
    return Measure(line_id, template, names, fault, role, days)


@lru_cache(maxsize=1024)
def _compiled(words: str) -> tuple[Template | None, frozenset[str], Text | None]:
    """A text → its template, the names it uses, what is wrong with it."""
    if len(words) > LONGEST:
        return None, frozenset(), TOO_LONG.fill(longest=LONGEST)
    try:
        tree = _ENVIRONMENT.parse(words)
        if not all(_allowed(n) for n in tree.find_all(nodes.Node)):
            return None, frozenset(), REFUSED
        return _ENVIRONMENT.from_string(words), frozenset(meta.find_undeclared_variables(tree)), None
    except (TemplateError, RecursionError, ValueError, ArithmeticError):
        return None, frozenset(), SYNTAX


def _allowed(node: nodes.Node) -> bool:
    return node.name in _ENVIRONMENT.filters if isinstance(node, nodes.Filter) else isinstance(node, _ALLOWED)


def measures(playbook: pd.DataFrame, by: Scope | Classification, known: Collection[str]) -> dict[str, list[Measure]]:
    """The playbook's lines for one classification or form → per class id its measures, in the playbook's order.

    A line speaks of the classification and the class by id or by name, in either language; no condition = every class.
    """
    found: dict[str, list[Measure]] = {c.id: [] for c in by.classes}
    columns = playbook[["line_id", "form", "condition", "measure", "role", "days"]]
    for line_id, scope, condition, words, role, days in columns.itertuples(index=False):
        if _folded(scope) not in _words(by.id, by.label) or pd.isna(words):
            continue
        made = measure(
            str(line_id), str(words), known, None if pd.isna(role) else str(role), None if pd.isna(days) else days
        )
        for c in by.classes:
            if pd.isna(condition) or _is(condition, c):
                found[c.id].append(made)
    return found


def for_each(values: pd.DataFrame, chosen: Sequence[Sequence[Measure]], *, assigned: bool = False) -> list[list[Text]]:
    """Each customer's values and measures → the measures in words, without those that left nothing to say.

    `assigned`: with who should take it and how soon.
    """
    every = {id(m): m for some in chosen for m in some}  # each line of the playbook once
    used = sorted({name for m in every.values() for name in m.names.intersection(values.columns)})
    rows = zip(*(values[name].tolist() for name in used), strict=True) if used else [()] * len(values)
    fill = Measure.assign if assigned else Measure.fill
    plain = {at: fill(m, {}) for at, m in every.items() if not m.names}  # the same for everybody
    found = []
    for some, own in zip(chosen, rows, strict=True):
        filled = dict(zip(used, own, strict=True))
        said = (plain[id(m)] if id(m) in plain else fill(m, filled) for m in some)
        found.append([words for words in said if words.zh.strip() or words.en.strip()])
    return found


def by_class(playbook: pd.DataFrame, facts: pd.DataFrame, grades: "pd.Series[Any]", some: Iterable[Classification]) -> list[Text]:  # fmt: skip
    """The measures for each customer's classes, a line for each of these classifications; none for those who have left."""
    known, classes = values(facts, grades), facts.assign(grade=grades)
    lines: list[list[Text]] = [[] for _ in facts.index]
    for c in some:
        by = measures(playbook, c, known.columns)
        chosen = [by[id] * (stage != "exit") for id, stage in zip(classes[c.id], classes["stage"], strict=True)]
        for own, words in zip(lines, for_each(known, chosen), strict=True):
            own.extend([NAMED.fill(label=c.label, measures=in_a_row(words))] if words else [])
    return [on_lines(own) for own in lines]


def values(facts: pd.DataFrame, grades: "pd.Series[Any]") -> pd.DataFrame:
    """Facts and the grades in force → the values a measure may use, a row per customer; classes by their names.

    `growth` and `drop` compare the last 12 months with the 12 before, `period_drop` the period with the same days of last
    year.
    """
    growth = facts["net_12m"] / facts["net_prev_12m"].where(facts["net_prev_12m"] > 0) - 1
    same_days = facts["net_period"] / facts["net_before"].where(facts["net_before"] > 0) - 1
    found = facts.assign(grade=grades, months=12, growth=growth, drop=-growth, period_drop=-same_days)
    for c in classifications.ALL:
        found[c.id] = found[c.id].map({choice.id: choice.name for choice in c.classes}).fillna(found[c.id])
    return found


def problems(playbook: pd.DataFrame, forms: Mapping[str, Text], facts: pd.DataFrame, locate: Locator) -> list[Problem]:  # fmt: skip
    """A warning for every line of the playbook that cannot be filled in, or that speaks of no class and no form with measures.

    `forms`: the title of every form, by id.
    """
    known = [str(name) for name in values(facts, facts["grade"])]
    scopes = [Scope(id, forms.get(id, Text.same(id)), conditions) for id, conditions in CONDITIONS.items()]
    scopes += [Scope(c.id, c.label, c.classes) for c in classifications.ALL]
    named = {word: scope for scope in scopes for word in _words(scope.id, scope.label)}
    found: list[Problem] = []
    for at, line_id, scope, condition, words in playbook[["line_id", "form", "condition", "measure"]].itertuples():

        def say(column: str, what: Text, fix: Text, at: int = at, line_id: str = line_id) -> None:
            found.append(Problem(locate("playbook", at, column), what, fix, "warning", "playbook", str(line_id)))

        by = named.get(_folded(scope))
        if by is None:
            ids = ", ".join([*(c.id for c in classifications.ALL), *CONDITIONS])
            say("form", NO_SCOPE.fill(word=scope), CHOOSE_SCOPE.fill(ids=ids))
        elif not pd.isna(condition) and not any(_is(condition, c) for c in by.classes):
            names = Text.join([c.name for c in by.classes], SEPARATOR.zh, SEPARATOR.en)
            say("condition", NO_CLASS.fill(word=condition, label=by.label), CHOOSE_CLASS.fill(names=names))
        made = measure(str(line_id), str(words), known)
        if made.fault is not None:
            lost = [
                close for name in sorted(made.names.difference(known)) for close in get_close_matches(name, known, 1)
            ]
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


def on_lines(measures: Iterable[Text]) -> Text:
    """Measures in one cell, each on a line of its own; what left nothing to say has none."""
    lines = (Text(*(" ".join(m[lang].split()) for lang in LANGS)) for m in measures)
    return Text.join([line for line in lines if line.zh or line.en], "\n", "\n")


def _folded(word: Any) -> str:
    return str(word).strip().casefold()
