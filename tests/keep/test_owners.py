"""A workbook that somebody has open is left alone, and the message names them."""

import pytest

from crmbook import keep
from tests.keep.books import edited, stopped


def owner_file(name: str) -> bytes:
    """What Excel leaves beside an open file: the user's name in two spellings, 165 bytes in all."""
    narrow = name.encode("gbk")
    wide = bytes([len(name), 0]) + name.encode("utf-16-le").ljust(108, b" ")
    return bytes([len(narrow)]) + narrow.ljust(54, b" ") + wide


OPEN = {
    "Excel": ("~${}", owner_file("王小明"), "open in Excel (by 王小明)"),
    "Excel, held fast": ("~${}", b"", "open in Excel (by somebody)"),
    "Excel, a mark that is something else": ("~${}", b"PK\x03\x04\x1b[2J\0" * 40, "open in Excel (by somebody)"),
    "WPS": (".~{}", owner_file("李雷"), "open in WPS (by 李雷)"),
    "LibreOffice": (".~lock.{}#", "韩梅梅,han,desk-7,22.11.2026 04:00,file:///home/han;".encode(), "open in LibreOffice (by 韩梅梅 @ desk-7)"),
    "LibreOffice without a name": (".~lock.{}#", b",han,desk-7,22.11.2026 04:00,x;", "open in LibreOffice (by han @ desk-7)"),
    "LibreOffice, an odd name": (".~lock.{}#", b"\x1b[2J,han,desk-7,22.11.2026 04:00,x;", "open in LibreOffice (by somebody)"),
}  # fmt: skip


@pytest.mark.parametrize(("mark", "owner", "words"), OPEN.values(), ids=OPEN)
def test_a_file_open_in_another_program_is_not_touched(book, mark, owner, words):
    old, package = book.read_bytes(), edited(book)
    beside = book.with_name(mark.format(book.name))
    beside.write_bytes(owner)
    for action in (keep.opened_by, lambda path: keep.replace(path, package), keep.undo):
        line = stopped(action, book)
        assert words in line
        assert beside.name in line
    assert book.read_bytes() == old
    beside.unlink()
    keep.opened_by(book)
    keep.replace(book, package)
