"""What can go wrong, said so that a person can put it right.

Two kinds, and no third:

* `Problem`: something in the user's data. Collected, never raised; one run reports them all.
* `CannotProceedError`: the run stops and the file stays as it was. Raised; the door shows one line.
"""

from dataclasses import dataclass, field
from typing import Literal

from crmbook.text import Lang, Text

Severity = Literal["error", "warning"]
LINE = Text("{where}：{what}。{fix}", "{where}: {what}. {fix}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: where it is, what is wrong, what to do.

    `where` is `订单!C17` or `orders.csv:17:amount`; `count` says for how many rows this one line speaks.
    An *error* leaves its rows out of the figures, a *warning* does not.
    """

    where: str
    what: Text
    fix: Text
    severity: Severity = "error"
    form: str = ""  # the form (table) it stands in, by id
    key: str | Text = ""  # the row's key, as typed
    count: int = field(default=1)

    def line(self, lang: Lang) -> str:
        """The problem on one line, in one language."""
        return LINE.fill(where=self.where, what=self.what, fix=self.fix.sentence())[lang]


class CannotProceedError(Exception):
    """The run stops here; nothing was written."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.line("en"))
        self.problem = problem


def stop(where: object, what: Text, fix: Text) -> CannotProceedError:
    """A `CannotProceedError` to raise, from its three parts."""
    return CannotProceedError(Problem(str(where), what, fix))
