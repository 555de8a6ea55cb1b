"""Payments that came late: by cases worked out by hand, and against plain Python whatever the rows."""

from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given

from crmbook.figures import ledger
from tests.ledger.plain_rows import IN_FORCE, TODAY, book, modest, net, rows_of, tables
from tests.plain_sample import settled


@modest
@given(raw=book)
def test_a_payment_is_late_when_it_settles_a_debt_past_its_due_day(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    if not any(rows_of(raw, "payments", id) for id in ("C0", "C1", "C2")):
        return
    for id, term in (("C0", 0), ("C1", 30), ("C2", 90)):
        lines = [(row["date"], net(row)) for row in rows_of(raw, "orders", id)]
        debts = sorted((day, amount) for day, amount in lines if amount > 0)
        credits = sorted((day, "", -amount) for day, amount in lines if amount < 0)
        credits += [(row["date"], row["payment_id"], row["amount"]) for row in rows_of(raw, "payments", id)]
        purse, late = Decimal(0), 0
        for day, payment, amount in sorted(credits):
            before, purse = settled(debts, purse), purse + amount
            after = settled(debts, purse)
            overdue = [n for n, (sold, _) in enumerate(debts) if sold + timedelta(term) < day and after[n] > before[n]]
            late += bool(payment and overdue and day > TODAY - timedelta(90))
        assert facts.loc[id, "late_payments_90d"] == late


SOLD = TODAY - timedelta(80)  # due 50 days ago


@pytest.mark.parametrize(
    ("debts", "payments", "late"),
    [
        pytest.param([(0, 500)], [(30, "R1", 500)], 0, id="on the due day"),
        pytest.param([(0, 500)], [(31, "R1", 500)], 1, id="a day late"),
        pytest.param([(0, 500)], [(30, "R1", 200), (40, "R2", 200), (50, "R3", 100)], 2, id="each part that was late"),
        pytest.param(
            [(0, 500), (60, 500)], [(70, "R1", 500), (70, "R2", 500)], 1, id="of one day, the first by number"
        ),
        pytest.param([(0, 500)], [(30, "R1", 500), (40, "R2", 90)], 0, id="money in advance is not late"),
        pytest.param([(-90, 500)], [(-30, "R1", 400), (-10, "R2", 100)], 0, id="more than 90 days ago"),
        pytest.param([(0, 500)], [(30, "R1", 500), (40, "R2", -200), (50, "R3", 200)], 1, id="a debt opened again"),
        pytest.param([(0, 500), (40, -500)], [(50, "R1", 50)], 0, id="goods returned are no payment"),
    ],
)
def test_late_payments_by_hand(debts, payments, late):
    raw = {
        "orders": [{"order_id": str(n), "date": SOLD + timedelta(day), "customer_id": "C1", "amount": Decimal(amount)} for n, (day, amount) in enumerate(debts)],
        "payments": [{"payment_id": id, "date": SOLD + timedelta(day), "customer_id": "C1", "amount": Decimal(amount)} for day, id, amount in payments],
    }  # fmt: skip
    facts = ledger.facts(tables(raw), IN_FORCE)
    assert facts["late_payments_90d"].tolist() == [0, late, 0]
    backwards = {id: rows[::-1] for id, rows in raw.items()}
    pd.testing.assert_frame_equal(ledger.facts(tables(backwards), IN_FORCE), facts)
