"""Totals by customer, product, month and region, growth, debts and concentration, worked out a second time by plain Python."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.plain_sample import (
    CUSTOMERS,
    LINES,
    REGION,
    TODAY,
    column,
    debts_and_credits,
    in_period,
    net,
    overdue,
    same,
    satisfaction,
    settled,
)  # fmt: skip


def last_year(when: date) -> bool:
    return in_period(when, 2025)


def by_product(chosen: Callable[[date], bool], of: Callable[[dict, Decimal], Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for _, when, money, line in LINES:
        if chosen(when):
            found[line["product_id"]] += of(line, money)
    return found


def growth(now: dict[str, Decimal], before: dict[str, Decimal]) -> dict[str, Decimal]:
    """Where there is a base."""
    return {key: now.get(key, 0) / base - 1 for key, base in before.items() if base > 0}


def test_sales_and_growth_of_each_customer(sheet):
    rows = sheet("客户销售分析表")
    assert column(rows, "客户编号", "客户编号").keys() == CUSTOMERS.keys()
    same(column(rows, "客户编号", "本年累计金额"), net(in_period))
    same(column(rows, "客户编号", "去年同期"), net(last_year))
    same(column(rows, "客户编号", "上年度金额"), net(lambda when: when.year == 2025))
    same(column(rows, "客户编号", "同比增长率"), growth(net(in_period), net(last_year)), 1e-9)


def test_what_each_customer_owes(sheet):
    rows, (debts, credits) = sheet("客户销售分析表"), debts_and_credits()
    owed = {}
    for customer, own in debts.items():
        paid = settled(own, sum((money for *_, money in credits[customer]), Decimal(0)))
        owed[customer] = sum(money for _, money in own) - sum(paid)
    same(column(rows, "客户编号", "尚欠货款"), owed)
    same(column(rows, "客户编号", "逾期金额"), {c: sum(left for _, left in own) for c, own in overdue().items()})


@pytest.mark.parametrize("month", range(1, 11))
def test_sales_by_month(sheet, month):
    def chosen(when: date) -> bool:
        return (when.year, when.month) == (2026, month) and when <= TODAY

    same(column(sheet("客户月度销售"), "客户编号", f"{month}月"), net(chosen))
    same(column(sheet("区域月度销售"), "区域", f"{month}月"), net(chosen, REGION.get))
    same(column(sheet("产品月度销售"), "产品编号", f"{month}月"), by_product(chosen, lambda line, money: money))


def test_products(sheet):
    rows = sheet("产品月度销售")
    now, before = (by_product(days, lambda line, money: money) for days in (in_period, last_year))
    same(column(rows, "产品编号", "合计"), now)
    same(column(rows, "产品编号", "去年同期"), before)
    same(column(rows, "产品编号", "同比增长率"), growth(now, before), 1e-9)
    quantity = by_product(in_period, lambda line, money: Decimal(line["quantity"] or 0))
    same(column(rows, "产品编号", "数量合计"), quantity)


def test_growth_and_concentration_of_each_region(sheet):
    rows = sheet("客户区域分析表")
    now, before = (net(days, REGION.get) for days in (in_period, last_year))
    same(column(rows, "区域", "增长率"), growth(now, before), 1e-9)
    bought = defaultdict(list)
    for customer, money in net(in_period).items():
        bought[REGION[customer]] += [money] if money > 0 else []
    shares = {region: sorted((m / sum(own) for m in own), reverse=True) for region, own in bought.items()}
    same(column(rows, "区域", "前四大客户占比CR4"), {region: sum(own[:4]) for region, own in shares.items()}, 1e-9)
    hhi = {region: sum(share * share for share in own) * 10_000 for region, own in shares.items()}
    same(column(rows, "区域", "客户集中度HHI"), hhi, 0.5001)


def test_satisfaction_of_each_region(sheet):
    by_region = defaultdict(list)
    for customer, points in satisfaction().items():
        by_region[REGION[customer]].append(points)
    mean = {region: sum(own) / len(own) for region, own in by_region.items()}
    same(column(sheet("客户区域分析表"), "区域", "满意度"), mean, 0.056)  # rounded to one decimal
