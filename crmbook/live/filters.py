"""A table's filters as xlwings says them: remembered, and put back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

ODD_FILTER = (
    Text("“{column}”列的筛选（按颜色、日期分组等）刷新后无法恢复", "the filter of the column “{column}” (by colour, by groups of days, …) could not be put back afterwards"),
    Text("请先清除这一列的筛选，刷新后再设一次", "clear this column's filter, refresh, then set it again"),
)  # fmt: skip
BLANK = "="  # as Excel takes "no value" in a list of them; xlwings tells it without the sign
# What must be known to set a filter again: of the first ten Excel may tell no more than where they end.
SAID = {
    "values": "values",
    "comparison": "operator",
    "top_items": "count",
    "bottom_items": "count",
    "top_percent": "percent",
    "bottom_percent": "percent",
}


def remembered(table: xw.main.Table) -> list[xw.main.AutoFilterCriteria] | None:
    """What xlwings says of a table's filters; CannotProceedError if it cannot say one. None: nothing is filtered."""
    found = [one for one in table.autofilter.criteria if one.type != "none"]
    for one in found:
        if one.type == "unknown" or (one.type in SAID and getattr(one, SAID[one.type]) is None):
            header = table.range[0, one.field - 1].value
            raise stop(table.parent.name, ODD_FILTER[0].fill(column=header), ODD_FILTER[1])
    return found or None


def put_back(table: xw.main.Table, criteria: Iterable[xw.main.AutoFilterCriteria]) -> None:
    """The same filters again; raises the program's error for one that does not come back, after the others have."""
    failed: Exception | None = None
    for one in criteria:
        try:
            _put_back(table.autofilter, one)
        except Exception as error:  # noqa: BLE001  (one that fails must not lose the others)
            failed = error
    if failed is not None:
        raise failed


def _put_back(filtering: xw.main.AutoFilter, one: xw.main.AutoFilterCriteria) -> None:
    if one.type == "values":
        filtering.apply_values(one.field, [value or BLANK for value in one.values or []])
    elif one.type == "comparison" and one.operator is not None:
        filtering.apply_comparison(one.field, one.operator, one.value1, one.value2)
    elif one.type == "top_items" and one.count is not None:
        filtering.apply_top_items(one.field, one.count)
    elif one.type == "bottom_items" and one.count is not None:
        filtering.apply_bottom_items(one.field, one.count)
    elif one.type == "top_percent" and one.percent is not None:
        filtering.apply_top_percent(one.field, one.percent)
    elif one.type == "bottom_percent" and one.percent is not None:
        filtering.apply_bottom_percent(one.field, one.percent)
