"""The grading book written out by hand, plans for it, and how a pour into it is read."""

import re

from crmbook.ooxml import Package
from crmbook.ooxml.lint import new_findings
from crmbook.plan import Cell, FormPlan, Plan, Written
from crmbook.pour import pour
from tests.handmade import opened, saved

SHARE = "[@sales]/SUM([sales])"
ONE, TWO, THREE = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
PRESENT = FormPlan(
    "grading",
    {
        "no": Written([1, 2, 3]),
        "customer_id": Written(["A01", "B02", "C03"]),
        "sales": Written([30, 20, 10]),
        "share": Written([0.5, 1 / 3, 1 / 6], SHARE),
    },
    [0, 1, 2],
    cells={"total.sales": Cell(60, "SUBTOTAL(109,[sales])")},
)
# C03 has overtaken the others, N1 and N2 are new.
GROWN = FormPlan(
    "grading",
    {
        "no": Written([1, 2, 3, 4, 5]),
        "customer_id": Written(["C03", "N1", "A01", "B02", "N2"]),
        "sales": Written([50.0, 40.0, 30.0, 20.0, 10.0]),
        "share": Written([50 / 150, 40 / 150, 30 / 150, 20 / 150, 10 / 150], SHARE),
    },
    [2, -1, 0, 1, -1],
    cells={"total.sales": Cell(150, "SUBTOTAL(109,[sales])")},
)


def poured(data: bytes, plan: FormPlan) -> Package:
    """The package after one pour, saved and opened again; Excel would find nothing new to repair in it."""
    workbook, standings = opened(data)
    assert pour(workbook, Plan((plan,)), standings)
    assert not new_findings(workbook.package)
    return Package.open(saved(workbook))


def text(book: Package, part: str) -> str:
    return book.read(part).decode()


def row_of(book: Package, number: int) -> str:
    found = re.search(rf'<row r="{number}"[^>]*>', text(book, ONE))
    return found[0] if found else ""
