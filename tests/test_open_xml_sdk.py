"""What the Open XML SDK's validator says of our files: nothing of new books, nothing more of refreshed ones than before."""

import io
from datetime import date, timedelta

import pytest
import xlsxwriter

from crmbook import book
from tests import excel_edits
from tests.faulty_books import packed, parts_of
from tests.reading import Reading
from tests.staff import Staff

pytestmark = pytest.mark.sdk


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_is_valid_as_built_and_as_refreshed(lang, built, tmp_path, sdk):
    """Chinese as refreshed, English as built: either takes the validator ten seconds."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(built(lang))
    if lang == "zh":
        assert book.refresh(path, as_of=date.today() - timedelta(50)).wrote
    assert sdk(path) == set()


def test_after_a_day_of_the_staff_a_refresh_brings_in_nothing_new(built, tmp_path, sdk):
    path = tmp_path / "book.xlsx"
    path.write_bytes(built("zh"))
    staff = Staff(Reading(path))
    excel_edits.edit(path, [*staff.edits(), *staff.in_excel()])
    before = path.read_bytes()
    assert book.refresh(path).wrote
    found = sdk(path)
    path.write_bytes(before)
    assert not found or found <= sdk(path)


def test_a_small_book_with_rows_that_move(small, tmp_path, sdk):
    path = tmp_path / "book.xlsx"
    path.write_bytes(small.read_bytes())
    assert book.refresh(path, as_of=date(2026, 3, 31)).wrote
    assert sdk(path) == set()


def test_a_fault_is_noticed_and_the_order_in_a_font_is_not(tmp_path, sdk):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.add_worksheet().write("A1", 1, made.add_format({"bold": True, "font_color": "red"}))
    parts, path = parts_of(out.getvalue()), tmp_path / "made.xlsx"
    styles = parts["xl/styles.xml"]
    for altered, faults in (
        (styles, 0),
        (styles.replace(b"<b/>", b"").replace(b"</font>", b"<b/></font>"), 0),
        (styles.replace(b"<cellXfs ", b'<cellXfs bad="1" '), 1),
    ):
        path.write_bytes(packed({**parts, "xl/styles.xml": altered}))
        assert len(sdk(path)) == faults
