"""A table's filters as xlwings says them: remembered, and put back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

ODD_FILTER = (
    Text("“{column}”列的筛选（按颜色、日期分组等）刷新后无法恢复", "the filter of the column “{column}” (by colour, by groups of days, …) could not be put back afterwards"),
    Text("请先清除这一列的筛选，刷新后再设一次", "clear this column's filter, refresh, then set it again"),
)  # fmt: skip


def remembered(table: xw.main.Table) -> list[xw.main.AutoFilterCriteria] | None:
    """What xlwings says of a table's filters; CannotProceedError if it cannot say one. None: nothing is filtered."""
    found = [one for one in table.autofilter.criteria if one.type != "none"]
    for one in found:
        if one.type == "unknown":
            header = table.range[0, one.field - 1].value
            raise stop(table.parent.name, ODD_FILTER[0].fill(column=header), ODD_FILTER[1])
    return found or None


def put_back(table: xw.main.Table, criteria: Iterable[xw.main.AutoFilterCriteria]) -> None:
    """The same filters again."""
    for one in criteria:
        with suppress(Exception):  # one that fails must not lose the others
            _put_back(table.autofilter, one)


def _put_back(filtering: xw.main.AutoFilter, one: xw.main.AutoFilterCriteria) -> None:
    if one.type == "values":
        filtering.apply_values(one.field, one.values or [])
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
