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
TIMES, PERCENT, YUAN = Text("倍", "times"), Text("%", "%"), Text("元", "yuan")
HOURS, WORKING_DAYS = Text("小时", "hours"), Text("工作日", "working days")
SURVEY_WEIGHTS = (
    ("quality", Text("产品质量", "quality"), 30), ("delivery", Text("交货及时", "delivery"), 20), ("price", Text("价格", "price"), 15),
    ("service", Text("服务态度", "service"), 15), ("complaints", Text("投诉处理", "complaints"), 10), ("support", Text("技术支持", "support"), 10),
)  # fmt: skip
RELATION_WEIGHTS = (
    ("trade", Text("交易价值", "trade value"), 40), ("stable", Text("合作稳定性", "stability"), 25),
    ("depth", Text("关系深度", "depth"), 20), ("room", Text("潜力空间", "potential"), 15),
)  # fmt: skip
DEPTH_WEIGHTS = (
    ("key", Text("关键客户关系", "key people"), 50), ("wide", Text("普遍客户关系", "wide contacts"), 30), ("firm", Text("组织客户关系", "organisations"), 20),
)  # fmt: skip
FIRST_DAY, LAST_DAY = (
    (date(*day) - date(1899, 12, 30)).days for day in ((2000, 1, 1), (2199, 12, 31))
)  # as a sheet counts days


def _percent(id: str, label: Text, default: float, help: Text) -> Setting:
    return Setting(id, label, "percent", default, help, PERCENT, 0, 1)


def _points(id: str, label: Text, default: float, help: Text) -> Setting:
    return Setting(id, label, "number", default, help, POINTS, 0, 100)


def _weight_of(what: Text) -> Text:
    return Text("权重：{what}", "Weight: {what}").fill(what=what)


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
    Setting("FIRST_VISIT", Text("新客户首次回访", "First visit to a new customer"), "number", 7, Text("首单后多少天内拜访", "within so many days of the first order"), DAYS, 1, 999),
    Setting("CALL_BACK", Text("投诉关闭后回访", "Call back after a complaint"), "number", 1, Text("投诉关闭后多少天内联系", "within so many days of its closing"), DAYS, 1, 99),
    Setting(
        "RFM_CUT",
        Text("RFM高低分界", "RFM cut"),
        "choice",
        "mean",
        Text("平均数、中位数；五分位=得4分以上为高；固定值=按下面三项", "mean; median; quintile = score 4 or more is high; fixed = the three values below"),
        choices=(Choice("mean", Text("平均数", "mean")), Choice("median", Text("中位数", "median")), Choice("quintile", Text("五分位", "quintile")), Choice("fixed", Text("固定值", "fixed"))),
    ),
    Setting("RFM_MONTHS", Text("RFM统计月数", "RFM window"), "number", 12, Text("统计最近多少个月的订单", "orders of the last so many months"), MONTHS, 1, 600),
    Setting("RFM_R", Text("RFM固定值：近于", "RFM fixed: recent within"), "number", 90, Text("RFM高低分界为固定值时有效", "if the RFM cut is fixed"), DAYS, 1, 9999),
    Setting("RFM_F", Text("RFM固定值：订单数达", "RFM fixed: orders from"), "number", 4, Text("RFM高低分界为固定值时有效", "if the RFM cut is fixed"), Text("单", "orders"), 1, 9999),
    Setting("RFM_M", Text("RFM固定值：销售额达", "RFM fixed: sales from"), "number", 50_000, Text("RFM高低分界为固定值时有效", "if the RFM cut is fixed"), YUAN, 0, 1e12),
    Setting("SERVICE_HIGH", Text("价格敏感度与关系意愿的高分线", "High price sensitivity and will"), "number", 4, Text("服务类型：达到此分为高", "service type: high from this score"), POINTS, 1, 5),
    _percent("SERVICE_KEY", Text("大客户占比", "Share of key accounts"), 0.20, Text("服务类型：关系型客户中销售额最大的这部分为大客户", "service type: the largest of the relational customers")),
    Setting("QUIET_TIMES", Text("未下单预警倍数", "Order overdue from"), "number", 1.5, Text("未订货天数≥该倍数×自身间隔中位数即预警；流失风险、问题客户", "days without order ≥ this × own median interval; churn risk, problem customers"), TIMES, 1, 10),
    Setting("QUIET_DAYS", Text("订单少于3天的客户：预警", "Few orders: warn after"), "number", 90, Text("下单日少于3天、无法算间隔时", "where fewer than 3 order days give no interval"), DAYS, 1, 999),
    Setting("SILENT_DAYS", Text("订单少于3天的客户：严重", "Few orders: red after"), "number", 180, Text("下单日少于3天、无法算间隔时", "where fewer than 3 order days give no interval"), DAYS, 1, 999),
    Setting("OVERDUE_DAYS", Text("逾期货款严重界限", "Overdue is red after"), "number", 30, Text("问题客户：逾期超过这些天为严重", "problem customers: red when overdue for longer"), DAYS, 0, 999),
    Setting("COMPLAINTS", Text("90天内投诉次数", "Complaints in 90 days"), "number", 2, Text("问题客户：达到次数即列入", "problem customers: listed from this many"), Text("次", "times"), 1, 99),
    _points("SATISFACTION_LOW", Text("满意度过低", "Satisfaction too low"), 60, Text("问题客户：不高于此分即列入", "problem customers: listed at or below")),
    _points("SATISFACTION_GOOD", Text("满意度良好", "Satisfaction good"), 80, Text("满意度分档：达到为满意", "satisfaction bands: satisfied from")),
    Setting("CONTRACT_DAYS", Text("合同到期提醒", "Contract ends soon"), "number", 30, Text("跟进优先级：多少天内到期算紧急", "priority: urgent when it ends within"), DAYS, 0, 365),
    *(_points(f"SURVEY_W_{item.upper()}", _weight_of(label), weight, Text("满意度六项权重合计须为 100", "the six weights of satisfaction must add up to 100")) for item, label, weight in SURVEY_WEIGHTS),
    *(_points(f"RELATION_W_{item.upper()}", _weight_of(label), weight, Text("关系评估四项权重合计须为 100", "the four weights of the relationship must add up to 100")) for item, label, weight in RELATION_WEIGHTS),
    *(_points(f"DEPTH_W_{item.upper()}", _weight_of(label), weight, Text("关系深度三层权重合计须为 100", "the three weights of depth must add up to 100")) for item, label, weight in DEPTH_WEIGHTS),
    _points("RELATION_A", Text("关系“优”最低分", "Relationship excellent from"), 90, Text("客户关系评估表", "relationship form")),
    _points("RELATION_B", Text("关系“良”最低分", "Relationship good from"), 75, Text("须低于“优”；达到即建议发展", "below excellent; develop from here")),
    _points("RELATION_C", Text("关系“中”最低分", "Relationship fair from"), 60, Text("须低于“良”；其余为差", "below good; the rest is poor")),
    _points("RELATION_KEEP", Text("建议维持最低分", "Maintain from"), 50, Text("低于此分提示终止；终止只由人决定", "below it, ending is suggested; only a person ends")),
    *(_points(f"CREDIT_{level}", Text(f"信用{level}级最低分", f"Credit {level} from"), lowest, Text("信用等级；其余为C", "credit class; the rest is C")) for level, lowest in (("AAA", 90), ("AA", 80), ("A", 70), ("B", 60))),
    *(Setting(f"CREDIT_X_{level}", Text(f"信用{level}级额度系数", f"Credit {level}: limit factor"), "number", factor, Text("建议额度=月均发货额×账期月数×系数", "limit = monthly average × term in months × factor"), TIMES, 0, 10) for level, factor in (("AAA", 1.5), ("AA", 1), ("A", 0.8), ("B", 0.6), ("C", 0))),
    Setting("CREDIT_LATE", Text("降级的逾期付款次数", "Late payments that lower a level"), "number", 2, Text("一个季度内逾期付款达到次数，账期降一级", "in a quarter: the term goes down one level"), Text("次", "times"), 1, 99),
    *(Setting(f"DUE_P{level}", Text(f"P{level}级服务时限", f"P{level} service time"), "number", most, Text("服务请求未填要求完成时间时使用", "where a request has no due time"), unit, 0, 999) for level, most, unit in ((0, 2, HOURS), (1, 4, HOURS), (2, 1, WORKING_DAYS), (3, 3, WORKING_DAYS))),
    Setting("TOP", Text("重点客户名次", "Key customers listed"), "number", 10, Text("重点客户表：各项指标的前几名", "key customers form: the first so many of each list"), Text("名", "places"), 1, 50),
    Setting("GROWTH_FLOOR", Text("增长排名的最低基数", "Least base for growth"), "number", 10_000, Text("去年同期低于此额的客户不参加增长排名", "who bought less on the same days last year is not ranked by growth"), YUAN, 0, 1e12),
    Setting("CHANGES_KEPT", Text("变更记录保留条数", "Changes kept"), "number", 1000, Text("超出后删去最早的", "older ones go"), Text("条", "rows"), 10, 100_000),
    Setting(
        "FORMULAS",
        Text("汇总用公式", "Sums as formulas"),
        "choice",
        "auto",
        Text("自动=数据量小时，订单汇总写成公式；数值=一律写数值；公式=一律写公式（慢）", "auto = where data is small, sums over orders are formulas; values = never; formulas = always (slow)"),
        choices=(Choice("auto", Text("自动", "auto")), Choice("values", Text("数值", "values")), Choice("formulas", Text("公式", "formulas"))),
    ),
    Setting("FORMULA_CELLS", Text("自动公式的上限", "Formulas up to"), "number", 5_000_000, Text("客户数×订单行数不超过此数时用公式", "customers × order lines for which auto writes formulas"), NO_UNIT, 0, 1e12),
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
