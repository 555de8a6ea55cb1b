"""The customer's card: all that matters about one customer on one printed page, picked from a list."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.features import Chart, Field, Fields, Item, Kpi, Kpis, Listing
from crmbook.figures.latest import COMPLAINTS, CONTACTS, ORDERS, VISITS
from crmbook.figures.recommend import COUNT as OFFERS
from crmbook.figures.sold import MONTHS as NAMES
from crmbook.form import Form, Given
from crmbook.palette import Tone
from crmbook.picked import CLASSES, PICKER, ROW, Customer, Fact, line, name_formula, row_formula, row_in
from crmbook.picked import cells as picked_cells
from crmbook.schema import CUSTOMERS, Kind
from crmbook.settings import months_before
from crmbook.text import Text

PAGE, MONTHS, STEPS = "card", 12, 5


def _at(id: str) -> int:
    """On which line of 客户档案 a classification stands."""
    return next(at for at, c in enumerate(CLASSES, 1) if c.id == id)


def _customers(*ids: str) -> tuple[Fact, ...]:
    """What staff typed about the customer."""
    return tuple(Fact(id, CUSTOMERS.column(id).label, "text", "customers", id) for id in ids)


FACTS = (
    Fact("customer_id", Text("客户编号", "Customer ID"), "id", "profiles", "customer_id"),
    *_customers("short_name", "owner", "industry", "size", "solution_owner"),
    Fact("region", Text("区域", "Region"), "text", "profiles", "region"),
    *_customers("city", "delivery_owner"),
    Fact("first_contact", Text("首次接触", "First contact"), "date", "profiles", "first_contact"),
    Fact("contract_end", Text("合同到期", "Contract ends"), "date", "profiles", "contract_end"),
    *_customers("origin"),
    Fact("credit_limit", Text("信用额度", "Credit limit"), "money", "profiles", "credit_limit"),
    Fact("term_days", Text("账期天数", "Term, days"), "number", "profiles", "term_days"),
    Fact("satisfaction", Text("满意度", "Satisfaction"), "score", "profiles", "satisfaction"),
)
ADDRESS = Fact("address", Text("地址", "Address"), "text", "customers", "address", wide=True)
NEXT = Fact("next_on", Text("应访日期", "Visit due"), "date", "profiles", "next_on")
ALSO = ("abc", "service_type", "satisfaction_band", "relationship")  # classes without their reasons
WHY = ("stage", "value_class", "rfm", "churn_risk", "credit", "priority")
GRADED = Fact("grade", Text("等级", "Grade"), "text", "grading", "final", GRADE.classes)
FIGURES = (
    (GRADED, Text("最终等级", "grade in force")),
    (Fact("sales", Text("本年累计", "This year"), "money", "sales", "this_year"), Text("较同期", "same days")),
    (Fact("before", Text("去年同期", "Same days last year"), "money", "sales", "before"), Text("同一日期区间", "of last year")),
    (Fact("orders", Text("订单数", "Orders"), "number", "sales", "orders"), Text("本年", "this year")),
    (Fact("receivable", Text("尚欠货款", "Receivable"), "money", "sales", "receivable"), Text("全部未付", "not paid yet")),
    (Fact("overdue", Text("逾期金额", "Overdue"), "money", "sales", "overdue"), Text("已过账期", "past its term")),
)  # fmt: skip
CHANGE = Fact("change", Text("同比", "Growth"), "percent", "sales", "growth")
BASIS = Fact("basis", Text("等级依据", "Basis"), "long", "grading", "basis")
LISTS: Mapping[str, tuple[int, tuple[tuple[str, Kind], ...]]] = {  # lines, and the columns of 客户档案
    "orders": (ORDERS, (("order_day", "date"), ("order_order_id", "id"), ("order_amount", "money"))),
    "contacts": (CONTACTS, (("contact_who", "text"), ("contact_role", "text"), ("contact_phone", "id"))),
    "visits": (VISITS, (("visit_day", "date"), ("visit_who", "text"), ("visit_what", "text"))),
    "complaints": (COMPLAINTS, (("complaint_day", "date"), ("complaint_content", "text"), ("complaint_state", "text"))),
    "offers": (OFFERS, (("offer_product", "text"), ("offer_why", "text"))),
    "next": (STEPS, (("next_steps", "text"),)),
}
TREND = tuple(f"m{n:02d}" for n in range(1, MONTHS + 1))
NET = f'IFERROR(INDEX(CHOOSE({{n}},{",".join(f"sales[{id}]" for id in TREND)}),{row_in(PAGE, "sales")}),"")'
PLACES = ",".join(str(_at(id)) for id in WHY)
TONES: tuple[tuple[Text, Tone], ...] = ((Text.same("P1"), "bad"), (Text("高", "High"), "bad"), (Text("挽留", "Win back"), "warn"))  # fmt: skip


def _classes(column: str, grade: Fact) -> str:
    """The formula of a line of the classes: the grade's from its own form, which is live, then those of 客户档案."""
    return f"IF({{n}}=1,{grade.formula(PAGE)},{line(PAGE, column, k=f'CHOOSE({{n}},1,{PLACES})')})"


def _list(id: str, title: Text, columns: tuple[tuple[Text, int], ...], *, deep: int = 1) -> Listing:
    """A list whose columns are lines of 客户档案: their labels and widths."""
    count, own = LISTS[id]
    items = (
        Item(column, label, kind, line(PAGE, column, kind), width)
        for (column, kind), (label, width) in zip(own, columns, strict=True)
    )
    return Listing(id, title, tuple(items), count, deep=deep)


def cells(given: Given, rows: pd.DataFrame) -> dict[str, Any]:
    """What the formulas come to for the customer picked."""
    customer = Customer(given, PAGE)
    found = picked_cells(customer, {"who": (*FACTS, ADDRESS, NEXT)})
    found |= {f"who.{id}": customer.line("classes", _at(id)) for id in ALSO}
    found |= {f"figures.{fact.id}.value": fact.value(customer) for fact, _ in FIGURES}
    found["figures.sales.change"] = CHANGE.value(customer)
    for at, label in enumerate((GRADE.label, *(CLASSES[_at(id) - 1].label for id in WHY))):
        found[f"classes.{at}.class"] = label
        found[f"classes.{at}.classes"] = customer.line("classes", _at(WHY[at - 1])) if at else GRADED.value(customer)
        found[f"classes.{at}.reasons"] = customer.line("reasons", _at(WHY[at - 1])) if at else BASIS.value(customer)
    for at, id in enumerate(TREND):
        month = months_before(given.settings.today.replace(day=1), MONTHS - 1 - at)
        found |= {f"months.{at}.month": NAMES[month.month - 1], f"months.{at}.net": customer.value("sales", id)}
    for id, (count, columns) in LISTS.items():
        found |= {
            f"{id}.{k}.{column}": customer.line(column, k + 1, kind) for k in range(count) for column, kind in columns
        }
    return found


CARD = Form(
    "card",
    Text("客户卡片", "Customer card"),
    Text("选一位客户，一页看全，可打印", "Pick a customer: everything on one page, to print"),
    page=(
        ((PICKER, 24),),
        ((Fields("who", Text("基本资料", "Master data"), (
            Field("name", Text("客户名称", "Customer"), "text", name_formula(PAGE), wide=True, alert=f'{ROW.format(page=PAGE)}=""'),
            *(fact.field(PAGE) for fact in FACTS),
            *(Field(id, CLASSES[_at(id) - 1].label, "text", line(PAGE, "classes", k=str(_at(id)))) for id in ALSO),
            NEXT.field(PAGE),
            Field("row", Text("档案行号", "Profile row"), "number", row_formula(PAGE)),
            ADDRESS.field(PAGE),
        ), pairs=3), 24),),
        ((Kpis("figures", tuple(Kpi(f.id, f.label, f.kind, f.formula(PAGE), note, CHANGE.formula(PAGE) if f.id == "sales" else None) for f, note in FIGURES)), 24),),
        (
            (Chart("by_month", "column", Text("近12个月销售额", "Sales of 12 months"), "month", ("net",), of="months", signed=True), 9),
            (Listing("classes", Text("等级、分类与依据", "Grade, classes and why"), (
                Item("class", Text("分类", "Class"), "text", None, 3),
                Item("classes", Text("结果", "Result"), "choice", _classes("classes", GRADED), 2),
                Item("reasons", Text("依据", "Why"), "long", _classes("reasons", BASIS), 9),
            ), 1 + len(WHY), TONES, deep=2), 14),
        ),
        (
            (_list("orders", Text("最近订单", "Last orders"), ((Text("日期", "Date"), 3), (Text("订单号", "Order"), 4), (Text("金额", "Amount"), 3))), 9),
            (_list("contacts", Text("联系人", "Contacts"), ((Text("姓名（职务）", "Name (position)"), 5), (Text("决策角色与态度", "Role, attitude"), 5), (Text("电话", "Phone"), 4))), 14),
        ),
        ((_list("visits", Text("最近拜访", "Last visits"), ((Text("日期", "Date"), 3), (Text("方式、拜访人、对象", "Way, visitor, whom"), 8), (Text("内容与结果", "What and result"), 13))), 24),),
        (
            (_list("complaints", Text("投诉", "Complaints"), ((Text("日期", "Date"), 3), (Text("内容", "What"), 5), (Text("处理", "State"), 4)), deep=2), 12),
            (_list("offers", Text("推荐产品", "Products to offer"), ((Text("产品", "Product"), 5), (Text("理由", "Why"), 6)), deep=2), 11),
        ),
        ((_list("next", Text("下一步", "Next steps"), ((Text("措施", "Step"), 24),)), 24),),
        ((Listing("months", Text("图的数据（不打印）", "Behind the chart (not printed)"), (Item("month", Text("月份", "Month"), "text", None, 3), Item("net", Text("销售额", "Sales"), "money", NET, 4)), MONTHS, printed=False), 7),),
    ),
    cells=cells,
    rules=(Text("在黄色单元格中选择客户，或只填客户编号；本页由公式跟随，不必更新", "pick the customer in the yellow cell, or type its id alone; the page follows by formulas, without a refresh"),),
    group="follow_up",
    sign_off=(),
)  # fmt: skip
