"""Customers that came and went: what stood at the beginning, and what came and went, make what is here now."""

import random
from datetime import timedelta

import pandas as pd

from crmbook.forms.movements import MOVEMENTS, UNKNOWN
from crmbook.forms.regions import REGIONS
from tests import made_up


def movements(*customers: dict, **rows: made_up.Rows) -> pd.DataFrame:
    return MOVEMENTS.rows(made_up.given(customers=customers, **rows)).set_index("size")


def test_each_customer_is_counted_once_in_its_size() -> None:
    customers = [{"customer_id": id, "size": size} for id, size in (("1", "big"), ("2", "big"), ("3", "small"), ("4", None), ("5", "big"))]  # fmt: skip
    bought = made_up.orders(
        ("1", "2025-10-01", 10),  # here at the beginning and now
        ("2", "2026-02-01", 20),  # new
        ("3", "2025-03-01", 30),  # its twelve months without an order were full in the period
        ("4", "2026-03-01", 40),
    )
    rows = movements(*customers, orders=bought)
    assert rows.index.tolist() == ["big", "small", UNKNOWN.name]
    assert rows[["original", "new", "lost", "now"]].to_numpy().tolist() == [[1, 1, 0, 2], [1, 0, 1, 0], [0, 1, 0, 1]]
    assert rows["growth"].tolist() == [1, -1, ""]
    assert rows["now_share"].round(4).tolist() == [0.6667, 0, 0.3333]  # nobody of a size is no share, as in the formula
    assert rows["net"].tolist() == [20, 0, 40]


def test_nobody_comes_from_nowhere_and_new_and_lost_are_those_of_the_regions() -> None:
    chance = random.Random(5)
    customers, orders = [], []
    for n in range(200):
        left = chance.random() < 0.3
        day = made_up.TODAY - timedelta(days=chance.randrange(900))
        customers.append({
            "customer_id": f"{n}", "size": chance.choice(["a", "b", None]), "state": "ended" if left else None,
            "left_on": day if left and n % 2 else None,
        })  # fmt: skip
        first = chance.randrange(1, 1000)
        days = [made_up.TODAY - timedelta(days=chance.randrange(first)) for _ in range(chance.randrange(4))]
        orders += [(f"{n}", f"{day}", 100) for day in days]
    given = made_up.given(customers=customers, orders=made_up.orders(*orders))
    rows, regions = MOVEMENTS.rows(given), REGIONS.rows(given)
    assert (rows["original"] >= 0).all()
    assert (rows["original"] + rows["new"] - rows["lost"] == rows["now"]).all()
    assert rows[["new", "lost"]].sum().tolist() == regions[["new", "lost"]].sum().tolist()
    assert rows["now"].sum() == ((given.facts["orders"] > 0) & (given.facts["stage"] != "exit")).sum()
    assert rows["lost"].min() > 0
