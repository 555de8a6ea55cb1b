"""Sales analysis: what every customer bought, this year and last, what it earned us and what it still owes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook import rates
from crmbook.classifications.grade import GRADE
from crmbook.features import Alert, Bars, Chart, Figure, Item, Listing, Sparkline, Summary
from crmbook.figures import regions, sold
from crmbook.form import GRADE_COLOURS, NO, Asks, Form, Given, Shows, blank
from crmbook.overview import SHORT, short
from crmbook.reading.formula_mode import BEFORE, DAY, LAST_YEAR, RECEIVED_PERIOD, RECEIVED_TO_DATE, THIS_YEAR, TO_DATE
from crmbook.schema import CUSTOMERS, Column
from crmbook.tally import total
from crmbook.text import Text

FIRST, HIGH = 10, 27  # customers in the list above the table; rows of the charts
LINE = 'IFERROR(IF(INDEX([this_year],MATCH({n},[no],0))>0,%s,""),"")'  # only who bought
FOUND = "INDEX([%s],MATCH({n},[no],0))"
WHO, LAST, YEAR = Text("客户", "Customer"), Text("上年度", "Last year"), Text("本年累计", "This year to date")
GROWN, ORDERED, EARNED = Text("同比", "On last year"), Text("订单", "Orders"), Text("毛利", "Margin")
OWED, REMARKS = Text("货款", "Payment"), Text("说明", "Remarks")
FIGURES = {"last_year": "net_last_year", "this_year": "net_period", "before": "net_before", "orders": "orders_period", "last_day": "last_day", "margin": "margin_period", "received": "received_period", "overdue": "overdue", "discount": "discount_period", "net_total": "net_total", "received_total": "received_total"}  # fmt: skip
TREND = tuple(f"m{n:02d}" for n in range(1, 13))
RECEIVABLE = 'IF(ISNUMBER([@received_total]),ROUND(MAX(0,[@net_total]-[@received_total]),2),"")'
RECEIVED = 'IF(AND([@this_year]>0,ISNUMBER([@received])),[@received]/[@this_year],"")'
MONTHS_AGO = Text("{n}个月前", "{n} months ago")
ALL = {of: rates.VISIBLE.format(of=of) for of in ("this_year", "before", "orders", "margin", "costed", "received")}
MONTH = 'IF(COUNT(customer_months[{id}])=0,"",ROUND(SUM(customer_months[{id}]),2))'
RECEIVED_OF_ALL = f'IF(OR(COUNT([received])=0,{ALL["this_year"]}<=0),"",{ALL["received"]}/{ALL["this_year"]})'
TOP = (
    Item("name", CUSTOMERS.column("name").label, "text", LINE % SHORT.format(name=FOUND % "name"), 3),
    Item("this_year", YEAR, "number", LINE % FOUND % "this_year", 2),
    Item("this_share", Text("占比", "Share"), "percent", LINE % FOUND % "this_share"),
)
SUMS, KNOWN = ("last_year", "this_year", "before", "orders"), ("margin", "received", "receivable", "overdue")


def rows(given: Given) -> pd.DataFrame:
    """Every customer, the largest sales of the period first."""
    facts = given.facts
    found = facts[list(FIGURES.values())].set_axis(list(FIGURES), axis=1).assign(**facts[list(TREND)], trend=None)
    found = found.assign(customer_id=facts.index, name=facts["name"], grade=given.grades)
    found["day"] = pd.Timestamp(given.settings.today)
    found["region"] = regions.region_ids(facts["region"])
    found["costed"] = (facts["margin_period"] + facts["cost_period"]).round(2)
    found["last_share"], found["this_share"] = rates.share(found["last_year"]), rates.share(found["this_year"])
    found["cumulative"] = rates.cumulative(found["this_year"])
    found["growth"] = rates.growth(found["this_year"], found["before"])
    found["average"] = rates.rate(found["this_year"], found["orders"])
    found["margin_rate"] = rates.rate(found["margin"], found["costed"])
    owed = (found["net_total"] - found["received_total"]).round(2)
    found["receivable"] = blank(owed.where(~(owed < 0), 0.0))
    found["received_rate"] = rates.rate(found["received"], found["this_year"])
    found = found.sort_values("this_year", ascending=False, kind="stable")
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The totals line, a rate in it being that of the sums beside it; and the sales of each month, this year and last."""
    months, now = sold.by_month(given.tables, given.settings, "customer_id"), given.settings.today.month
    top = rows.assign(name=rows["name"].map(short, na_action="ignore"))[rows["this_year"] > 0]
    return {
        **{f"total.{id}": total(rows[id]) for id in SUMS},
        **{f"total.{id}": rates.if_any(rows[id]) for id in KNOWN},
        "total.growth": rates.growth_of_sums(rows["this_year"], rows["before"]),
        "total.average": rates.rate_of_sums(rows["this_year"], rows["orders"]),
        "total.margin_rate": rates.rate_of_sums(rows["margin"], rows["costed"]),
        "total.received_rate": rates.rate_of_sums(rows["received"], rows["this_year"])
        if rows["received"].notna().any()
        else "",
        **{f"months.{at}.this": total(months[id]) if len(rows) and at < now else "" for at, id in enumerate(sold.IDS)},
        **{f"months.{at}.last": total(months[id]) for at, id in enumerate(sold.LAST_IDS)},
        **{f"top.{at}.{i.id}": top[i.id].iloc[at] if at < len(top) else "" for at in range(FIRST) for i in TOP},
    }


def _shows(id: str, label: Text, kind: Any, band: Text, help: Text, formula: str | None = None, total: str | None = None, *, width: float | None = None, live: str | None = None, hidden: bool = False) -> Shows:  # fmt: skip
    return Shows(Column(id, label, kind, help=help), formula, total, width, band, live, hidden)


def _hidden(id: str, label: Text, help: Text, live: str | None = None) -> Shows:
    return _shows(id, label, "money", REMARKS, help, live=live, hidden=True)


def _sum(id: str, label: Text, band: Text, help: Text, live: str | None = None) -> Shows:
    return _shows(id, label, "money", band, help, total=rates.SUM.format(of=id), width=13, live=live)


def _known(id: str, label: Text, band: Text, help: Text, formula: str | None = None, live: str | None = None) -> Shows:
    return _shows(id, label, "money", band, help, formula, rates.IF_ANY.format(of=id), width=12.5, live=live)


SALES = Form(
    "sales",
    Text("客户销售分析表", "Sales analysis"),
    Text("每个客户上年与本年的销售、毛利与货款，本年销售额大的在前", "Sales of last year and this one, margin and payment of every customer, the largest first"),
    ("customer_id",),
    (
        replace(NO, band=WHO),
        Shows(regions.COLUMN, width=10, band=WHO),
        Shows(CUSTOMERS.column("customer_id"), width=9.9, band=WHO),
        Shows(CUSTOMERS.column("name"), width=29.5, band=WHO),
        Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes, help=Text("最终等级，见客户分级表", "the grade in force, see customer grading")), width=7, band=WHO),
        _sum("last_year", Text("上年度金额", "Last year"), LAST, Text("上一日历年的销售净额（发货减退货）", "net sales (shipped less returned) of the last calendar year"), LAST_YEAR),
        _shows("last_share", Text("上年度占比", "Share, last year"), "percent", LAST, Text("占全部正销售额的比例", "share of all sales above 0"), rates.SHARE.format(of="last_year"), width=10.3),
        _sum("this_year", Text("本年累计金额", "This year"), YEAR, Text("统计期间的销售净额（发货减退货）", "net sales (shipped less returned) of the period"), THIS_YEAR),
        _shows("this_share", Text("本年占比", "Share, this year"), "percent", YEAR, Text("占全部正销售额的比例", "share of all sales above 0"), rates.SHARE.format(of="this_year"), width=8.5),
        _shows("cumulative", Text("累计占比", "Cumulative"), "percent", YEAR, Text("购买额不低于本客户者合计的占比", "share of all who bought as much or more"), rates.CUMULATIVE.format(of="this_year")),
        _sum("before", Text("去年同期", "Same days last year"), GROWN, Text("上一年相同日期区间的销售净额", "net sales of the same days of last year"), BEFORE),
        _shows("growth", Text("同比增长率", "Growth"), "percent", GROWN, Text("本年累计÷去年同期−1；去年同期不大于0时为空", "this year / same days last year − 1; blank without a base above 0"), rates.GROWTH.format(now="[@this_year]", before="[@before]"), rates.GROWTH.format(now=ALL["this_year"], before=ALL["before"])),
        _shows("orders", Text("订单数", "Orders"), "number", ORDERED, Text("统计期间有购买的订单数，退货单不计", "orders of the period with a purchase; returns are not counted"), total=rates.SUM.format(of="orders")),
        _shows("average", Text("客单价", "Average order"), "money", ORDERED, Text("本年累计金额÷订单数", "this year / orders"), rates.RATE.format(part="[@this_year]", whole="[@orders]"), rates.RATE.format(part=ALL["this_year"], whole=ALL["orders"]), width=12),
        _shows("last_day", Text("最近下单日", "Last order"), "date", ORDERED, Text("最近一次购买的日期", "day of the last purchase")),
        _known("margin", Text("毛利", "Margin"), EARNED, Text("统计期间成本已知的订单行：销售净额−成本", "net sales less cost, over the order lines of the period whose cost is known")),
        _shows("margin_rate", Text("毛利率", "Margin rate"), "percent", EARNED, Text("毛利÷成本已知的销售净额", "margin / net sales of the lines whose cost is known"), rates.RATE.format(part="[@margin]", whole="[@costed]"), rates.RATE.format(part=ALL["margin"], whole=ALL["costed"])),
        _known("received", Text("累计回款", "Received"), OWED, Text("统计期间收到的货款，减退款；全簿没有收款记录时为空", "payments of the period less refunds; blank while the book holds no payment"), live=RECEIVED_PERIOD),
        _known("receivable", Text("尚欠货款", "Receivable"), OWED, Text("截至基准日期的全部销售净额−全部回款，不小于0", "all net sales less all payments up to the day of the report, not below 0"), RECEIVABLE),
        _known("overdue", Text("逾期金额", "Overdue"), OWED, Text("已过账期的欠款；回款与退货先抵最早的欠款", "debts past their term; payments and returns settle the oldest first")),
        _shows("received_rate", Text("回款率", "Paid, %"), "percent", OWED, Text("累计回款÷本年累计金额", "received / this year"), RECEIVED, RECEIVED_OF_ALL),
        _shows("discount", Text("折扣率", "Discount"), "percent", OWED, Text("1−销售净额÷按目录价计算的金额，有目录价的订单行", "1 − net sales / value at list price, over lines with a list price")),
        _shows("trend", Text("近12月趋势", "12 months"), "text", REMARKS, Text("最近12个日历月的销售净额，各行从0到本行最大值", "net sales of the last 12 calendar months, each row from 0 to its own largest"), width=12),
        Asks(Column("analysis", Text("备注/分析", "Notes, analysis"), "long"), width=17, band=REMARKS),
        Shows(DAY, band=REMARKS, hidden=True),
        _hidden("costed", Text("成本已知的销售净额", "Net sales, cost known"), Text("统计期间成本已知的订单行的销售净额", "net sales of the lines of the period whose cost is known")),
        _hidden("net_total", Text("全部销售净额", "Net sales, all"), Text("截至基准日期的全部销售净额", "all net sales up to the day of the report"), TO_DATE),
        _hidden("received_total", Text("全部回款", "Received, all"), Text("截至基准日期的全部回款，减退款", "all payments less refunds up to the day of the report"), RECEIVED_TO_DATE),
        *(_hidden(id, MONTHS_AGO.fill(n=n), Text("该日历月的销售净额", "net sales of that calendar month")) for n, id in zip(range(11, -1, -1), TREND, strict=True)),
    ),
    rows=rows,
    cells=cells,
    features=(
        Summary("months", Text("各月销售净额", "Net sales by month"), sold.MONTHS, (Figure("this", Text("本年", "This year"), "number", tuple(MONTH.format(id=id) for id in sold.IDS)), Figure("last", Text("上年", "Last year"), "number", tuple(MONTH.format(id=id) for id in sold.LAST_IDS)))),
        Listing("top", Text("前十名客户", "The first ten customers"), TOP, FIRST),
        Chart("by_month", "column", Text("各月销售净额：本年与上年", "Net sales by month, this year and last"), "label", ("this", "last"), of="months", rows_high=HIGH, quiet=("last",)),
        Chart("largest", "bar", Text("前十名客户本年累计销售净额", "The first ten customers this year"), "name", ("this_year",), of="top", rows_high=HIGH),
        Bars("this_year"),
        GRADE_COLOURS,
        Alert("growth", rates.FELL),
        Alert("overdue", "AND(ISNUMBER([@overdue]),[@overdue]>0)", "warn"),
        Sparkline("trend", TREND[0], TREND[-1]),
    ),
    rules=(
        Text("销售净额=发货−退货；比率的分母不大于0时为空，不显示为0", "net sales = shipped − returned; a rate without a base above 0 is blank, not 0"),
        Text("毛利率只计成本已知的订单行", "the margin rate counts the order lines whose cost is known"),
    ),
)  # fmt: skip
