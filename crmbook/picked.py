"""A page about one customer: the formulas that follow its picker without Python, and the values that stand beside them.

The page has a picker `picked` that offers `profiles.pick`, and the fields `who.row` (the customer's row in 客户档案; blank for
none) and `who.customer_id`; every other cell finds its figure by these two.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmbook import classifications, lines
from crmbook.classification import Classification
from crmbook.classifications.grade import GRADE
from crmbook.features import Field, Picker
from crmbook.form import Given
from crmbook.schema import Choice, Kind
from crmbook.sought import literal
from crmbook.text import LANGS, Text

CLASSES: tuple[Classification, ...] = tuple(
    c for c in classifications.ALL if c is not GRADE
)  # by line of 客户档案's classes
PICKER = Picker("picked", Text("选择客户", "Customer"), "profiles.pick")
CHOOSE = Text("请在上方黄色单元格中选择客户", "Choose a customer in the yellow cell above")
NOBODY = Text("没有找到“{pick}”，请从列表中选择", "There is no “{pick}”: choose from the list")
TYPED, BLANKS = 'TRIM(_crm.{page}.picked&"")', re.compile(" +")
ROW, ID = "_crm.{page}.who.row", "_crm.{page}.who.customer_id"
WORDS = {"text", "long", "choice", "id"}


def row_formula(page: str) -> str:
    """The picked customer's row: by the words of the list, or by the id with which they begin."""
    typed = TYPED.format(page=page)
    whole, id = (f"MATCH({literal(typed)}{rest},profiles[pick],0)" for rest in ("", '&" *"'))
    return f'IF({typed}="","",IFERROR({whole},IFERROR({id},"")))'


def name_formula(page: str) -> Text:
    """The picked customer's name, or what to do where there is none."""
    typed, row = TYPED.format(page=page), ROW.format(page=page)
    nobody = {lang: '"' + NOBODY[lang].replace("{pick}", f'"&{typed}&"') + '"' for lang in LANGS}
    return Text(*(f'IF({typed}="","{CHOOSE[lang]}",IF({row}="",{nobody[lang]},TRIM(INDEX(profiles[name],{row})&"")))' for lang in LANGS))  # fmt: skip


def row_in(page: str, form: str) -> str:
    """The picked customer's row in another form."""
    return f"MATCH({literal(ID.format(page=page))},{form}[customer_id],0)"


def cell(page: str, form: str, column: str) -> str:
    """The picked customer's cell of a column."""
    if form == "profiles":
        return f"INDEX(profiles[{column}],{ROW.format(page=page)})"
    found = row_in(page, form)
    if form == "customers":  # where somebody may have typed a number
        found = f"IFERROR({found},MATCH(VALUE({ID.format(page=page)}),{form}[customer_id],0))"
    return f"INDEX({form}[{column}],{found})"


def line(page: str, column: str, kind: Kind = "text", k: str = "{n}") -> str:
    """The k-th line of the picked customer's cell of 客户档案: a text, a day or an amount; blank where there is none."""
    found = lines.formula(cell(page, "profiles", column), k)
    as_kind = {
        "date": f"DATEVALUE({found})",
        "money": f'VALUE(SUBSTITUTE({found},".",""))/100',
    }  # alike in every country
    return f'IFERROR({as_kind.get(kind, found)},"")'


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of such a page: the picked customer's cell of a column of a form, blank where that is blank."""

    id: str
    label: Text
    kind: Kind
    form: str
    column: str
    choices: tuple[Choice, ...] = ()
    lines: int = 1
    wide: bool = False

    def formula(self, page: str) -> str:
        found = cell(page, self.form, self.column)
        return f'IFERROR(TRIM({found}&""),"")' if self.kind in WORDS else f'IFERROR(IF({found}="","",{found}),"")'

    def field(self, page: str) -> Field:
        return Field(self.id, self.label, self.kind, self.formula(page), self.lines, self.wide)

    def value(self, customer: "Customer") -> Any:
        value = customer.value(self.form, self.column)
        names = {c.id: c.name for c in self.choices}
        return _trimmed(names.get(value, value)) if self.kind in WORDS else value


class Customer:
    """The customer picked on a page, as its formulas find it; where nobody is picked, everything is blank."""

    def __init__(self, given: Given, page: str) -> None:
        self.given = given
        self.places: dict[str, int | None] = {}  # by form, where the customer stands in it
        profiles = given.made.get("profiles", pd.DataFrame({"pick": [], "customer_id": [], "name": []}))
        typed = given.typed.get(page)
        self.pick = _first(given, profiles) if typed is None else _typed(typed.get(PICKER.id))
        at = _match(self.pick, profiles["pick"].tolist())
        self.row: int | str = "" if at is None else at + 1
        self.id: str = "" if at is None else str(profiles["customer_id"].iloc[at])
        self.name: Any = CHOOSE if not self.pick else NOBODY.fill(pick=self.pick) if at is None else _trimmed(profiles["name"].iloc[at])  # fmt: skip

    def value(self, form: str, column: str) -> Any:
        """The cell of a column of a form made before, or of the customers' table; blank is an empty text."""
        rows = self.given.tables["customers"] if form == "customers" else self.given.made.get(form)
        if rows is None or self.row == "":
            return ""
        if form not in self.places:
            self.places[form] = next((at for at, id in enumerate(rows["customer_id"].tolist()) if id == self.id), None)
        if (at := self.places[form]) is None:
            return ""
        if column not in rows:  # one that the user fills in
            return self._typed(form, column)
        value = rows[column].iloc[at]
        return "" if value is None or (not isinstance(value, Text) and pd.isna(value)) else value

    def line(self, column: str, k: int, kind: Kind = "text") -> Any:
        """The k-th line of a cell of 客户档案, from 1."""
        found = lines.kth(self.value("profiles", column), k)
        if kind == "date":
            return pd.Timestamp(found.en) if found.en else ""
        if kind == "money":
            return int(found.en.replace(".", "")) / 100 if found.en else ""
        return found

    def _typed(self, form: str, column: str) -> Any:
        """What the user typed in a column of a report; blank in a new book."""
        present = self.given.present.get(form)
        if present is None or column not in present or self.id not in present.index:
            return ""
        value = present[column].loc[[self.id]].iloc[0]
        return "" if value is None or pd.isna(value) else value


def cells(customer: Customer, facts: Mapping[str, Sequence[Fact]]) -> dict[str, Any]:
    """The values of the picker, of the name and row, and of the facts of each block of fields."""
    who = {"picked": customer.pick, "who.row": customer.row, "who.name": customer.name}
    return who | {f"{block}.{f.id}": f.value(customer) for block, of in facts.items() for f in of}


def _first(given: Given, profiles: pd.DataFrame) -> str:
    """On a new page: who bought most in the period."""
    if profiles.empty:
        return ""
    most = given.facts["net_period"].reindex(profiles["customer_id"]).to_numpy().argmax()
    return str(profiles["pick"].iloc[int(most)])


def _typed(value: Any) -> str:
    """What stands in the picker, as a formula joins it to a text."""
    if value is None:
        return ""
    return str(_trimmed(str(int(value) if isinstance(value, float) and value.is_integer() else value)))


def _match(pick: str, picks: Sequence[str]) -> int | None:
    """The position of who is meant: the first whose words or id it is, whatever the case."""
    word, every = pick.casefold(), [p.casefold() for p in picks]
    if not word:
        return None
    words = (at for at, p in enumerate(every) if p == word)
    id = (at for at, p in enumerate(every) if p.startswith(f"{word} "))
    return next((at for way in (words, id) for at in way), None)


def _trimmed(value: Any) -> Any:
    """A text as TRIM leaves it."""
    if isinstance(value, Text):
        return Text.later(lambda lang: str(_trimmed(value[lang])))
    return BLANKS.sub(" ", value).strip(" ") if isinstance(value, str) else value
