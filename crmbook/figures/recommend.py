"""Which products to offer a customer next: those that the buyers of its products also buy.

Item-to-item cosine on who bought what, as in Deshpande and Karypis, “Item-based top-N recommendation algorithms”, ACM
TOIS 22(1), 2004: two products are as near as the customers who buy both are many against those who buy either,
both / √(one · other); a product's score is the sum of its nearness to all that the customer buys. Where that gives too few, what
most customers of the same industry buy comes next, then what most customers buy.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import numbered, order_lines
from crmbook.figures.order_lines import Array
from crmbook.schema import Tables
from crmbook.settings import Settings
from crmbook.text import Text

PRODUCTS, COUNT = 500, 3  # compared; recommended to each
TOGETHER = 2  # one customer with both is chance
ALIKE = Text("买{product}的客户中{share:.0%}也买", "{share:.0%} of those who buy {product} buy it too")
SAME_INDUSTRY = Text("同行业（{industry}）有{count}家客户在买", "bought by {count} in the same industry ({industry})")
POPULAR = Text("近12个月有{count}家客户在买", "bought by {count} in the last 12 months")


def recommended(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Tables in → customer_id, product (its name), why (`Text`): up to COUNT rows per customer, the best first.

    Never a product the customer has bought before, nor a discontinued one. Equal scores: what more customers buy.
    """
    known = tables["customers"]
    ids = known["customer_id"].to_numpy(object)
    bought = _bought(tables, settings, ids)
    products, count = _compared(bought)
    at = _at(bought, products)
    recent = bought.net_12m[at >= 0] > 0
    customer, product = bought.customer[at >= 0], at[at >= 0]
    who, what = customer[recent], product[recent]  # ordered by customer, then by product
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    both = _both(who, what, len(ids), len(products))
    near = np.where(both >= TOGETHER, both / np.sqrt(np.outer(count, count)), 0) if len(products) else both
    np.fill_diagonal(near, 0)
    industry = known["industry"].to_numpy(object)
    group = pd.factorize(industry)[0]
    peers = _peers(group, who, what, len(products))
    # Each way of finding a product keeps to its own whole number, so that the better way comes first.
    others = np.round(np.where(peers > 0, 1 + _part(peers), _part(count)), 9)
    score = others[group]
    _prefer_alike(score, near, who, what, starts)
    score[customer, product] = -1
    names = _names(tables, bought.products[products])
    score[:, np.isin(bought.products[products], _discontinued(tables))] = -1
    every = np.arange(len(ids))
    found: list[tuple[int, int, int, int, float]] = []  # customer, place, product, the one it goes with, score
    for place in range(min(COUNT, len(products))):
        best = score.argmax(axis=1)  # products stand by their number of buyers, and the first of equals is taken
        nearest = np.zeros(len(ids), "int64")
        nearest[who[starts]] = what[_first_of_most(near[best[who], what], starts)]
        found += zip(every.tolist(), [place] * len(every), best.tolist(), nearest.tolist(), score[every, best].tolist(), strict=True)  # fmt: skip
        score[every, best] = -1
    found = sorted(row for row in found if row[-1] >= 0)

    @cache  # many customers are told the same
    def alike(one: int, other: int) -> Text:
        return ALIKE.fill(product=names[one], share=both[one, other] / count[one])

    @cache
    def by_peers(group: int, industry: str, product: int) -> Text:
        return SAME_INDUSTRY.fill(industry=industry, count=int(peers[group, product]))

    whys = [
        alike(r, p) if way >= 2
        else by_peers(int(group[c]), industry[c], p) if way >= 1
        else POPULAR.fill(count=int(count[p]))
        for c, _, p, r, way in found
    ]  # fmt: skip
    rows = [(ids[c], names[p], why) for (c, _, p, *_), why in zip(found, whys, strict=True)]
    return pd.DataFrame(rows, columns=["customer_id", "product", "why"], dtype=object)


class _Bought(NamedTuple):
    """What each known customer bought and did not return, by the customer's position and the product's number, with the net
    of 12 months; and the products' ids in their order."""

    customer: Array
    product: Array
    net_12m: Array
    products: Array


def _bought(tables: Tables, settings: Settings, ids: Array) -> _Bought:
    sold = tables[schema.ORDERS.id]
    pairs = numbered.by_product(sold, settings.period, settings.today)
    customer = numbered.positions_of(sold, pd.Index(ids, dtype=object))[pairs["customer_id"]]
    product = pairs["product_id"]
    counts = (pairs["net"] > 0) & (customer >= 0) & (product >= 0)
    order = np.lexsort((product[counts], customer[counts]))
    customer, product, net_12m = (of[counts][order] for of in (customer, product, pairs["net_12m"]))
    return _Bought(customer, product, net_12m, numbered.places(sold, "product_id")[1])


def _compared(bought: _Bought) -> tuple[Array, Array]:
    """The products that most customers bought in the last 12 months, in that order, and by how many."""
    buyers = np.bincount(bought.product[bought.net_12m > 0], minlength=len(bought.products))
    most = np.argsort(-buyers, kind="stable")[:PRODUCTS]  # equal ones by their ids
    most = most[buyers[most] > 0]
    return most, buyers[most].astype("float64")


def _at(bought: _Bought, products: Array) -> Array:
    """Each product bought by its place among those compared, -1 for another."""
    place = np.full(len(bought.products), -1)
    place[products] = np.arange(len(products))
    return place[bought.product]


def _both(who: Array, what: Array, customers: int, products: int) -> Array:
    """How many customers buy both of any two products. Each buys but a few, so sums beat a product of matrices."""
    buys = np.zeros((customers, products), "uint16")
    buys[who, what] = 1
    order = np.argsort(what, kind="stable")
    starts = np.flatnonzero(np.diff(what[order], prepend=-1))
    both = np.zeros((products, products))
    both[what[order][starts]] = _sums(buys, who[order], starts)
    return both


def _prefer_alike(score: Array, near: Array, who: Array, what: Array, starts: Array) -> None:
    """Puts 2 and what those who buy alike say of a product into the scores of each buyer, where they say anything."""
    alike = _sums(near, what, starts)
    most = alike.max(initial=0) + 1
    for customer, row in zip(who[starts].tolist(), alike, strict=True):  # one by one they stay in the processor's cache
        score[customer] = np.where(row > 0, np.round(2 + row / most, 9), score[customer])


def _sums(rows: Array, which: Array, starts: Array) -> Array:
    """For each run of `which`, given by its start, the sum of these rows."""
    found, ends = np.empty((len(starts), rows.shape[1])), [*starts[1:].tolist(), len(which)]
    for at, (start, end) in enumerate(zip(starts.tolist(), ends, strict=False)):
        rows[which[start:end]].sum(axis=0, out=found[at])
    return found


def _peers(group: Array, who: Array, what: Array, products: int) -> Array:
    """For each industry, how many of its customers buy each product; none in the last row, for where the industry is blank (-1)."""
    groups = group.max(initial=-1) + 2
    named = group[who] >= 0
    places = group[who[named]] * products + what[named]
    return np.bincount(places, minlength=groups * products).reshape(groups, products).astype("float64")


def _first_of_most(values: Array, starts: Array) -> Array:
    """For each run of values, given by its start, where the first of its largest stands."""
    if not len(starts):
        return starts
    runs = np.diff(np.append(starts, len(values)))
    largest = np.flatnonzero(values == np.repeat(np.maximum.reduceat(values, starts), runs))
    return np.asarray(largest[np.searchsorted(largest, starts)])


def _part(values: Array) -> Array:
    """Values from 0 up → the same order below 1."""
    return np.asarray(values / (values.max(initial=0) + 1))


def _discontinued(tables: Tables) -> list[Any]:
    products = order_lines.table(tables, schema.PRODUCTS, ("product_id", "state"))
    return [*products["product_id"][products["state"] == "discontinued"]]


def _names(tables: Tables, products: Array) -> list[str]:
    """The products' names; one that the table of products does not hold goes by its id."""
    known = order_lines.table(tables, schema.PRODUCTS, ("product_id", "name"))
    names = dict(zip(known["product_id"].tolist(), known["name"].tolist(), strict=True))
    return [str(id if pd.isna(names.get(id)) else names[id]) for id in products.tolist()]
