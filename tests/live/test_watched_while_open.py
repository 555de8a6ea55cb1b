"""A book that is opened just when the watch begins to refresh it: whoever opened it is not disturbed."""

import shutil
from pathlib import Path

import pytest

from crmbook import many

pytestmark = pytest.mark.office


def test_what_is_for_closed_books_only_leaves_an_open_one_alone(office, small, tmp_path: Path):
    path = Path(shutil.copy(small, tmp_path / "客户.xlsx"))
    before = path.read_bytes()
    with office.document(path) as document:
        document.Sheets.getByName("订单").getCellRangeByName("Z50").getCellByPosition(0, 0).String = "…"
        titles = document.UndoManager.getAllUndoActionTitles()
        ended = many.refresh(many.Wanted(path), lang="zh", only_closed=True)
        assert (ended.state, ended.live) == ("failed", False)
        assert document.UndoManager.getAllUndoActionTitles() == titles
    assert path.read_bytes() == before
