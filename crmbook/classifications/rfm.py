"""RFM: who bought recently, often and much in the last RFM_MONTHS, in eight classes; the last letter is money.

Near = days since the last order not above the cut; often and much = orders and net sales of the window not below it. Equal is
high. Near, often: value · near, seldom: develop · far, often: keep · far, seldom: win back; with much money 重要 (important),
with little 一般 (general). A much-copied recipe exchanges 价值 and 保持; ours is the usual direction, and the reason states how recent, often and much, then the three cuts.
Without an order in the window: none.

The cuts stand among the customers with an order in the window. RFM_CUT: mean, median, fixed (RFM_R, RFM_F, RFM_M) or quintile: a
score of 4 or 5 is high. Quintiles are those of the R package rfm: bounds are type-7 quantiles of 20, 40, 60 and 80 % plus 1, the lower
end included, the upper not, recency reversed. So high is below the 40 % quantile + 1 in days, from the 60 % quantile + 1 in the others.

Columns: r_cut (days), f_cut (orders), m_cut (yuan), the same in every row; NaN where nobody bought.
"""

import math

import numpy as np
import pandas as pd

from crmbook.classification import Classification, judged
from crmbook.figures.order_lines import Array
from crmbook.schema import Choice
from crmbook.settings import ALL as SETTINGS
from crmbook.settings import Settings
from crmbook.text import Text, in_days

WHY = Text(
    "{recency} 天前下单（{near}）、近{months:g}个月 {orders:,.0f} 单（{often}）、{net:,.0f} 元（{much}）；{cut} {r_cut:,.1f}、{f_cut:,.1f}、{m_cut:,.0f}",
    "last order {recency} ago ({near}), {orders:,.0f} orders ({often}) and {net:,.0f} yuan ({much}) in {months:g} months; {cut} {r_cut:,.1f}, {f_cut:,.1f}, {m_cut:,.0f}",
)
NONE = Text("近{months:g}个月无订单", "no order in {months:g} months")
NEAR = {True: Text("近", "recent"), False: Text("远", "long ago")}
HIGH = {True: Text("高", "high"), False: Text("低", "low")}
CUTS = {c.id: c.name for s in SETTINGS if s.id == "RFM_CUT" for c in s.choices}
KINDS = {(True, True): "value", (True, False): "develop", (False, True): "keep", (False, False): "win_back"}


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`recency_days`, `orders_rfm`, `net_rfm`) → class, reason, r_cut, f_cut, m_cut."""
    recency, orders, net = (facts[name].to_numpy("float64") for name in ("recency_days", "orders_rfm", "net_rfm"))
    buys, how = orders > 0, settings["RFM_CUT"]
    cuts = _cuts([values[buys] for values in (recency, orders, net)], settings)
    near = recency < cuts["r_cut"] if how == "quintile" else recency <= cuts["r_cut"]
    often, much = orders >= cuts["f_cut"], net >= cuts["m_cut"]
    words = {**cuts, "months": settings["RFM_MONTHS"], "cut": CUTS[how]}
    found = [
        (
            ("" if m else "general_") + KINDS[n, o],
            WHY.fill(recency=in_days(days), near=NEAR[n], orders=times, often=HIGH[o], net=sum, much=HIGH[m], **words),
        )
        if b
        else ("none", NONE.fill(**words))
        for b, n, o, m, days, times, sum in zip(
            *(column.tolist() for column in (buys, near, often, much, recency, orders, net)), strict=True
        )
    ]
    return judged(found, facts.index, **cuts)


def _cuts(buyers: list[Array], settings: Settings) -> dict[str, float]:
    """The three cuts among the buyers' recency, orders and sales."""
    names, how = ("r_cut", "f_cut", "m_cut"), settings["RFM_CUT"]
    if not len(buyers[0]):
        return dict.fromkeys(names, math.nan)
    if how == "fixed":
        return {name: float(settings[f"RFM_{name[0].upper()}"]) for name in names}
    if how == "quintile":
        shares = zip(names, buyers, (0.4, 0.6, 0.6), strict=True)
        return {name: float(np.quantile(values, share)) + 1 for name, values, share in shares}
    # The mean is summed exactly and rounded, so that neither the row order nor a last digit decides about equal customers.
    middle = np.median if how == "median" else lambda values: math.fsum(values) / len(values)
    return {name: round(float(middle(values)), 6) for name, values in zip(names, buyers, strict=True)}


RFM = Classification(
    "rfm",
    Text("RFM分类", "RFM"),
    Text(
        "近 RFM_MONTHS 个月内：最近下单近、次数多、金额大分别与分界比较（RFM_CUT：平均数、中位数、五分位得4分以上，或固定值 RFM_R、RFM_F、RFM_M；等于分界算高）。近且多=价值，近且少=发展，远且多=保持，远且少=挽留；金额大为“重要”，金额小为“一般”；期内无订单不分类",
        "within RFM_MONTHS: how recent, how often and how much, each against its cut (RFM_CUT: mean, median, a quintile score of 4 or more, or the fixed RFM_R, RFM_F, RFM_M; equal is high). Recent and often is value, recent and seldom develop, long ago and often keep, long ago and seldom win back; much money is important, little is general; without an order in the window: none",
    ),
    (
        Choice("value", Text("重要价值", "Important value")),
        Choice("develop", Text("重要发展", "Important develop")),
        Choice("keep", Text("重要保持", "Important keep")),
        Choice("win_back", Text("重要挽留", "Important win back")),
        Choice("general_value", Text("一般价值", "General value")),
        Choice("general_develop", Text("一般发展", "General develop")),
        Choice("general_keep", Text("一般保持", "General keep")),
        Choice("general_win_back", Text("一般挽留", "General win back")),
        Choice("none", Text("期内无订单", "No order")),
    ),
    compute,
)
