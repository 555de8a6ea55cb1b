"""The visit plan: who comes first, by which day and for what; nobody is sent to who has left."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from crmbook import book
from crmbook.forms.visit_plan import VISIT_PLAN
from crmbook.text import LANGS, Lang
from tests import excel_edits, made_up
from tests.reading import Reading
from tests.trouble_book import TABLES, TODAY

ANHUA = {"customer_id": "1", "name": "Anhua"}


def plan(*customers: dict, values: dict | None = None, **rows: made_up.Rows) -> pd.DataFrame:
    return VISIT_PLAN.rows(made_up.given(customers=customers, values=values, **rows)).set_index("customer_id")


def visit(day: str, state: str = "done") -> dict:
    return {"visit_id": f"V{day}", "customer_id": "1", "date": day, "state": state}


def test_the_interval_of_the_grade_counts_from_the_last_visit_that_was_done() -> None:
    visits = [visit("2026-01-01"), visit("2026-06-01", "cancelled"), visit("2026-06-02", "planned")]
    row = plan(ANHUA, visits=visits).loc["1"]
    assert (row["grade"], row["last_contact"], row["due"]) == ("d", pd.Timestamp("2026-01-01"), pd.Timestamp("2026-06-30"))  # fmt: skip
    assert (row["rule"], row["base"], row["days"], row["late"]) == ("interval", pd.Timestamp("2026-01-01"), 180, 0)
    assert plan(ANHUA, visits=visits, values={"VISIT_D": 170}).loc["1", "late"] == 10


def test_a_first_order_and_a_closed_complaint_have_rules_of_their_own() -> None:
    bought = made_up.orders(("1", "2026-06-20", 10))
    row = plan(ANHUA, orders=bought).loc["1"]
    assert (row["rule"], row["due"], row["late"]) == ("first", pd.Timestamp("2026-06-27"), 3)
    closed = {"request_id": "R1", "customer_id": "1", "received": "2026-06-22", "closed": "2026-06-23 15:00", "type": "complaint"}  # fmt: skip
    row = plan(ANHUA, orders=bought, service=[closed]).loc["1"]
    assert (row["rule"], row["due"], row["late"]) == ("call", pd.Timestamp("2026-06-24"), 6)


def test_what_stands_above_the_table_counts_by_priority_and_by_rule() -> None:
    bought = made_up.orders(("2", "2026-06-20", 900), ("3", "2026-06-29", 800))
    given = made_up.given(customers=[{"customer_id": id} for id in "123"], orders=bought)
    cells = VISIT_PLAN.cells(given, VISIT_PLAN.rows(given))
    assert [cells[f"by_rule.1.{id}"] for id in ("count", "late", "week", "month")] == [2, 1, 1, 1]
    for id in ("count", "late", "week", "month"):
        assert sum(cells[f"by_priority.{at}.{id}"] for at in range(4)) == sum(
            cells[f"by_rule.{at}.{id}"] for at in range(3)
        )


def test_who_has_left_is_not_listed() -> None:
    assert plan(ANHUA, {"customer_id": "2", "state": "ended"}).index.tolist() == ["1"]


def test_the_first_priority_stands_first_and_in_it_the_visit_due_first() -> None:
    bought = made_up.orders(("2", "2026-06-20", 900), ("3", "2026-06-10", 800), ("4", "2026-06-29", 5))
    rows = plan(*({"customer_id": id} for id in "1234"), orders=bought)
    assert rows["priority"].is_monotonic_increasing
    assert rows["no"].tolist() == [1, 2, 3, 4]
    for _, same in rows.groupby("priority"):
        assert same["due"].is_monotonic_increasing
    assert rows.index[0] == "3"


@pytest.mark.parametrize(
    ("customer", "rows", "purpose"),
    [
        ({}, {}, "Needs"),
        ({}, {"orders": made_up.orders(("1", "2026-06-25", 10))}, "After-sales"),
        ({}, {"orders": made_up.orders(("1", "2026-06-25", 10)), "visits": [visit("2026-06-26")]}, "Demo"),
        ({"contract_end": "2026-07-15"}, {"visits": [visit("2026-06-26")]}, "Negotiation"),
        ({"contract_end": "2027-07-15"}, {"visits": [visit("2026-06-26")]}, "Needs"),
        ({"contract_end": "2026-07-15"}, {"orders": made_up.orders(("1", "2026-02-25", 10)), "payments": [{"payment_id": "P1", "customer_id": "1", "date": "2026-06-01", "amount": 1}]}, "Collection"),
        ({}, {"service": [{"request_id": "R1", "customer_id": "1", "received": "2026-06-22", "type": "complaint"}]}, "Complaint"),
    ],
)  # fmt: skip
def test_the_purpose_is_the_first_there_is_reason_for(customer: dict, rows: dict, purpose: str) -> None:
    assert plan({**ANHUA, **customer}, **rows).loc["1", "suggested"].en == purpose


def test_the_playbooks_points_for_the_purpose_and_the_priority_are_added() -> None:
    lines = [
        {"line_id": "P1", "form": "visit_plan", "condition": "需求调研", "measure": "ask {{ name }}"},
        {"line_id": "P2", "form": "客户拜访计划表", "measure": "smile"},
        {"line_id": "P3", "form": "priority", "condition": "P4", "measure": "by phone"},
        {"line_id": "P4", "form": "visit_plan", "condition": "Collection", "measure": "not this"},
    ]
    said = plan(ANHUA, playbook=lines).loc["1", "suggested"]
    assert (said.en, said.zh) == ("Needs: ask Anhua; smile; by phone", "需求调研：ask Anhua；smile；by phone")


def test_the_situation_is_the_stage_and_why() -> None:
    assert plan(ANHUA).loc["1", "state"].en == "Identify: listed only, not contacted"


@pytest.mark.office
@pytest.mark.parametrize("lang", LANGS)
def test_a_new_interval_moves_the_day_in_the_sheet(tmp_path: Path, lang: Lang) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, rows in TABLES.items():
        (source / f"{name}.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, lang=lang, as_of=date(TODAY.year, 12, 31), forms=["visit_plan"])
    assert book.verify(path).differences == []
    id, value = {"zh": ("公式名称", "值"), "en": ("Name in formulas", "Value")}[lang]
    excel_edits.edit(
        path,
        [
            {"do": "type", "table": "crm_settings", "where": {id: f"VISIT_{g}"}, "column": value, "value": 33}
            for g in "ABCD"
        ],
    )
    moved = book.verify(path).differences
    book.refresh(path)
    sheet = Reading(path).tables["crm_visit_plan"]
    key, due = {"zh": ("客户编号", "应访日期"), "en": ("Customer ID", "Visit due")}[lang]
    days = {k[0]: day for k, day in sheet.column_of(due, key).items()}
    assert days == dict.fromkeys(("K1", "K2", "K3"), (date(2026, 6, 25) - date(1899, 12, 30)).days + 33)
    assert len(moved) > 0
    assert book.verify(path).differences == []
