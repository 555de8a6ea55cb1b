"""Who came and who went: new and lost customers of a period, one definition for every report."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from crmbook.settings import Settings, months_before


def new(facts: pd.DataFrame, settings: Settings) -> "pd.Series[Any]":
    """Who ordered for the first time in the period."""
    return within(facts["first_day"], settings.period.start, settings.period.end)


def lost(facts: pd.DataFrame, settings: Settings) -> "pd.Series[Any]":
    """Which buyers were lost in the period: cooperation ended in it, or the months without an order were full in it.

    Nobody leaves before the last order; an end without a day counts as of that order.
    """
    months, period = int(settings["LOST_MONTHS"]), settings.period
    already = months_before(period.start - timedelta(days=1), months)  # whoever bought no later was lost before
    silent = within(facts["last_day"], already + timedelta(days=1), months_before(period.end, months))
    left = facts["left_on"] <= pd.Timestamp(period.end)
    went = facts[["left_on", "last_day"]].max(axis=1)
    ended = facts["left_on"].isna() & (facts["state"] == "ended") & (facts["last_day"] >= pd.Timestamp(period.start))
    return (silent | ended).where(~left, went >= pd.Timestamp(period.start)) & (facts["orders"] > 0)


def here(facts: pd.DataFrame) -> "pd.Series[Any]":
    """Who is a customer today: has ordered, and is not in the stage Exit."""
    return (facts["orders"] > 0) & (facts["stage"] != "exit")


def within(days: "pd.Series[Any]", first: date, last: date) -> "pd.Series[Any]":
    """Which of the days lie between two days, both included."""
    return (days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))
