"""Visits, surveys, service requests and contacts in the ledger, against plain Python over the raw rows."""

from datetime import datetime, time, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from crmbook.figures import ledger
from crmbook.settings import in_force
from tests.ledger.plain_rows import CUSTOMERS, IN_FORCE, TODAY, inside, modest, people, rows_of, tables

POINTS = {"very_good": 100, "good": 80, "fair": 60, "poor": 30, "very_poor": 0}
WEIGHTS = {"quality": 30, "price": 15, "support": 10}
ATTITUDES = {"coach": 3, "strong_support": 2, "support": 1, "neutral": 0, "against": -1}
MIDNIGHT = datetime.combine(TODAY + timedelta(1), time())  # the end of today
WHO = {c["customer_id"]: c.get("owner") for c in CUSTOMERS}


@modest
@given(raw=people)
def test_only_completed_visits_count(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    for id in WHO:
        of = facts.loc[id]
        visits = [row for row in rows_of(raw, "visits", id) if row["state"] in {"done", None}]
        assert (of["visits_12m"], of["visits_period"]) == (len(inside(visits, "12m")), len(inside(visits, "period")))
        assert of["contacts_3m"] == sum(row["date"].isoformat() > "2023-11-29" for row in visits)
        last = max(visits, key=lambda row: (row["date"], row["visit_id"]), default=None)
        if last:
            assert (of["last_contact"].date(), of["last_contact_way"]) == (last["date"], last["way"])
        else:
            assert pd.isna(of["last_contact"])


@modest
@given(raw=people)
def test_satisfaction_weighs_the_items_rated_in_the_latest_survey(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    for id in WHO:
        surveys = sorted(rows_of(raw, "surveys", id), key=lambda row: (row["date"], row["survey_id"]))
        rated = [({item: POINTS[row[item]] for item in WEIGHTS if row[item] in POINTS}, row["date"]) for row in surveys]
        latest = next(((points, day) for points, day in reversed(rated) if points), None)
        if latest:
            points, day = latest
            score = sum(WEIGHTS[i] * p for i, p in points.items()) / sum(WEIGHTS[i] for i in points)
            assert facts.loc[id, "satisfaction"] == pytest.approx(score, abs=0.005)
            assert facts.loc[id, "surveyed_on"].date() == day
        else:
            assert facts.loc[id, ["satisfaction", "surveyed_on"]].isna().all()
        would = [row["recommend"] for row in surveys if row["recommend"] is not None]
        recommend = facts.loc[id, "recommend"]
        assert recommend == would[-1] if would else np.isnan(recommend)


def test_satisfaction_by_the_handbook():
    """Σ weight × points: 30·100 + 20·80 + 15·60 + 15·30 + 10·0 over the 90 that were rated."""
    survey = {"survey_id": "S", "date": TODAY, "customer_id": "C0", "quality": "very_good", "delivery": "good", "price": "fair", "service": "poor", "complaints": "very_poor", "support": "unknown"}  # fmt: skip
    facts = ledger.facts(tables({"surveys": [survey]}), IN_FORCE)
    assert facts.loc["C0", "satisfaction"] == 66.11
    only_delivery = dict.fromkeys(("QUALITY", "PRICE", "SERVICE", "COMPLAINTS", "SUPPORT"), 0)
    weights = in_force({f"SURVEY_W_{item}": weight for item, weight in only_delivery.items()}, TODAY)
    assert ledger.facts(tables({"surveys": [survey]}), weights).loc["C0", "satisfaction"] == 80
    unrated = survey | {"survey_id": "T", "delivery": None}  # later, but nothing that has a weight
    assert ledger.facts(tables({"surveys": [survey, unrated]}), weights).loc["C0", "satisfaction"] == 80


def limit(row):
    """The moment by which a request is to be done, day by day."""
    if row["due"]:
        return row["due"] + timedelta(days=1) if row["due"].time() == time() else row["due"]
    if row["level"] in {"p0", "p1"}:
        return row["received"] + timedelta(hours={"p0": 2, "p1": 4}[row["level"]])
    at, left = row["received"], {"p2": 1}.get(row["level"], 3)
    if at.weekday() >= 5:
        at = datetime.combine(at, time())
        while at.weekday() >= 5:
            at += timedelta(days=1)
    while left:
        at += timedelta(days=1)
        left -= at.weekday() < 5
    return at


@modest
@given(raw=people)
def test_requests_are_open_until_closed_and_overdue_after_their_limit(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    for id in WHO:
        of = facts.loc[id]
        rows = [row for row in raw["service"] if row["customer_id"] == id and row["received"] < MIDNIGHT]
        closed = [row for row in rows if row["closed"] and row["closed"] < MIDNIGHT]
        complaints = [row for row in rows if row["type"] == "complaint"]
        late = [MIDNIGHT - limit(row) for row in complaints if row not in closed and limit(row) < MIDNIGHT]
        assert of["requests_open"] == len(rows) - len(closed)
        assert of["complaints_open"] == sum(row not in closed for row in complaints)
        assert of["complaints_overdue"] == len(late)
        assert of["complaint_overdue_days"] == max((time_over.days for time_over in late), default=0)
        assert of["complaints_90d"] == sum(row["received"] >= MIDNIGHT - timedelta(90) for row in complaints)
        last = max((row["closed"].date() for row in complaints if row in closed), default=None)
        assert (None if pd.isna(of["complaint_closed"]) else of["complaint_closed"].date()) == last


@pytest.mark.parametrize(
    ("level", "received", "first_overdue"),
    [
        pytest.param("p0", "2026-10-30 23:30", "2026-10-31", id="2 hours go on through the night"),
        pytest.param("p1", "2026-10-30 19:59", "2026-10-30", id="4 hours, within the day"),
        pytest.param("p2", "2026-10-30 15:00", "2026-11-02", id="Friday, one working day: Monday at the same time"),
        pytest.param("p2", "2026-10-31 09:00", "2026-11-03", id="Saturday counts from Monday, 0:00: Tuesday, 0:00"),
        pytest.param("p3", "2026-10-28 15:00", "2026-11-02", id="Wednesday, three working days"),
        pytest.param(None, "2026-10-28 15:00", "2026-11-02", id="without a level: as P3"),
    ],
)
def test_the_limit_goes_by_the_level(level, received, first_overdue):
    row = {"customer_id": "C0", "received": datetime.fromisoformat(received), "type": "complaint", "level": level, "due": None, "closed": None}  # fmt: skip
    day = datetime.fromisoformat(first_overdue).date()
    for today, overdue in ((day - timedelta(1), 0), (day, 1)):
        facts = ledger.facts(tables({"service": [row]}), in_force({}, today))
        assert facts.loc["C0", "complaints_overdue"] == (overdue if row["received"].date() <= today else 0)


@modest
@given(raw=people)
def test_contacts_are_counted_by_what_they_are_to_us(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    known = any(row["customer_id"] in WHO for row in raw["contacts"])
    for id, owner in WHO.items():
        of, rows = facts.loc[id], [row for row in raw["contacts"] if row["customer_id"] == id]
        assert of["contacts"] == len(rows)
        roles = {row["role"] for row in rows} & {"approver", "decider"}
        assert of["decider_share"] == len(roles) / 2 if known else np.isnan(of["decider_share"])
        points = [ATTITUDES[row["attitude"]] for row in rows if row["role"] in roles and row["attitude"]]
        attitude = of["decider_attitude"]
        assert attitude == pytest.approx(sum(points) / len(points)) if points else np.isnan(attitude)
        assert of["supporters"] == sum(row["attitude"] in {"coach", "strong_support", "support"} for row in rows)
        assert of["opponents"] == sum(row["attitude"] == "against" for row in rows)
        assert of["departments"] == len({row["department"] for row in rows} - {None})
        visits = [row for row in rows_of(raw, "visits", id) if row["state"] in {"done", None}]
        ours = {row["our_owner"] for row in rows} | {row["visitor"] for row in inside(visits, "12m")} | {owner}
        assert of["our_people"] == len(ours - {None})
