"""Visit plan: who is to be visited next, by when and what for, the most important first; staff fill in when and how."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.classifications.priority import PRIORITY
from crmbook.classifications.stage import STAGE
from crmbook.features import Alert, Chart, Colours, Figure, Summary
from crmbook.figures import visiting
from crmbook.form import GRADE_COLOURS, NO, NOTE, Asks, Form, Given, Shows
from crmbook.playbook import VISIT_PLAN as SCOPE
from crmbook.playbook import for_each, in_a_row, measures, values
from crmbook.schema import CUSTOMERS, VISITS, Choice, Column
from crmbook.text import Text

PURPOSE = VISITS.column("purpose")
FILLED_ON = Text("填表日期：{day}", "Filled in on {day}")
UNIT = Text("单位：天", "Unit: days")
STATE, AIM = Text("{stage}：{why}", "{stage}: {why}"), Text("{purpose}：{points}", "{purpose}: {points}")
RULE = Column("rule", Text("规则", "Rule"), "choice", (
    Choice(visiting.INTERVAL, Text("等级间隔", "By grade")), Choice(visiting.FIRST, Text("首单回访", "First visit")), Choice(visiting.CALL, Text("投诉回访", "Call back")),
), help=Text("应访日期按等级间隔、首单后回访还是投诉后回访", "whether the visit is due by grade, after a first order or after a complaint"))  # fmt: skip
TODAY = 'IF(AS_OF="",TODAY(),AS_OF)'
OF_GRADE = "".join(f'IF([@grade]="{g.name.en}",VISIT_{g.name.en},' for g in GRADE.classes[:-1]) + "VISIT_D)))"
DAYS = Text.same(f'IF([@rule]="{{first}}",FIRST_VISIT,IF([@rule]="{{call}}",CALL_BACK,{OF_GRADE}))').fill(
    first=RULE.choices[1].name, call=RULE.choices[2].name
)
# Counted from the day of the plan, which stands in each row: TODAY() would differ from the values beside it by tomorrow.
DUE, LATE, PLANNED = "[@base]+[@days]", "MAX(0,[@day]-[@due])", "MAX([day])"
WEEK, MONTH = 7, 30  # days
COUNTS = (
    ("count", Text("客户数", "Customers"), 'COUNTIF([{of}],"{word}")'),
    ("late", Text("已逾期", "Overdue"), 'COUNTIFS([{of}],"{word}",[late],">0")'),
    ("week", Text("7天内应访", "Due in 7 days"), f'COUNTIFS([{{of}}],"{{word}}",[due],">="&{PLANNED},[due],"<"&{PLANNED}+{WEEK})'),
    ("month", Text("30天内应访", "Due in 30 days"), f'COUNTIFS([{{of}}],"{{word}}",[due],">="&{PLANNED},[due],"<"&{PLANNED}+{MONTH})'),
)  # fmt: skip
BY = {
    "priority": (Text("按优先级", "By priority"), PRIORITY.classes),
    "rule": (Text("按应访规则", "By rule"), RULE.choices),
}


def _summary(of: str, title: Text, classes: Sequence[Choice]) -> Summary:
    """The counts of the customers of each class in the column `of`."""
    names = tuple(c.name for c in classes)
    figures = (Figure(id, label, "number", tuple(Text.same(f).fill(of=of, word=n) for n in names)) for id, label, f in COUNTS)  # fmt: skip
    return Summary(f"by_{of}", title, names, tuple(figures))


def rows(given: Given) -> pd.DataFrame:
    """Every customer who has not left: by priority, then the day the visit is due."""
    facts = given.facts[given.facts["stage"] != "exit"]
    grades, settings = given.grades[facts.index], given.settings
    found = facts[["contact", "name", "phone", "address", "last_contact", "priority", "owner"]].copy()
    found = found.assign(customer_id=facts.index, grade=grades)
    found[["rule", "base", "days"]] = visiting.rules(facts, grades, settings)
    due = found["base"] + pd.to_timedelta(found["days"], unit="D")
    found["day"] = pd.Timestamp(settings.today)
    found["due"], found["late"] = due, (found["day"] - due).dt.days.clip(lower=0)
    stages = {c.id: c.name for c in STAGE.classes}
    states = [
        STATE.fill(stage=stages[s], why=why) for s, why in zip(facts["stage"], facts["stage_reason"], strict=True)
    ]
    found["state"] = pd.Series(states, facts.index, object)
    found["suggested"] = pd.Series(_suggested(given, facts, found["rule"]), facts.index, object)
    found = found.sort_values(["priority", "due"], kind="stable")
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def _suggested(given: Given, facts: pd.DataFrame, rule: "pd.Series[Any]") -> list[Text]:
    """What each visit is for, with the playbook's points for it and for the customer's priority."""
    known, lines = values(given.facts, given.grades), given.tables["playbook"]
    by_purpose = measures(lines, SCOPE, known.columns)
    by_priority = measures(lines, PRIORITY, known.columns)
    names = {c.id: c.name for c in PURPOSE.choices}
    purposes = visiting.purposes(facts, rule, given.settings)
    chosen = [by_purpose[p] + by_priority[q] for p, q in zip(purposes, facts["priority"], strict=True)]
    points = for_each(known.loc[facts.index], chosen, lambda said: in_a_row(said) if said else None)
    return [
        names[p] if said is None else AIM.fill(purpose=names[p], points=said)
        for p, said in zip(purposes, points, strict=True)
    ]


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """By priority and by rule: how many customers, how many visits are late or due in a week, a month; the day of the plan."""
    ahead = (rows["due"] - pd.Timestamp(given.settings.today)).dt.days
    week, month = (ahead.between(0, days, inclusive="left") for days in (WEEK, MONTH))
    figures = {"count": rows, "late": rows[ahead < 0], "week": rows[week], "month": rows[month]}
    counts = {
        f"by_{of}.{at}.{id}": int((some[of] == c.id).sum())
        for of, (_, classes) in BY.items()
        for at, c in enumerate(classes)
        for id, some in figures.items()
    }
    return {"period": FILLED_ON.fill(day=given.settings.today), "unit": UNIT, **counts}


VISIT_PLAN = Form(
    "visit_plan",
    SCOPE.label,
    Text("下一步拜访谁、何时之前、为什么去；计划时间、方式和目的由人填写", "Whom to visit next, by when and what for; staff fill in when, how and why"),
    ("customer_id",),
    (
        NO,
        Shows(CUSTOMERS.column("customer_id"), width=10),
        Shows(CUSTOMERS.column("contact"), width=8.5),
        Shows(Column("name", Text("公司名称", "Company"), help=Text("客户名称", "the customer's name")), width=29.5),
        Shows(CUSTOMERS.column("phone"), width=14),
        Shows(CUSTOMERS.column("address"), width=34.5),
        Shows(Column("state", Text("客户状况", "Situation"), "reason", help=Text("阶段及其依据", "the stage and the reason for it")), width=49),
        Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes), width=6.5),
        Shows(Column("last_contact", Text("上次拜访", "Last visit"), "date", help=Text("最近一次完成的拜访", "the last visit that was done"))),
        Shows(Column("due", Text("应访日期", "Visit due"), "date", help=Text("按等级间隔 VISIT_A 至 VISIT_D 从上次拜访算起；首单后 FIRST_VISIT 天；投诉关闭后 CALL_BACK 天", "by the grade's interval VISIT_A to VISIT_D from the last visit; FIRST_VISIT days after a first order; CALL_BACK days after a complaint was closed")), formula=DUE),
        Shows(Column("late", Text("逾期天数", "Days late"), "number", help=Text("填表日期超过应访日期的天数", "days from the day the visit was due to that of the plan")), formula=LATE, width=8.5),
        Shows(Column("suggested", Text("建议目的", "Suggested purpose"), "reason", help=Text("投诉、催收、合同到期、首单、阶段中先成立的一项，及策略库中的要点", "the first there is reason for: complaint, collection, contract, first order, stage; with the playbook's points")), width=56),
        Shows(Column("priority", Text("优先级", "Priority"), "choice", PRIORITY.classes), width=9),
        Asks(Column("planned_on", Text("计划时间", "Planned for"), "date"), width=11),
        Asks(Column("way", Text("方式", "Way"), "choice", VISITS.column("way").choices), width=8),
        Asks(Column("purpose", Text("预期目的", "Purpose"), "choice", PURPOSE.choices, open=True), width=11),
        Shows(Column("owner", Text("负责人", "Account manager"), help=Text("客户表中的客户经理", "as in the sheet Customers")), width=9.5),
        Shows(RULE, hidden=True),
        Shows(Column("base", Text("起算日", "Counted from"), "date", help=Text("应访日期从这一天算起", "the day from which the due day is counted")), hidden=True),
        Shows(Column("days", Text("间隔天数", "Interval"), "number", help=Text("从起算日到应访日期的天数", "days from there to the due day")), formula=DAYS, hidden=True),
        Shows(Column("day", Text("计划日", "Planned on"), "date", help=Text("更新的那一天，逾期天数由此算起", "the day of the refresh, from which lateness is counted")), hidden=True),
        replace(NOTE, width=13),
    ),
    rows=rows,
    cells=cells,
    features=(
        *(_summary(of, *by) for of, by in BY.items()),
        Chart("priorities", "column", Text("各优先级要拜访的客户", "Visits to be made, by priority"), "label", ("late", "week", "month"), of="by_priority", rows_high=13),
        Colours("priority", tuple(zip((c.name for c in PRIORITY.classes), ("bad", "warn", "fair", "muted"), strict=True))),
        GRADE_COLOURS,
        Alert("late", "AND(ISNUMBER([@late]),[@late]>0)", "bad"),
        Alert("due", f"AND(ISNUMBER([@due]),[@due]>={TODAY},[@due]<{TODAY}+{WEEK})", "warn"),
        Alert("planned_on", f"AND(ISNUMBER([@planned_on]),[@planned_on]<{TODAY})", "warn"),
    ),
    rules=(
        Text("只有状态为完成（或空白）的拜访才计入；已退出的客户不列入", "only visits that are done (or have no status) count; who has left is not listed"),
        Text("按优先级 P1 至 P4 排列，同级中应访日期早的在前", "from P1 to P4; of equal ones the visit due first stands first"),
    ),
    group="follow_up",
    sign_off=(Text("业务代表", "Sales rep"), Text("主管", "Supervisor"), Text("区域负责人", "Region manager")),
)  # fmt: skip
