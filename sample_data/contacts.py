"""The people at the sample's customers: two to six at each that buys, one where they left, with their part in a decision to buy."""

from random import Random

import names
from customers import Customer

# position: department, usual role, influence from … to
PLACES = {
    "总经理": ("总经办", "approver", 8, 10),
    "业主": ("总经办", "approver", 9, 10),
    "生产厂长": ("生产部", "approver", 7, 9),
    "供应链总监": ("采购部", "decider", 7, 9),
    "采购经理": ("采购部", "decider", 6, 9),
    "技术部长": ("技术部", "supporter", 6, 8),
    "采购主管": ("采购部", "decider", 5, 7),
    "设备科长": ("设备部", "supporter", 5, 7),
    "维修主管": ("设备部", "influencer", 3, 6),
    "采购员": ("采购部", "influencer", 2, 5),
    "质检主管": ("质量部", "influencer", 3, 6),
    "财务主管": ("财务部", "influencer", 3, 6),
}
OFFICES = [position for position in PLACES if position != "业主"]
ATTITUDES = ("coach", "strong_support", "support", "neutral", "against")
NOTES = ("技术出身，重视现场验证", "关注价格和账期", "主管备件计划", "新到任", "与我方合作多年", "偏好竞争对手品牌")


def _attitude(c: Customer, rng: Random) -> str:
    """The better a customer's mood, the more of its people are on our side; not everybody has been asked."""
    if rng.random() < 0.06:
        return ""
    liking = c.mood + rng.uniform(-0.3, 0.3)
    return ATTITUDES[max(0, min(4, int((0.95 - liking) * 5.5)))]


def _person(c: Customer, position: str, name: str, phone: str, rng: Random) -> dict[str, object]:
    department, role, low, high = PLACES[position]
    helped = [c.row[owner] for owner in ("solution_owner", "delivery_owner") if c.row[owner]]
    return {
        "customer_id": c.id,
        "name": name,
        "department": department,
        "position": position,
        "role": role if rng.random() < 0.92 else "",
        "influence": rng.randint(low, high) if rng.random() < 0.95 else "",
        "attitude": _attitude(c, rng),
        "phone": phone,
        "email": "",
        "our_owner": rng.choice(helped) if helped and rng.random() < 0.3 else c.row["owner"],
        "note": rng.choice(NOTES) if rng.random() < 0.12 else "",
    }


def contact_rows(customers: list[Customer]) -> list[dict[str, object]]:
    """The rows of contacts.csv: the contact of the customers table first, then colleagues; more at a larger customer."""
    rows: list[dict[str, object]] = []
    used = {str(c.row["phone"]) for c in customers}
    for c in customers:
        if c.habit == "listed":
            continue
        rng = Random(f"contacts {c.id}")
        count = (
            1
            if c.habit in {"churned", "ended"}
            else rng.choice((4, 5, 6) if c.size > 800_000 else (3, 4, 5) if c.size > 200_000 else (2, 2, 3))
        )
        first = str(c.row["position"])
        people = [_person(c, first, str(c.row["contact"]), str(c.row["phone"]), rng) | {"email": c.row["email"]}]
        named = {c.row["contact"]}
        others = rng.sample([p for p in OFFICES if p != first], len(OFFICES) - 1 - (first in OFFICES))
        if c.size > 200_000:  # there, everybody knows whom to ask
            others.sort(key=lambda p: PLACES[p][1] not in {"approver", "decider"} - {PLACES[first][1]})
        for position in others[: count - 1]:
            name = next(n for n in iter(lambda rng=rng: names.person(rng), "") if n not in named)
            named.add(name)
            phone = next(n for n in iter(lambda rng=rng, c=c: names.phone(rng, c.area), "") if n not in used)
            used.add(phone)
            people.append(_person(c, position, name, phone if rng.random() < 0.85 else "", rng))
        rows += people
    return [{"contact_id": f"LX{n:04d}", **row} for n, row in enumerate(rows, 1)]


def by_customer(rows: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """The people of each customer."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        found.setdefault(str(row["customer_id"]), []).append(row)
    return found
