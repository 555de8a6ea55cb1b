"""What is wrong with a customer: sales falling, money overdue, no orders, complaints, a low mark, a lower grade, no visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from crmbook.figures import ledger, visiting
from crmbook.schema import Choice, Column
from crmbook.settings import Settings
from crmbook.text import Text, in_days

KINDS = (
    Choice("drop", Text("销售下降", "Sales fell")),
    Choice("overdue", Text("逾期欠款", "Overdue")),
    Choice("silent", Text("久未下单", "No order")),
    Choice("complaints", Text("投诉", "Complaint")),
    Choice("dissatisfied", Text("满意度低", "Low satisfaction")),
    Choice("downgraded", Text("等级下降", "Grade fell")),
    Choice("unvisited", Text("久未拜访", "Not visited")),
)
RED, YELLOW = Choice("red", Text("严重", "Serious")), Choice("yellow", Text("关注", "Watch"))
RECOVERED, RESOLVED = Choice("recovered", Text("已恢复", "Recovered")), Choice("resolved", Text("已解决", "Resolved"))
STANDING = Column(
    "standing",
    Text("处理情况", "Standing"),
    "choice",
    (RED, YELLOW, RECOVERED, RESOLVED),
    help=Text("未解决的按严重度，其余为已恢复或已解决", "what is open by its severity, else recovered or resolved"),
)
NAMES = {c.id: c.name for c in KINDS}
AFTER_EXIT = ("overdue", "complaints")  # who has left is a problem only while these are not settled
FULL_DROP = 1.0
FEW_DAYS = 3  # order days that give an interval
FALL = Text("销售额同比 {change:+.0%}", "sales {change:+.0%} on the same days of last year")
FELL = Text("等级 {was}→{now}", "grade {was} to {now}")
SALES = Text("同比 {change:+.0%}，本期 {now:,.0f} 元，去年同期 {then:,.0f} 元", "{change:+.0%} on the same days of last year: {now:,.0f} yuan, {then:,.0f} then")  # fmt: skip
DEBT = Text("{amount:,.0f} 元，最长已逾期 {days} 天", "{amount:,.0f} yuan, {days} at most")
BEYOND = Text("{debt}；应收 {owed:,.0f} 元超过信用额度 {limit:,.0f} 元", "{debt}; receivable {owed:,.0f} yuan, above the credit limit of {limit:,.0f}")  # fmt: skip
QUIET = Text("已 {days:.0f} 天未下单，为平常间隔 {usual:g} 天的 {times:.1f} 倍", "none for {days:.0f} days, {times:.1f} times the usual {usual:g}")  # fmt: skip
ONCE = Text("已 {days:.0f} 天未下单（下单日少于 {few} 天）", "none for {days:.0f} days (fewer than {few} order days)")
LATE = Text("{count:.0f} 件超过时限，最长 {days} 天", "{count:.0f} past due, {days} at most")
OFTEN = Text("90天内 {count:.0f} 次", "{count:.0f} in 90 days")
OPEN = Text("{count:.0f} 件未关闭", "{count:.0f} open")
MARK = Text("{points:.1f} 分（{day} 调查）", "{points:.1f} points (survey of {day})")
LOWER = Text("由 {was} 降为 {now}", "from {was} to {now}")
UNSEEN = Text("应在 {day} 前拜访，已超过 {days} 天", "a visit was due by {day}, {days} ago")
RULES = (
    Text("销售额较去年同期下降达 DROP（达其两倍为严重）", "sales down by DROP on the same days of last year (red: by twice that)"),
    Text("有逾期货款（逾期超过 OVERDUE_DAYS 天，或应收超过信用额度为严重）", "money overdue (red: for more than OVERDUE_DAYS days, or the receivable is above the credit limit)"),
    Text("未下单天数达自身间隔中位数的 QUIET_TIMES 倍（WINBACK_TIMES 倍为严重）；下单日少于 3 天的，满 QUIET_DAYS 天（SILENT_DAYS 天为严重）", "no order for QUIET_TIMES its own median interval (red: WINBACK_TIMES); with fewer than 3 order days, for QUIET_DAYS days (red: SILENT_DAYS)"),
    Text("投诉超过时限未关闭（严重），或 90 天内投诉达 COMPLAINTS 次", "a complaint open past its due time (red), or COMPLAINTS complaints in 90 days"),
    Text("满意度不高于 SATISFACTION_LOW", "satisfaction at or below SATISFACTION_LOW"),
    Text("等级低于一年前", "a lower grade than a year ago"),
    Text("过了应访日期仍无完成的拜访", "no completed contact by the day a visit was due"),
    Text("已退出的客户只在仍有逾期货款或未关闭的投诉时列入", "who has left is listed only while money is overdue or a complaint is open"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with a customer: its kind (an id of `KINDS`), how grave, and its figure in words."""

    kind: str
    is_red: bool
    figure: Text

    @property
    def said(self) -> Text:
        """Its name and figure."""
        return Text.join([NAMES[self.kind], self.figure], "：", ": ")


@dataclass(frozen=True, slots=True)
class _Customer:
    """What the rules ask of a customer; None where there is nothing. `was`: the grade a year ago, if it had orders."""

    stage: str
    net_period: float
    net_before: float
    overdue: float | None
    overdue_days: float | None
    receivable: float | None
    credit_limit: float | None
    recency_days: float | None
    median_interval: float | None
    complaints_open: float
    complaints_overdue: float
    complaint_overdue_days: float
    complaints_90d: float
    satisfaction: float | None
    surveyed_on: date | None
    grade_final: str
    was: str | None
    due: date | None


def troubles(facts: pd.DataFrame, before: pd.DataFrame, settings: Settings) -> list[tuple[Trouble, ...]]:
    """Facts, those of a year earlier and the settings → what is wrong with each customer, in the order of `KINDS`."""
    judges: tuple[Callable[[_Customer, Settings], Trouble | None], ...] = (
        _drop, _overdue, _silent, _complaints, _dissatisfied, _downgraded, _unvisited,
    )  # fmt: skip
    found = []
    for customer in _customers(facts, before, settings):
        said = [trouble for judge in judges if (trouble := judge(customer, settings)) is not None]
        found.append(tuple(t for t in said if customer.stage != "exit" or t.kind in AFTER_EXIT))
    return found


def trends(facts: pd.DataFrame, before: pd.DataFrame, settings: Settings) -> list[Text | None]:
    """What goes down with each customer, however little: sales on the same days of last year, the grade; None if neither."""
    found: list[Text | None] = []
    for c in _customers(facts, before, settings):
        change = _change(c)
        signs = [FALL.fill(change=change)] if change is not None and change < 0 else []
        signs += [FELL.fill(was=was, now=now) for was, now in _fall(c)]
        found.append(Text.join(signs, "，", ", ") if signs else None)
    return found


def _customers(facts: pd.DataFrame, before: pd.DataFrame, settings: Settings) -> list[_Customer]:
    then = before.reindex(facts.index)
    was = then["grade_final"].where(then["orders"] > 0)
    frame = facts.assign(was=was, due=visiting.late_from(facts, facts["grade_final"], settings))
    columns = (ledger.plain(frame[name]) for name in _Customer.__slots__)
    return [_Customer(*values) for values in zip(*columns, strict=True)]


def _change(c: _Customer) -> float | None:
    return round(c.net_period / c.net_before - 1, 9) if c.net_before > 0 else None


def _fall(c: _Customer) -> list[tuple[str, str]]:
    """The grade a year ago and now, if it fell; later letters are lower grades."""
    return [(c.was.upper(), c.grade_final.upper())] if c.was is not None and c.grade_final > c.was else []


def _drop(c: _Customer, settings: Settings) -> Trouble | None:
    change, limit = _change(c), settings["DROP"]
    if change is None or change > -limit or change >= 0:
        return None
    is_red = change <= -min(2 * limit, FULL_DROP)
    return Trouble("drop", is_red, SALES.fill(change=change, now=c.net_period, then=c.net_before))


def _overdue(c: _Customer, settings: Settings) -> Trouble | None:
    if not c.overdue or c.overdue_days is None or c.receivable is None:
        return None
    debt = DEBT.fill(amount=c.overdue, days=in_days(c.overdue_days))
    if c.credit_limit is not None and c.receivable > c.credit_limit:
        return Trouble("overdue", True, BEYOND.fill(debt=debt, owed=c.receivable, limit=c.credit_limit))
    return Trouble("overdue", c.overdue_days > settings["OVERDUE_DAYS"], debt)


def _silent(c: _Customer, settings: Settings) -> Trouble | None:
    days, usual = c.recency_days, c.median_interval
    if days is None:
        return None
    if usual is None:
        is_red, is_late = days >= settings["SILENT_DAYS"], days >= settings["QUIET_DAYS"]
        return Trouble("silent", is_red, ONCE.fill(days=days, few=FEW_DAYS)) if is_red or is_late else None
    is_red, is_late = days >= settings["WINBACK_TIMES"] * usual, days >= settings["QUIET_TIMES"] * usual
    return Trouble("silent", is_red, QUIET.fill(days=days, usual=usual, times=days / usual)) if is_red or is_late else None  # fmt: skip


def _complaints(c: _Customer, settings: Settings) -> Trouble | None:
    signs: list[Text] = []
    if c.stage == "exit" and not c.complaints_open:
        return None
    if c.complaints_overdue:
        signs.append(LATE.fill(count=c.complaints_overdue, days=in_days(c.complaint_overdue_days)))
    elif c.complaints_open and c.stage == "exit":
        signs.append(OPEN.fill(count=c.complaints_open))
    if c.complaints_90d >= settings["COMPLAINTS"]:
        signs.append(OFTEN.fill(count=c.complaints_90d))
    return Trouble("complaints", bool(c.complaints_overdue), Text.join(signs, "，", ", ")) if signs else None


def _dissatisfied(c: _Customer, settings: Settings) -> Trouble | None:
    if c.satisfaction is None or c.satisfaction > settings["SATISFACTION_LOW"]:
        return None
    return Trouble("dissatisfied", False, MARK.fill(points=c.satisfaction, day=c.surveyed_on))


def _downgraded(c: _Customer, settings: Settings) -> Trouble | None:
    return next((Trouble("downgraded", False, LOWER.fill(was=was, now=now)) for was, now in _fall(c)), None)


def _unvisited(c: _Customer, settings: Settings) -> Trouble | None:
    if c.due is None or c.due >= settings.today:
        return None
    return Trouble("unvisited", False, UNSEEN.fill(day=c.due, days=in_days((settings.today - c.due).days)))
