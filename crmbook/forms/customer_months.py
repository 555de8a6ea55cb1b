"""Customers by month: net sales of this calendar year beside the same days of last year."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.features import Alert, Bars, Chart, Figure, Summary
from crmbook.figures.sold import IDS, LAST_IDS, MONTH, MONTHS, TOTAL, by_month
from crmbook.form import NO, NOTE, Form, Given, Shows
from crmbook.rates import FELL, GROWTH, SUM, VISIBLE, growth, growth_of_sums, if_any
from crmbook.schema import CUSTOMERS, Column
from crmbook.tally import total
from crmbook.text import Text

THIS, LAST = Text("本年", "This year"), Text("上年", "Last year")
OF_MONTH = Text("本年该月的销售净额（发货减退货）", "net sales (shipped less returned) of that month of this year")
OF_LAST = Text("上年{month}", "{month} last year")
TITLE = Text("各月销售净额：本年与上年", "Net sales by month, this year and last")


def rows(given: Given) -> pd.DataFrame:
    """Every customer, the largest sales of this calendar year first; months to come are blank."""
    facts, sold = given.facts, by_month(given.tables, given.settings, "customer_id")
    found = pd.DataFrame({"customer_id": facts.index, "name": facts["name"], "grade": given.grades})
    found = found.join(sold.drop(columns="quantity"))
    for at, id in enumerate(IDS, 1):
        found[id] = found[id].fillna(0.0) if at <= given.settings.today.month else float("nan")
    found[[*LAST_IDS, "before"]] = found[[*LAST_IDS, "before"]].fillna(0.0)
    found["total"] = found[list(IDS)].sum(axis=1).round(2)
    found["growth"] = growth(found["total"], found["before"])
    found = found.sort_values("total", ascending=False, kind="stable")
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """Each month's sum in the totals line, and beside the chart with that of last year."""
    sums = {id: if_any(rows[id]) for id in IDS}
    return {
        **{f"total.{id}": sums[id] for id in IDS},
        **{f"total.{id}": total(rows[id]) for id in ("total", "before")},
        "total.growth": growth_of_sums(rows["total"], rows["before"]),
        **{f"months.{at}.this": sums[id] for at, id in enumerate(IDS)},
        **{f"months.{at}.last": total(rows[id]) for at, id in enumerate(LAST_IDS)},
    }


CUSTOMER_MONTHS = Form(
    "customer_months",
    Text("客户月度销售", "Customer by month"),
    Text("各客户本年逐月销售净额与去年同期；筛选客户，图表随之变化", "Net sales of each customer by month, beside last year; filter a customer and the chart follows"),
    ("customer_id",),
    (
        NO,
        Shows(CUSTOMERS.column("customer_id"), width=10),
        Shows(CUSTOMERS.column("name"), width=29.5),
        Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes, help=Text("最终等级，见客户分级表", "the grade in force, see customer grading")), width=7),
        *(Shows(Column(id, m, "money", help=OF_MONTH), total=MONTH.format(id=id), width=12) for id, m in zip(IDS, MONTHS, strict=True)),
        Shows(Column("total", Text("合计", "Total"), "money", help=Text("本年1月1日至基准日期的销售净额", "net sales from 1 January to the day of the report")), TOTAL, SUM.format(of="total"), 13),
        Shows(Column("before", Text("去年同期", "Same days last year"), "money", help=Text("上年1月1日至相同日期的销售净额", "net sales from 1 January of last year to the same day")), None, SUM.format(of="before"), 13),
        Shows(Column("growth", Text("同比增长率", "Growth"), "percent", help=Text("合计÷去年同期−1；去年同期不大于0时为空", "total / same days last year − 1; blank without a base above 0")), GROWTH.format(now="[@total]", before="[@before]"), GROWTH.format(now=VISIBLE.format(of="total"), before=VISIBLE.format(of="before"))),
        NOTE,
        *(Shows(Column(id, OF_LAST.fill(month=m), "money", help=Text("上一日历年该月的销售净额", "net sales of that month of the last calendar year")), hidden=True) for id, m in zip(LAST_IDS, MONTHS, strict=True)),
    ),
    rows=rows,
    cells=cells,
    features=(
        Summary("months", Text("各月销售净额", "Net sales by month"), MONTHS, (Figure("this", THIS, "number", tuple(MONTH.format(id=id) for id in IDS)), Figure("last", LAST, "number", tuple(SUM.format(of=id) for id in LAST_IDS)))),
        Chart("by_month", "column", TITLE, "label", ("this", "last"), of="months", quiet=("last",), signed=True),
        Bars("total"),
        Alert("growth", FELL),
    ),
    rules=(Text("按日历年统计，与统计期间起始日无关", "by calendar year, whatever the period's start"),),
)  # fmt: skip
