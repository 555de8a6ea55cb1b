"""The settings: what we say about each is ours and follows the id on its row, and what holds is what the formula says."""

from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest

from crmbook.forms.settings import SETTINGS
from crmbook.text import Text
from tests import made_up


def shown(**typed: object) -> pd.DataFrame:
    raw = pd.DataFrame({"setting_id": list(typed), "value": list(typed.values())}, dtype=object)
    return SETTINGS.shown(made_up.empty(), raw)


def test_each_line_is_described_by_its_id() -> None:
    raw = pd.DataFrame(
        {"setting_id": ["ABC_TIES", "mine", "ABC_A", None], "value": [None] * 4}, index=[3, 5, 4, 9], dtype=object
    )
    found = SETTINGS.shown(made_up.empty(), raw)
    assert found.index.tolist() == [3, 5, 4, 9]
    labels = [label and label["en"] for label in found["label"]]
    assert labels == ["Ties at a cut", None, "A: cumulative share up to", None]
    assert [word and word["en"] for word in found["range"]] == ["share or position", None, "0% to 100%", None]
    assert found["default"].tolist() == [Text("同等", "share"), None, 0.8, None]
    assert found["in_force"].tolist() == [Text("同等", "share"), "", 0.8, ""]
    assert found["setting_id"].tolist() == ["ABC_TIES", "mine", "ABC_A", None]


def test_a_day_is_described_by_days() -> None:
    assert shown(AS_OF=None)["range"][0]["en"] == "2000-01-01 to 2199-12-31"


@pytest.mark.parametrize("column", ["value", "in_force", "default", "lowest", "highest"])
def test_thousands_stand_apart_where_a_number_is_neither_a_share_nor_a_day(column: str) -> None:
    looks = [f.number_format for f in SETTINGS.features if f.column == column]
    assert looks == ["0.0%_ ", "yyyy-mm-dd_ ", "#,##0_ ", "General_ "]  # the first whose condition holds


@pytest.mark.parametrize(
    ("id", "typed", "holds"),
    [
        ("ABC_A", None, 0.8),
        ("ABC_A", 0.55, 0.55),
        ("ABC_A", 55, 0.55),
        ("ABC_A", "55%", 0.8),
        ("ABC_A", -1, 0.8),
        ("ABC_A", 150, 0.8),
        ("GRADE_A", True, 80),
        ("LOST_MONTHS", 99, 12),
        ("STALE_DAYS", datetime(1905, 1, 1), 1828),
        ("LOST_MONTHS", datetime(1900, 1, 24), 24),
        ("DROP", time(12), 0.5),
        ("DROP", timedelta(hours=6), 0.25),
        ("AS_OF", None, ""),
        ("AS_OF", date(2026, 10, 31), date(2026, 10, 31)),
        ("AS_OF", 46326.0, 46326),
        ("AS_OF", 20261031, ""),
    ],
)
def test_what_is_typed_holds_if_it_is_of_the_right_sort_and_within_its_range(
    id: str, typed: object, holds: object
) -> None:
    assert shown(**{id: typed})["in_force"].tolist() == [holds]


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("按位次", Text("按位次", "share")),
        ("position", Text("同等", "position")),
        ("位次", Text("同等", "share")),
        (Text("按位次", "position"), Text("按位次", "position")),
        (5, Text("同等", "share")),
    ],
)
def test_a_choice_holds_in_the_words_of_the_books_language(typed: object, holds: Text) -> None:
    assert shown(ABC_TIES=typed)["in_force"].tolist() == [holds]
