"""Sums become formulas only where these come to the same: small and clean books; where staff insist, it is said why not."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from crmbook.problems import Problem
from crmbook.reading import formula_mode
from crmbook.settings import in_force
from tests.made_up import TODAY
from tests.typed_tables import read_all

ORDER = {"order_id": "O1", "line_no": 1, "date": datetime(2026, 3, 1), "customer_id": "K1", "quantity": 2, "price": 5, "amount": 10.5}  # fmt: skip
PAID = {"payment_id": "R1", "date": datetime(2026, 3, 1), "customer_id": "K1", "amount": 10}


def asked(*, customers: tuple[Any, ...] = ("K1", "K2"), order: Mapping[str, Any] | None = None, paid: Mapping[str, Any] | None = None, **values: object) -> tuple[bool, list[Problem]]:  # fmt: skip
    def locate(table: str, row: int, column: str) -> str:
        return f"{table}!{row}:{column}"

    rows = {
        "customers": [{"customer_id": id, "name": f"Customer {id}"} for id in customers],
        "orders": [ORDER, {**ORDER, "line_no": 2, **(order or {})}],
        "payments": [{**PAID, **(paid or {})}],
    }
    raw = {id: pd.DataFrame(of, dtype=object) for id, of in rows.items()}
    tables, _ = read_all(raw, locate)
    return formula_mode.live(tables, raw, in_force(values, TODAY), locate)


def test_small_and_clean_books_have_formulas() -> None:
    assert asked() == (True, [])
    assert asked(FORMULAS="formulas") == (True, [])


def test_values_are_values() -> None:
    assert asked(FORMULAS="values") == (False, [])


def test_large_books_have_values_unless_staff_insist() -> None:
    assert asked(FORMULA_CELLS=4) == (True, [])
    assert asked(FORMULA_CELLS=3) == (False, [])
    assert asked(FORMULA_CELLS=3, FORMULAS="formulas") == (True, [])


@pytest.mark.parametrize(
    "clean",
    [
        {"amount": None},  # quantity × price
        {"amount": None, "quantity": None},
        {"quantity": "2", "price": None},
        {"quantity": "2", "price": 0.5},  # text is not counted with beside an amount
        {"date": date(2026, 3, 1)},
        {"amount": -3},
        {"price": 0.333},  # not asked where an amount is filled
    ],
)
def test_what_formulas_read_as_we_do_is_clean(clean: dict) -> None:
    assert asked(order=clean) == (True, [])


@pytest.mark.parametrize(
    ("order", "where"),
    [
        ({"amount": "10.5"}, "orders!1:amount"),
        ({"amount": 10.505}, "orders!1:amount"),
        ({"amount": None, "quantity": "2"}, "orders!1:quantity"),
        ({"amount": None, "price": 0.333}, "orders!1:amount"),
        ({"date": "2026-3-1"}, "orders!1:date"),
        ({"date": datetime(2026, 3, 1, 15, 30)}, "orders!1:date"),
        ({"date": 20260301}, "orders!1:date"),
        ({"date": None}, "orders!1:order_id"),  # left out
        ({"line_no": 1}, "orders!1:order_id"),  # the same line twice
        ({"customer_id": "K9"}, "orders!1:order_id"),
        ({"customer_id": " K1"}, "orders!1:customer_id"),
        ({"customer_id": "\uff2b1"}, "orders!1:customer_id"),
    ],
)
def test_what_formulas_would_read_otherwise_keeps_values_and_says_where(order: dict, where: str) -> None:
    assert asked(order=order) == (False, [])
    live, problems = asked(order=order, FORMULAS="formulas")
    assert not live
    assert [(p.where, p.severity, p.form) for p in problems] == [(where, "warning", "orders")]


def test_payments_must_be_clean_too() -> None:
    assert asked(paid={"amount": "1万"}, FORMULAS="formulas")[1][0].where == "payments!0:amount"


@pytest.mark.parametrize(
    "ids",
    [("K1", "k1"), ("K1", "1", "001"), ("K1", "K*"), ("K1", "~K"), ("K1", ">5"), ("K1", "=K"), ("K1", "1E5"), ("K1", "2024-001"), ("K1", "May 5"), ("K1", "TRUE"), ("K1", "1" * 16)],
)  # fmt: skip
def test_ids_that_a_formula_confuses_keep_values(ids: tuple[str, ...]) -> None:
    assert asked(customers=ids) == (False, [])
    assert asked(customers=ids, FORMULAS="formulas")[1][0].form == "customers"


@pytest.mark.parametrize("ids", [("K1", "1001", "0017"), ("K1", "KH-0001", "Ya 5", "客户.7"), ("K1", "T/R_2 #4")])
def test_ids_that_a_formula_tells_apart_are_well(ids: tuple[str, ...]) -> None:
    assert asked(customers=ids) == (True, [])
