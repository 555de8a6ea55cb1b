"""The customer chain: whom a customer brought, what to do next, how fresh and full its record is."""

import pandas as pd

from crmbook.forms.chain import CHAIN
from crmbook.playbook import BETWEEN
from crmbook.text import LANGS
from tests import made_up

ANHUA = {"customer_id": "001", "name": "Anhua"}


def chain(*customers: dict, **rows: made_up.Rows) -> pd.DataFrame:
    given = made_up.given(customers=customers, **rows)
    return CHAIN.rows(given).set_index("customer_id")


def test_referrals_count_over_the_whole_chain() -> None:
    rows = chain(
        ANHUA,
        {"customer_id": "002", "referrer_id": "001"},
        {"customer_id": "003", "referrer_id": "002"},
        orders=made_up.orders(("001", "2026-01-05", 1), ("002", "2026-01-05", 20), ("003", "2026-01-05", 300.1)),
    )
    assert rows["referred"].tolist() == [2, 1, 0]
    assert rows["referred_sales"].tolist() == [320.1, 300.1, 0]


def test_the_parent_stands_by_name_and_an_unknown_one_by_id() -> None:
    rows = chain(ANHUA, {"customer_id": "002", "parent_id": "001"}, {"customer_id": "003", "parent_id": "077"})
    assert rows["parent"].tolist()[1:] == ["Anhua", "077"]
    assert pd.isna(rows["parent"].iloc[0])


def test_the_strategy_is_the_playbooks_for_the_stage_and_then_the_value_group() -> None:
    playbook = [
        {"line_id": "P1", "form": "value_class", "condition": "高价值", "measure": "for others"},
        {"line_id": "P2", "form": "客户分组", "condition": "Ordinary", "measure": "call {{ name }}"},
        {"line_id": "P3", "form": "value_class", "measure": "grade {{ grade }}, {{ net_12m|money }}"},
        {"line_id": "P4", "form": "stage", "condition": "Identify", "measure": "ask\nwhat {{ name }} needs"},
        {"line_id": "P5", "form": "stage", "condition": "Exit", "measure": "settle the account"},
        {"line_id": "P6", "form": "stage", "measure": "{% if overdue %}collect{% endif %}"},
    ]
    rows = chain(ANHUA, {"customer_id": "002", "name": "Boda", "state": "ended"}, playbook=playbook)
    for lang in LANGS:
        assert rows.loc["001", "strategy"][lang] == BETWEEN[lang].join(
            ["ask what Anhua needs", "call Anhua", "grade D, 0"]
        )
        assert rows.loc["002", "strategy"][lang] == "settle the account"


def test_a_wrong_measure_says_so_in_its_cell() -> None:
    strategy = chain(ANHUA, playbook=[{"line_id": "P1", "form": "value_class", "measure": "{{ nmae }}"}])
    assert (
        strategy.loc["001", "strategy"]["en"] == "(measure P1 of the playbook is wrong: there is no such value: nmae)"
    )


def follow_up(customer: dict, **rows: made_up.Rows) -> object:
    day = chain({**ANHUA, **customer}, **rows).loc["001", "suggested_on"]
    return None if pd.isna(day) else f"{day:%Y-%m-%d}"


def visit(day: str) -> list[dict]:
    return [{"visit_id": "V1", "customer_id": "001", "date": day, "state": "done"}]


def test_the_next_contact_is_an_interval_after_the_last_and_never_in_the_past() -> None:
    assert follow_up({}, visits=visit("2026-06-01")) == "2026-11-28"  # grade D: 180 days
    assert follow_up({}, visits=visit("2025-01-01")) == "2026-06-30"


def test_a_first_order_is_followed_up_within_a_week() -> None:
    bought = made_up.orders(("001", "2026-06-28", 10))
    assert follow_up({}, orders=bought) == "2026-07-05"
    assert follow_up({}, orders=bought, visits=visit("2026-06-29")) > "2026-07-05"


def test_a_closed_complaint_is_followed_up_the_day_after_and_never_in_the_past() -> None:
    complaint = {"request_id": "F1", "customer_id": "001", "type": "complaint", "received": "2026-06-20"}
    met = visit("2026-06-01")
    assert follow_up({}, visits=met, service=[complaint | {"closed": "2026-06-30 09:00"}]) == "2026-07-01"
    assert follow_up({}, visits=met, service=[complaint | {"closed": "2026-06-21 09:00"}]) == "2026-06-30"
    assert follow_up({}, visits=met, service=[complaint]) == "2026-11-28"  # still open


def test_nobody_is_sent_to_those_who_left() -> None:
    assert follow_up({"state": "ended"}) is None


def test_the_record_counts_what_is_filled_in_not_what_we_assume() -> None:
    rows = chain(ANHUA, {**ANHUA, "customer_id": "002", "city": "x", "term_days": 30})
    assert rows["completeness"].tolist() == [0.05, 0.15]


def test_updated_is_the_last_day_anything_was_recorded_up_to_today() -> None:
    payments = [
        {"payment_id": "R1", "customer_id": "001", "date": "2026-06-02", "amount": 5},
        {"payment_id": "R2", "customer_id": "001", "date": "2027-01-01", "amount": 5},
    ]
    rows = chain(ANHUA, {"customer_id": "002"}, visits=visit("2026-06-01"), payments=payments)
    assert rows["updated"].tolist()[0] == pd.Timestamp("2026-06-02")
    assert pd.isna(rows["updated"].iloc[1])
