"""A workbook's sheets, tables, names and values as they stand in the file."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from crmbook.ooxml import Package, RefusedError, Workbook
from tests.handmade import SHEET, opened, package


def test_sheets_tables_and_names_of_a_book_saved_by_excel():
    workbook, _ = opened(package())
    assert [(s.name, s.state) for s in workbook.sheets] == [
        (SHEET, "visible"),
        ("我的", "visible"),
        ("_crmbook", "hidden"),
    ]
    table = workbook.tables["crm_grading"]
    assert (table.header_row, table.first_row, table.last_row, table.first_col, table.last_col) == (4, 5, 7, 1, 6)
    assert table.columns == ["序号", "客户编号", "销售额", "占比", "我的", "备注"]
    assert workbook.names["mine"] == f"{SHEET}!$D$10"
    assert "_xlnm.Print_Area" not in workbook.names
    assert workbook.sheet("我的").part == "xl/worksheets/sheet2.xml"
    with pytest.raises(KeyError):
        workbook.sheet("nobody")


def test_shared_strings_are_read_with_their_runs_joined():
    workbook, _ = opened(package())
    assert workbook.string(13) == "老客户 勿扰"
    assert workbook.string(99) == ""


def test_values_begin_at_a1_and_days_are_midnights():
    book = openpyxl.Workbook()
    book.active["B3"] = datetime(2026, 1, 31)
    book.active["C3"] = "007"
    book.active["D3"] = True
    out = BytesIO()
    book.save(out)
    values = Workbook(Package.open(out.getvalue())).values("Sheet")
    assert values == [["", "", "", ""], ["", "", "", ""], ["", datetime(2026, 1, 31), "007", True]]


@pytest.mark.reference
def test_every_real_book_tells_its_sheets_and_tables(reference: Path):
    tables = 0
    for path in sorted((reference.parent / "corpus").glob("*.xls*")):
        try:
            workbook = Workbook(Package.open(path))
        except RefusedError:
            continue
        assert workbook.sheets or path.name == "chartsheet.xlsx", path.name
        for table in workbook.tables.values():
            tables += 1
            assert len(table.columns) == table.last_col - table.first_col + 1, path.name
            assert table.last_row >= table.first_row, path.name
            assert workbook.names is not None
    assert tables > 8
