"""The relationship's four parts and three layers of depth, its score and its levels."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook.classifications.relationship import RELATIONSHIP
from crmbook.figures.scores import weighed
from crmbook.settings import RELATION_WEIGHTS, in_force

BUYER = {
    "orders": 9, "net_12m": 100.0, "net_prev_12m": 100.0, "margin_period": 10.0, "age_days": 3 * 365.0, "sale_months": 6, "paid_on_time": 1.0,
    "contacts": 3, "decider_share": 1.0, "decider_attitude": 3.0, "supporters": 2, "opponents": 0, "departments": 4, "our_people": 3,
    "contacts_3m": 3, "agreement": "strategic", "executive_visits": 2.0, "joint_plan": "yes", "potential": np.nan,
}  # fmt: skip
NOBODY = {"contacts": 0, "decider_share": 0.0, "decider_attitude": np.nan, "supporters": 0, "departments": 0, "our_people": 0, "contacts_3m": 0}  # fmt: skip
NOTHING = {"agreement": None, "executive_visits": np.nan, "joint_plan": None}


def related(*customers, **settings):
    """Each customer is the best of buyers but for what is said of it."""
    facts = pd.DataFrame([BUYER | customer for customer in customers])
    return RELATIONSHIP.compute(facts, in_force(settings, date(2024, 12, 31)))


def figures(name, *customers):
    return related(*customers)[name].tolist()


def test_trade_is_the_place_among_those_who_buy_by_sales_and_margin():
    sales = [{"net_12m": n, "margin_period": np.nan} for n in (400.0, 100.0, 0.0, -5.0)]
    assert figures("trade", *sales) == [100, 70, 0, 0]
    margins = [{"margin_period": n} for n in (20.0, 10.0, -5.0)]
    assert figures("trade", *margins) == [100, 0.7 * 100 + 0.3 * 70, 70]


def test_stability_is_years_months_with_sales_and_punctuality():
    assert figures("stable", {}, {"age_days": 9999.0}) == [100, 100]
    parts = ({"age_days": 1.5 * 365}, {"sale_months": 3}, {"paid_on_time": 0.5}, {"paid_on_time": np.nan})
    assert figures("stable", *parts) == [85, 80, 85, 85]
    assert figures("stable", {"orders": 0, "age_days": np.nan, "sale_months": 0, "paid_on_time": np.nan}) == [0]


def test_key_people_are_deciders_known_their_attitude_and_who_is_for_us():
    parts = (
        {},
        {"decider_share": 0.5},
        {"decider_attitude": 1.0},
        {"decider_attitude": -1.0},
        {"opponents": 2},
        NOBODY,
    )
    assert figures("key_layer", *parts) == [100, 75, 85, 70, 90, 0]


def test_wide_contacts_are_departments_our_people_and_visits():
    parts = ({}, {"departments": 1}, {"our_people": 1}, {"contacts_3m": 0}, {"departments": 9}, NOBODY)
    assert figures("wide_layer", *parts) == [100, 70, 80, 70, 100, 0]


def test_organisations_are_the_agreement_executive_visits_and_a_joint_plan():
    parts = (
        {},
        {"agreement": "framework"},
        {"agreement": "none"},
        {"executive_visits": 1.0},
        {"joint_plan": "no"},
        NOTHING,
    )
    assert figures("firm_layer", *parts) == [100, 84, 60, 85, 70, 0]


def test_what_the_book_says_of_nobody_is_neutral():
    unknown = NOBODY | NOTHING | {"decider_share": np.nan}
    got = related(unknown, unknown)
    assert got[["key_layer", "wide_layer", "firm_layer", "depth"]].to_numpy().tolist() == [[50] * 4] * 2


def test_depth_weighs_its_layers():
    shallow = {"decider_share": 0.0, "decider_attitude": -1.0, "opponents": 2, "supporters": 0}
    assert figures("depth", {}, shallow, {"agreement": "none"}) == [100, 50, 92]
    assert related({}, shallow, DEPTH_W_KEY=20, DEPTH_W_FIRM=50)["depth"].tolist() == [100, 80]


def test_room_is_what_could_still_be_bought_else_growth_else_neutral():
    asked = [{"potential": p} for p in (900.0, 200.0, 100.0, 50.0)]
    assert figures("room", *asked) == [100, 70, 0, 0]
    assert figures(
        "room", {"net_12m": 150.0}, {}, {"net_prev_12m": 0.0}, {"potential": 300.0, "net_prev_12m": 0.0}
    ) == [100, 70, 50, 100]


@pytest.mark.parametrize(
    ("expected", "score"),
    [("excellent", 90), ("good", 89.9), ("good", 75), ("fair", 74.9), ("fair", 60), ("poor", 59.9)],
)
def test_each_level_begins_at_its_score(expected, score):
    weights = {"RELATION_W_TRADE": 0, "RELATION_W_STABLE": 0, "RELATION_W_DEPTH": 100, "RELATION_W_ROOM": 0, "DEPTH_W_KEY": 100, "DEPTH_W_WIDE": 0, "DEPTH_W_FIRM": 0}  # fmt: skip
    got = related({"decider_share": (score - 50) / 50}, **weights).iloc[0]
    assert (got["score"], got["class"]) == (pytest.approx(score), expected)


@given(st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_the_score_is_the_one_a_spreadsheet_computes_from_the_figures_shown(parts):
    weights = {id: default for id, _, default in RELATION_WEIGHTS}
    exact = sum(w * Decimal(p) / 10 for w, p in zip(weights.values(), parts, strict=True)) / 100
    got = weighed({id: np.array([p / 10]) for id, p in zip(weights, parts, strict=True)}, weights)[0]
    assert got == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_the_figures_shown_have_one_decimal_and_make_the_score():
    got = related({"age_days": 400.0}, {"net_12m": 37.0, "margin_period": 3.0, "departments": 3}, {"net_12m": 12.0})
    shown = got[["trade", "stable", "depth", "room", "key_layer", "wide_layer", "firm_layer"]]
    pd.testing.assert_frame_equal(shown, shown.round(1))
    again = (40 * got["trade"] + 25 * got["stable"] + 20 * got["depth"] + 15 * got["room"]) / 100
    assert (again.round(9) * 10).round(8).tolist() == pytest.approx((got["score"] * 10).tolist(), abs=0.5)


def test_the_reason_names_the_four_parts_and_what_they_rest_on():
    assert related({})["reason"][0].zh == (
        "评分 100.0：交易价值 100.0（近12月销售额 100.00 元），合作稳定性 100.0（合作 3.0 年，近12月有 6 个月有销售，按期付款 100%），"
        "关系深度 100.0（关键 100.0、普遍 100.0、组织 100.0；联系人 3 名，近3月联系 3 次），潜力空间 100.0（近12月销售额较前12月 +0%）"
    )
    never = {"orders": 0, "net_12m": 0.0, "net_prev_12m": 0.0, "paid_on_time": np.nan}
    reason = related(never, {"potential": 500.0})["reason"]
    assert "never ordered, sales in 6 of 12 months, no payment fell due" in reason[0].en
    assert reason[0].en.endswith("(potential unknown)")
    assert reason[1].en.endswith("(yearly potential 500 yuan)")
