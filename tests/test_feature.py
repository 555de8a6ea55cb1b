"""Cells that features write: merged ones look as openpyxl merges them, however often their style came before."""

import gc
import weakref

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, NamedStyle, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from crmbook.drawing.template import OURS
from crmbook.feature import Span, write
from crmbook.ooxml.refs import letters

STYLES = ("crm field text", "crm summary title", "crm kpi label", "crm title", "half framed")
AREAS: tuple[tuple[int, Span, int], ...] = ((1, (1, 5), 1), (3, (2, 3), 1), (5, (1, 1), 1), (7, (1, 4), 3), (11, (2, 8), 2), (14, (3, 3), 2), (17, (1, 5), 1), (19, (6, 6), 1))  # fmt: skip
HALF_FRAMED = NamedStyle("half framed", border=Border(left=Side("thin"), bottom=Side("thick")), protection=Protection(locked=False))  # fmt: skip


def looks(sheet: Worksheet) -> dict[str, int]:
    return {cell.coordinate: cell.style_id for row in sheet.iter_rows(max_row=20, max_col=9) for cell in row}


def test_a_merged_cell_looks_as_openpyxl_merges_it() -> None:
    for style in STYLES:
        book = load_workbook(OURS)
        book.add_named_style(HALF_FRAMED)
        ours, theirs = book.create_sheet(), book.create_sheet()
        for row, (first, last), rows in AREAS:
            assert write(ours, row, (first, last), style, "x", rows=rows) == f"{letters(first)}{row}"
            for line in theirs.iter_rows(row, row + rows - 1, first, last):
                for cell in line:
                    cell.style = style
            theirs.cell(row, first).value = "x"
            if (first, 1) != (last, rows):
                theirs.merge_cells(None, row, first, row + rows - 1, last)
            ours.cell(row, first).number_format = theirs.cell(row, first).number_format = f"0.0 x{row}"  # only there
        assert looks(ours) == looks(theirs)
        assert {str(area) for area in ours.merged_cells.ranges} == {str(area) for area in theirs.merged_cells.ranges}


def test_what_is_known_of_a_workbook_goes_with_it() -> None:
    book = Workbook()
    write(book.active, 1, (1, 3), "Normal")
    gone = weakref.ref(book)
    del book
    gc.collect()
    assert gone() is None
