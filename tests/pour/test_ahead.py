"""A sheet that was made elsewhere is taken as it came, unless what moves here is spoken of there."""

import pytest

from crmbook import forms as shelf
from crmbook.drawing.draw import draw
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.packing import Packed
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from crmbook.verbs.opened import standings_of

FORMS = [f for f in shelf.ALL if f.id in {"customers", "grading"}]
KEYS = Written(["C1", "C2", "C3"])
PLAN = Plan(tuple(FormPlan(f.id, {"customer_id": KEYS}, source=[-1] * 3) for f in FORMS))
HERE = "<conditionalFormatting sqref='A1'><cfRule type='expression' priority='99'><formula>{}</formula></cfRule></conditionalFormatting>"
MADE = Packed.of(b"made elsewhere")


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return draw(FORMS, "zh")


def customers(drawn: bytes, formula: str | None, made: Packed | None) -> tuple[bytes, bytes]:
    """The sheet of the customers and the part of its table after both forms were poured; a format there has this formula."""
    package = Package.open(drawn)
    part = next(s.part for s in Workbook(package).sheets if s.name == "客户")
    if formula is not None:
        package.write(
            part, package.read(part).replace(b"</sheetData>", b"</sheetData>" + HERE.format(formula).encode())
        )
    workbook = Workbook(package)
    standings = standings_of(workbook, FORMS)
    assert pour(workbook, PLAN, standings, {"客户": lambda: made})
    return package.read(part), package.read(standings["customers"].table.part)


def test_what_was_made_elsewhere_is_taken_and_the_table_is_written_here(drawn):
    sheet, table = customers(drawn, None, MADE)
    assert sheet == b"made elsewhere"
    assert table == customers(drawn, None, None)[1]


@pytest.mark.parametrize(
    ("formula", "is_taken"),
    [
        ("COUNTA($A$5:$A$5)>1", True),
        ("COUNTA(客户分级表!$A$1:$A$2)>1", True),
        ("COUNTA(客户分级表!$A$25:$A$25)>1", False),
    ],
)
def test_a_sheet_that_speaks_of_rows_that_move_on_another_is_made_here(drawn, formula, is_taken):
    sheet, _ = customers(drawn, formula, MADE)
    assert (sheet == b"made elsewhere") == is_taken


def test_what_failed_elsewhere_is_made_here(drawn):
    sheet, _ = customers(drawn, None, None)
    assert sheet.count(b">C2<") == 1
