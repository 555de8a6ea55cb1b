"""Where a customer stands in its life: identify, acquire, develop, maintain, win back, exit; the first rule that fits.

exit: cooperation ended, or no order for LOST_MONTHS · win back: no order for WINBACK_TIMES its own median interval, or sales of
12 months down by DROP on the 12 before · develop: first order within NEW_MONTHS, or sales of 12 months up by GROW ·
maintain: other buyers · acquire: contacted, no order · identify: listed only.
(12 months on 12 months, because the first weeks of a year on the same weeks of the last would call half the customers lost.)
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from crmbook.classification import Classification, judged
from crmbook.figures import ledger
from crmbook.schema import Choice
from crmbook.settings import Settings, months_before
from crmbook.text import Text, in_days

ENDED = Text("合作已终止", "cooperation ended")
LEFT = Text("{day} 终止合作", "cooperation ended {day}")
LOST = Text("末次下单 {last}，已 {recency} 天，达到 {months:g} 个月无订单", "last order {last}, {recency} days ago: none for {months:g} months")  # fmt: skip
QUIET = Text("已 {recency} 天未下单，为平常间隔 {interval:g} 天的 {ratio:.1f} 倍", "no order for {recency} days, {ratio:.1f} times the usual {interval:g}")  # fmt: skip
CHANGED = Text("近12月销售额较前12月 {growth:+.0%}", "sales of 12 months {growth:+.0%} on the 12 before")
NEW = Text("首次下单 {first}，未满 {months:g} 个月", "first order {first}, less than {months:g} months ago")
STEADY = Text("末次下单 {last}，已 {recency} 天，无异常", "last order {last}, {recency} ago, as usual")
CONTACTED = Text("{day} 已接触，尚无订单", "contacted {day}, no order yet")
LISTED = Text("仅有资料，未接触", "listed only, not contacted")

Stage = tuple[str, Text, date | None]  # class, reason, first day in the stage where it is known


@dataclass(frozen=True, slots=True)
class _Customer:
    """What the rules ask of a customer; None where there is nothing."""

    state: str | None
    left_on: date | None
    first_contact: date | None
    last_contact: date | None
    first_day: date | None
    last_day: date | None
    median_interval: float | None
    net_12m: float
    net_prev_12m: float


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts → class, reason, days (in the stage; NaN where its first day is not known)."""
    customers = zip(*(ledger.plain(facts[name]) for name in _Customer.__slots__), strict=True)
    stages = [_stage(_Customer(*values), settings) for values in customers]
    days = [None if since is None else (settings.today - since).days for _, _, since in stages]
    return judged([(stage, reason) for stage, reason, _ in stages], facts.index, days=days)


def _stage(customer: _Customer, settings: Settings) -> Stage:
    """The first rule that fits."""
    has_left = customer.left_on is not None and customer.left_on <= settings.today
    if has_left or (customer.left_on is None and customer.state == "ended"):
        return "exit", LEFT.fill(day=customer.left_on) if has_left else ENDED, customer.left_on
    if customer.first_day is not None and customer.last_day is not None:
        return _buyer(customer, customer.first_day, customer.last_day, settings)
    contacts = [
        day for day in (customer.first_contact, customer.last_contact) if day is not None and day <= settings.today
    ]
    if contacts:
        return (
            "acquire",
            CONTACTED.fill(day=contacts[0]),
            contacts[0] if contacts[0] == customer.first_contact else None,
        )
    return "identify", LISTED, None


def _buyer(customer: _Customer, first: date, last: date, settings: Settings) -> Stage:
    """The stage of a customer who has bought."""
    today, lost, new = settings.today, int(settings["LOST_MONTHS"]), int(settings["NEW_MONTHS"])
    recency, interval = (today - last).days, customer.median_interval
    if last <= months_before(today, lost):
        return "exit", LOST.fill(last=last, recency=recency, months=lost), months_before(last, -lost)
    if interval is not None and recency >= settings["WINBACK_TIMES"] * interval:
        since = last + timedelta(days=math.ceil(settings["WINBACK_TIMES"] * interval))
        return "win_back", QUIET.fill(recency=recency, interval=interval, ratio=recency / interval), since
    before = customer.net_prev_12m
    growth = round(customer.net_12m / before - 1, 9) if before > 0 else None
    if growth is not None and growth <= -settings["DROP"]:
        return "win_back", CHANGED.fill(growth=growth), None
    if first > months_before(today, new):
        return "develop", NEW.fill(first=first, months=new), first
    if growth is not None and growth >= settings["GROW"]:
        return "develop", CHANGED.fill(growth=growth), None
    return "maintain", STEADY.fill(last=last, recency=in_days(recency)), months_before(first, -new)


STAGE = Classification(
    "stage",
    Text("客户阶段", "Stage"),
    Text(
        "依次判断：已终止或 LOST_MONTHS 个月无订单=退出；超过自身间隔中位数的 WINBACK_TIMES 倍未下单，或近12月销售额下降 DROP=挽留；首单在 NEW_MONTHS 个月内或增长 GROW=发展；其余买家=维护；已接触未下单=获取；仅有资料=识别",
        "the first that fits: ended, or no order for LOST_MONTHS: exit; no order for WINBACK_TIMES its own median interval, or sales of 12 months down by DROP: win back; first order within NEW_MONTHS, or up by GROW: develop; other buyers: maintain; contacted, no order: acquire; listed only: identify",
    ),
    (
        Choice("identify", Text("识别", "Identify")),
        Choice("acquire", Text("获取", "Acquire")),
        Choice("develop", Text("发展", "Develop")),
        Choice("maintain", Text("维护", "Maintain")),
        Choice("win_back", Text("挽留", "Win back")),
        Choice("exit", Text("退出", "Exit")),
    ),
    compute,
)
