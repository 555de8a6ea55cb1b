"""When each customer should be visited next: by its grade, after a first order, after a complaint."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmbook.figures.numbered import once
from crmbook.figures.order_lines import moment
from crmbook.settings import Settings

GRADES = "abcd"  # each with its own interval
INTERVAL, FIRST, CALL = "interval", "first", "call"  # the rules


def late_from(facts: pd.DataFrame, grades: "pd.Series[Any]", settings: Settings) -> "pd.Series[Any]":
    """`due`; no day at all while the book records no visit, as then nobody can be said to have been neglected."""
    days, met = due(facts, grades, settings), facts["last_contact"].notna()
    return days if met.any() else days.where(met)


def due(facts: pd.DataFrame, grades: "pd.Series[Any]", settings: Settings) -> "pd.Series[Any]":
    """Facts with `stage` and the grades in force → the day by which each customer should be visited, which may be past.

    NaT for those who have left.
    """
    by = rules(facts, grades, settings)
    return by["base"] + pd.to_timedelta(by["days"], unit="D")


def rules(facts: pd.DataFrame, grades: "pd.Series[Any]", settings: Settings) -> pd.DataFrame:
    """The rule by which each customer's next visit is due, the day it counts from (`base`) and the `days` it gives.

    `interval`: the grade's (`VISIT_A` … `VISIT_D`) after the last completed contact, else the last order, else the first
    contact, else today. `first`: where nobody was there since the first order, `FIRST_VISIT` days after it instead. `call`:
    where nobody was there since a complaint was closed, `CALL_BACK` days after that, if it is sooner. For those who have left
    there is no base.
    """
    given = {id: settings[id] for id in (*(f"VISIT_{grade.upper()}" for grade in GRADES), "FIRST_VISIT", "CALL_BACK")}
    return _rules(facts, tuple(grades.tolist()), settings.today, tuple(given.items()))


@once
def _rules(
    facts: pd.DataFrame, grade: tuple[str, ...], today: date, given: tuple[tuple[str, Any], ...]
) -> pd.DataFrame:
    settings = dict(given)
    met, first, closed, bought, begun = (
        facts[name].to_numpy()
        for name in ("last_contact", "first_day", "complaint_closed", "last_day", "first_contact")
    )
    days = np.array([settings[f"VISIT_{letter.upper()}"] for letter in grade], "float64")
    base = met
    for other in (bought, begun, moment(today)):
        base = np.where(np.isnat(base), other, base)
    unmet = ~np.isnat(first) & ~(met >= first)
    base, days = np.where(unmet, first, base), np.where(unmet, settings["FIRST_VISIT"], days)
    unheard = ~np.isnat(closed) & ~(met >= closed)
    sooner = unheard & (closed + pd.Timedelta(days=settings["CALL_BACK"]) < base + pd.to_timedelta(days, unit="D"))
    base, days = np.where(sooner, closed, base), np.where(sooner, settings["CALL_BACK"], days)
    rule = np.select([sooner, unmet], [CALL, FIRST], INTERVAL).astype(object)
    left = (facts["stage"] == "exit").to_numpy(bool)
    base[left] = np.datetime64("NaT")
    return pd.DataFrame({"rule": pd.Series(rule, facts.index, object), "base": base, "days": days}, facts.index)


def purposes(facts: pd.DataFrame, rule: "pd.Series[Any]", settings: Settings) -> list[str]:
    """What each customer should be visited for (an id of the visits' purposes): the first that there is reason for.

    A complaint that is open or was not followed up, money overdue, a contract that ends within `CONTRACT_DAYS`, a first
    order, then by stage; `rule`: as `rules` has it.
    """
    soon = pd.Timestamp(settings.today) + pd.Timedelta(days=settings["CONTRACT_DAYS"])
    reasons = (
        ("complaint", (facts["complaints_open"] > 0) | (rule == CALL)),
        ("collection", facts["overdue"] > 0),
        ("negotiation", facts["contract_end"] <= soon),
        ("after-sales", rule == FIRST),
        ("relationship", facts["stage"] == "win_back"),
        ("needs", facts["stage"].isin(["identify", "acquire"])),
        ("demo", facts["stage"] == "develop"),
    )
    found = pd.Series("routine", facts.index, dtype=object)
    for purpose, holds in reversed(reasons):
        found = found.mask(holds, purpose)
    return found.tolist()
