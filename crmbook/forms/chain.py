"""Customer chain: who every customer is, where it stands, whom it brought, and what to do next."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook import playbook
from crmbook.classifications.grade import GRADE
from crmbook.classifications.stage import STAGE
from crmbook.classifications.value_class import VALUE_CLASS
from crmbook.features import Alert, Bars, Chart, Colours
from crmbook.figures import latest, visiting
from crmbook.figures.referrals import brought
from crmbook.form import GRADE_COLOURS, NO, NOTE, Asks, Form, Given, Shows
from crmbook.palette import Tone
from crmbook.schema import CUSTOMERS, VISITS, Column
from crmbook.tally import Tally, total
from crmbook.text import Text

# What a complete record of a customer holds; the share of it that is filled is 资料完整度.
PROFILE = (
    "name", "type", "industry", "size", "province", "city", "address", "origin", "contact", "position", "phone", "email",
    "owner", "potential", "price_sensitivity", "relation_will", "credit_limit", "term_days", "first_contact", "credit_code",
)  # fmt: skip
COUNT = Text("客户数", "Customers")
STAGES = Tally("stages", Text("按阶段", "By stage"), STAGE.column, COUNT)
VALUES = Tally("values", Text("按客户分组", "By value group"), VALUE_CLASS.column, COUNT)
# Blank 基准日期 means the day on which the sheet is looked at.
STALE = 'AND(ISNUMBER([@no]),IF(AS_OF="",TODAY(),AS_OF)-N([@updated])>STALE_DAYS)'
STAGE_TONES: tuple[Tone, ...] = ("muted", "fair", "good", "good", "warn", "bad")  # in the order of its classes


def rows(given: Given) -> pd.DataFrame:
    """Every customer, in the order of the customers' sheet."""
    facts = given.facts
    ids = facts.index.to_series()
    found = facts[
        ["name", "contact", "phone", "value_class", "stage", "relation", "last_contact", "last_contact_way"]
    ].copy()
    found = found.assign(customer_id=ids, grade=given.grades, no=range(1, len(found) + 1))
    found["parent"] = facts["parent_id"].map(facts["name"].to_dict()).fillna(facts["parent_id"])
    found[["net_total", "orders_12m", "preference"]] = facts[["net_total", "orders_12m", "preference"]]
    found[["referred", "referred_sales"]] = brought(facts["referrer_id"], facts["net_total"])
    found["strategy"] = pd.Series(_strategies(given), facts.index, object)
    found["suggested_on"] = _suggested(given)
    record = given.tables["customers"].set_index("customer_id")[list(PROFILE)].reindex(facts.index)
    found["completeness"] = record.notna().mean(axis=1).round(4)
    found["updated"] = latest.recorded(given.tables, facts, given.settings)
    # The grade's reason stands in the grading form.
    reasons = zip(facts["value_class_reason"], facts["stage_reason"], strict=True)
    found["basis"] = pd.Series([playbook.in_a_row(why) for why in reasons], facts.index, object)
    return found.reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The two summaries and the sum of sales."""
    return {"total.net_total": total(rows["net_total"]), **STAGES.values(rows), **VALUES.values(rows)}


def _strategies(given: Given) -> list[Text]:
    """The playbook's measures for each customer's stage, then for its value group, filled in with its figures.

    A customer who has left gets those of that stage alone.
    """
    facts, values = given.facts, playbook.values(given.facts, given.grades)
    lines = given.tables["playbook"]
    by_stage, by_value = (playbook.measures(lines, by, values.columns) for by in (STAGE, VALUE_CLASS))
    classes = zip(facts["stage"], facts["value_class"], strict=True)
    chosen = [by_stage[s] + by_value[v] * (s != "exit") for s, v in classes]
    return playbook.for_each(values, chosen, playbook.in_one_line)


def _suggested(given: Given) -> "pd.Series[Any]":
    """The day of the next contact, never in the past; None for those who have left."""
    today, due = pd.Timestamp(given.settings.today), visiting.due(given.facts, given.grades, given.settings)
    return due.where(~(due < today), today)


CHAIN = Form(
    "chain",
    Text("客户链管理表", "Customer chain"),
    Text("每个客户是谁、处在哪个阶段、带来了谁、下一步做什么", "Who every customer is, its stage, whom it brought, and what to do next"),
    ("customer_id",),
    (
        NO,
        Shows(CUSTOMERS.column("customer_id")),
        Shows(CUSTOMERS.column("name")),
        Shows(CUSTOMERS.column("contact"), width=10),
        Shows(Column("phone", Text("联系方式", "Phone"), "id", help=Text("客户表中的电话", "the phone in the sheet Customers")), width=14),
        Shows(VALUE_CLASS.column),
        Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes)),
        Shows(Column("stage", Text("阶段", "Stage"), "choice", STAGE.classes)),
        Shows(Column("parent", Text("上级客户", "Parent"), help=Text("客户表中上级客户的名称", "the name of the parent customer")), width=29.5),
        Shows(CUSTOMERS.column("relation")),
        Shows(Column("last_contact", Text("最近互动日期", "Last contact"), "date", help=Text("最近一次完成的拜访", "the last visit that was done"))),
        Shows(Column("last_contact_way", Text("最近互动方式", "Way"), "choice", VISITS.column("way").choices)),
        Shows(Column("net_total", Text("累计购买额", "Bought in total"), "money", help=Text("至今的销售净额", "net sales to date")), total="SUBTOTAL(109,[net_total])"),
        Shows(Column("orders_12m", Text("近12月订单数", "Orders, 12 months"), "number", help=Text("近12个月下的订单，不含退货", "orders of the last 12 months, without returns"))),
        Shows(Column("preference", Text("购买偏好", "Prefers"), "reason", help=Text("近12个月买得最多的三种产品", "the three products most bought in 12 months")), width=26),
        Shows(Column("referred", Text("带来客户数", "Customers brought"), "number", help=Text("由其推荐、再由被推荐者推荐的全部客户", "all customers it referred, and those they referred in turn"))),
        Shows(Column("referred_sales", Text("带来销售额", "Sales brought"), "money", help=Text("这些客户的累计销售净额", "net sales to date of those customers"))),
        Shows(Column("strategy", Text("服务策略", "Service strategy"), "reason", help=Text("策略库中其阶段和客户分组的措施", "the playbook's measures for its stage and value group"))),
        Shows(Column("basis", Text("判定依据", "Basis"), "reason", help=Text("客户分组与阶段的来由，写成文字", "why it is in this group and stage, in words"))),
        Shows(Column("completeness", Text("资料完整度", "Record filled"), "percent", help=Text("客户表 20 项主要资料中已填写的占比", "the share of 20 main columns of Customers that is filled"))),
        Shows(Column("updated", Text("更新日期", "Updated"), "date", help=Text("最近一次下单、拜访、收款或调查；超过 STALE_DAYS 天变色", "the last order, visit, payment or survey; coloured after STALE_DAYS"))),
        Asks(Column("plan", Text("管理策略", "Our plan"), "long"), width=24),
        Shows(Column("suggested_on", Text("建议跟进日期", "Suggested follow-up"), "date", help=Text("按等级的拜访间隔 VISIT_A 至 VISIT_D，新客户 FIRST_VISIT 天、投诉关闭后 CALL_BACK 天", "by the grade's interval, VISIT_A, VISIT_B, VISIT_C or VISIT_D; FIRST_VISIT days after a first order, CALL_BACK after a complaint is closed"))),
        Asks(Column("next_on", Text("下次跟进日期", "Next follow-up"), "date")),
        NOTE,
    ),
    rows=rows,
    cells=cells,
    features=(
        STAGES.summary,
        VALUES.summary,
        Chart("stages", "column", Text("各阶段客户数", "Customers by stage"), "label", ("count",), of="stages"),
        Chart("values", "doughnut", Text("客户分组占比", "Customers by value group"), "label", ("count",), of="values"),
        Colours("value_class", tuple(zip((c.name for c in VALUE_CLASS.classes), ("good", "fair", "muted"), strict=True))),
        GRADE_COLOURS,
        Colours("stage", tuple(zip((c.name for c in STAGE.classes), STAGE_TONES, strict=True))),
        Alert("updated", STALE, "warn"),
        Alert("next_on", 'AND(ISNUMBER([@next_on]),[@next_on]<IF(AS_OF="",TODAY(),AS_OF))', "bad"),
        Bars("completeness"),
    ),
    sign_off=(Text("客户代表", "Account rep"), Text("销售部经理", "Sales manager"), Text("总经理", "General manager")),
)  # fmt: skip
