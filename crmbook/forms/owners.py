"""Account managers: the customers, sales, target, debts, visits and complaints of everyone whose name stands in the book."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.classifications.grade import GRADE
from crmbook.features import Alert, Bars, Chart, Item, Listing
from crmbook.figures.coming import within
from crmbook.figures.ledger import net_by
from crmbook.figures.sold import target_of
from crmbook.form import NO, NOTE, Form, Given, Shows, blank
from crmbook.overview import SHORT, short
from crmbook.rates import (
    FELL,
    GROWTH,
    IF_ANY,
    MISSED,
    RATE,
    SUM,
    VISIBLE,
    growth,
    growth_of_sums,
    if_any,
    rate,
    rate_of_sums,
)
from crmbook.schema import OWNER, PEOPLE, Column
from crmbook.tally import total
from crmbook.text import Text

NAMED = tuple((table.id, column.id) for table in schema.ALL for column in table.columns if column.offers == PEOPLE)
SUMS = ("customers", "key", "net", "before", "sold", "visits", "complaints")
KNOWN = ("target", "margin", "receivable", "overdue")
GROWN = Text("同比增长率", "Growth")
FACTS = {
    "net": "net_period",
    "before": "net_before",
    "margin": "margin_period",
    "receivable": "receivable",
    "overdue": "overdue",
}
ALL = {of: VISIBLE.format(of=of) for of in ("net", "before", "target")}
FIRST, HIGH = 10, 22  # people in the list above the table, which have room in the charts; rows of these
FOUND = "INDEX([%s],MATCH({n},[no],0))"
SELLS = f"OR({FOUND % 'net'}<>0,{FOUND % 'before'}<>0,ISNUMBER({FOUND % 'target'}))"
WHO_SELLS, KNOWN_ONE = f'IFERROR(IF({SELLS},%s,""),"")', f'IFERROR(IF({FOUND}="","",{FOUND}),"")'
TOP = (
    Item("owner", OWNER, "text", WHO_SELLS % SHORT.format(name=FOUND % "owner"), 2),
    Item("target", Text("目标", "Target"), "number", KNOWN_ONE % ("target", "target"), 2),
    Item("net", Text("实际", "Actual"), "number", WHO_SELLS % FOUND % "net"),
    Item("growth", GROWN, "percent", KNOWN_ONE % ("growth", "growth")),
)


def rows(given: Given) -> pd.DataFrame:
    """Everyone whose name stands in a column of people, the largest sales of their customers first."""
    facts, period = given.facts, given.settings.period
    names = {name for table, column in NAMED for name in given.tables[table][column].dropna()}
    found = pd.DataFrame(index=pd.Index(sorted(names), name="owner", dtype=object))
    by = facts.groupby("owner")
    found["customers"] = by.size()
    found["key"] = (given.grades == GRADE.classes[0].id).groupby(facts["owner"]).sum()
    found["complaints"] = by["complaints_open"].sum()
    sums = by[list(FACTS.values())].sum(min_count=1).round(2).rename(columns={of: id for id, of in FACTS.items()})
    found = found.join(sums)
    sold = net_by(given.tables, given.settings, ["seller"], counts=False).dropna(subset=["seller"]).set_index("seller")
    found["sold"] = sold["net_period"]
    visits = given.tables["visits"]
    done = (visits["state"].isna() | (visits["state"] == "done")) & within(visits["date"], period.start, period.end)
    found["visits"] = visits[done].groupby("visitor").size()
    found["target"] = target_of(given.tables, given.settings, "owner")
    found[list(SUMS)] = found[list(SUMS)].astype("float64").fillna(0.0)
    found["growth"] = growth(found["net"], found["before"])
    found["achieved"] = rate(found["net"], found["target"])
    found = found.reset_index().sort_values(["net", "owner"], ascending=[False, True])
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The totals line, a rate in it being that of the sums beside it; and the first people who sell."""
    sells = (rows["net"] != 0) | (rows["before"] != 0) | rows["target"].notna()
    top = rows.assign(owner=rows["owner"].map(short), target=blank(rows["target"]))[[i.id for i in TOP]].astype(object)
    top = top.where(sells, "")[:FIRST].reindex(range(FIRST), fill_value="")
    return {
        **{f"top.{at}.{id}": value for id in top for at, value in top[id].items()},
        **{f"total.{id}": total(rows[id]) for id in SUMS},
        **{f"total.{id}": if_any(rows[id]) for id in KNOWN},
        "total.growth": growth_of_sums(rows["net"], rows["before"]),
        "total.achieved": rate_of_sums(rows["net"], rows["target"]),
    }


def _count(id: str, label: Text, help: Text) -> Shows:
    return Shows(Column(id, label, "number", help=help), total=SUM.format(of=id))


def _money(id: str, label: Text, help: Text) -> Shows:
    return Shows(Column(id, label, "money", help=help), total=(SUM if id in SUMS else IF_ANY).format(of=id))


def _percent(id: str, label: Text, help: Text, formula: str, total: str) -> Shows:
    return Shows(Column(id, label, "percent", help=help), formula, total)


OWNERS = Form(
    "owners",
    Text("客户经理业绩表", "Account managers"),
    Text("每位人员的客户、销售、目标、欠款、拜访与投诉；本表姓名供各表下拉选择", "Customers, sales, target, debts, visits and complaints of each person; the lists of people in other sheets offer these names"),
    ("owner",),
    (
        NO,
        Shows(Column("owner", OWNER, help=Text("填在客户、联系人、订单、拜访等表中的任何我方人员", "any of our people named in customers, contacts, orders or visits")), width=16),
        _count("customers", Text("客户数", "Customers"), Text("任其客户经理的客户", "customers whose account manager the person is")),
        _count("key", Text("重点客户数", "Key"), Text("其中最终等级为A的客户", "those of them whose grade in force is A")),
        _money("net", Text("本期销售额", "Sales, this period"), Text("其客户在统计期间的销售净额", "net sales of the period of these customers")),
        _money("before", Text("去年同期", "Same days last year"), Text("其客户上年相同日期的销售净额", "net sales of these customers on the same days of last year")),
        _percent("growth", GROWN, Text("本期÷去年同期−1；去年同期不大于0时为空", "this period / same days last year − 1; blank without a base above 0"), GROWTH.format(now="[@net]", before="[@before]"), GROWTH.format(now=ALL["net"], before=ALL["before"])),
        _money("target", Text("销售目标", "Target"), Text("销售目标表中对象类型为客户经理、统计期间各月之和", "the months of the period in Targets, scope account manager")),
        _percent("achieved", Text("完成率", "Achieved"), Text("本期销售额÷销售目标", "sales of this period / target"), RATE.format(part="[@net]", whole="[@target]"), RATE.format(part=ALL["net"], whole=ALL["target"])),
        _money("sold", Text("本人开单额", "Sold in person"), Text("销售员为本人的订单行在统计期间的净额，不论客户归谁", "net of the order lines of the period whose seller the person is, whoever manages the customer")),
        _money("margin", Text("毛利", "Margin"), Text("其客户统计期间成本已知部分的毛利", "margin of the period of these customers, where the cost is known")),
        _money("receivable", Text("应收余额", "Receivable"), Text("其客户尚欠的货款；全簿没有收款记录时为空", "what these customers owe; blank while the book holds no payment")),
        _money("overdue", Text("逾期金额", "Overdue"), Text("其中已过账期的部分", "the part of it past its term")),
        _count("visits", Text("完成拜访", "Visits done"), Text("统计期间本人完成的拜访", "visits of the period that the person made")),
        _count("complaints", Text("未结投诉", "Open complaints"), Text("其客户尚未完成的投诉", "complaints of these customers that are not closed")),
        replace(NOTE, width=14),
    ),
    rows=rows,
    cells=cells,
    features=(
        Listing("top", Text("销售额前十名", "The first ten by sales"), TOP, FIRST),
        Chart("target", "bar", Text("销售额前十名：目标与实际", "The first ten: target and actual"), "owner", ("target", "net"), of="top", rows_high=HIGH, quiet=("target",)),
        Chart("growth", "bar", Text("销售额前十名：同比增长率", "The first ten: growth"), "owner", ("growth",), of="top", rows_high=HIGH, percent=True, signed=True),
        Bars("net"),
        Alert("growth", FELL),
        Alert("achieved", MISSED, "warn"),
        Alert("overdue", "AND(ISNUMBER([@overdue]),[@overdue]>0)", "warn"),
        Alert("complaints", "AND(ISNUMBER([@complaints]),[@complaints]>0)", "warn"),
    ),
    rules=(Text("没有客户经理的客户不在本表；合计可能小于全公司", "customers without an account manager are in no row, so the totals may be below the company's"),),
)  # fmt: skip
