"""A small made-up business: tables as tidied from what staff typed, and all that a form is given."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from crmbook import planning, schema
from crmbook.form import Given
from crmbook.problems import Problem
from crmbook.settings import in_force

TODAY = date(2026, 6, 30)
Rows = Sequence[Mapping[str, Any]]


def table(id: str, rows: Rows = ()) -> pd.DataFrame:
    """Rows → a typed frame with every column of the schema's table; what a row does not name is blank."""
    frame = pd.DataFrame([dict(r) for r in rows], columns=[c.id for c in schema.BY_ID[id].columns], dtype=object)
    for column in schema.BY_ID[id].columns:
        if column.kind in {"date", "moment"}:
            frame[column.id] = pd.to_datetime(frame[column.id])
        elif column.kind in {"number", "money", "percent", "score"}:
            frame[column.id] = frame[column.id].astype("float64")
        else:
            frame[column.id] = frame[column.id].where(frame[column.id].notna(), None)
    return frame


def orders(*lines: tuple[str, str, float]) -> Rows:
    """(customer, day, amount) … → order lines, each an order of its own."""
    return [
        {"order_id": f"O{n}", "line_no": 1, "customer_id": customer, "date": day, "quantity": 1, "amount": amount}
        for n, (customer, day, amount) in enumerate(lines, 1)
    ]


def given(*, present: Mapping[str, pd.DataFrame] | None = None, problems: Sequence[Problem] = (), values: Mapping[str, Any] | None = None, **rows: Rows) -> Given:  # fmt: skip
    """The rows of some tables → what a form is given on TODAY; the other tables are empty."""
    tables = {id: table(id, rows.get(id, ())) for id in schema.BY_ID}
    settings = in_force(values or {}, TODAY)
    now = planning.classified(tables, settings, (present or {}).get("grading"))
    before = planning.classified(tables, settings.a_year_earlier())
    return Given(tables, now, before, settings, present or {}, tuple(problems))


@cache
def shop() -> Given:
    """Three customers, one without a region and one without an order; a return, a target, a visit, a measure."""
    return given(
        customers=[
            {"customer_id": "001", "name": "Anhua", "region": "east", "potential": 5000, "credit_limit": 900},
            {"customer_id": "002", "name": "Boda", "referrer_id": "001", "first_contact": "2024-05-05"},
            {"customer_id": "003", "name": "Chenda", "region": "north", "referrer_id": "002", "parent_id": "001"},
        ],
        products=[{"product_id": "P1", "name": "Valve", "category": "Parts", "cost_price": 60}],
        orders=[
            *orders(("001", "2026-01-05", 800.5), ("002", "2026-03-01", 300), ("001", "2025-02-01", 500)),
            {"order_id": "O9", "line_no": 1, "customer_id": "001", "date": "2026-04-01", "product_id": "P1", "quantity": -1, "amount": -100},
        ],
        payments=[{"payment_id": "R1", "date": "2026-02-01", "customer_id": "001", "amount": 400}],
        visits=[{"visit_id": "V1", "date": "2026-06-01", "customer_id": "001", "way": "phone", "state": "done"}],
        surveys=[{"survey_id": "S1", "date": "2026-05-01", "customer_id": "001", "quality": "good"}],
        targets=[{"month": "2026-01-15", "scope": "region", "object": "East", "amount": 2000}],
        playbook=[{"line_id": "P1", "form": "value_class", "measure": "{{ name }}: {{ net_12m|money }}"}],
        problems=[Problem("Orders!C17", schema.NOTE.label, schema.NOTE.label, "error", "orders", "O1")],
    )  # fmt: skip


@cache
def empty() -> Given:
    """A business on its first day: no table has a row."""
    return given()


@cache
def one_customer() -> Given:
    """One customer, no order."""
    return given(customers=[{"customer_id": "001", "name": "Anhua"}])
