"""Churn risk: silence alone is high, one other warning is medium, two are high."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmbook.classifications.churn_risk import CHURN_RISK
from crmbook.settings import in_force

CALM = {
    "orders": 9, "stage": "maintain", "recency_days": 10.0, "median_interval": 30.0, "net_12m": 100.0, "net_prev_12m": 100.0,
    "complaints_overdue": 0, "complaint_overdue_days": 0, "complaints_90d": 0, "satisfaction": np.nan,
}  # fmt: skip
FEW = {"median_interval": np.nan}
FELL = {"net_12m": 70.0}
LATE = {"complaints_overdue": 1, "complaint_overdue_days": 3, "complaints_90d": 1}


def risk(**settings):
    customer = {name: settings.pop(name) for name in list(settings) if name in CALM}
    facts = pd.DataFrame([CALM | customer])
    return CHURN_RISK.compute(facts, in_force(settings, date(2024, 12, 31))).iloc[0]


@pytest.mark.parametrize(
    ("expected", "customer"),
    [
        ("low", {}),
        ("low", {"recency_days": 44.0}),
        ("medium", {"recency_days": 45.0}),
        ("medium", {"recency_days": 59.0}),
        ("high", {"recency_days": 60.0}),
        ("low", FEW | {"recency_days": 89.0}),
        ("medium", FEW | {"recency_days": 90.0}),
        ("medium", FEW | {"recency_days": 179.0}),
        ("high", FEW | {"recency_days": 180.0}),
        ("medium", FELL),
        ("low", {"net_12m": 70.01}),
        ("low", {"net_12m": 1.0, "net_prev_12m": 0.0}),
        ("medium", LATE),
        ("low", {"complaints_90d": 1}),
        ("medium", {"complaints_90d": 2}),
        ("medium", {"satisfaction": 60.0}),
        ("low", {"satisfaction": 60.1}),
        ("high", FELL | LATE),
        ("high", FELL | {"recency_days": 45.0}),
        ("medium", LATE | {"complaints_90d": 5}),
        ("none", FELL | LATE | {"stage": "exit"}),
        ("none", LATE | FEW | {"orders": 0, "recency_days": np.nan}),
    ],
)
def test_the_class_of_a_customer(expected, customer):
    assert risk(**customer)["class"] == expected


@pytest.mark.parametrize(
    ("setting", "customer"),
    [
        ({"QUIET_TIMES": 3, "WINBACK_TIMES": 4}, {"recency_days": 89.0}),
        ({"QUIET_DAYS": 300, "SILENT_DAYS": 400}, FEW | {"recency_days": 299.0}),
        ({"DROP": 0.4}, FELL),
        ({"COMPLAINTS": 3}, {"complaints_90d": 2}),
        ({"SATISFACTION_LOW": 50}, {"satisfaction": 60.0}),
    ],
)
def test_every_limit_is_a_setting(setting, customer):
    assert risk(**customer)["class"] != "low"
    assert risk(**customer, **setting)["class"] == "low"


def test_the_reasons_speak_with_figures():
    worst = risk(**FELL, **LATE, recency_days=60.0, satisfaction=42.0)["reason"]
    assert (
        worst.zh
        == "已 60 天未下单，为平常间隔 30 天的 2.0 倍（界限 2 倍），近12月销售额较前12月 -30%，1 件投诉逾期未结，最久 3 天，满意度 42.0 分（界限 60 分）"
    )
    assert worst.en.startswith(
        "no order for 60 days, 2.0 times the usual 30 (limit 2 times), sales of 12 months -30% on"
    )
    assert risk(**FEW, recency_days=95.0)["reason"].zh == "已 95 天未下单（下单少于3天，界限 90 天）"
    assert risk(complaints_90d=2)["reason"].en == "complaints in 90 days: 2"
    assert risk()["reason"].zh == "10 天前下单，无流失迹象"
    assert (risk(stage="exit")["reason"].en, risk(orders=0)["reason"].en) == ("has left", "never ordered")
