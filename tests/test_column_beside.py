"""A column that staff began beside a table, in a program that does not widen tables: it becomes the table's, and its notes travel."""

import shutil
from pathlib import Path

import pytest

from crmbook import book
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from tests import excel_edits, libreoffice_edits
from tests.excel_file import ExcelFile
from tests.excel_references import box, name_of
from tests.reading import Reading
from tests.staff import CUSTOMERS, GRADING, KEY, ORDERS

NOTES, VISITED = "我的备注", "走访"


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """The small book, to be worked on."""
    return Path(shutil.copy(small, tmp_path / "book.xlsx"))


def beside(path: Path, table: str, *headers: object, gap: int = 0) -> tuple[list[excel_edits.Edit], dict[str, str]]:
    """Headers typed to the right of the table, and under each a word for every customer; and those words by customer."""
    found = ExcelFile(path).tables[table]
    rows = {key[0]: row for key, row in Reading(path).tables[table].keys(KEY[table]).items()}
    said = {key: f"话{key}" for key in rows}
    edits: list[excel_edits.Edit] = []
    for column, header in enumerate(headers, found.area[2] + 1 + gap):
        cells = {found.area[1]: header, **{row: said[key] for key, row in rows.items()}}
        edits += [
            {"do": "type_at", "sheet": found.sheet, "ref": name_of(column, row), "value": value}
            for row, value in cells.items()
        ]
    return edits, said


def typed(path: Path, table: str, *headers: object, gap: int = 0) -> dict[str, str]:
    """`beside`, done; the table is not widened."""
    edits, said = beside(path, table, *headers, gap=gap)
    excel_edits.edit(path, edits)
    return said


def upside_down(path: Path) -> None:
    """The customer who bought least becomes the first."""
    ranked = [key[0] for key in Reading(path).tables[GRADING].keys(KEY[GRADING])]
    values = {"订单号": "X001", "日期": 46180, "客户编号": ranked[-1], "金额": 99_999}
    excel_edits.edit(path, [{"do": "append_row", "table": ORDERS, "values": values}])


def said_beside(path: Path, table: str, header: str) -> dict[str, object]:
    found = Reading(path).tables[table].column_of(header, KEY[table])
    return {key[0]: value for key, value in found.items()}


def test_notes_beside_a_report_travel_with_their_customer(path: Path):
    said = typed(path, GRADING, NOTES, VISITED)
    before = list(Reading(path).tables[GRADING].keys(KEY[GRADING]))
    upside_down(path)
    assert book.refresh(path).wrote
    after = Reading(path).tables[GRADING]
    assert list(after.keys(KEY[GRADING])) != before
    assert after.headers[-2:] == [NOTES, VISITED]
    assert said_beside(path, GRADING, NOTES) == said_beside(path, GRADING, VISITED) == said
    assert lint(Package.open(path)) == set()
    assert not book.refresh(path).wrote


@pytest.mark.office
@pytest.mark.parametrize("table", [GRADING, CUSTOMERS])
def test_a_column_typed_in_libreoffice_is_taken_in(path: Path, tmp_path: Path, table: str):
    edits, said = beside(path, table, NOTES)
    edited = tmp_path / "edited.xlsx"
    libreoffice_edits.edit(path, edits, edited, tmp_path / "profile")
    assert Reading(edited).tables[table].headers == Reading(path).tables[table].headers
    upside_down(edited)
    book.refresh(edited)
    assert said_beside(edited, table, NOTES) == said


def test_a_note_beside_holds_the_row_of_a_customer_who_has_gone(path: Path):
    said = typed(path, GRADING, NOTES)
    excel_edits.edit(path, [{"do": "delete_row", "table": CUSTOMERS, "where": {KEY[CUSTOMERS]: "K003"}}])
    book.refresh(path)
    assert said_beside(path, GRADING, NOTES) == said
    assert said_beside(path, GRADING, "序号")["K003"] == "—"


def test_where_nothing_else_changed_the_column_is_taken_in_once(path: Path):
    typed(path, GRADING, NOTES)
    cells = Reading(path).tables[GRADING].sheet.cells
    book.refresh(path)
    first = Reading(path).tables[GRADING]
    assert first.headers[-1] == NOTES
    assert {at: cell.value for at, cell in first.sheet.cells.items() if cell.value is not None} == {
        at: cell.value for at, cell in cells.items() if cell.value is not None
    }
    assert not book.refresh(path).wrote


def test_a_column_beside_an_entry_form_is_taken_in_too(path: Path):
    said = typed(path, CUSTOMERS, NOTES)
    book.refresh(path)
    taken = Reading(path).tables[CUSTOMERS]
    assert taken.headers[-1] == NOTES
    assert said_beside(path, CUSTOMERS, NOTES) == said
    assert lint(Package.open(path)) == set()
    assert not book.refresh(path).wrote


@pytest.mark.parametrize("header", [2026, "客户名称", " "], ids=["a number", "a header that is there", "a blank"])
def test_what_excel_would_have_to_change_is_left_outside(path: Path, header: object):
    width = box(Reading(path).tables[GRADING].ref)[2]
    typed(path, GRADING, header)
    book.refresh(path)
    assert box(Reading(path).tables[GRADING].ref)[2] == width


def test_a_column_with_a_gap_before_it_is_left_outside(path: Path):
    headers = Reading(path).tables[GRADING].headers
    typed(path, GRADING, NOTES, gap=1)
    book.refresh(path)
    assert Reading(path).tables[GRADING].headers == headers
