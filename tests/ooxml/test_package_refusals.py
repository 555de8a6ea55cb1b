"""What cannot be edited safely, or was made to do harm, is refused before anything is unpacked or written."""

import struct
from pathlib import Path

import pytest

from crmbook.ooxml import Package, RefusedError, parse
from crmbook.ooxml.archive import MOST_BYTES, MOST_ENTRIES
from tests.ooxml.plain import MAIN, PARTS, zipped


def ole2(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "".join(streams).encode("utf-16-le")


def workbook_of_type(content_type: str) -> bytes:
    types = PARTS["[Content_Types].xml"].replace(f"{MAIN}.sheet.main+xml", content_type)
    return zipped({**PARTS, "[Content_Types].xml": types})


REFUSED = {
    "text": (b"name,amount\r\n", "not_zip"),
    "nothing": (b"", "not_zip"),
    "encrypted": (ole2("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "old xls": (ole2("Workbook"), "xls"),
    "other OLE2": (ole2("WordDocument"), "not_zip"),
    "binary": (workbook_of_type("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "xlsb"),
    "a letter": (workbook_of_type("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"), "no_workbook"),
    "a plain zip": (zipped({"a.txt": "a"}), "no_workbook"),
    "no relationships": (zipped({"[Content_Types].xml": PARTS["[Content_Types].xml"]}), "no_workbook"),
    "signed": (zipped({**PARTS, "_xmlsignatures/origin.sigs": ""}), "signed"),
    "cut off": (zipped(PARTS)[:-30], "damaged"),
    "directory overwritten": (zipped(PARTS).replace(b"PK\1\2", b"PK\1\0"), "damaged"),
    "directory points nowhere": (zipped(PARTS).replace(b"PK\3\4", b"PK\3\0").replace(b"PK\3\0", b"PK\3\4", 1), "damaged"),
    "types cut off": (zipped({**PARTS, "[Content_Types].xml": "<Types"}), "damaged"),
    "doctype": (zipped({**PARTS, "_rels/.rels": "<?xml version='1.0'?>\n<!-- x --><!DOCTYPE r [<!ENTITY a 'b'>]><r/>"}), "doctype"),
    "doctype in utf-16": (zipped({**PARTS, "_rels/.rels": "<!DOCTYPE r><r/>".encode("utf-16")}), "doctype"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_edited_safely_is_refused_with_its_reason(data, reason):
    with pytest.raises(RefusedError) as refused:
        Package.open(data)
    assert refused.value.reason == reason


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped(PARTS))
    directory = data.rindex(b"PK\1\2")
    data[directory + 8] |= 1
    with pytest.raises(RefusedError, match="encrypted"):
        Package.open(bytes(data))


def with_sizes(name: str, size: int, count: int = 1) -> bytes:
    """A package whose directory claims an inflated size for entries that are tiny."""
    data = bytearray(zipped({**PARTS, **{f"{name}{i}": "x" for i in range(count)}}))
    at = 0
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        if data[at + 46 :].startswith(name.encode()):
            data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def test_one_entry_that_unpacks_to_hundreds_of_times_its_size_is_a_bomb():
    with pytest.raises(RefusedError, match="bomb: xl/bomb0"):
        Package.open(with_sizes("xl/bomb", 101 << 20))


def test_many_entries_that_together_unpack_to_too_much_are_a_bomb():
    size = 99 << 20
    with pytest.raises(RefusedError, match="bomb"):
        Package.open(with_sizes("xl/part", size, count=MOST_BYTES // size + 1))


def test_too_many_entries_are_a_bomb():
    with pytest.raises(RefusedError, match="bomb"):
        Package.open(zipped({**PARTS, **{f"x/{i}": "" for i in range(MOST_ENTRIES)}}))


def test_an_entry_that_unpacks_to_more_than_it_said_is_damaged():
    package = Package.open(with_sizes("xl/part", 0))
    with pytest.raises(RefusedError, match="damaged"):
        package.read("xl/part0")


def test_a_doctype_in_any_part_is_refused_when_the_part_is_read():
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    package = Package.open(zipped({**PARTS, "xl/notes.xml": bomb}))
    with pytest.raises(RefusedError, match=r"doctype: xl/notes\.xml"):
        package.read("xl/notes.xml")


def test_no_entity_reaches_the_disk(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    with pytest.raises(RefusedError, match="doctype"):
        parse(f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a>&b;</a>'.encode())


def test_a_doctype_hidden_in_another_encoding_is_refused():
    hidden = '<?xml version="1.0" encoding="UTF-16BE"?><!DOCTYPE a><a/>'.encode("utf-16-be")
    with pytest.raises(RefusedError, match="doctype"):
        parse(hidden)
