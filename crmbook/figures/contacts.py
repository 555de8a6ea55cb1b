"""Whom we know at each customer, how they stand to us, and who of us knows them.

Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import numpy as np
import pandas as pd

from crmbook.figures.order_lines import Array, Columns

COLUMNS = ("department", "role", "attitude", "our_owner")
DECIDERS = ("approver", "decider")
ATTITUDE_POINTS = {"coach": 3.0, "strong_support": 2.0, "support": 1.0, "neutral": 0.0, "against": -1.0}


def contacts(rows: Columns, customers: int) -> dict[str, Array]:
    """Contacts → how many, who decides and what they think of us; shares are unknown while the book holds no contact."""
    customer = rows["customer"]
    points = np.array([ATTITUDE_POINTS.get(attitude, np.nan) for attitude in rows["attitude"].tolist()], "float64")
    deciding = np.array([role in DECIDERS for role in rows["role"].tolist()], "bool")

    def count(chosen: Array) -> Array:
        return np.bincount(customer[chosen], minlength=customers)

    judged = deciding & ~np.isnan(points)
    some, total = count(judged), np.bincount(customer[judged], points[judged], minlength=customers)
    found = distinct(customer[deciding], rows["role"][deciding], customers) / len(DECIDERS)
    return {
        "contacts": np.bincount(customer, minlength=customers),
        "decider_share": found if len(customer) else np.full(customers, np.nan),
        "decider_attitude": np.divide(total, some, out=np.full(customers, np.nan), where=some > 0),
        "supporters": count(points > 0),
        "opponents": count(points < 0),
        "departments": distinct(customer, rows["department"], customers),
    }


def our_people(contacts: Columns, visits: Columns, owners: Array, customers: int) -> Array:
    """Contacts, visits and account managers → how many different people of ours know each customer."""
    customer = np.concatenate([contacts["customer"], visits["customer"], np.arange(customers)])
    people = np.concatenate([contacts["our_owner"], visits["visitor"], owners])
    return distinct(customer, people, customers)


def distinct(customer: Array, words: Array, customers: int) -> Array:
    """How many different words stand beside each customer, blanks left out."""
    codes, every = pd.factorize(words)
    pairs = np.unique((customer * len(every) + codes)[codes >= 0])
    return np.bincount(pairs // max(len(every), 1), minlength=customers)
