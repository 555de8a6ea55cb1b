"""Signed, protected and programmed books: kept as they are, or refused with a reason before anything is written."""

import re

import pytest

from crmbook import book
from crmbook.keep import load
from tests.faulty_books import BOOK, GRADING, ORDERS, TYPES, packed, parts_of
from tests.refusing import DAY, refused

PROTECTED = b'<sheetProtection algorithmName="SHA-512" hashValue="aGFzaA==" saltValue="c2FsdA==" spinCount="100000" sheet="1" objects="1" scenarios="1" autoFilter="0"/>'  # fmt: skip
STRUCTURE = b'<workbookProtection workbookPassword="CC1A" lockStructure="1"/>'
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
VBA = {
    "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(range(256)),
    "xl/vbaProjectSignature.bin": b"\0\1" * 99,
    "xl/_rels/vbaProject.bin.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature" Target="vbaProjectSignature.bin"/></Relationships>',
}  # fmt: skip


@pytest.fixture
def parts(small) -> dict[str, bytes]:
    return parts_of(small.read_bytes())


def after(text: bytes, mark: bytes, added: bytes) -> bytes:
    assert mark in text
    return text.replace(mark, mark + added, 1)


def before(text: bytes, mark: bytes, added: bytes) -> bytes:
    assert mark in text
    return text.replace(mark, added + mark, 1)


def test_protection_of_sheets_and_of_the_workbook_stays_and_hinders_nothing(parts, tmp_path):
    path = tmp_path / "book.xlsx"
    sheets = [f"xl/worksheets/sheet{place.sheet}.xml" for place in (ORDERS, GRADING)]
    for sheet in sheets:
        parts[sheet] = after(parts[sheet], b"</sheetData>", PROTECTED)
    parts[BOOK] = re.sub(rb"<workbookProtection[^>]*/>", STRUCTURE, parts[BOOK])
    path.write_bytes(packed(parts))
    assert book.refresh(path, as_of=DAY).wrote
    now = load(path)
    assert all(now.read(sheet).count(PROTECTED) == 1 for sheet in sheets)
    assert now.read(BOOK).count(STRUCTURE) == 1


def test_macros_and_their_signature_are_not_touched(parts, tmp_path):
    path = tmp_path / "book.xlsm"
    types = re.sub(rb"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml", MACROS.encode(), parts[TYPES])  # fmt: skip
    types = before(types, b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>')
    links = before(parts["xl/_rels/workbook.xml.rels"], b"</Relationships>", b'<Relationship Id="rId96" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>')  # fmt: skip
    path.write_bytes(packed({**parts, **VBA, TYPES: types, "xl/_rels/workbook.xml.rels": links}))
    outcome = book.refresh(path, as_of=DAY)
    assert set(VBA) <= set(outcome.proof.untouched)
    assert all(load(path).read(name) == content for name, content in VBA.items())


def test_a_signed_book_is_refused_before_anything_is_written(parts, tmp_path):
    path = tmp_path / "signed" / "book.xlsx"
    path.parent.mkdir()
    link = b'<Relationship Id="rId95" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>'  # fmt: skip
    parts["_rels/.rels"] = before(parts["_rels/.rels"], b"</Relationships>", link)
    path.write_bytes(packed({**parts, "_xmlsignatures/origin.sigs": b""}))
    line = refused(path)
    assert "digital signature" in line
    assert "on a copy" in line


@pytest.mark.parametrize("kind", ["sheet.binary.macroEnabled.main", "word"])
def test_other_kinds_of_files_say_what_they_are(kind, parts, tmp_path):
    path = tmp_path / "other" / "book.xlsx"
    path.parent.mkdir()
    wanted = {"word": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"}
    content_type = wanted.get(kind, b"application/vnd.ms-excel.sheet.binary.macroEnabled.main")
    parts[TYPES] = re.sub(rb"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml", content_type, parts[TYPES])  # fmt: skip
    path.write_bytes(packed(parts))
    assert ("no workbook in this file" if kind == "word" else ".xlsb") in refused(path)
