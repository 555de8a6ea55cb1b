"""The first page's figures, counted by hand on a small business."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from crmbook import forms, overview
from crmbook.form import Given
from crmbook.layout import chars
from crmbook.text import Text
from tests import made_up

POINTS, LIST, READABLE = 10, 9, 7.5  # of the workbook's font, of a list's, and of what can be read
REPORTS = [f for f in forms.ALL if f.rows is not None]
SOLD = [
    ("001", "2026-02-01", 900.0),
    ("002", "2026-03-01", 300.0),
    ("001", "2025-03-01", 500.0),
    ("003", "2025-12-01", 70.0),
]


def business(**more: Any) -> Given:
    """Four customers on 30 June 2026, one of whom bought nothing; every report made."""
    customers = [
        {"customer_id": f"00{n}", "name": name, "region": "east", **more.pop(f"c{n}", {})}
        for n, name in enumerate(("Anhua", "Boda", "Chenda", "Dongfang"), 1)
    ]
    given = made_up.given(customers=customers, orders=made_up.orders(*SOLD), **more)
    for form in REPORTS:
        given = replace(given, made={**given.made, form.id: form.rows(given)})
    return given


def lines(cells: Mapping[str, Any], *ids: str) -> list[tuple[Any, ...]]:
    """The lines of a list that hold anything."""
    count = sum(name.endswith(f".{ids[0]}") for name in cells)
    found = [tuple(cells[f"{line}.{id}"] for id in ids) for line in range(count)]
    return [line for line in found if any(value != "" for value in line)]


def test_key_figures_stand_against_the_same_days_of_last_year() -> None:
    figures = overview.standing(business())
    assert figures["sales.value"] == 1200
    assert figures["sales.change"] == pytest.approx(1200 / 500 - 1)
    assert (figures["active.value"], figures["active.change"]) == (2, 1)
    assert (figures["new.value"], figures["new.change"]) == (1, 0)  # 002 this year; 001 on the same days of last year
    assert figures["visits.value"] == figures["lost.value"] == 0


def test_what_is_not_known_is_a_dash_and_not_a_zero() -> None:
    figures = overview.standing(business())
    for id in ("margin", "achieved", "receivable", "overdue", "satisfaction"):
        assert figures[f"{id}.value"] == "—"
        assert figures.get(f"{id}.change", "") == ""


def test_a_margin_s_change_is_in_points() -> None:
    products = [{"product_id": "P1", "cost_price": 1.0}]
    orders = [
        {"order_id": "1", "line_no": 1, "customer_id": "001", "date": day, "product_id": "P1", "quantity": 60, "amount": amount}
        for day, amount in (("2026-02-01", 100), ("2025-02-01", 80))
    ]  # fmt: skip
    given = made_up.given(customers=[{"customer_id": "001", "name": "Anhua"}], products=products, orders=orders)
    figures = overview.standing(given)
    assert figures["margin.value"] == pytest.approx(0.4)
    assert figures["margin.change"] == pytest.approx(15)  # from 25 % to 40 %


def test_overdue_money_and_its_growth() -> None:
    figures = overview.standing(
        business(payments=[{"payment_id": "1", "date": "2026-04-01", "customer_id": "001", "amount": 400}])
    )
    assert figures["receivable.value"] == 500 + 900 - 400 + 300 + 70
    assert figures["overdue.value"] == figures["receivable.value"]


def test_the_largest_come_first_and_nobody_who_bought_nothing() -> None:
    found = overview.top(business(), 5)
    assert lines(found, "name", "sales", "growth") == [("Anhua", 900, pytest.approx(0.8)), ("Boda", 300, "")]
    assert found["4.name"] == ""


def test_a_list_without_a_line_says_so() -> None:
    given = made_up.one_customer()
    assert lines(overview.top(given, 3), "name") == [(overview.NO_SALES,)]
    assert lines(overview.risks(given, 3), "name") == [(overview.NO_RISKS,)]
    assert lines(overview.moves(given, 3), "name") == [(overview.NO_MOVES,)]
    assert lines(overview.to_do(given, 3), "name") == [(overview.NOTHING_TO_DO,)]


def test_risks_are_the_head_of_the_problem_list() -> None:
    given = business()
    found = lines(overview.risks(given, 10), "name", "severity", "kinds")
    rows = given.made["problems"]
    assert [name for name, _, _ in found] == rows["name"].tolist()
    assert found[0][1].en == "Serious"
    assert all(isinstance(kinds, Text) for _, _, kinds in found)


def test_moves_say_what_was_and_what_is() -> None:
    changes = pd.DataFrame(
        {"name": ["Anhua", "Boda"], "was": [Text.same("B"), "未列入"], "now": [Text.same("A"), None]}
    )
    found = overview.moves(replace(business(), made={"changes": changes}), 3)
    assert lines(found, "name", "move") == [("Anhua", Text.same("B→A")), ("Boda", Text.same("未列入→"))]


def test_to_do_holds_deadlines_greetings_and_visits_of_the_week_by_day() -> None:
    given = business(
        c1={"anniversary": "2019-07-03"}, c2={"anniversary": "2019-07-09"}, c4={"first_contact": "2026-01-01"}
    )
    deadline = pd.DataFrame({"no": [1], "deadline": ["2026-07-02"]}, index=pd.Index(["003"], name="customer_id"))
    found = lines(overview.to_do(replace(given, present={"problems": deadline}), 10), "day", "name", "what")
    dated = [(day.date(), name) for day, name, what in found if what in {overview.DEADLINE, overview.GREETING}]
    assert dated == [(date(2026, 7, 2), "Chenda"), (date(2026, 7, 3), "Anhua")]
    late = [
        (day.date(), name, what.en) for day, name, what in found if what not in {overview.DEADLINE, overview.GREETING}
    ]
    plan = given.made["visit_plan"]
    assert {name for _, name, _ in late} == set(plan.loc[plan["due"] <= pd.Timestamp(2026, 7, 7), "name"])
    assert all(what == f"Visit, {(made_up.TODAY - day).days} days late" for day, _, what in late if day < made_up.TODAY)
    assert [day for day, _, _ in found] == sorted(day for day, _, _ in found)


def test_an_anniversary_of_a_leap_day_returns_on_the_first_of_march() -> None:
    today = date(2027, 2, 25)
    given = made_up.given(
        customers=[{"customer_id": "001", "name": "Anhua", "anniversary": "2020-02-29"}], values={"AS_OF": today}
    )
    assert lines(overview.to_do(given, 3), "day", "name") == [(pd.Timestamp(2027, 3, 1), "Anhua")]


@pytest.mark.parametrize("name", ["甲" * 80, "Northern United Heavy Machinery " * 3, "甲乙机械 (Suzhou) 有限公司"])
def test_a_long_name_is_cut_where_its_cell_ends_and_says_so(name: str) -> None:
    shown, room = overview.short(name), 3 * 7.2  # characters of three columns of the page
    assert chars(shown) * LIST <= room * POINTS * POINTS / READABLE
    assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]) and chars(shown) > room * 0.9)


def test_a_name_that_has_room_stays_whole() -> None:
    for name in ("苏州绿洲环境工程技术有限公司", "Anhua Machinery", ""):
        assert overview.short(name) == name
