"""The tables of a book with numbers in place of words, which pandas groups much faster, and the sums over order lines made of
them: each is made once and kept as long as the table, as several reports ask for the same.
"""

import weakref
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import order_lines
from crmbook.figures.order_lines import Array, moment
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


def positions_of(table: pd.DataFrame, known: "pd.Index[Any]") -> Array:
    """The position among the customers we know of each customer named in a table, by its place there; -1 for another, and in
    the last place, for a blank."""
    return np.asarray(np.append(known.get_indexer(pd.Index(places(table, "customer_id")[1], dtype=object)), -1))


def positions(table: pd.DataFrame, known: "pd.Index[Any]") -> Array:
    """Each row's customer by its position among those we know, -1 for another or none."""
    return np.asarray(positions_of(table, known)[places(table, "customer_id")[0]])


@once
def by_order(orders: pd.DataFrame, *keys: str) -> dict[str, Array]:
    """All lines, those of days to come too → a row per customer, order, day and each of `keys`: net, gross, pieces."""
    of = _lines(orders)
    by = {key: of[key] for key in ("customer_id", "order_id", "date", *keys)}
    return order_lines.grouped(by, {name: of[name] for name in ("net", "gross", "pieces")})


@once
def by_product(orders: pd.DataFrame, period: Period, today: date) -> dict[str, Array]:
    """Lines up to today → one row per customer and product.

    net, net_12m (of the 12 months up to today); of the period: bought (number of purchase lines); lines_cost, cost and net_cost
    (lines with a cost of their own: number, cost, net); lines_blank, pieces_blank and net_blank (lines without, but with a
    quantity); pieces_all and net_pieces (every line with a quantity).
    """
    of = _until(orders, today)
    day, net, pieces = (of[name] for name in ("date", "net", "pieces"))
    within = (day >= moment(period.start)) & (day <= moment(period.end))
    own, blank = within & of["costed"], within & ~of["costed"] & of["counted"]
    counted = within & of["counted"]
    sums = {
        "net": net,
        "net_12m": net * (day > moment(months_before(today, 12))),
        "bought": within & (net > 0),
        "lines_cost": own,
        "cost": of["cost"] * own,
        "net_cost": net * own,
        "lines_blank": blank,
        "pieces_blank": pieces * blank,
        "net_blank": net * blank,
        "pieces_all": pieces * counted,
        "net_pieces": net * counted,
    }
    by = {key: of[key] for key in ("customer_id", "product_id")}
    return order_lines.grouped(by, {name: values.astype("int64", copy=False) for name, values in sums.items()})


@once
def by_channel(orders: pd.DataFrame, today: date) -> dict[str, Array]:
    """Lines up to today → one row per customer and channel, one for no channel too: the number of lines."""
    of = _until(orders, today)
    return order_lines.grouped({key: of[key] for key in ("customer_id", "channel")}, {"count": np.ones_like(of["net"])})


def _until(orders: pd.DataFrame, today: date) -> dict[str, Array]:
    of = _lines(orders)
    then = of["date"] <= moment(today)
    return of if then.all() else order_lines.only(of, then)


@once
def _lines(orders: pd.DataFrame) -> dict[str, Array]:
    """Words by their numbers, days, and amounts in units; `costed`, `counted`: with a cost of its own, with a quantity."""
    figures = order_lines.table({schema.ORDERS.id: orders}, schema.ORDERS, FIGURES)
    return {
        **{id: places(orders, id)[0] for id in WORDS},
        **order_lines.amounts(figures),
        "date": figures["date"],
        "costed": ~np.isnan(figures["cost"]),
        "counted": ~np.isnan(figures["quantity"]),
    }
