"""The measures that staff wrote in the playbook: chosen by class, filled in with a customer's figures, in a sandbox.

A measure is a Jinja2 text such as `{{ name }}: {{ drop|pct }} down`. It may print values, compare them and choose with
`if`; loops, calls and attributes are refused, so no text can run long or grow large.
"""

import math
from collections.abc import Collection, Iterable, Mapping
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
from crmbook.schema import Choice
from crmbook.text import LANGS, Lang, Text, said
from crmbook.tidy import Locator

LONGEST = 1000  # characters of a measure, and of what it becomes
FAULT = Text("（策略库 {line} 的措施有误：{why}）", "(measure {line} of the playbook is wrong: {why})")
TOO_LONG = Text("超过 {longest} 字", "longer than {longest} characters")
SYNTAX = Text("双花括号或百分号括号没有写完整", "a pair of braces is not complete")
REFUSED = Text("只能用数值、条件和 pct、money、days", "only values, conditions and pct, money, days may be used")
UNKNOWN = Text("没有这个数值：{names}", "there is no such value: {names}")
CANNOT = Text("用这位客户的数值算不出来", "it cannot be computed from this customer's values")
BETWEEN, SEPARATOR = Text("；", "; "), Text("、", ", ")
WRONG = Text("措施有误：{why}", "the measure is wrong: {why}")
REWRITE = Text("请改写这条措施，数值写在双花括号里，如 {example}", "write the measure anew, with values in double braces such as {example}")  # fmt: skip
NO_SCOPE = Text("“{word}”不是分类，也不是表单", "“{word}” is neither a class nor a form")
CHOOSE_SCOPE = Text("请填写代号，如 {ids}；改正前这条措施不会出现", "write an id such as {ids}; until then the measure appears nowhere")  # fmt: skip
NO_CLASS = Text("“{word}”不是{label}的一类", "“{word}” is no class of {label}")
CHOOSE_CLASS = Text("请填写 {names} 之一，或留空；改正前这条措施不会出现", "write one of {names}, or leave it blank; until then the measure appears nowhere")  # fmt: skip
COMING = ("problems",)  # forms that measures may be written for before there is such a sheet
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
class Measure:
    """One line of the playbook, ready to be filled in; `fault` says why it cannot be."""

    line_id: str
    template: Template | None
    names: frozenset[str]
    fault: Text | None

    def fill(self, values: Mapping[str, Any]) -> Text:
        """The measure with a customer's values (`Text` among them speak their own language); a fault is said in words."""
        fault = self.fault
        if self.template is not None and fault is None:
            try:
                used = {name: _UNKNOWN if _blank(values[name]) else values[name] for name in self.names}
                return Text(*(self._render(self.template, used, lang) for lang in LANGS))
            except (TemplateError, TypeError, ValueError, ArithmeticError):
                fault = CANNOT
        return FAULT.fill(line=self.line_id, why=fault or SYNTAX)

    @staticmethod
    def _render(template: Template, values: Mapping[str, Any], lang: Lang) -> str:
        return template.render({k: said(v, lang) for k, v in values.items()})[:LONGEST]


def measure(line_id: str, words: str, known: Collection[str]) -> Measure:
    """A measure as typed → ready to be filled in with the values of these names."""
    template, names, fault = _compiled(words)
    unknown = sorted(names.difference(known))
    if unknown:
        fault = UNKNOWN.fill(names=", ".join(unknown))
    return Measure(line_id, template, names, fault)


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


def measures(playbook: pd.DataFrame, by: Classification, known: Collection[str]) -> dict[str, list[Measure]]:
    """The playbook's lines for one classification → per class id its measures, in the playbook's order.

    A line speaks of the classification and the class by id or by name, in either language; no condition = every class.
    """
    found: dict[str, list[Measure]] = {c.id: [] for c in by.classes}
    for line_id, scope, condition, words in playbook[["line_id", "form", "condition", "measure"]].itertuples(
        index=False
    ):
        if _folded(scope) not in _words(by.id, by.label) or pd.isna(words):
            continue
        for c in by.classes:
            if pd.isna(condition) or _is(condition, c):
                found[c.id].append(measure(str(line_id), str(words), known))
    return found


def values(facts: pd.DataFrame, grades: "pd.Series[Any]") -> pd.DataFrame:
    """Facts and the grades in force → the values a measure may use, a row per customer; classes by their names."""
    growth = facts["net_12m"] / facts["net_prev_12m"].where(facts["net_prev_12m"] > 0) - 1
    found = facts.assign(grade=grades, months=12, growth=growth, drop=-growth)
    for c in classifications.ALL:
        found[c.id] = found[c.id].map({choice.id: choice.name for choice in c.classes}).fillna(found[c.id])
    return found


def problems(playbook: pd.DataFrame, forms: Mapping[str, Text], facts: pd.DataFrame, locate: Locator) -> list[Problem]:  # fmt: skip
    """A warning for every line of the playbook that cannot be filled in, or that speaks of no class and no form.

    `forms`: the title of every form, by id.
    """
    known = [str(name) for name in values(facts, facts["grade"])]
    classes = {word: c for c in classifications.ALL for word in _words(c.id, c.label)}
    scopes = {word for id, title in forms.items() for word in _words(id, title)}.union(COMING, classes)
    found: list[Problem] = []
    for at, line_id, scope, condition, words in playbook[["line_id", "form", "condition", "measure"]].itertuples():

        def say(column: str, what: Text, fix: Text, at: int = at, line_id: str = line_id) -> None:
            found.append(Problem(locate("playbook", at, column), what, fix, "warning", "playbook", str(line_id)))

        if _folded(scope) not in scopes:
            ids = ", ".join([*(c.id for c in classifications.ALL), *list(forms)[:2]])
            say("form", NO_SCOPE.fill(word=scope), CHOOSE_SCOPE.fill(ids=ids))
        by = classes.get(_folded(scope))
        if by is not None and not pd.isna(condition) and not any(_is(condition, c) for c in by.classes):
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
