"""A measure that staff wrote in the playbook, filled in with a customer's figures, in a sandbox.

It is a Jinja2 text such as `{{ name }}: {{ drop|pct }} down`. It may print values, compare them and choose with `if`;
loops, calls and attributes are refused, so no text can run long or grow large.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
from jinja2 import TemplateError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from crmbook.text import Lang, Text, said

LONGEST = 1000  # characters of a measure, and of what it becomes
FAULT = Text("（策略库 {line} 的措施有误：{why}）", "(measure {line} of the playbook is wrong: {why})")
TOO_LONG = Text("超过 {longest} 字", "longer than {longest} characters")
SYNTAX = Text("双花括号或百分号括号没有写完整", "a pair of braces is not complete")
REFUSED = Text("只能用数值、条件和 pct、money、days", "only values, conditions and pct, money, days may be used")
UNKNOWN = Text("没有这个数值：{names}", "there is no such value: {names}")
CANNOT = Text("用这位客户的数值算不出来", "it cannot be computed from this customer's values")
BY_WHOM = Text("（{who}，{days:.0f} 天内）", " ({who}, within {days:.0f} days)")

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
    """One line of the playbook, ready to be filled in: `say` makes words of the values of `names`; `fault` tells why it
    cannot be. `by_whom`: who should take it and how soon, where the line says both."""

    line_id: str
    names: tuple[str, ...]
    say: Callable[..., str] | None
    fault: Text | None
    by_whom: Text | None = None

    def fill(self, values: Mapping[str, Any]) -> Text:
        """The measure with a customer's values (`Text` among them speak their own language); a fault is said in words."""
        if self.say is None or self.fault is not None:
            return FAULT.fill(line=self.line_id, why=self.fault or SYNTAX)
        used = [_UNKNOWN if _blank(values[name]) else values[name] for name in self.names]
        if any(isinstance(value, Text) for value in used):
            return Text.later(lambda lang: self._said([said(value, lang) for value in used], lang))
        return Text.later(lambda lang: self._said(used, lang))

    def assign(self, values: Mapping[str, Any]) -> Text:
        """The measure as `fill` has it, with who should take it and how soon."""
        what, by_whom = self.fill(values), self.by_whom
        if by_whom is None or not (what.zh.strip() or what.en.strip()):
            return what
        return Text.later(lambda lang: what[lang] + by_whom[lang])

    def _said(self, values: Sequence[Any], lang: Lang) -> str:
        try:
            return self.say(*values)[:LONGEST] if self.say else ""
        except (TemplateError, TypeError, ValueError, ArithmeticError):
            return FAULT.fill(line=self.line_id, why=CANNOT)[lang]


def measure(line_id: str, words: str, known: Collection[str], role: str | None = None, days: float | None = None) -> Measure:  # fmt: skip
    """A measure as typed → ready to be filled in with the values of these names."""
    names, say, fault = _compiled(words)
    unknown = [name for name in names if name not in known]
    if unknown:
        fault = UNKNOWN.fill(names=", ".join(unknown))
    by_whom = None if role is None or days is None else BY_WHOM.fill(who=role, days=days)
    return Measure(line_id, names, say, fault, by_whom)


@lru_cache(maxsize=1024)
def _compiled(words: str) -> tuple[tuple[str, ...], Callable[..., str] | None, Text | None]:
    """A text → the names it uses, what makes words of their values, what is wrong with it."""
    names: tuple[str, ...] = ()
    if len(words) > LONGEST:
        return names, None, TOO_LONG.fill(longest=LONGEST)
    if "{" not in words:  # nothing to fill in, as in most
        return names, lambda: words, None
    try:
        tree = _ENVIRONMENT.parse(words)
        if not all(_allowed(n) for n in tree.find_all(nodes.Node)):
            return names, None, REFUSED
        names = tuple(sorted(meta.find_undeclared_variables(tree)))
        # As a macro of its names it is said many times faster than as a template that is rendered.
        tree.body = [nodes.Macro("say", [nodes.Name(name, "param") for name in names], [], tree.body, lineno=1)]
        return names, vars(_ENVIRONMENT.from_string(tree).module)["say"], None
    except (TemplateError, RecursionError, ValueError, ArithmeticError):
        return names, None, SYNTAX


def _allowed(node: nodes.Node) -> bool:
    return node.name in _ENVIRONMENT.filters if isinstance(node, nodes.Filter) else isinstance(node, _ALLOWED)
