"""What a row is called where something is said of it: its key, in words."""

import pandas as pd

from crmbook.reading.cell import shown
from crmbook.schema import Column, Table
from crmbook.text import Text


def row_key(table: Table, frame: pd.DataFrame, row: int) -> str | Text:
    """The key of a typed frame's row: `SO-1/2`; a choice in it by its name."""
    parts = [(table.column(id), frame[id].iloc[row]) for id in table.key]
    words = [_word(column, part) for column, part in parts if not pd.isna(part)]
    if not any(isinstance(word, Text) for word in words):
        return "/".join(map(str, words))
    return Text.join([word if isinstance(word, Text) else Text.same(word) for word in words], "/", "/")


def _word(column: Column, part: object) -> str | Text:
    if isinstance(part, pd.Timestamp):
        return f"{part:%Y-%m-%d}"
    return next((c.name for c in column.choices if c.id == part), shown(part))


def key_of(table: Table, frame: pd.DataFrame, at: int) -> str:
    """The key of the row at a position, as typed: `SO-1/2`."""
    parts = [frame[id].iloc[at] for id in table.key if id in frame]
    return "/".join(shown(part) for part in parts if not pd.isna(part))
