"""One cell: what is written is what is read."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from openpyxl.utils.datetime import to_excel

from crmbook.ooxml.cells import Endings, content, ending, same_value, serial, stored


def cell(value: object, formula: str | None = None) -> bytes:
    return f'<c r="A1" s="3"{ending(stored(value), formula)}'.encode()


def read(raw: bytes) -> tuple[object, str | None]:
    found = content(raw, lambda n: f"shared {n}")
    return found.value, found.formula


@given(st.text(max_size=200))
@example("_x0041_ \x0b\r\n\ttext ")
@example("=1+1")
@example("]]>&<>\"'")
def test_any_text_is_well_formed_and_comes_back(text: str):
    raw = cell(text)
    etree.fromstring(raw)
    assert read(raw)[0] == (text or None)


def test_characters_that_xml_cannot_hold_are_written_as_excel_writes_them():
    assert "_x000B_" in ending("a\x0bb")
    assert "_x005F_x0041_" in ending("_x0041_")
    assert ending("a\ud800b").count("\ufffd") == 1


def test_blanks_at_the_edge_are_kept():
    assert 'xml:space="preserve"' in ending(" a")
    assert "preserve" not in ending("a b")


def test_text_longer_than_a_cell_is_cut_where_excel_would_not_open_it():
    kept, _ = read(cell("汉😀" * 20_000))
    assert isinstance(kept, str)
    assert len(kept.encode("utf-16-le")) // 2 <= 32_767
    assert "\ufffd" not in kept


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_numbers_come_back_exactly(number: float):
    assert read(cell(number))[0] == number


@pytest.mark.parametrize("value", [None, "", float("nan"), float("inf")])
def test_nothing_is_an_empty_cell(value: object):
    assert cell(value) == b'<c r="A1" s="3"/>'


def test_a_truth_is_no_number():
    assert cell(True) == b'<c r="A1" s="3" t="b"><v>1</v></c>'
    assert read(cell(False))[0] is False


@given(st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)))
@example(datetime(1900, 2, 28))
@example(datetime(1900, 3, 1))
def test_days_are_counted_as_openpyxl_counts_them(moment: datetime):
    assert serial(moment) == pytest.approx(to_excel(moment), abs=1e-9)


def test_days_before_excels_calendar_become_text():
    assert stored(date(1899, 5, 1)) == "1899-05-01"
    assert stored(date(1903, 12, 31), is_1904=True) == "1903-12-31"
    assert stored(date(1904, 1, 2), is_1904=True) == 1


def test_exact_decimals_are_numbers():
    assert cell(Decimal("12.50")) == b'<c r="A1" s="3"><v>12.5</v></c>'


def test_times_are_parts_of_a_day():
    assert stored(time(12)) == 0.5
    assert stored(timedelta(days=1, hours=6)) == 1.25


@pytest.mark.parametrize("value", ["text", "", None, 1.5, True])
def test_a_formula_stands_beside_its_value(value: object):
    raw = cell(value, 'IF(A1<2,"a","")')
    assert read(raw) == (value or None, 'IF(A1<2,"a","")')
    assert b"A1&lt;2" in raw


def test_a_column_is_written_as_its_cells_would_be():
    values = ["a", "a", 1, 2.5, None, float("nan"), True, datetime(2026, 1, 1), datetime(2026, 1, 1), "  ", ""]
    assert Endings().of(values) == [ending(stored(v)).encode() for v in values]


@given(st.lists(st.text(alphabet="ab |_x0041<\n客", max_size=4) | st.sampled_from([1, 2.5, None])), st.sampled_from([None, 'A1&"|"']))  # fmt: skip
def test_a_column_of_any_texts_is_written_as_its_cells_would_be(values: list[object], formula: str | None):
    endings = Endings(formula)
    for part in (values, values[::-1], [v for v in values if isinstance(v, str)], [v for v in values if v is None]):
        assert endings.of(part) == [ending(stored(v), formula).encode() for v in part]


def test_cells_of_every_type_are_read():
    assert read(b'<c r="A1" t="s"><v>7</v></c>') == ("shared 7", None)
    assert read(b'<c r="A1" t="str"><f>A2</f><v>a&amp;b</v></c>') == ("a&b", "A2")
    assert read(b'<c r="A1" t="b"><v>true</v></c>') == (True, None)
    assert read(b'<c r="A1"><v>1E3</v></c>') == (1000, None)
    rich = b'<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t xml:space="preserve"> b</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
    assert read(rich) == ("a b", None)
    error = content(b'<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', str)
    assert error == ("#DIV/0!", "1/0", True)


def test_equal_values_are_equal_whatever_program_wrote_them():
    assert same_value(0.1 + 0.2, 0.3)
    assert not same_value(0.3, 0.3000001)
    assert same_value("a\r\nb", "a\nb")
    assert not same_value("1", 1)
    assert not same_value(True, 1)
    assert same_value(None, None)
    assert not same_value(None, 0)


def test_openpyxl_reads_what_we_write():
    book = openpyxl.Workbook()
    book.active["A1"] = "here"
    out = BytesIO()
    book.save(out)
    from crmbook.ooxml import Package

    package = Package.open(out.getvalue())
    part = package.related(package.workbook, "worksheet")[0]
    texts = ["=1+1", "00123", " a\nb ", "@x", "a\x0bb", "+86 139"]
    rows = "".join(f'<row r="{i}"><c r="A{i}"{ending(t)}</row>' for i, t in enumerate(texts, 1))
    sheet = package.read(part)
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    package.write(part, sheet[:start] + rows.encode() + sheet[end:])
    out = BytesIO()
    package.save(out)
    read_back = [c.value for c in openpyxl.load_workbook(out).active["A"]]
    assert read_back == [t.replace("\x0b", "_x000B_") for t in texts]
