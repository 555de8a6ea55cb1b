"""How a relationship's assessment reads, in the list and on the card: its indicators, what each rests on, levels, results."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from crmbook.classifications.relationship import RELATIONSHIP
from crmbook.schema import CUSTOMERS, Choice
from crmbook.settings import DEPTH_WEIGHTS, RELATION_WEIGHTS, Settings
from crmbook.text import LANGS, Lang, Text, said

DEVELOP, MAINTAIN = Choice("develop", Text("发展", "Develop")), Choice("maintain", Text("维持", "Maintain"))
WARN, END = Choice("warn", Text("提示终止", "Consider ending")), Choice("end", Text("终止", "End"))
ADVICE, RESULTS = (DEVELOP, MAINTAIN, WARN), (DEVELOP, MAINTAIN, END)  # only a person ends a relationship
TICKED, OPEN, GAP = "☑", "□", "     "
LABELS = {
    "trade": Text("交易价值", "Trade value"), "stable": Text("合作稳定性", "Stability"), "depth": Text("关系深度", "Depth"), "room": Text("潜力空间", "Potential"), "score": Text("合计", "Total"),
    "key_layer": Text("关键客户关系", "Key people"), "wide_layer": Text("普遍客户关系", "Wide contacts"), "firm_layer": Text("组织客户关系", "Organisations"),
}  # fmt: skip
PARTS = {part: f"RELATION_W_{part.upper()}" for part, *_ in RELATION_WEIGHTS}  # and the settings with their weights
LAYERS = {f"{layer}_layer": f"DEPTH_W_{layer.upper()}" for layer, *_ in DEPTH_WEIGHTS}
BASES = ("trade", "stable", "depth", "key_layer", "wide_layer", "firm_layer", "room")  # in the order of `bases`
CUTS, ADVISED = ("RELATION_A", "RELATION_B", "RELATION_C"), ("RELATION_B", "RELATION_KEEP")

# What each indicator and each layer of depth rests on, in the customer's own figures.
TRADE = Text(
    "近12月销售额 {net:,.0f} 元，本期毛利 {margin}", "Sales of 12 months {net:,.0f} yuan, margin of the period {margin}"
)
STABLE = Text(
    "合作 {years:.1f} 年，近12月有 {months:.0f} 个月有销售，{paid}",
    "{years:.1f} years, sales in {months:.0f} of 12 months, {paid}",
)
PAID, NOT_DUE = Text("按期付款 {share:.0%}", "{share:.0%} paid on time"), Text("无到期货款", "no payment fell due")
NEVER, UNKNOWN = Text("从未下单", "Never ordered"), Text("未知", "unknown")
DEEP = Text(
    "三层加权：关键 {key:.1f}、普遍 {wide:.1f}、组织 {firm:.1f}",
    "Three layers: key people {key:.1f}, wide {wide:.1f}, organisations {firm:.1f}",
)
KEY = Text(
    "已识别审批人、决策人角色 {share}，平均态度 {attitude}，支持者 {for_us:.0f} 人，反对者 {against:.0f} 人",
    "Approver and decider identified {share}, mean attitude {attitude}, for us {for_us:.0f}, against {against:.0f}",
)
WIDE = Text(
    "联系人覆盖 {departments:.0f} 个部门，我方 {ours:.0f} 人对接，近3个月完成拜访 {met:.0f} 次",
    "{departments:.0f} departments known, {ours:.0f} of our people, {met:.0f} visits in 3 months",
)
FIRM = Text(
    "合作协议：{agreement}；近12月高层互访 {visits}；联合计划：{joint}",
    "Agreement: {agreement}; executive visits in 12 months: {visits}; joint plan: {joint}",
)
ROOM = Text(
    "潜在年购买额 {potential:,.0f} 元，近12月已购 {net:,.0f} 元",
    "Yearly potential {potential:,.0f} yuan, bought in 12 months {net:,.0f}",
)
GROWN = Text(
    "潜在年购买额未填，按增长：近12月 {net:,.0f} 元，前12月 {before:,.0f} 元",
    "No yearly potential, so by growth: {net:,.0f} yuan in 12 months, {before:,.0f} in the 12 before",
)
NAMES = {column: {c.id: c.name for c in CUSTOMERS.column(column).choices} for column in ("agreement", "joint_plan")}
FIGURES = (
    "net_12m", "net_prev_12m", "margin_period", "orders", "age_days", "sale_months", "paid_on_time", "decider_share", "decider_attitude", "supporters", "opponents",
    "departments", "our_people", "contacts_3m", "agreement", "executive_visits", "joint_plan", "potential", *(f"relationship_{layer}" for layer in LAYERS),
)  # fmt: skip


def bases(of: Mapping[str, Any], lang: Lang) -> list[str]:
    """FIGURES of one customer's facts → what each of BASES rests on."""

    def known(value: float, form: str = ",.0f") -> str:
        return UNKNOWN[lang] if math.isnan(value) else format(value, form)

    paid = NOT_DUE[lang] if math.isnan(of["paid_on_time"]) else PAID[lang].format(share=of["paid_on_time"])
    bought = of["orders"] > 0
    agreement, joint = (NAMES[id].get(of[id], UNKNOWN)[lang] for id in ("agreement", "joint_plan"))
    room = GROWN if math.isnan(of["potential"]) else ROOM
    key, wide, firm = (of[f"relationship_{layer}"] for layer in LAYERS)
    return [
        TRADE[lang].format(net=of["net_12m"], margin=known(of["margin_period"])) if bought else NEVER[lang],
        STABLE[lang].format(years=of["age_days"] / 365, months=of["sale_months"], paid=paid) if bought else NEVER[lang],
        DEEP[lang].format(key=key, wide=wide, firm=firm),
        KEY[lang].format(share=known(of["decider_share"], ".0%"), attitude=known(of["decider_attitude"], ".1f"), for_us=of["supporters"], against=of["opponents"]),
        WIDE[lang].format(departments=of["departments"], ours=of["our_people"], met=of["contacts_3m"]),
        FIRM[lang].format(agreement=agreement, visits=known(of["executive_visits"]), joint=joint),
        room[lang].format(potential=of["potential"], net=of["net_12m"], before=of["net_prev_12m"]),
    ]  # fmt: skip


def weighed_formula(weights: Mapping[str, str]) -> str:
    """The formula of the sum of a row's columns by the settings that weigh them, as `scores.weighed` rounds it."""
    return f"ROUND(ROUND(({'+'.join(f'{weight}*[@{id}]' for id, weight in weights.items())})/100,9),1)"


def level_formula(score: str) -> Text:
    """The formula of the level of a score, which is a formula itself."""
    *better, worst = (c.name for c in RELATIONSHIP.classes)
    return Text(*(_steps(score, CUTS, [name[lang] for name in better], worst[lang]) for lang in LANGS))


def advice_formula(score: str) -> Text:
    """The formula of the advice for a score."""
    return Text(*(_steps(score, ADVISED, [c.name[lang] for c in ADVICE[:-1]], ADVICE[-1].name[lang]) for lang in LANGS))


def level(score: float, settings: Settings) -> str:
    """The id of the level of a score."""
    return next((c.id for c, cut in zip(RELATIONSHIP.classes, CUTS, strict=False) if score >= settings[cut]), RELATIONSHIP.classes[-1].id)  # fmt: skip


def advice(score: float, settings: Settings) -> str:
    """The id of the advice for a score."""
    return next((c.id for c, cut in zip(ADVICE, ADVISED, strict=False) if score >= settings[cut]), ADVICE[-1].id)


def boxes_formula(meant: str) -> Text:
    """The formula of the boxes of the result, the one that is meant ticked; `meant` is a formula itself."""
    return Text(*(f'&"{GAP}"&'.join(f'IF({meant}="{c.name[lang]}","{TICKED}","{OPEN}")&"{c.name[lang]}"' for c in RESULTS) for lang in LANGS))  # fmt: skip


def boxes(meant: Any) -> Text:
    """The same for the word that is meant."""
    words = {lang: str(said(meant, lang)).casefold() for lang in LANGS}
    ticked = {lang: [TICKED if c.name[lang].casefold() == words[lang] else OPEN for c in RESULTS] for lang in LANGS}
    return Text(*(GAP.join(box + c.name[lang] for box, c in zip(ticked[lang], RESULTS, strict=True)) for lang in LANGS))


def _steps(score: str, cuts: Sequence[str], words: Sequence[str], rest: str) -> str:
    """The first word whose cut the score reaches, else the rest."""
    steps = "".join(f'IF({score}>={cut},"{word}",' for cut, word in zip(cuts, words, strict=True))
    return f'{steps}"{rest}"' + ")" * len(cuts)
