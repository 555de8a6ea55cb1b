"""A workbook's sheets, tables, names and values as they stand in the file."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.archive import Archive
from tests.handmade import SHEET, cell, opened, package
from tests.pour.grading import ONE


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


def test_an_error_is_no_blank():
    written = '<c r="D5" t="e"><f>VLOOKUP(B5,Z1:Z9,1,0)</f><v>#N/A</v></c>'
    held = cell(Package.open(package()), ONE, "D5")
    workbook, _ = opened(package({ONE: (held, written)}))
    assert workbook.values(SHEET)[4][2:4] == [30.0, "#N/A"]


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


def several() -> Package:
    """A package of six sheets, three of them called `crm…`, with numbers and days."""
    book = openpyxl.Workbook()
    for n in range(6):
        sheet = book.create_sheet(f"crm{n}" if n % 2 else f"sheet{n}")
        for row in range(1, 40 * n):
            sheet.append([row, f"text {n} {row}", datetime(2026, 1, 1 + row % 28), None])
    out = BytesIO()
    book.save(out)
    return Package.open(out.getvalue())


def test_sheets_read_ahead_on_other_threads_hold_the_same_values():
    ahead, package = Workbook(several()), several()
    ahead.prefetch(("crm3", "sheet2"), ("crm",))
    for sheet in ahead.sheets:
        assert ahead.values(sheet.name) == Workbook(package).values(sheet.name)
        ahead.release(sheet.name)
        assert ahead.values(sheet.name) == Workbook(package).values(sheet.name)


def test_a_fault_met_on_another_thread_is_told_to_who_asks_for_the_sheet():
    package = several()
    broken = Workbook(Package.open(damaged(package, "xl/worksheets/sheet3.xml")))
    broken.prefetch(("crm",), ("sheet",))
    assert broken.values("sheet4")
    with pytest.raises(RefusedError, match=r"damaged: xl/worksheets/sheet3\.xml"):
        broken.values("crm1")


@pytest.mark.parametrize("ref", ["ABCD12345", "B99999999", "AB2000000"])
def test_a_cell_at_a_place_that_no_sheet_has_is_refused_before_room_is_made_for_it(ref: str):
    package = several()
    part = Workbook(package).sheet("crm3").part
    package.write(part, package.read(part).replace(b'<c r="B7"', f'<c r="{ref}"'.encode()))
    with pytest.raises(RefusedError, match=f"far_cell: crm3!{ref}"):
        Workbook(package).values("crm3")


def damaged(package: Package, part: str) -> bytes:
    """The file with one packed byte of a part turned over."""
    entry = next(e for e in Archive(package.source).entries if e.name == part)
    at = entry.start + entry.info.compress_size // 2
    return package.source[:at] + bytes([package.source[at] ^ 0x55]) + package.source[at + 1 :]
