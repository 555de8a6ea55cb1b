"""Whom we know at each customer, how they stand to us, and who of us knows them.

Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import numpy as np
import pandas as pd

from crmbook.figures.order_lines import Array

COLUMNS = ("department", "role", "attitude", "our_owner")
DECIDERS = ("approver", "decider")
ATTITUDE_POINTS = {"coach": 3.0, "strong_support": 2.0, "support": 1.0, "neutral": 0.0, "against": -1.0}


def contacts(rows: pd.DataFrame, customers: int) -> dict[str, Array]:
    """Contacts → how many, who decides and what they think of us; shares are unknown while the book holds no contact."""
    customer, points = rows["customer"].to_numpy(), rows["attitude"].map(ATTITUDE_POINTS).astype("float64").to_numpy()
    deciding = rows["role"].isin(DECIDERS).to_numpy()

    def count(chosen: Array) -> Array:
        return np.bincount(customer[chosen], minlength=customers)

    judged = deciding & ~np.isnan(points)
    some, total = count(judged), np.bincount(customer[judged], points[judged], minlength=customers)
    found = distinct(rows[deciding], "role", customers) / len(DECIDERS)
    return {
        "contacts": np.bincount(customer, minlength=customers),
        "decider_share": found if len(rows) else np.full(customers, np.nan),
        "decider_attitude": np.divide(total, some, out=np.full(customers, np.nan), where=some > 0),
        "supporters": count(points > 0),
        "opponents": count(points < 0),
        "departments": distinct(rows, "department", customers),
    }


def our_people(contacts: pd.DataFrame, visits: pd.DataFrame, owners: Array, customers: int) -> Array:
    """Contacts, visits and account managers → how many different people of ours know each customer."""
    named = (
        (contacts["customer"], contacts["our_owner"]),
        (visits["customer"], visits["visitor"]),
        (np.arange(customers), owners),
    )
    people = [pd.DataFrame({"customer": np.asarray(c), "person": np.asarray(p, object)}) for c, p in named]
    return distinct(pd.concat(people), "person", customers)


def distinct(rows: pd.DataFrame, column: str, customers: int) -> Array:
    """How many different words stand in a column for each customer, blanks left out."""
    words = rows.loc[rows[column].notna(), ["customer", column]].drop_duplicates()
    return np.bincount(words["customer"].to_numpy(), minlength=customers)
