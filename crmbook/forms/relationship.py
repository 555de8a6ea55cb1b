"""Relationship assessment: four indicators and their sum for every customer, and what a person concludes from them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from crmbook import lines
from crmbook.assessment import (
    ADVICE,
    DEVELOP,
    END,
    FIGURES,
    LABELS,
    LAYERS,
    MAINTAIN,
    PARTS,
    RESULTS,
    WARN,
    advice,
    advice_formula,
    bases,
    level_formula,
    weighed_formula,
)
from crmbook.classifications.relationship import RELATIONSHIP as CLASS
from crmbook.features import Bars, Chart, Colours
from crmbook.figures.scores import records
from crmbook.form import NO, NOTE, Asks, Form, Given, Shows
from crmbook.schema import CUSTOMERS, PEOPLE, Column
from crmbook.tally import Tally
from crmbook.text import Text

LEVEL_COLUMN = Column("level", Text("等级", "Level"), "choice", CLASS.classes, help=Text("优≥RELATION_A，良≥RELATION_B，中≥RELATION_C，其余为差", "excellent from RELATION_A, good from RELATION_B, fair from RELATION_C, else poor"))  # fmt: skip
ADVICE_COLUMN = Column("advice", Text("建议", "Advice"), "choice", ADVICE, help=Text("≥RELATION_B 发展，≥RELATION_KEEP 维持，其余提示终止", "develop from RELATION_B, maintain from RELATION_KEEP, else consider ending"))  # fmt: skip
COUNT, UNIT = Text("客户数", "Customers"), Text("单位：分", "Unit: points")
LEVELS = Tally("levels", Text("按等级", "By level"), LEVEL_COLUMN, COUNT)
ADVICES = Tally("advices", Text("按建议", "By advice"), ADVICE_COLUMN, COUNT)


def rows(given: Given) -> pd.DataFrame:
    """Every customer, the best relationship first."""
    facts = given.facts
    scores = {id: facts[f"relationship_{id}"] for id in (*PARTS, "score", *LAYERS)}
    found = pd.DataFrame({"customer_id": facts.index, "name": facts["name"], **scores}, index=facts.index)
    found["level"], found["basis"] = facts["relationship"], facts["relationship_reason"]
    found["advice"] = [advice(score, given.settings) for score in found["score"]]
    parts = Text.column(records(facts[list(FIGURES)]), lambda of, lang: lines.in_words(bases(of, lang)))
    found["parts"] = pd.Series(parts, facts.index, dtype=object)
    found = found.sort_values("score", ascending=False, kind="stable").reset_index(drop=True)
    return found.assign(no=range(1, len(found) + 1))


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The unit and the two summaries."""
    return {"unit": UNIT, **LEVELS.values(rows), **ADVICES.values(rows)}


def _score(id: str, help: Text, formula: str | None = None) -> Shows:
    return Shows(Column(id, LABELS[id], "score", help=help), formula=formula, hidden=id in LAYERS)


RELATIONSHIP = Form(
    "relationship",
    Text("客户关系评估表", "Relationships"),
    Text("四项指标评估与每个客户的关系；终止只由人决定", "Four indicators of the relationship with every customer; only a person ends one"),
    ("customer_id",),
    (
        NO,
        Shows(Column("customer_id", Text("客户编号", "Customer ID"), "id")),
        Shows(CUSTOMERS.column("name")),
        _score("trade", Text("销售额与毛利的百分位", "percentile of sales and margin")),
        _score("stable", Text("合作年限、有销售的月数、按期付款", "years, months with sales, payment on time")),
        _score("depth", Text("关键、普遍、组织三层按 DEPTH_W_* 加权", "key people, wide contacts, organisations, weighted by DEPTH_W_*"), weighed_formula(LAYERS)),
        _score("room", Text("潜在年购买额中尚未购买的部分的百分位", "percentile of the yearly potential not bought yet")),
        Shows(Column("basis", Text("得分依据", "Basis"), "reason", help=Text("各项得分所用的数据", "the figures behind each score")), width=34),
        _score("score", Text("四项按 RELATION_W_* 加权，百分制", "the four weighted by RELATION_W_*, of 100"), weighed_formula(PARTS)),
        Shows(LEVEL_COLUMN, formula=level_formula("[@score]")),
        Shows(ADVICE_COLUMN, formula=advice_formula("[@score]")),
        Asks(Column("conclusion", Text("结论", "Conclusion"), "choice", RESULTS, help=Text("终止只由人决定", "only a person ends a relationship"))),
        Asks(Column("assessor", Text("评估人", "Assessed by"), offers=PEOPLE), width=10),
        Asks(Column("assessed_on", Text("评估日期", "Assessed on"), "date")),
        _score("key_layer", Text("决策链：已识别的审批人与决策人、其态度、支持者", "approvers and deciders identified, their attitude, supporters")),
        _score("wide_layer", Text("覆盖部门、我方对接人、近3个月拜访", "departments, our people, visits in 3 months")),
        _score("firm_layer", Text("协议、高层互访、联合计划", "agreement, executive visits, joint plan")),
        Shows(Column("parts", Text("逐项依据", "Basis by indicator"), "id", help=Text("评估卡用：每行一项指标", "for the card: one indicator to a line")), hidden=True),
        replace(NOTE, width=10),
    ),
    rows=rows,
    cells=cells,
    features=(
        LEVELS.summary,
        ADVICES.summary,
        Chart("levels", "column", Text("各等级客户数", "Customers by level"), "label", ("count",), of="levels"),
        Chart("advices", "doughnut", Text("建议占比", "Customers by advice"), "label", ("count",), of="advices"),
        Colours("level", tuple(zip((c.name for c in CLASS.classes), ("good", "fair", "warn", "bad"), strict=True))),
        Colours("advice", ((DEVELOP.name, "good"), (MAINTAIN.name, "fair"), (WARN.name, "bad"))),
        Colours("conclusion", ((DEVELOP.name, "good"), (MAINTAIN.name, "fair"), (END.name, "bad"))),
        *(Bars(part) for part in (*PARTS, "score")),
    ),
    group="follow_up",
    sign_off=(Text("客户代表", "Account rep"), Text("销售部经理", "Sales manager"), Text("总经理", "General manager")),
)  # fmt: skip
