"""Whom to look after first: P1 important and urgent, P2 important, P3 urgent, P4 neither or gone.

Important: grade in force A or B, or a key account (service type). Urgent: a complaint past its due time · an overdue debt · high churn
risk · the next visit was due before today (`visiting.late_from`) · the contract ends within CONTRACT_DAYS, or has ended and stands
unrenewed. Who has left (stage exit) is P4.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from crmbook.classification import Classification, judged
from crmbook.figures import ledger, visiting
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text, in_days

GRADED, KEY = Text("{grade}级客户", "grade {grade}"), Text("大客户", "key account")
COMPLAINTS = Text("投诉逾期未结 {n:.0f} 件", "complaints past due: {n:.0f}")
OVERDUE = Text("逾期货款 {n:,.2f} 元", "{n:,.2f} yuan overdue")
CHURN = Text("流失风险高", "high churn risk")
VISIT = Text("应于 {day} 前拜访（已过 {days} 天）", "a visit due by {day} ({days} ago)")
ENDS = Text("合同 {day} 到期", "contract ends {day}")
ENDED = Text("合同已于 {day} 到期", "contract ended {day}")
NOT_IMPORTANT, NOT_URGENT = (
    Text("等级{grade}、非大客户", "grade {grade}, no key account"),
    Text("无紧急事项", "nothing urgent"),
)
IMPORTANT, URGENT, LEFT = (
    Text("重要：{why}", "important: {why}"),
    Text("紧急：{why}", "urgent: {why}"),
    Text("已退出", "has left"),
)
COMMA, BETWEEN = Text("、", ", "), Text("；", "; ")
TOLD = ("grade_final", "service_type", "stage", "complaints_overdue", "overdue", "churn_risk", "contract_end")  # fmt: skip
CLASSES = {(True, True): "p1", (True, False): "p2", (False, True): "p3", (False, False): "p4"}


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`grade_final`, other classifications, debts, complaints, contract) → class, reason."""
    due = visiting.late_from(facts, facts["grade_final"], settings)
    told = (ledger.plain(of) for of in (*(facts[name] for name in TOLD), due))
    rows = [dict(zip((*TOLD, "visit_due"), row, strict=True)) for row in zip(*told, strict=True)]
    soon = settings.today + timedelta(days=settings["CONTRACT_DAYS"])
    return judged([_priority(row, settings.today, soon) for row in rows], facts.index)


def _priority(customer: Mapping[str, Any], today: date, soon: date) -> tuple[str, Text]:
    """One customer's facts, the day of the report and that by which a contract ends soon → class and reason."""
    if customer["stage"] == "exit":
        return "p4", LEFT
    is_important, weight = _weight(customer["grade_final"].upper(), is_key=customer["service_type"] == "key")
    pressing = _pressing(customer, today, soon)
    said = [weight, _listed(URGENT, pressing) if pressing else NOT_URGENT]
    return CLASSES[is_important, bool(pressing)], Text.join(said, BETWEEN.zh, BETWEEN.en)


@cache
def _weight(grade: str, *, is_key: bool) -> tuple[bool, Text]:
    """Whether a customer of this grade is important, and why."""
    weighty = [GRADED.fill(grade=grade)] if grade in {"A", "B"} else []
    weighty += [KEY] if is_key else []
    return bool(weighty), _listed(IMPORTANT, weighty) if weighty else NOT_IMPORTANT.fill(grade=grade)


def _pressing(customer: Mapping[str, Any], today: date, soon: date) -> list[Text]:
    """All that is urgent about a customer."""
    found = []
    if customer["complaints_overdue"]:
        found.append(COMPLAINTS.fill(n=customer["complaints_overdue"]))
    if customer["overdue"]:
        found.append(OVERDUE.fill(n=customer["overdue"]))
    if customer["churn_risk"] == "high":
        found.append(CHURN)
    due, ends = customer["visit_due"], customer["contract_end"]
    if due is not None and due < today:
        found.append(VISIT.fill(day=due, days=in_days((today - due).days)))
    if ends is not None and ends <= soon:
        found.append((ENDS if ends >= today else ENDED).fill(day=ends))
    return found


def _listed(words: Text, whys: list[Text]) -> Text:
    return words.fill(why=Text.join(whys, COMMA.zh, COMMA.en))


PRIORITY = Classification(
    "priority",
    Text("跟进优先级", "Priority"),
    Text(
        "重要=最终等级A或B，或大客户；紧急=投诉逾期未结、货款逾期、流失风险高、已过应访日期，或合同在 CONTRACT_DAYS 天内到期（含已到期未续）。P1重要且紧急，P2重要，P3紧急，P4都不是；已退出的为P4",
        "important: grade in force A or B, or a key account; urgent: a complaint past due, an overdue debt, high churn risk, a visit past due, or a contract that ends within CONTRACT_DAYS or has ended. P1 important and urgent, P2 important, P3 urgent, P4 neither; who has left is P4",
    ),
    tuple(Choice(f"p{level}", Text.same(f"P{level}")) for level in range(1, 5)),
    compute,
)
