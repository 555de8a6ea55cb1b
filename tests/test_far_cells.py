"""A cell typed by accident in the far corner of a sheet must not fill the memory."""

import re

import pytest

from crmbook import book
from crmbook.ooxml import Package, Workbook
from crmbook.problems import CannotProceedError
from tests import small_book


def type_at(path, table, ref):
    """One more number, at `ref`, in a row of its own at the end of the table's sheet."""
    package = Package.open(path)
    part = Workbook(package).tables[table].sheet.part
    row = re.sub("[A-Z]", "", ref)
    cell = f'<row r="{row}"><c r="{ref}"><v>1</v></c></row></sheetData>'.encode()
    package.write(part, package.read(part).replace(b"</sheetData>", cell))
    with path.open("w+b") as out:
        package.save(out)


@pytest.mark.parametrize("table", ["crm_orders", "crm_grading"])
def test_one_in_the_last_corner_is_refused_with_its_place(table, tmp_path):
    path = small_book.build(tmp_path)
    type_at(path, table, "XFD1048576")
    before = path.read_bytes()
    with pytest.raises(CannotProceedError) as stopped:
        book.refresh(path)
    assert "XFD" in stopped.value.problem.line("zh")
    assert path.read_bytes() == before


@pytest.mark.parametrize("ref", ["XFD900", "B1048576"])
def test_one_far_to_one_side_only_does_no_harm(ref, tmp_path):
    path = small_book.build(tmp_path)
    type_at(path, "crm_orders", ref)
    assert book.refresh(path).counts["customers"] == 7
