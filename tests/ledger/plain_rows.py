"""Rows of a business made up by chance, and plain Python that reckons over them."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from crmbook.settings import in_force

TODAY = date(2024, 2, 29)
IN_FORCE = in_force({"TERM_DAYS": 30, "RFM_MONTHS": 6}, TODAY)
FEN, D = Decimal("0.01"), Decimal

days = st.one_of(
    st.integers(-800, 5).map(lambda n: TODAY + timedelta(n)),
    st.sampled_from(
        [date(2024, 1, 1), date(2023, 2, 28), date(2023, 1, 1), date(2022, 12, 31), date(2023, 3, 1), date(2022, 2, 28)]
    ),
)
customer = st.sampled_from(["C0", "C1", "C2", "a stranger"])
cents = st.integers(-50_000, 90_000).map(lambda n: D(n) / 100)
order = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["O0", "O1", "O2", "O3", "O4"]),
        "date": days,
        "customer_id": customer,
        "product_id": st.sampled_from(["P0", "P1", "P2", "P3", "P4", None]),
        "quantity": st.none() | st.integers(-30, 99).map(lambda n: D(n) / 10),
        "price": st.none() | st.integers(0, 9999).map(lambda n: D(n) / 1000),
        "amount": st.none() | cents,
        "cost": st.none() | cents,
        "channel": st.sampled_from(["shop", "web", None]),
    }
)
payment = st.fixed_dictionaries(
    {"payment_id": st.uuids().map(str), "date": days, "customer_id": customer, "amount": cents}
)
person = st.sampled_from(["Li", "Wu", "Xu", None])
visit = st.fixed_dictionaries(
    {"visit_id": st.uuids().map(str), "date": days, "customer_id": customer, "visitor": person, "way": st.sampled_from(["phone", "on_site", None]), "state": st.sampled_from(["done", "planned", "cancelled", None])}
)  # fmt: skip
level = st.sampled_from(["very_good", "good", "fair", "poor", "very_poor", "unknown", None])
survey = st.fixed_dictionaries(
    {"survey_id": st.uuids().map(str), "date": days, "customer_id": customer, "quality": level, "price": level, "support": level, "recommend": st.none() | st.integers(0, 10)}
)  # fmt: skip
moments = st.tuples(st.integers(-130, 4), st.one_of(st.just(0), st.integers(0, 1439))).map(
    lambda at: datetime.combine(TODAY + timedelta(at[0]), time()) + timedelta(minutes=at[1])
)
request = st.fixed_dictionaries(
    {"customer_id": customer, "received": moments, "type": st.sampled_from(["complaint", "complaint", "repair", None]), "level": st.sampled_from(["p0", "p1", "p2", "p3", None]), "due": st.none() | moments, "closed": st.none() | moments}
)  # fmt: skip
contact = st.fixed_dictionaries(
    {"customer_id": customer, "department": st.sampled_from(["buying", "works", None]), "role": st.sampled_from(["approver", "decider", "influencer", None]), "attitude": st.sampled_from(["coach", "strong_support", "support", "neutral", "against", None]), "our_owner": person}
)  # fmt: skip
book = st.fixed_dictionaries(
    {"orders": st.lists(order, max_size=40), "payments": st.lists(payment, max_size=8), "visits": st.lists(visit, max_size=6), "surveys": st.lists(survey, max_size=6)}
)  # fmt: skip
people = st.fixed_dictionaries(
    {"visits": st.lists(visit, max_size=9), "surveys": st.lists(survey, max_size=9), "service": st.lists(request, max_size=9), "contacts": st.lists(contact, max_size=9)}
)  # fmt: skip

modest = settings(max_examples=20, deadline=None)  # each example is a whole book

CUSTOMERS = [
    {"customer_id": "C0", "name": "Ada", "province": "广东省", "region": None, "term_days": 0, "owner": "Li"},
    {"customer_id": "C1", "name": "Bob", "province": "Sichuan", "region": None, "term_days": None},
    {"customer_id": "C2", "name": "Cid", "province": "Sichuan", "region": "east", "term_days": 90},
]
PRODUCTS = [
    {"product_id": "P0", "name": "Bolt", "category": "metal", "list_price": 9.5, "cost_price": 4.25},
    {"product_id": "P1", "name": "Nut", "category": "metal", "list_price": None, "cost_price": 0.5},
    {"product_id": "P2", "name": "Oil", "category": "fluid", "list_price": 3.0, "cost_price": None},
    {"product_id": "P3", "name": "Rag", "category": None, "list_price": None, "cost_price": None},
]


def frame(rows):
    """Rows as a typed table: days as datetime64, decimals as floats."""
    out = pd.DataFrame(rows)
    for column in out:
        if column in {"date", "first_contact", "left_on", "received", "due", "closed"}:
            out[column] = pd.to_datetime(out[column])
        elif column in {"quantity", "price", "amount", "cost"} and not set(out[column].dropna().map(type)) <= {str}:
            out[column] = out[column].astype("float64")
    return out


def tables(raw):
    return {"customers": frame(CUSTOMERS), "products": frame(PRODUCTS), **{id: frame(rows) for id, rows in raw.items()}}


def fen(amount):
    return float(D(amount).quantize(FEN, ROUND_HALF_UP))


def net(row):
    if row["amount"] is not None:
        return row["amount"]
    return D(0) if row["quantity"] is None or row["price"] is None else row["quantity"] * row["price"]


def rows_of(raw, table, id):
    return [row for row in raw[table] if row["customer_id"] == id and row["date"] <= TODAY]


WINDOWS = {
    "total": (date.min, TODAY),
    "period": (date(2024, 1, 1), TODAY),
    "before": (date(2023, 1, 1), date(2023, 2, 28)),
    "last_year": (date(2023, 1, 1), date(2023, 12, 31)),
    "12m": (date(2023, 3, 1), TODAY),
    "prev_12m": (date(2022, 3, 1), date(2023, 2, 28)),
    "rfm": (date(2023, 8, 30), TODAY),
}


def inside(rows, window):
    first, last = WINDOWS[window]
    return [row for row in rows if first <= row["date"] <= last]
