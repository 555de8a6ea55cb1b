"""Which products to offer a customer next: those that the buyers of its products also buy.

Item-to-item cosine on who bought what, as in Deshpande and Karypis, “Item-based top-N recommendation algorithms”, ACM
TOIS 22(1), 2004: two products are as near as the customers who buy both are many against those who buy either,
both / √(one · other); a product's score is the sum of its nearness to all that the customer buys. Where that gives too few, what
most customers of the same industry buy comes next, then what most customers buy.
"""

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
    customers = pd.Index(tables["customers"]["customer_id"])
    bought = _bought(tables, settings, customers)
    recent = bought[bought["net_12m"] > 0]
    buyers = recent.groupby("product_id").size().rename("buyers").reset_index()
    most = buyers.sort_values(["buyers", "product_id"], ascending=[False, True])["product_id"].head(PRODUCTS)
    products = pd.Index(most)
    buys, has = (_matrix(of, customers, products) for of in (recent, bought))
    both = buys.T @ buys  # whole numbers, so exact
    count = np.diag(both).copy()
    near = np.where(both >= TOGETHER, both / np.sqrt(np.outer(count, count)), 0) if len(products) else both
    np.fill_diagonal(near, 0)
    industry = tables["customers"]["industry"].astype(object)
    group = pd.factorize(industry)[0]
    peers = _peers(buys, group)
    # Each way of finding a product keeps to its own whole number, so that the better way comes first.
    score = np.where(peers > 0, 1 + _part(peers), _part(np.broadcast_to(count, buys.shape)))
    alike = buys @ near
    score = np.round(np.where(alike > 0, 2 + _part(alike), score), 9)
    score[has > 0] = -1
    score[:, products.isin(_discontinued(tables))] = -1
    every, names = np.arange(len(customers)), _names(tables, products)
    found: list[tuple[int, int, int, int, float]] = []  # customer, place, product, the one it goes with, score
    for place in range(min(COUNT, len(products))):
        what = score.argmax(axis=1)  # products stand by their number of buyers, and the first of equals is taken
        found += zip(every.tolist(), [place] * len(every), what.tolist(), (buys * near[what]).argmax(axis=1).tolist(), score[every, what].tolist(), strict=True)  # fmt: skip
        score[every, what] = -1
    found = sorted(row for row in found if row[-1] >= 0)
    whys = [
        ALIKE.fill(product=names[r], share=both[r, p] / count[r]) if way >= 2
        else SAME_INDUSTRY.fill(industry=industry.iloc[c], count=int(peers[c, p])) if way >= 1
        else POPULAR.fill(count=int(count[p]))
        for c, _, p, r, way in found
    ]  # fmt: skip
    rows = [(customers[c], names[p], why) for (c, _, p, *_), why in zip(found, whys, strict=True)]
    return pd.DataFrame(rows, columns=["customer_id", "product", "why"], dtype=object)


def _bought(tables: Tables, settings: Settings, customers: pd.Index) -> pd.DataFrame:
    """What each known customer bought and did not return: a row per customer and product, with the net of 12 months."""
    sold = tables[schema.ORDERS.id]
    pairs = numbered.by_product(sold, settings.period, settings.today)
    pairs = pairs.loc[pairs["net"] > 0, ["customer_id", "product_id", "net_12m"]]
    for id in ("customer_id", "product_id"):
        pairs[id] = np.array([*numbered.places(sold, id)[1], None], object)[pairs[id]]
    return pairs[pairs["product_id"].notna() & pairs["customer_id"].isin(customers)]


def _matrix(pairs: pd.DataFrame, customers: pd.Index, products: pd.Index) -> Array:
    """1 where a customer (row) and a product (column) stand together, else 0."""
    made = np.zeros((len(customers), len(products)))
    pairs = pairs[pairs["product_id"].isin(products)]
    made[customers.get_indexer(pd.Index(pairs["customer_id"])), products.get_indexer(pd.Index(pairs["product_id"]))] = 1
    return made


def _peers(buys: Array, group: Array) -> Array:
    """For each customer, how many of its industry buy each product; none where the industry is blank (-1)."""
    sums = np.zeros((group.max(initial=-1) + 2, buys.shape[1]))
    np.add.at(sums, group, buys)
    sums[-1] = 0  # where those without an industry were added
    return np.asarray(sums[group])


def _part(values: Array) -> Array:
    """Values from 0 up → the same order below 1."""
    return np.asarray(values / (values.max(initial=0) + 1))


def _discontinued(tables: Tables) -> "pd.Series[str]":
    products = order_lines.table(tables, schema.PRODUCTS, ("product_id", "state"))
    return products["product_id"][products["state"] == "discontinued"]


def _names(tables: Tables, products: pd.Index) -> list[str]:
    """The products' names; one that the table of products does not hold goes by its id."""
    known = order_lines.table(tables, schema.PRODUCTS, ("product_id", "name")).dropna()
    names = dict(zip(known["product_id"], known["name"], strict=True))
    return [str(names.get(id, id)) for id in products]
