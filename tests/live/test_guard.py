"""Text stays text and every type is one that Excel takes: what is written into an open workbook."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from crmbook.live.changes import Block
from crmbook.live.entering import enter
from crmbook.live.guard import entered
from crmbook.live.reading import LiveBook
from tests.live import engine
from tests.live.grid import Grid, Page
from tests.live.moves import Memory

NASTY = [
    "00123", "13800138000", "110101199003078888", "6222020200112233445", "1-2", "3/4", "1/2/2026", "2026-11-22", "2026年5月", "5月6日",
    "May 2020", "Dec-1", "1 may", "12:30", "9 AM", "1E5", "1e-7", ".5", "-5", "+86", "(12)", "50%", "$5", "¥5", "1,000", "TRUE", "false", " True ",
    "#N/A", "#REF!", "=x", "=1+1", '=HYPERLINK("http://a")', "+x", "-x", "@SUM(A1)", "'quoted", "''", " 12", "12 ", "é5", "甲", "张三", "安华（苏州）公司", "A公司2号",
    "K003", "—", "a\nb", "a=b", "=", "'", "-", "1", "０１２３", "①", "٣",
]  # fmt: skip


def typed(value: object, number_format: str = "General") -> object:
    """What stands in a cell of this format after the value was written into it."""
    page = Page("数据")
    Grid("a.xlsx", [page], lambda style: number_format).write(page, (1, 1, 1, 1), [[value]])
    return page.values.get((1, 1), page.formulas.get((1, 1)))


@pytest.mark.parametrize("number_format", ["General", "#,##0.00", "yyyy-mm-dd", "@"])
def test_a_text_stands_as_it_is(number_format: str):
    assert [typed(entered(text, as_text=number_format == "@"), number_format) for text in NASTY] == NASTY


def test_without_the_guard_most_of_them_would_not():
    assert sum(typed(text) != text for text in NASTY) > len(NASTY) / 2


def test_plain_words_get_no_apostrophe():
    assert [entered(text) for text in ("安华公司", "Miller Ltd", "大型", "A")] == [
        "安华公司",
        "Miller Ltd",
        "大型",
        "A",
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None), ("", None), (float("nan"), None), (float("inf"), None), (pd.NaT, None), (True, True), (0, 0.0), (7, 7.0),
        (np.int64(7), 7.0), (np.float32(0.5), 0.5), (np.bool_(True), True), (Decimal("12.50"), 12.5), (999_999_999_999_999, 999_999_999_999_999.0),
        (110101199003078888, "110101199003078888"), (-(10**15), "-1000000000000000"), (1e20, 1e20),
        (dt.date(2026, 10, 30), 46325.0), (dt.datetime(2026, 10, 30, 12), 46325.5), (pd.Timestamp("2026-10-30"), 46325.0),
        (dt.datetime(2026, 10, 30, 12, tzinfo=dt.UTC), 46325.5), (dt.date(1899, 12, 29), "1899-12-29"), (dt.date(1900, 1, 1), 1.0),
        (dt.time(6), 0.25), (dt.timedelta(hours=36), 1.5),
    ],
    ids=repr,
)  # fmt: skip
def test_every_value_becomes_one_that_excel_takes(value: object, cell: object):
    assert typed(entered(value)) == cell


def test_days_are_counted_as_the_workbook_counts_them():
    assert entered(dt.date(2026, 10, 30), is_1904=True) == 46325 - 1462


def test_a_text_ends_where_a_cell_is_full():
    assert typed(entered("甲" * 40_000)) == "甲" * 32_766
    assert typed(entered("9" * 40_000)) == "9" * 32_766


def test_in_a_column_of_several_formats_each_text_stands_as_it_is():
    page = Page("数据", styles={(2, 1): 1})
    memory = Memory("a.xlsx", [page], lambda style: "@" if style else "General")
    enter(LiveBook(engine.opened(memory)), "数据", [Block(1, 1, [["007"], ["007"], ["12-3"]])])
    assert page.values == {(1, 1): "007", (2, 1): "007", (3, 1): "12-3"}
