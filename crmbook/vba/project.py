"""A whole VBA project from the source of its modules (MS-OVBA)."""

import struct
import uuid
from collections.abc import Sequence

from crmbook.vba.compound import compound
from crmbook.vba.compression import compress
from crmbook.vba.module import Module

CODE_PAGE, LANGUAGE = 1252, 0x409  # every Windows has them, and modules are ASCII
# No compiled code is stored: of this version, Office takes none and compiles the source (2.3.4.1).
NO_COMPILED = b"\xcc\x61\xff\xff\x00\x01\x00"
COOKIE = struct.pack("<H", 0xFFFF)  # "MUST be ignored on read" (2.3.4.2.3.1)
SEED = 0x8D  # of the obscured values; any number will do (2.4.3.2)
HOST = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
LIBRARIES = {  # what Excel itself refers to in every new project
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}


def project(modules: Sequence[Module], name: str = "VBAProject") -> bytes:
    """The content of `vbaProject.bin` with these modules; the same modules give the same bytes.

    ValueError where two modules have one name, in whatever case, or one is called like the project.
    """
    names = [m.name.casefold() for m in modules]
    if len({*names, name.casefold()}) <= len(names):
        raise ValueError(f"one name twice: {name}, {', '.join(names)}")
    streams = {
        m.name: compress(m.source) for m in modules
    }  # the source is all of a module's stream: offset 0 (2.3.4.3)
    described = {"dir": compress(_dir(modules, name)), "_VBA_PROJECT": NO_COMPILED}
    return compound({"PROJECT": _properties(modules, name), "PROJECTwm": _names(modules), "VBA": streams | described})


def _dir(modules: Sequence[Module], name: str) -> bytes:
    """The stream `dir` before its compression (2.3.4.2)."""
    out = bytearray()

    def record(id: int, data: bytes = b"") -> None:
        out.extend(struct.pack("<HI", id, len(data)) + data)

    def both(id: int, text: str, unicode_id: int) -> None:
        record(id, text.encode("ascii"))
        record(unicode_id, text.encode("utf-16-le"))

    record(0x01, struct.pack("<I", 3))  # made on 64-bit Windows (2.3.4.2.1)
    record(0x02, struct.pack("<I", LANGUAGE))
    record(0x14, struct.pack("<I", LANGUAGE))
    record(0x03, struct.pack("<H", CODE_PAGE))
    record(0x04, name.encode("ascii"))
    both(0x05, "", 0x40)  # description
    both(0x06, "", 0x3D)  # help file
    record(0x07, bytes(4))
    record(0x08, bytes(4))
    out.extend(struct.pack("<HIIH", 0x09, 4, 1, 1))  # version, of which the size leaves out the minor one
    both(0x0C, "", 0x3C)  # constants
    for library, id in LIBRARIES.items():  # 2.3.4.2.2
        both(0x16, library, 0x3E)
        record(0x0D, struct.pack("<I", len(id)) + id.encode("ascii") + bytes(6))
    record(0x0F, struct.pack("<H", len(modules)))  # 2.3.4.2.3
    record(0x13, COOKIE)
    for module in modules:
        both(0x19, module.name, 0x47)
        both(0x1A, module.name, 0x32)  # its stream
        both(0x1C, "", 0x48)  # description
        record(0x31, bytes(4))  # offset of the source in its stream
        record(0x1E, bytes(4))
        record(0x2C, COOKIE)
        record(0x21 if module.kind == "standard" else 0x22)
        record(0x2B)
    record(0x10)
    return bytes(out)


def _properties(modules: Sequence[Module], name: str) -> bytes:
    """The stream `PROJECT` (2.3.1)."""
    id = "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(m.name for m in modules))).upper() + "}"
    lines = [f'ID="{id}"', *map(_listed, modules), f'Name="{name}"', 'HelpContextID="0"']
    lines += ['VersionCompatible32="393222000"']
    # Nothing is locked, there is no password, the project is visible (2.3.1.15 to 2.3.1.17).
    lines += [f'{key}="{obscured(id, data)}"' for key, data in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff"))]
    lines += ["", "[Host Extender Info]", HOST, "", "[Workspace]", *(f"{m.name}=0, 0, 0, 0, C" for m in modules), ""]
    return "\r\n".join(lines).encode("ascii")


def _listed(module: Module) -> str:
    if module.is_document:
        return f"Document={module.name}/&H00000000"
    return f"{'Class' if module.kind == 'class' else 'Module'}={module.name}"


def _names(modules: Sequence[Module]) -> bytes:
    """The stream `PROJECTwm` (2.3.3)."""
    names = (m.name.encode("ascii") + b"\0" + f"{m.name}\0".encode("utf-16-le") for m in modules)
    return b"".join(names) + b"\0\0"


def obscured(id: str, data: bytes) -> str:
    """A value of the stream `PROJECT` that is written so that nobody reads it at a glance (2.4.3.2)."""
    key = sum(id.encode("ascii")) & 0xFF
    out = [SEED, SEED ^ 2, SEED ^ key]
    before, last, last_but_one = key, out[2], out[1]
    for byte in bytes([7] * ((SEED & 6) // 2)) + struct.pack("<I", len(data)) + data:
        out.append(byte ^ (last_but_one + before) & 0xFF)
        before, last, last_but_one = byte, out[-1], last
    return bytes(out).hex().upper()
