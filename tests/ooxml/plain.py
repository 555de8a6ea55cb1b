"""The smallest workbook there is, and zips as they are stored: what the tests of packages begin with."""

import io
import struct
import zipfile

from crmbook.ooxml import Package

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN}.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": "<workbook/>",
    "xl/notes.xml": "<notes>kept</notes>",
}


def zipped(parts: dict[str, str | bytes], **options) -> bytes:
    """A zip of these parts, written by Python's own zipfile."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def saved(package: Package) -> bytes:
    out = io.BytesIO()
    package.save(out)
    return out.getvalue()


def stored(data: bytes) -> list[tuple]:
    """Every entry as it is stored, by an independent reading: name, time, attributes, flags, checksum, packed bytes."""
    entries = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for i in archive.infolist():
            name, extra = struct.unpack("<HH", data[i.header_offset + 26 : i.header_offset + 30])
            start = i.header_offset + 30 + name + extra
            packed = data[start : start + i.compress_size]
            flags = i.flag_bits & ~0x8
            entries.append((i.orig_filename, i.date_time, i.external_attr, flags, i.compress_type, i.CRC, packed))
    return entries
