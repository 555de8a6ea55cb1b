"""Two customers and their orders as staff type them, and what is said when such tables are read."""

from functools import partial

import pandas as pd

from crmbook.reading.crosscheck import together
from crmbook.reading.tidy import understand
from crmbook.schema import BY_ID


def at(table, position, column):
    return f"{table}!{column}{position}"


def frame(**columns):
    return pd.DataFrame(columns, dtype=object)


def read_all(raw, locate=at):
    """The typed tables of raw ones, by table id, and what is said of them."""
    understood = {id: understand(BY_ID[id], of, partial(locate, id)) for id, of in raw.items()}
    return together(understood, locate, locate("customers", 0, "customer_id"))


CUSTOMERS = frame(customer_id=["C1", "C2"], name=["Ann", "Bob"])
ORDERS = frame(order_id=["1", "2"], date=["2026-01-05", "2026-01-06"], customer_id=["C1", "C2"], amount=["10", "20"])


def whole(**raw):
    return read_all({"customers": CUSTOMERS, "orders": ORDERS, **raw})


def said(problems):
    return [(p.where, p.severity, p.what.en) for p in problems]
