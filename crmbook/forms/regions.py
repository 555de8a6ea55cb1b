"""Region analysis: customers, sales, growth, targets and receivables of each region."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.features import Alert, Chart
from crmbook.figures import coming, regions, sold
from crmbook.form import NO, NOTE, Asks, Form, Given, Shows, blank
from crmbook.rates import FELL, IF_ANY, MISSED, VISIBLE, if_any
from crmbook.schema import Column
from crmbook.tally import total
from crmbook.text import Text

LARGEST = 4  # customers in CR4
SUMS = ("customers", "key", "new", "lost", "net", "before", "target", "receivable", "visits")
KNOWN = ("target", "receivable")  # blank where nothing is known of them
SHARE = 'IF(SUM([{of}])>0,[@{of}]/SUM([{of}]),"")'
GROWTH = 'IF({before}>0,{net}/{before}-1,"")'
ACHIEVED = 'IF({target}>0,{net}/{target},"")'
ALL_NET, ALL_BEFORE, ALL_TARGET = (VISIBLE.format(of=of) for of in ("net", "before", "target"))


def rows(given: Given) -> pd.DataFrame:
    """One row per region: the sums of its customers' facts, and its targets."""
    facts, targets = given.facts, _targets(given)
    per = facts.assign(
        region=regions.region_ids(facts["region"]),
        key=given.grades == GRADE.classes[0].id,
        new=coming.new(facts, given.settings),
        lost=coming.lost(facts, given.settings),
        known_net=facts["margin_period"] + facts["cost_period"],  # net sales of the lines whose cost is known
    )
    by = per.groupby("region")
    listed = regions.in_order([*per["region"], *targets.index])
    found = pd.DataFrame({"region": listed}, dtype=object).set_index("region")
    sums = by[["key", "new", "lost", "visits_period"]].sum().reindex(found.index).fillna(0)
    money = by[["net_period", "net_before", "receivable", "received_period", "margin_period", "known_net"]].sum()
    money = money.round(2).reindex(found.index).fillna(0.0)
    found["customers"] = by.size().reindex(found.index).fillna(0)
    found[["key", "new", "lost", "visits"]] = sums
    found[["net", "before"]] = money[["net_period", "net_before"]]
    debts = bool(facts["receivable"].notna().any())  # unknown while the book holds no payment at all
    found["receivable"] = money["receivable"] if debts else float("nan")
    found["target"] = targets.reindex(found.index)
    found["margin_rate"] = _ratio(money["margin_period"], money["known_net"])
    found["received_rate"] = _ratio(money["received_period"], money["net_period"]) if debts else float("nan")
    found["satisfaction"] = by["satisfaction"].mean().round(1).reindex(found.index)
    bought = per["net_period"].where(per["net_period"] > 0)
    shares = (bought / bought.groupby(per["region"]).transform("sum")).dropna()
    in_region = {region: of.to_numpy() for region, of in shares.groupby(per["region"])}
    largest = {region: np.sort(of)[: -LARGEST - 1 : -1].sum() for region, of in in_region.items()}
    squares = {region: round((of**2).sum() * 10_000) for region, of in in_region.items()}
    for id, values in (("cr4", largest), ("hhi", squares)):
        found[id] = pd.Series(values, dtype="float64").reindex(found.index)
    for id, part, whole in (("customers_share", "customers", "customers"), ("net_share", "net", "net")):
        base = total(found[whole])
        found[id] = found[part] / base if base > 0 else ""
    found["growth"] = blank(_ratio(found["net"], found["before"]) - 1)
    found["achieved"] = blank(_ratio(found["net"], found["target"]))
    return found.reset_index().assign(no=range(1, len(found) + 1))


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The totals line; a ratio in it is that of the sums beside it."""
    sums: dict[str, Any] = {id: total(rows[id]) for id in SUMS}
    known = {id: if_any(rows[id]) for id in KNOWN}
    return {
        **{f"total.{id}": value for id, value in (sums | known).items()},
        "total.growth": sums["net"] / sums["before"] - 1 if sums["before"] > 0 else "",
        "total.achieved": sums["net"] / sums["target"] if sums["target"] > 0 else "",
    }


def _targets(given: Given) -> "pd.Series[Any]":
    """Each region's target: its months from the period's first to its last, whole ones."""
    of = sold.targets(given.tables, given.settings, "region")
    return of.groupby(regions.region_ids(of["object"]))["amount"].sum().round(2)


def _ratio(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> "pd.Series[Any]":
    """part / whole, where there is a whole."""
    return part / whole.where(whole > 0)


def _sum(id: str, label: Text, help: Text, kind: Any = "number") -> Shows:
    return Shows(Column(id, label, kind, help=help), total=f"SUBTOTAL(109,[{id}])")


def _percent(id: str, label: Text, help: Text, formula: str | None = None, total: str | None = None) -> Shows:
    return Shows(Column(id, label, "percent", help=help), formula=formula, total=total)


REGIONS = Form(
    "regions",
    Text("客户区域分析表", "Region analysis"),
    Text("各区域的客户、销售、增长、目标与应收", "Customers, sales, growth, targets and receivables of each region"),
    ("region",),
    (
        NO,
        Shows(regions.COLUMN, width=13),
        _sum("customers", Text("客户数量", "Customers"), Text("客户表中属于该区域的客户", "customers of the region in the sheet Customers")),
        _percent("customers_share", Text("占客户总数比例", "Share of customers"), Text("占客户总数", "of all customers"), SHARE.format(of="customers")),
        _sum("key", Text("重点客户数", "Key"), Text("等级为A的客户", "customers of grade A")),
        _sum("new", Text("新增客户数", "New"), Text("首次下单日在本期内", "first order in the period")),
        _sum("lost", Text("流失客户数", "Lost"), Text("本期内终止合作，或满 LOST_MONTHS 个月无订单", "ended in the period, or LOST_MONTHS without an order were full in it")),
        _sum("net", Text("本期销售额", "Sales, this period"), Text("发货减退货", "shipped less returned"), "money"),
        _percent("net_share", Text("占总销售额比例", "Share of sales"), Text("占销售净额合计", "of all net sales"), SHARE.format(of="net")),
        _sum("before", Text("去年同期销售额", "Same days last year"), Text("去年同日区间的销售净额", "net sales of the same days last year"), "money"),
        _percent("growth", Text("增长率", "Growth"), Text("本期÷去年同期−1；去年同期为0则空白", "this period / the same days − 1; blank where there is no base"), GROWTH.format(net="[@net]", before="[@before]"), GROWTH.format(net=ALL_NET, before=ALL_BEFORE)),
        Shows(Column("target", Text("销售目标", "Target"), "money", help=Text("销售目标表中该区域本期各月之和", "the region's months of the period in Targets")), total=IF_ANY.format(of="target")),
        _percent("achieved", Text("完成率", "Achieved"), Text("本期销售额÷销售目标", "sales / target"), ACHIEVED.format(net="[@net]", target="[@target]"), ACHIEVED.format(net=ALL_NET, target=ALL_TARGET)),
        _percent("margin_rate", Text("毛利率", "Margin rate"), Text("毛利÷成本已知的销售净额", "margin / net sales whose cost is known")),
        Shows(Column("receivable", Text("应收余额", "Receivable"), "money", help=Text("已发货未收款，退货冲减", "shipped and not yet paid, less returns")), total=IF_ANY.format(of="receivable")),
        _percent("received_rate", Text("回款率", "Received"), Text("本期收款÷本期销售额", "received / sales of the period")),
        Shows(Column("satisfaction", Text("满意度", "Satisfaction"), "score", help=Text("各客户最近一次调查得分的平均", "mean of the customers' latest surveys"))),
        _sum("visits", Text("拜访次数", "Visits"), Text("本期完成的拜访", "visits done in the period")),
        _percent("cr4", Text("前四大客户占比CR4", "CR4, top four"), Text("前四大客户占该区域销售额", "the four largest customers' share of the region's sales")),
        Shows(Column("hhi", Text("客户集中度HHI", "HHI"), "number", help=Text("各客户占比平方和×10,000；越高越集中", "sum of squared shares × 10,000; the higher, the more concentrated"))),
        Asks(Column("competitors", Text("主要竞争对手", "Competitors"), "long"), width=14),
        Asks(Column("traits", Text("区域特点/问题", "Traits and problems"), "long"), width=16),
        Asks(Column("measures", Text("对策", "Measures"), "long"), width=16),
        replace(NOTE, width=13),
    ),
    rows=rows,
    cells=cells,
    features=(
        Chart("share", "bar", Text("各区域销售占比", "Share of sales by region"), "region", ("net_share",), percent=True),
        Chart("growth", "column", Text("各区域同比增长率", "Growth by region"), "region", ("growth",), percent=True, signed=True),
        Chart("target", "column", Text("目标与实际", "Target and actual"), "region", ("target", "net"), quiet=("target",)),
        Alert("growth", FELL),
        Alert("achieved", MISSED, "warn"),
    ),
)  # fmt: skip
