"""Priority: important and urgent, each by every one of its reasons. Today is 31 December 2024."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crmbook.classifications.priority import PRIORITY
from crmbook.settings import in_force

TODAY = date(2024, 12, 31)
DAYS = ("contract_end", "last_contact", "last_day", "first_day", "first_contact", "complaint_closed")
QUIET = {
    "grade_final": "c", "service_type": "r", "stage": "maintain", "complaints_overdue": 0, "overdue": np.nan, "churn_risk": "low",
    "contract_end": None, "last_contact": TODAY, "last_day": TODAY, "first_day": date(2020, 1, 1), "first_contact": None, "complaint_closed": None,
}  # fmt: skip


def ago(days):
    return TODAY - timedelta(days)


def priority(*several, **settings):
    customer = QUIET
    for more in several:
        customer = customer | more
    facts = pd.DataFrame([customer])
    for name in DAYS:
        facts[name] = pd.to_datetime(facts[name])
    return PRIORITY.compute(facts, in_force(settings, TODAY)).iloc[0]


IMPORTANT = [{"grade_final": "a"}, {"grade_final": "b"}, {"service_type": "key"}]
URGENT = [
    {"complaints_overdue": 1},
    {"overdue": 0.01},
    {"churn_risk": "high"},
    {"last_contact": ago(91)},  # grade C: every 90 days
    {"contract_end": ago(-30)},
    {"contract_end": ago(0)},
    {"contract_end": ago(200)},
]
CALM = [
    {},
    {"overdue": 0.0},
    {"churn_risk": "medium"},
    {"last_contact": ago(90)},
    {"contract_end": ago(-31)},
    {"grade_final": "d", "last_contact": ago(91)},
]


@pytest.mark.parametrize("urgent", URGENT)
def test_each_urgent_matter_alone_makes_p3(urgent):
    assert priority(urgent)["class"] == "p3"


@pytest.mark.parametrize("calm", CALM)
def test_what_is_not_urgent_stays_p4(calm):
    assert priority(calm)["class"] == "p4"


@pytest.mark.parametrize("important", IMPORTANT)
def test_the_important_are_p2_and_with_anything_urgent_p1(important):
    assert priority(important)["class"] == "p2"
    assert all(priority(important, urgent)["class"] == "p1" for urgent in URGENT)


def test_who_has_left_is_p4_whatever_else():
    assert priority(*IMPORTANT, *URGENT, {"stage": "exit"})["class"] == "p4"


def test_the_limits_are_settings():
    assert priority({"contract_end": ago(-31)}, CONTRACT_DAYS=31)["class"] == "p3"
    assert priority({"last_contact": ago(10)}, VISIT_C=9)["class"] == "p3"


def test_the_reason_lists_why():
    every = priority({"grade_final": "a", "service_type": "key", "complaints_overdue": 2, "overdue": 1234.5, "churn_risk": "high", "last_contact": ago(32), "contract_end": ago(-5)})  # fmt: skip
    assert every["reason"].zh == (
        "重要：A级客户、大客户；紧急：投诉逾期未结 2 件、逾期货款 1,234.50 元、流失风险高、应于 2024-12-29 前拜访（已过 2 天）、合同 2025-01-05 到期"
    )
    assert every["reason"].en == (
        "important: grade A, key account; urgent: complaints past due: 2, 1,234.50 yuan overdue, high churn risk, a visit due by 2024-12-29 (2 days ago), contract ends 2025-01-05"
    )
    assert priority()["reason"].zh == "等级C、非大客户；无紧急事项"
    assert (
        priority({"contract_end": ago(3)})["reason"].en == "grade C, no key account; urgent: contract ended 2024-12-28"
    )
    assert priority({"stage": "exit"})["reason"].en == "has left"
