"""The ledger over the sample, worked out a second time by plain Python from the CSV files."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest

from crmbook.figures import ledger
from crmbook.settings import in_force
from crmbook.sources import csv_folder
from tests.plain_sample import (
    CUSTOMERS,
    LINES,
    SAMPLE,
    TODAY,
    YEAR_AGO,
    day,
    debts_and_credits,
    net,
    overdue,
    read,
    same,
    satisfaction,
    settled,
    term,
)  # fmt: skip

MIDNIGHT = datetime.combine(TODAY + timedelta(1), time())  # the end of today


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return ledger.facts(csv_folder.read(SAMPLE).tables, in_force({}, TODAY))


def test_what_is_overdue_by_age(facts):
    late = overdue()
    for name, least, most in (("aged_30", 1, 30), ("aged_60", 31, 60), ("aged_90", 61, 90), ("aged_over", 91, 9999)):
        aged = {customer: sum(left for days, left in own if least <= days <= most) for customer, own in late.items()}
        assert any(aged.values()), name
        same(facts[name].to_dict(), aged)
    same(facts["overdue"].to_dict(), {customer: sum(left for _, left in own) for customer, own in late.items()})
    days = {customer: max((days for days, _ in own), default=0) for customer, own in late.items()}
    assert facts["overdue_days"].to_dict() == days


def test_payments_that_came_late(facts):
    late, (debts, credits) = Counter(), debts_and_credits()
    for customer, own in debts.items():
        purse = 0
        for when, payment, money in credits[customer]:
            before, purse = settled(own, purse), purse + money
            parts = zip(own, before, settled(own, purse), strict=True)
            past = [sold for (sold, _), was, now in parts if now > was and sold + term(customer) < when]
            late[customer] += bool(payment and past and when > TODAY - timedelta(90))
    assert sum(late.values()) > 50
    same(facts["late_payments_90d"].to_dict(), late)


def test_months_with_sales(facts):
    by_month = defaultdict(lambda: defaultdict(int))
    for customer, when, money, _ in LINES:
        if YEAR_AGO < when <= TODAY:  # today is the last of its month, so these are calendar months
            by_month[customer][when.year, when.month] += money
    months = {customer: sum(money > 0 for money in own.values()) for customer, own in by_month.items()}
    same(facts["sale_months"].to_dict(), months)
    year = net(lambda when: when > YEAR_AGO and when <= TODAY)
    average = {customer: year[customer] / n for customer, n in months.items() if n}
    assert facts["average_month"].dropna().to_dict() == pytest.approx({c: float(a) for c, a in average.items()})


def test_satisfaction(facts):
    scores = satisfaction()
    assert len(scores) > 50
    assert facts["satisfaction"].dropna().to_dict() == pytest.approx(scores, abs=0.005)
    recommend = {row["customer_id"]: float(row["recommend"]) for row in sorted(read("surveys"), key=lambda row: (row["date"], row["survey_id"])) if row["recommend"]}  # fmt: skip
    assert facts["recommend"].dropna().to_dict() == recommend


def moment(word: str) -> datetime | None:
    return datetime.fromisoformat(word) if word else None


def limit(row: dict[str, str]) -> datetime:
    """The moment by which a request is to be done: as agreed, or by its level, day by day."""
    if row["due"]:
        return moment(row["due"]) + timedelta(days=moment(row["due"]).time() == time())
    at = moment(row["received"])
    if row["level"] in ("p0", "p1"):
        return at + timedelta(hours=2 if row["level"] == "p0" else 4)
    while at.weekday() >= 5:
        at = datetime.combine(at, time()) + timedelta(1)
    left = 1 if row["level"] == "p2" else 3
    while left:
        at += timedelta(1)
        left -= at.weekday() < 5
    return at


def test_service_requests(facts):
    rows = [row for row in read("service") if moment(row["received"]) < MIDNIGHT]
    open_ = [row for row in rows if not row["closed"] or moment(row["closed"]) >= MIDNIGHT]
    complaints = [row for row in rows if row["type"] == "complaint"]
    late = [row for row in complaints if row in open_ and limit(row) < MIDNIGHT]
    assert late
    for name, of in (
        ("requests_open", open_),
        ("complaints_open", [row for row in complaints if row in open_]),
        ("complaints_overdue", late),
        ("complaints_90d", [row for row in complaints if moment(row["received"]) >= MIDNIGHT - timedelta(90)]),
    ):
        same(facts[name].to_dict(), Counter(row["customer_id"] for row in of))
    days, closed = Counter(), {}
    for row in late:
        days[row["customer_id"]] = max(days[row["customer_id"]], (MIDNIGHT - limit(row)).days)
    same(facts["complaint_overdue_days"].to_dict(), days)
    for row in sorted((row for row in complaints if row not in open_), key=lambda row: row["closed"]):
        closed[row["customer_id"]] = moment(row["closed"]).date()
    assert {customer: last.date() for customer, last in facts["complaint_closed"].dropna().items()} == closed


def test_contacts(facts):
    people, visits = defaultdict(list), defaultdict(list)
    for row in read("contacts"):
        people[row["customer_id"]].append(row)
    for row in read("visits"):
        if row["state"] in ("", "done") and day(row["date"]) <= TODAY:
            visits[row["customer_id"]].append(row)
    assert people
    points = {"coach": 3, "strong_support": 2, "support": 1, "neutral": 0, "against": -1}
    for id, customer in CUSTOMERS.items():
        own, of = people[id], facts.loc[id]
        roles = {row["role"] for row in own} & {"approver", "decider"}
        views = [points[row["attitude"]] for row in own if row["attitude"]]
        deciding = [points[row["attitude"]] for row in own if row["attitude"] and row["role"] in roles]
        assert of["contacts"] == len(own)
        assert of["decider_share"] == len(roles) / 2
        assert (of["supporters"], of["opponents"]) == (sum(v > 0 for v in views), sum(v < 0 for v in views))
        assert of["departments"] == len({row["department"] for row in own} - {""})
        if deciding:
            assert of["decider_attitude"] == pytest.approx(sum(deciding) / len(deciding))
        else:
            assert pd.isna(of["decider_attitude"])
        ours = {row["our_owner"] for row in own} | {customer["owner"]}
        ours |= {row["visitor"] for row in visits[id] if day(row["date"]) > YEAR_AGO}
        assert of["our_people"] == len(ours - {""})
        assert of["contacts_3m"] == sum(day(row["date"]) > date(2026, 7, 31) for row in visits[id])
