"""A threshold edited in the sheet moves the grades there and then: by LibreOffice's own formulas, without Python."""

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from crmbook import book
from tests import libreoffice_edits

pytestmark = pytest.mark.office
NEW = {"ABC_A": 0.55, "ABC_B": 0.85, "GRADE_A": 90.0, "GRADE_B": 70.0}


def grading(path: Path) -> pd.DataFrame:
    """客户分级表 by customer, as another reader sees it."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("客户分级表").to_python(skip_empty_area=False)
    header = next(i for i, row in enumerate(rows) if row[0] == "序号")
    return pd.DataFrame(rows[header + 1 :], columns=rows[header]).set_index("客户代码")


def test_grades_follow_a_threshold_edited_in_libreoffice(built, tmp_path):
    path, edited = tmp_path / "book.xlsx", tmp_path / "edited.xlsx"
    path.write_bytes(built("zh"))
    edits = [{"do": "type", "table": "crm_settings", "where": {"公式名称": id}, "column": "值", "value": value} for id, value in NEW.items()]  # fmt: skip
    libreoffice_edits.edit(path, edits, edited, tmp_path / "profile")

    before, live = grading(path), grading(edited)
    shown = ["销售额等级ABC", "评分", "系统建议等级", "最终等级"]  # 升降 also needs last year's grade, which is a value
    moved = before["最终等级"] != live["最终等级"]
    assert moved.sum() > 10
    assert (before["销售额等级ABC"] != live["销售额等级ABC"]).sum() > 10

    book.refresh(edited)  # Python, asked afterwards, comes to the same
    pd.testing.assert_frame_equal(grading(edited)[shown], live[shown])
