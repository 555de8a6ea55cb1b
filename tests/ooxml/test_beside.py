"""Where a table may not be widened over the columns begun beside it; tests/test_binding.py has the headers themselves."""

from crmbook.ooxml import Workbook
from crmbook.ooxml.beside import widened
from tests.handmade import PARTS, opened, package

ONE, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
TOTALS = {TABLE: ('ref="A4:F7" totalsRowShown="0"', 'ref="A4:F8" totalsRowCount="1"')}
ROWS = PARTS[ONE][PARTS[ONE].index('<row r="4"') : PARTS[ONE].index('<row r="10"')]
BEGUN = ROWS.replace("<v>5</v></c></row>", '<v>5</v></c><c r="G4" t="inlineStr"><is><t>甲</t></is></c></row>', 1)


def begun(changes: dict[str, tuple[str, str]] | None = None, below: str = "") -> Workbook:
    """The grading book with a header in G4, and `below` under its table."""
    return opened(package({ONE: (ROWS, BEGUN + below), **(changes or {})}))[0]


def width(workbook: Workbook) -> int:
    return widened(workbook, workbook.tables["crm_grading"]).last_col


def test_a_text_beside_the_header_row_begins_a_column():
    assert width(opened(package())[0]) == 6
    assert width(begun()) == 7


def test_something_beside_the_totals_row_is_no_total():
    assert width(begun(TOTALS)) == 7
    assert width(begun(TOTALS, '<row r="8"><c r="G8"><v>1</v></c></row>')) == 6


def test_a_table_without_a_header_row_has_no_headers_beside_it():
    assert width(begun({TABLE: ('ref="A4:F7"', 'ref="A4:F7" headerRowCount="0"')})) == 6


def test_a_table_is_not_widened_over_a_pivot_table():
    workbook = begun()
    pivot = "xl/pivotTables/pivotTable1.xml"
    workbook.package.write(
        pivot, b'<pivotTableDefinition><location firstHeaderRow="1" ref="G4:H9"/></pivotTableDefinition>'
    )
    workbook.package.relate(ONE, "pivotTable", pivot)
    assert width(workbook) == 6
