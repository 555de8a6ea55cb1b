"""Filters in LibreOffice whose table has moved meanwhile."""

import shutil
from pathlib import Path

import pytest

from crmbook.live.libreoffice_program import LibreOffice
from crmbook.live.libreoffice_uno import struct
from tests.staff import GRADING

pytestmark = pytest.mark.office
PROGRAM = LibreOffice()


def test_a_filter_comes_back_where_its_table_stands_now(office, small, tmp_path: Path):
    path = Path(shutil.copy(small, tmp_path / "客户.xlsx"))
    with office.document(path):
        sheet = office.book(path).sheets["客户分级表"]
        table = sheet.tables[GRADING]
        before = table.range.row
        chosen = struct("sheet.FilterFieldValue", StringValue="K001", FilterType=1)
        PROGRAM.filter_again(table, (struct("sheet.TableFilterField3", Field=1, Operator=2, Values=(chosen,)),))
        (held,) = PROGRAM.filters([table])
        PROGRAM.show_all(table)
        sheet.range("1:20").insert(shift="down")
        PROGRAM.filter_again(table, held)
        assert table.range.row == before + 20
        assert PROGRAM.filters([table]) != [None]
        rows = sheet.range((before + 21, 1), (before + 27, 1)), sheet.range((1, 1), (before + 20, 1))
        assert PROGRAM.hide_rows(rows) == [True, False]
        assert PROGRAM.guards([sheet]) == [(False, False)]
