"""ABC by sales against the published table of 43 customers, and at its edges."""

from datetime import date

import pandas as pd
import pytest

from crmbook.classifications.abc import ABC
from crmbook.settings import in_force

# Customer ABC of 43 amounts, total 1,040 thousand, at 55/85 %: the trade paper Xiaoshou yu Shichang, 2/1995.
PUBLISHED = [131, 66, 54, 48, 44, 39, 37, 34, 28, 28, 27, 27, 26, 26, 25, 25, 24, 22, 21, 21, 21, 21, 18, 17, 17, 16, 16, 16, 15, 15, 13, 11, 11, 10, 10, 10, 10, 9, 8, 6, 6, 6, 5]  # fmt: skip


def classes(amounts, **settings):
    facts = pd.DataFrame({"net_period": [float(a) for a in amounts]}, index=[f"C{n}" for n in range(len(amounts))])
    return ABC.compute(facts, in_force(settings, date(2024, 12, 31)))


def counts(amounts, **settings):
    of = list(classes(amounts, **settings)["class"])
    return [of.count(letter) for letter in "abc"]


def test_the_published_table_at_its_own_cuts():
    assert sum(PUBLISHED) == 1040
    assert counts(PUBLISHED, ABC_A=0.55, ABC_B=0.85, ABC_TIES="position") == [12, 15, 16]


def test_the_published_table_at_the_default_cuts():
    assert counts(PUBLISHED, ABC_TIES="position") == [24, 11, 8]


def test_equal_customers_share_the_better_class_by_default():
    # cuts through the ties of 27 and 26, and of 10: by share each tie stands where its first does
    assert counts(PUBLISHED, ABC_A=0.55, ABC_B=0.85) == [12, 16, 15]
    assert counts(PUBLISHED) == [25, 12, 6]


def test_a_spreadsheet_formula_gives_the_same_cumulative_share():
    got = classes(PUBLISHED)
    for amount, cumulative in zip(PUBLISHED, got["cumulative"], strict=True):
        assert cumulative == pytest.approx((sum(a for a in PUBLISHED if a > amount) + amount) / 1040, abs=1e-9)


def test_a_share_on_the_cut_is_within_it():
    assert list(classes([80, 15, 5])["class"]) == ["a", "b", "c"]


@pytest.mark.parametrize("ties", ["share", "position"])
def test_the_largest_customer_is_a_even_when_alone_beyond_the_cut(ties):
    assert list(classes([95, 5], ABC_TIES=ties)["class"]) == ["a", "c"]


def test_two_equal_largest_customers_are_both_a():
    assert list(classes([50, 50], ABC_A=0.4)["class"]) == ["a", "a"]


def test_net_sales_not_above_zero_are_unrated_and_out_of_the_total():
    got = classes([60, 0, 40, -500])
    assert list(got["class"]) == ["a", "none", "c", "none"]
    assert got["share"].fillna(-1).tolist() == [0.6, -1, 0.4, -1]


def test_the_reason_speaks_with_figures():
    reason = classes([75, 25])["reason"].iloc[0]
    assert reason.zh == "销售额 75.00 元，占 75.0%，累计 75.0%"
    assert reason.en == "sales 75.00 yuan, 75.0% of all, cumulative 75.0%"
