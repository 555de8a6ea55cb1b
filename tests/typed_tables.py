"""Two customers and their orders as staff type them, and what is said when such tables are read."""

import pandas as pd

from crmbook.reading.crosscheck import read_all


def at(table, position, column):
    return f"{table}!{column}{position}"


def frame(**columns):
    return pd.DataFrame(columns, dtype=object)


CUSTOMERS = frame(customer_id=["C1", "C2"], name=["Ann", "Bob"])
ORDERS = frame(order_id=["1", "2"], date=["2026-01-05", "2026-01-06"], customer_id=["C1", "C2"], amount=["10", "20"])


def whole(**raw):
    return read_all({"customers": CUSTOMERS, "orders": ORDERS, **raw}, at)


def said(problems):
    return [(p.where, p.severity, p.what.en) for p in problems]
