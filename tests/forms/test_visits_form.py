"""The visits: the customer's name stands beside the id, as the formula in the cell finds it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from crmbook import book
from crmbook.binding import bind, rows
from crmbook.forms.visits import VISITS
from crmbook.ooxml import Package, Workbook
from tests import excel_edits, made_up


def test_the_name_follows_the_id_as_typed() -> None:
    given = made_up.given(customers=[{"customer_id": "c01", "name": "Anhua"}, {"customer_id": "7", "name": "Boda"}])
    raw = pd.DataFrame({"customer_id": ["C01", 7.0, "unknown", None]})
    assert VISITS.shown(given, raw)["customer"].tolist() == ["Anhua", "Boda", "", ""]


def test_the_name_stands_right_after_the_id() -> None:
    ids = [c.column.id for c in VISITS.columns]
    assert ids[ids.index("customer_id") + 1] == "customer"


def test_of_two_customers_with_one_id_the_first_is_shown() -> None:
    given = made_up.given(customers=[{"customer_id": "c1", "name": "Anhua"}, {"customer_id": "C1", "name": "Boda"}])
    assert VISITS.shown(given, pd.DataFrame({"customer_id": ["C1"]}))["customer"].tolist() == ["Anhua"]


@pytest.mark.office
def test_an_id_typed_as_a_number_in_one_sheet_and_as_text_in_the_other_is_the_same(tmp_path: Path) -> None:
    source, path = tmp_path / "source", tmp_path / "book.xlsx"
    source.mkdir()
    (source / "customers.csv").write_text("customer_id,name\n1001,Anhua\n1002,Boda\n0003,Chenda\n", "utf-8")
    (source / "orders.csv").write_text("order_id,date,customer_id,amount\nO1,2026-01-05,1001,100\n", "utf-8")
    visits = [f"V{n},2026-02-0{n},{id}" for n, id in enumerate(("1001", "1002", "0003", "0003"), 1)]
    (source / "visits.csv").write_text("\n".join(["visit_id,date,customer_id", *visits]) + "\n", "utf-8")
    book.build(path, source=source, as_of=date(2026, 6, 30))
    typed = {("crm_customers", "1001"): 1001, ("crm_visits", "1002"): 1002}
    edits = [{"do": "type", "table": table, "where": {"客户编号": id}, "column": "客户编号", "value": value} for (table, id), value in typed.items()]  # fmt: skip
    edits.append({"do": "type", "table": "crm_visits", "where": {"拜访编号": "V4"}, "column": "客户编号", "value": "3"})
    excel_edits.edit(path, edits)
    book.refresh(path)
    workbook = Workbook(Package.open(path))
    standing = bind(workbook, "visits", [c.column for c in VISITS.columns])
    assert standing is not None
    assert rows(workbook, standing)["customer"].tolist() == ["Anhua", "Boda", "Chenda", None]
    assert book.verify(path).differences == []
