"""Ageing of debts, by cases worked out by hand. Days are plain numbers; the term is 30 days; today is day 100."""

import numpy as np
import pytest

from crmbook.figures.receivables import receivables


def owed(debts, credits, today=100):
    """One customer's (day, amount) lists → receivable, overdue, overdue days, share paid on time."""
    tables = [
        dict(
            zip(
                ("customer", "day", "units"),
                np.array([(0, *row) for row in rows], "int64").reshape(-1, 3).T,
                strict=True,
            )
        )
        for rows in (debts, credits)
    ]
    got = receivables(*tables, np.array([30.0]), today)
    return tuple(got[name][0] for name in ("receivable", "overdue", "overdue_days", "paid_on_time"))


@pytest.mark.parametrize(
    ("debts", "credits", "expected"),
    [
        pytest.param([(10, 500)], [], (500, 500, 60, 0.0), id="nothing was paid"),
        pytest.param([(10, 500)], [(40, 500)], (0, 0, 0, 1.0), id="paid on the due day is on time"),
        pytest.param([(10, 500)], [(41, 500)], (0, 0, 0, 0.0), id="paid a day late"),
        pytest.param([(10, 500)], [(20, 200), (60, 300)], (0, 0, 0, 0.4), id="the part in time counts"),
        pytest.param([(10, 500), (20, 500)], [(30, 600)], (400, 400, 50, 0.6), id="the oldest debt is settled first"),
        pytest.param([(10, 300), (90, 700)], [(15, 300)], (700, 0, 0, 1.0), id="what is not yet due is not overdue"),
        pytest.param([(69, 100), (70, 100)], [], (200, 100, 1, 0.0), id="a debt due today is not overdue"),
        pytest.param([(10, 500)], [(5, 900)], (0, 0, 0, 1.0), id="money paid in advance settles what comes later"),
        pytest.param([(10, 500)], [(20, 500), (50, -200)], (200, 200, 60, 1.0), id="a refund opens the debt again"),
        pytest.param([(10, 500), (10, 100)], [(20, 600)], (0, 0, 0, 1.0), id="two debts of a day"),
    ],
)
def test_payments_settle_the_oldest_debt_first(debts, credits, expected):
    assert owed(debts, credits) == pytest.approx(expected)


def test_nothing_fell_due_so_nothing_is_said_of_punctuality():
    assert np.isnan(owed([(95, 100)], [])[3])


def test_a_payment_settles_only_its_own_customers_debt():
    debts = {"customer": np.array([0, 1]), "day": np.array([10, 10]), "units": np.array([100, 100])}
    credits = {"customer": np.array([1]), "day": np.array([12]), "units": np.array([150])}
    got = receivables(debts, credits, np.array([30.0, 30.0, 30.0]), 100)
    assert list(got["receivable"]) == [100, 0, 0]
    assert list(got["overdue_days"]) == [60, 0, 0]
