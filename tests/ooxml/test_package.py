"""A package gives back what it was given: every entry that nobody changed, packed byte for packed byte."""

import io
import os
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from crmbook.ooxml import NotLosslessError, Package, RefusedError
from crmbook.ooxml.archive import Archive, Writer
from crmbook.ooxml.packing import Packed
from tests.ooxml.plain import MAIN, OFFICE, PARTS, saved, stored, zipped

CORPUS = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "corpus"


@pytest.mark.reference
def test_every_real_workbook_keeps_every_entry_that_was_not_edited():
    files = sorted(CORPUS.glob("*.xls?"))
    assert len(files) > 50
    for file in files:
        if file.name.startswith("encrypted"):
            continue
        package = Package.open(file)
        edited = package.workbook
        package.write(edited, package.read(edited) + b"<!-- edited -->")
        out = io.BytesIO()
        proof = package.save(out)
        before, after = stored(file.read_bytes()), stored(out.getvalue())
        assert [e[0] for e in before] == [e[0] for e in after], file.name
        different = {b[0].replace("\\", "/") for b, a in zip(before, after, strict=True) if a != b}
        assert different == {edited}, file.name
        assert proof.rewritten == (edited,), file.name
        assert zipfile.ZipFile(out).testzip() is None, file.name


@pytest.mark.reference
def test_the_workbook_of_every_real_file_is_found_wherever_it_lies():
    found = {file.name: Package.open(file).workbook for file in CORPUS.glob("*.xlsx") if "encrypted" not in file.name}
    assert found["root_absolute_paths.xlsx"] == "workbook.xml"
    assert found["zip_backslash.xlsx"] == found["strict_iso_paths.xlsx"] == "xl/workbook.xml"


@pytest.mark.reference
def test_a_strict_file_gets_strict_relationships():
    package = Package.open(CORPUS / "photo_formats_strict.xlsx")
    id = package.relate(package.workbook, "table", "xl/tables/t.xml")
    assert [r.type for r in package.relationships(package.workbook) if r.id == id] == [
        "http://purl.oclc.org/ooxml/officeDocument/relationships/table"
    ]


def test_saving_without_an_edit_changes_nothing():
    source = zipped(PARTS)
    package = Package.open(source)
    assert not package.changed
    assert stored(saved(package)) == stored(source)


def test_writing_what_is_there_already_is_no_change():
    package = Package.open(zipped(PARTS))
    package.write("xl/notes.xml", b"<notes>other</notes>")
    assert package.changed == {"xl/notes.xml"}
    package.write("xl/notes.xml", b"<notes>kept</notes>")
    assert package.changed == set()


def test_parts_are_rewritten_in_place_and_added_at_the_end():
    package = Package.open(zipped(PARTS))
    package.write("XL/Workbook.xml", b"<workbook>2</workbook>")
    package.write("xl/新.xml", "<新/>".encode())
    package.remove("xl/notes.xml")
    out = io.BytesIO()
    proof = package.save(out)
    assert proof.rewritten == ("xl/workbook.xml",)
    assert proof.added == ("xl/新.xml",)
    assert proof.removed == ("xl/notes.xml",)
    assert proof.untouched == ("[Content_Types].xml", "_rels/.rels")
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/新.xml"]
        assert archive.read("xl/新.xml").decode() == "<新/>"
    assert package.original("xl/workbook.xml") == b"<workbook/>"
    assert package.original("xl/notes.xml") == b"<notes>kept</notes>"


def test_a_removed_part_takes_its_relationships_and_content_type_along():
    package = Package.open(zipped({**PARTS, "xl/_rels/notes.xml.rels": PARTS["_rels/.rels"]}))
    package.set_content_type("xl/notes.xml", "text/notes+xml")
    package.remove("xl/notes.xml")
    assert "xl/_rels/notes.xml.rels" not in package.names
    assert b"notes" not in package.read("[Content_Types].xml")


def test_relationships_are_resolved_whatever_way_they_are_written():
    rels = PARTS["_rels/.rels"].replace("xl/workbook.xml", "{}").replace(OFFICE + "/officeDocument", OFFICE + "/notes")
    for target in ("notes.xml", "/xl/notes.xml", "NOTES.xml", "../xl/notes.xml", "no%74es.xml", "..\\xl\\notes.xml"):
        package = Package.open(zipped({**PARTS, "xl/_rels/workbook.xml.rels": rels.format(target)}))
        assert package.related("xl/workbook.xml", "notes") == ["xl/notes.xml"], target


def test_a_new_relationship_can_be_taken_out_again():
    package = Package.open(zipped(PARTS))
    first = package.relate("xl/workbook.xml", "table", "xl/tables/table1.xml")
    second = package.relate("xl/workbook.xml", "hyperlink", "https://example.com", external=True)
    table, link = package.relationships("xl/workbook.xml")
    assert (table.id, table.type, table.target, table.external) == (
        first,
        f"{OFFICE}/table",
        "xl/tables/table1.xml",
        False,
    )
    assert (link.id, link.kind, link.target, link.external) == (second, "hyperlink", "https://example.com", True)
    assert b'Target="tables/table1.xml"' in package.read("xl/_rels/workbook.xml.rels")
    package.unrelate("xl/workbook.xml", first)
    assert [r.id for r in package.relationships("xl/workbook.xml")] == [second]


def test_content_types_come_from_the_part_or_its_ending():
    package = Package.open(zipped(PARTS))
    assert package.content_type("XL/WORKBOOK.XML") == f"{MAIN}.sheet.main+xml"
    assert package.content_type("xl/notes.xml") == "application/xml"
    assert package.content_type("xl/picture.png") == ""
    package.set_content_type("xl/notes.xml", "text/notes+xml")
    assert package.content_type("xl/notes.xml") == "text/notes+xml"


def test_of_two_entries_with_one_name_the_last_counts_and_both_are_kept():
    out = io.BytesIO(zipped(PARTS))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/notes.xml", "<notes>later</notes>")
    source = out.getvalue()
    package = Package.open(source)
    assert package.read("xl/notes.xml") == b"<notes>later</notes>"
    package.write("xl/workbook.xml", b"<workbook>2</workbook>")
    assert [e for e in stored(saved(package)) if "notes" in e[0]] == [e for e in stored(source) if "notes" in e[0]]
    package.write("xl/notes.xml", b"<notes>new</notes>")
    assert [e[0] for e in stored(saved(package))].count("xl/notes.xml") == 1


def test_names_with_backslashes_stay_as_they_are_written():
    source = zipped(PARTS).replace(b"xl/notes.xml", b"xl\\notes.xml").replace(b"_rels/.rels", b"_rels\\.rels")
    package = Package.open(source)
    assert package.read("xl/notes.xml") == b"<notes>kept</notes>"
    package.write("xl/notes.xml", b"<notes>new</notes>")
    assert [e[0] for e in stored(saved(package))] == [e[0] for e in stored(source)]


def test_entries_written_to_a_stream_lose_only_the_descriptor_flag():
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    source = out.getvalue()
    package = Package.open(source)
    assert stored(saved(package)) == stored(source)
    assert all(i.flag_bits & 0x8 for i in zipfile.ZipFile(io.BytesIO(source)).infolist())
    assert not any(i.flag_bits & 0x8 for i in zipfile.ZipFile(io.BytesIO(saved(package))).infolist())


def test_folders_comments_and_foreign_extra_fields_are_kept():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = "备注".encode()
        archive.mkdir("xl")
        for name, content in PARTS.items():
            info = zipfile.ZipInfo(name, (2024, 2, 29, 13, 5, 8))
            info.extra = struct.pack("<HH4s", 0x9999, 4, b"mine")
            info.comment = b"remark"
            archive.writestr(info, content)
    package = Package.open(out.getvalue())
    assert "xl/" not in package.names
    package.write("xl/notes.xml", b"<notes/>")
    again = zipfile.ZipFile(io.BytesIO(saved(package)))
    assert again.comment.decode() == "备注"
    assert again.namelist()[0] == "xl/"
    kept = again.getinfo("xl/workbook.xml")
    assert (kept.extra, kept.comment, kept.date_time) == (
        struct.pack("<HH4s", 0x9999, 4, b"mine"),
        b"remark",
        (2024, 2, 29, 13, 5, 8),
    )


def test_a_small_file_in_zip64_spelling_is_read_and_saved_plainly():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(content.encode())
    package = Package.open(out.getvalue())
    package.write("xl/notes.xml", b"<notes/>")
    again = Package.open(saved(package))
    assert again.read("xl/notes.xml") == b"<notes/>"
    assert [e[5:] for e in stored(saved(package))][:3] == [e[5:] for e in stored(out.getvalue())][:3]


def test_sizes_past_four_gigabytes_are_written_in_zip64():
    archive, out = Archive(zipped({**PARTS, "big": bytes(5000)})), io.BytesIO()
    writer = Writer(out, limit=300)  # as if 300 bytes were four gigabytes
    for entry in archive.entries:
        writer.copy(archive, entry)
    writer.add("more", Packed.of(bytes(1000)))
    writer.close()
    with zipfile.ZipFile(out) as again:
        assert again.testzip() is None
        assert again.namelist() == [*PARTS, "big", "more"]
        assert again.getinfo("big").file_size == 5000
        assert again.read("more") == bytes(1000)
    assert b"PK\6\6" in out.getvalue()


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_save_that_is_not_lossless_does_not_pass(rewritten: bool):
    notes = bytes(range(256)) * (1 << 13 if rewritten else 1)  # once big enough to be packed in a thread
    package = Package.open(zipped({**PARTS, "xl/notes.xml": bytes(range(256))}))
    package.write("xl/notes.xml", notes)
    packed = next(len(e[-1]) for e in stored(saved(package)) if e[0] == "xl/notes.xml")

    class Careless(io.BytesIO):
        """A disk that turns one bit of one entry."""

        def write(self, block) -> int:
            return super().write(bytes([block[0] ^ 1, *block[1:]]) if len(block) == packed else block)

    with pytest.raises(NotLosslessError, match=r"xl/notes\.xml"):
        package.save(Careless())


def test_opening_inflates_nothing_but_types_and_relationships():
    broken = bytearray(zipped(PARTS))
    with zipfile.ZipFile(io.BytesIO(bytes(broken))) as archive:
        offset = archive.getinfo("xl/notes.xml").header_offset
    broken[offset + 30 + len("xl/notes.xml") + 3] ^= 0xFF
    package = Package.open(bytes(broken))
    with pytest.raises(RefusedError, match=r"damaged: xl/notes\.xml"):
        package.read("xl/notes.xml")


def test_a_part_that_grew_big_is_packed_fast_and_reads_back(tmp_path: Path):
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet()
    package = Package.open(book)
    content = b"<worksheet>" + os.urandom(3 << 20).hex().encode() + b"</worksheet>"
    package.write("xl/worksheets/sheet1.xml", content)
    assert Package.open(saved(package)).read("xl/worksheets/sheet1.xml") == content
