"""The modules of a VBA project, whoever wrote it: by their names, with their source."""

import codecs
import struct
from collections.abc import Iterator
from typing import NamedTuple

from crmbook.vba.compound import streams
from crmbook.vba.compression import decompress

# Records of the stream `dir` (MS-OVBA 2.3.4.2) that say of a module what it is called and where its source stands.
NAME, STREAM, OFFSET, STANDARD, OTHER = 0x47, 0x32, 0x31, 0x21, 0x22
CODE_PAGE, VERSION = 0x03, 0x09
USUAL_PAGE = "cp1252"


class NotReadableError(ValueError):
    """The bytes are no VBA project, or a damaged one."""


class Read(NamedTuple):
    """One module as it was read: whether it is a standard one, and its source with its attributes."""

    is_standard: bool
    source: str


def modules(project: bytes) -> dict[str, Read]:
    """The modules of a `vbaProject.bin`, by name; NotReadableError for what is none."""
    found: dict[str, Read] = {}
    page, name, stream, offset = USUAL_PAGE, "", "", 0
    try:
        held = streams(project)
        for id, data in _records(decompress(held["VBA/dir"])):
            if id == CODE_PAGE:
                page = _known(f"cp{int.from_bytes(data, 'little')}")
            elif id == NAME:
                name = data.decode("utf-16-le")
            elif id == STREAM:
                stream = data.decode("utf-16-le")
            elif id == OFFSET:
                offset = int.from_bytes(data, "little")
            elif id in {STANDARD, OTHER}:
                source = decompress(held[f"VBA/{stream}"][offset:]).decode(page, "replace")
                found[name] = Read(id == STANDARD, source)
    except (LookupError, struct.error, ValueError) as error:
        raise NotReadableError(str(error)) from error
    return found


def _known(page: str) -> str:
    """A code page that Python knows: ASCII reads the same in all of them, and macros are that for the most part."""
    try:
        return codecs.lookup(page).name
    except LookupError:
        return USUAL_PAGE


def _records(described: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the stream `dir`; that of the version is two bytes longer than it says (2.3.4.2.1.11)."""
    at = 0
    while at + 6 <= len(described):
        id, size = struct.unpack_from("<HI", described, at)
        yield id, described[at + 6 : at + 6 + size]
        at += 6 + size + (2 if id == VERSION else 0)
