"""The checks: errors first, said once, with a link where there is a cell to open."""

from crmbook.forms.checks import CHECKS
from crmbook.problems import Problem
from crmbook.text import Text
from tests import made_up

WHAT, OTHER, FIX = Text.same("not a date"), Text.same("unknown customer"), Text.same("type it again")


def test_errors_come_first_and_the_same_problem_is_said_once() -> None:
    given = made_up.given(
        problems=[
            Problem("Orders!C3", OTHER, FIX, "warning", "orders", "O1"),
            Problem("Orders!C17", WHAT, FIX, count=2),
            Problem("Orders!C17", WHAT, FIX, count=5),
        ]
    )
    rows = CHECKS.rows(given)
    assert rows[["no", "where", "severity", "count"]].to_numpy().tolist() == [
        [1, "Orders!C17", "error", 7],
        [2, "Orders!C3", "warning", 1],
    ]
    assert rows["form"].iloc[1]["en"] == "Orders"
    cells = CHECKS.cells(given, rows)
    assert (cells["severities.0.count"], cells["severities.0.sum"]) == (1, 7)
    assert cells["unit"]["en"] == "Unit: problems"


def test_only_a_cell_of_the_workbook_can_be_opened() -> None:
    given = made_up.given(problems=[Problem("Orders!C17", WHAT, FIX), Problem("orders.csv:17:date", WHAT, FIX)])
    opened = CHECKS.rows(given)["open"].tolist()
    assert opened[0]["en"] == "Open"
    assert opened[1] == ""
