"""The figures of the sample workbook, worked out a second time by plain Python from the CSV files, nothing of crmbook's between."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from tests.plain_sample import (
    COSTS,
    CUSTOMERS,
    LINES,
    MET,
    PAID,
    REGION,
    TODAY,
    TWO_AGO,
    YEAR_AGO,
    column,
    day,
    in_period,
    net,
    read,
    same,
)  # fmt: skip


def test_sales_by_region(sheet):
    rows = sheet("客户区域分析表")
    same(column(rows, "区域", "本期销售额"), net(in_period, REGION.get))
    same(column(rows, "区域", "去年同期销售额"), net(lambda when: in_period(when, 2025), REGION.get))
    same(column(rows, "区域", "客户数量"), Counter(REGION.values()))


def test_targets_visits_and_margins_by_region(sheet):
    rows = sheet("客户区域分析表")
    targets: dict[str, Decimal] = defaultdict(Decimal)
    for target in read("targets"):
        if target["scope"] == "region" and in_period(day(target["month"])):
            targets[target["object"]] += Decimal(target["amount"])
    same(column(rows, "区域", "销售目标"), targets)
    same(column(rows, "区域", "拜访次数"), Counter(REGION[c] for c, when in MET if in_period(when)))
    sold, gained = defaultdict(Decimal), defaultdict(Decimal)
    for customer, when, money, line in LINES:
        cost = Decimal(line["cost"]) if line["cost"] else COSTS.get(line["product_id"])
        if in_period(when) and cost is not None:
            sold[REGION[customer]] += money
            gained[REGION[customer]] += money - (cost if line["cost"] else cost * Decimal(line["quantity"]))
    same(column(rows, "区域", "毛利率"), {r: gained[r] / sold[r] for r in sold}, 1e-6)


def test_debts_by_region(sheet):
    rows = sheet("客户区域分析表")
    owed, received = defaultdict(Decimal), defaultdict(Decimal)
    for customer, left in debts().items():
        owed[REGION[customer]] += left
    for customer, when, money in PAID:
        if in_period(when):
            received[REGION[customer]] += money
    same(column(rows, "区域", "应收余额"), owed)
    sales = net(in_period, REGION.get)
    same(column(rows, "区域", "回款率"), {r: received[r] / sales[r] for r in sales}, 1e-9)


def debts() -> dict[str, Decimal]:
    """What each customer owes: purchases less returns and payments, never below nothing."""
    balance: dict[str, Decimal] = defaultdict(Decimal)
    for customer, when, money, _ in LINES:
        balance[customer] += money if when <= TODAY else 0
    for customer, when, money in PAID:
        balance[customer] -= money if when <= TODAY else 0
    return {customer: max(left, Decimal(0)) for customer, left in balance.items()}


def test_sales_by_region_and_month(sheet):
    rows = sheet("区域月度销售")
    for month in range(1, 11):
        of = net(lambda when, month=month: (when.year, when.month) == (2026, month), REGION.get)
        same(column(rows, "区域", f"{month}月"), of)
    assert not any(row["11月"] or row["12月"] for row in rows)
    same(column(rows, "区域", "合计"), net(in_period, REGION.get))


def bought(customer: str) -> list[date]:
    """The days on which a customer bought, in order."""
    return sorted({when for c, when, money, _ in LINES if c == customer and money > 0 and when <= TODAY})


def test_stages(sheet):
    year, before = net(lambda when: when > YEAR_AGO), net(lambda when: TWO_AGO < when <= YEAR_AGO)
    last_met = dict(sorted(MET, key=lambda met: met[1]))

    def stage(id: str) -> str:
        c, days = CUSTOMERS[id], bought(id)
        left = day(c["left_on"])
        if (left and left <= TODAY) or (not left and c["state"] == "ended"):
            return "退出"
        if not days:
            contacts = [met for met in (day(c["first_contact"]), last_met.get(id)) if met and met <= TODAY]
            return "获取" if contacts else "识别"
        if days[-1] <= YEAR_AGO:
            return "退出"
        gaps = [(b - a).days for a, b in pairwise(days)]
        growth = year.get(id, 0) / before[id] - 1 if before.get(id, 0) > 0 else None
        if len(days) >= 3 and (TODAY - days[-1]).days >= 2 * median(gaps):
            return "挽留"
        if growth is not None and growth <= Decimal("-0.3"):
            return "挽留"
        if days[0] > YEAR_AGO or (growth is not None and growth >= Decimal("0.2")):
            return "发展"
        return "维护"

    worked_out = {id: stage(id) for id in CUSTOMERS}
    assert column(sheet("客户链管理表"), "客户编号", "阶段") == worked_out
    assert set(worked_out.values()) == {"识别", "获取", "发展", "维护", "挽留", "退出"}


def test_what_each_customer_bought(sheet):
    rows = sheet("客户链管理表")
    same(column(rows, "客户编号", "累计购买额"), net(lambda when: when <= TODAY))
    orders = {(c, line["order_id"]) for c, when, money, line in LINES if money > 0 and YEAR_AGO < when <= TODAY}
    same(column(rows, "客户编号", "近12月订单数"), Counter(customer for customer, _ in orders))


def test_abc(sheet):
    sales = {c: money for c, money in net(in_period).items() if money > 0}
    whole, classes = sum(sales.values()), dict.fromkeys(CUSTOMERS, "未评级")
    for customer, money in sales.items():
        share = sum(other for other in sales.values() if other >= money) / whole
        top = money == max(sales.values()) or share <= Decimal("0.8")
        classes[customer] = "A" if top else "B" if share <= Decimal("0.95") else "C"
    assert column(sheet("客户分级表"), "客户代码", "销售额等级ABC") == classes


def percentile(values: dict[str, float], customer: str) -> float:
    """The share of the customers with a value above 0 whose value is not above this one's, in hundredths."""
    known = [v for v in values.values() if v > 0]
    return 100 * sum(v <= values[customer] for v in known) / len(known) if values.get(customer, 0) > 0 else 0


def credit(customer: str) -> float:
    """Punctuality less half a point for each day overdue, by settling the oldest debt first, day by day."""
    term = timedelta(days=int(CUSTOMERS[customer]["term_days"] or 30))
    owed, credits = defaultdict(Decimal), []
    for order in {(line["order_id"], when) for c, when, _, line in LINES if c == customer and when <= TODAY}:
        lines = [m for c, when, m, line in LINES if c == customer and (line["order_id"], when) == order]
        owed[order[1]] += sum(m for m in lines if m > 0)
        if returned := sum(m for m in lines if m < 0):
            credits.append((order[1], -returned))
    credits += [(when, money) for c, when, money in PAID if c == customer and when <= TODAY]
    before, due, settled, late = Decimal(0), Decimal(0), Decimal(0), 0
    for when in sorted(d for d in owed if owed[d]):
        until = {limit: sum(m for d, m in credits if d <= limit) for limit in (when + term, TODAY)}
        paid = {limit: min(max(m - before, Decimal(0)), owed[when]) for limit, m in until.items()}
        if when + term < TODAY:
            due, settled = due + owed[when], settled + paid[when + term]
            if paid[TODAY] < owed[when]:
                late = max(late, (TODAY - when - term).days)
        before += owed[when]
    return 50 if not due else max(float(settled / due) * 100 - late / 2, 0)


def test_scores_and_grades(sheet):
    sales, year, past = (net(days) for days in (in_period, lambda d: d > YEAR_AGO, lambda d: TWO_AGO < d <= YEAR_AGO))
    margin: dict[str, Decimal] = defaultdict(Decimal)
    for customer, when, money, line in LINES:
        cost = Decimal(line["cost"]) if line["cost"] else COSTS.get(line["product_id"])
        if in_period(when) and cost is not None:
            margin[customer] += money - (cost if line["cost"] else cost * Decimal(line["quantity"]))
    active = Counter(c for c, _ in {(c, line["order_id"]) for c, when, m, line in LINES if m > 0 and YEAR_AGO < when <= TODAY})  # fmt: skip
    met = Counter(customer for customer, when in MET if when > YEAR_AGO)
    asked = {id: float(c["potential"] or 0) for id, c in CUSTOMERS.items()}
    growth = {id: float(year.get(id, 0) / past[id]) for id in CUSTOMERS if past.get(id, 0) > 0}

    def score(id: str) -> float:
        if not bought(id):
            return 0
        profit = 50 if sales.get(id, 0) > 0 and id not in margin else percentile(margin, id)
        room = percentile(asked, id) if asked[id] else 50
        if not asked[id] and id in growth:
            room = 100 * sum(v <= growth[id] for v in growth.values()) / len(growth)
        activity = 0.7 * percentile(active, id) + 0.3 * percentile(met, id)
        return 0.4 * percentile(sales, id) + 0.2 * profit + 0.15 * credit(id) + 0.15 * activity + 0.1 * room

    scores = {id: score(id) for id in CUSTOMERS}
    rows = sheet("客户分级表")
    same(column(rows, "客户代码", "评分"), scores, 0.0801)  # four of its parts and the sum are rounded to one decimal
    clear = {id: s for id, s in scores.items() if all(abs(s - cut) > 0.09 for cut in (80, 60, 40))}
    assert len(clear) > 0.95 * len(scores)
    grades = column(rows, "客户代码", "系统建议等级")
    assert {id: grades[id] for id in clear} == {id: "A" if s > 80 else "B" if s > 60 else "C" if s > 40 else "D" for id, s in clear.items()}  # fmt: skip
