"""Customer movements: how many customers there were, who came, who went, who is here, by size class."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook.features import Alert, Bars, Chart
from crmbook.figures import coming
from crmbook.form import NO, NOTE, Form, Given, Shows
from crmbook.rates import FELL, SUM, VISIBLE, growth, growth_of_sums, share
from crmbook.schema import CUSTOMERS, Choice, Column
from crmbook.tally import total
from crmbook.text import Text

UNKNOWN = Choice("_unknown", Text("未填", "Not filled in"))
SUMS = ("original", "new", "lost", "now", "net")
NOW = "[@original]+[@new]-[@lost]"
SHARE = 'IF(SUM([{of}])>0,[@{of}]/SUM([{of}]),"")'
GROWTH = 'IF({original}>0,({new}-{lost})/{original},"")'
ALL = {of: VISIBLE.format(of=of) for of in ("original", "new", "lost")}


def rows(given: Given) -> pd.DataFrame:
    """One row per size class, the class with most customers first, those without one last."""
    facts = given.facts
    came, went, here = coming.new(facts, given.settings), coming.lost(facts, given.settings), coming.here(facts)
    size = facts["size"].where(facts["size"].notna(), UNKNOWN.id)
    of = pd.DataFrame(
        {"new": came.astype(int), "lost": went.astype(int), "now": here.astype(int), "net": facts["net_period"]}
    )
    found = of.groupby(size.rename("size")).sum().round(2).reset_index()
    found["original"] = found["now"] - found["new"] + found["lost"]
    base = total(found["now"])
    found["now_share"] = found["now"] / base if base > 0 else ""
    found["growth"] = growth(found["now"], found["original"])
    found["net_share"] = share(found["net"])
    found["last"] = found["size"] == UNKNOWN.id
    found = found.sort_values(["last", "now", "size"], ascending=[True, False, True]).drop(columns="last")
    found["size"] = pd.Series(
        [UNKNOWN.name if size == UNKNOWN.id else size for size in found["size"]], found.index, object
    )
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The totals line."""
    sums = {f"total.{id}": total(rows[id]) for id in SUMS}
    return {**sums, "total.growth": growth_of_sums(rows["now"], rows["original"])}


def _count(id: str, label: Text, help: Text, formula: str | None = None) -> Shows:
    return Shows(Column(id, label, "number", help=help), formula, SUM.format(of=id), 12)


def _percent(id: str, label: Text, help: Text, formula: str, total: str | None = None) -> Shows:
    return Shows(Column(id, label, "percent", help=help), formula, total, 14.2)


MOVEMENTS = Form(
    "movements",
    Text("客户数量增减", "Customer movements"),
    Text("统计期间各规模客户的原有、新增、减少与现有", "Customers at the beginning, new, lost and here now, by size"),
    ("size",),
    (
        NO,
        Shows(Column("size", CUSTOMERS.column("size").label, help=Text("客户表中填写的规模", "the size typed in Customers")), width=18),
        _count("original", Text("原有客户", "At the beginning"), Text("统计期间开始前已下过单、未流失的客户；停购后又下单的老客户计入", "customers who had ordered before the period and were not lost; who came back after a pause is among them")),
        _count("new", Text("新增客户", "New"), Text("首次下单在统计期间的客户", "whose first order lies in the period")),
        _count("lost", Text("减少客户", "Lost"), Text("统计期间终止合作，或满 LOST_MONTHS 个月无订单的客户", "whose cooperation ended in the period, or whose LOST_MONTHS without an order were full in it")),
        _count("now", Text("现有客户", "Here now"), Text("原有＋新增－减少", "at the beginning + new − lost"), NOW),
        _percent("growth", Text("增减率", "Change"), Text("（新增－减少）÷原有", "(new − lost) / at the beginning"), GROWTH.format(original="[@original]", new="[@new]", lost="[@lost]"), GROWTH.format(**ALL)),
        _percent("now_share", Text("现有客户占比", "Share of customers"), Text("占全部现有客户的比例", "share of all who are here now"), SHARE.format(of="now")),
        Shows(Column("net", Text("本期销售额", "Sales, this period"), "money", help=Text("该规模全部客户统计期间的销售净额", "net sales of the period of all customers of that size")), total=SUM.format(of="net"), width=16),
        _percent("net_share", Text("占总销售额比例", "Share of sales"), Text("占全部正销售额的比例", "share of all sales above 0"), 'IF([@net]>0,[@net]/SUMIF([net],">0"),"")'),
        NOTE,
    ),
    rows=rows,
    cells=cells,
    features=(
        Chart("change", "column", Text("新增与减少客户", "Customers new and lost"), "size", ("new", "lost")),
        Chart("here", "column", Text("原有与现有客户", "Customers at the beginning and now"), "size", ("original", "now"), quiet=("original",)),
        Bars("now"),
        Alert("growth", FELL),
    ),
    rules=(
        Text("客户指下过单的客户；现有不含阶段为“退出”的客户", "a customer is one who has ordered; those in the stage Exit are not here now"),
        Text("新增与减少同客户区域分析表的新增、流失客户数", "new and lost are those of the region analysis"),
    ),
)  # fmt: skip
