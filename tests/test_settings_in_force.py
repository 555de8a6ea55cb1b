"""Whatever is typed in the settings, LibreOffice's formulas and Python go by the same value."""

import shutil
from datetime import date

import pytest

from crmbook import book
from crmbook.settings import ALL
from tests import excel_edits
from tests.reading import Reading

BLANK = {s.id: None for s in ALL if s.id != "AS_OF"}
WRONG_SORT = {
    "ABC_A": "75%", "ABC_B": "much", "ABC_TIES": "position", "GRADE_W_SALES": True, "GRADE_RULE": 3, "GRADE_A": "９０",
    "GRADE_B": " ", "AS_OF": "2026.6.30", "PERIOD_START": 20260101, "VALUE_CUT": "平均",
}  # fmt: skip
OUT_OF_RANGE = {"ABC_A": 150, "ABC_B": -0.2, "GRADE_A": 101, "GRADE_C": -5, "LOST_MONTHS": 99, "AS_OF": 99, "DROP": 1e9}
OTHERWISE = {
    "ABC_A": 55, "ABC_B": 0.85, "ABC_TIES": "按位次", "GRADE_RULE": "按比例", "GRADE_SHARE_A": 0.25, "GRADE_SHARE_B": 25,
    "GRADE_W_SALES": 30, "GRADE_W_PROFIT": 30, "PERIOD_START": 46023,
}  # fmt: skip
LOWEST = {"GRADE_A": 2, "GRADE_B": 1, "GRADE_C": 0, "GRADE_W_SALES": 100}


@pytest.mark.office
@pytest.mark.parametrize(
    ("typed", "told"),
    [(BLANK, 0), (WRONG_SORT, 9), (OUT_OF_RANGE, 7), (OTHERWISE, 0), (LOWEST, 1)],
    ids=["blank", "of the wrong sort", "out of range", "otherwise", "lowest"],
)
def test_formulas_and_python_agree(typed, told, small, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(small, path)
    excel_edits.edit(path, [{"do": "type", "table": "crm_settings", "where": {"公式名称": id}, "column": "值", "value": value} for id, value in typed.items()])  # fmt: skip
    done = book.refresh(path, as_of=date(2026, 6, 30))
    assert len([p for p in done.problems if p.form == "settings"]) == told
    assert book.verify(path).differences == []


@pytest.mark.office
def test_lines_that_were_deleted_leave_their_defaults_in_force_for_both(small, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(small, path)
    gone = ["AS_OF", "PERIOD_START", "ABC_A", "ABC_TIES", "GRADE_RULE", "GRADE_W_SALES"]
    excel_edits.edit(path, [{"do": "delete_row", "table": "crm_settings", "where": {"公式名称": id}} for id in gone])
    (told,) = [p for p in book.refresh(path, as_of=date(2026, 6, 30)).problems if p.form == "settings"]
    assert (told.severity, "6" in told.what.zh, "A类累计占比上限" in told.what.zh) == ("warning", True, True)
    names = Reading(path).names
    assert {id: names[id] for id in gone} == {
        "AS_OF": '""', "PERIOD_START": '""', "ABC_A": "0.8", "ABC_TIES": '"同等"', "GRADE_RULE": '"按评分"', "GRADE_W_SALES": "40",
    }  # fmt: skip
    assert book.verify(path).differences == []
    assert not book.refresh(path, as_of=date(2026, 6, 30)).wrote
    book.into(path)
    assert not [p for p in book.refresh(path).problems if p.form == "settings"]
    assert Reading(path).names["ABC_A"] != "0.8"
