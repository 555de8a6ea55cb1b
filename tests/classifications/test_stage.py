"""Each stage by the first rule that fits, with its reason and its days. Today is 31 December 2024."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crmbook.classifications.stage import STAGE
from crmbook.settings import in_force

TODAY = date(2024, 12, 31)
DAYS = ("left_on", "first_contact", "last_contact", "first_day", "last_day")
NOBODY = dict.fromkeys(("state", *DAYS)) | {"median_interval": np.nan, "net_12m": 0.0, "net_prev_12m": 0.0}
STEADY = {
    "first_day": date(2020, 1, 1),
    "last_day": date(2024, 12, 1),
    "median_interval": 30.0,
    "net_12m": 100.0,
    "net_prev_12m": 100.0,
}


def stage(**customer):
    facts = pd.DataFrame([NOBODY | customer])
    for name in DAYS:
        facts[name] = pd.to_datetime(facts[name])
    return STAGE.compute(facts, in_force({}, TODAY)).iloc[0]


@pytest.mark.parametrize(
    ("expected", "days", "customer"),
    [
        ("identify", None, {}),
        ("acquire", 30, {"first_contact": date(2024, 12, 1)}),
        ("acquire", None, {"last_contact": date(2024, 12, 1)}),
        ("identify", None, {"first_contact": date(2025, 1, 1)}),
        ("develop", 100, {"first_day": TODAY - timedelta(100), "last_day": TODAY, "net_12m": 5.0}),
        ("develop", None, STEADY | {"net_12m": 120.0}),
        ("maintain", 1460, STEADY),
        ("maintain", 1460, STEADY | {"net_12m": 119.99}),
        ("maintain", 0, STEADY | {"first_day": date(2023, 12, 31), "net_12m": 71.0}),
        ("win_back", None, STEADY | {"net_12m": 70.0}),
        ("win_back", 0, STEADY | {"last_day": TODAY - timedelta(60)}),
        ("win_back", 40, STEADY | {"last_day": TODAY - timedelta(100)}),
        ("maintain", 1460, STEADY | {"last_day": TODAY - timedelta(59)}),
        ("maintain", 1460, STEADY | {"last_day": TODAY - timedelta(300), "median_interval": np.nan}),
        ("exit", 0, STEADY | {"last_day": date(2023, 12, 31)}),
        ("exit", 31, STEADY | {"last_day": date(2023, 11, 30)}),
        ("win_back", 305, STEADY | {"last_day": date(2024, 1, 1)}),
        ("exit", None, STEADY | {"state": "ended"}),
        ("exit", 10, STEADY | {"state": "ended", "left_on": TODAY - timedelta(10)}),
        ("maintain", 1460, STEADY | {"state": "ended", "left_on": TODAY + timedelta(1)}),
        ("maintain", 1460, STEADY | {"state": "paused"}),
    ],
)
def test_the_first_rule_that_fits_decides(expected, days, customer):
    got = stage(**customer)
    assert got["class"] == expected
    assert got["days"] == days if days is not None else np.isnan(got["days"])


def test_the_reason_speaks_with_figures():
    assert (
        stage(**(STEADY | {"last_day": TODAY - timedelta(75)}))["reason"].zh
        == "已 75 天未下单，为平常间隔 30 天的 2.5 倍"
    )
    assert stage(**(STEADY | {"net_12m": 58.0}))["reason"].en == "sales of 12 months -42% on the 12 before"
