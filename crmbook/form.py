"""What a form is: one sheet that shows what we know and asks what only the user knows.

The columns a form *shows* are ours, written anew by every refresh. The columns it *asks* are the user's, never
touched, and carried along with their row. A form with `rows` is a report; without, it is an entry form over the
schema table of the same id.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.classifications.grade import GRADE
from crmbook.feature import Feature
from crmbook.problems import Problem
from crmbook.schema import Column, Table, Tables
from crmbook.settings import Settings
from crmbook.text import Text

# An approved grade as staff may have pasted it: either case, either width, with blanks around it. The grading form's
# formula reads it by the same two; whatever else stands there is no grade.
BLANKS = " \t\n\u00a0\u3000"
WIDER = 0xFEE0  # from a letter to its full-width form
GRADE_LETTERS = {
    chr(ord(letter) + wider): c.id
    for c in GRADE.classes
    for letter in (c.name.en.upper(), c.name.en.lower())
    for wider in (0, WIDER)
}


@dataclass(frozen=True, slots=True)
class Given:
    """All that a form may draw on; a form adds nothing to it.

    tables: entry tables, typed (`schema`), rows with an error left out. facts: one row per customer (`ledger.facts`)
    with each classification's columns beside them; facts_before: the same as of one year earlier. asked: by form id,
    what the user typed in that report, indexed by the row's key. problems: all found in this run.
    """

    tables: Tables
    facts: pd.DataFrame
    facts_before: pd.DataFrame
    settings: Settings
    asked: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]

    @property
    def grades(self) -> "pd.Series[Any]":
        """Each customer's grade in force: the one staff approved in the grading form if it is one, else the suggested one."""
        suggested, asked = self.facts["grade"], self.asked.get("grading")
        if asked is None or "approved" not in asked:
            return suggested
        words = {key: word.strip(BLANKS) for key, word in asked["approved"].items() if isinstance(word, str)}
        approved = [GRADE_LETTERS.get(words.get(customer, ""), grade) for customer, grade in suggested.items()]
        return pd.Series(approved, index=suggested.index, dtype=object)


@dataclass(frozen=True, slots=True)
class Shows:
    """A column of ours. `formula` stands in every cell of it, beside the computed value.

    In a formula `[@id]` is this row's cell of the column with that id, `[id]` the whole column, `table[id]` a column
    of another form, and a setting is its id: `IFERROR([@sales]/SUM([sales]),0)`. `total` is a formula over the whole
    column for the totals line above the header, e.g. `SUBTOTAL(109,[sales])`.
    """

    column: Column
    formula: str | Text | None = None
    total: str | None = None
    width: float | None = None
    band: Text | None = None  # the header's upper line; neighbours with the same band share it


@dataclass(frozen=True, slots=True)
class Asks:
    """A column of the user's."""

    column: Column
    width: float | None = None
    band: Text | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `rows(given)` answers with the key and the shown columns, in the order in which they should stand;
    choices as ids, words as `Text`. `cells(given, rows)` gives the value beside every formula that stands outside the
    table: totals as `total.<column id>`, features' cells by their own names. An entry form that also shows has
    `shown(given, raw)`: the rows as they stand in → their shown columns, with the same index."""

    id: str
    title: Text
    purpose: Text
    key: tuple[str, ...]
    columns: tuple[Shows | Asks, ...]
    rows: Callable[[Given], pd.DataFrame] | None = None
    cells: Callable[[Given, pd.DataFrame], Mapping[str, Any]] | None = None
    shown: Callable[[Given, pd.DataFrame], pd.DataFrame] | None = None
    features: tuple[Feature, ...] = field(default=())
    sign_off: tuple[Text, ...] = (Text("审核", "Checked by"), Text("填写", "Filled in by"), Text("编制", "Prepared by"))

    @property
    def shows(self) -> tuple[Shows, ...]:
        return tuple(c for c in self.columns if isinstance(c, Shows))

    @property
    def asks(self) -> tuple[Asks, ...]:
        return tuple(c for c in self.columns if isinstance(c, Asks))

    @property
    def table(self) -> str:
        """The Excel table's name."""
        return f"crm_{self.id}"


NO = Shows(Column("no", Text("序号", "No."), "number"), width=6)
NOTE = Asks(schema.NOTE)


def blank(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """The value beside a formula that leaves a cell blank is an empty text, not nothing."""
    return values.astype(object).where(values.notna(), "")


def entry(table: Table, purpose: Text, *, ours: Collection[str] = (), after: Mapping[str, Shows] | None = None, shown: Callable[[Given, pd.DataFrame], pd.DataFrame] | None = None, widths: Mapping[str, float] | None = None, features: tuple[Feature, ...] = (), sign_off: tuple[Text, ...] = ()) -> Form:  # fmt: skip
    """The entry form of a table. `ours`: columns that it shows instead of asking; `after`: a column shown after that id."""
    columns: list[Shows | Asks] = []
    for column in table.columns:
        width = (widths or {}).get(column.id)
        columns.append(Shows(column, width=width) if column.id in ours else Asks(column, width=width))
        if after and column.id in after:
            columns.append(after[column.id])
    return Form(table.id, table.label, purpose, table.key, tuple(columns), shown=shown, features=features, sign_off=sign_off)  # fmt: skip
