"""High value, potential, ordinary: frequent and large by the median or the mean of those who ordered."""

from datetime import date

import pandas as pd

from crmbook.classifications.value_class import VALUE_CLASS
from crmbook.settings import in_force


def classified(*orders_and_net, **settings):
    facts = pd.DataFrame(orders_and_net, columns=["orders_12m", "net_12m"])
    return VALUE_CLASS.compute(facts, in_force(settings, date(2024, 12, 31)))


def test_each_quarter_of_frequent_and_large():
    got = classified((9, 900.0), (1, 800.0), (8, 10.0), (1, 5.0), (0, 0.0))
    assert got["class"].tolist() == ["high", "potential", "ordinary", "ordinary", "ordinary"]
    assert got["orders_cut"].unique().tolist() == [4.5]
    assert got["net_cut"].unique().tolist() == [405]


def test_the_cut_itself_is_high():
    assert classified((2, 50.0), (2, 50.0))["class"].tolist() == ["high", "high"]


def test_the_mean_puts_fewer_above_the_cut():
    book = [(2, 10.0), (2, 10.0), (20, 1000.0)]
    assert classified(*book)["class"].tolist() == ["high", "high", "high"]
    assert classified(*book, VALUE_CUT="mean")["class"].tolist() == ["ordinary", "ordinary", "high"]


def test_frequent_and_small_is_ordinary_and_says_so():
    reason = classified((9, 900.0), (1, 800.0), (8, 10.0), (1, 5.0))["reason"][2]
    assert reason.zh == "近12月下单 8 次（分界 4.5，多次），销售额 10.00 元（分界 405.00，小额）"
    assert reason.en == "12 months: orders 8 (cut 4.5: often), sales 10.00 yuan (cut 405.00: small)"
