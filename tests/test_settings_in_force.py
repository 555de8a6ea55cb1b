"""Whatever is typed in the settings, LibreOffice's formulas and Python go by the same value."""

import shutil
from datetime import date

import pytest

from crmbook import book
from crmbook.settings import ALL
from tests import excel_edits

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
