"""The raw rows of the sample, read by plain Python: csv, dicts and Decimal, nothing of crmbook's between."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "sample_data"
TODAY, YEAR_AGO, TWO_AGO = date(2026, 10, 31), date(2025, 10, 31), date(2024, 10, 31)
REGIONS = {"north": "华北", "northeast": "东北", "east": "华东", "central": "华中", "south": "华南", "southwest": "西南", "northwest": "西北"}  # fmt: skip
PROVINCES = {
    province: region
    for region, provinces in (
        ("华北", "北京 天津 河北 山西 内蒙古"), ("东北", "辽宁 吉林 黑龙江"), ("华东", "上海 江苏 浙江 安徽 福建 江西 山东"), ("华中", "河南 湖北 湖南"),
        ("华南", "广东 广西 海南"), ("西南", "重庆 四川 贵州 云南 西藏"), ("西北", "陕西 甘肃 青海 宁夏 新疆"),
    )
    for province in provinces.split()
}  # fmt: skip
NOWHERE = "未填区域"
Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(word: str) -> date | None:
    return date.fromisoformat(word) if word else None


def amount(line: Row) -> Decimal:
    return Decimal(line["amount"]) if line["amount"] else Decimal(line["quantity"]) * Decimal(line["price"])


def in_period(when: date, year: int = 2026) -> bool:
    return date(year, 1, 1) <= when <= date(year, 10, 31)


CUSTOMERS = {c["customer_id"]: c for c in read("customers")}
REGION = {id: REGIONS.get(c["region"]) or PROVINCES.get(c["province"], NOWHERE) for id, c in CUSTOMERS.items()}
COSTS = {p["product_id"]: Decimal(p["cost_price"]) for p in read("products") if p["cost_price"]}
LINES = [(line["customer_id"], day(line["date"]), amount(line), line) for line in read("orders")]
PAID = [(p["customer_id"], day(p["date"]), Decimal(p["amount"])) for p in read("payments")]
MET = [(v["customer_id"], day(v["date"])) for v in read("visits") if v["state"] in ("", "done")]
MET = [(customer, when) for customer, when in MET if when <= TODAY]


def net(chosen: Callable[[date], bool], key: Callable[[str], str] = lambda customer: customer) -> dict[str, Decimal]:
    """Net sales of the days chosen, by customer or by what `key` makes of it."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for customer, when, money, _ in LINES:
        if chosen(when):
            found[key(customer)] += money
    return found


def term(customer: str) -> timedelta:
    return timedelta(days=int(CUSTOMERS[customer]["term_days"] or 30))


def debts_and_credits() -> tuple[dict[str, list], dict[str, list]]:
    """By customer, in the order in which they are settled: purchases (day, amount), and returns and payments (day, number of
    the payment, amount)."""
    debts, credits = defaultdict(list), defaultdict(list)
    for customer, when, money, _ in LINES:
        if when <= TODAY and money > 0:
            debts[customer].append((when, money))
        elif when <= TODAY:
            credits[customer].append((when, "", -money))
    for paid in read("payments"):
        if day(paid["date"]) <= TODAY:
            credits[paid["customer_id"]].append((day(paid["date"]), paid["payment_id"], Decimal(paid["amount"])))
    return (*({customer: sorted(of[customer]) for customer in CUSTOMERS} for of in (debts, credits)),)


def settled(debts: list, purse: Decimal) -> list[Decimal]:
    """How much of each debt, the oldest first, so much money settles."""
    parts = []
    for _, money in debts:
        parts.append(min(max(purse, Decimal(0)), money))
        purse -= parts[-1]
    return parts


def overdue() -> dict[str, list[tuple[int, Decimal]]]:
    """By customer, what is open past its due day: days and amount."""
    found, (debts, credits) = {}, debts_and_credits()
    for customer, own in debts.items():
        paid = settled(own, sum((money for *_, money in credits[customer]), Decimal(0)))
        late = [((TODAY - when - term(customer)).days, money - part) for (when, money), part in zip(own, paid, strict=True)]  # fmt: skip
        found[customer] = [(days, left) for days, left in late if days > 0 and left > 0]
    return found


POINTS = {"very_good": 100, "good": 80, "fair": 60, "poor": 30, "very_poor": 0}
WEIGHTS = {"quality": 30, "delivery": 20, "price": 15, "service": 15, "complaints": 10, "support": 10}


def satisfaction() -> dict[str, float]:
    """By customer: Σ weight × points over Σ weight of the items rated in the latest survey that rates any."""
    found = {}
    for row in sorted(read("surveys"), key=lambda row: (row["date"], row["survey_id"])):
        rated = [item for item in WEIGHTS if row[item] in POINTS]
        if rated and day(row["date"]) <= TODAY:
            base = sum(WEIGHTS[item] for item in rated)
            found[row["customer_id"]] = sum(WEIGHTS[item] * POINTS[row[item]] for item in rated) / base
    return found


def column(rows: list[dict], key: str, header: str) -> dict[str, object]:
    return {row[key]: row[header] for row in rows}


def same(shown: dict, worked_out: dict, tolerance: float = 0.005) -> None:
    assert {k: v for k, v in shown.items() if v} == pytest.approx(
        {k: float(v) for k, v in worked_out.items() if v}, abs=tolerance
    )
