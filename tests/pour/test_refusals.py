"""What cannot be moved safely: the pour stops before anything is written, and says where, what and how to mend."""

import pytest

from crmbook.plan import Plan
from crmbook.pour import pour
from crmbook.problems import CannotProceedError
from tests.contract.account import Account
from tests.contract.around import pivot
from tests.contract.draft import HEADERS, Draft, zipped
from tests.contract.holding import News, opened, planned, refreshed
from tests.reading import Reading


def stopped(draft: Draft, rows: int) -> str:
    """Where the pour of so many new rows stops."""
    data = zipped(draft.write())
    plan, _ = planned(Account(Reading(data), "crm_grading", HEADERS["zh"][1]), set(), News(come=[0] * rows), 1)
    workbook, standings = opened(data, "zh")
    with pytest.raises(CannotProceedError) as stopped:
        pour(workbook, Plan((plan,)), standings)
    assert "array formula" in stopped.value.problem.what.en
    assert stopped.value.problem.fix.zh
    return stopped.value.problem.where


def across() -> Draft:
    """A book with a pivot table beside the form that reaches below it: N10:O11, from the first row under the form on."""
    draft = Draft(gap=1)
    pivot(draft, 0, 3)
    part = "xl/pivotTables/pivotTable1.xml"
    draft.parts[part] = draft.parts[part].replace('ref="H9:I10"', 'ref="H5:I10"')
    return draft


def test_a_pivot_table_is_not_torn_apart():
    assert stopped(across(), 4) == "客户 分级!H5:I10"


def test_a_form_that_does_not_grow_is_refreshed_all_the_same():
    refreshed(zipped(across().write()), "zh", set(), News(order=[1]), 1)


def test_nothing_is_pushed_off_the_sheet():
    draft = Draft()
    draft.cells[1_048_575, 9] = draft.text("底")
    assert stopped(draft, 7) == "客户 分级!I1048575"


def test_a_format_of_the_last_row_is_no_reason_to_stop():
    draft = Draft()
    draft.looks[1_048_576] = ' s="3" customFormat="1"'
    refreshed(zipped(draft.write()), "zh", set(), News(come=[0] * 4), 1)
