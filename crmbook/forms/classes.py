"""All classes of every customer on one sheet: what it is worth, what threatens it, how we stand, whom to see first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook.classification import Classification
from crmbook.classifications.churn_risk import CHURN_RISK
from crmbook.classifications.credit import CREDIT
from crmbook.classifications.grade import GRADE
from crmbook.classifications.priority import PRIORITY
from crmbook.classifications.relationship import RELATIONSHIP
from crmbook.classifications.rfm import RFM
from crmbook.classifications.satisfaction_band import SATISFACTION_BAND
from crmbook.classifications.service_type import SERVICE_TYPE
from crmbook.classifications.stage import STAGE
from crmbook.classifications.value_class import VALUE_CLASS
from crmbook.features import Chart, Colours
from crmbook.form import GRADE_COLOURS, NO, NOTE, Form, Given, Shows
from crmbook.palette import Tone
from crmbook.schema import CUSTOMERS, Column
from crmbook.tally import Tally, total
from crmbook.text import Text

WHO, WORTH, RISK = Text("客户", "Customer"), Text("价值", "Value"), Text("风险与信用", "Risk and credit")
RELATED, REMARKS = Text("满意度与关系", "Satisfaction and relationship"), Text("说明", "Remarks")
# Those whose reason stands here, the most pressing first; the others' stand in the grading, chain and relationship forms.
TOLD = (PRIORITY, CHURN_RISK, CREDIT, RFM, SERVICE_TYPE, SATISFACTION_BAND)
SHOWN = (VALUE_CLASS, STAGE, RFM, SERVICE_TYPE, CHURN_RISK, CREDIT, SATISFACTION_BAND, RELATIONSHIP, PRIORITY)
FIGURES = {"line": "credit_line", "term": "credit_term_days", "points": "satisfaction_band_points"}
SHORTER = {  # headers than the classifications' own
    "satisfaction_band": Text("满意度分档", "Survey band"), "relationship": Text("关系等级", "Relation level"), "rfm": Text("RFM", "RFM"),
    "stage": Text("阶段", "Stage"),
}  # fmt: skip
BECAUSE, STOP = Text("{label}：", "{label}: "), Text("。", ". ")
HEADS = tuple(BECAUSE.fill(label=SHORTER.get(c.id, c.label)) for c in TOLD)
COUNT = Text("客户数", "Customers")
KINDS = Tally("kinds", Text("按RFM", "By RFM"), RFM.column, COUNT)
RISKS = Tally("risks", Text("按流失风险", "By churn risk"), CHURN_RISK.column, COUNT)
TONES: dict[str, tuple[Tone, ...]] = {  # in the order of the classes
    "value_class": ("good", "fair", "muted"),
    "stage": ("muted", "fair", "good", "good", "warn", "bad"),
    "rfm": ("good", "good", "warn", "bad", "fair", "muted", "muted", "muted", "muted"),
    "service_type": ("good", "fair", "muted", "muted"),
    "churn_risk": ("good", "warn", "bad", "muted"),
    "credit": ("good", "good", "fair", "warn", "bad"),
    "satisfaction_band": ("good", "fair", "bad", "muted"),
    "relationship": ("good", "fair", "warn", "bad"),
    "priority": ("bad", "warn", "fair", "muted"),
}


def rows(given: Given) -> pd.DataFrame:
    """Every customer, those to see first on top, the larger sales of 12 months before the smaller."""
    facts = given.facts
    found = facts[["name", *(c.id for c in SHOWN)]].assign(customer_id=facts.index, grade=given.grades)
    for id, figure in FIGURES.items():
        found[id] = facts[figure]
    reasons = zip(*(facts[f"{c.id}_reason"] for c in TOLD), strict=True)
    found["basis"] = pd.Series([_basis(why) for why in reasons], facts.index, object)
    found = found.assign(net=facts["net_12m"]).sort_values(["priority", "net"], ascending=[True, False], kind="stable")
    return found.drop(columns="net").assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The two summaries and the sum of the suggested limits."""
    return {"total.line": total(rows["line"]), **KINDS.values(rows), **RISKS.values(rows)}


def _basis(reasons: tuple[Text, ...]) -> Text:
    """A sentence for each reason, behind what it is the reason of."""
    both = list(zip(HEADS, reasons, strict=True))
    return Text.later(lambda lang: "".join([f"{head[lang]}{why[lang]}{STOP[lang]}" for head, why in both]).rstrip())


def _class(c: Classification, band: Text) -> Shows:
    return Shows(replace(c.column, label=SHORTER.get(c.id, c.label)), band=band)


CLASSES = Form(
    "classes",
    Text("客户分类总表", "Customer classes"),
    Text("每个客户的全部分类与依据，最该跟进的排在最前", "Every class of every customer and why; whom to see first stands on top"),
    ("customer_id",),
    (
        replace(NO, band=WHO),
        Shows(Column("customer_id", Text("客户编号", "Customer ID"), "id"), band=WHO),
        Shows(CUSTOMERS.column("name"), band=WHO),
        Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes, help=Text("核定的等级，未核定时为系统建议的等级", "the approved grade, or else the suggested one")), band=WORTH),
        _class(VALUE_CLASS, WORTH),
        _class(STAGE, WORTH),
        _class(RFM, WORTH),
        _class(SERVICE_TYPE, WORTH),
        _class(CHURN_RISK, RISK),
        _class(CREDIT, RISK),
        Shows(Column("line", Text("建议额度", "Suggested limit"), "money", help=Text("近12月有销售月份的月均额×账期月数×信用等级的系数（CREDIT_X_AAA…CREDIT_X_C）", "average of the months with sales × term in months × the factor of the credit class (CREDIT_X_AAA … CREDIT_X_C)")), total="SUBTOTAL(109,[line])", band=RISK, width=13),
        Shows(Column("term", Text("建议账期", "Term, days"), "number", help=Text("天；约定的账期，近90天逾期付款达 CREDIT_LATE 次时降一级", "days; the term agreed, one level down after CREDIT_LATE late payments in 90 days")), band=RISK),
        Shows(Column("points", Text("满意度", "Survey points"), "score", help=Text("最近一次调查的得分，0–100", "points of the latest survey, 0 to 100")), band=RELATED),
        _class(SATISFACTION_BAND, RELATED),
        _class(RELATIONSHIP, RELATED),
        Shows(Column("basis", Text("判定依据", "Basis"), "reason", help=Text("优先级、流失风险、信用、RFM、服务类型、满意度各为一句；等级、阶段和关系的依据见各自的表", "a sentence each for priority, churn risk, credit, RFM, service type and satisfaction; for grade, stage and relationship see their own forms")), width=90, band=REMARKS),
        _class(PRIORITY, REMARKS),
        replace(NOTE, width=12, band=REMARKS),
    ),
    rows=rows,
    cells=cells,
    features=(
        KINDS.summary,
        RISKS.summary,
        Chart("kinds", "bar", Text("各RFM类别的客户数", "Customers by RFM"), "label", ("count",), of="kinds"),
        Chart("risks", "column", Text("各流失风险的客户数", "Customers by churn risk"), "label", ("count",), of="risks"),
        GRADE_COLOURS,
        *(Colours(c.id, tuple(zip((k.name for k in c.classes), TONES[c.id], strict=True))) for c in SHOWN),
    ),
    sign_off=(Text("客户代表", "Account rep"), Text("销售部经理", "Sales manager"), Text("总经理", "General manager")),
)  # fmt: skip
