"""RFM against the reference of the R package rfm, and each of the eight classes by hand."""

from datetime import date

import pandas as pd
import pytest

from crmbook.classifications.rfm import RFM
from crmbook.figures import ledger
from crmbook.settings import in_force

TODAY = date(2024, 12, 31)


def rfm(*customers, **settings):
    """Customers as (days since the last order, orders, net sales) → their classes."""
    facts = pd.DataFrame(customers, columns=["recency_days", "orders_rfm", "net_rfm"], dtype="float64")
    return RFM.compute(facts, in_force(settings, TODAY))


@pytest.mark.reference
def test_the_champions_of_the_r_package_are_found(reference):
    lines = pd.read_csv(reference / "rfm_orders_R" / "rfm_data_orders.csv")
    orders = pd.DataFrame({"order_id": lines.index.astype(str), "customer_id": lines["customer_id"], "date": pd.to_datetime(lines["order_date"]), "amount": lines["revenue"]})  # fmt: skip
    customers = pd.DataFrame({"customer_id": lines["customer_id"].unique()})
    settings = in_force({"RFM_CUT": "quintile", "RFM_MONTHS": 600}, date(2006, 12, 31))
    facts = ledger.facts({"customers": customers, "orders": orders}, settings)
    champions = facts[(RFM.compute(facts, settings)["class"] == "value").to_numpy()]
    assert len(facts) == 995
    assert (len(champions), champions["orders_rfm"].sum(), champions["net_rfm"].sum()) == (158, 1234, 120178)


@pytest.mark.parametrize(
    ("expected", "customer"),
    [
        ("value", (10, 9, 900)),
        ("develop", (10, 1, 900)),
        ("keep", (200, 9, 900)),
        ("win_back", (200, 1, 900)),
        ("general_value", (10, 9, 1)),
        ("general_develop", (10, 1, 1)),
        ("general_keep", (200, 9, 1)),
        ("general_win_back", (200, 1, 1)),
        ("none", (float("nan"), 0, 0)),
        ("none", (400, 0, 0)),
    ],
)
def test_each_class_by_near_often_and_much(expected, customer):
    assert rfm(customer, RFM_CUT="fixed", RFM_R=90, RFM_F=4, RFM_M=500)["class"][0] == expected


def test_equal_to_the_cut_is_high():
    assert rfm((90, 4, 500), RFM_CUT="fixed", RFM_R=90, RFM_F=4, RFM_M=500)["class"][0] == "value"
    assert rfm((91, 3, 499.99), RFM_CUT="fixed", RFM_R=90, RFM_F=4, RFM_M=500)["class"][0] == "general_win_back"
    assert set(rfm(*[(30, 2, 123456789.1)] * 3)["class"]) == {"value"}


def test_the_cuts_are_those_of_the_customers_with_an_order_and_stand_in_every_row():
    book = [(10, 1, 100), (20, 2, 200), (60, 9, 3000), (999, 0, 0)]
    for how, cuts in (("mean", [30, 4, 1100]), ("median", [20, 2, 200]), ("quintile", [19, 4.4, 761])):
        got = rfm(*book, RFM_CUT=how)[["r_cut", "f_cut", "m_cut"]]
        assert got.to_numpy().tolist() == [pytest.approx(cuts)] * 4


def test_a_quintiles_lower_end_is_included_and_its_upper_is_not():
    days = [(n, 1, 1) for n in (10, 20, 30, 40, 50)]  # 40 % quantile 26
    near = [
        cls.endswith(("value", "develop")) for cls in rfm(*days, (27, 1, 1), (26, 1, 1), RFM_CUT="quintile")["class"]
    ]
    assert near == [True, True, False, False, False, True, True]
    often = rfm(*[(1, n, 1) for n in (1, 2, 3, 4, 5, 9)], RFM_CUT="quintile")["class"]  # 60 % quantile 4, cut 5
    assert often.str.endswith("value").tolist() == [False] * 4 + [True] * 2


def test_the_reason_says_the_direction_and_the_three_cuts():
    reason = rfm((10, 3, 900), (50, 1, 100))["reason"][0]
    assert reason.zh == "10 天前下单（近）、近12个月 3 单（高）、900 元（高）；平均数 30.0、2.0、500"
    assert (
        reason.en
        == "last order 10 days ago (recent), 3 orders (high) and 900 yuan (high) in 12 months; mean 30.0, 2.0, 500"
    )
    assert rfm((400, 0, 0), RFM_MONTHS=6)["reason"][0].zh == "近6个月无订单"


@pytest.mark.parametrize("how", ["mean", "median", "quintile", "fixed"])
def test_nobody_who_bought_means_no_cuts(how):
    got = rfm((float("nan"), 0, 0), RFM_CUT=how)
    assert got["class"].tolist() == ["none"]
    assert got[["r_cut", "f_cut", "m_cut"]].isna().all(axis=None)
