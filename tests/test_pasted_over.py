"""An export pasted over a table of data, header and all: read by its own headers, today and tomorrow."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from crmbook import book
from tests import excel_edits
from tests.excel_file import ExcelFile
from tests.excel_references import name_of
from tests.reading import Reading
from tests.staff import GRADING, ORDERS

DAY_0 = date(1899, 12, 30)
EXPORT = ("日期", "订单号", "客户编号", "金额", "税额")  # of which the last is not ours


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """The small book, to be worked on."""
    return Path(shutil.copy(small, tmp_path / "book.xlsx"))


def paste(path: Path) -> None:
    """The same orders as an export has them: columns in another order, one of its own, the others blank."""
    left, header, right, _ = ExcelFile(path).tables[ORDERS].area
    file, table = ExcelFile(path).tables[ORDERS], Reading(path).tables[ORDERS]
    lines = [[13 if word == "税额" else table.cell(row, word).value for word in EXPORT] for row in table.rows]
    for line in lines:
        line[0] = str(DAY_0 + timedelta(days=float(line[0])))
    edits: list[excel_edits.Edit] = [
        {"do": "rename_header", "table": ORDERS, "old": word, "new": f"列{at}"}
        for at, word in enumerate(table.headers, 1)
    ]
    edits += [
        {"do": "rename_header", "table": ORDERS, "old": f"列{at}", "new": word} for at, word in enumerate(EXPORT, 1)
    ]
    for at, line in enumerate(lines, header + 1):
        cells = [*line, *[None] * (right - left + 1 - len(line))]
        edits += [
            {"do": "type_at", "sheet": file.sheet, "ref": name_of(column, at), "value": value}
            for column, value in enumerate(cells, left)
        ]
    excel_edits.edit(path, edits)


def sales(path: Path) -> dict[tuple[object, ...], object]:
    return Reading(path).tables[GRADING].column_of("销售额", "客户代码")


def test_an_export_in_another_order_comes_to_the_same_figures_and_stays_read(path: Path) -> None:
    before = sales(path)
    paste(path)
    outcome = book.refresh(path)
    assert (outcome.problems, sales(path)) == ([], before)
    assert not book.refresh(path).wrote
    value = {"do": "append_row", "table": ORDERS, "values": {"日期": "2026-06-07", "订单号": "N1", "客户编号": "K001", "金额": 7, "税额": 99}}  # fmt: skip
    excel_edits.edit(path, [value])
    assert book.refresh(path).problems == []
    assert sales(path)["K001",] == before["K001",] + 7
