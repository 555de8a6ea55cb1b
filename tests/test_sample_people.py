"""The sample's people, service requests, agreements and targets: believable, and something to show in every form."""

from collections import Counter
from datetime import date, datetime

from crmbook import schema
from tests.test_sample_data import AS_OF, rows


def test_a_customer_in_touch_has_two_to_six_people_of_every_role_and_attitude():
    people, customers = rows("contacts"), {row["customer_id"]: row for row in rows("customers")}
    counts = Counter(row["customer_id"] for row in people)
    assert {n for id, n in counts.items() if customers[id]["state"] == "active"} == {1, 2, 3, 4, 5, 6}
    assert sum(n == 1 for n in counts.values()) < 30  # those who left
    for column in ("role", "attitude"):
        assert {row[column] for row in people} == {"", *(c.id for c in schema.CONTACTS.column(column).choices)}
    assert all(row["person"] in {p["name"] for p in people} for row in rows("visits"))
    owners = {row[id] for row in customers.values() for id in ("owner", "solution_owner", "delivery_owner")}
    assert {row["our_owner"] for row in people} <= owners
    assert len({row["our_owner"] for row in people}) >= 12


def test_service_requests_are_open_overdue_and_repeated():
    requests, end = rows("service"), datetime(2026, 10, 31, 23, 59)
    moments = [{id: datetime.fromisoformat(r[id]) for id in ("received", "closed", "due") if r[id]} for r in requests]
    assert all(m["received"] <= m.get("closed", end) <= end for m in moments)
    assert all(m["due"] > m["received"] for m in moments if "due" in m)
    assert sum("due" in m for m in moments) < 30
    waiting = [
        (r["type"], (end - m["received"]).days) for r, m in zip(requests, moments, strict=True) if "closed" not in m
    ]
    assert 5 <= len(waiting) <= 15
    assert any(kind == "complaint" and days > 3 for kind, days in waiting)  # beyond the time of its level
    assert any(days == 0 for _, days in waiting)
    late = [r["customer_id"] for r in requests if r["type"] == "complaint" and r["received"] > "2026-08-02"]
    assert 3 <= sum(n >= 2 for n in Counter(late).values()) <= 6
    for column in ("type", "level", "call_back", "effective", "opportunity"):
        assert {r[column] for r in requests} >= {c.id for c in schema.SERVICE.column(column).choices}
    orders = {row["order_id"]: row for row in rows("orders")}
    named = [(r, orders[r["order_id"]]) for r in requests if r["order_id"]]
    assert all(r["customer_id"] == o["customer_id"] and r["received"][:10] > o["date"] for r, o in named)


def test_agreements_end_and_anniversaries_come_in_the_next_days():
    customers = rows("customers")
    assert {r["agreement"] for r in customers} == {"", "none", "framework", "strategic"}
    ends = [date.fromisoformat(r["contract_end"]) for r in customers if r["contract_end"]]
    assert 4 <= sum(0 <= (end - AS_OF).days <= 30 for end in ends) <= 10
    assert {r["joint_plan"] for r in customers} == {"", "yes", "no"}
    assert any(float(r["executive_visits"] or 0) > 2 for r in customers)
    days = [date.fromisoformat(r["anniversary"]).replace(year=2026) for r in customers if r["anniversary"]]
    assert sum(0 < (day - AS_OF).days < 14 for day in days) >= 5


def test_targets_of_a_region_are_those_of_its_managers():
    sums = Counter()
    for row in rows("targets"):
        sums[row["month"], row["scope"]] += int(row["amount"])
    for month in {row["month"] for row in rows("targets")}:
        assert sums[month, "company"] == sums[month, "region"] == sums[month, "owner"] > sums[month, "customer"] > 0
