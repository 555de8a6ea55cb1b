"""A workbook gives back what was put into it."""

import io

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from crmbook import paths
from crmbook.binding import name_of
from crmbook.ooxml import Package, Workbook
from crmbook.problems import CannotProceedError
from crmbook.schema import ALL, BY_ID
from crmbook.sources import csv_folder, workbook
from crmbook.text import LANGS
from tests import broken_books

DATA = [table.id for table in ALL if table.id != "settings"]  # the workbook has a line for every setting


def read(data):
    return workbook.read_workbook(Workbook(Package.open(data)))


@pytest.mark.parametrize("lang", LANGS)
def test_the_tables_of_a_built_workbook_are_those_of_its_source(built, lang):
    reading, source = read(built(lang)), csv_folder.read(paths.SAMPLE_DATA, lang)
    assert reading.problems == source.problems == []
    for id in DATA:
        pd.testing.assert_frame_equal(
            reading.tables[id].reset_index(drop=True), source.tables[id].reset_index(drop=True)
        )


def test_a_workbook_is_read_from_its_path_like_from_memory(built, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(built("zh"))
    assert workbook.SOURCE.reads(path)
    reading = workbook.SOURCE.read(path, "zh", None)
    pd.testing.assert_frame_equal(reading.tables["orders"], read(built("zh")).tables["orders"])


def test_a_problem_names_the_cell_in_the_words_of_the_workbook(built):
    stands = broken_books.standing(built("en"), "orders")
    (problem,) = read(broken_books.text_in_amount(built("en"))).problems
    assert problem.where == stands.address(0, "amount")
    assert problem.where.startswith("Orders!")


def test_a_date_typed_as_text_is_understood_and_shown(built):
    reading = read(broken_books.typed(built("zh"), "orders", "date", 0, "2025年7月28日"))
    assert reading.tables["orders"]["date"][0] == pd.Timestamp("2025-07-28")
    assert [(p.severity, p.what.en) for p in reading.problems] == [
        ("warning", "“2025年7月28日” is counted as 2025-07-28")
    ]


def test_an_order_whose_formula_fails_is_told_and_not_counted_by_what_else_stands_there(built):
    reading, whole = read(broken_books.failed_formula(built("zh"))), read(built("zh"))
    assert [(p.severity, p.what.en) for p in reading.problems] == [
        ("error", "the formula comes to #N/A"),
        ("warning", "the formula comes to #N/A"),
    ]
    assert len(reading.tables["orders"]) == len(whole.tables["orders"]) - 1
    assert reading.tables["orders"]["seller"].isna().sum() == whole.tables["orders"]["seller"].isna().sum() + 1


def test_codes_keep_what_they_are_made_of(built):
    book = broken_books.typed(built("zh"), "customers", "credit_code", 0, "007\u3000")
    assert read(book).tables["customers"]["credit_code"][0] == "007"


def test_an_optional_column_that_is_gone_is_unknown(built):
    book = broken_books.without_column(built("zh"), "orders", "channel")
    reading = read(book)
    assert reading.problems == []
    assert reading.tables["orders"]["channel"].isna().all()
    assert any(name.startswith("?") for name in reading.raw["orders"])


@pytest.mark.parametrize("column", [c.id for c in BY_ID["orders"].columns if c.required])
def test_a_needed_column_that_is_gone_stops_the_run_and_says_how_to_mend_it(built, column):
    with pytest.raises(CannotProceedError) as caught:
        read(broken_books.without_column(built("zh"), "orders", column))
    assert caught.value.problem.where == "订单"
    assert BY_ID["orders"].column(column).label.zh in caught.value.problem.fix.zh


KEYS = ("order_id", "date", "customer_id")
LABELS = [BY_ID["orders"].column(id).label.zh for id in KEYS]


def pasted(row: int, *, header: list[str]) -> Workbook:
    """Orders whose table begins in row 4; all was deleted, and an export with this header pasted from a row on."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "订单"
    sheet["A4"], sheet["B4"], sheet["C4"] = "列1", "列2", "列3"  # as Excel calls them then
    for at, line in enumerate([header, *(["SO1", "2026-01-05", "C1"] for _ in range(6))]):
        for column, cell in enumerate(line, 1):
            sheet.cell(row + at, column, cell)
    sheet.add_table(Table(displayName="crm_orders", ref="A4:C9"))
    for column, id in zip("ABC", KEYS, strict=True):
        name = name_of("orders", id)
        book.defined_names[name] = DefinedName(name, attr_text=f"订单!${column}$4", hidden=True)
    out = io.BytesIO()
    book.save(out)
    return Workbook(Package.open(out.getvalue()))


@pytest.mark.parametrize("row", [1, 3, 5])
def test_an_export_pasted_beside_the_tables_header_stops_the_run_and_says_where_it_belongs(row):
    with pytest.raises(CannotProceedError) as caught:
        workbook.read_entry(pasted(row, header=LABELS), "orders", BY_ID["orders"].columns)
    assert caught.value.problem.where == f"订单!A{row}"
    assert f"row {row}, but that of the table is row 4" in caught.value.problem.what.en


def test_an_export_that_begins_where_the_table_begins_is_read():
    entry = workbook.read_entry(pasted(4, header=LABELS), "orders", BY_ID["orders"].columns)
    assert len(entry.understood.typed) == 6  # the last of them under the table


def test_headers_of_other_words_are_the_tables_where_it_begins():
    found = pasted(4, header=["何时", "单号", "谁"])
    assert workbook.read_entry(found, "orders", BY_ID["orders"].columns) is not None
