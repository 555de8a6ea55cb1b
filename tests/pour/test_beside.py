"""Columns begun beside the table of the grading book, G to I, are poured as the table's own."""

from dataclasses import replace

import pytest

from crmbook import binding
from crmbook.binding import Standing
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.beside import widened
from crmbook.plan import FormPlan, Plan
from crmbook.pour import pour
from tests.handmade import COLUMNS, cell, opened, package, saved
from tests.pour.grading import GROWN, ONE, PRESENT, poured, text

PART = "xl/tables/table1.xml"
BEGUN = "".join(
    f'<c r="{c}4" t="inlineStr"><is><t>{said}</t></is></c>' for c, said in zip("GHI", "甲乙丙", strict=True)
)
DATA = package({ONE: ('<c r="F4" s="1" t="s"><v>5</v></c>', f'<c r="F4" s="1" t="s"><v>5</v></c>{BEGUN}')})


def wide(data: bytes = DATA) -> tuple[Workbook, dict[str, Standing]]:
    workbook, standings = opened(data)
    standing = standings["grading"]
    table = widened(workbook, standing.table)
    unknown = tuple(c for c in range(1, table.last_col + 1) if c not in COLUMNS.values())
    return workbook, {"grading": replace(standing, table=table, unknown=unknown)}


@pytest.fixture(scope="module")
def grown() -> Package:
    workbook, standings = wide()
    assert pour(workbook, Plan((GROWN,)), standings)
    return Package.open(saved(workbook))


def test_what_stands_in_them_goes_with_its_row(grown: Package):
    assert "<v>11</v>" in cell(grown, ONE, "H8")
    assert "<f>C8+1</f>" in cell(grown, ONE, "I8")
    assert not cell(grown, ONE, "H6")
    assert '<comment ref="H8"' in text(grown, "xl/comments1.xml")


def test_the_table_and_its_filter_reach_over_them(grown: Package):
    table = text(grown, PART)
    assert table.count('ref="A4:I9"') == 2
    assert '<tableColumns count="9">' in table
    assert '<tableColumn id="10" name="甲"/><tableColumn id="11" name="乙"/><tableColumn id="12" name="丙"/>' in table


def test_the_next_pour_finds_nothing_to_do(grown: Package):
    workbook, standings = opened(grown.source)
    assert not pour(workbook, Plan((replace(GROWN, source=[0, 1, 2, 3, 4]),)), standings)


@pytest.mark.parametrize("plan", [PRESENT, FormPlan("grading", {})], ids=["a report", "an entry form"])
def test_where_no_row_moves_only_the_table_changes(plan: FormPlan):
    workbook, standings = wide()
    assert pour(workbook, Plan((plan,)), standings)
    assert {name for name in workbook.package.changed if name.startswith("xl/worksheets")} == set()
    assert PART in workbook.package.changed
    again, standings = opened(saved(workbook))
    assert not pour(again, Plan((plan,)), standings)


def test_a_comment_in_them_holds_its_row():
    workbook, standings = wide()
    assert binding.annotated(workbook, standings["grading"]) == [0, 1]


def test_without_headers_nothing_is_taken_in():
    book = poured(package(), GROWN)
    assert "<v>11</v>" in cell(book, ONE, "H6")
    assert 'ref="A4:F9"' in text(book, PART)
