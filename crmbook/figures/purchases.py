"""What each customer bought, when and what for: from sums over order lines to the columns of `ledger.facts`.

The rows come from `numbered`, where products and channels are numbers, with `customer`, the customer's position, beside; out come
arrays, one value per customer. `products`: what is known of each product, by its number.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmbook.figures.order_lines import UNITS, Array, Columns, grouped, moment, only, summed, units, yuan
from crmbook.settings import Period, Settings, months_before
from crmbook.text import Text

FAVOURITES, DAY = 3, np.timedelta64(1, "D")
SEPARATOR = Text("、", ", ")


def windows(days: Array, settings: Settings) -> dict[str, Array]:
    """Days → for each window of `net_<window>`, which of them lie in it."""
    today, period = settings.today, settings.period
    year, two_years = months_before(today, 12), months_before(today, 24)
    last_year = Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    return {
        "total": np.full(len(days), True),
        "period": within(days, period),
        "before": within(days, period.before),
        "last_year": within(days, last_year),
        "12m": after(days, year),
        "prev_12m": after(days, two_years) & ~after(days, year),
        "rfm": after(days, months_before(today, int(settings["RFM_MONTHS"]))),
    }


def within(days: Array, period: Period) -> Array:
    """Which of the days lie in the period, both ends included."""
    return (days >= moment(period.start)) & (days <= moment(period.end))


def after(days: Array, day: date) -> Array:
    """Which of the days lie after that day."""
    return np.asarray(days > moment(day))


def sales(orders: Columns, customers: int, settings: Settings) -> dict[str, Array]:
    """Net sales by window and month, purchases, returns and quantity of the period."""
    customer, net, gross = (orders[c] for c in ("customer", "net", "gross"))
    inside = windows(orders["date"], settings)

    def total(amount: Array, mask: Array) -> Array:
        return yuan(summed(customer[mask], amount[mask], customers))

    month = orders["date"].astype("datetime64[M]").astype("int64")
    this_month = (settings.today.year - 1970) * 12 + settings.today.month - 1
    period = inside["period"]
    months = _sale_months(orders, customers, settings)
    year = total(net, inside["12m"])
    return {
        **{f"net_{window}": total(net, mask) for window, mask in inside.items()},
        **{f"m{12 - back:02d}": total(net, month == this_month - back) for back in range(11, -1, -1)},
        "gross_period": total(gross, period),
        "returned_period": total(gross - net, period),
        "quantity_period": summed(customer[period], orders["pieces"][period], customers) / UNITS,
        "sale_months": months,
        "average_month": np.divide(year, months, out=np.full(customers, np.nan), where=months > 0),
    }


def _sale_months(orders: Columns, customers: int, settings: Settings) -> Array:
    """In how many of the 12 months up to today, each to today's day of the month, a customer's net sales were above 0."""
    starts = np.array([moment(months_before(settings.today, back)) for back in range(12, -1, -1)])
    month = starts.searchsorted(orders["date"]) - 1  # a month begins the day after its start
    inside = month >= 0
    at = orders["customer"][inside] * 12 + month[inside]
    nets = summed(at, orders["net"][inside], customers * 12).reshape(-1, 12)
    return np.asarray((nets > 0).sum(axis=1))


def rhythm(orders: Columns, customers: int, settings: Settings) -> dict[str, Array]:
    """How many orders and order days, the first, the last, and the usual interval between them."""
    bought = only(orders, orders["gross"] > 0)
    inside = windows(bought["date"], settings)
    span = int(bought["order_id"].max(initial=0)) + 1
    order = bought["customer"] * span + bought["order_id"]
    days = grouped({"customer": bought["customer"], "date": bought["date"]}, {})
    customer, day = days["customer"], days["date"]
    order_days = np.bincount(customer, minlength=customers)
    ends = np.cumsum(order_days)
    never, blank = order_days == 0, np.append(day, np.datetime64("NaT"))
    first, last = (blank[np.where(never, len(day), at)] for at in (ends - order_days, ends - 1))
    median = _medians(customer, day, order_days)
    return {
        **{
            name: np.bincount(pd.unique(order[mask]) // span, minlength=customers)
            for name, mask in (
                ("orders", inside["total"]),
                ("orders_period", inside["period"]),
                ("orders_12m", inside["12m"]),
                ("orders_rfm", inside["rfm"]),
            )
        },
        "order_days": order_days,
        "first_day": first,
        "last_day": last,
        "recency_days": np.floor(np.subtract(moment(settings.today), last) / DAY),
        "age_days": np.floor(np.subtract(moment(settings.today), first) / DAY),
        "frequency": np.maximum(order_days - 1, 0),
        "median_interval": np.where(order_days >= 3, median, np.nan),
    }


def _medians(customer: Array, day: Array, order_days: Array) -> Array:
    """The median of the days between a customer's order days, which stand in their order; NaN for fewer than two."""
    within = np.diff(customer) == 0
    gaps, of = (np.diff(day) // DAY)[within], customer[1:][within]
    gaps = gaps[np.lexsort((gaps, of))].astype("float64")
    count = np.maximum(order_days - 1, 0)
    start = np.cumsum(count) - count
    some = count > 0
    low, high = ((start + half)[some] for half in ((count - 1) // 2, count // 2))
    found = np.full(len(order_days), np.nan)
    found[some] = (gaps[low] + gaps[high]) / 2
    return found


def margins(pairs: Columns, customers: int, products: Columns) -> dict[str, Array]:
    """Cost, margin and discount of the period, over the lines whose cost or list price is known."""
    cost_price, list_price = (np.append(products[c], np.nan)[pairs["product_id"]] for c in ("cost_price", "list_price"))
    costed, listed = ~np.isnan(cost_price), ~np.isnan(list_price)

    def total(amount: Array) -> Array:
        return summed(pairs["customer"], amount, customers)

    cost = total(pairs["cost"] + units(pairs["pieces_blank"] / UNITS * cost_price))
    net = total(pairs["net_cost"] + np.where(costed, pairs["net_blank"], 0))
    some = total(pairs["lines_cost"] + np.where(costed, pairs["lines_blank"], 0)) > 0
    at_list = total(units(pairs["pieces_all"] / UNITS * list_price))
    at_list_net = total(np.where(listed, pairs["net_pieces"], 0))
    margin = np.round(yuan(net) - yuan(cost), 2)  # so that cost + margin is the net sales shown
    return {
        "cost_period": np.where(some, yuan(cost), np.nan),
        "margin_period": np.where(some, margin, np.nan),
        "margin_rate": _share(net - cost, np.where(some, net, 0)),
        "discount_period": 1 - _share(at_list_net, at_list),
        "products_period": np.bincount(
            pairs["customer"][(pairs["bought"] > 0) & (pairs["product_id"] >= 0)], minlength=customers
        ),
    }


def favourites(pairs: Columns, customers: int, products: Columns) -> dict[str, Array]:
    """The product and category most bought (last 12 months, or ever if nothing then), and the names of the first three."""
    named = only(pairs, pairs["product_id"] >= 0)
    recent = np.zeros(customers, dtype=bool)
    recent[named["customer"][named["net_12m"] > 0]] = True
    categories, category = pd.factorize(products["category"], sort=True)
    bought = {
        **named,
        "weight": np.where(recent[named["customer"]], named["net_12m"], named["net"]),
        "category": np.append(categories, -1)[named["product_id"]],
    }
    known = only(bought, bought["category"] >= 0)
    by_category = grouped({key: known[key] for key in ("customer", "category")}, {"weight": known["weight"]})
    liked, ids = _most(bought, "product_id", FAVOURITES), products["product_id"]
    names = np.where(pd.isna(products["name"]), ids, products["name"])
    return {
        "top_product": _first(liked, "product_id", ids.tolist(), customers),
        "top_category": _first(_most(by_category, "category", 1), "category", list(category), customers),
        "preference": joined(liked, "product_id", names.tolist(), customers),
    }


def channels(counts: Columns, names: Array, customers: int) -> Array:
    """The channels each customer used, most first."""
    used = only({**counts, "weight": counts["count"]}, counts["channel"] >= 0)
    return joined(_most(used, "channel", len(used["channel"])), "channel", names.tolist(), customers)


def joined(rows: Columns, column: str, names: list[str], customers: int) -> Array:
    """The names of the things numbered in a column, those of each customer in one phrase in the order of the rows; None
    without one."""
    words: list[list[str]] = [[] for _ in range(customers)]
    for customer, number in zip(rows["customer"].tolist(), rows[column].tolist(), strict=True):
        words[customer].append(names[number])
    return objects([Text(SEPARATOR.zh.join(own), SEPARATOR.en.join(own)) if own else None for own in words])


def objects(values: list[Any]) -> Array:
    """The values as they are, None too."""
    return pd.Series(values, dtype=object).to_numpy()


def _most(rows: Columns, column: str, count: int) -> Columns:
    """The `count` rows of each customer with the largest weight above 0; equal ones by name, whatever the row order."""
    positive = only(rows, rows["weight"] > 0)
    positive = only(positive, np.lexsort((positive[column], -positive["weight"], positive["customer"])))
    customer = positive["customer"]
    return only(positive, np.arange(len(customer)) - np.searchsorted(customer, customer) < count)


def _first(rows: Columns, column: str, names: list[str], customers: int) -> Array:
    """The name of what stands in the first row of each customer; None without one."""
    firsts = dict(zip(rows["customer"].tolist()[::-1], rows[column].tolist()[::-1], strict=True))
    return objects([names[firsts[customer]] if customer in firsts else None for customer in range(customers)])


def _share(part: Array, whole: Array) -> Array:
    """part / whole where the whole is positive, else NaN."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))
