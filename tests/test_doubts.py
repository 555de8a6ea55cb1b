"""What can be read and yet looks wrong is said, and counts all the same."""

import datetime as dt

import pandas as pd
import pytest

from crmbook import doubts
from crmbook.doubts import ahead
from crmbook.figures import ledger
from crmbook.problems import CannotProceedError
from crmbook.reading import repeats
from crmbook.settings import in_force
from crmbook.source import Reading
from tests.typed_tables import CUSTOMERS, ORDERS, at, frame, said, whole

TODAY = dt.date(2026, 6, 30)
PAYMENTS = {"payment_id": ["1", "2"], "date": ["2026-02-01", "2026-02-02"], "customer_id": ["C1", "C2"]}


def doubtful(**raw):
    """The doubts about two customers and their orders, and whatever else there is."""
    raw = {"customers": CUSTOMERS, "orders": ORDERS, **raw}
    tables, problems = whole(**raw)
    settings = in_force({}, TODAY)
    found = doubts.found(Reading(tables, raw, problems), ledger.facts(tables, settings), settings, TODAY, at)
    assert {p.severity for p in found} <= {"warning"}
    return [(p.where, p.what.en) for p in found]


def test_sound_data_leave_no_doubt():
    payments = frame(**PAYMENTS, order_id=["1", None], amount=[10, 20.2])
    service = frame(request_id=["1"], received="2026-06-30 09:00", customer_id="C1", order_id="1", due="2026-07-02", closed="2026-06-30 23:59")  # fmt: skip
    assert doubtful(payments=payments, service=service) == []


def test_days_to_come_are_a_warning_but_planned_visits_are_not():
    service = frame(request_id=["1", "2"], received=["2026-01-05 23:59", "2026-01-06 08:00"], customer_id="C1")
    visits = frame(
        visit_id=["1", "2", "3"], date=["2026-02-01"] * 3, customer_id=["C1"] * 3, state=["计划", "完成", None]
    )
    tables, _ = whole(visits=visits, service=service)
    assert said(ahead(tables, dt.date(2026, 1, 5), at)) == [
        ("orders!date1", "warning", "the date 2026-01-06 lies after the day of the report, 2026-01-05"),
        ("visits!date1", "warning", "the date 2026-02-01 lies after the day of the report, 2026-01-05 (2 rows)"),
        ("service!received1", "warning", "the date 2026-01-06 lies after the day of the report, 2026-01-05"),
    ]


def test_a_payment_names_an_order_that_is_not_there_or_of_another():
    found = doubtful(payments=frame(**PAYMENTS, order_id=["9", "1"], amount=[1, 1]))
    assert found == [
        ("payments!order_id0", "order 9 is not in the table of orders"),
        ("payments!order_id1", "order 1 is of customer C1, not of C2"),
    ]


def test_an_order_that_was_left_out_is_there_all_the_same():
    orders = ORDERS.assign(order_id=[1.0, "2"], amount=["ten", "20"])
    assert doubtful(orders=orders, payments=frame(**PAYMENTS, order_id=["1", "2"], amount=[0, 1])) == []


def test_an_order_of_which_a_line_was_left_out_is_not_said_to_be_paid_too_much():
    orders = pd.concat([ORDERS, frame(order_id=[2.0], date="2026-01-09", customer_id="C9", amount="100", line_no=2)])
    assert doubtful(orders=orders, payments=frame(**PAYMENTS, order_id=["1", "2"], amount=[10, 120])) == []


@pytest.mark.parametrize(("paid", "over"), [(20, False), (20.01, False), (20.02, True), (25, True)])
def test_an_order_paid_beyond_its_amount_is_named_at_its_last_payment(paid, over):
    orders = pd.concat([ORDERS, frame(order_id=["2"], date="2026-01-09", customer_id="C2", amount="100", line_no=2)])
    orders = pd.concat([orders, frame(order_id=["2"], date="2026-01-09", customer_id="C2", quantity="-1", price="100")])
    payments = frame(payment_id=["1", "2"], date="2026-02-01", customer_id="C2", order_id="2", amount=[5, paid - 5])
    found = [p for p in doubtful(orders=orders, payments=payments) if p[0].startswith("payments")]
    what = f"{paid:.2f} yuan were received for order 2, more than its net amount of 20.00"
    assert found == ([("payments!amount1", what)] if over else [])


def test_an_order_line_without_an_amount_is_named_and_all_of_them_are_told_at_once():
    worth = {
        "amount": ["10", None, None, None, 0],
        "quantity": [None, 2, 3, None, None],
        "price": [None, 5, None, 7, None],
    }
    five = frame(order_id=[*"12345"], date="2026-01-05", customer_id="C1", **worth)
    what = "there is no amount, nor quantity and price: it counts as 0 yuan"
    assert doubtful(orders=five) == [("orders!amount2", what), ("orders!amount3", what)]
    none = "none of the 2 order lines has an amount, or quantity and price: all count as 0 yuan"
    assert doubtful(orders=ORDERS.drop(columns="amount")) == [("orders!amount0", none)]


@pytest.mark.parametrize(
    ("columns", "where", "value"),
    [
        ({"amount": [5e14, -6e14]}, "orders!amount1", "600,000,000,000,000"),
        ({"amount": [None, 5], "quantity": [6_901_234_567_890, 1], "price": [200, 1]}, "orders!amount0", "1,380,246,913,578,000"),
        ({"amount": [1, 2], "quantity": [9e14, 1]}, "orders!quantity0", "900,000,000,000,000"),
    ],
)  # fmt: skip
def test_amounts_too_large_to_be_summed_stop_the_run_at_the_largest(columns, where, value):
    tables, _ = whole(orders=ORDERS.assign(**columns))
    with pytest.raises(CannotProceedError) as stopped:
        doubts.must_be_summable(tables, at)
    assert (stopped.value.problem.where, value in stopped.value.problem.what.en) == (where, True)


def test_amounts_of_what_a_country_makes_in_a_year_are_summed():
    tables, _ = whole(orders=ORDERS.assign(amount=[1.4e14, 7e14]))
    doubts.must_be_summable(tables, at)
    facts = ledger.facts(tables, in_force({}, TODAY))
    assert facts["net_total"].tolist() == [1.4e14, 7e14]


def test_a_customer_who_paid_more_than_was_bought_is_named():
    assert doubtful(payments=frame(**PAYMENTS, amount=[10.1, 20.5])) == [
        ("customers!customer_id1", "customer C2 paid 20.50 yuan in all, more than the net amount of all orders, 20.00")
    ]


def test_a_request_is_not_closed_or_due_before_it_came_in_nor_closed_tomorrow():
    service = frame(
        request_id=["1", "2", "3"],
        received="2026-06-29 09:30",
        customer_id="C1",
        due=["2026-06-29", None, None],
        closed=[None, "2026-06-29 09:29", "2026-07-01 00:00"],
    )
    assert doubtful(service=service) == [
        ("service!closed1", "closed at 2026-06-29 09:29, before it was received at 2026-06-29 09:30"),
        ("service!due0", "due at 2026-06-29 00:00, before it was received at 2026-06-29 09:30"),
        ("service!closed2", "closed at 2026-07-01 00:00, which lies after today, 2026-06-30"),
    ]


def test_a_customer_in_two_rows_is_named_with_both():
    customers = frame(customer_id=["C1", "C2"], name=["远航电子有限公司", "远航电子公司"])
    (found,) = doubtful(customers=customers)
    assert found[0] == "customers!name1"
    assert "customers!name0" in found[1]
    assert "C1 远航电子有限公司" in found[1]


def test_order_lines_entered_twice_are_one_warning_and_count():
    orders = pd.concat([ORDERS, ORDERS.assign(line_no="7"), ORDERS[:1].assign(line_no="8", note="free of charge")])
    tables, _ = whole(orders=orders)
    (problem,) = repeats.order_lines(tables["orders"], at)
    assert (problem.where, problem.key, problem.count) == ("orders!order_id2", "1/7", 2)
    assert len(tables["orders"]) == 5


def test_one_region_in_two_words_is_said_unless_the_short_word_stands_for_none():
    customers = frame(customer_id=["C1", "C2", "C3", "C4"], name=list("abcd"), region=["华东区", "苏南区", "East region", "开发区"])  # fmt: skip
    tables, _ = whole(customers=customers)
    found = repeats.regions(tables["customers"], at)
    assert [(p.where, p.fix.zh[:8]) for p in found] == [
        ("customers!region0", "是否应为“华东”"),
        ("customers!region2", "是否应为“Eas"),
    ]
