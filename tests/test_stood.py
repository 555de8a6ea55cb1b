"""What stood in a report is read again whatever staff and other programs made of its cells."""

from datetime import date, datetime

import pandas as pd
import pytest

from crmbook.schema import CUSTOMERS, Choice, Column
from crmbook.stood import stood
from crmbook.text import Text

KEY = CUSTOMERS.column("customer_id")
LEVEL = Column("level", Text("级别", "Level"), "choice", (Choice("high", Text("高", "High")),))
DAY = Column("day", Text("日期", "Day"), "date")


def present(**columns: list) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object).set_index("customer_id")


def test_words_of_either_language_are_ids_again_and_days_days() -> None:
    rows = present(customer_id=["1", 2.0, " 3 "], no=[1, 2, 3], level=["高", "High", "low"], day=[datetime(2026, 1, 5), 46_027, "no day"])  # fmt: skip
    found = stood(rows, KEY, [LEVEL, DAY])
    assert found.index.tolist() == ["1", "2", "3"]
    assert found["level"].tolist() == ["high", "high", None]
    assert found["day"].tolist() == [date(2026, 1, 5), date(2026, 1, 5), None]


def test_blank_rows_rows_whose_data_has_gone_and_second_keys_are_left_out() -> None:
    rows = present(customer_id=["1", None, "2", "1", "4"], no=[1, None, "—", 3, float("nan")], level=["高"] * 5)
    assert stood(rows, KEY, [LEVEL]).index.tolist() == ["1"]
    assert stood(rows, KEY, [LEVEL], gone=True).index.tolist() == ["1", "2", "4"]


@pytest.mark.parametrize("rows", [None, present(customer_id=[None], no=[None])])
def test_a_report_that_was_not_there_or_is_empty_has_no_rows(rows: pd.DataFrame | None) -> None:
    found = stood(rows, KEY, [LEVEL])
    assert found.empty
    assert found.columns.tolist() == ["level"]


def test_a_column_that_is_gone_is_blank() -> None:
    assert stood(present(customer_id=["1"]), KEY, [LEVEL])["level"].tolist() == [None]
