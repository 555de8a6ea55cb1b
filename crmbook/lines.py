"""A few items in one cell, one to a line, and the formula by which a page takes the k-th of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmbook.text import LANGS, Lang, Text, said

ROOM = 2000  # characters kept for each line while a formula tells them apart; all lines together are no longer
LONGEST = 240  # letters of one
MOST = 2.5  # of these that one character takes


def joined(items: Sequence[object], longest: int = LONGEST) -> Text | None:
    """Texts and words, one to a line, their blanks as TRIM leaves them; None if every one is blank.

    One that takes more room than `longest` letters, or its part of ROOM, is cut; a Chinese character takes that of two.
    """
    if all(_is_blank(item) for item in items):
        return None
    longest = min(longest, ROOM // len(items))
    return Text.later(lambda lang: "\n".join([_cut(_word(item, lang), longest) for item in items]))


def by_customer(rows: pd.DataFrame, column: str, customers: pd.Index) -> "pd.Series[Any]":
    """Rows in order, with `customer_id` → for each customer its items of a column on lines, None without one."""
    found: dict[str, list[object]] = {}
    for customer, item in zip(rows["customer_id"].tolist(), rows[column].tolist(), strict=True):
        found.setdefault(customer, []).append(item)
    return pd.Series([joined(found.get(customer, ())) for customer in customers], customers, dtype=object)


def kth(lines: object, k: int) -> Text:
    """The k-th line of a cell, from 1; blank beyond the last. What `formula` gives."""
    every = {lang: str(said(lines, lang) or "").split("\n") for lang in LANGS}
    return Text(*(every[lang][k - 1] if k <= len(every[lang]) else "" for lang in LANGS))


def formula(cell: str, k: str) -> str:
    """The formula of the k-th line of a cell; both are formulas themselves. Blank beyond the last line."""
    return f'TRIM(MID(SUBSTITUTE({cell},CHAR(10),REPT(" ",{ROOM})),({k}-1)*{ROOM}+1,{ROOM}))'


def _is_blank(item: object) -> bool:
    return not any(_word(item, lang).strip() for lang in LANGS)


def _word(item: object, lang: Lang) -> str:
    """An item in a language; what is no `Text` is the same in every one."""
    if isinstance(item, Text):
        return item[lang]
    return "" if item is None or item != item else str(item)  # noqa: PLR0124  (NaN is not itself)


def _cut(word: str, longest: int) -> str:
    words = " ".join(word.split())
    if len(words) * MOST <= longest:
        return words  # as most
    while (
        over := (len(words) + len(words.encode())) // 2 - longest
    ) > 0:  # in UTF-8 a Chinese character is three bytes
        words = words.removesuffix("…")[: -1 - over // 2].rstrip() + "…"
    return words
