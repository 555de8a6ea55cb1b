"""Credit: each part of the score, the classes, the term that goes down a level, and the limit. Today is 31 December 2024."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmbook.classifications.credit import CREDIT
from crmbook.settings import in_force

GOOD = {
    "orders": 9, "stage": "maintain", "paid_on_time": 1.0, "overdue": 0.0, "overdue_days": 0.0, "receivable": 1000.0, "credit_limit": np.nan,
    "first_day": pd.Timestamp("2020-01-01"), "age_days": 1826.0, "term_days": 60.0, "average_month": 500.0, "late_payments_90d": 0.0,
}  # fmt: skip
NEVER = {
    "orders": 0,
    "first_day": pd.NaT,
    "age_days": np.nan,
    "paid_on_time": np.nan,
    "receivable": 0.0,
    "average_month": np.nan,
}


def credit(customer=(), **settings):
    facts = pd.DataFrame([GOOD | dict(customer)])
    return CREDIT.compute(facts, in_force(settings, date(2024, 12, 31))).iloc[0]


@pytest.mark.parametrize(
    ("score", "customer"),
    [
        (100, {}),
        (50, {"paid_on_time": 0.0}),
        (75, {"paid_on_time": np.nan}),  # nothing fell due: neutral
        (100 - 20 * 45 / 90, {"overdue_days": 45.0}),
        (80, {"overdue_days": 90.0}),
        (80, {"overdue_days": 400.0}),
        (100 - 15 * 0.4, {"overdue": 400.0}),
        (100 - 15 * 0.1, {"overdue": 400.0, "credit_limit": 4000.0}),
        (85, {"overdue": 400.0, "credit_limit": 100.0}),
        (94, {"overdue": 400.0, "credit_limit": 0.0}),
        (95, {"age_days": 730.0}),
        (97.5, {"age_days": 365 * 2.5}),
        (
            57.5,
            {"paid_on_time": np.nan, "overdue": np.nan, "overdue_days": np.nan, "receivable": np.nan},
        ),  # no payments at all
        (0, NEVER),
    ],
)
def test_the_score_by_its_four_parts(score, customer):
    assert credit(customer)["score"] == pytest.approx(score)


@pytest.mark.parametrize(
    ("expected", "paid"),
    [("aaa", 0.8), ("aa", 0.798), ("aa", 0.6), ("a", 0.598), ("a", 0.4), ("b", 0.398), ("b", 0.2), ("c", 0.198)],
)
def test_each_class_begins_at_its_score(expected, paid):
    assert credit({"paid_on_time": paid})["class"] == expected


def test_new_customers_are_a_at_best():
    young = {"first_day": pd.Timestamp("2024-01-01"), "age_days": 365.0}
    assert (credit(young)["score"], credit(young)["class"]) == (90, "a")
    assert credit(young | {"paid_on_time": 0.3})["class"] == "c"
    assert credit(young | {"first_day": pd.Timestamp("2023-12-31"), "age_days": 366.0})["class"] == "aaa"
    assert credit(young, NEW_MONTHS=6)["class"] == "aaa"


@pytest.mark.parametrize(("own", "lowered"), [(90, 60), (60, 30), (45, 30), (30, 0), (15, 0), (0, 0), (120, 90)])
def test_late_payments_lower_the_term_by_one_level(own, lowered):
    assert credit({"term_days": float(own), "late_payments_90d": 2.0})["term_days"] == lowered
    assert credit({"term_days": float(own), "late_payments_90d": 1.0})["term_days"] == own
    assert credit({"term_days": float(own), "late_payments_90d": 2.0}, CREDIT_LATE=3)["term_days"] == own


def test_the_limit_is_the_average_month_times_the_term_times_the_factor():
    assert credit()["line"] == 500 * 2 * 1.5
    assert credit({"paid_on_time": 0.5})["line"] == 500 * 2 * 0.8
    assert credit({"paid_on_time": 0.5}, CREDIT_X_A=0.7)["line"] == 500 * 2 * 0.7
    assert credit({"late_payments_90d": 3.0})["line"] == 500 * 1 * 1.5
    assert credit({"average_month": 100.07, "term_days": 10.0})["line"] == 50.04  # to the fen
    for nothing in (
        {"average_month": np.nan},
        {"average_month": -5.0},
        {"paid_on_time": 0.0},
        {"stage": "exit"},
        NEVER,
    ):
        assert credit(nothing)["line"] == 0


def test_the_reason_speaks_with_figures():
    customer = {"paid_on_time": 0.9, "overdue": 100.0, "overdue_days": 9.0, "late_payments_90d": 2.0}
    assert credit(customer)["reason"].zh == (
        "评分 91.5：按期付款 90（90%）、逾期天数 90（9 天）、逾期金额 90（100 元）、合作年限 100（5.0 年）；"
        "近90天逾期付款 2 次，账期由 60 天降为 30 天；额度＝月均 500 元×1.0 个月×1.5"
    )
    assert "按期付款 100（100%）、无逾期 100、合作年限" in credit()["reason"].zh
    young = {"first_day": pd.Timestamp("2024-07-01"), "age_days": 183.0, "paid_on_time": np.nan}
    assert "(nothing fell due)" in credit(young)["reason"].en
    assert "; first order less than 12 months ago: A at best; limit = 500 yuan a month" in credit(young)["reason"].en
    unknown = {"paid_on_time": np.nan, "overdue": np.nan, "overdue_days": np.nan}
    assert "(nothing fell due), overdue 50 (no payments recorded), length" in credit(unknown)["reason"].en
    assert credit({"stage": "exit"})["reason"].zh.endswith("；已退出，额度为 0")
    assert credit(NEVER)["reason"].en == "never ordered: score 0, no limit"
