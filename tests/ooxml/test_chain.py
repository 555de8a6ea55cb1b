"""Which cells of a sheet the calculation chain lists."""

from pathlib import Path

from openpyxl import Workbook as NewWorkbook

from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.chain import chained
from crmbook.ooxml.refill import formula_cells

CHAIN = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="1" l="1"/><c r="B2"/><c r="C3" i="2"/></calcChain>'


def test_a_number_of_a_sheet_holds_until_the_next_one(tmp_path: Path):
    book = NewWorkbook()
    book.active.title = "一"
    book.create_sheet("二")
    book.save(tmp_path / "book.xlsx")
    package = Package.open(tmp_path / "book.xlsx")
    package.write("xl/calcChain.xml", CHAIN)
    package.relate(package.workbook, "calcChain", "xl/calcChain.xml")
    workbook = Workbook(package)
    assert [chained(workbook, sheet) for sheet in workbook.sheets] == [{"A1", "B2"}, {"C3"}]


def test_a_formula_is_one_wherever_its_cell_breaks_the_line():
    assert formula_cells({1: b'<row r="1"><c r="A1">\n  <f>B1</f><v>1</v></c><c r="B1"/></row>'}) == {"A1"}
