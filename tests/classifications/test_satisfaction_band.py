"""Satisfaction in three bands, at their borders."""

from datetime import date

import pandas as pd

from crmbook.classifications.satisfaction_band import SATISFACTION_BAND
from crmbook.settings import in_force

DAY = pd.Timestamp("2024-05-06")


def bands(*points, recommend=None, **settings):
    facts = pd.DataFrame({"satisfaction": points, "recommend": recommend}, dtype="float64")
    facts["surveyed_on"] = pd.Series(DAY, facts.index).where(facts["satisfaction"].notna())
    return SATISFACTION_BAND.compute(facts, in_force(settings, date(2024, 12, 31)))


def test_the_borders_belong_to_the_outer_bands():
    got = bands(80, 79.9, 60.1, 60, 0, None)
    assert got["class"].tolist() == ["satisfied", "fair", "fair", "poor", "poor", "unknown"]
    assert got["points"].fillna(-1).tolist() == [80, 79.9, 60.1, 60, 0, -1]


def test_a_last_digit_does_not_decide():
    assert bands(80 - 1e-12, 60 + 1e-12)["class"].tolist() == ["satisfied", "poor"]


def test_the_bands_are_settings():
    assert bands(80, 79, SATISFACTION_GOOD=90, SATISFACTION_LOW=79)["class"].tolist() == ["fair", "poor"]


def test_the_reason_names_the_day_and_the_points():
    assert bands(73.04)["reason"][0].zh == "2024-05-06 调查得 73.0 分"
    assert bands(73.04, recommend=9)["reason"][0].en == "surveyed 2024-05-06: 73.0 points, would recommend 9 of 10"
    assert bands(None, recommend=9)["reason"][0].en == "never surveyed, or nothing answered"
