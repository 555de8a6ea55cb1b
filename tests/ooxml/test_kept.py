"""Rows that a sheet has from the source are not looked at again; whatever is new beside them is."""

import io
import random

import pytest
import xlsxwriter

from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.cells import ending
from crmbook.ooxml.filling import Fill
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.lint import new_findings
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.rows import Placing
from crmbook.ooxml.sheet import SheetPart
from tests.ooxml.plain import PARTS, zipped

ROWS = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(1, 8))
SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + ROWS
    + b"</sheetData></worksheet>"
)
ONE = "xl/worksheets/sheet1.xml"
GOOD, BAD = b"<v>1</v>", b"<v>words</v>"


def package() -> Package:
    """A book with one sheet of nine rows and a table on them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.add_table("A1:B9", {"data": [[n, f"name {n}"] for n in range(8)]})
    return Package.open(out.getvalue())


def edited(book: Package, *rows: int) -> tuple[bytes, SheetPart]:
    """The sheet with a number that is none in new cells of these rows."""
    found = Workbook(book)
    part = found.sheet_part(found.sheets[0])
    for row in rows:
        part.put(row, 30, ending(1))
        part.rows[row] = part.rows[row].replace(GOOD, BAD)
    return part.text(), part


def faulty() -> Package:
    """A book whose first sheet has such a number in its sixth row."""
    book = package()
    book.write(ONE, edited(book, 6)[0])
    return Package.open(zipped({name: book.read(name) for name in book.names}))


def test_a_sheet_says_where_the_rows_it_had_lie() -> None:
    part = SheetPart(SHEET, str)
    part.put(3, 2, ending("new"))
    text = part.text()
    assert [(k.first, k.last) for k in part.kept({7})] == [(1, 2), (4, 6)]
    assert [text[k.start : k.end] for k in part.kept({7})] == [
        b"".join(part.original[n] for n in range(k.first, k.last + 1)) for k in part.kept({7})
    ]


@pytest.mark.parametrize("spelt", [SHEET.replace(b"<c r", b"<!-- x --><c r"), SHEET.replace(b"<v>1<", b'<f t="shared" si="0"/><v>1<')])  # fmt: skip
def test_one_in_another_spelling_or_with_shared_formulas_says_nothing(spelt: bytes) -> None:
    part = SheetPart(spelt, str)
    part.put(3, 2, ending("new"))
    assert part.kept(()) == []


def test_of_rows_made_together_the_first_and_the_last_are_looked_at_for_all() -> None:
    part, row_map = SheetPart(SHEET, str), RowMap(1, frozenset({7}), 1007, 1, 2)
    fills = {n: Fill([*range(n, 1007 + n)], None, (), is_1904=False) for n in (1, 2)}
    Placing(part, row_map, [*range(1, 8), *[0] * 1000], fills, {}, Follower("Sheet", {"Sheet": row_map})).run()
    part.put(20, 1, ending("typed"))
    passed_over = {n for k in part.kept(()) for n in range(k.first, k.last + 1)}
    assert {*part.rows} - passed_over == {*range(1, 8), 8, 20, 500, 501, 1000, 1001, 1007}
    text = part.text()
    assert b"".join(text[k.start : k.end] for k in part.kept(())) == b"".join(part.rows[n] for n in sorted(passed_over))


def test_a_fault_in_a_new_row_is_found_and_one_that_stood_there_is_not() -> None:
    for book, rows, count in ((package(), (7,), 1), (faulty(), (8,), 1), (faulty(), (), 0)):
        text, part = edited(book, *rows)
        book.write(ONE, text.replace(b"</sheetData>", b"</sheetData><!-- new -->"), part.kept({1}))
        assert len({f for f in new_findings(book) if f.rule == "bad-number"}) == count


def test_what_is_not_well_formed_is_found_in_a_new_row() -> None:
    book = package()
    text, part = edited(book, 7)
    book.write(ONE, text.replace(BAD, b"<v>1</w>"), part.kept({1}))
    assert {f.rule for f in new_findings(book)} == {"not-well-formed"}


def test_rows_of_a_part_that_was_written_before_are_not_the_source_s() -> None:
    book = package()
    book.write(ONE, edited(book, 7)[0])
    text, part = edited(book)
    book.write(ONE, text, part.kept({1}))
    assert "bad-number" in {f.rule for f in new_findings(book)}


def test_a_part_comes_in_pieces_as_it_comes_whole_and_a_damaged_one_not_to_its_end() -> None:
    noise = random.Random(1).randbytes(3 << 20).hex()
    data = zipped({**PARTS, "xl/notes.xml": f"<notes>{noise}</notes>", "xl/other.xml": f"<n a='x'>{noise}</n>"})
    book = Package.open(data)
    pieces = list(book.blocks("xl/notes.xml"))
    assert len(pieces) > 1
    assert b"".join(pieces) == book.read("xl/notes.xml")
    assert list(book.blocks("xl/other.xml")) == [book.read("xl/other.xml")]
    broken = bytearray(data)
    broken[len(data) // 4] ^= 0x55
    with pytest.raises(RefusedError):
        list(Package.open(bytes(broken)).blocks("xl/notes.xml"))
