"""The relationship's card: the assessment of one customer in the layout of the paper form, picked from a list, to sign."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from crmbook import lines
from crmbook.assessment import ADVICE, BASES, LABELS, LAYERS, PARTS, boxes, boxes_formula, level, level_formula
from crmbook.classifications.grade import GRADE
from crmbook.classifications.relationship import RELATIONSHIP
from crmbook.features import Chart, Field, Fields, Item, Listing
from crmbook.figures.scores import tenths
from crmbook.form import Form, Given
from crmbook.palette import Tone
from crmbook.picked import PICKER, ROW, Customer, Fact, cell, name_formula, row_formula, row_in
from crmbook.picked import cells as picked_cells
from crmbook.schema import CUSTOMERS
from crmbook.text import LANGS, Text

PAGE = "relationship_card"
NAMES = {c.id: c.name for c in RELATIONSHIP.classes}
TONES: tuple[tuple[Text, Tone], ...] = tuple(zip(NAMES.values(), ("good", "fair", "warn", "bad"), strict=True))
LISTS = {"indicators": PARTS, "layers": LAYERS}
SHAPE = ("trade", "stable", *LAYERS, "room")  # the corners of the radar: depth by its layers
SIGNED = (("rep", Text("客户代表", "Account rep")), ("manager", Text("销售部经理", "Sales manager")), ("general", Text("总经理", "General manager")))  # fmt: skip
RULE = Text("优≥{a}　良≥{b}　中≥{c}　差<{c}；合计≥{b}发展，≥{keep}维持，其余提示终止；终止只由人决定", "excellent ≥{a}, good ≥{b}, fair ≥{c}, poor <{c}; develop from {b}, maintain from {keep}, else consider ending; only a person ends")  # fmt: skip
CUTS = {"a": "RELATION_A", "b": "RELATION_B", "c": "RELATION_C", "keep": "RELATION_KEEP"}

WHO = (
    Fact("customer_id", Text("客户编号", "Customer ID"), "id", "profiles", "customer_id"),
    *(Fact(id, CUSTOMERS.column(id).label, "text", "customers", id) for id in ("industry", "owner")),
    Fact("grade", Text("等级", "Grade"), "text", "grading", "final", GRADE.classes),
    Fact("assessor", Text("评估人", "Assessed by"), "text", "relationship", "assessor"),
    Fact("assessed_on", Text("评估日期", "Assessed on"), "date", "relationship", "assessed_on"),
    Fact("region", Text("区域", "Region"), "text", "profiles", "region"),
    Fact("first_contact", Text("首次接触", "First contact"), "date", "profiles", "first_contact"),
)
TOTAL = Fact("total", Text("合计", "Total"), "score", "relationship", "score")
NOTE = Fact("note", Text("备注", "Note"), "long", "relationship", "note", lines=4)
SUMMED = (
    Fact("level", Text("等级", "Level"), "text", "relationship", "level", RELATIONSHIP.classes),
    Fact("advice", Text("建议", "Advice"), "text", "relationship", "advice", ADVICE),
    Fact("conclusion", Text("结论（人工）", "Our conclusion"), "text", "relationship", "conclusion"),
)
# Ticked by what a person concluded, else by the advice, which never ends a relationship.
MEANT = f'IF(_crm.{PAGE}.result.conclusion="",_crm.{PAGE}.result.advice,_crm.{PAGE}.result.conclusion)'
RESULT = Text(*(f'IF({ROW.format(page=PAGE)}="","",{boxes_formula(MEANT)[lang]})' for lang in LANGS))
STANDARD = f'IFERROR(ROUND(_crm.{PAGE}.result.total/({"+".join(PARTS.values())})*100,1),"")'
CUT = RULE.fill(**{name: f'"&{id}&"' for name, id in CUTS.items()})
RULED = Text(*(f'"{CUT[lang]}"' for lang in LANGS))  # with the settings in force


def _scores(parts: Iterable[str]) -> str:
    """The formula of the score on each line of a list."""
    columns = ",".join(f"relationship[{part}]" for part in parts)
    return f"INDEX(CHOOSE({{n}},{columns}),{row_in(PAGE, 'relationship')})"


def _list(id: str, title: Text) -> Listing:
    """One list of indicators in the columns of the paper form."""
    parts, score = LISTS[id], _scores(LISTS[id])
    places = ",".join(str(BASES.index(part) + 1) for part in parts)
    basis = lines.formula(cell(PAGE, "relationship", "parts"), f"CHOOSE({{n}},{places})")
    levels = Text(*(f'IFERROR(IF({score}="","",{level_formula(score)[lang]}),"")' for lang in LANGS))
    items = (
        Item("indicator", Text("评估指标", "Indicator"), "text", None, 4),
        Item("weight", Text("指标权重", "Weight"), "number", f"CHOOSE({{n}},{','.join(parts.values())})", 2),
        Item("score", Text("得分", "Score"), "score", f'IFERROR({score},"")', 2),
        Item("level", Text("等级", "Level"), "choice", levels, 2),
        Item("basis", Text("得分依据", "Basis"), "long", f'IFERROR({basis},"")', 10),
        Item("note", Text("备注", "Note"), "long", None, 4, blank=True),
    )
    return Listing(id, title, items, len(parts), TONES, deep=2)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """What the formulas come to for the customer picked."""
    customer, settings = Customer(given, PAGE), given.settings
    found = picked_cells(customer, {"who": WHO, "result": (TOTAL, *SUMMED, NOTE)})
    scores = {part: customer.value("relationship", part) for part in LABELS}
    for id, parts in LISTS.items():
        for at, (part, weight) in enumerate(parts.items()):
            score, line = scores[part], f"{id}.{at}"
            found |= {f"{line}.indicator": LABELS[part], f"{line}.weight": settings[weight], f"{line}.score": score}
            found[f"{line}.level"] = "" if score == "" else NAMES[level(score, settings)]
            found[f"{line}.basis"] = lines.kth(customer.value("relationship", "parts"), BASES.index(part) + 1)
    for at, part in enumerate(SHAPE):
        found |= {f"shape.{at}.indicator": LABELS[part], f"shape.{at}.score": scores[part]}
    total, whole = found["result.total"], sum(settings[weight] for weight in PARTS.values())
    found["result.standard"] = "" if total == "" or not whole else float(tenths(total / whole * 100))
    meant = found["result.conclusion"] or found["result.advice"]
    found["result.result"] = boxes(meant) if customer.row else ""
    return found | {"result.rule": RULE.fill(**{name: f"{settings[id]:g}" for name, id in CUTS.items()})}


RELATIONSHIP_CARD = Form(
    "relationship_card",
    Text("客户关系评估卡", "Relationship card"),
    Text("选一位客户，按评估表打印并签字", "Pick a customer, print the assessment and sign it"),
    page=(
        ((PICKER, 24),),
        ((Fields("who", Text("客户", "Customer"), (
            Field("name", Text("客户名称", "Customer"), "text", name_formula(PAGE), wide=True, alert=f'{ROW.format(page=PAGE)}=""'),
            *(fact.field(PAGE) for fact in WHO),
            Field("row", Text("档案行号", "Profile row"), "number", row_formula(PAGE)),
        ), pairs=3), 24),),
        ((_list("indicators", Text("四项指标", "Four indicators")), 24),),
        ((_list("layers", Text("关系深度的三层", "The three layers of depth")), 24),),
        (
            (Chart("radar", "radar", Text("关系得分", "Scores"), "indicator", ("score",), of="shape"), 11),
            (Fields("result", Text("结果", "Result"), (
                TOTAL.field(PAGE),
                Field("standard", Text("标准分", "Standard score"), "score", STANDARD),
                *(fact.field(PAGE) for fact in SUMMED),
                Field("result", Text("结果", "Result"), "text", RESULT, 2),
                NOTE.field(PAGE),
                Field("rule", Text("等级与建议", "Levels"), "long", RULED, 4),
            ), pairs=1), 12),
        ),
        ((Fields("signed", Text("意见与签字", "Opinion and signatures"), (
            Field("opinion", Text("评估意见", "Opinion"), "long", None, 5, wide=True, blank=True),
            *(Field(id, label, "text", None, 3, blank=True) for id, label in SIGNED),
        ), pairs=3), 24),),
        ((Listing("shape", Text("图的数据（不打印）", "Behind the chart (not printed)"), (Item("indicator", Text("评估指标", "Indicator"), "text", None, 4), Item("score", Text("得分", "Score"), "score", f'IFERROR({_scores(SHAPE)},"")', 2)), len(SHAPE), printed=False), 7),),
    ),
    cells=cells,
    rules=(Text("结论、评估人、评估日期和备注取自客户关系评估表；未填结论时按建议勾选，终止只由人决定", "conclusion, assessor, day and note come from the list of relationships; without a conclusion the advice is ticked; only a person ends a relationship"),),
    group="follow_up",
    sign_off=(),
)  # fmt: skip
