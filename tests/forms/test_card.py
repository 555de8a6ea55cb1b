"""客户卡片: whom it shows, and that it shows what the other forms hold of that customer."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest

from crmbook import forms
from crmbook.form import Given
from crmbook.text import Text, said
from tests import made_up

BY_ID = {f.id: f for f in forms.ALL}
CARD = BY_ID["card"]
REPORTS = ("grading", "sales", "relationship", "profiles")


def given(**more) -> Given:
    found = made_up.given(
        customers=[
            {"customer_id": "a", "name": "Anhua", "owner": "Wang  Fang ", "first_contact": "2024-02-29", "term_days": 45},
            {"customer_id": "b", "name": "Boda 2", "region": "east", "credit_limit": 900},
            {"customer_id": "c", "name": "Anhua"},
        ],
        orders=made_up.orders(("a", "2026-05-05", 100), ("b", "2026-06-05", 250.5), ("b", "2025-06-05", 200), ("b", "2025-08-01", 7)),
        payments=[{"payment_id": "1", "date": "2026-06-06", "customer_id": "b", "amount": 400}],
        **more,
    )  # fmt: skip
    for id in REPORTS:
        found = replace(found, made={**found.made, id: BY_ID[id].rows(found)})
    return found


def card(pick: object, of: Given | None = None) -> dict[str, object]:
    made = of or given()
    cells = CARD.cells(replace(made, typed={"card": {"picked": pick}}), pd.DataFrame())
    return {name: said(value, "en") for name, value in cells.items()}


def test_a_new_card_shows_who_bought_most_and_one_whose_picker_is_blank_nobody():
    assert CARD.cells(given(), pd.DataFrame())["picked"] == "b Boda 2"
    assert card(None)["who.row"] == ""
    assert CARD.cells(made_up.empty(), pd.DataFrame())["picked"] == ""


@pytest.mark.parametrize(
    ("pick", "id"),
    [("b Boda 2", "b"), (" B  boda 2 ", "b"), ("b", "b"), ("Boda 2", ""), ("c Anhua", "c"), ("2", ""), ("Bod", ""), ("b*", ""), ("", "")],
)  # fmt: skip
def test_a_customer_is_found_by_the_words_of_the_list_and_by_its_id(pick, id):
    cells = card(pick)
    assert cells["who.customer_id"] == id
    assert cells["who.row"] == ({"a": 1, "b": 2, "c": 3}[id] if id else "")


def test_it_shows_what_the_forms_hold():
    cells = card("b")
    assert (cells["who.region"], cells["who.credit_limit"], cells["who.contract_end"], cells["who.owner"]) == (
        "East",
        900,
        "",
        "",
    )
    assert (cells["figures.sales.value"], cells["figures.before.value"]) == (250.5, 200)
    assert cells["figures.sales.change"] == pytest.approx(0.2525)
    assert (cells["figures.orders.value"], cells["figures.receivable.value"]) == (1, 57.5)
    assert [cells[f"orders.{n}.order_day"] for n in range(5)] == [
        datetime(2026, 6, 5),
        datetime(2025, 8, 1),
        datetime(2025, 6, 5),
        "",
        "",
    ]
    assert [cells[f"orders.{n}.order_amount"] for n in range(5)] == [250.5, 7, 200, "", ""]
    other = card("a")
    assert (other["who.owner"], other["who.first_contact"], other["who.term_days"]) == (
        "Wang Fang",
        datetime(2024, 2, 29),
        45,
    )
    assert card("c")["figures.sales.change"] == ""


def test_the_months_end_with_that_of_today():
    cells = card("b")
    assert [cells[f"months.{n}.month"] for n in (0, 1, 6, 11)] == ["Jul", "Aug", "Jan", "Jun"]
    assert [cells[f"months.{n}.net"] for n in (0, 1, 10, 11)] == [0, 7, 0, 250.5]


def test_the_grade_is_the_one_that_staff_approved_with_the_reason_of_the_suggested_one():
    approved = pd.DataFrame({"approved": ["C"]}, index=["b"])
    cells = card("b", given(present={"grading": approved}))
    assert (cells["figures.grade.value"], cells["classes.0.classes"]) == ("C", "C")
    assert str(cells["classes.0.reasons"]).startswith("score")


def test_nobody_picked_leaves_nothing_but_what_to_do():
    cells = card("nobody")
    assert cells["who.name"] == Text("", "There is no “nobody”: choose from the list").en
    left = {name for name, value in cells.items() if value != ""}
    assert left == {"picked", "who.name"} | {name for name in cells if name.endswith((".month", ".class"))}
