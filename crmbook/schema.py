"""The tables and columns of the business: what staff fill in, its kinds, keys and labels.

A typed frame (see `source.tidy`) has these column ids as its columns and, by kind: *id*, *text*, *long*: str or None;
*choice*: the choice's id (in an `open` one also any other text), or None; *number*, *money* (yuan), *percent* (share),
*score*: float, NaN where blank; *date*: datetime64 at midnight, NaT where blank; *moment*: datetime64 with its time of
day; *time*: text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from crmbook.text import Text

Kind = Literal["id", "text", "long", "reason", "choice", "number", "money", "percent", "score", "date", "moment", "time"]  # fmt: skip
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a column may take: its id in the data, its name in the sheet."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the business.

    `refers` names the table whose key stands here. `offers` is the column of another form whose values a dropdown
    offers, as `form.column`; a column that refers offers that key. `help` says what the column holds: the prompt of a
    cell to fill in, the definition of a computed one. A `reason` is words of ours that take one line, however many they are.
    What stands in a column that is `ours` is put right, not read, unless it is a key.
    """

    id: str
    label: Text
    kind: Kind = "text"
    choices: tuple[Choice, ...] = ()
    open: bool = False  # a choice that also takes other words
    required: bool = False
    low: float | None = None
    high: float | None = None
    refers: str = ""
    help: Text | None = None
    offers: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of data: its id, name, key and columns in sheet order."""

    id: str
    label: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, id: str) -> Column:
        return next(c for c in self.columns if c.id == id)


def _c(*names: Text) -> tuple[Choice, ...]:
    """Choices whose id is their English name in small letters."""
    return tuple(Choice(n.en.lower().replace(" ", "_").replace("/", "_"), n) for n in names)


REGIONS = _c(
    Text("华北", "North"), Text("东北", "Northeast"), Text("华东", "East"), Text("华中", "Central"), Text("华南", "South"),
    Text("西南", "Southwest"), Text("西北", "Northwest"), Text("港澳台", "HK MO TW"), Text("海外", "Overseas"),
)  # fmt: skip
CUSTOMER_ID = Column("customer_id", Text("客户编号", "Customer ID"), "id", required=True, refers="customers")
PRODUCT_ID = Column("product_id", Text("产品编号", "Product ID"), "id", refers="products")
NOTE = Column("note", Text("备注", "Note"), "long")
OWNER = Text("客户经理", "Account manager")
PEOPLE = "owners.owner"
YES, NO = Text("是", "Yes"), Text("否", "No")

CUSTOMERS = Table(
    "customers", Text("客户", "Customers"), ("customer_id",),
    (
        Column("customer_id", Text("客户编号", "Customer ID"), "id", required=True),
        Column("name", Text("客户名称", "Customer"), required=True),
        Column("short_name", Text("简称", "Short name")),
        Column("type", Text("类型", "Type"), "choice", _c(Text("企业", "Company"), Text("经销商", "Dealer"), Text("终端", "End user"), Text("个人", "Person"))),
        Column("industry", Text("行业", "Industry")),
        Column("size", Text("规模", "Size")),
        Column("region", Text("区域", "Region"), "choice", REGIONS, open=True, help=Text("空白时按省份推算", "blank = derived from the province")),
        Column("province", Text("省", "Province")),
        Column("city", Text("市", "City")),
        Column("address", Text("地址", "Address"), "long"),
        Column("distance_km", Text("距离km", "Distance km"), "number", low=0),
        Column("origin", Text("来源渠道", "Origin")),
        Column("contact", Text("联系人", "Contact")),
        Column("position", Text("职务", "Position")),
        Column("phone", Text("电话", "Phone"), "id"),
        Column("email", Text("邮箱", "Email")),
        Column("owner", OWNER, offers=PEOPLE),
        Column("solution_owner", Text("方案经理", "Solution manager"), offers=PEOPLE),
        Column("delivery_owner", Text("交付经理", "Delivery manager"), offers=PEOPLE),
        Column("parent_id", Text("上级客户编号", "Parent customer ID"), "id", refers="customers"),
        Column("relation", Text("关系类型", "Relation"), "choice", _c(Text("总部/分支", "Head office/branch"), Text("经销商/终端", "Dealer/end user"), Text("转介绍", "Referral"), Text("供应链", "Supply chain"), Text("同一实际控制人", "Same owner"))),
        Column("referrer_id", Text("推荐人客户编号", "Referred by"), "id", refers="customers"),
        Column("potential", Text("潜在年购买额", "Yearly potential"), "money", low=0),
        Column("price_sensitivity", Text("价格敏感度", "Price sensitivity"), "score", low=1, high=5),
        Column("relation_will", Text("关系意愿", "Will to relate"), "score", low=1, high=5),
        Column("credit_limit", Text("信用额度", "Credit limit"), "money", low=0),
        Column("term_days", Text("账期天数", "Term, days"), "number", low=0, high=3650),
        Column("first_contact", Text("首次接触日期", "First contact"), "date"),
        Column("state", Text("合作状态", "Status"), "choice", _c(Text("正常", "Active"), Text("暂停", "Paused"), Text("已终止", "Ended"))),
        Column("left_on", Text("退出日期", "Left on"), "date"),
        Column("left_why", Text("退出原因", "Why they left")),
        Column("agreement", Text("合作协议", "Agreement"), "choice", _c(Text("无", "None"), Text("框架协议", "Framework"), Text("战略协议", "Strategic"))),
        Column("contract_end", Text("合同到期日", "Contract ends"), "date"),
        Column("executive_visits", Text("近12月高层互访", "Executive visits, 12 months"), "number", low=0, high=366),
        Column("joint_plan", Text("联合计划", "Joint plan"), "choice", _c(YES, NO), help=Text("是否有双方商定的年度计划", "a yearly plan agreed by both sides")),
        Column("anniversary", Text("纪念日", "Anniversary"), "date"),
        Column("tags", Text("标签", "Tags")),
        Column("credit_code", Text("统一社会信用代码", "Social credit code"), "id"),
        NOTE,
    ),
)  # fmt: skip

CONTACTS = Table(
    "contacts", Text("联系人", "Contacts"), ("contact_id",),
    (
        Column("contact_id", Text("联系人编号", "Contact ID"), "id", required=True),
        CUSTOMER_ID,
        Column("name", Text("姓名", "Name"), required=True),
        Column("department", Text("部门", "Department")),
        Column("position", Text("职务", "Position")),
        Column("role", Text("决策角色", "Decision role"), "choice", _c(Text("A审批", "Approver"), Text("D决策", "Decider"), Text("S支撑", "Supporter"), Text("I影响", "Influencer"))),
        Column("influence", Text("影响力", "Influence"), "score", low=1, high=10),
        Column("attitude", Text("态度", "Attitude"), "choice", _c(Text("教练", "Coach"), Text("强烈支持", "Strong support"), Text("支持", "Support"), Text("中立", "Neutral"), Text("不认可", "Against"))),
        Column("phone", Text("电话", "Phone"), "id"),
        Column("email", Text("邮箱", "Email")),
        Column("our_owner", Text("我方责任人", "Our person"), offers=PEOPLE),
        NOTE,
    ),
)  # fmt: skip

PRODUCTS = Table(
    "products", Text("产品", "Products"), ("product_id",),
    (
        Column("product_id", Text("产品编号", "Product ID"), "id", required=True),
        Column("name", Text("产品名称", "Product"), required=True),
        Column("category", Text("类别", "Category")),
        Column("unit", Text("单位", "Unit")),
        Column("list_price", Text("目录价", "List price"), "money", low=0),
        Column("cost_price", Text("成本价", "Cost price"), "money", low=0),
        Column("state", Text("状态", "Status"), "choice", _c(Text("在售", "On sale"), Text("停售", "Discontinued"), Text("新品", "New"))),
        NOTE,
    ),
)  # fmt: skip

ORDERS = Table(
    "orders", Text("订单", "Orders"), ("order_id", "line_no"),
    (
        Column("order_id", Text("订单号", "Order ID"), "id", required=True),
        Column("line_no", Text("行号", "Line"), "number", low=1),
        Column("date", Text("日期", "Date"), "date", required=True),
        CUSTOMER_ID,
        PRODUCT_ID,
        Column("quantity", Text("数量", "Quantity"), "number", help=Text("退货填负数", "returns are negative")),
        Column("price", Text("单价", "Price"), "money"),
        Column("amount", Text("金额", "Amount"), "money", help=Text("空白=数量×单价", "blank = quantity × price")),
        Column("cost", Text("成本", "Cost"), "money", help=Text("本行总成本；空白=数量×产品成本价", "of the line; blank = quantity × the product's cost price")),
        Column("channel", Text("渠道", "Channel")),
        Column("seller", Text("销售员", "Seller"), offers=PEOPLE),
        NOTE,
    ),
)  # fmt: skip

PAYMENTS = Table(
    "payments", Text("收款", "Payments"), ("payment_id",),
    (
        Column("payment_id", Text("收款编号", "Payment ID"), "id", required=True),
        Column("date", Text("日期", "Date"), "date", required=True),
        CUSTOMER_ID,
        Column("order_id", Text("订单号", "Order ID"), "id"),
        Column("amount", Text("金额", "Amount"), "money", required=True),
        Column("way", Text("方式", "Way"), "choice", _c(Text("银行转账", "Bank transfer"), Text("承兑汇票", "Draft"), Text("现金", "Cash"), Text("支票", "Cheque"), Text("其他", "Other")), open=True),
        NOTE,
    ),
)  # fmt: skip

VISITS = Table(
    "visits", Text("拜访记录", "Visits"), ("visit_id",),
    (
        Column("visit_id", Text("拜访编号", "Visit ID"), "id", required=True),
        Column("date", Text("拜访日期", "Date"), "date", required=True),
        Column("time", Text("起止时间", "Time"), "time"),
        CUSTOMER_ID,
        Column("person", Text("拜访对象", "Person met")),
        Column("position", Text("职务", "Position")),
        Column("phone", Text("联系电话", "Phone"), "id"),
        Column("visitor", Text("拜访人", "Visitor"), offers=PEOPLE),
        Column("company", Text("陪同人员", "Accompanied by")),
        Column("way", Text("方式", "Way"), "choice", _c(Text("上门", "On site"), Text("电话", "Phone"), Text("线上", "Online"), Text("会议", "Meeting"))),
        Column("place", Text("地点", "Place")),
        Column("purpose", Text("目的", "Purpose"), "choice", _c(Text("常规拜访", "Routine"), Text("需求调研", "Needs"), Text("产品演示", "Demo"), Text("商务洽谈", "Negotiation"), Text("售后服务", "After-sales"), Text("投诉处理", "Complaint"), Text("催收", "Collection"), Text("关系维护", "Relationship"))),
        Column("content", Text("内容", "Content"), "long"),
        Column("feedback", Text("客户反馈", "Feedback"), "long"),
        Column("result", Text("结果", "Result"), "long"),
        Column("follow_up", Text("后续计划", "Follow-up"), "long"),
        Column("next_date", Text("下次拜访日期", "Next visit"), "date"),
        Column("state", Text("状态", "Status"), "choice", _c(Text("计划", "Planned"), Text("完成", "Done"), Text("取消", "Cancelled"))),
        Column("opinion", Text("主管意见", "Manager's opinion"), "long"),
        NOTE,
    ),
)  # fmt: skip

SERVICE = Table(
    "service", Text("服务请求", "Service requests"), ("request_id",),
    (
        Column("request_id", Text("编号", "Request ID"), "id", required=True),
        Column("received", Text("受理时间", "Received"), "moment", required=True),
        CUSTOMER_ID,
        Column("order_id", Text("订单号", "Order ID"), "id"),
        Column("product_id", Text("产品编号", "Product ID"), "id", refers="products"),
        Column("type", Text("类型", "Type"), "choice", _c(Text("投诉", "Complaint"), Text("咨询", "Question"), Text("维修", "Repair"), Text("退换", "Return"), Text("建议", "Suggestion"))),
        Column("level", Text("级别", "Level"), "choice", _c(Text.same("P0"), Text.same("P1"), Text.same("P2"), Text.same("P3"))),
        Column("content", Text("内容", "Content"), "long"),
        Column("wish", Text("客户要求", "What the customer asks"), "long"),
        Column("department", Text("责任部门", "Department")),
        Column("cause", Text("原因", "Cause")),
        Column("measure", Text("措施", "Measure"), "long"),
        Column("due", Text("要求完成", "Due"), "moment", help=Text("空白=按级别推算", "blank = by the level")),
        Column("closed", Text("完成时间", "Closed"), "moment"),
        Column("call_back", Text("回访结果", "Call back"), "choice", _c(Text("满意", "Satisfied"), Text("不满意", "Not satisfied"))),
        Column("effective", Text("有效", "Effective"), "choice", _c(YES, NO)),
        Column("opportunity", Text("改进机会", "Improvement"), "choice", _c(Text("产品改进", "Product"), Text("流程改进", "Process"))),
        NOTE,
    ),
)  # fmt: skip

LEVELS = _c(Text("很满意", "Very good"), Text("满意", "Good"), Text("一般", "Fair"), Text("不满意", "Poor"), Text("很不满意", "Very poor"), Text("不了解", "Unknown"))  # fmt: skip
SURVEYS = Table(
    "surveys", Text("满意度", "Surveys"), ("survey_id",),
    (
        Column("survey_id", Text("编号", "Survey ID"), "id", required=True),
        Column("date", Text("日期", "Date"), "date", required=True),
        CUSTOMER_ID,
        *(
            Column(id, label, "choice", LEVELS)
            for id, label in (
                ("quality", Text("产品质量", "Quality")), ("delivery", Text("交货及时", "Delivery")), ("price", Text("价格", "Price")),
                ("service", Text("服务态度", "Service")), ("complaints", Text("投诉处理", "Complaints")), ("support", Text("技术支持", "Support")),
            )
        ),
        Column("recommend", Text("推荐意愿0-10", "Recommend 0-10"), "score", low=0, high=10),
        Column("opinion", Text("意见", "Opinion"), "long"),
        NOTE,
    ),
)  # fmt: skip

TARGETS = Table(
    "targets", Text("销售目标", "Targets"), ("month", "scope", "object"),
    (
        Column("month", Text("年月", "Month"), "date", required=True, help=Text("填该月任一天", "any day of the month")),
        Column("scope", Text("对象类型", "Scope"), "choice", (Choice("company", Text("公司", "Company")), Choice("region", Text("区域", "Region")), Choice("owner", OWNER), Choice("customer", Text("客户", "Customer"))), required=True),
        Column("object", Text("对象", "Object")),
        Column("amount", Text("目标金额", "Target"), "money", required=True, low=0),
        NOTE,
    ),
)  # fmt: skip

PLAYBOOK = Table(
    "playbook", Text("策略库", "Playbook"), ("line_id",),
    (
        Column("line_id", Text("编号", "Line ID"), "id", required=True),
        Column("form", Text("适用", "For"), required=True, help=Text("措施针对的分类或表单，按名称或代号", "the classification or form that the measure is for, by name or id")),
        Column("condition", Text("条件", "When"), help=Text("分类的名称或代号；空白=总是", "the class, by name or id; blank = always")),
        Column("measure", Text("措施", "Measure"), "long", required=True),
        Column("role", Text("责任角色", "Role")),
        Column("days", Text("期限天数", "Days"), "number", low=0),
        NOTE,
    ),
)  # fmt: skip

SETTINGS = Table(
    "settings", Text("设置", "Settings"), ("setting_id",),
    (
        Column("label", Text("名称", "Setting"), ours=True),
        Column("value", Text("值", "Value")),
        Column("unit", Text("单位", "Unit"), ours=True),
        Column("help", Text("说明", "What it does"), "long", ours=True),
        Column("default", Text("默认值", "Default"), ours=True),
        Column("range", Text("允许范围", "Allowed"), ours=True),
        Column("setting_id", Text("公式名称", "Name in formulas"), "id", required=True, ours=True),
        Column("lowest", Text("最小", "Lowest"), "number", ours=True),
        Column("highest", Text("最大", "Highest"), "number", ours=True),
    ),
)  # fmt: skip

ALL = (CUSTOMERS, CONTACTS, PRODUCTS, ORDERS, PAYMENTS, VISITS, SERVICE, SURVEYS, TARGETS, PLAYBOOK, SETTINGS)
BY_ID: Mapping[str, Table] = {t.id: t for t in ALL}
