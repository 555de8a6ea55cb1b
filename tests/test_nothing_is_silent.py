"""What a refresh leaves out or cannot read is said, with its place: rows apart from the table, days ahead, odd answers."""

import re
from datetime import date, timedelta

import pytest

from crmbook import book
from crmbook.ooxml import Package, Workbook
from crmbook.problems import CannotProceedError
from tests import excel_edits, small_book
from tests.staff import GRADING, KEY, ORDERS


@pytest.fixture
def path(tmp_path):
    return small_book.build(tmp_path)


def below(path, gap):
    """Edits that type two order lines under the table of orders, `gap` blank lines below it."""
    table = Workbook(Package.open(path)).tables[ORDERS]
    first = table.last_row + gap + 1
    return [
        {"do": "type_at", "sheet": table.sheet.name, "ref": f"{column}{row}", "value": value}
        for row in (first, first + 1)
        for column, value in (("A", f"N{row}"), ("C", "2026-06-01"), ("D", "K001"), ("H", 5000))
    ]


def said(outcome, *words):
    return [p for p in outcome.problems if all(w in p.line("zh") for w in words)]


def test_rows_below_a_blank_line_are_said_to_be_left_out(path):
    excel_edits.edit(path, below(path, 1))
    (problem,) = said(book.refresh(path), "没有读取")
    assert (problem.count, problem.severity) == (2, "error")
    assert problem.where.startswith("订单!A")


def test_rows_directly_below_are_read(path):
    excel_edits.edit(path, below(path, 0))
    assert not said(book.refresh(path), "没有读取")


def test_rows_after_the_day_of_the_report_are_said_to_be_left_out(path):
    late = book.refresh(path, as_of=small_book.TODAY - timedelta(days=100))
    (problem,) = said(late, "没有计入", "基准日期")
    assert problem.count > 1
    assert not said(book.refresh(path), "没有计入")
    assert date.today() > small_book.TODAY


def test_an_approved_grade_that_is_none_is_named_with_its_cell(path):
    edit = {"do": "type", "table": GRADING, "where": {KEY[GRADING]: "K001"}, "column": "核定等级", "value": "S"}
    excel_edits.edit(path, [edit])
    (problem,) = [p for p in book.refresh(path).problems if p.form == "grading"]
    assert (problem.form, problem.key, problem.severity) == ("grading", "K001", "warning")
    assert book.check(path).problems == book.refresh(path).problems


def test_a_report_without_its_key_stops_with_the_column_named(path):
    package = Package.open(path)
    table = Workbook(package).tables[GRADING]
    key = KEY[GRADING]
    for part, old, new in ((table.part, f'name="{key}"', 'name="x"'), (table.sheet.part, f">{key}<", ">x<")):
        package.write(part, package.read(part).decode().replace(old, new).encode())
    name = rb'<definedName[^>]*"_crm\.grading\.customer_id"[^>]*>[^<]*</definedName>'
    package.write(package.workbook, re.sub(name, b"", package.read(package.workbook)))
    with path.open("w+b") as out:
        package.save(out)
    before = path.read_bytes()
    with pytest.raises(CannotProceedError) as stopped:
        book.refresh(path)
    assert stopped.value.problem.where == "客户分级表"
    assert key.removesuffix("代码") in stopped.value.problem.line("zh")
    assert path.read_bytes() == before
