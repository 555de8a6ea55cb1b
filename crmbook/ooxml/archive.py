"""The zip file under a workbook: entries read within limits, and copied as they are stored, without inflating them."""

import io
import re
import struct
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from zlib_ng import zlib_ng as zlib

from crmbook.ooxml.packing import Packed

Reason = Literal[
    "not_zip", "encrypted", "xls", "xlsb", "bomb", "doctype", "damaged", "no_workbook", "signed", "far_cell"
]

MOST_ENTRIES = 20_000
MOST_BYTES = 4 << 30  # of all entries together, inflated
HARMLESS_BYTES = 100 << 20  # an entry below this size is not a bomb, whatever its ratio
WORST_RATIO = 200  # a sheet of equal rows reaches about 100

STORED, DEFLATED = 0, 8
ENCRYPTED_FLAG, DESCRIPTOR_FLAG, UTF8_FLAG = 0x1, 0x8, 0x800
BLOCK = 1 << 20  # bytes inflated at a time, about
MASK32 = 0xFFFFFFFF

LOCAL = struct.Struct("<4sHHHHHIIIHH")
CENTRAL = struct.Struct("<4sBBHHHHHIIIHHHHHII")
END = struct.Struct("<4sHHHHIIH")
END64 = struct.Struct("<4sQHHIIQQQQ")
LOCATOR64 = struct.Struct("<4sIQI")

# What may stand before the root element; a DOCTYPE can stand nowhere else.
DOCTYPE = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


class RefusedError(Exception):
    """The file cannot be edited without risk; `reason` is one of `Reason`, `detail` names the entry where one is at fault."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason
        self.detail = detail


def in_a_pool() -> bool:
    """True in a process that works beside others, which have the other cores; to ask does not import what would start some."""
    processes = sys.modules.get("multiprocessing")
    return processes is not None and processes.parent_process() is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a zip: the name with forward slashes, its record in the directory, where its packed bytes lie."""

    name: str
    info: zipfile.ZipInfo
    start: int
    local_extra: bytes

    @property
    def is_folder(self) -> bool:
        """True for an entry that only names a folder."""
        return self.name.endswith("/")


class Archive:
    """A zip file in memory; opening it reads the directory and inflates nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                infos, self.comment = opened.infolist(), opened.comment
        except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, NotImplementedError, struct.error) as error:
            raise RefusedError("damaged" if data[:4] == b"PK\3\4" else "not_zip") from error
        if len(infos) > MOST_ENTRIES or sum(i.file_size for i in infos) > MOST_BYTES:
            raise RefusedError("bomb")
        self.entries = [self._entry(info) for info in infos]

    def _entry(self, info: zipfile.ZipInfo) -> Entry:
        """The entry with its limits checked and its local header found; the header's lengths differ from the directory's."""
        name = info.orig_filename.replace("\\", "/")
        if info.file_size > HARMLESS_BYTES and info.file_size > WORST_RATIO * info.compress_size:
            raise RefusedError("bomb", name)
        if info.flag_bits & ENCRYPTED_FLAG:
            raise RefusedError("encrypted", name)
        head = bytes(self._data[info.header_offset : info.header_offset + LOCAL.size])
        if len(head) < LOCAL.size or head[:4] != b"PK\3\4":
            raise RefusedError("damaged", name)
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        extra_start = info.header_offset + LOCAL.size + name_length
        start = extra_start + extra_length
        if start + info.compress_size > len(self._data):
            raise RefusedError("damaged", name)
        return Entry(name, info, start, bytes(self._data[extra_start:start]))

    def packed(self, entry: Entry) -> memoryview:
        """The entry's bytes as they are stored."""
        return self._data[entry.start : entry.start + entry.info.compress_size]

    def same(self, entry: Entry, content: bytes) -> bool:
        """True if the content is what the entry holds; inflates only when size and checksum agree."""
        info = entry.info
        return (len(content), zlib.crc32(content)) == (info.file_size, info.CRC) and self.read(entry) == content

    def read(self, entry: Entry) -> bytes:
        """The entry's content, never more than the directory promised, its checksum compared; XML with a DOCTYPE is refused."""
        info, packed = entry.info, self.packed(entry)
        if info.compress_type == STORED:
            content = bytes(packed)
        elif info.compress_type == DEFLATED:
            try:
                content = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
            except zlib.error as error:  # type: ignore[misc]  # an instance, says the stub
                raise RefusedError("damaged", entry.name) from error
        else:
            raise RefusedError("damaged", entry.name)
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise RefusedError("damaged", entry.name)
        if entry.name.casefold().endswith((".xml", ".rels", ".vml")) and has_doctype(content):
            raise RefusedError("doctype", entry.name)
        return content

    def blocks(self, entry: Entry) -> Iterator[bytes]:
        """The same content piece by piece, so that it never lies in memory at once; its checksum is known at the end."""
        if entry.info.compress_type != DEFLATED or entry.info.file_size <= BLOCK:
            yield self.read(entry)
            return
        inflating, packed, size, crc = zlib.decompressobj(-15), self.packed(entry), 0, 0
        for start in range(0, len(packed), BLOCK // 8):
            try:
                block = inflating.decompress(packed[start : start + BLOCK // 8])
            except zlib.error as error:  # type: ignore[misc]  # an instance, says the stub
                raise RefusedError("damaged", entry.name) from error
            size, crc = size + len(block), zlib.crc32(block, crc)
            if size > entry.info.file_size:
                break
            if not start and has_doctype(block):
                raise RefusedError("doctype", entry.name)
            yield block
        if (size, crc) != (entry.info.file_size, entry.info.CRC):
            raise RefusedError("damaged", entry.name)


def ole2_reason(data: bytes) -> Reason:
    """Why an OLE2 file cannot be edited: an encrypted workbook and an old .xls both are one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    old = any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book"))
    return "xls" if old else "not_zip"


def has_doctype(xml: bytes) -> bool:
    """True if a document type stands before the root element, in UTF-8 or UTF-16."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]:
        xml = xml.replace(b"\0", b"")
    return DOCTYPE.match(xml.lstrip(b"\xef\xbb\xbf\xff\xfe")) is not None


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Each field of a zip entry's extra block: its id and its bytes with the head; a torn tail is left out."""
    while len(extra) >= 4:
        field, length = struct.unpack("<HH", extra[:4])
        if len(extra) < 4 + length:
            return
        yield field, extra[: 4 + length]
        extra = extra[4 + length :]


def without_zip64(extra: bytes) -> bytes:
    """The extra block without the 64-bit sizes, which the writer puts in anew where they are needed."""
    return b"".join(whole for field, whole in extra_fields(extra) if field != 1)


class Writer:
    """Writes a zip entry by entry. `limit` is the size from which the 64-bit fields are used; only a test lowers it."""

    def __init__(self, out: BinaryIO, limit: int = MASK32) -> None:
        self._out = out
        self._limit = limit
        self._position = 0
        self._directory: list[bytes] = []

    def copy(self, archive: Archive, entry: Entry) -> None:
        """Puts in an entry as it is stored: packed bytes, order, times, attributes and flags.

        Only the data-descriptor bit goes: the sizes are known, and now stand in the local header.
        """
        self._put(entry.info, entry.info.flag_bits & ~DESCRIPTOR_FLAG, archive.packed(entry), entry.local_extra)

    def rewrite(self, entry: Entry, content: Packed) -> None:
        """Puts in new content under an old entry's name, place, time and attributes."""
        info = zipfile.ZipInfo(entry.info.orig_filename, entry.info.date_time)
        info.orig_filename = entry.info.orig_filename
        info.external_attr, info.internal_attr = entry.info.external_attr, entry.info.internal_attr
        info.create_system, info.create_version = entry.info.create_system, entry.info.create_version
        self._put_content(info, entry.info.flag_bits & UTF8_FLAG, content)

    def add(self, name: str, content: Packed) -> None:
        """Puts in a new entry, dated as Office dates all of its own."""
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.create_system = 0
        self._put_content(info, 0 if name.isascii() else UTF8_FLAG, content)

    def close(self, comment: bytes = b"") -> None:
        """Writes the directory; the zip is complete after it."""
        start, count = self._position, len(self._directory)
        for record in self._directory:
            self._write(record)
        size, end = self._position - start, self._position
        if end >= self._limit or count >= 0xFFFF:
            self._write(END64.pack(b"PK\6\6", END64.size - 12, 45, 45, 0, 0, count, count, size, start))
            self._write(LOCATOR64.pack(b"PK\6\7", 0, end, 1))
        count16 = min(count, 0xFFFF)
        self._write(
            END.pack(b"PK\5\6", 0, 0, count16, count16, self._short(size), self._short(start), len(comment)) + comment
        )

    def _put_content(self, info: zipfile.ZipInfo, flags: int, content: Packed) -> None:
        info.compress_type, info.extract_version = DEFLATED, 20
        info.CRC, info.file_size, info.compress_size = content.crc, content.size, len(content.data)
        self._put(info, flags, content.data, b"")

    def _put(self, info: zipfile.ZipInfo, flags: int, packed: bytes | memoryview, local_extra: bytes) -> None:
        """Writes one entry and keeps its record for the directory."""
        offset, size, packed_size = self._position, info.file_size, info.compress_size
        name = info.orig_filename.encode("utf-8" if flags & UTF8_FLAG else "cp437")
        year, month, day, hour, minute, second = info.date_time
        date, time = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
        large = size >= self._limit or packed_size >= self._limit
        version = max(info.extract_version, 45) if large or offset >= self._limit else info.extract_version
        # A local header holds both sizes or none; the directory holds those that do not fit.
        extra = struct.pack("<HHQQ", 1, 16, size, packed_size) * large + without_zip64(local_extra)
        sizes = (MASK32, MASK32) if large else (packed_size, size)
        head = (version, flags, info.compress_type, time, date, info.CRC)
        self._write(LOCAL.pack(b"PK\3\4", *head, *sizes, len(name), len(extra)))
        self._write(name + extra)
        self._write(packed)
        wide = [value for value in (size, packed_size, offset) if value >= self._limit]
        extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        extra += without_zip64(info.extra)
        made = (b"PK\1\2", info.create_version, info.create_system)
        lengths = (self._short(packed_size), self._short(size), len(name), len(extra), len(info.comment))
        place = (0, info.internal_attr, info.external_attr, self._short(offset))
        record = CENTRAL.pack(*made, *head, *lengths, *place)
        self._directory.append(record + name + extra + info.comment)

    def _short(self, value: int) -> int:
        """The value in a 32-bit field, or the mark that says it stands in the 64-bit one."""
        return MASK32 if value >= self._limit else value

    def _write(self, block: bytes | memoryview) -> None:
        self._out.write(block)
        self._position += len(block)
