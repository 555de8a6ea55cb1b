"""A workbook file as its parts: read on demand, edited as bytes, saved with every untouched part copied as it is stored."""

import posixpath
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from crmbook.ooxml.archive import MOST_BYTES, Archive, Entry, RefusedError, Writer, ole2_reason
from crmbook.ooxml.markup import children, is_sound, parse, serialise
from crmbook.ooxml.packing import Packed, Packer, ready
from crmbook.ooxml.proof import Proof, prove
from crmbook.ooxml.refs import Kept
from crmbook.ooxml.spelling import UTF16, usual

CONTENT_TYPES = "[Content_Types].xml"
SPELT = (".xml", ".rels", ".vml")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
NO_RELATIONSHIPS = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONSHIPS_NS}"/>'  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part says of another: `target` is the name of a part, or an address when `external`."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type, the same in transitional and strict files: `worksheet`, `table`, `chart` …"""
        return self.type.rsplit("/", 1)[-1]


class Package:
    """The parts of one workbook file, by name without leading slash; names are found whatever their case.

    Nothing is inflated before it is read, and nothing inflated is kept: hold on to what you read more than once. What is
    written is packed at once, big parts in a thread of their own, while the next is made.
    """

    def __init__(self, data: bytes) -> None:
        if data[:8] == OLE2:
            raise RefusedError(ole2_reason(data))
        self._archive = Archive(data)
        self.source = data
        # Of two entries with one name the last counts, as in every zip reader; the other is copied along.
        self._entries: dict[str, Entry] = {e.name: e for e in self._archive.entries if not e.is_folder}
        self._written: dict[str, Future[Packed]] = {}
        self._packer = Packer()
        self._removed: set[str] = set()
        self._folded = {name.casefold(): name for name in self._entries}
        self._types: tuple[dict[str, str], dict[str, str]] | None = None
        self._said: dict[str, list[Relationship]] = {}  # by part, its relationships, as long as they are what they were
        if CONTENT_TYPES.casefold() not in self._folded:
            raise RefusedError("no_workbook")
        self.workbook = self._find_workbook()

    @classmethod
    def open(cls, source: Path | bytes) -> "Package":
        """The package in a file or in memory; the file is read once and not held open."""
        if isinstance(source, bytes):
            return cls(source)
        if source.stat().st_size > MOST_BYTES:
            raise RefusedError("bomb")
        return cls(source.read_bytes())

    @property
    def names(self) -> list[str]:
        """The names of all parts as they stand now: in the file's order, added ones last."""
        kept = (name for name in self._entries if name not in self._removed)
        return [*kept, *(name for name in self._written if name not in self._entries)]

    @property
    def changed(self) -> set[str]:
        """The names of parts whose content differs from the source's: rewritten, added or removed."""
        return set(self._written) | self._removed

    @property
    def sums(self) -> dict[str, tuple[int, int]]:
        """Checksum and size of every part as it stands now."""
        stored = {n: (e.info.CRC, e.info.file_size) for n, e in self._entries.items() if n not in self._removed}
        return stored | {n: ((packed := done.result()).crc, packed.size) for n, done in self._written.items()}

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def find(self, name: str) -> str | None:
        """The part's name as it is spelt in the file; None if there is no such part."""
        found = self._folded.get(name.casefold())
        return None if found is None or found in self._removed else found

    def read(self, name: str) -> bytes:
        """The part's content as it stands now; XML in the usual spelling, however the file spells it."""
        found = self._must_find(name)
        if found in self._written:
            return self._written[found].result().content()
        data = self._archive.read(self._entries[found])
        try:
            return usual(data) if found.casefold().endswith(SPELT) else data
        except UnicodeDecodeError as error:
            raise RefusedError("damaged", found) from error

    def blocks(self, name: str) -> Iterator[bytes]:
        """What `read` gives, piece by piece where the file spells it as usual, so that it never lies in memory at once."""
        found = self._must_find(name)
        pieces = iter(()) if found in self._written else self._archive.blocks(self._entries[found])
        first = next(pieces, b"")
        is_usual = first and not first.startswith(UTF16) and usual(first) is first
        yield first if is_usual else self.read(name)
        yield from pieces if is_usual else ()

    def original(self, name: str) -> bytes:
        """The part's content in the source, whatever was written since; KeyError if the source had none."""
        return self._archive.read(self._entries[self._folded[name.casefold()]])

    def xml(self, name: str) -> etree._Element:
        """The part's root element, parsed anew at each call."""
        try:
            return parse(self.read(name))
        except RefusedError as error:
            raise RefusedError(error.reason, name) from error

    def write(self, name: str, data: bytes, kept: Sequence[Kept] = ()) -> None:
        """Replaces a part or adds one, unless the source holds just that. `kept`: the rows a sheet has from the source."""
        spelt = self._folded.get(name.casefold(), name)
        theirs = kept if spelt in self._entries.keys() - self._written.keys() else ()  # else not the source's
        if spelt not in self or spelt.casefold().endswith(".rels"):
            self._said.clear()
        self._removed.discard(spelt)
        self._folded[spelt.casefold()] = spelt
        if spelt in self._entries and self._archive.same(self._entries[spelt], data):
            self._written.pop(spelt, None)
        else:
            self._written[spelt] = self._packer.pack(data, partial(is_sound, kept=kept), theirs)
        self._types = None if spelt.casefold() == CONTENT_TYPES.casefold() else self._types

    def written(self, name: str) -> Packed | None:
        """A part that was written, as another package of the same source can `take` it."""
        return self._written[name].result() if name in self._written else None

    def take(self, name: str, packed: Packed) -> None:
        """Replaces a part of the source by what another package of this source wrote in its place."""
        self._written[name] = ready(packed)

    def remove(self, name: str) -> None:
        """Takes a part out, its relationships' part and its content type with it; those who point at it are not told."""
        spelt = self._must_find(name)
        self._said.clear()
        for gone in filter(None, (spelt, self.find(relationships_part(spelt)))):
            self._written.pop(gone, None)
            if gone in self._entries:
                self._removed.add(gone)
            else:
                del self._folded[gone.casefold()]
        types = self.xml(CONTENT_TYPES)
        if overrides := [e for e in children(types, "Override") if _part_name(e).casefold() == spelt.casefold()]:
            for override in overrides:
                types.remove(override)
            self.write(CONTENT_TYPES, serialise(types))

    def relationships(self, part: str) -> list[Relationship]:
        """What a part points at, in the file's order; part "" is the package itself."""
        if (rels := self.find(relationships_part(part))) is None:
            return []
        if part not in self._said:
            self._said[part] = [self._relationship(part, e) for e in children(self.xml(rels), "Relationship")]
        return list(self._said[part])

    def related(self, part: str, kind: str) -> list[str]:
        """The existing parts that a part points at by one kind of relationship: `related(sheet, "table")`."""
        return [r.target for r in self.relationships(part) if r.kind == kind and not r.external and r.target in self]

    def relate(self, part: str, type: str, target: str, *, external: bool = False) -> str:
        """Adds a relationship and answers with its id. A type of one word is completed as the file's other types are."""
        name = relationships_part(part)
        root = parse(self.read(name) if name in self else NO_RELATIONSHIPS.encode())
        taken = {str(e.get("Id")) for e in children(root, "Relationship")}
        new_id = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        full = type if "/" in type else f"{self._office_relationships()}/{type}"
        address = target if external else posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        element = etree.SubElement(root, f"{{{RELATIONSHIPS_NS}}}Relationship", Id=new_id, Type=full, Target=address)
        if external:
            element.set("TargetMode", "External")
        self.write(name, serialise(root))
        return new_id

    def unrelate(self, part: str, id: str) -> None:
        """Takes out one relationship of a part; the target stays."""
        name = self._must_find(relationships_part(part))
        root = self.xml(name)
        for element in [e for e in children(root, "Relationship") if e.get("Id") == id]:
            root.remove(element)
        self.write(name, serialise(root))

    def content_type(self, part: str) -> str:
        """The part's content type, its own or its extension's; "" if the file names none."""
        if self._types is None:
            root = self.xml(CONTENT_TYPES)
            self._types = (
                {str(e.get("Extension")).casefold(): str(e.get("ContentType")) for e in children(root, "Default")},
                {_part_name(e).casefold(): str(e.get("ContentType")) for e in children(root, "Override")},
            )
        defaults, overrides = self._types
        return overrides.get(part.casefold()) or defaults.get(part.rpartition(".")[2].casefold(), "")

    def set_content_type(self, part: str, content_type: str) -> None:
        """Gives a part a content type of its own."""
        if self.content_type(part) == content_type:
            return
        root = self.xml(CONTENT_TYPES)
        for element in children(root, "Override"):
            if _part_name(element).casefold() == part.casefold():
                element.set("ContentType", content_type)
                break
        else:
            etree.SubElement(root, f"{{{TYPES_NS}}}Override", PartName=f"/{part}", ContentType=content_type)
        self.write(CONTENT_TYPES, serialise(root))

    def save(self, out: BinaryIO) -> Proof:
        """Writes the package to a file opened for writing and reading, then reads it back.

        Every untouched entry must have kept its checksum, its sizes and its packed bytes, and every other must have those
        of what was written: otherwise NotLosslessError.
        """
        start = out.tell()
        writer, copied, rewritten = Writer(out), list[Entry](), list[str]()
        for entry in self._archive.entries:
            if entry.name in self._removed:
                continue
            if entry.name not in self._written:
                writer.copy(self._archive, entry)
                copied.append(entry)
            elif entry is self._entries[entry.name]:
                writer.rewrite(entry, self._written[entry.name].result())
                rewritten.append(entry.name)
        added = [name for name in self._written if name not in self._entries]
        for name in added:
            writer.add(name, self._written[name].result())
        writer.close(self._archive.comment)
        out.flush()
        out.seek(start)
        prove(self._archive, copied, {name: done.result() for name, done in self._written.items()}, Archive(out.read()))
        untouched = tuple(dict.fromkeys(e.name for e in copied))
        return Proof(untouched, tuple(rewritten), tuple(added), tuple(n for n in self._entries if n in self._removed))

    def _must_find(self, name: str) -> str:
        """The part's spelling in the file; KeyError if there is none."""
        if (found := self.find(name)) is None:
            raise KeyError(name)
        return found

    def _relationship(self, part: str, element: etree._Element) -> Relationship:
        """One relationship with its target resolved against the part's folder, and spelt as the file spells it."""
        target, external = str(element.get("Target", "")), element.get("TargetMode") == "External"
        if not external:
            path = target.replace("\\", "/").partition("#")[0]
            joined = posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), path)).lstrip("/")
            target = self.find(joined) or self.find(unquote(joined)) or joined
        return Relationship(str(element.get("Id", "")), str(element.get("Type", "")), target, external)

    def _office_relationships(self) -> str:
        """The address all relationship types of this file begin with: strict files have another."""
        strict = any(r.type.startswith(STRICT_RELATIONSHIPS) for r in self.relationships(""))
        return STRICT_RELATIONSHIPS if strict else OFFICE_RELATIONSHIPS

    def _find_workbook(self) -> str:
        """The workbook's part, found by relationship and never by path; refuses what must not be edited."""
        roots = self.relationships("")
        signed = any(r.type.endswith("/digital-signature/origin") for r in roots)
        if signed or any(name.casefold().startswith("_xmlsignatures/") for name in self._entries):
            raise RefusedError("signed")
        found = next((r.target for r in roots if r.kind == "officeDocument" and r.target in self), None)
        content_type = self.content_type(found).casefold() if found else ""
        if "ms-excel.sheet.binary" in content_type:
            raise RefusedError("xlsb")
        if found is None or ("spreadsheetml" not in content_type and "ms-excel" not in content_type):
            raise RefusedError("no_workbook", content_type)
        return found


def relationships_part(part: str) -> str:
    """The name of the part that holds another part's relationships."""
    folder, _, name = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _part_name(override: etree._Element) -> str:
    return str(override.get("PartName", "")).replace("\\", "/").lstrip("/")
