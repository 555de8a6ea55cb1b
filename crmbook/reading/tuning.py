"""The settings as staff typed them: what each comes to, and what is wrong with it.

In a workbook, formulas read the same cells, through the column 生效值 of the settings form. So a value holds there only if
that column's formula takes it too: a number that is a number and within its range, a choice in the workbook's own words.
Whatever else is typed is a problem, and the default holds for both.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from crmbook.problems import Problem
from crmbook.reading import kinds
from crmbook.reading.cell import UnreadableError, half, shown
from crmbook.reading.days import NOT_A_DATE
from crmbook.reading.kinds import CHOOSE, NOT_A_CHOICE, TYPE_A_NUMBER
from crmbook.reading.tidy import Locate
from crmbook.schema import Column
from crmbook.settings import ALL, DEFAULTS, Setting
from crmbook.text import Lang, Text

AS_TEXT = Text("“{value}”是文字，公式不能用它计算", "“{value}” is text, and formulas cannot count with it")
TYPE_A_DAY = Text("请把单元格格式改为常规，再按 2025-7-28 的样子重新输入", "set the cell's format to General and type it like 2025-7-28")  # fmt: skip
RETYPE = Text("请改为 2000 年以后的日期", "type a date of the year 2000 or later")
DEFAULT_HOLDS = Text("{fix}；目前用默认值", "{fix}; until then the default holds")
WEIGHTS = Text("{which}权重合计为 {sum}，不是 100", "{which} add up to {sum}, not 100")
WEIGHED = {  # by the beginning of their ids
    "GRADE_W_": Text("五项", "the five weights"),
    "SURVEY_W_": Text("满意度六项", "the six weights of satisfaction"),
    "RELATION_W_": Text("关系评估四项", "the four weights of the relationship"),
    "DEPTH_W_": Text("关系深度三层", "the three weights of depth"),
}
# The first must be above the second.
FALLING = (
    ("ABC_B", "ABC_A"), ("WINBACK_TIMES", "QUIET_TIMES"), ("SILENT_DAYS", "QUIET_DAYS"), ("SATISFACTION_GOOD", "SATISFACTION_LOW"),
    ("RELATION_A", "RELATION_B"), ("RELATION_B", "RELATION_C"), ("RELATION_B", "RELATION_KEEP"),
    ("CREDIT_AAA", "CREDIT_AA"), ("CREDIT_AA", "CREDIT_A"), ("CREDIT_A", "CREDIT_B"),
)  # fmt: skip
MEND_WEIGHTS = Text("请调整权重使合计为 100", "change the weights so that they add up to 100")
SHARES = Text(
    "A、B、C级客户比例合计为 {sum}，超过 100%", "the shares of grades A, B and C add up to {sum}, more than 100 %"
)
MEND_SHARES = Text("请调整比例使合计不超过 100%", "change the shares so that they add up to 100 % at most")
NOT_ABOVE = Text("{high}（{a}）须高于{low}（{b}）", "{high} ({a}) must be above {low} ({b})")
TOO_LATE = Text(
    "{label}（{start:%Y-%m-%d}）晚于报表的基准日期（{day:%Y-%m-%d}）",
    "{label} ({start:%Y-%m-%d}) is after the day of the report ({day:%Y-%m-%d})",
)
MEND_START = Text(
    "请修改其中一项；目前从1月1日起统计", "change one of the two; until then the period starts on 1 January"
)
MEND_ORDER = Text("请修改其中一项", "change one of the two")
TWICE = Text("设置 {id} 出现两次", "the setting {id} stands here twice")
KEEP_ONE = Text("请删除其中一行；目前以第一行为准", "delete one of the rows; the first one counts")

BY_ID = {s.id: s for s in ALL}


def known(id: Any) -> str:
    """What stands in the column of ids → the setting's id, or an empty text if it is none of ours."""
    word = "" if pd.isna(id) else half(str(id)).upper()
    return word if word in BY_ID else ""


def read(raw: pd.DataFrame | None, locate: Locate, lang: Lang | None = None, *, date1904: bool = False, as_of: date | None = None) -> tuple[dict[str, Any], list[Problem]]:  # fmt: skip
    """The frame of 设置 as typed → value by setting id, of its kind (None where the default holds), and the problems.

    `lang`: the workbook's language, if the cells are those that its formulas read; what comes from elsewhere is read
    as any other data. `as_of`: the day of the report, where it is given and not read.
    """
    values: dict[str, Any] = {}
    rows: dict[str, int] = {}
    problems: list[Problem] = []

    def problem(id: str, what: Text, fix: Text, at: int | None = None) -> Problem:
        return Problem(locate(rows[id] if at is None else at, "value"), what, fix, "error", "settings", id)

    typed = () if raw is None or not {"setting_id", "value"} <= set(raw) else zip(raw["setting_id"], raw["value"], strict=True)  # fmt: skip
    for at, (typed_id, cell) in enumerate(typed):
        id = known(typed_id)
        if id in rows:
            problems.append(problem(id, TWICE.fill(id=id), KEEP_ONE, at))
        if not id or id in rows:
            continue
        rows[id] = at
        try:
            values[id] = None if pd.isna(cell) else _read(BY_ID[id], cell, lang, date1904=date1904)
        except UnreadableError as fault:
            values[id] = None
            problems.append(problem(id, fault.what, DEFAULT_HOLDS.fill(fix=fault.fix)))
    held = {id: DEFAULTS[id] if values.get(id) is None else values[id] for id in DEFAULTS}
    for ids, what, fix in _at_odds(held, as_of or held["AS_OF"] or date.today()):
        if there := [id for id in ids if id in rows]:
            problems.append(problem(there[0], what, fix))
    return values, problems


def number(setting: Setting, cell: Any) -> float | None:
    """The number that counts, as the sheet's formula sees the cell; None where the default holds.

    A share typed as 75 means 75 %. A day is its number, as a sheet counts days.
    """
    if isinstance(cell, time):
        found = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second) / timedelta(days=1)
    elif isinstance(cell, timedelta):
        found = cell / timedelta(days=1)
    elif isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        found = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
        found -= moment < datetime(1900, 3, 1)  # a sheet has a 29 February 1900
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        found = float(cell)
    else:
        return None
    found = found / 100 if setting.kind == "percent" and found > 1 else found
    return (
        found if setting.low is not None and setting.high is not None and setting.low <= found <= setting.high else None
    )


def _read(setting: Setting, cell: Any, lang: Lang | None, *, date1904: bool) -> Any:
    """A cell → the setting's value; UnreadableError if it is none, or if the sheet's formula cannot take it for one."""
    column = Column(setting.id, setting.label, setting.kind, setting.choices, low=setting.low, high=setting.high)
    as_data = kinds.reader(column, date1904=date1904)
    if lang is None:
        value = as_data(cell).value
        if setting.kind == "date" and value is not None and number(setting, value) is None:
            raise UnreadableError(NOT_A_DATE.fill(value=shown(cell)), RETYPE)
        return value
    if isinstance(cell, str) and not half(cell):
        return None
    if setting.choices:
        ids = {c.name[lang]: c.id for c in setting.choices}
        if cell not in ids:
            choices = Text.join([c.name for c in setting.choices], kinds.SEPARATOR.zh, kinds.SEPARATOR.en)
            raise UnreadableError(NOT_A_CHOICE.fill(value=shown(cell)), CHOOSE.fill(choices=choices))
        return ids[cell]
    counts = number(setting, cell)
    if counts is not None and setting.kind != "date":
        return counts
    value = as_data(cell).value
    if counts is None:  # data could be written like this, but the formula counts with numbers
        what = (AS_TEXT if isinstance(cell, str) else NOT_A_DATE).fill(value=shown(cell))
        raise UnreadableError(what, TYPE_A_DAY if setting.kind == "date" else TYPE_A_NUMBER)
    return value


def _at_odds(held: dict[str, Any], day: date) -> list[tuple[list[str], Text, Text]]:
    """Settings in force that contradict one another, or the day of the report: which, what is wrong, how to mend it."""
    found: list[tuple[list[str], Text, Text]] = []
    for begins, which in WEIGHED.items():
        weights = [id for id in held if id.startswith(begins)]
        if (total := round(sum(held[id] for id in weights), 9)) != 100:
            found.append((weights, WEIGHTS.fill(which=which, sum=f"{total:g}"), MEND_WEIGHTS))
    cuts = list(FALLING)
    shares = [id for id in held if id.startswith("GRADE_SHARE_")]
    if held["GRADE_RULE"] == "score":
        cuts = [("GRADE_A", "GRADE_B"), ("GRADE_B", "GRADE_C"), *cuts]
    elif (whole := round(sum(held[id] for id in shares), 9)) > 1:
        found.append((shares, SHARES.fill(sum=f"{whole * 100:.10g}%"), MEND_SHARES))
    if (start := held["PERIOD_START"]) is not None and start > day:
        late = TOO_LATE.fill(label=BY_ID["PERIOD_START"].label, start=start, day=day)
        found.append((["PERIOD_START"], late, MEND_START))
    for high, low in cuts:
        if held[high] <= held[low]:
            words = NOT_ABOVE.fill(
                high=BY_ID[high].label, low=BY_ID[low].label, a=f"{held[high]:.10g}", b=f"{held[low]:.10g}"
            )
            found.append(([low, high], words, MEND_ORDER))
    return found
