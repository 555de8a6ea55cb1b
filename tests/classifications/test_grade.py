"""The score of 100 behind the grade: each of its five parts, the cuts, and the arithmetic of a spreadsheet."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook.classifications.grade import GRADE, SCORES
from crmbook.figures.scores import tenths
from crmbook.settings import DEFAULTS, in_force

BUYER = {
    "orders": 3, "net_period": 100.0, "margin_period": 10.0, "paid_on_time": 1.0, "overdue_days": 0.0, "potential": np.nan,
    "net_12m": 100.0, "net_prev_12m": 0.0, "orders_12m": 3, "visits_12m": 0,
}  # fmt: skip


def graded(*customers, **settings):
    """Each customer is a buyer with what is said of it."""
    facts = pd.DataFrame([BUYER | customer for customer in customers])
    return GRADE.compute(facts, in_force(settings, date(2024, 12, 31)))


def scores(part, *customers):
    return graded(*customers)[f"{part}_score"].tolist()


def test_sales_score_is_the_share_of_buyers_not_above():
    sales = [{"net_period": n} for n in (400.0, 100.0, 100.0, 300.0, 0.0, -50.0)]
    assert scores("sales", *sales) == [100, 50, 50, 75, 0, 0]


def test_profit_is_neutral_where_there_are_sales_but_no_cost_is_known():
    margins = (
        {"margin_period": 10.0},
        {"margin_period": np.nan},
        {"margin_period": -5.0},
        {"margin_period": np.nan, "net_period": 0.0},
    )
    assert scores("profit", *margins) == [100, 50, 0, 0]


def test_payment_is_punctuality_less_half_a_point_a_day_overdue():
    paid = [(1.0, 0.0), (0.8, 20.0), (0.1, 90.0), (np.nan, 0.0), (np.nan, np.nan)]
    assert scores("credit", *({"paid_on_time": p, "overdue_days": d} for p, d in paid)) == [100, 70, 0, 50, 50]


def test_activity_weighs_visits_only_where_the_book_records_them():
    often, seldom = {"orders_12m": 9}, {"orders_12m": 1}
    assert scores("active", often, seldom) == [100, 50]
    assert scores("active", often, seldom | {"visits_12m": 4}) == [70, 65]


def test_potential_is_what_was_asked_else_growth_else_neutral():
    asked, growing, shrinking = {"potential": 900.0}, {"net_prev_12m": 50.0}, {"net_prev_12m": 200.0}
    assert scores("potential", asked, growing, shrinking, {}) == [100, 100, 50, 50]


def test_the_score_is_the_weighted_sum_and_the_cuts_include_it():
    got = graded({}, {"net_period": 50.0, "margin_period": 5.0})
    assert got["score"].tolist() == [95, 65]
    assert got["class"].tolist() == ["a", "b"]
    assert graded({}, {"net_period": 50.0, "margin_period": 5.0}, GRADE_A=95, GRADE_B=66)["class"].tolist() == [
        "a",
        "c",
    ]


def test_who_never_bought_is_d_whatever_the_cuts():
    never = {"orders": 0, "net_period": 0.0, "margin_period": np.nan, "orders_12m": 0, "potential": 9e6}
    got = graded(never, GRADE_A=2, GRADE_B=1, GRADE_C=0, GRADE_W_POTENTIAL=100)
    assert got["class"].tolist() == ["d"]
    assert got["reason"][0].en == "score 0: never ordered"


def scored(*potentials, **settings):
    """Customers whose score is their percentile by potential; 0 never ordered."""
    rows = [{"potential": p} if p else {"orders": 0, "potential": np.nan} for p in potentials]
    weights = {f"GRADE_W_{name.upper()}": 100 * (name == "potential") for name in SCORES}
    return graded(*rows, GRADE_RULE="share", **weights, **settings)["class"].tolist()


def test_by_share_the_best_20_30_and_40_per_cent_are_a_b_and_c():
    assert scored(*range(10, 0, -1)) == list("aabbbccccd")
    assert scored(1, 2, 3, GRADE_A=0) == list("cba")


def test_by_share_equal_scores_share_the_better_grade():
    assert scored(9, 8, 8, 8, 5) == list("abbbc")
    assert scored(7, 7, 7, 7) == list("aaaa")


def test_by_share_who_never_ordered_is_d_and_takes_nobodys_place():
    assert scored(*range(10, 0, -1), 0, 0, 0) == list("aabbbccccdddd")
    assert scored(1) == ["a"]
    assert scored(0) == ["d"]


def test_by_share_the_shares_are_settings_and_the_reason_says_how_many_score_higher():
    assert scored(4, 3, 2, 1, GRADE_SHARE_A=0.5, GRADE_SHARE_B=0.5, GRADE_SHARE_C=0) == list("aabb")
    assert scored(4, 3, 2, 1, GRADE_SHARE_A=0, GRADE_SHARE_B=0.25, GRADE_SHARE_C=0.25) == list("bcdd")
    got = graded({}, {"net_period": 50.0, "margin_period": 5.0}, GRADE_RULE="share")
    assert [why.en.rpartition("; ")[2] for why in got["reason"]] == ["0.0% score higher", "50.0% score higher"]


def test_the_reason_names_every_part():
    assert (
        graded({})["reason"][0].zh == "评分 95.0：销售贡献 100、利润贡献 100、付款信用 100、合作活跃 100、发展潜力 50"
    )


parts = st.lists(st.integers(0, 1000).map(lambda n: n / 10), min_size=5, max_size=5)


@given(parts)
def test_halves_are_rounded_as_a_spreadsheet_rounds_them(parts):
    weights = [DEFAULTS[f"GRADE_W_{name.upper()}"] for name in SCORES]
    exact = sum(w * Decimal(str(p)) for w, p in zip(weights, parts, strict=True)) / 100
    got = tenths(np.array([sum(w * p for w, p in zip(weights, parts, strict=True)) / 100]))[0]
    assert got == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.mark.parametrize("book", [[], [{}]])
def test_small_books_have_scores(book):
    assert len(graded(*book) if book else graded({}).head(0)) == len(book)
