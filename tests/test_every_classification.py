"""The contract every classification keeps: one known class for each customer, with its reason, whatever the order of rows."""

import re
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmbook import classifications, ledger
from crmbook.classification import Classification
from crmbook.settings import in_force
from crmbook.text import LANGS, Text

TODAY = date(2024, 2, 29)
every_classification = pytest.mark.parametrize("c", classifications.ALL, ids=lambda c: c.id)
modest = settings(max_examples=15, deadline=None)  # each example is a whole book

ids = st.integers(0, 9).map("C{}".format)
day = st.integers(-1200, 30).map(lambda n: pd.Timestamp(TODAY + timedelta(n)))
customers = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": ids,
            "state": st.sampled_from([None, "active", "ended"]),
            "left_on": st.none() | day,
            "first_contact": st.none() | day,
            "potential": st.none() | st.integers(0, 900),
        }
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row["customer_id"],
)
order = st.fixed_dictionaries(
    {"order_id": st.uuids().map(str), "customer_id": ids, "date": day, "amount": st.integers(-200, 900), "cost": st.none() | st.integers(0, 500)}
)  # fmt: skip
paid = st.fixed_dictionaries({"customer_id": ids, "date": day, "amount": st.integers(0, 900)})
choices = st.fixed_dictionaries(
    {"ABC_TIES": st.sampled_from(["share", "position"]), "VALUE_CUT": st.sampled_from(["median", "mean"])}
)


def facts_of(customers, orders, payments=(), chosen=None):
    """The facts of a small book."""
    tables = {"customers": pd.DataFrame(customers), "orders": pd.DataFrame(orders), "payments": pd.DataFrame(payments)}
    for table in tables.values():
        for column in {"date", "left_on", "first_contact"} & set(table):
            table[column] = pd.to_datetime(table[column])
    return ledger.facts(tables, in_force(chosen or {}, TODAY))


def keeps_the_contract(c: Classification, facts, chosen=None):
    before = facts.copy()
    got = c.compute(facts, in_force(chosen or {}, TODAY))
    pd.testing.assert_frame_equal(facts, before)  # what it was given is left alone
    assert list(got.index) == list(facts.index)
    assert set(got["class"]) <= {choice.id for choice in c.classes}
    for reason in got["reason"]:
        assert isinstance(reason, Text)
        for lang in LANGS:
            assert reason[lang]
            assert not re.search(r"[{}]|nan|None|NaT", reason[lang]), reason[lang]
    assert list(got.columns[:2]) == ["class", "reason"]
    assert all(pd.api.types.is_float_dtype(got[figure]) for figure in got.columns[2:])
    return got


@every_classification
@modest
@given(who=customers, orders=st.lists(order, max_size=20), payments=st.lists(paid, max_size=5), chosen=choices)
def test_every_customer_has_one_known_class_and_a_reason(c, who, orders, payments, chosen):
    keeps_the_contract(c, facts_of(who, orders, payments, chosen), chosen)


@every_classification
@modest
@given(who=customers, orders=st.lists(order, max_size=20), seed=st.integers(0, 9))
def test_neither_the_order_of_customers_nor_of_orders_matters(c, who, orders, seed):
    facts = facts_of(who, orders)
    shuffled = facts_of(pd.DataFrame(who).sample(frac=1, random_state=seed).to_dict("records"), orders[::-1])
    one, other = (c.compute(each, in_force({}, TODAY)) for each in (facts, shuffled))
    pd.testing.assert_frame_equal(one, other.reindex(one.index))


@every_classification
def test_a_book_without_orders_is_classified(c):
    keeps_the_contract(c, facts_of([{"customer_id": "C0"}, {"customer_id": "C1"}], []))


@every_classification
def test_a_book_with_one_customer_is_classified(c):
    orders = [{"order_id": "O", "customer_id": "C0", "date": TODAY, "amount": 12.5}]
    keeps_the_contract(c, facts_of([{"customer_id": "C0"}], orders))


@every_classification
def test_a_book_without_customers_is_classified(c):
    assert len(keeps_the_contract(c, facts_of([{"customer_id": "C0"}], []).head(0))) == 0


@every_classification
def test_the_id_is_that_of_the_file(c):
    assert c.compute.__module__ == f"crmbook.classifications.{c.id}"
