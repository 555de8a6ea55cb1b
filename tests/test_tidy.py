"""Rows as staff type them: what is understood, what is told, what is left out."""

import pandas as pd
import pytest

from crmbook.reading import tidy
from crmbook.schema import BY_ID, Table
from tests.typed_tables import CUSTOMERS, ORDERS, frame, said, whole


def test_a_typed_frame_has_every_column_of_its_table_in_the_kinds_promised():
    row = frame(order_id=[1.0], date=[45866.0], customer_id=["C1"], amount=["1.2万"])
    orders = tidy.understand(BY_ID["orders"], row, lambda a, b: "").typed
    assert list(orders.columns) == [c.id for c in BY_ID["orders"].columns]
    assert orders.loc[0, ["order_id", "date", "amount", "channel"]].tolist() == [
        "1",
        pd.Timestamp("2025-07-28"),
        12000.0,
        None,
    ]
    assert (orders["date"].dtype.kind, orders["amount"].dtype.kind, orders["order_id"].dtype) == ("M", "f", object)


@pytest.mark.parametrize("id", list(BY_ID))
def test_a_table_without_rows_still_has_its_columns_and_kinds(id):
    nothing = tidy.empty(id)
    assert list(nothing.columns) == [c.id for c in BY_ID[id].columns]
    assert all(nothing[c.id].dtype.kind == "M" for c in BY_ID[id].columns if c.kind in {"date", "moment"})


def test_moments_keep_their_time_of_day_and_the_reading_is_told_with_it():
    requests = frame(
        request_id=["1", "2", "3"],
        received=["2026-7-28 14:30", "2026年7月28日 14时30分", "2026-7-28"],
        customer_id=["C1"] * 3,
        closed=[None, pd.Timestamp("2026-07-29 08:15"), "morning"],
    )
    tables, problems = whole(service=requests)
    moment = pd.Timestamp("2026-07-28 14:30")
    assert tables["service"]["received"].tolist() == [moment, moment]
    assert tables["service"]["closed"].tolist() == [pd.NaT, pd.Timestamp("2026-07-29 08:15")]
    assert said(problems) == [
        ("service!received1", "warning", "“2026年7月28日 14时30分” is counted as 2026-07-28 14:30"),
        ("service!closed2", "error", "“morning” is not a valid date and time"),
    ]


def test_true_is_not_the_number_one():
    _, problems = whole(orders=ORDERS.assign(amount=[1.0, True]))
    assert said(problems) == [("orders!amount1", "error", "“TRUE” is not an amount of money")]


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, pd.NaT])
def test_a_blank_among_numbers_is_one_however_pandas_tells_it(blank):
    raw = pd.DataFrame({**ORDERS, "amount": pd.Series([1.5, blank], dtype=object)})
    assert whole(orders=raw)[0]["orders"]["amount"].fillna(-1).tolist() == [1.5, -1]


def test_a_row_that_cannot_be_read_is_left_out_and_its_problem_names_the_cell_and_the_row():
    tables, problems = whole(orders=ORDERS.assign(amount=["一千二", "20"]))
    (problem,) = problems
    assert (problem.where, problem.key, problem.form, problem.severity) == ("orders!amount0", "1", "orders", "error")
    assert problem.line("zh") == "orders!amount0：“一千二”不是金额。请只填数字，如 1234.50；改正前该行不计入"
    assert tables["orders"].index.tolist() == [1]


def test_a_customer_is_not_left_out_for_an_optional_cell():
    customers = CUSTOMERS.assign(anniversary=["soon", None], name=["Ann", " "])
    tables, problems = whole(customers=customers)
    assert [(p.where, p.severity) for p in problems] == [
        ("customers!name1", "warning"),
        ("customers!anniversary0", "warning"),
    ]
    assert tables["customers"]["name"].tolist() == ["Ann", "C2"]
    assert len(tables["orders"]) == 2


def test_blank_rows_are_passed_over_in_silence_and_positions_stay():
    orders = pd.concat([ORDERS[:1], frame(order_id=[None, "\u3000"]), ORDERS[1:]])
    tables, problems = whole(orders=orders)
    assert (tables["orders"].index.tolist(), problems) == ([0, 3], [])


def test_blank_needed_cells_are_problems():
    tables, problems = whole(orders=ORDERS.assign(date=[None, "2026-01-06"], customer_id=["C1", " "]))
    assert said(problems) == [
        ("orders!date0", "error", "Date is blank"),
        ("orders!customer_id1", "error", "Customer ID is blank"),
    ]
    assert tables["orders"].empty


def test_the_same_problem_is_named_fifty_times_and_then_counted():
    many = pd.DataFrame(
        {"order_id": [str(i) for i in range(80)], "date": "2026-01-01", "customer_id": "C1", "amount": "x"},
        dtype=object,
    )
    _, problems = whole(orders=pd.concat([ORDERS, many]))
    assert (len(problems), sum(p.count for p in problems)) == (51, 80)
    assert problems[-1].what.en == "Amount: 30 more rows have the same problem"


def test_what_is_counted_otherwise_than_typed_is_shown_once_per_column():
    _, problems = whole(orders=ORDERS.assign(amount=["1.2万", "1,000"]))
    assert said(problems) == [
        ("orders!amount0", "warning", "“1.2万” is counted as 12000 (2 cells like this in the column)")
    ]
    assert problems[0].count == 2


def test_braces_in_a_cell_are_only_braces():
    _, problems = whole(orders=ORDERS.assign(amount=["{count}", "20"], customer_id=["C1", "{id}"]))
    assert said(problems) == [
        ("orders!amount0", "error", "“{count}” is not an amount of money"),
        ("orders!customer_id1", "error", "customer {id} is not in the table of customers"),
    ]


@pytest.mark.parametrize("table", BY_ID.values(), ids=lambda t: t.id)
def test_values_once_read_are_read_the_same_again(table: Table):
    typed = {
        "date": "2025年7月28日",
        "moment": "2025年7月28日 9时30分",
        "number": "1",
        "money": "1",
        "score": "1",
        "id": "１",
    }
    raw = pd.DataFrame(
        [{c.id: c.choices[0].name.zh if c.choices else typed.get(c.kind, "x") for c in table.columns}], dtype=object
    )
    understood = tidy.understand(table, raw, lambda a, b: "")
    again = tidy.understand(table, understood.carried(raw), lambda a, b: "")
    pd.testing.assert_frame_equal(again.frame, understood.frame)
