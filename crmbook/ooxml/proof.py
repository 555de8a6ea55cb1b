"""The proof that a save did what it should: what it left alone is the same, what it wrote is what stands in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmbook.ooxml.archive import Archive, Entry
from crmbook.ooxml.packing import Packed

KEPT = ("CRC", "file_size", "compress_size", "compress_type", "date_time", "external_attr")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a save did, part by part; those in `untouched` were compared with the source, packed byte for packed byte, and
    the others with what was written."""

    untouched: tuple[str, ...]
    rewritten: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


class NotLosslessError(Exception):
    """A save came out different from what it should be; raised instead of letting the file out."""


def prove(source: Archive, copied: Sequence[Entry], written: Mapping[str, Packed], saved: Archive) -> None:
    """Compares every copied entry with the one now in the saved file, in their order, then every written one."""
    unchanged = [e for e in saved.entries if e.name not in written]
    if [e.name for e in unchanged] != [e.name for e in copied]:
        raise NotLosslessError("the saved file does not hold the entries it should")
    for before, after in zip(copied, unchanged, strict=True):
        kept = all(getattr(before.info, field) == getattr(after.info, field) for field in KEPT)
        if not kept or source.packed(before) != saved.packed(after):
            raise NotLosslessError(before.name)
    now = {e.name: e for e in saved.entries}
    for name, content in written.items():
        found = now.get(name)
        if found is None or (found.info.CRC, found.info.file_size) != (content.crc, content.size):
            raise NotLosslessError(name)
        if saved.packed(found) != content.data:
            raise NotLosslessError(name)
