"""A threshold edited in the sheet moves the grades there and then: by LibreOffice's own formulas, without Python."""

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from crmbook import book
from tests import libreoffice_edits

pytestmark = pytest.mark.office
NEW = {"ABC_A": 0.55, "ABC_B": 0.85, "GRADE_A": 90.0, "GRADE_B": 70.0}
RELATIONS = {
    "RELATION_W_TRADE": 10.0, "RELATION_W_STABLE": 15.0, "RELATION_W_DEPTH": 45.0, "RELATION_W_ROOM": 30.0, "DEPTH_W_KEY": 20.0, "DEPTH_W_WIDE": 25.0,
    "DEPTH_W_FIRM": 55.0, "RELATION_A": 80.0, "RELATION_B": 65.0, "RELATION_C": 45.0, "RELATION_KEEP": 40.0,
}  # fmt: skip


def sheet(path: Path, name: str, key: str) -> pd.DataFrame:
    """A report by customer, as another reader sees it."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)
    header = next(i for i, row in enumerate(rows) if row[0] == "序号")
    return pd.DataFrame(rows[header + 1 :], columns=rows[header]).set_index(key)


def grading(path: Path) -> pd.DataFrame:
    return sheet(path, "客户分级表", "客户代码")


def relations(path: Path) -> pd.DataFrame:
    shown = ["关系深度", "合计", "等级", "建议"]
    return sheet(path, "客户关系评估表", "客户编号")[shown].sort_index()  # a refresh puts the best first


def test_grades_follow_a_threshold_edited_in_libreoffice(built, tmp_path):
    path, edited = tmp_path / "book.xlsx", tmp_path / "edited.xlsx"
    path.write_bytes(built("zh"))
    edits = [{"do": "type", "table": "crm_settings", "where": {"公式名称": id}, "column": "值", "value": value} for id, value in (NEW | RELATIONS).items()]  # fmt: skip
    libreoffice_edits.edit(path, edits, edited, tmp_path / "profile")

    before, live = grading(path), grading(edited)
    shown = ["销售额等级ABC", "评分", "系统建议等级", "最终等级"]  # 升降 also needs last year's grade, which is a value
    moved = before["最终等级"] != live["最终等级"]
    assert moved.sum() > 10
    assert (before["销售额等级ABC"] != live["销售额等级ABC"]).sum() > 10

    related = relations(edited)
    changed = (relations(path) != related).sum()
    assert (changed > 10).all(), changed

    book.refresh(edited)  # Python, asked afterwards, comes to the same
    pd.testing.assert_frame_equal(grading(edited)[shown], live[shown])
    pd.testing.assert_frame_equal(relations(edited), related)
