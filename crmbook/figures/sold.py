"""What was sold in the months of two calendar years, by customer or by product, and what was to be sold in the period."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import numbered, purchases
from crmbook.figures.coming import within
from crmbook.figures.ledger import products_sold
from crmbook.figures.order_lines import UNITS, Array, moment, only, summed, yuan
from crmbook.schema import Choice, Tables
from crmbook.settings import Settings, months_before
from crmbook.text import Text

MONTHS = (
    Text("1月", "Jan"), Text("2月", "Feb"), Text("3月", "Mar"), Text("4月", "Apr"), Text("5月", "May"), Text("6月", "Jun"),
    Text("7月", "Jul"), Text("8月", "Aug"), Text("9月", "Sep"), Text("10月", "Oct"), Text("11月", "Nov"), Text("12月", "Dec"),
)  # fmt: skip
IDS = tuple(m.en.lower() for m in MONTHS)
LAST_IDS = tuple(f"last_{id}" for id in IDS)  # the same months of last year
MONTH = 'IF(COUNT([{id}])=0,"",SUBTOTAL(109,[{id}]))'  # blank for a month to come
TOTAL = f"ROUND(SUM({','.join(f'[@{id}]' for id in IDS)}),2)"
NOTHING = Choice("_nothing", Text("未填产品", "No product"))


def by_month(tables: Tables, settings: Settings, key: str) -> pd.DataFrame:
    """Net sales by customer_id or product_id, which is the index; only those with an order line appear.

    jan … dec of this calendar year (NaN for months to come) and last_jan … last_dec of the last one; before: of the days of
    last year up to the same day; quantity: of this year. Lines without a product stand under `NOTHING`.
    """
    known = tuple(tables["customers"]["customer_id"].tolist())
    return _by_month(tables.get(schema.ORDERS.id, pd.DataFrame()), known, settings.today, key)


@numbered.once
def _by_month(orders: pd.DataFrame, known: tuple[str, ...], today: date, key: str) -> pd.DataFrame:
    rows = numbered.by_order(orders) if key == "customer_id" else numbered.by_order(orders, key)
    customer = numbered.positions_of(orders, pd.Index(known, dtype=object))[rows["customer_id"]]
    rows = only(rows, (customer >= 0) & (rows["date"] <= moment(today)))
    words = np.append(numbered.places(orders, key)[1], [NOTHING.id])
    there, of = np.unique(np.where(rows[key] < 0, len(words) - 1, rows[key]), return_inverse=True)
    month = rows["date"].astype("datetime64[M]").astype("int64") - (today.year - 1 - 1970) * 12
    net, of_years = rows["net"], month >= 0
    before = of_years & (month < 12) & (rows["date"] <= moment(months_before(today, 12)))

    def by_months(some: Array) -> Array:
        """Exact sums by row and month of the two years, in yuan."""
        return yuan(summed((of * 24 + month)[some], net[some], len(there) * 24).reshape(-1, 24))

    sums = by_months(of_years)
    sums[:, 12 + today.month :] = np.nan
    this_year = month >= 12
    found = pd.DataFrame(sums, pd.Index(words[there], dtype=object), [*LAST_IDS, *IDS])[[*IDS, *LAST_IDS]]
    found["before"] = by_months(before).sum(axis=1).round(2)
    found["quantity"] = summed(of[this_year], rows["pieces"][this_year], len(there)) / UNITS
    return found.sort_index()


def product_margins(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Margin and the net sales of the lines whose cost is known (`costed`), of this calendar year, by product_id; NaN if none."""
    year = Settings({**settings.values, "PERIOD_START": None}, settings.today)
    sold = tables.get(schema.ORDERS.id, pd.DataFrame())
    pairs = numbered.by_product(sold, year.period, settings.today)
    words = [numbered.places(sold, id)[1] for id in ("customer_id", "product_id")]
    known = pd.Index(words[0], dtype=object).isin(tables["customers"]["customer_id"])
    pairs = only(pairs, np.append(known, False)[pairs["customer_id"]])
    codes, numbers = pd.factorize(pairs["product_id"])
    products = np.append(words[1], [NOTHING.id])[numbers]
    sums = purchases.margins({**pairs, "customer": codes}, len(products), products_sold(tables))
    margin = pd.Series(sums["margin_period"], products, "float64")
    return pd.DataFrame({"margin": margin, "costed": (margin + sums["cost_period"]).round(2)})


def targets(tables: Tables, settings: Settings, scope: str) -> pd.DataFrame:
    """The targets of a scope for the period: its months from the first to the last, whole ones."""
    of, period = tables["targets"], settings.period
    return of[(of["scope"] == scope) & within(of["month"], period.start.replace(day=1), period.end)]


def target_of(tables: Tables, settings: Settings, scope: str) -> "pd.Series[Any]":
    """What each object of the scope was to sell in the period."""
    return targets(tables, settings, scope).groupby("object")["amount"].sum().round(2)
