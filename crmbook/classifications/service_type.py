"""Transactional, relational or key account: how a customer wants to be served, by its will to relate.

Will to relate below SERVICE_HIGH: transactional (basic staff, no extra cost); from it on: relational (senior staff). Key accounts, who
get a person or team of their own, are the relational customers with net sales of 12 months above 0 of which fewer than SERVICE_KEY of
all relational ones bought more; equal sales share the better. Where the will was never asked, the type is unknown. Price
sensitivity, high from SERVICE_HIGH too, decides nothing alone and stands in the reason: it says how to talk.
"""

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text

LOW = Text("关系意愿 {will:g} 分（低于 {high:g}），{price}：由一般人员服务，不增加成本", "will to relate {will:g} (below {high:g}), {price}: basic staff, no extra cost")  # fmt: skip
WILLING = Text("关系意愿 {will:g} 分（{high:g} 分起为高），{price}：由资深人员服务", "will to relate {will:g} (high from {high:g}), {price}: senior staff")  # fmt: skip
LARGEST = Text(
    "关系意愿 {will:g} 分，{price}；近12月 {net:,.0f} 元，R型中更大的占 {better:.1%}（界限 {key:.0%}）：专人或专组服务",
    "will to relate {will:g}, {price}; {net:,.0f} yuan in 12 months, {better:.1%} of the relational bought more (limit {key:.0%}): a person or team of its own",
)
UNASKED = Text("未填写关系意愿，{price}", "will to relate not asked, {price}")
SENSITIVE = {True: Text("价格敏感度 {score:g} 分，高", "price sensitivity {score:g}, high"), False: Text("价格敏感度 {score:g} 分，低", "price sensitivity {score:g}, low")}  # fmt: skip
PRICE_UNASKED = Text("未填写价格敏感度", "price sensitivity not asked")
REASONS = {"t": LOW, "r": WILLING, "key": LARGEST, "unknown": UNASKED}


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`relation_will`, `price_sensitivity`, `net_12m`) → class, reason."""
    will, price, net = (facts[name].to_numpy("float64") for name in ("relation_will", "price_sensitivity", "net_12m"))
    high, key = settings["SERVICE_HIGH"], settings["SERVICE_KEY"]
    related = will >= high
    sales = np.sort(net[related])
    better = np.round((len(sales) - np.searchsorted(sales, net, side="right")) / max(len(sales), 1), 9)
    classes = np.select([np.isnan(will), ~related, (net > 0) & (better < key)], ["unknown", "t", "key"], "r")
    reasons = [
        REASONS[cls].fill(
            will=w,
            high=high,
            key=key,
            net=n,
            better=b,
            price=PRICE_UNASKED if p != p else SENSITIVE[p >= high].fill(score=p),  # noqa: PLR0124  (NaN)
        )
        for cls, w, p, n, b in zip(classes.tolist(), *(c.tolist() for c in (will, price, net, better)), strict=True)
    ]
    columns = {"class": pd.Series(classes, facts.index, object), "reason": pd.Series(reasons, facts.index, object)}
    return pd.DataFrame(columns)


SERVICE_TYPE = Classification(
    "service_type",
    Text("服务类型", "Service type"),
    Text(
        "关系意愿低于 SERVICE_HIGH 为T交易型（一般人员，不增加成本），达到为R关系型（资深人员）；R型中近12月销售额最大的 SERVICE_KEY 为大客户（专人或专组），同额同类；未填写关系意愿为未知。价格敏感度写在依据里",
        "will to relate below SERVICE_HIGH: T, transactional (basic staff, no extra cost); from it on: R, relational (senior staff); of these, the SERVICE_KEY with the largest sales of 12 months are key accounts (a person or team each), equal ones alike; never asked: unknown. Price sensitivity stands in the reason",
    ),
    (
        Choice("key", Text("大客户", "Key account")),
        Choice("r", Text("R关系型", "R relational")),
        Choice("t", Text("T交易型", "T transactional")),
        Choice("unknown", Text("未知", "Unknown")),
    ),
    compute,
)
