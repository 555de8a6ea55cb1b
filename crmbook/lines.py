"""A few items in one cell, one to a line, and the formula by which a page takes the k-th of them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from crmbook.text import Lang, Text, said

ROOM = 2000  # characters kept for each line while a formula tells them apart; all lines together are no longer
LONGEST = 240  # letters of one
MOST = 2.5  # of these that one character takes


def joined(items: Sequence[object], longest: int = LONGEST) -> Text | None:
    """What `column` makes of the items of one cell."""
    return column([items], longest)[0]


def column(cells: Sequence[Sequence[object]], longest: int = LONGEST) -> list[Text | None]:
    """For each cell its texts and words, one to a line, their blanks as TRIM leaves them; None if every one is blank.

    One that takes more room than `longest` letters, or its part of ROOM, is cut; a Chinese character takes that of two.
    """
    return [None if all(map(_is_blank, items)) else _cell(items, longest) for items in cells]


def _cell(items: Sequence[object], longest: int) -> Text:
    if any(isinstance(item, Text) for item in items):
        return Text.later(lambda lang: in_words([_word(item, lang) for item in items], longest))
    return Text.same(in_words([_word(item, "zh") for item in items], longest))


def in_words(words: Sequence[str], longest: int = LONGEST) -> str:
    """The words of one cell, as `column` has them."""
    longest = min(longest, ROOM // len(words))
    return "\n".join([_cut(word, longest) for word in words])


def by_customer(rows: pd.DataFrame, customers: pd.Index) -> dict[str, list[Text | None]]:
    """Rows in order, with `customer_id` → of every other column, for each customer its items on lines, None without one."""
    at = customers.get_indexer(pd.Index(rows["customer_id"], dtype=object))
    order = np.argsort(at, kind="stable")
    spans = [*pairwise(np.searchsorted(at[order], range(len(customers) + 1)).tolist())]
    sorted_by = {str(id): rows[id].to_numpy(object)[order].tolist() for id in rows if id != "customer_id"}
    return {id: column([items[start:end] for start, end in spans]) for id, items in sorted_by.items()}


def kth(lines: object, k: int) -> Text:
    """The k-th line of a cell, from 1; blank beyond the last. What `formula` gives."""
    return Text.later(lambda lang: "\n".join(str(said(lines, lang) or "").split("\n")[k - 1 : k]))


def formula(cell: str, k: str) -> str:
    """The formula of the k-th line of a cell; both are formulas themselves. Blank beyond the last line."""
    return f'TRIM(MID(SUBSTITUTE({cell},CHAR(10),REPT(" ",{ROOM})),({k}-1)*{ROOM}+1,{ROOM}))'


def _is_blank(item: object) -> bool:
    if type(item) is str:  # as most
        return not item or item.isspace()
    if isinstance(item, Text):
        return not (item.zh.strip() or item.en.strip())
    return not _word(item, "zh").strip()


def _word(item: object, lang: Lang) -> str:
    """An item in a language; what is no `Text` is the same in every one."""
    if type(item) is str:
        return item
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
