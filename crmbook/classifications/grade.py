"""Grade A to D from a score of 0 to 100: sales, profit, payment, activity and potential, weighted.

By score, a grade has a lowest score. By share, the customers with a score above 0 stand in a row, the best first: who has fewer
than GRADE_SHARE_A of them before it is A, fewer than the shares of A and B together B, and so on; equal scores share the better.

Sales and profit are percentile scores: the share of the customers with a value (net sales or margin of the period above 0) whose
value is not above this one's, × 100; without a value, 0. Sheet formula of the sales score:
`IF([@sales]>0,COUNTIFS([sales],">0",[sales],"<="&[@sales])/COUNTIF([sales],">0")*100,0)`. The others:

* profit: 50 (neutral) where there are sales but no cost is known;
* payment: share paid on time × 100, less half a point for each day the oldest debt is overdue; 50 where nothing fell due;
* activity: percentile of orders of 12 months; where the book records visits, 70 % that and 30 % percentile of visits;
* potential: percentile of the yearly potential asked; else of the growth of 12 months on the 12 before; else 50.

These four are rounded to one decimal, as the sheet shows them. Who never bought scores 0 throughout; score 0 is grade D.
Score = ROUND(ROUND(Σ weight × score / 100, 9), 1); the weights are not normalised: they must add up to 100.
"""

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.figures.order_lines import Array
from crmbook.figures.scores import NEUTRAL, percentiles, percentiles_of, positive, tenths
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text

SCORES = ("sales", "profit", "credit", "active", "potential")
WHY = Text(
    "评分 {score:.1f}：销售贡献 {sales:.0f}、利润贡献 {profit:.0f}、付款信用 {credit:.0f}、合作活跃 {active:.0f}、发展潜力 {potential:.0f}",
    "score {score:.1f}: sales {sales:.0f}, profit {profit:.0f}, payment {credit:.0f}, activity {active:.0f}, potential {potential:.0f}",
)
BEFORE = Text("{why}；评分更高的占 {better:.1%}", "{why}; {better:.1%} score higher")
NEVER = Text("评分 0：从未下单", "score 0: never ordered")


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts → class, reason, sales_score, profit_score, credit_score, active_score, potential_score, score."""
    never = (facts["orders"] == 0).to_numpy()
    scores = {name: np.where(never, 0.0, score) for name, score in _scores(facts).items()}
    score = tenths(sum(settings[f"GRADE_W_{name.upper()}"] * scores[name] for name in SCORES) / 100)
    by_share, better = settings["GRADE_RULE"] == "share", _better(score)
    if by_share:
        shares = np.cumsum([settings[f"GRADE_SHARE_{letter}"] for letter in "ABC"])
        cuts = [better < cut for cut in np.round(shares, 9)]
    else:
        cuts = [score >= settings[f"GRADE_{letter}"] for letter in "ABC"]
    classes = np.where(score > 0, np.select(cuts, list("abc"), "d"), "d").astype(object)
    figures = zip(score.tolist(), *(scores[name].tolist() for name in SCORES), strict=True)
    reasons = [
        NEVER if none else WHY.fill(**dict(zip(("score", *SCORES), row, strict=True)))
        for none, row in zip(never, figures, strict=True)
    ]
    if by_share:
        reasons = [
            why if none else BEFORE.fill(why=why, better=b) for none, why, b in zip(never, reasons, better, strict=True)
        ]
    columns = {
        "class": classes,
        "reason": reasons,
        **{f"{name}_score": scores[name] for name in SCORES},
        "score": score,
    }
    return pd.DataFrame(columns, index=facts.index)


def _better(score: Array) -> Array:
    """The share of the customers with a score above 0 whose score is higher than each one's."""
    rated = np.sort(score[score > 0])
    return np.round((len(rated) - np.searchsorted(rated, score, side="right")) / max(len(rated), 1), 9)


def _scores(facts: pd.DataFrame) -> dict[str, Array]:
    net, margin, paid, late, potential, year, before = (
        facts[c].to_numpy("float64")
        for c in ("net_period", "margin_period", "paid_on_time", "overdue_days", "potential", "net_12m", "net_prev_12m")
    )
    profit = np.where((net > 0) & np.isnan(margin), NEUTRAL, percentiles(positive(margin)))
    credit = np.maximum(paid * 100 - np.nan_to_num(late) / 2, 0)
    active = percentiles_of(facts, "orders_12m")
    if facts["visits_12m"].sum() > 0:
        active = 0.7 * active + 0.3 * percentiles_of(facts, "visits_12m")
    growth = np.divide(year, before, out=np.full(len(year), np.nan), where=before > 0)
    room = np.select(
        [potential > 0, ~np.isnan(growth)], [percentiles(positive(potential)), percentiles(growth)], NEUTRAL
    )
    return {
        "sales": percentiles(positive(net)),
        "profit": tenths(profit),
        "credit": tenths(np.where(np.isnan(credit), NEUTRAL, credit)),
        "active": tenths(active),
        "potential": tenths(room),
    }


GRADE = Classification(
    "grade",
    Text("客户等级", "Grade"),
    Text(
        "评分 = 销售贡献×GRADE_W_SALES + 利润贡献×GRADE_W_PROFIT + 付款信用×GRADE_W_CREDIT + 合作活跃×GRADE_W_ACTIVE + 发展潜力×GRADE_W_POTENTIAL（权重合计100，各项为百分位得分）；不低于 GRADE_A、GRADE_B、GRADE_C 分别为A、B、C，其余为D；按比例时看 GRADE_RULE",
        "score = sales × GRADE_W_SALES + profit × GRADE_W_PROFIT + payment × GRADE_W_CREDIT + activity × GRADE_W_ACTIVE + potential × GRADE_W_POTENTIAL (weights add up to 100, each a percentile score); from GRADE_A, GRADE_B, GRADE_C on it is A, B, C, the rest is D; by share: see GRADE_RULE",
    ),
    tuple(Choice(letter, Text.same(letter.upper())) for letter in "abcd"),
    compute,
)
