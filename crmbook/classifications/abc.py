"""ABC by sales: customers from the largest down, the cumulative share of sales decides.

A up to ABC_A, B up to ABC_B, C the rest; the share includes the customer's own sales, and the largest customer is A even
when it alone passes the cut. ABC_TIES: `share` gives equal customers the same share, that of the first of them, so both take
the better class; `position` counts on in the order of the list, as printed practice does (《销售与市场》 1995-2, in
METHODS.md). Net sales of the period (`net_period`) not above 0: unrated, and out of the total.

Columns: share (of all sales), cumulative (rounded to 9 decimals, so that a spreadsheet's sum gives the same class); NaN where
unrated. In a sheet, the cumulative share is `(SUMIF([sales],">"&[@sales])+[@sales])/SUMIF([sales],">0")`.
"""

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text

RATED = Text("销售额 {net:,.2f} 元，占 {share:.1%}，累计 {cumulative:.1%}", "sales {net:,.2f} yuan, {share:.1%} of all, cumulative {cumulative:.1%}")  # fmt: skip
LARGEST = Text("销售额 {net:,.2f} 元，占 {share:.1%}，为最大客户", "sales {net:,.2f} yuan, {share:.1%} of all, the largest customer")  # fmt: skip
UNRATED = Text("本期净销售额 {net:,.2f} 元，不参与评级", "net sales of the period {net:,.2f} yuan: not rated")
FEN = 100


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`net_period`) → class, reason, share, cumulative."""
    fen = np.rint(facts["net_period"].to_numpy("float64") * FEN).astype("int64")
    rated = fen > 0
    order = np.argsort(-fen, kind="stable")
    running = np.empty(len(fen), "int64")
    running[order] = np.cumsum(np.maximum(fen[order], 0))
    largest = np.arange(len(fen)) == (order[0] if len(fen) else -1)
    if settings["ABC_TIES"] == "share":
        # every one of a tie stands where its first does: the larger ones' sum and its own amount
        amounts, where = np.unique(-fen, return_inverse=True)
        running = np.concatenate([[0], running[order]])[np.searchsorted(-fen[order], amounts)][where] + np.maximum(
            fen, 0
        )
        largest = fen == fen.max(initial=0)
    total = max(int(fen[rated].sum()), 1)
    share = np.where(rated, fen / total, np.nan)
    cumulative = np.where(rated, np.round(running / total, 9), np.nan)
    a, b = (cumulative <= settings[cut] for cut in ("ABC_A", "ABC_B"))
    classes = np.select([~rated, a | largest, b], ["none", "a", "b"], "c").astype(object)
    reasons = [
        (UNRATED if cls == "none" else LARGEST if top and not within else RATED).fill(
            net=n / FEN, share=s, cumulative=c
        )
        for cls, top, within, n, s, c in zip(
            classes, largest, a, fen.tolist(), share.tolist(), cumulative.tolist(), strict=True
        )
    ]
    return pd.DataFrame(
        {"class": classes, "reason": reasons, "share": share, "cumulative": cumulative}, index=facts.index
    )


ABC = Classification(
    "abc",
    Text("销售额等级ABC", "ABC by sales"),
    Text(
        "客户按本期销售净额从大到小排列，累计占比（含本行）不超过 ABC_A 为A，不超过 ABC_B 为B，其余为C；最大的客户总是A；净额不为正的未评级",
        "customers from the largest net sales of the period down: A up to a cumulative share (the row included) of ABC_A, B up to ABC_B, the rest C; the largest is always A; net sales not above 0 are not rated",
    ),
    (*(Choice(letter, Text.same(letter.upper())) for letter in "abc"), Choice("none", Text("未评级", "Unrated"))),
    compute,
)
