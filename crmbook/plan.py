"""What a refresh will change, as a value: it knows neither files nor Excel.

For each form, the rows that should stand there, cell by cell, with formulas, their values, and what moves where.
`pour` puts it into a closed file, `live` into an open workbook.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import pandas as pd

from crmbook.features import Sparkline
from crmbook.form import Form, Shows
from crmbook.layout import TALLEST_TYPED, WRAPPED, row_heights, width
from crmbook.schema import Column
from crmbook.text import Lang, Text, said

Value = str | float | int | bool | date | None  # what a cell can hold; text is always text
GONE = "—"  # stands in 序号 of a row whose key has no data any more; the sheet greys such rows


@dataclass(frozen=True, slots=True)
class Written:
    """One column that the plan writes: a value per row and, where the column has one, its formula (in column ids)."""

    values: Sequence[Value]
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell outside the table, found by the hidden name `_crm.<form>.<its name>`."""

    value: Value
    formula: str | None = None


def _as_they_are(rows: Sequence[int]) -> Sequence[float]:
    return ()


@dataclass(frozen=True, slots=True)
class FormPlan:
    """The rows that should stand in one form's table.

    source[i] is the present row (0 = the first under the header) whose asked cells, styles, height, comments and links
    go to new row i; -1 is a new row. None: the rows stay where they are. Only the columns named are written; rows in
    `gone` have lost their key's data: in them formulas are left out and the given values (mostly None) stand. `heights`
    reckons the points that rows, counted as in `source`, need for their texts; none where rows stay as high as they are.
    `sparklines`: by column, the first and the last of those it draws.
    """

    form: str
    columns: Mapping[str, Written]
    source: Sequence[int] | None = None
    gone: frozenset[int] = frozenset()
    cells: Mapping[str, Cell] = field(default_factory=dict)
    heights: Callable[[Sequence[int]], Sequence[float]] = _as_they_are
    sparklines: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What should stand in every form; `names` must point into a table: defined name → (form, column, row); one
    without a place has the formula that holds instead."""

    forms: tuple[FormPlan, ...]
    names: Mapping[str, tuple[str, str, int] | str] = field(default_factory=dict)


def _not_held(rows: set[int]) -> set[int]:
    return set()


@dataclass(frozen=True, slots=True)
class Present:
    """What stands in a report's table now: its rows (column ids, index = position); `held` tells on which of some rows the
    user typed something; `hidden`: those that nobody sees."""

    rows: pd.DataFrame
    held: Callable[[set[int]], set[int]] = _not_held
    hidden: frozenset[int] = frozenset()

    @classmethod
    def nothing(cls, form: Form) -> "Present":
        """A table that was just drawn."""
        return cls(pd.DataFrame(columns=[c.column.id for c in form.columns]))


def report(form: Form, rows: pd.DataFrame, cells: Mapping[str, Any], present: Present, lang: Lang, *, live: bool = False) -> FormPlan:  # fmt: skip
    """rows: what the form computed → its plan, given what stands there now.

    A present row goes where its key goes. One whose key has gone, or that another row has too, stays, below the others,
    if it is held. `live`: with the formulas over orders.
    """
    shown = {c.column.id: c for c in form.shows}
    values = {id: in_words(rows[id], c.column, lang) for id, c in shown.items()}
    standing: dict[tuple[Hashable, ...], list[int]] = {}
    for at, key in enumerate(keys([present.rows[k].tolist() for k in form.key])):
        if any(part is not None for part in key):
            standing.setdefault(key, []).append(at)
    wanted = list(keys([values[k] for k in form.key]))
    _held_first(standing, wanted, present)
    source = [standing[key].pop(0) if standing.get(key) else -1 for key in wanted]
    left = sorted(present.held({*range(len(present.rows))}.difference(source)))
    count = len(source)
    for id in shown:
        kept = id in form.key or (id == "name" and id in present.rows)
        stale = [GONE if id == "no" else (_plain(present.rows[id].iloc[at]) if kept else None) for at in left]
        values[id] = [*values[id], *stale]
    blank = not source and not left  # the one row that an empty table has holds nothing, and no formulas either
    written = {id: Written(values[id], None if blank else _formula(c, lang, live=live)) for id, c in shown.items()}
    gone = frozenset(range(count, count + len(left)))
    wrapped = [(values[id], width(c, lang)) for id, c in shown.items() if c.column.kind in WRAPPED and not c.hidden]
    heights = partial(row_heights, wrapped)
    lines = {f.column: (f.first, f.last) for f in form.features if isinstance(f, Sparkline)}
    return FormPlan(form.id, written, [*source, *left], gone, _cells(form, cells, lang), heights, lines)


def _held_first(standing: Mapping[tuple[Hashable, ...], list[int]], wanted: Iterable[tuple[Hashable, ...]], present: Present) -> None:  # fmt: skip
    """Of rows that have the same key, such as after the user gave a row that had lost its key the one it has now, those on
    which something was typed come first; not where the form itself has a key so often."""
    if not any(len(rows) > 1 for rows in standing.values()):
        return
    often = Counter(wanted)
    doubled = [rows for key, rows in standing.items() if len(rows) > max(often[key], 1)]
    held = present.held({at for rows in doubled for at in rows})
    for rows in doubled:
        rows.sort(key=lambda at: at not in held)


def entry(form: Form, frame: pd.DataFrame, cells: Mapping[str, Any], lang: Lang, *, new: bool) -> FormPlan:
    """frame: values of some columns of an entry form, a row per row → its plan; `new` rows, or the rows that stand there."""
    columns = {c.column.id: c for c in form.columns}
    written = {
        id: Written(in_words(frame[id], columns[id].column, lang), _formula(columns[id], lang))
        for id in frame.columns
        if id in columns
    }
    heights = _as_they_are
    if new:  # rows that stand are as high as their users made them
        wrapped = [
            (texts.values, width(columns[id], lang))
            for id, texts in written.items()
            if columns[id].column.kind in WRAPPED
        ]
        heights = partial(row_heights, wrapped, tallest=TALLEST_TYPED)
    source = [-1] * len(frame) if new else None
    return FormPlan(form.id, written, source, cells=_cells(form, cells, lang), heights=heights)


def in_words(values: "pd.Series[Any]", column: Column, lang: Lang) -> list[Value]:
    """A column's values as the sheet shows them: choices by name, `Text` in the language, blanks as None."""
    names = {c.id: c.name[lang] for c in column.choices}
    if values.dtype.kind == "M":
        at, days = pd.factorize(values)  # each day is one object: it is found more quickly than its equals
        known = [*days.to_numpy().astype("datetime64[us]").astype(object).tolist(), None]
        return list(map(known.__getitem__, at.tolist()))
    if values.dtype.kind in "fiu":
        return [None if v != v else v for v in values.tolist()]  # noqa: PLR0124  (NaN is the only value unequal to itself)
    # Most cells of a long table are text.
    if not names:
        return [v if type(v) is str else _word(v, names, lang) for v in values.tolist()]
    return [names.get(v, v) if type(v) is str else _word(v, names, lang) for v in values.tolist()]


def _word(value: Any, names: Mapping[str, str], lang: Lang) -> Value:
    if isinstance(value, Text):
        word = value[lang]
        return names.get(word, word)
    return names.get(value, value) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> Value:
    if type(value) is float:
        return None if value != value else value  # noqa: PLR0124  (NaN)
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, datetime):
        return value
    return value.item() if hasattr(value, "item") else value  # type: ignore[no-any-return]  # numpy scalars


def page(form: Form, cells: Mapping[str, Any], lang: Lang) -> FormPlan:
    """The values of a page's cells → its plan."""
    return FormPlan(form.id, {}, cells=_cells(form, cells, lang))


def _formula(column: Any, lang: Lang, *, live: bool = False) -> str | None:
    formula = (column.live if live and column.live else column.formula) if isinstance(column, Shows) else None
    return None if formula is None else str(said(formula, lang))


def keys(columns: Sequence[Sequence[Value]]) -> Iterator[tuple[Hashable, ...]]:
    """Keys, row by row, as they are compared: text without outer blanks; 12 and "12" are the same."""
    return zip(*([_key_part(part) for part in parts] for parts in columns), strict=True)


def _key_part(part: Any) -> Hashable:
    if type(part) is str:
        return part.strip() if part else None
    if part is None or part != part:  # noqa: PLR0124  (NaN)
        return None
    if isinstance(part, float) and part.is_integer():
        return str(int(part))
    return part if isinstance(part, datetime) else str(part).strip()


def _cells(form: Form, values: Mapping[str, Any], lang: Lang) -> dict[str, Cell]:
    """The cells outside the table: each name that has a value, with the formula the form or a feature gives it."""
    formulas = {f"total.{c.column.id}": c.total for c in form.shows if c.total}
    for feature in form.parts:
        formulas.update(feature.formulas(lang))
    return {name: Cell(_plain(said(v, lang)), formulas.get(name)) for name, v in values.items()}
