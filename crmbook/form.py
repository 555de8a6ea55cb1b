"""What a form is: one sheet that shows what we know and asks what only the user knows.

The columns a form *shows* are ours, written anew by every refresh. The columns it *asks* are the user's, never
touched, and carried along with their row. A form with `rows` is a report; without, it is an entry form over the
schema table of the same id.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.classifications.grade import GRADE
from crmbook.feature import Feature, Group
from crmbook.features import Chart, Colours, Picker
from crmbook.problems import Problem
from crmbook.schema import Choice, Column, Table, Tables
from crmbook.settings import Settings
from crmbook.text import Text

# An approved grade as staff may have pasted it: either case, either width, with blanks around it. The grading form's
# formula reads it by the same two; whatever else stands there is no grade.
BLANKS = " \t\n\u00a0\u3000"
OTHER = re.compile(r"([A-Za-z]\w*)\[|_crm\.(\w+)\.")  # another form, as a formula names it
WIDER = 0xFEE0  # from a letter to its full-width form
GRADE_LETTERS = {
    chr(ord(letter) + wider): c.id
    for c in GRADE.classes
    for letter in (c.name.en.upper(), c.name.en.lower())
    for wider in (0, WIDER)
}
GRADE_COLOURS = Colours(
    "grade", tuple(zip((c.name for c in GRADE.classes), ("good", "fair", "warn", "bad"), strict=True))
)


@dataclass(frozen=True, slots=True)
class Given:
    """All that a form may draw on; a form adds nothing to it.

    tables: entry tables, typed (`schema`), rows with an error left out. facts: one row per customer (`ledger.facts`)
    with each classification's columns beside them, and `grade_final`, the grade in force (staff's, or else the suggested
    one); facts_before: the same as of one year earlier, with ABC and grade only. present: by report, its rows as they stand
    in the workbook before this refresh, ours and the user's, raw (choices in words), indexed by the row's key; a form that was never there is
    absent. typed: by page, what the user typed into its cells. made: by report, the rows already made in this run (a
    report sees those before it on the shelf, a page all of them). problems: all found so far. live: the book is small
    enough for formulas over orders. titles: of every form, by its id.
    """

    tables: Tables
    facts: pd.DataFrame
    facts_before: pd.DataFrame
    settings: Settings
    present: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    typed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    made: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    live: bool = False
    titles: Mapping[str, Text] = field(default_factory=dict)

    @property
    def grades(self) -> "pd.Series[Any]":
        """Each customer's grade in force."""
        return self.facts["grade_final"]


def approved(suggested: "pd.Series[Any]", grading: pd.DataFrame | None) -> "pd.Series[Any]":
    """The grade in force of each customer: the one staff approved in the grading form if it is one, else the suggested one."""
    if grading is None or "approved" not in grading:
        return suggested
    words = {key: word.strip(BLANKS) for key, word in grading["approved"].items() if isinstance(word, str)}
    final = [GRADE_LETTERS.get(words.get(customer, ""), grade) for customer, grade in suggested.items()]
    return pd.Series(final, index=suggested.index, dtype=object)


@dataclass(frozen=True, slots=True)
class Shows:
    """A column of ours. `formula` stands in every cell of it, beside the computed value.

    In a formula `[@id]` is this row's cell of the column with that id, `[id]` the whole column, `table[id]` a column
    of another form, and a setting is its id: `IFERROR([@sales]/SUM([sales]),0)`. `total` is a formula over the whole
    column for the totals line above the header, e.g. `SUBTOTAL(109,[sales])`. `live` is a formula over orders, written
    only where the book is small enough for it. `hidden`: figures behind a sparkline or a page.
    """

    column: Column
    formula: str | Text | None = None
    total: str | None = None
    width: float | None = None
    band: Text | None = None  # the header's upper line; neighbours with the same band share it
    live: str | Text | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """A column of the user's."""

    column: Column
    width: float | None = None
    band: Text | None = None

    @property
    def offers(self) -> str:
        """The column whose values its cells offer, as `form.column`; a column that refers offers that table's key."""
        refers = self.column.refers
        return self.column.offers or (f"{refers}.{schema.BY_ID[refers].key[0]}" if refers else "")


Band = tuple[tuple[Feature, int], ...]  # features side by side on a page, each over so many of its columns
PAGE_COLUMNS = 24


@dataclass(frozen=True, slots=True, eq=False)  # one value in one file: forms are told apart as they are
class Form:
    """One form. `rows(given)` answers with the key and the shown columns, in the order in which they should stand;
    choices as ids, words as `Text`. `cells(given, rows)` gives the value beside every formula that stands outside the
    table: totals as `total.<column id>`, features' cells by their own names. An entry form that also shows has
    `shown(given, raw)`: the rows as they stand in → their shown columns, with the same index.

    A page has no table, key or columns but `page`: bands of features from the top; its `cells` are given no rows.
    `rules`: in words, what the form's figures mean and who is listed, beyond what its columns and classes say. `group`:
    under which heading the first page lists it.
    """

    id: str
    title: Text
    purpose: Text
    key: tuple[str, ...] = ()
    columns: tuple[Shows | Asks, ...] = ()
    rows: Callable[[Given], pd.DataFrame] | None = None
    cells: Callable[[Given, pd.DataFrame], Mapping[str, Any]] | None = None
    shown: Callable[[Given, pd.DataFrame], pd.DataFrame] | None = None
    features: tuple[Feature, ...] = field(default=())
    page: tuple[Band, ...] = ()
    rules: tuple[Text, ...] = ()
    group: Group = "analysis"
    sign_off: tuple[Text, ...] = (Text("审核", "Checked by"), Text("填写", "Filled in by"), Text("编制", "Prepared by"))

    @property
    def shows(self) -> tuple[Shows, ...]:
        return tuple(c for c in self.columns if isinstance(c, Shows))

    @property
    def asks(self) -> tuple[Asks, ...]:
        return tuple(c for c in self.columns if isinstance(c, Asks))

    @property
    def is_entry(self) -> bool:
        """True if it is the data itself."""
        return self.rows is None and not self.page

    @property
    def parts(self) -> tuple[Feature, ...]:
        """Its features, those of a page from the top."""
        return (*self.features, *(feature for band in self.page for feature, _ in band))

    @property
    def speaks_of(self) -> frozenset[str]:
        """The other forms whose columns or cells its formulas name."""
        formulas = [str(f) for c in self.shows for f in (c.formula, c.live, c.total)]
        formulas += [formula for part in self.parts for formula in part.formulas("en").values()]
        found = {a or b for text in formulas for a, b in OTHER.findall(text)}
        found |= {part.form for part in self.parts if isinstance(part, Chart)}
        found |= {part.offers.partition(".")[0] for part in self.parts if isinstance(part, Picker)}
        return frozenset(found - {self.id, ""})

    @property
    def table(self) -> str:
        """The Excel table's name."""
        return f"crm_{self.id}"


NO = Shows(Column("no", Text("序号", "No."), "number"), width=6)
NOTE = Asks(schema.NOTE)


def listed(columns: Mapping[str, "Sequence[Any] | pd.Series[Any]"]) -> pd.DataFrame:
    """Rows, column by column and one below the other; what comes in lists stays as it is."""
    typed = {id: of.array if isinstance(of, pd.Series) else pd.Series(of, dtype=object) for id, of in columns.items()}
    index = pd.RangeIndex(len(next(iter(typed.values()))))
    return pd.DataFrame({id: pd.Series(of, index, of.dtype, copy=False) for id, of in typed.items()}, index)


def blank(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """The value beside a formula that leaves a cell blank is an empty text, not nothing."""
    return values.astype(object).where(values.notna(), "")


def entry(table: Table, purpose: Text, *, after: Mapping[str, Shows] | None = None, shown: Callable[[Given, pd.DataFrame], pd.DataFrame] | None = None, widths: Mapping[str, float] | None = None, choices: Mapping[str, tuple[Choice, ...]] | None = None, features: tuple[Feature, ...] = (), group: Group = "data", rules: tuple[Text, ...] = (), sign_off: tuple[Text, ...] = ()) -> Form:  # fmt: skip
    """The entry form of a table, which shows the columns that are ours and asks the others; `after`: a column shown after that id;
    `choices`: what the sheet offers in a text column, and shows by name; other words stand there too."""
    columns: list[Shows | Asks] = []
    for plain in table.columns:
        offered = (choices or {}).get(plain.id)
        column = replace(plain, choices=offered, open=True) if offered else plain
        width = (widths or {}).get(column.id)
        columns.append(Shows(column, width=width) if column.ours else Asks(column, width=width))
        if after and column.id in after:
            columns.append(after[column.id])
    return Form(table.id, table.label, purpose, table.key, tuple(columns), shown=shown, features=features, group=group, rules=rules, sign_off=sign_off)  # fmt: skip
