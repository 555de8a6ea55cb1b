"""Credit class AAA to C from a score of 0 to 100, with the limit and the payment term we suggest.

Score = 50 % punctuality (share paid on time × 100) + 20 % age of the debt (100 less 10 for every 9 days the oldest debt is overdue, 0 from
90 days) + 15 % size of the debt (100 less the overdue amount in % of the credit limit agreed, or of the receivable where none is)
+ 15 % length of the relation (100 from 3 years since the first order). A part of which nothing is known yet is 50, neutral. Each part is
rounded to one decimal, the score too. Who never bought has 0.

AAA, AA, A, B from CREDIT_AAA, CREDIT_AA, CREDIT_A, CREDIT_B on, else C. A first order within NEW_MONTHS: A at best.
Term: the customer's own (or TERM_DAYS); CREDIT_LATE or more payments of the last 90 days that came late lower it to the next of
90, 60, 30 and 0 days below it. Limit = sales per month with sales (12 months) × term / 30 × CREDIT_X_<class>; 0 for who has left.

Columns: score, line (the limit, yuan, to the fen; `credit_limit` is the one agreed, of the customers table), term_days.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.figures.order_lines import Array
from crmbook.figures.scores import NEUTRAL, part_of, records, tenths, weighed
from crmbook.schema import Choice
from crmbook.settings import Settings, months_before
from crmbook.text import Lang, Text

LEVELS = ("aaa", "aa", "a", "b", "c")
WEIGHTS = {"punctual": 50.0, "age": 20.0, "size": 15.0, "length": 15.0}
WORST_DEBT, LONG, MONTH = 90, 3 * 365, 30  # days
TERMS = np.array([0.0, 30.0, 60.0, 90.0])
WHY = Text(
    "评分 {score:.1f}：按期付款 {punctual:.0f}（{paid}）、{debt}、合作年限 {length:.0f}（{years:.1f} 年）{new}{lowered}；额度＝月均 {month:,.0f} 元×{months:.1f} 个月×{factor:g}",
    "score {score:.1f}: paid on time {punctual:.0f} ({paid}), {debt}, length {length:.0f} ({years:.1f} years){new}{lowered}; limit = {month:,.0f} yuan a month × {months:.1f} months × {factor:g}",
)
DEBT = Text("逾期天数 {age:.0f}（{days:.0f} 天）、逾期金额 {size:.0f}（{sum:,.0f} 元）", "days overdue {age:.0f} ({days:.0f} days), amount overdue {size:.0f} ({sum:,.0f} yuan)")  # fmt: skip
NEVER, LEFT = Text("从未下单，评分 0，无额度", "never ordered: score 0, no limit"), Text("{why}；已退出，额度为 0", "{why}; has left: limit 0")  # fmt: skip
NO_DEBT, NO_PAYMENTS = Text("无逾期 100", "nothing overdue 100"), Text("逾期 50（未登记收款）", "overdue 50 (no payments recorded)")  # fmt: skip
NOTHING_DUE = Text("尚无到期", "nothing fell due")
NEW = Text("；首单未满 {months:g} 个月，最高A", "; first order less than {months:g} months ago: A at best")
LOWERED = Text("；近90天逾期付款 {times:.0f} 次，账期由 {own:g} 天降为 {term:g} 天", "; late payments in 90 days: {times:.0f}, so the term goes from {own:g} to {term:g} days")  # fmt: skip


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (payments, debts, first order, sales per month, `stage`) → class, reason, score, line, term_days."""
    of = {name: facts[name].to_numpy("float64") for name in (
        "orders", "paid_on_time", "overdue", "overdue_days", "age_days", "term_days", "average_month", "late_payments_90d",
    )}  # fmt: skip
    buys, left = of["orders"] > 0, (facts["stage"] == "exit").to_numpy()
    parts = _parts(facts)
    score = np.where(buys, weighed(parts, WEIGHTS), 0.0)
    new = (
        buys
        & (facts["first_day"] > pd.Timestamp(months_before(settings.today, int(settings["NEW_MONTHS"])))).to_numpy()
    )
    cuts = [(score >= settings[f"CREDIT_{level.upper()}"]) & buys for level in LEVELS[:-1]]
    classes = np.select([cuts[0] & ~new, cuts[1] & ~new, *cuts[2:]], LEVELS[:-1], LEVELS[-1])
    lowered = of["late_payments_90d"] >= settings["CREDIT_LATE"]
    term = np.where(lowered, TERMS[np.maximum(np.searchsorted(TERMS, of["term_days"]) - 1, 0)], of["term_days"])
    month = np.maximum(np.nan_to_num(of["average_month"]), 0)
    factor = np.array([settings[f"CREDIT_X_{level.upper()}"] for level in classes.tolist()], "float64")
    line = np.where(left | ~buys, 0.0, np.round(month * term / MONTH * factor, 2))
    told = {**of, **parts, "score": score, "new": new, "lowered": lowered, "term": term, "month": month, "factor": factor, "line": line, "left": left}  # fmt: skip
    new_months = settings["NEW_MONTHS"]
    reasons = Text.column(records(told), lambda row, lang: _reason(row, new_months, lang))
    columns = {
        "class": pd.Series(classes, facts.index, object),
        "reason": pd.Series(reasons, facts.index, object),
        "score": pd.Series(score, facts.index, "float64"),
        "line": pd.Series(line, facts.index, "float64"),
        "term_days": pd.Series(term, facts.index, "float64"),
    }
    return pd.DataFrame(columns)


def _parts(facts: pd.DataFrame) -> dict[str, Array]:
    """The four parts of the score, by id."""
    paid, overdue, late, owed, agreed, age = (
        facts[name].to_numpy("float64")
        for name in ("paid_on_time", "overdue", "overdue_days", "receivable", "credit_limit", "age_days")
    )
    base = np.where(agreed > 0, agreed, owed)
    parts = {
        "punctual": paid * 100,
        "age": np.where(np.isnan(late), np.nan, 100 - part_of(late, WORST_DEBT)),
        "size": np.where(
            overdue > 0, 100 - np.clip(overdue / np.where(base > 0, base, 1), 0, 1) * 100, overdue * 0 + 100
        ),
        "length": part_of(age, LONG),
    }
    return {id: tenths(np.where(np.isnan(part), NEUTRAL, part)) for id, part in parts.items()}


def _reason(row: Mapping[str, Any], new_months: float, lang: Lang) -> str:
    if not row["orders"]:
        return NEVER[lang]
    debt = NO_PAYMENTS[lang] if math.isnan(row["overdue"]) else NO_DEBT[lang]
    if row["overdue"] > 0:
        debt = DEBT[lang].format(age=row["age"], days=row["overdue_days"], size=row["size"], sum=row["overdue"])
    words = {
        "paid": NOTHING_DUE[lang] if math.isnan(row["paid_on_time"]) else f"{row['paid_on_time']:.0%}",
        "debt": debt,
        "years": row["age_days"] / 365,
        "months": row["term"] / MONTH,
        "new": NEW[lang].format(months=new_months) if row["new"] else "",
        "lowered": LOWERED[lang].format(times=row["late_payments_90d"], own=row["term_days"], term=row["term"])
        if row["lowered"]
        else "",
    }
    why = WHY[lang].format_map({**row, **words})
    return LEFT[lang].format(why=why) if row["left"] else why


CREDIT = Classification(
    "credit",
    Text("信用等级", "Credit class"),
    Text(
        "评分=按期付款率×50%+逾期天数得分×20%（无逾期100，90天及以上0）+逾期金额得分×15%（100减去占信用额度或应收余额的百分比）+合作年限得分×15%（3年及以上100），未知项按50；达到 CREDIT_AAA、CREDIT_AA、CREDIT_A、CREDIT_B 为AAA、AA、A、B，其余C；首单在 NEW_MONTHS 个月内的最高为A。近90天逾期付款达 CREDIT_LATE 次，账期在90、60、30、0天中降一级；建议额度=近12月有销售月份的月均额×账期月数×CREDIT_X_AAA、CREDIT_X_AA、CREDIT_X_A、CREDIT_X_B、CREDIT_X_C",
        "score = share paid on time × 50 % + days overdue × 20 % (100 without, 0 from 90 days) + amount overdue × 15 % (100 less its % of the credit limit or of the receivable) + length of the relation × 15 % (100 from 3 years), 50 where unknown; from CREDIT_AAA, CREDIT_AA, CREDIT_A, CREDIT_B on it is AAA, AA, A, B, the rest C; a first order within NEW_MONTHS: A at best. CREDIT_LATE late payments in 90 days lower the term to the next of 90, 60, 30, 0 days; limit = average of the months with sales of the last 12 × term in months × CREDIT_X_AAA, CREDIT_X_AA, CREDIT_X_A, CREDIT_X_B, CREDIT_X_C",
    ),
    tuple(Choice(level, Text.same(level.upper())) for level in LEVELS),
    compute,
)
