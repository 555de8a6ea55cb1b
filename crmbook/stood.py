"""A report's rows as they stood before this refresh: read again as the kinds of their columns, each under its key."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd

from crmbook.form import Form
from crmbook.reading import kinds
from crmbook.reading.cell import Reader, UnreadableError
from crmbook.schema import Column
from crmbook.text import LANGS, said

# A report's rows are read for their keys, their numbers and names, what staff typed but mere words, and the words that a
# formula of ours names. What else forms read of how reports stood is told here: no other column is in `Given.present`.
READ_AGAIN = frozenset({"changes", "chain", "checks", "problems"})  # reports of which all that is shown is read
WORDS_READ = frozenset({("changes", "note")})
ALWAYS = frozenset({"no", "name"})
WORDS = frozenset({"text", "long"})
NAMED = re.compile(r"(?:([^\W\d]\w*))?\[@?([^\W\d]\w*)\]")  # a column, as a formula names it: grading[final], [@sales]


def columns_read(form: Form, forms: Iterable[Form]) -> frozenset[str]:
    """The columns of a report that a refresh reads where they stand, the key among them; `forms`: those whose formulas
    may name one. What is typed in any other, and in the user's own, changes nothing of ours."""
    named = {column for other in forms for of, column in _named(other) if of == form.id}
    named |= {column for of, column in WORDS_READ if of == form.id}
    shown = {c.column.id for c in form.shows} if form.id in READ_AGAIN else set()
    asked = {c.column.id for c in form.asks if c.column.kind not in WORDS or c.column.id in named}
    return frozenset({*form.key, *shown, *asked} | ALWAYS)


@cache
def _named(form: Form) -> frozenset[tuple[str, str]]:
    """Form and column of all that the formulas of a form name."""
    texts = [str(said(f, lang)) for c in form.shows for f in (c.formula, c.live, c.total) if f for lang in LANGS]
    texts += [formula for part in form.parts for lang in LANGS for formula in part.formulas(lang).values()]
    return frozenset((found[1] or form.id, found[2]) for text in texts for found in NAMED.finditer(text))


def stood(present: pd.DataFrame | None, key: Column, columns: Iterable[Column], *, gone: bool = False) -> pd.DataFrame:
    """`Given.present` of a report → its rows under their keys, with these columns: words are ids again, days are days.

    Blank rows are left out, as is a key that comes a second time, and unless `gone` rows whose data had gone (they have no
    number). What cannot be read, or stands in a column that is gone, is None. No row where the report was not there.
    """
    columns = list(columns)
    if present is None:
        return pd.DataFrame(columns=[c.id for c in columns], dtype=object)
    keys = _values(key, present.index.tolist())
    numbered = [isinstance(no, int | float) and no == no for no in present.get("no", [1] * len(keys))]  # noqa: PLR0124
    at: dict[Any, int] = {}
    for position, (id, counts) in enumerate(zip(keys, numbered, strict=True)):
        if id is not None and (counts or gone):
            at.setdefault(id, position)
    typed = present.iloc[list(at.values())]
    held = {c.id: _values(c, typed[c.id].tolist()) if c.id in present else [None] * len(at) for c in columns}
    return pd.DataFrame(held, index=pd.Index(list(at), dtype=object), dtype=object)


def _values(column: Column, cells: list[Any]) -> list[Any]:
    read = kinds.reader(column)
    return [_value(read, cell) for cell in cells]


def _value(read: Reader, cell: Any) -> Any:
    try:
        return None if cell is None or cell != cell else read(cell).value  # noqa: PLR0124  (NaN is not itself)
    except UnreadableError:
        return None
