"""A report's rows as they stood before this refresh: read again as the kinds of their columns, each under its key."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from crmbook import kinds
from crmbook.cell import Reader, UnreadableError
from crmbook.schema import Column


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
        return None if pd.isna(cell) else read(cell).value
    except UnreadableError:
        return None
