"""What staff can tune: each setting with its default, unit and allowed range, and the period they make.

A setting's id is also the defined name of its cell in 设置, so formulas may use it (`ABC_A`). Percent values are
shares (0.8 shows as 80%).
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from crmbook.schema import Choice, Kind
from crmbook.text import Text

NO_UNIT = Text("", "")


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of 设置. `low` and `high` of a day are its number, as a sheet counts days."""

    id: str
    label: Text
    kind: Kind
    default: Any
    help: Text
    unit: Text = NO_UNIT
    low: float | None = None
    high: float | None = None
    choices: tuple[Choice, ...] = ()


DAYS, MONTHS, POINTS = Text("天", "days"), Text("个月", "months"), Text("分", "points")
TIMES, PERCENT = Text("倍", "times"), Text("%", "%")
FIRST_DAY, LAST_DAY = (
    (date(*day) - date(1899, 12, 30)).days for day in ((2000, 1, 1), (2199, 12, 31))
)  # as a sheet counts days


def _percent(id: str, label: Text, default: float, help: Text) -> Setting:
    return Setting(id, label, "percent", default, help, PERCENT, 0, 1)


def _points(id: str, label: Text, default: float, help: Text) -> Setting:
    return Setting(id, label, "number", default, help, POINTS, 0, 100)


def _weight(id: str, label: Text, default: float) -> Setting:
    return _points(id, label, default, Text("五项权重合计须为 100", "the five weights must add up to 100"))


ALL: tuple[Setting, ...] = (
    Setting("AS_OF", Text("基准日期", "As of"), "date", None, Text("空白=当天", "blank = today"), NO_UNIT, FIRST_DAY, LAST_DAY),
    Setting(
        "PERIOD_START",
        Text("统计期间起始日", "Period starts"),
        "date",
        None,
        Text("空白=基准日期所在年的1月1日；与去年同日比较", "blank = 1 January; compared with the same days of last year"),
        NO_UNIT,
        FIRST_DAY,
        LAST_DAY,
    ),
    _percent("ABC_A", Text("A类累计占比上限", "A: cumulative share up to"), 0.80, Text("其他常用：55%、75%", "also used: 55 %, 75 %")),
    _percent("ABC_B", Text("B类累计占比上限", "B: cumulative share up to"), 0.95, Text("其他常用：85%、95%", "also used: 85 %, 95 %")),
    Setting(
        "ABC_TIES",
        Text("分界处同额客户", "Ties at a cut"),
        "choice",
        "share",
        Text("同等=取较高等级；按位次=按排列先后", "share = both take the better class; position = by order in the list"),
        choices=(Choice("share", Text("同等", "share")), Choice("position", Text("按位次", "position"))),
    ),
    _weight("GRADE_W_SALES", Text("权重：销售贡献", "Weight: sales"), 40),
    _weight("GRADE_W_PROFIT", Text("权重：利润贡献", "Weight: profit"), 20),
    _weight("GRADE_W_CREDIT", Text("权重：付款信用", "Weight: payment"), 15),
    _weight("GRADE_W_ACTIVE", Text("权重：合作活跃", "Weight: activity"), 15),
    _weight("GRADE_W_POTENTIAL", Text("权重：发展潜力", "Weight: potential"), 10),
    Setting(
        "GRADE_RULE",
        Text("等级划分方式", "How grades are given"),
        "choice",
        "score",
        Text(
            "按评分=达到最低评分即得该等级；按比例=评分由高到低按下列比例分A、B、C，其余为D（强制分布，常用20/30/40/10）",
            "by score = who reaches the lowest score gets the grade; by share = in order of score, by the shares below, the rest is D (usual: 20/30/40/10)",
        ),
        choices=(Choice("score", Text("按评分", "by score")), Choice("share", Text("按比例", "by share"))),
    ),
    _points("GRADE_A", Text("A级最低评分", "Grade A from"), 80, Text("按评分时有效；其他常用：80/70/60", "by score only; also used: 80/70/60")),
    _points("GRADE_B", Text("B级最低评分", "Grade B from"), 60, Text("按评分时有效；须低于A级", "by score only; must be below A")),
    _points("GRADE_C", Text("C级最低评分", "Grade C from"), 40, Text("按评分时有效；须低于B级；其余为D", "by score only; must be below B; the rest is D")),
    _percent("GRADE_SHARE_A", Text("A级客户比例", "Share of grade A"), 0.20, Text("按比例时有效：评分最高的这部分客户为A；同分者同级，从未下单的为D", "by share only: the best of the customers; equal scores share a grade; who never ordered is D")),
    _percent("GRADE_SHARE_B", Text("B级客户比例", "Share of grade B"), 0.30, Text("按比例时有效：A级之后的这部分客户", "by share only: the next after A")),
    _percent("GRADE_SHARE_C", Text("C级客户比例", "Share of grade C"), 0.40, Text("按比例时有效：B级之后的这部分客户；其余为D，三项合计不超过100%", "by share only: the next after B; the rest is D; the three add up to 100 % at most")),
    Setting(
        "VALUE_CUT",
        Text("价值分组分界", "Value group cut"),
        "choice",
        "median",
        Text("高低以中位数或平均数为界", "high and low are told apart at the median or the mean"),
        choices=(Choice("median", Text("中位数", "median")), Choice("mean", Text("平均数", "mean"))),
    ),
    Setting("LOST_MONTHS", Text("多久无订单视为流失", "Lost after no order for"), "number", 12, Text("阶段“退出”与流失客户数", "stage Exit, and lost customers"), MONTHS, 1, 60),
    Setting("NEW_MONTHS", Text("首单后多久为发展期", "Developing after first order for"), "number", 12, Text("阶段“发展”", "stage Develop"), MONTHS, 1, 60),
    Setting("WINBACK_TIMES", Text("超过平常订货间隔", "Beyond own usual interval"), "number", 2, Text("阶段“挽留”：未订货天数≥该倍数×自身间隔中位数", "stage Win back: days without order ≥ this × own median interval"), TIMES, 1, 10),
    _percent("DROP", Text("销售额同比下降达", "Sales fell by"), 0.30, Text("阶段“挽留”", "stage Win back")),
    _percent("GROW", Text("销售额同比增长达", "Sales grew by"), 0.20, Text("阶段“发展”", "stage Develop")),
    Setting("TERM_DAYS", Text("默认账期", "Default payment term"), "number", 30, Text("客户未填账期时使用", "used where a customer has none"), DAYS, 0, 365),
    Setting("STALE_DAYS", Text("资料多久未更新提醒", "Record is stale after"), "number", 180, Text("客户链管理表", "Customer chain form"), DAYS, 1, 3650),
    Setting("VISIT_A", Text("A级拜访间隔", "Visit interval, grade A"), "number", 30, Text("建议下次跟进日期", "suggested next follow-up"), DAYS, 1, 999),
    Setting("VISIT_B", Text("B级拜访间隔", "Visit interval, grade B"), "number", 60, Text("建议下次跟进日期", "suggested next follow-up"), DAYS, 1, 999),
    Setting("VISIT_C", Text("C级拜访间隔", "Visit interval, grade C"), "number", 90, Text("建议下次跟进日期", "suggested next follow-up"), DAYS, 1, 999),
    Setting("VISIT_D", Text("D级拜访间隔", "Visit interval, grade D"), "number", 180, Text("建议下次跟进日期", "suggested next follow-up"), DAYS, 1, 999),
)  # fmt: skip
DEFAULTS: Mapping[str, Any] = MappingProxyType({s.id: s.default for s in ALL})


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report speaks of, and the same days of the year before; all ends included."""

    start: date
    end: date

    @property
    def before(self) -> "Period":
        """The same days one year earlier."""
        return Period(months_before(self.start, 12), months_before(self.end, 12))


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: `settings["ABC_A"]`; blank ones take their default."""

    values: Mapping[str, Any]
    today: date

    def __getitem__(self, id: str) -> Any:
        value = self.values.get(id)
        return DEFAULTS[id] if value is None else value

    @property
    def period(self) -> Period:
        """From the period's start, or 1 January, to the day of the report."""
        start = self["PERIOD_START"]
        return Period(date(self.today.year, 1, 1) if start is None or start > self.today else start, self.today)

    def a_year_earlier(self) -> "Settings":
        """The same settings as if the report had been made on the same day one year before."""
        before = self.period.before
        return Settings({**self.values, "PERIOD_START": before.start}, before.end)


def in_force(values: Mapping[str, Any], today: date) -> Settings:
    """Settings as typed → settings in force; 基准日期 wins over today."""
    return Settings(dict(values), values.get("AS_OF") or today)


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` earlier (the month's last day where it has no such day)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
