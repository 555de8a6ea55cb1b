"""Tables that speak of each other: doubles, strangers, circles, days to come."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook.reading.crosscheck import check, meant
from crmbook.schema import BY_ID
from tests.typed_tables import CUSTOMERS, ORDERS, at, frame, read_all, said, whole


def test_the_second_row_of_a_key_is_left_out():
    tables, problems = whole(customers=pd.concat([CUSTOMERS, frame(customer_id=["C1"], name=["Again"])]))
    assert said(problems) == [
        ("customers!customer_id2", "error", "Customer ID C1 stands twice, there is a row with it above")
    ]
    assert tables["customers"]["name"].tolist() == ["Ann", "Bob"]


def test_order_lines_without_a_number_are_counted_on_within_their_order():
    orders = pd.concat([ORDERS[:1]] * 4).assign(line_no=[None, 5, None, "5"])
    tables, problems = whole(orders=orders)
    assert tables["orders"]["line_no"].tolist() == [6, 5, 7]
    assert [p.where for p in problems] == ["orders!order_id3"]


def test_an_unknown_customer_is_told_once_however_many_rows_it_has():
    _, problems = whole(orders=pd.concat([ORDERS.assign(customer_id="C9", line_no=n) for n in range(1, 31)]))
    assert [(p.where, p.what.en, p.count) for p in problems] == [
        ("orders!customer_id0", "customer C9 is not in the table of customers (60 rows)", 60)
    ]


def test_of_many_unknown_customers_fifty_are_named_and_the_rows_of_the_rest_counted():
    orders = frame(
        order_id=[str(i) for i in range(160)], date="2026-01-01", customer_id=[f"X{i // 2}" for i in range(160)]
    )
    _, problems = whole(orders=orders)
    assert (len(problems), sum(p.count for p in problems)) == (51, 160)
    assert problems[-1].what.en == "Customer ID: 60 more rows have the same problem"


@pytest.mark.parametrize("table", ["orders", "payments", "visits", "service", "surveys"])
def test_rows_of_an_unknown_customer_are_left_out(table):
    key = BY_ID[table].key[0]
    raw = frame(
        **{key: ["9"], "date": ["2026-01-01"], "received": ["2026-01-01"], "customer_id": ["C9"], "amount": ["1"]}
    )
    tables, problems = whole(**{table: raw})
    assert ("error", "customer C9 is not in the table of customers") in [(p.severity, p.what.en) for p in problems]
    assert tables[table].empty


def test_an_unknown_product_is_a_warning_only_where_there_is_a_list_of_products():
    orders = ORDERS.assign(product_id=["P9", None])
    assert whole(orders=orders)[1] == []
    tables, problems = whole(orders=orders, products=frame(product_id=["P1"], name=["Pump"]))
    assert said(problems) == [("orders!product_id0", "warning", "product P9 is not in the table of products")]
    assert len(tables["orders"]) == 2


def linked(**links):
    ids = list(links)
    raw = frame(customer_id=ids, name=ids, parent_id=list(links.values()))
    return read_all({"customers": raw, "orders": ORDERS[:0]})


def test_links_to_nobody_and_to_oneself_count_as_blank():
    tables, problems = linked(A="X", B="B", C="A")
    assert [(p.where, p.what.en) for p in problems if p.form == "customers"] == [
        ("customers!parent_id0", "Parent customer ID X is not in the table of customers"),
        ("customers!parent_id1", "Parent customer ID is the customer itself"),
    ]
    assert tables["customers"]["parent_id"].tolist() == [None, None, "A"]


def test_a_circle_of_links_is_told_once_and_cut():
    tables, problems = linked(T="A", A="B", B="C", C="A", D="T", E=None)
    circles = [p for p in problems if p.form == "customers"]
    assert [(p.where, p.key, p.what.en) for p in circles] == [
        ("customers!parent_id1", "A", "Parent customer ID goes in a circle: A → B → C → A")
    ]
    assert tables["customers"]["parent_id"].tolist() == ["A", None, None, None, "T", None]


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8))
def test_links_that_remain_always_come_to_an_end(links):
    tables, _ = linked(**{f"c{i}": f"c{to}" for i, to in enumerate(links)})
    leads = dict(zip(tables["customers"]["customer_id"], tables["customers"]["parent_id"], strict=True))
    for start in leads:
        here, steps = start, 0
        while here is not None:
            here, steps = leads[here], steps + 1
            assert steps <= len(leads)


def test_targets_know_regions_by_name_and_aim_at_somebody():
    targets = frame(
        month=["2026-01"] * 5,
        scope=["公司", "区域", "区域", "客户经理", "客户"],
        object=[None, "华东", "Mars", "Zoe", "C1"],
        amount=[1] * 5,
    )
    tables, problems = whole(targets=targets)
    assert tables["targets"]["object"].tolist() == [None, "east", "Mars", "Zoe", "C1"]
    assert said(problems) == [
        ("targets!object2", "warning", "no customer belongs to the Region “Mars”"),
        ("targets!object3", "warning", "no customer belongs to the Account manager “Zoe”"),
    ]
    assert [problem.key.zh for problem in problems] == ["2026-01-01/区域/Mars", "2026-01-01/客户经理/Zoe"]


@pytest.mark.parametrize(("typed", "known"), [("1", "001"), ("c-3", "C-003"), ("C 3", "C03"), ("００１", "001"), ("A01B2", "A1B02")])  # fmt: skip
def test_an_unknown_number_that_only_lost_its_noughts_is_guessed(typed, known):
    assert meant([known, "X9", "0"])(typed) == known


def test_a_guess_that_could_be_two_is_none():
    assert meant(["01", "001"])("1") is None
    assert meant(["10", "2"])("1") is None


def test_the_guess_stands_in_the_way_to_mend_it():
    customers = frame(customer_id=["001", "002"], name=["Ann", "Bob"])
    _, problems = whole(customers=customers, orders=ORDERS.assign(customer_id=[1.0, "002"]))
    (problem,) = problems
    assert problem.line("en") == (
        "orders!customer_id0: customer 1 is not in the table of customers. Did you mean “001”? Correct the number or "
        "add the customer; until then the row is left out"
    )


def test_requests_and_contacts_of_unknown_customers_are_left_out_and_unknown_products_are_not():
    contacts = frame(contact_id=["1", "2"], customer_id=["C1", "C9"], name=["Ann", "Bob"])
    service = frame(request_id=["1", "2"], received="2026-01-07", customer_id=["C2", "C9"], product_id=["P9", None])
    tables, problems = whole(contacts=contacts, service=service, products=frame(product_id=["P1"], name=["Pump"]))
    assert said(problems) == [
        ("contacts!customer_id1", "error", "customer C9 is not in the table of customers"),
        ("service!customer_id1", "error", "customer C9 is not in the table of customers"),
        ("service!product_id0", "warning", "product P9 is not in the table of products"),
    ]
    assert (len(tables["contacts"]), len(tables["service"])) == (1, 1)


def test_checking_what_was_checked_changes_nothing():
    tables, _ = whole(products=frame(product_id=["P1"], name=["Pump"]))
    again, problems = check(tables, at)
    assert problems == []
    for id, table in tables.items():
        pd.testing.assert_frame_equal(again[id], table)
