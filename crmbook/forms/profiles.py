"""Customer profiles: the figures behind the customer's card, one row per customer, several items in one cell by lines."""

from typing import Any

import pandas as pd

from crmbook import classifications, lines, playbook
from crmbook.classification import Classification
from crmbook.classifications.priority import PRIORITY
from crmbook.classifications.stage import STAGE
from crmbook.figures import latest, visiting
from crmbook.figures.recommend import recommended
from crmbook.form import NO, NOTE, Form, Given, Shows, listed
from crmbook.picked import CLASSES
from crmbook.schema import CUSTOMERS, Column, Kind
from crmbook.text import Text

LONGEST_PICK, STEPS = 200, 5  # MATCH looks for at most 255 characters; lines of next steps
# Their measures stand here; those for stage and value group stand in the chain, for the priority in the visit plan.
MEASURED = tuple(c for c in classifications.ALL if c.id not in ("stage", "value_class", "priority"))
SHORT = 92  # letters of a reason: two lines on the card; the whole of it stands in 客户分类总表
NOTHING = {
    "order_order_id": Text("没有订单", "No order"), "contact_who": Text("没有联系人", "No contact"), "visit_what": Text("没有拜访记录", "No visit"),
    "complaint_content": Text("没有投诉", "No complaint"), "offer_product": Text("没有可推荐的产品", "No product to offer"), "next_steps": Text("策略库中没有适用的措施", "The playbook has no measure for it"),
}  # fmt: skip
AGREED = Text("上次拜访约定：{plan}", "Agreed at the last visit: {plan}")
KEPT: tuple[tuple[str, Text, Kind], ...] = (
    *((c.id, c.label, c.kind) for c in map(CUSTOMERS.column, ("region", "first_contact", "credit_limit", "term_days", "contract_end"))),
    ("satisfaction", Text("满意度", "Satisfaction"), "score"),
)  # fmt: skip


def rows(given: Given) -> pd.DataFrame:
    """Every customer, in the order of the customers' sheet."""
    facts, settings, tables = given.facts, given.settings, given.tables
    ids, regions = facts.index, {c.id: c.name for c in CUSTOMERS.column("region").choices}
    found: dict[str, Any] = {
        "no": range(1, len(ids) + 1),
        "customer_id": ids.tolist(),
        "name": facts["name"],
        "pick": [pick(id, name) for id, name in zip(ids, facts["name"], strict=True)],
        "next_on": visiting.due(facts, given.grades, settings),
        **{id: facts[id] for id, *_ in KEPT},
        "region": [regions.get(r, r) for r in facts["region"]],
        "classes": _in_lines([_names(facts[c.id], c) for c in CLASSES]),
        "reasons": _in_lines([facts[f"{c.id}_reason"].tolist() for c in CLASSES]),
        "measures": playbook.by_class(tables["playbook"], facts, given.grades, MEASURED),
        "next_steps": _steps(given),
    }
    shown = {
        "contact": latest.contacts(tables),
        "order": latest.orders(tables, settings),
        "visit": latest.visits(tables, settings),
        "complaint": latest.complaints(tables, settings),
        "offer": recommended(tables, settings),
    }
    for prefix, of in shown.items():
        found |= {f"{prefix}_{id}": cells for id, cells in lines.by_customer(of, ids).items()}
    for column, words in NOTHING.items():
        found[column] = [words if line is None else line for line in found[column]]
    return listed(found)


def pick(id: str, name: Any) -> str:
    """The words by which a customer is picked from a list."""
    return " ".join(f"{id} {'' if pd.isna(name) else name}".split())[:LONGEST_PICK].rstrip()


def _names(ids: "pd.Series[Any]", by: Classification) -> list[Text]:
    names = {choice.id: choice.name for choice in by.classes}
    return [names[id] for id in ids.tolist()]


def _in_lines(columns: list[list[Text]]) -> list[Text | None]:
    """For each customer what the columns say, one to a line."""
    return lines.column([*zip(*columns, strict=True)], SHORT)


def _steps(given: Given) -> list[Text | None]:
    """What was agreed at the last visit, then the playbook's measures for the customer's priority and stage."""
    facts, tables = given.facts, given.tables
    values, by = playbook.values(facts, given.grades), (PRIORITY, STAGE)
    known = [playbook.measures(tables["playbook"], c, values.columns) for c in by]
    agreed, classes = latest.agreed(tables, given.settings), zip(*(facts[c.id] for c in by), strict=True)
    plans = {id: AGREED.fill(plan=plan) for id, plan in agreed.items()}
    chosen = [
        [*(known[0][priority] if stage != "exit" else []), *known[1][stage]][:STEPS] for priority, stage in classes
    ]
    steps = zip(facts.index, playbook.for_each(values, chosen, list), strict=True)
    return lines.column([[plans[id], *own][:STEPS] if id in plans else own for id, own in steps])


def _lines(id: str, label: Text, help: Text, *, width: float | None = None) -> Shows:
    """A column of lines: shown where it has a width, else only the card reads it."""
    column = Column(id, label, "long" if width else "id", help=help)
    return Shows(column, width=width, hidden=width is None)


DAYS, EACH = Text("日期，每行一项", "days, one to a line"), Text("与日期逐行对应", "line by line as the days")

PROFILES = Form(
    "profiles",
    Text("客户档案", "Profiles"),
    Text("客户卡片背后的资料：联系人、推荐产品、下一步", "What stands behind the card: contacts, products to offer, next steps"),
    ("customer_id",),
    (
        NO,
        Shows(Column("customer_id", Text("客户编号", "Customer ID"), "id")),
        Shows(CUSTOMERS.column("name")),
        Shows(Column("pick", Text("客户", "Pick"), "id", help=Text("客户卡片下拉列表中的名称", "as it stands in the card's list")), hidden=True),
        Shows(Column("next_on", Text("应访日期", "Visit due"), "date", help=Text("按等级间隔推算；新客户首单后 FIRST_VISIT 天，投诉关闭后 CALL_BACK 天", "by the grade's interval; FIRST_VISIT days after a first order, CALL_BACK days after a complaint"))),
        _lines("next_steps", Text("下一步", "Next steps"), Text("上次拜访约定与策略库中该优先级、阶段的措施", "agreed at the last visit; the playbook's measures for the priority and the stage"), width=64),
        _lines("measures", Text("分类措施", "Measures by class"), Text("策略库中等级、RFM、信用等各分类的措施；阶段与客户分组的见客户链管理表，优先级的见客户拜访计划表", "the playbook's measures for grade, RFM, credit and so on; those for stage and value group stand in the chain, for the priority in the visit plan"), width=72),
        _lines("contact_who", Text("联系人", "Contacts"), Text("姓名（职务），按决策角色与影响力排列", "name (position), by role and influence"), width=26),
        _lines("contact_phone", Text("电话", "Phones"), Text("与联系人逐行对应", "line by line as the contacts"), width=15),
        _lines("offer_product", Text("推荐产品", "Products to offer"), Text("近12个月购买相似产品的客户也买、而该客户没买过的产品，最多三种", "bought in 12 months by those who buy the same, never by this customer; up to three"), width=26),
        _lines("offer_why", Text("推荐理由", "Why"), Text("与推荐产品逐行对应", "line by line as the products"), width=44),
        _lines("contact_role", Text("决策角色与态度", "Roles and attitudes"), Text("与联系人逐行对应", "line by line as the contacts")),
        *(Shows(Column(id, label, kind), hidden=True) for id, label, kind in KEPT),
        _lines("classes", Text("各项分类", "Classes"), Text("每行一项分类", "one classification to a line")),
        _lines("reasons", Text("分类依据", "Reasons"), Text("与各项分类逐行对应", "line by line as the classes")),
        _lines("order_day", Text("最近订单日期", "Last orders"), DAYS),
        _lines("order_order_id", Text("最近订单号", "Order IDs"), EACH),
        _lines("order_amount", Text("最近订单金额", "Amounts"), EACH),
        _lines("visit_day", Text("最近拜访日期", "Last visits"), DAYS),
        _lines("visit_who", Text("拜访方式与人员", "Visits: who"), EACH),
        _lines("visit_what", Text("拜访内容与结果", "Visits: what"), EACH),
        _lines("complaint_day", Text("投诉日期", "Complaints"), DAYS),
        _lines("complaint_content", Text("投诉内容", "Complaints: what"), EACH),
        _lines("complaint_state", Text("投诉处理", "Complaints: state"), EACH),
        NOTE,
    ),
    rows=rows,
    rules=(Text("一个单元格内有多行时，同一行号在各列中是同一件事", "where a cell holds several lines, the same line of each column is the same thing"),),
    group="system",
    sign_off=(),
)  # fmt: skip
