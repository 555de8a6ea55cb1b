"""Key customers: the first by sales, by growth and by margin, with the goals, reasons and measures that staff write beside them."""

from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook.features import Alert, Bars, Colours
from crmbook.form import NO, NOTE, Asks, Form, Given, Shows, blank
from crmbook.palette import Tone
from crmbook.rates import FELL, GROWTH, growth
from crmbook.schema import CUSTOMERS, Choice, Column
from crmbook.sought import literal
from crmbook.tally import total
from crmbook.text import Text

SALES, GROWN, MARGIN = (
    Choice("sales", Text("销售额", "Sales")), Choice("growth", Text("增长率", "Growth")), Choice("margin", Text("毛利", "Margin")),
)  # fmt: skip
TONES: tuple[Tone, ...] = ("good", "fair", "warn")
LOOK_UP = f'IFERROR(INDEX(sales[{{of}}],MATCH({literal("[@customer_id]")},sales[customer_id],0)),"")'
SHARE = 'IF(AND(ISNUMBER([@net]),[@net]>0),[@net]/SUMIF(sales[this_year],">0"),"")'


def rows(given: Given) -> pd.DataFrame:
    """The first TOP customers of each list, in the lists' order; one who is on two lists has two rows."""
    facts, settings = given.facts, given.settings
    found = pd.DataFrame(
        {"customer_id": facts.index, "name": facts["name"], "owner": facts["owner"]}, index=facts.index
    )
    found["net"], found["before"], found["margin"] = facts["net_period"], facts["net_before"], facts["margin_period"]
    bought = found["net"].where(found["net"] > 0)
    found["share"] = blank(bought / total(bought))
    found["growth"] = growth(found["net"], found["before"])
    found["margin_rate"] = blank(facts["margin_rate"])
    base = found["before"].where((found["before"] > 0) & (found["before"] >= settings["GROWTH_FLOOR"]))
    lists = ((SALES, found["net"]), (GROWN, found["net"] / base - 1), (MARGIN, found["margin"]))
    best = [_first(found, choice.id, by, int(settings["TOP"])) for choice, by in lists]
    listed = pd.concat(best, ignore_index=True)
    return listed.assign(no=range(1, len(listed) + 1))


def _first(found: pd.DataFrame, list: str, by: "pd.Series[Any]", count: int) -> pd.DataFrame:
    """The customers with the largest values above 0, at most `count`; equal ones in the order of the customers' sheet."""
    best = by[by > 0].sort_values(ascending=False, kind="stable").index[:count]
    return found.loc[best].assign(list=list, rank=range(1, len(best) + 1))


KEY_CUSTOMERS = Form(
    "key_customers",
    Text("重点客户", "Key customers"),
    Text("销售额、增长率、毛利排名靠前的客户，目标、原因与措施由人填写", "The first customers by sales, by growth and by margin; goals, reasons and measures are yours"),
    ("list", "customer_id"),
    (
        NO,
        Shows(Column("list", Text("榜单", "List"), "choice", (SALES, GROWN, MARGIN), help=Text("销售额、增长率或毛利的前 TOP 名；去年同期低于 GROWTH_FLOOR 的不参加增长率排名", "the first TOP by sales, growth or margin; who bought less than GROWTH_FLOOR on the same days last year is not ranked by growth")), width=9),
        Shows(Column("rank", Text("名次", "Rank"), "number", help=Text("在该榜单中的名次", "the place on that list")), width=6),
        Shows(CUSTOMERS.column("customer_id"), width=10),
        Shows(CUSTOMERS.column("name"), width=29.5),
        Shows(CUSTOMERS.column("owner"), width=10),
        Shows(Column("net", Text("本期销售额", "Sales, this period"), "money", help=Text("统计期间的销售净额", "net sales of the period")), LOOK_UP.format(of="this_year"), width=12.5),
        Shows(Column("share", Text("占总销售额比例", "Share of sales"), "percent", help=Text("占全部正销售额的比例", "share of all sales above 0")), SHARE),
        Shows(Column("before", Text("去年同期", "Same days last year"), "money", help=Text("上一年相同日期的销售净额", "net sales of the same days of last year")), LOOK_UP.format(of="before"), width=12.5),
        Shows(Column("growth", Text("同比增长率", "Growth"), "percent", help=Text("本期÷去年同期−1；去年同期不大于0时为空", "this period / same days last year − 1; blank without a base above 0")), GROWTH.format(now="[@net]", before="SUM([@before])")),
        Shows(Column("margin", Text("毛利", "Margin"), "money", help=Text("统计期间成本已知部分的毛利", "margin of the period, where the cost is known")), width=12.5),
        Shows(Column("margin_rate", Text("毛利率", "Margin rate"), "percent", help=Text("毛利÷成本已知的销售净额", "margin / net sales of the lines whose cost is known"))),
        Asks(Column("goal", Text("目标", "Goal"), "long"), width=16),
        Asks(Column("reason", Text("原因", "Reason"), "long"), width=16),
        Asks(Column("measure", Text("措施", "Measure"), "long"), width=18),
        replace(NOTE, width=12),
    ),
    rows=rows,
    features=(
        Colours("list", tuple(zip((SALES.name, GROWN.name, MARGIN.name), TONES, strict=True))),
        Bars("net"),
        Alert("growth", FELL),
    ),
    rules=(Text("同一客户可在多个榜单；填写的内容随榜单与客户保留", "a customer may be on several lists; what you write stays with the list and the customer"),),
)  # fmt: skip
