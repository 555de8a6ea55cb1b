"""Regions by month: net sales of this calendar year; filter a region and the chart above is that region's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook.features import Bars, Chart, Figure, Summary
from crmbook.figures import regions
from crmbook.figures.sold import IDS, MONTH, MONTHS, TOTAL
from crmbook.form import NO, NOTE, Form, Given, Shows
from crmbook.rates import SUM, if_any
from crmbook.schema import Column
from crmbook.tally import total
from crmbook.text import Text

NET = Text("销售净额", "Net sales")


def rows(given: Given) -> pd.DataFrame:
    """Net sales of each region by month of the year of the report; months to come are blank."""
    region = regions.region_ids(given.facts["region"])
    by = given.facts.groupby(region)
    month = given.settings.today.month
    found = pd.DataFrame({"region": regions.in_order(region)}, dtype=object)
    so_far = [f"m{12 - (month - at):02d}" for at in range(1, month + 1)]  # m12 is the month of today
    sums = by[so_far].sum().round(2).reindex(found["region"])
    for at, id in enumerate(IDS):
        found[id] = sums[so_far[at]].to_numpy() if at < month else float("nan")
    found["total"] = found[list(IDS)].sum(axis=1).round(2)
    return found.assign(no=range(1, len(found) + 1))


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """Each month's sum, in the totals line and beside the chart."""
    sums = {id: if_any(rows[id]) for id in IDS} | {"total": total(rows["total"])}
    return {
        **{f"total.{id}": value for id, value in sums.items()},
        **{f"months.{at}.net": sums[id] for at, id in enumerate(IDS)},
    }


REGION_MONTHS = Form(
    "region_months",
    Text("区域月度销售", "Region by month"),
    Text(
        "各区域本年逐月销售净额；筛选区域，图表随之变化",
        "Net sales of each region by month; filter a region and the chart follows",
    ),
    ("region",),
    (
        NO,
        Shows(regions.COLUMN, width=14),
        *(
            Shows(Column(id, m, "money", help=NET), total=MONTH.format(id=id), width=12)
            for id, m in zip(IDS, MONTHS, strict=True)
        ),
        Shows(
            Column("total", Text("合计", "Total"), "money", help=Text("本年各月之和", "the months of this year")),
            formula=TOTAL,
            total=SUM.format(of="total"),
        ),
        replace(NOTE, width=17),
    ),
    rows=rows,
    cells=cells,
    features=(
        Summary(
            "months",
            Text("各月销售净额", "Net sales by month"),
            MONTHS,
            (Figure("net", NET, "number", tuple(MONTH.format(id=id) for id in IDS)),),
        ),
        Chart(
            "by_month",
            "column",
            Text("各月销售净额", "Net sales by month"),
            "label",
            ("net",),
            of="months",
            signed=True,
        ),
        Chart("by_region", "bar", Text("各区域本年销售净额", "Net sales by region"), "region", ("total",)),
        Bars("total"),
    ),
)
