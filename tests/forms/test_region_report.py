"""The region analysis: every customer is in a row, growth has a base, lost and new are of the period."""

import re

import pandas as pd
import pytest

from crmbook.forms.regions import REGIONS
from tests import made_up

EAST = {"customer_id": "001", "region": "east"}
NOWHERE = "_nowhere"


def regions(*customers: dict, **rows: made_up.Rows) -> pd.DataFrame:
    return REGIONS.rows(made_up.given(customers=customers, **rows)).set_index("region")


def test_customers_without_a_region_have_a_row_of_their_own_at_the_end() -> None:
    rows = regions({"customer_id": "002"}, EAST, {"customer_id": "003", "region": "Mars"})
    assert rows.index.tolist() == ["east", "Mars", NOWHERE]
    assert rows["customers"].tolist() == [1, 1, 1]


def test_there_is_no_such_row_when_every_customer_has_a_region() -> None:
    assert regions(EAST).index.tolist() == ["east"]


def test_growth_is_blank_without_a_base() -> None:
    new = regions(EAST, orders=made_up.orders(("001", "2026-02-01", 500)))
    assert new.loc["east", "growth"] == ""
    back = regions(EAST, orders=made_up.orders(("001", "2026-02-01", 500), ("001", "2025-02-01", -5)))
    assert back.loc["east", "growth"] == ""
    grown = regions(EAST, orders=made_up.orders(("001", "2026-02-01", 500), ("001", "2025-02-01", 400)))
    assert grown.loc["east", "growth"] == 0.25


def test_last_years_sales_are_those_of_the_same_days() -> None:
    rows = regions(EAST, orders=made_up.orders(("001", "2025-06-30", 7), ("001", "2025-07-01", 100)))
    assert rows.loc["east", "before"] == 7


def test_targets_are_the_periods_months_by_the_regions_name_or_id() -> None:
    targets = [
        {"month": month, "scope": scope, "object": object, "amount": 100}
        for month, scope, object in (
            ("2026-01-15", "region", "华东"),
            ("2026-06-01", "region", "East"),
            ("2026-07-01", "region", "east"),
            ("2025-12-31", "region", "east"),
            ("2026-01-01", "company", "east"),
            ("2026-02-01", "region", "north"),
        )
    ]
    rows = regions(EAST, targets=targets, orders=made_up.orders(("001", "2026-02-01", 50)))
    assert rows["target"].to_dict() == {"north": 100, "east": 200}
    assert rows["achieved"].to_dict() == {"north": 0, "east": 0.25}
    assert rows.loc["north", "customers"] == 0


@pytest.mark.parametrize(
    ("last_order", "left_on", "lost"),
    [
        ("2025-06-30", None, 1),  # twelve months without an order are full on the last day of the period
        ("2025-07-01", None, 0),
        ("2025-01-01", None, 1),  # … on its first day
        ("2024-12-31", None, 0),  # lost before it began
        ("2026-06-01", "2026-06-15", 1),
        ("2025-03-01", "2025-12-31", 0),
        ("2026-06-01", "2026-07-01", 0),
    ],
)
def test_lost_are_those_who_went_in_the_period(last_order: str, left_on: str | None, lost: int) -> None:
    rows = regions({**EAST, "left_on": left_on}, orders=made_up.orders(("001", last_order, 10)))
    assert rows.loc["east", "lost"] == lost


def test_concentration_looks_at_customers_who_bought() -> None:
    customers = [{"customer_id": f"{n}", "region": "east"} for n in range(6)]
    bought = made_up.orders(*((f"{n}", "2026-02-01", 100) for n in range(5)), ("5", "2026-02-01", -100))
    rows = regions(*customers, {"customer_id": "9", "region": "north"}, orders=bought)
    assert rows.loc["east", ["cr4", "hhi"]].tolist() == [0.8, 2000]
    assert rows.loc["north", ["cr4", "hhi"]].isna().all()


def test_a_ratio_in_the_totals_line_is_that_of_the_sums_beside_it() -> None:
    given = made_up.given(
        customers=[EAST, {"customer_id": "002"}],
        orders=made_up.orders(("001", "2026-02-01", 50), ("002", "2026-02-01", 70)),
        targets=[{"month": "2026-02-01", "scope": "region", "object": "east", "amount": 100}],
    )
    cells = REGIONS.cells(given, REGIONS.rows(given))
    assert cells["total.net"] == 120
    assert cells["total.achieved"] == cells["total.net"] / cells["total.target"] == 1.2
    assert cells["total.growth"] == ""


def test_every_sum_in_the_totals_line_follows_the_filter() -> None:
    for total in (c.total for c in REGIONS.shows if c.total):
        bare = re.sub(r"SUBTOTAL\(109,\[\w+\]\)|COUNT\(\[\w+\]\)=0", "", total)
        assert "[" not in bare, total


def test_a_target_that_nobody_set_is_blank_in_the_totals_line_too() -> None:
    given = made_up.given(customers=[EAST], orders=made_up.orders(("001", "2026-02-01", 50)))
    cells = REGIONS.cells(given, REGIONS.rows(given))
    assert (cells["total.target"], cells["total.achieved"]) == ("", "")


def test_debts_are_unknown_while_no_payment_was_recorded() -> None:
    bought = made_up.orders(("001", "2026-02-01", 50))
    given = made_up.given(customers=[EAST], orders=bought)
    rows = REGIONS.rows(given).set_index("region")
    assert rows[["receivable", "received_rate"]].isna().all(axis=None)
    assert REGIONS.cells(given, REGIONS.rows(given))["total.receivable"] == ""
    paid = [{"payment_id": "1", "date": "2026-03-01", "customer_id": "001", "amount": 20}]
    rows = regions(EAST, {"customer_id": "002", "region": "north"}, orders=bought, payments=paid)
    assert rows.loc["east", ["receivable", "received_rate"]].tolist() == [30, 0.4]
    assert rows.loc["north", "receivable"] == 0
