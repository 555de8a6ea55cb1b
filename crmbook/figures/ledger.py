"""From order lines to one row per customer: the only code that touches every order.

`facts(tables, settings)` → frame indexed by customer_id (every customer of the customers table, in its order), columns:

| column | unit | what |
|---|---|---|
| name, owner, region, province, state, left_on, first_contact, potential … | | every column of the customers table; region derived from the province where blank; term_days filled with TERM_DAYS |
| orders, order_days | count | distinct orders, distinct days with a purchase (a line above 0) |
| first_day, last_day | day | of purchases; NaT without one |
| recency_days, age_days | days | today − last_day, today − first_day; NaN without one |
| frequency | count | repeat order days = max(order_days − 1, 0) |
| median_interval | days | median of the days between successive order days; NaN for fewer than 3 order days |
| net_total, net_period, net_before, net_last_year, net_12m, net_prev_12m, net_rfm | yuan | net sales (returns are negative): all up to today; the period; the same days of last year; the whole last calendar year; the last 12 months (today − 12 months, exclusive, to today); the 12 before; the last RFM_MONTHS |
| m01 … m12 | yuan | net sales by calendar month, m12 the month of today, cut at today |
| sale_months, average_month | count, yuan | of the 12 months that make up net_12m, each to today's day of the month, those with net sales above 0; net_12m / sale_months, NaN without one |
| orders_period, orders_12m, orders_rfm | count | distinct orders with a purchase line in the window |
| gross_period, returned_period | yuan | purchases; returns as a positive sum |
| cost_period, margin_period | yuan | over the lines with known cost: cost, net − cost (their sum is the net of these lines); NaN if none has |
| margin_rate | share | margin_period / net of the lines with known cost; NaN if none or not positive |
| discount_period | share | 1 − net / list value, over lines with a list price; NaN if none |
| quantity_period, products_period | | sum; distinct products bought |
| top_product, top_category | id, text | most bought by net in the last 12 months (or ever, if none then; ties by name); None without one |
| preference | Text | names of the (up to) three products most bought, as one phrase; None without one |
| channels | Text | the channels used, the one with most lines first, as one phrase; None without one |
| receivable, overdue, overdue_days | yuan, yuan, days | payments and returns settle the oldest debt first; a debt is overdue when today is after order date + term; overdue_days of the oldest such debt, 0 if none |
| aged_30, aged_60, aged_90, aged_over | yuan | what is overdue for 1–30, 31–60, 61–90 and more than 90 days |
| paid_on_time | share | of the amount that fell due before today, the share settled by its due date; NaN where nothing fell due |
| late_payments_90d | count | payments of the last 90 days (today − 90, exclusive) that settled, oldest debt first, some debt after its due day |
| received_period, received_total | yuan | payments less refunds |
| visits_12m, visits_period, contacts_3m, last_contact, last_contact_way | counts, day, choice id | completed visits (state done or blank, date ≤ today); contacts_3m: of the last 3 months |
| satisfaction, surveyed_on | points, day | Σ weight × 100/80/60/30/0 over Σ weight of the items rated in the latest survey that rates any (SURVEY_W_*; unknown left out), and its day; NaN, NaT without one |
| recommend | 0–10 | of the latest survey with a recommendation; NaN without one |
| requests_open, complaints_open | count | service requests, and those of type complaint, received and not closed by the end of today |
| complaints_overdue, complaint_overdue_days | count, days | open complaints past due at the end of today (due: as agreed, else by level DUE_P0…3, see `requests.due`); whole days of the one longest past due, 0 if none |
| complaints_90d, complaint_closed | count, day | complaints received in the last 90 days; day on which the last one that is closed was closed, NaT without one |
| contacts, supporters, opponents, departments | count | contacts; those with attitude support or better, and against; distinct departments |
| decider_share | share | of the roles approver and decider, how many have a contact: 0, 0.5 or 1; NaN while the book holds no contact |
| decider_attitude | points | mean of 3 coach, 2 strong support, 1 support, 0 neutral, −1 against over contacts of these two roles; NaN without one |
| our_people | count | distinct people of ours: the contacts' our_owner, visitors of completed visits in 12 months, the owner |

While the book holds no payment at all, nothing is known of debts: receivable … received_total are then NaN throughout.
Contacts have no date: they are those of today, also in the facts of a year earlier.
Sums of money are exact whatever the row order (integers of 0.0001 yuan inside), rounded to the fen at the end.
Order lines after `today` are not counted. Blank amount = quantity × price; blank cost = quantity × the product's cost price.
`settings.period` gives the period, `settings.today` the day. Also here: `net_by(tables, settings, keys)`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import contacts, numbered, order_lines, purchases, requests, surveys
from crmbook.figures.order_lines import Array, Columns, moment, only, units, yuan
from crmbook.figures.provinces import region_of
from crmbook.figures.receivables import AGES, DAY_SPAN, by_day, late_payments, receivables
from crmbook.schema import Tables
from crmbook.settings import Settings, months_before

PRODUCT_COLUMNS = ("product_id", "name", "category", "list_price", "cost_price")
LINE_KEYS = ("product_id", "channel", "seller")
LATE_DAYS = 90  # in which a late payment counts


def facts(tables: Tables, settings: Settings, *, words: bool = True) -> pd.DataFrame:
    """Tables and settings in → one row per customer out, as the table above says; without `words`, which nobody asks of a
    year ago: no favourites, no channels and no contacts."""
    customers, sold = _customers(tables, settings), _table(tables, schema.ORDERS)
    count, known, products = len(customers), customers.index, products_sold(tables)
    orders = _sold(sold, (), known, settings)
    pairs = _known(sold, numbered.by_product(sold, settings.period, settings.today), known)
    asked = _of(tables, schema.SERVICE, requests.COLUMNS, known)
    met = _visits(tables, known, settings)
    answered = _until_today(tables, schema.SURVEYS, surveys.COLUMNS, known, settings)
    columns: dict[str, Array] = {
        **purchases.rhythm(orders, count, settings),
        **purchases.sales(orders, count, settings),
        **purchases.margins(pairs, count, products),
        **_debts(orders, tables, customers, settings),
        **_contacted(met, count, settings),
        **surveys.answers(answered, count, settings),
        **requests.requests(asked, count, settings),
    }
    if words:
        channels = _known(sold, numbered.by_channel(sold, settings.today), known)
        people = _of(tables, schema.CONTACTS, contacts.COLUMNS, known)
        lately = only(met, purchases.after(met["date"], months_before(settings.today, 12)))
        columns |= {
            **purchases.favourites(pairs, count, products),
            "channels": purchases.channels(channels, numbered.places(sold, "channel")[1], count),
            **contacts.contacts(people, count),
            "our_people": contacts.our_people(people, lately, customers["owner"].to_numpy(object), count),
        }
    # As plain values each column would be looked at for what it holds.
    shown = {name: pd.Series(values, known, values.dtype, copy=False) for name, values in columns.items()}
    found = pd.DataFrame({**customers, **shown}, known)
    found.columns = pd.Index([*customers, *shown], dtype=object)  # in which pandas finds a name sooner
    return found


def net_by(tables: Tables, settings: Settings, keys: Sequence[str], *, counts: bool = True) -> pd.DataFrame:
    """Tables, settings and group keys in → one row per group out, sorted by the keys (blank last).

    A key is a column of the customers table (region as in `facts`), `month` (its first day), `product_id`, `category`,
    `channel` or `seller`. Columns: the keys; net (all up to today: by month, the month's), net_period, net_before,
    net_last_year, net_12m, net_prev_12m in yuan, windows as in `facts`; quantity, quantity_period; orders, orders_period,
    customers, customers_period: distinct ones with a purchase line, if `counts` are wanted: they take most of the time. Only
    groups with an order line appear.
    """
    customers, sold = _customers(tables, settings), _table(tables, schema.ORDERS)
    of_line = {"product_id" if key == "category" else key for key in keys}
    rows = _sold(sold, tuple(key for key in LINE_KEYS if key in of_line), customers.index, settings)
    windows = purchases.windows(rows["date"], settings)
    spans = {"": windows["total"], "_period": windows["period"]}
    sums = {"net": windows["total"]} | {
        f"net_{name}": inside for name, inside in windows.items() if name not in {"total", "rfm"}
    }
    groups = {key: _key(key, rows, customers, tables) for key in keys}
    by = {key: places for key, (places, _) in groups.items()}
    found = {name: rows["net"] * inside for name, inside in sums.items()}
    found |= {f"quantity{span}": rows["pieces"] * inside for span, inside in spans.items()}
    for span, inside in spans.items() if counts else ():
        bought, customer = inside & (rows["gross"] > 0), {"customer": rows["customer"]}
        found["orders" + span] = order_lines.one_of_each({**by, **customer, "order": rows["order_id"]}, bought)
        found["customers" + span] = order_lines.one_of_each({**by, **customer}, bought)
    out = order_lines.grouped(by, found)
    named = {key: words.take(out[key]) for key, (_, words) in groups.items()}
    in_yuan = {name: yuan(out[name]) for name in sums}
    pieces = {f"quantity{span}": out[f"quantity{span}"] / order_lines.UNITS for span in spans}
    return pd.DataFrame({**out, **named, **in_yuan, **pieces})


def plain(column: "pd.Series[Any]") -> list[Any]:
    """A column of the facts as plain values: days as dates, blanks as None."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.to_numpy().astype("datetime64[D]").astype(object).tolist()
    return [None if value is None or value != value else value for value in column.tolist()]  # noqa: PLR0124  (NaN)


def _key(key: str, rows: Columns, customers: pd.DataFrame, tables: Tables) -> "tuple[Array, pd.Index[Any]]":
    """The group each row falls into, by its place among all groups in order, blank last; and the groups."""
    words: Any
    if key == "month":
        months = rows["date"].astype("datetime64[M]")
        words, of_row = np.unique(months.astype("datetime64[ns]"), return_inverse=True)
    elif key == "category":
        codes, words = pd.factorize(products_sold(tables)["category"], sort=True)
        of_row = np.append(codes, -1)[rows["product_id"]]
    elif key in LINE_KEYS:
        of_row, words = rows[key], numbered.places(_table(tables, schema.ORDERS), key)[1]
    else:
        codes, words = pd.factorize(customers.reset_index()[key], sort=True)
        of_row = codes[rows["customer"]]
    words = pd.Index(words)  # of no word at all pandas 2 would make numbers
    return np.where(of_row < 0, len(words), of_row), words.append(pd.Index([None], dtype=words.dtype))


def _customers(tables: Tables, settings: Settings) -> pd.DataFrame:
    """The customers table indexed by customer_id, region and term filled in."""
    return _placed(_table(tables, schema.CUSTOMERS), float(settings["TERM_DAYS"]))


@numbered.once
def _placed(given: pd.DataFrame, term_days: float) -> pd.DataFrame:
    every = order_lines.table({schema.CUSTOMERS.id: given}, schema.CUSTOMERS, [c.id for c in schema.CUSTOMERS.columns])
    known = pd.Index(every.pop("customer_id"), name="customer_id")
    by_province = {province: region_of(province) for province in {*every["province"].tolist()} if not pd.isna(province)}
    derived = np.array([by_province.get(province) for province in every["province"].tolist()], object)
    every["region"] = np.where(pd.isna(every["region"]), derived, every["region"])
    every["term_days"] = np.where(np.isnan(every["term_days"]), term_days, every["term_days"])
    return pd.DataFrame({id: pd.Series(values, known, values.dtype, copy=False) for id, values in every.items()}, known)


def products_sold(tables: Tables) -> dict[str, Array]:
    """What the table of products says of the products that were sold, in the order of their numbers in `numbered`."""
    known = order_lines.table(tables, schema.PRODUCTS, PRODUCT_COLUMNS)
    sold = numbered.places(_table(tables, schema.ORDERS), "product_id")[1]
    at = pd.Index(known["product_id"], dtype=object).get_indexer(pd.Index(sold, dtype=object))
    blank = {name: np.array([None]).astype(values.dtype) for name, values in known.items()}
    return {name: np.concatenate([values, blank[name]])[at] for name, values in known.items()} | {"product_id": sold}


def _table(tables: Tables, shape: schema.Table) -> pd.DataFrame:
    return tables.get(shape.id, pd.DataFrame())


def _sold(sold: pd.DataFrame, keys: tuple[str, ...], known: pd.Index, settings: Settings) -> dict[str, Array]:
    """The orders up to today, of the customers we know."""
    orders = numbered.by_order(sold, *keys)
    return _known(sold, only(orders, orders["date"] <= moment(settings.today)), known)


def _known(sold: pd.DataFrame, sums: Columns, known: pd.Index) -> dict[str, Array]:
    """Sums over order lines, of the customers we know, with each one's position in the customers table as `customer`."""
    at = numbered.positions_of(sold, known)[sums["customer_id"]]
    return only({**sums, "customer": at}, at >= 0)


def _of(tables: Tables, shape: schema.Table, columns: Sequence[str], known: pd.Index) -> dict[str, Array]:
    """The rows of the customers we know, with each one's position in the customers table as `customer`, and the place of
    the row's own key among all in their order as `number`."""
    given = _table(tables, shape)
    at, number = numbered.positions(given, known), numbered.places(given, shape.key[0])[0]
    return only({**order_lines.table(tables, shape, columns), "customer": at, "number": number}, at >= 0)


def _until_today(
    tables: Tables, shape: schema.Table, columns: Sequence[str], known: pd.Index, settings: Settings
) -> dict[str, Array]:
    """The rows of a dated table up to today, of the customers we know."""
    rows = _of(tables, shape, ("date", *columns), known)
    return only(rows, rows["date"] <= moment(settings.today))


def _debts(orders: Columns, tables: Tables, customers: pd.DataFrame, settings: Settings) -> dict[str, Array]:
    """What was received and what is owed; unknown (NaN) throughout as long as the book holds no payment at all."""
    ages = [name for name, *_ in AGES]
    paid = _until_today(tables, schema.PAYMENTS, ("amount",), customers.index, settings)
    if not len(paid["date"]):
        names = ("receivable", "overdue", *ages, "overdue_days", "paid_on_time", "late_payments_90d", "received_period", "received_total")  # fmt: skip
        return {name: np.full(len(customers), np.nan) for name in names}
    sold = {"customer": orders["customer"], "day": _ordinal(orders["date"])}
    returned = orders["gross"] - orders["net"]
    debts = by_day(only({**sold, "units": orders["gross"]}, orders["gross"] > 0))
    returns = only({**sold, "units": returned, "payment": np.full(len(returned), False)}, returned > 0)
    terms, today = customers["term_days"].to_numpy(), settings.today.toordinal()
    # On one day goods returned settle first, then payments by their number.
    paid |= {"units": units(paid["amount"]), "day": _ordinal(paid["date"]), "payment": np.full(len(paid["date"]), True)}
    paid = only(paid, np.lexsort((paid["units"], paid["number"])))
    credits = {name: np.concatenate([values, paid[name]]) for name, values in returns.items()}
    credits = only(credits, np.argsort(credits["customer"] * DAY_SPAN + credits["day"], kind="stable"))
    owed = receivables(debts, credits, terms, today)
    in_period = only(paid, purchases.within(paid["date"], settings.period))
    return {
        **{name: yuan(owed[name]) for name in ("receivable", "overdue", *ages)},
        "overdue_days": owed["overdue_days"].astype("float64"),
        "paid_on_time": owed["paid_on_time"],
        "late_payments_90d": late_payments(debts, credits, terms, today - LATE_DAYS).astype("float64"),
        **{
            name: yuan(order_lines.summed(of["customer"], of["units"], len(customers)))
            for name, of in (("received_period", in_period), ("received_total", paid))
        },
    }


def _visits(tables: Tables, known: pd.Index, settings: Settings) -> dict[str, Array]:
    """The completed visits up to today."""
    visits = _until_today(tables, schema.VISITS, ("way", "visitor", "state"), known, settings)
    return only(visits, pd.isna(visits["state"]) | (visits["state"] == "done"))


def _contacted(done: Columns, customers: int, settings: Settings) -> dict[str, Array]:
    """Completed visits → how many, the last one and its way."""
    done = only(done, np.lexsort((done["number"], done["date"])))
    way = purchases.objects([None if pd.isna(way) else way for way in done["way"].tolist()])
    last = order_lines.latest_of(done["customer"], np.full(len(way), True), customers)
    inside = purchases.windows(done["date"], settings) | {
        "3m": purchases.after(done["date"], months_before(settings.today, 3))
    }
    windows = {"visits_12m": "12m", "visits_period": "period", "contacts_3m": "3m"}
    return {
        **{name: np.bincount(done["customer"][inside[w]], minlength=customers) for name, w in windows.items()},
        "last_contact": np.append(done["date"], np.datetime64("NaT"))[last],
        "last_contact_way": np.append(way, [None])[last],
    }


def _ordinal(days: Array) -> Array:
    """Days as ordinals, which are positive for every day."""
    epoch = pd.Timestamp(0).toordinal()
    return days.astype("datetime64[D]").astype("int64") + epoch
