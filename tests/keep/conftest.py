"""A workbook alone in a folder."""

from pathlib import Path

import pytest

from tests.keep.books import content


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook alone in a folder."""
    path = tmp_path / "folder" / "客户管理.xlsx"
    path.parent.mkdir()
    path.write_bytes(content())
    return path
