"""The measures that staff wrote in the playbook: chosen by class, filled in with a customer's figures, in a sandbox.

A measure is a Jinja2 text such as `{{ name }}: {{ drop|pct }} down`. It may print values, compare them and choose with
`if`; loops, calls and attributes are refused, so no text can run long or grow large.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
from jinja2 import Template, TemplateError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from crmbook.classification import Classification
from crmbook.text import LANGS, Lang, Text, said

LONGEST = 1000  # characters of a measure, and of what it becomes
FAULT = Text("（策略库 {line} 的措施有误：{why}）", "(measure {line} of the playbook is wrong: {why})")
TOO_LONG = Text("超过 {longest} 字", "longer than {longest} characters")
SYNTAX = Text("双花括号或百分号括号没有写完整", "a pair of braces is not complete")
REFUSED = Text("只能用数值、条件和 pct、money、days", "only values, conditions and pct, money, days may be used")
UNKNOWN = Text("没有这个数值：{names}", "there is no such value: {names}")
CANNOT = Text("用这位客户的数值算不出来", "it cannot be computed from this customer's values")
BETWEEN = Text("；", "; ")

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
                used = {name: values[name] for name in self.names}
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
        if _folded(scope) not in {_folded(n) for n in (by.id, by.label.zh, by.label.en)} or pd.isna(words):
            continue
        for c in by.classes:
            if pd.isna(condition) or _folded(condition) in {_folded(n) for n in (c.id, c.name.zh, c.name.en)}:
                found[c.id].append(measure(str(line_id), str(words), known))
    return found


def in_a_row(sentences: Iterable[Text]) -> Text:
    """Sentences in one cell."""
    return Text.join(list(sentences), BETWEEN.zh, BETWEEN.en)


def _folded(word: Any) -> str:
    return str(word).strip().casefold()
