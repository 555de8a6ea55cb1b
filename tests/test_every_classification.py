"""The contract every classification keeps: one known class for each customer, with its reason, whatever the order of rows."""

import re
from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmbook import classifications, schema
from crmbook.classification import Classification
from crmbook.figures import ledger
from crmbook.settings import DEFAULTS, in_force
from crmbook.text import LANGS, Text
from tests import made_up

TODAY = date(2024, 2, 29)
every_classification = pytest.mark.parametrize("c", classifications.ALL, ids=lambda c: c.id)
modest = settings(max_examples=20, deadline=None)  # each example is a whole book


def choice(table, column):
    return st.sampled_from([None, *(c.id for c in schema.BY_ID[table].column(column).choices)])


def rows(**columns):
    return st.lists(st.fixed_dictionaries(columns), max_size=5)


ids = st.integers(0, 9).map("C{}".format)
numbers = st.uuids().map(str)
day = st.integers(-1200, 30).map(lambda n: pd.Timestamp(TODAY + timedelta(n)))
points = st.none() | st.integers(1, 5)
customers = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": ids,
            "state": choice("customers", "state"),
            "left_on": st.none() | day,
            "first_contact": st.none() | day,
            "contract_end": st.none() | day,
            "potential": st.none() | st.integers(0, 900),
            "credit_limit": st.none() | st.integers(0, 900),
            "price_sensitivity": points,
            "relation_will": points,
            "agreement": choice("customers", "agreement"),
            "executive_visits": st.none() | st.integers(0, 9),
            "joint_plan": choice("customers", "joint_plan"),
        }
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row["customer_id"],
)
cents = st.integers(-20_000, 90_000).map(lambda n: n / 100)
order = st.fixed_dictionaries(
    {"order_id": numbers, "customer_id": ids, "date": day, "amount": cents, "cost": st.none() | st.integers(0, 500)}
)
others = st.fixed_dictionaries(
    {
        "payments": rows(payment_id=numbers, customer_id=ids, date=day, amount=st.integers(0, 900)),
        "visits": rows(visit_id=numbers, customer_id=ids, date=day, state=choice("visits", "state")),
        "contacts": rows(
            contact_id=numbers, customer_id=ids, department=st.sampled_from([None, "A", "B"]),
            role=choice("contacts", "role"), attitude=choice("contacts", "attitude"),
        ),
        "service": rows(
            request_id=numbers, customer_id=ids, received=day, closed=st.none() | day,
            type=choice("service", "type"), level=choice("service", "level"),
        ),
        "surveys": rows(
            survey_id=numbers, customer_id=ids, date=day, quality=choice("surveys", "quality"),
            price=choice("surveys", "price"), recommend=st.none() | st.integers(0, 10),
        ),
    }
)  # fmt: skip
choices = st.fixed_dictionaries(
    {
        "ABC_TIES": st.sampled_from(["share", "position"]),
        "VALUE_CUT": st.sampled_from(["median", "mean"]),
        "RFM_CUT": st.sampled_from(["mean", "median", "quintile", "fixed"]),
    }
)


def facts_of(customers, orders=(), chosen=None, **others):
    """The facts of a small book."""
    given = {"customers": customers, "orders": orders, **others}
    return ledger.facts({id: made_up.table(id, rows) for id, rows in given.items()}, in_force(chosen or {}, TODAY))


def classified(facts, chosen=None):
    """The facts with the columns of every classification, each of which keeps the contract."""
    for c in classifications.ALL:
        found = keeps_the_contract(c, facts, in_force(chosen or {}, TODAY))
        facts = pd.concat([facts, found.rename(columns={name: beside(c, name) for name in found})], axis=1)
        if c.id == "grade":
            facts["grade_final"] = facts["grade"]
    return facts


def beside(c: Classification, name):
    return c.id if name == "class" else f"{c.id}_{name}"


def keeps_the_contract(c: Classification, facts, settings):
    before = facts.copy()
    got = c.compute(facts, settings)
    pd.testing.assert_frame_equal(facts, before)  # what it was given is left alone
    assert list(got.index) == list(facts.index)
    assert set(got["class"]) <= {choice.id for choice in c.classes}, c.id
    for reason in got["reason"]:
        assert isinstance(reason, Text), c.id
        for lang in LANGS:
            assert reason[lang], c.id
            assert not re.search(r"[{}]|nan|None|NaT|\binf\b", reason[lang]), reason[lang]
    assert list(got.columns[:2]) == ["class", "reason"], c.id
    assert all(pd.api.types.is_float_dtype(got[figure]) for figure in got.columns[2:]), c.id
    assert not {beside(c, name) for name in got} & set(facts), c.id  # a column of that name would hide another
    return got


@modest
@given(who=customers, orders=st.lists(order, max_size=20), others=others, chosen=choices)
def test_every_customer_has_one_known_class_and_a_reason(who, orders, others, chosen):
    classified(facts_of(who, orders, chosen, **others), chosen)


@modest
@given(who=customers, orders=st.lists(order, max_size=20), others=others, chosen=choices, seed=st.integers(0, 9))
def test_neither_the_order_of_customers_nor_of_orders_matters(who, orders, others, chosen, seed):
    chosen = {**chosen, "ABC_TIES": "share"}  # by position, the place in the list is the rule
    other_way = Random(seed).sample(who, len(who))
    one = classified(facts_of(who, orders, chosen, **others), chosen)
    other = classified(facts_of(other_way, orders[::-1], chosen, **others), chosen)
    pd.testing.assert_frame_equal(one, other.reindex(one.index))


def test_a_book_without_orders_is_classified():
    assert len(classified(facts_of([{"customer_id": "C0"}, {"customer_id": "C1"}]))) == 2


def test_a_book_with_one_customer_is_classified():
    orders = [{"order_id": "O", "customer_id": "C0", "date": TODAY, "amount": 12.5}]
    assert len(classified(facts_of([{"customer_id": "C0"}], orders))) == 1


def test_a_book_without_customers_is_classified():
    assert len(classified(facts_of([]))) == 0


@every_classification
def test_the_rule_is_said_in_words_and_its_settings_are_there(c):
    for lang in LANGS:
        named = re.findall(r"[A-Z]+(?:_[A-Z0-9*]+)+", c.rule[lang])
        assert named
        assert [name for name in named if not any(re.fullmatch(name.replace("*", ".*"), id) for id in DEFAULTS)] == []


@every_classification
def test_the_id_is_that_of_the_file(c):
    assert c.compute.__module__ == f"crmbook.classifications.{c.id}"
