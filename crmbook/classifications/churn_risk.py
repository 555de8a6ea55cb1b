"""Churn risk by rules: how long a customer has been silent, and what else warns of its leaving.

Silent: days since the last order ≥ WINBACK_TIMES × its own median interval; with fewer than 3 order days, ≥ SILENT_DAYS.
Warnings: quiet (the same with QUIET_TIMES and QUIET_DAYS, where it is not silent) · sales of 12 months down by DROP or more on the
12 before · a complaint past its due time, or COMPLAINTS or more in 90 days · satisfaction not above SATISFACTION_LOW.
High: silent, or two warnings · medium: one warning · low: none of them · none: never bought, or has left (stage exit).
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook.classification import Classification, judged
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text, in_days

RHYTHM = Text("已 {recency:.0f} 天未下单，为平常间隔 {interval:g} 天的 {ratio:.1f} 倍（界限 {times:g} 倍）", "no order for {recency:.0f} days, {ratio:.1f} times the usual {interval:g} (limit {times:g} times)")  # fmt: skip
FEW = Text("已 {recency:.0f} 天未下单（下单少于3天，界限 {days:g} 天）", "no order for {recency:.0f} days (fewer than 3 order days, limit {days:g} days)")  # fmt: skip
FELL = Text("近12月销售额较前12月 {growth:+.0%}", "sales of 12 months {growth:+.0%} on the 12 before")
LATE = Text("{count:.0f} 件投诉逾期未结，最久 {days} 天", "complaints past due: {count:.0f}, the oldest by {days}")
MANY = Text("90天内投诉 {count:.0f} 次", "complaints in 90 days: {count:.0f}")
UNHAPPY = Text("满意度 {points:.1f} 分（界限 {low:g} 分）", "satisfaction {points:.1f} (limit {low:g})")
CALM = Text("{recency} 天前下单，无流失迹象", "last order {recency} ago, no sign of leaving")
NEVER = Text("从未下单", "never ordered")
LEFT = Text("已退出", "has left")
COMMA = Text("，", ", ")
ASKED = (
    "orders", "stage", "recency_days", "median_interval", "net_12m", "net_prev_12m", "complaints_overdue", "complaint_overdue_days",
    "complaints_90d", "satisfaction",
)  # fmt: skip


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (recency, rhythm, sales, complaints, satisfaction, `stage`) → class, reason."""
    customers = zip(*(facts[name].tolist() for name in ASKED), strict=True)
    found = [_risk(dict(zip(ASKED, values, strict=True)), settings) for values in customers]
    return judged(found, facts.index)


def _risk(customer: Mapping[str, Any], settings: Settings) -> tuple[str, Text]:
    """One customer's facts → class and reason."""
    if customer["stage"] == "exit":
        return "none", LEFT
    if not customer["orders"]:
        return "none", NEVER
    silent = _without_order(customer, settings["WINBACK_TIMES"], settings["SILENT_DAYS"])
    quiet = silent or _without_order(customer, settings["QUIET_TIMES"], settings["QUIET_DAYS"])
    others = _warnings(customer, settings)
    warnings = ([quiet] if quiet else []) + others
    if not warnings:
        return "low", CALM.fill(recency=in_days(customer["recency_days"]))
    return "high" if silent or len(warnings) > 1 else "medium", Text.join(warnings, COMMA.zh, COMMA.en)


def _without_order(customer: Mapping[str, Any], times: float, days: float) -> Text | None:
    """What to say if no order came for so many times the customer's interval, or so many days; else None."""
    recency, interval = customer["recency_days"], customer["median_interval"]
    if math.isnan(interval):
        return FEW.fill(recency=recency, days=days) if recency >= days else None
    if recency < times * interval:
        return None
    return RHYTHM.fill(recency=recency, interval=interval, ratio=recency / interval, times=times)


def _warnings(customer: Mapping[str, Any], settings: Settings) -> list[Text]:
    """Every other warning that holds."""
    before, points = customer["net_prev_12m"], customer["satisfaction"]
    growth = round(customer["net_12m"] / before - 1, 9) if before > 0 else math.inf
    late, many = customer["complaints_overdue"], customer["complaints_90d"]
    found = []
    if growth <= -settings["DROP"]:
        found.append(FELL.fill(growth=growth))
    if late > 0:
        found.append(LATE.fill(count=late, days=in_days(customer["complaint_overdue_days"])))
    elif many >= settings["COMPLAINTS"]:
        found.append(MANY.fill(count=many))
    if round(points, 9) <= settings["SATISFACTION_LOW"]:
        found.append(UNHAPPY.fill(points=points, low=settings["SATISFACTION_LOW"]))
    return found


CHURN_RISK = Classification(
    "churn_risk",
    Text("流失风险", "Churn risk"),
    Text(
        "高：未下单天数达到自身间隔中位数的 WINBACK_TIMES 倍（下单少于3天的客户为 SILENT_DAYS 天），或同时有两项预警；中：有一项预警；低：没有。预警：未下单达 QUIET_TIMES 倍（或 QUIET_DAYS 天）；近12月销售额较前12月下降 DROP；投诉逾期未结或90天内达 COMPLAINTS 次；满意度不高于 SATISFACTION_LOW。从未下单或已退出的不适用",
        "high: no order for WINBACK_TIMES its own median interval (SILENT_DAYS with fewer than 3 order days), or two warnings at once; medium: one warning; low: none. Warnings: no order for QUIET_TIMES (or QUIET_DAYS); sales of 12 months down by DROP on the 12 before; a complaint past due, or COMPLAINTS of them in 90 days; satisfaction not above SATISFACTION_LOW. Does not apply to who never ordered or has left",
    ),
    (
        Choice("low", Text("低", "Low")),
        Choice("medium", Text("中", "Medium")),
        Choice("high", Text("高", "High")),
        Choice("none", Text("不适用", "N/A")),
    ),
    compute,
)
