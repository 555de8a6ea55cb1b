"""The ledger over tables that are missing, and over days that a year earlier does not have."""

from datetime import date, timedelta

import pytest

from crmbook.figures import ledger
from crmbook.settings import Settings, in_force
from tests.ledger.plain_rows import CUSTOMERS, IN_FORCE, TODAY, D, frame, tables


def test_customers_keep_their_order_and_get_region_and_term():
    facts = ledger.facts(tables({}), IN_FORCE)
    assert list(facts.index) == ["C0", "C1", "C2"]
    assert list(facts["region"]) == ["south", "southwest", "east"]
    assert list(facts["term_days"]) == [0, 30, 90]


@pytest.mark.parametrize("left_out", [None, "products", "payments", "visits", "surveys", "service", "contacts"])
def test_every_table_but_customers_may_be_missing(left_out):
    raw = {"orders": [{"order_id": "O", "date": TODAY, "customer_id": "C0", "product_id": "P0", "amount": D(5)}]}
    given = {id: rows for id, rows in tables(raw).items() if id != left_out}
    facts = ledger.facts(given, IN_FORCE)
    assert list(facts["net_total"]) == [5, 0, 0]
    assert list(facts.columns) == list(ledger.facts({"customers": frame(CUSTOMERS)}, IN_FORCE).columns)


def test_without_requests_and_contacts_counts_are_nothing_and_shares_are_unknown():
    of = ledger.facts({"customers": frame(CUSTOMERS)}, IN_FORCE).loc["C0"]
    counts = ["requests_open", "complaints_open", "complaints_overdue", "complaint_overdue_days", "complaints_90d", "contacts", "supporters", "opponents", "departments", "contacts_3m", "sale_months"]  # fmt: skip
    assert (of[counts] == 0).all()
    assert of[["complaint_closed", "decider_share", "decider_attitude", "average_month", "recommend"]].isna().all()
    assert of["our_people"] == 1  # the owner


def test_a_book_without_customers_has_no_facts():
    assert len(ledger.facts({"customers": frame([]), "orders": frame([])}, IN_FORCE)) == 0
    assert len(ledger.net_by({}, IN_FORCE, ["region", "month"])) == 0


@pytest.mark.parametrize(
    ("today", "before"),
    [
        (date(2024, 2, 29), (date(2023, 1, 1), date(2023, 2, 28))),
        (date(2025, 2, 28), (date(2024, 1, 1), date(2024, 2, 28))),
        (date(2025, 12, 31), (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_last_year_is_compared_over_the_same_days(today, before):
    day_after = before[1] + timedelta(1)
    orders = [{"order_id": str(d), "date": d, "customer_id": "C0", "amount": D(1)} for d in (*before, day_after)]
    facts = ledger.facts(tables({"orders": orders}), in_force({}, today))
    assert facts.loc["C0", "net_before"] == 2


def test_a_year_earlier_knows_nothing_of_what_came_later():
    orders = [
        {"order_id": str(d), "date": d, "customer_id": "C0", "amount": D(1)}
        for d in (date(2023, 2, 1), date(2024, 2, 1))
    ]
    earlier: Settings = IN_FORCE.a_year_earlier()
    assert ledger.facts(tables({"orders": orders}), earlier).loc["C0", "orders"] == 1
