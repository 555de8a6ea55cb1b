"""How good the relationship is, 0 to 100: trade value, stability, depth and potential, weighted by RELATION_W_*.

* trade: 70 % net sales of 12 months, 30 % the period's margin, each from 40 for the least of the customers with some to 100 for the
  most, by percentile, 0 without; where no cost is known, sales alone;
* stable: 30 % years since the first order (100 from 3), 40 % months with sales among the last 12 (100 from 6), 30 % share paid on time
  (50 where nothing fell due); 0 for who never bought;
* depth: three layers by DEPTH_W_*. Key: 50 % of the roles approver and decider that are identified, 30 % their mean attitude (-1 to 3 → 0
  to 100), 20 % supporters among supporters and opponents. Wide: 40 % departments (100 from 4), 30 % our people who know the customer
  (100 from 3), 30 % completed contacts in 3 months (100 from 3). Firm: 40 % agreement (strategic 100, framework 60), 30 % executive
  visits in 12 months (100 from 2), 30 % joint plan. A part of which the book says nothing for any customer is 50, neutral;
* room: the yearly potential asked less the sales of 12 months, from 40 to 100 in the same way; else the growth of 12 months on the 12
  before, in the same way; else 50.

Layers, parts and score are rounded to one decimal. Score = ROUND(ROUND(Σ weight × part / 100, 9), 1); levels from RELATION_A, RELATION_B
and RELATION_C on. Columns: trade, stable, depth, room, score, key_layer, wide_layer, firm_layer.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.figures.order_lines import Array
from crmbook.figures.scores import NEUTRAL, part_of, percentiles, positive, records, tenths, weighed
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Lang, Text

PARTS, LAYERS = ("trade", "stable", "depth", "room"), ("key", "wide", "firm")
POINTS = {"strategic": 100.0, "framework": 60.0, "none": 0.0, "yes": 100.0, "no": 0.0}
TOLD = (
    "orders", "net_12m", "net_prev_12m", "age_days", "sale_months", "paid_on_time", "contacts", "contacts_3m", "potential",
)  # fmt: skip
LEAST = 40.0  # of those with some sales, margin or room
YEARS, MONTHS, WORST, BEST = 3, 6, -1.0, 3.0  # for 100; attitudes
WHY = Text(
    "评分 {score:.1f}：交易价值 {trade:.1f}（近12月销售额 {net:,.2f} 元），合作稳定性 {stable:.1f}（{years}，近12月有 {months:.0f} 个月有销售，{paid}），关系深度 {depth:.1f}（关键 {key:.1f}、普遍 {wide:.1f}、组织 {firm:.1f}；{people}），潜力空间 {room:.1f}（{rest}）",
    "score {score:.1f}: trade {trade:.1f} (sales of 12 months {net:,.2f} yuan), stability {stable:.1f} ({years}, sales in {months:.0f} of 12 months, {paid}), depth {depth:.1f} (key {key:.1f}, wide {wide:.1f}, organisations {firm:.1f}; {people}), potential {room:.1f} ({rest})",
)
SINCE, NEVER = Text("合作 {n:.1f} 年", "{n:.1f} years"), Text("从未下单", "never ordered")
PAID, NOT_DUE = Text("按期付款 {n:.0%}", "{n:.0%} paid on time"), Text("无到期货款", "no payment fell due")
PEOPLE = Text("联系人 {n:.0f} 名，近3月联系 {m:.0f} 次", "contacts {n:.0f}, visits in 3 months {m:.0f}")
POTENTIAL = Text("潜在年购买额 {n:,.0f} 元", "yearly potential {n:,.0f} yuan")
GROWTH, UNKNOWN = Text("近12月销售额较前12月 {n:+.0%}", "sales of 12 months {n:+.0%} on the 12 before"), Text("潜力未知", "potential unknown")  # fmt: skip


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts → class, reason, trade, stable, depth, room, score, key_layer, wide_layer, firm_layer."""
    layers = {"key": _key(facts), "wide": _wide(facts), "firm": _firm(facts)}
    of = {"trade": _trade(facts), "stable": _stable(facts), "room": _room(facts)}
    of["depth"] = weighed(layers, {layer: settings[f"DEPTH_W_{layer.upper()}"] for layer in LAYERS})
    of["score"] = weighed({id: of[id] for id in PARTS}, {id: settings[f"RELATION_W_{id.upper()}"] for id in PARTS})
    cuts = [of["score"] >= settings[f"RELATION_{letter}"] for letter in "ABC"]
    reasons = Text.column(records({**{name: facts[name] for name in TOLD}, **of, **layers}), _reason)
    columns = {
        "class": pd.Series(np.select(cuts, ["excellent", "good", "fair"], "poor"), facts.index, object),
        "reason": pd.Series(reasons, facts.index, object),
        **{id: pd.Series(of[id], facts.index, "float64") for id in (*PARTS, "score")},
        **{f"{layer}_layer": pd.Series(values, facts.index, "float64") for layer, values in layers.items()},
    }
    return pd.DataFrame(columns)


def _trade(facts: pd.DataFrame) -> Array:
    sales, margin = _among(_of(facts, "net_12m")), _among(_of(facts, "margin_period"))
    return tenths(np.where(facts["margin_period"].isna(), sales, 0.7 * sales + 0.3 * margin))


def _stable(facts: pd.DataFrame) -> Array:
    years, months, paid = part_of(_of(facts, "age_days"), YEARS * 365), part_of(_of(facts, "sale_months"), MONTHS), _of(facts, "paid_on_time")  # fmt: skip
    score = 0.3 * years + 0.4 * months + 0.3 * np.where(np.isnan(paid), NEUTRAL, part_of(paid, 1))
    return tenths(np.where(facts["orders"] > 0, score, 0.0))


def _key(facts: pd.DataFrame) -> Array:
    us, them = _of(facts, "supporters"), _of(facts, "opponents")
    liked = np.divide(us, us + them, out=np.zeros(len(facts)), where=us + them > 0)
    liked = np.where(_of(facts, "contacts").sum() > 0, liked, np.nan)
    attitude = _of(facts, "decider_attitude") - WORST
    return tenths(
        0.5 * _part(_of(facts, "decider_share"), 1) + 0.3 * _part(attitude, BEST - WORST) + 0.2 * _part(liked, 1)
    )


def _wide(facts: pd.DataFrame) -> Array:
    counts = {name: _of(facts, name) for name in ("departments", "our_people", "contacts_3m")}
    departments, people, met = (np.where(n.sum() > 0, n, np.nan) for n in counts.values())
    return tenths(0.4 * _part(departments, 4) + 0.3 * _part(people, 3) + 0.3 * _part(met, 3))


def _firm(facts: pd.DataFrame) -> Array:
    agreement, joint = (facts[name].map(POINTS).to_numpy("float64") for name in ("agreement", "joint_plan"))
    return tenths(
        0.4 * _part(agreement, 100) + 0.3 * _part(_of(facts, "executive_visits"), 2) + 0.3 * _part(joint, 100)
    )


def _room(facts: pd.DataFrame) -> Array:
    potential, year, before = (_of(facts, name) for name in ("potential", "net_12m", "net_prev_12m"))
    growth = np.divide(year, before, out=np.full(len(year), np.nan), where=before > 0)
    rest = np.where(potential > 0, potential - year, np.nan)
    return tenths(np.select([potential > 0, ~np.isnan(growth)], [_among(rest), _among(growth)], NEUTRAL))


def _among(values: Array) -> Array:
    """From LEAST to 100 by percentile among the values above 0; 0 for the others."""
    return np.where(values > 0, LEAST + (100 - LEAST) * percentiles(positive(values)) / 100, 0.0)


def _of(facts: pd.DataFrame, column: str) -> Array:
    return facts[column].to_numpy("float64")


def _part(values: Array, full: float) -> Array:
    """How much of `full`, 0 to 100; neutral where the book knows it of nobody."""
    return np.full(len(values), NEUTRAL) if np.isnan(values).all() else part_of(values, full)


def _reason(row: Mapping[str, Any], lang: Lang) -> str:
    buys, due, grown = row["orders"] > 0, row["paid_on_time"] >= 0, row["net_prev_12m"] > 0
    growth = GROWTH[lang].format(n=row["net_12m"] / row["net_prev_12m"] - 1) if grown else UNKNOWN[lang]
    words = {
        "net": row["net_12m"],
        "years": SINCE[lang].format(n=row["age_days"] / 365) if buys else NEVER[lang],
        "months": row["sale_months"],
        "paid": PAID[lang].format(n=row["paid_on_time"]) if due else NOT_DUE[lang],
        "people": PEOPLE[lang].format(n=row["contacts"], m=row["contacts_3m"]),
        "rest": POTENTIAL[lang].format(n=row["potential"]) if row["potential"] > 0 else growth,
    }
    return WHY[lang].format_map({**row, **words})


RELATIONSHIP = Classification(
    "relationship",
    Text("关系等级", "Relationship"),
    Text(
        "评分=交易价值×RELATION_W_TRADE+合作稳定性×RELATION_W_STABLE+关系深度×RELATION_W_DEPTH+潜力空间×RELATION_W_ROOM（合计100）；关系深度=关键×DEPTH_W_KEY+普遍×DEPTH_W_WIDE+组织×DEPTH_W_FIRM。交易价值：近12月销售额占70%、本期毛利占30%，有销售的客户按百分位得40至100；合作稳定性：合作年限30%（3年满分）、近12月有销售的月数40%（6个月满分）、按期付款30%；关键：已识别的审批与决策角色50%、其态度30%、支持者比例20%；普遍：部门数40%（4个满分）、我方对接人数30%（3人满分）、近3月拜访30%（3次满分）；组织：合作协议40%、高层互访30%（2次满分）、联合计划30%；潜力空间：潜在年购买额减去近12月销售额（未填时看增长）按百分位得40至100；全册都没有的资料按50计。达到 RELATION_A、RELATION_B、RELATION_C 为优、良、中，其余为差",
        "score = trade × RELATION_W_TRADE + stability × RELATION_W_STABLE + depth × RELATION_W_DEPTH + potential × RELATION_W_ROOM (weights add up to 100); depth = key people × DEPTH_W_KEY + wide contacts × DEPTH_W_WIDE + organisations × DEPTH_W_FIRM. Trade: 70 % sales of 12 months, 30 % margin of the period, from 40 to 100 by percentile among those who buy; stability: 30 % years (full from 3), 40 % months with sales among the last 12 (full from 6), 30 % paid on time; key people: 50 % approver and decider identified, 30 % their attitude, 20 % supporters among supporters and opponents; wide: 40 % departments (full from 4), 30 % our people (full from 3), 30 % visits in 3 months (full from 3); organisations: 40 % agreement, 30 % executive visits (full from 2), 30 % joint plan; potential: the yearly potential less sales of 12 months (growth where not asked), from 40 to 100 by percentile; what the book says of nobody counts 50. From RELATION_A, RELATION_B, RELATION_C on it is excellent, good, fair, the rest poor",
    ),
    (
        Choice("excellent", Text("优", "Excellent")),
        Choice("good", Text("良", "Good")),
        Choice("fair", Text("中", "Fair")),
        Choice("poor", Text("差", "Poor")),
    ),
    compute,
)
