"""High value, potential or ordinary: who orders often and how much, in the last 12 months.

Frequent and large: high value. Seldom and large: potential. The rest is ordinary, frequent and small ones too. High means
not below the median (or mean, setting VALUE_CUT) of the customers who ordered in these 12 months.
"""

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text

FREQUENT = {True: Text("多次", "often"), False: Text("少次", "seldom")}
LARGE = {True: Text("大额", "large"), False: Text("小额", "small")}
WHY = Text(
    "近12月下单 {orders:,} 次（分界 {orders_cut:,.1f}，{frequent}），销售额 {net:,.2f} 元（分界 {net_cut:,.2f}，{large}）",
    "12 months: orders {orders:,} (cut {orders_cut:,.1f}: {frequent}), sales {net:,.2f} yuan (cut {net_cut:,.2f}: {large})",
)
NONE = Text("近12月无订单", "no order in 12 months")


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`orders_12m`, `net_12m`) → class, reason, orders_cut, net_cut (the same cuts in every row)."""
    orders, net = (facts[column].to_numpy("float64") for column in ("orders_12m", "net_12m"))
    buys = orders > 0
    middle = np.mean if settings["VALUE_CUT"] == "mean" else np.median
    orders_cut, net_cut = (round(float(middle(of[buys])), 9) if buys.any() else np.nan for of in (orders, net))
    frequent, large = buys & (orders >= orders_cut), buys & (net >= net_cut)
    reasons = [
        WHY.fill(orders=int(o), orders_cut=orders_cut, frequent=FREQUENT[f], net=n, net_cut=net_cut, large=LARGE[g])
        if b
        else NONE
        for b, o, n, f, g in zip(*(column.tolist() for column in (buys, orders, net, frequent, large)), strict=True)
    ]
    classes = np.select([frequent & large, large], ["high", "potential"], "ordinary").astype(object)
    return pd.DataFrame(
        {"class": classes, "reason": reasons, "orders_cut": orders_cut, "net_cut": net_cut}, index=facts.index
    )


VALUE_CLASS = Classification(
    "value_class",
    Text("客户分组", "Value group"),
    Text(
        "近12月订单多且金额大=高价值，订单少而金额大=潜在，其余（含次数多而金额小）=普通；高低以 VALUE_CUT 为界",
        "12 months: frequent and large is high value, seldom and large is potential, the rest (frequent and small too) is ordinary; high means not below the VALUE_CUT",
    ),
    (
        Choice("high", Text("高价值", "High value")),
        Choice("potential", Text("潜在", "Potential")),
        Choice("ordinary", Text("普通", "Ordinary")),
    ),
    compute,
)
