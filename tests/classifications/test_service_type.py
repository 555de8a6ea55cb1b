"""Service type: by the will to relate, the largest of the willing are key accounts."""

from datetime import date

import numpy as np
import pandas as pd

from crmbook.classifications.service_type import SERVICE_TYPE
from crmbook.settings import in_force


def served(*customers, **settings):
    """Customers as (will to relate, price sensitivity, net sales of 12 months)."""
    facts = pd.DataFrame(customers, columns=["relation_will", "price_sensitivity", "net_12m"], dtype="float64")
    return SERVICE_TYPE.compute(facts, in_force(settings, date(2024, 12, 31)))


def test_the_will_decides_whatever_the_price_sensitivity():
    book = [(3, 5, 10), (3, 1, 10), (4, 5, 10), (4, 1, 10), (4, np.nan, 90), (np.nan, 5, 99)]
    assert served(*book, SERVICE_KEY=0.2)["class"].tolist() == ["t", "t", "r", "r", "key", "unknown"]
    assert served((4, 4, 10), (5, 4, 10), SERVICE_HIGH=5, SERVICE_KEY=0)["class"].tolist() == ["t", "r"]


def test_key_accounts_are_the_given_share_of_the_willing_and_equal_sales_share_it():
    willing = [(5, 1, net) for net in (50, 40, 30, 20, 10)]
    assert served(*willing, (1, 1, 900))["class"].tolist() == ["key", "r", "r", "r", "r", "t"]
    assert served(*willing, SERVICE_KEY=0.4)["class"].tolist() == ["key", "key", "r", "r", "r"]
    tie = [(5, 1, net) for net in (50, 50, 30, 20, 10)]
    assert served(*tie)["class"].tolist() == ["key", "key", "r", "r", "r"]


def test_who_bought_nothing_is_no_key_account():
    assert served((5, 1, 0), (5, 1, -3))["class"].tolist() == ["r", "r"]


def test_the_reason_names_both_scores_and_how_to_serve():
    reasons = served((2, 5, 0), (5, np.nan, 80), (np.nan, 2, 0), (4, 3, 10))["reason"]
    assert reasons[0].zh == "关系意愿 2 分（低于 4），价格敏感度 5 分，高：由一般人员服务，不增加成本"
    assert (
        reasons[1].en
        == "will to relate 5, price sensitivity not asked; 80 yuan in 12 months, 0.0% of the relational bought more (limit 20%): a person or team of its own"
    )
    assert reasons[2].en == "will to relate not asked, price sensitivity 2, low"
    assert reasons[3].en == "will to relate 4 (high from 4), price sensitivity 3, low: senior staff"
