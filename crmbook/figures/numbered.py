"""The tables of a book with numbers in place of words, which pandas groups much faster, and the sums over order lines made of
them: each is made once and kept as long as the table, as several reports ask for the same.
"""

import weakref
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

import narwhals as nw
import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import order_lines
from crmbook.figures.order_lines import Array
from crmbook.settings import Period, months_before

WORDS = ("order_id", "customer_id", "product_id", "channel", "seller")
FIGURES = ("date", "quantity", "price", "amount", "cost")
Make = TypeVar("Make", bound=Callable[..., Any])


def once(make: Make) -> Make:
    """`make(frame, …)`, done once for each frame and kept as long as that lives: nobody changes a table's frame in place."""
    kept: dict[int, dict[Any, Any]] = {}

    @wraps(make)
    def found(frame: pd.DataFrame, *asked: Any) -> Any:
        if id(frame) not in kept:
            kept[id(frame)] = {}
            weakref.finalize(frame, kept.pop, id(frame))
        of = kept[id(frame)]
        if asked not in of:
            of[asked] = make(frame, *asked)
        return of[asked]

    return cast("Make", found)


@once
def places(table: pd.DataFrame, column: str) -> tuple[Array, Array]:
    """A column of words → each row's word by its place among the different words in their order, -1 for a blank; and these
    words. A column that is not there is blank throughout."""
    if column not in table:
        return np.full(len(table), -1), np.empty(0, object)
    codes, words = pd.factorize(table[column].to_numpy(object))
    order = np.argsort(words, kind="stable")
    place = np.full(len(words) + 1, -1)
    place[order] = np.arange(len(words))
    return place[codes], words[order]


def positions(table: pd.DataFrame, known: "pd.Index[Any]") -> Array:
    """Each row's customer by its position among those we know, -1 for another or none."""
    codes, words = places(table, "customer_id")
    return np.asarray(np.append(known.get_indexer(pd.Index(words, dtype=object)), -1)[codes])


def lines(orders: pd.DataFrame, today: date) -> nw.LazyFrame[Any]:
    """`order_lines.lines` up to today, in numbers."""
    return order_lines.until(_lines(orders), today)


@once
def by_order(orders: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """`order_lines.by_order` of all lines, those of days to come too, in numbers."""
    return order_lines.by_order(_lines(orders), keys)


@once
def by_product(orders: pd.DataFrame, period: Period, today: date) -> pd.DataFrame:
    """`order_lines.by_product` up to today, with the 12 months up to then, in numbers."""
    return order_lines.by_product(lines(orders, today), period, months_before(today, 12))


@once
def _lines(orders: pd.DataFrame) -> nw.LazyFrame[Any]:
    figures = order_lines.table({schema.ORDERS.id: orders}, schema.ORDERS, FIGURES)
    return order_lines.lines(figures.assign(**{id: places(orders, id)[0] for id in WORDS}))
