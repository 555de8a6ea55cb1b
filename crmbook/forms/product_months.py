"""Products by month: net sales, quantity and margin of this calendar year beside the same days of last year."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook.features import Alert, Bars, Chart, Item, Listing
from crmbook.figures.sold import IDS, MONTH, MONTHS, NOTHING, TOTAL, by_month, product_margins
from crmbook.form import NO, NOTE, Form, Given, Shows
from crmbook.overview import SHORT, short
from crmbook.rates import (
    CUMULATIVE,
    FELL,
    GROWTH,
    RATE,
    SUM,
    VISIBLE,
    cumulative,
    growth,
    growth_of_sums,
    if_any,
    rate,
    rate_of_sums,
)
from crmbook.schema import PRODUCTS, Column
from crmbook.tally import total
from crmbook.text import Text

OF_MONTH = Text("本年该月的销售净额（发货减退货）", "net sales (shipped less returned) of that month of this year")
ALL = {of: VISIBLE.format(of=of) for of in ("total", "before", "margin", "costed")}

LINES = 10  # the largest categories
PLACED = "INDEX([category],MATCH({n},[category_no],0))"
CATEGORY = f'IFERROR({SHORT.format(name=PLACED)},"")'
# Not SUMIF, which takes a category such as =A or A* for a pattern.
OF_CATEGORY = (
    'IFERROR(ROUND(SUMPRODUCT(EXACT([category],INDEX([category],MATCH({n},[category_no],0)))*1,[total]),2),"")'
)


def rows(given: Given) -> pd.DataFrame:
    """Every product listed or sold, the largest sales of this calendar year first; months to come are blank."""
    listed = given.tables["products"].set_index("product_id")[["name", "category", "unit"]]
    listed = listed.rename(columns={"unit": "sold_by"})  # `unit` names the sheet's own line
    sold = by_month(given.tables, given.settings, "product_id")
    every = [*listed.index, *sorted(set(sold.index) - set(listed.index))]
    found = listed.reindex(every).join(sold).join(product_margins(given.tables, given.settings))
    found["product_id"] = pd.Series(
        [NOTHING.name if id == NOTHING.id else id for id in found.index], found.index, object
    )
    found["name"] = found["name"].where(found["name"].notna(), found["product_id"])
    for at, id in enumerate(IDS, 1):
        found[id] = found[id].fillna(0.0) if at <= given.settings.today.month else float("nan")
    found[["before", "quantity"]] = found[["before", "quantity"]].fillna(0.0)
    found["total"] = found[list(IDS)].sum(axis=1).round(2)
    found["growth"] = growth(found["total"], found["before"])
    found["margin_rate"] = rate(found["margin"], found["costed"])
    found = found.sort_values("total", ascending=False, kind="stable")
    found["category_no"] = _first_of_each(found)
    found["cumulative"] = cumulative(found["total"])
    shown = [c.column.id for c in PRODUCT_MONTHS.shows if c.column.id != "no"]
    return found[shown].assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def _first_of_each(found: pd.DataFrame) -> "pd.Series[Any]":
    """The place of each category by its sales, in the row of its first product; NaN in the others."""
    order = _by_category(found).index
    places = found["category"].map({category: at for at, category in enumerate(order, 1)}).astype("float64")
    return places.where(~found["category"].duplicated())


def _by_category(found: pd.DataFrame) -> "pd.Series[Any]":
    """Net sales of each category, the largest first; equal ones by name."""
    return found.groupby("category")["total"].sum().round(2).sort_values(ascending=False, kind="stable")


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The totals line; a rate in it is that of the sums beside it."""
    mix = list(_by_category(rows).items())[:LINES] + [("", "")] * LINES
    return {
        **{f"mix.{at}.category": short(str(category)) for at, (category, _) in enumerate(mix[:LINES])},
        **{f"mix.{at}.net": net for at, (_, net) in enumerate(mix[:LINES])},
        **{f"total.{id}": if_any(rows[id]) for id in IDS},
        **{f"total.{id}": total(rows[id]) for id in ("total", "quantity", "before")},
        "total.growth": growth_of_sums(rows["total"], rows["before"]),
        "total.margin_rate": rate_of_sums(rows["margin"], rows["costed"]),
    }


PRODUCT_MONTHS = Form(
    "product_months",
    Text("产品月度销售", "Product by month"),
    Text("各产品本年逐月销售净额、数量与毛利，与去年同期比较", "Net sales of each product by month, quantity and margin, beside last year"),
    ("product_id",),
    (
        NO,
        Shows(PRODUCTS.column("product_id"), width=9),
        Shows(PRODUCTS.column("name"), width=26),
        Shows(PRODUCTS.column("category"), width=12),
        Shows(Column("sold_by", PRODUCTS.column("unit").label), width=6),
        *(Shows(Column(id, m, "money", help=OF_MONTH), total=MONTH.format(id=id), width=11.5) for id, m in zip(IDS, MONTHS, strict=True)),
        Shows(Column("total", Text("合计", "Total"), "money", help=Text("本年1月1日至基准日期的销售净额", "net sales from 1 January to the day of the report")), TOTAL, SUM.format(of="total"), 13),
        Shows(Column("quantity", Text("数量合计", "Quantity"), "number", help=Text("本年的数量，退货为负", "quantity of this year, returns are negative")), None, SUM.format(of="quantity"), 9.5),
        Shows(Column("before", Text("去年同期", "Same days last year"), "money", help=Text("上年1月1日至相同日期的销售净额", "net sales from 1 January of last year to the same day")), None, SUM.format(of="before"), 13),
        Shows(Column("growth", Text("同比增长率", "Growth"), "percent", help=Text("合计÷去年同期−1；去年同期不大于0时为空", "total / same days last year − 1; blank without a base above 0")), GROWTH.format(now="[@total]", before="[@before]"), GROWTH.format(now=ALL["total"], before=ALL["before"])),
        Shows(Column("margin_rate", Text("毛利率", "Margin rate"), "percent", help=Text("毛利÷成本已知的销售净额", "margin / net sales of the lines whose cost is known")), RATE.format(part="[@margin]", whole="[@costed]"), RATE.format(part=ALL["margin"], whole=ALL["costed"])),
        Shows(Column("cumulative", Text("累计占比", "Cumulative"), "percent", help=Text("销售额不低于本产品者合计的占比", "share of all products that sold as much or more")), CUMULATIVE.format(of="total")),
        replace(NOTE, width=12),
        Shows(Column("category_no", Text("类别名次", "Category's place"), "number", help=Text("该类别按本年销售净额的名次，写在其第一个产品的行", "the category's place by net sales, in the row of its first product")), hidden=True),
        Shows(Column("margin", Text("毛利", "Margin"), "money", help=Text("本年成本已知的订单行：销售净额−成本", "net sales less cost, over this year's lines whose cost is known")), hidden=True),
        Shows(Column("costed", Text("成本已知的销售净额", "Net sales, cost known"), "money", help=Text("本年成本已知的订单行的销售净额", "net sales of this year's lines whose cost is known")), hidden=True),
    ),
    rows=rows,
    cells=cells,
    features=(
        Listing("mix", Text("各类别本年销售净额", "Net sales by category, this year"), (Item("category", PRODUCTS.column("category").label, "text", CATEGORY, 2), Item("net", Text("销售净额", "Net sales"), "number", OF_CATEGORY, 2)), LINES),
        Chart("mix", "bar", Text("各类别本年销售净额", "Net sales by category, this year"), "category", ("net",), of="mix"),
        Chart("by_product", "pareto", Text("各产品本年销售净额与累计占比", "Net sales by product and cumulative share"), "name", ("total",), ("cumulative",)),
        Bars("total"),
        Alert("growth", FELL),
    ),
    rules=(Text("按日历年统计，与统计期间起始日无关", "by calendar year, whatever the period's start"),),
)  # fmt: skip
