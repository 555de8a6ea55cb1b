"""Whether a part still says all that it said, in its order, and what it says besides is only more."""

from collections.abc import Iterator

from lxml import etree

from crmbook.ooxml import Package, Workbook, parse
from crmbook.ooxml.archive import Archive

# What may differ of an element that stays: how many stand in it now, and that Excel is to calculate once.
MAY_DIFFER = {"count", "uniqueCount", "fullCalcOnLoad"}


def shared_parts(package: Package) -> set[str]:
    """The parts in which every sheet of a workbook has a line: those that take in ours, and no others."""
    workbook = package.workbook
    folder, _, name = workbook.rpartition("/")
    found = {"[Content_Types].xml", workbook, f"{folder}/_rels/{name}.rels".lstrip("/")}
    return found | set(package.related(workbook, "styles"))


def lost(before: bytes, after: bytes) -> list[str]:
    """What of the part is not there any more."""
    return list(_lost(parse(before), parse(after)))


def _lost(before: etree._Element, after: etree._Element) -> Iterator[str]:
    if before.tag != after.tag:
        yield f"{before.tag} is {after.tag}"
        return
    if _own(before) != _own(after):
        yield f"{before.tag}: {_own(before)} is {_own(after)}"
    if (before.text or "").strip() != (after.text or "").strip():
        yield f"{before.tag}: {before.text!r} is {after.text!r}"
    rest = [e for e in after if isinstance(e.tag, str)]
    for child in before:
        if not isinstance(child.tag, str):
            continue
        at = next((n for n, e in enumerate(rest) if not any(_lost(child, e))), None)
        if at is None:
            yield f"{child.tag} {dict(child.attrib)}"
        else:
            rest = rest[at + 1 :]


def _own(element: etree._Element) -> dict[str, str]:
    return {str(k): str(v) for k, v in element.attrib.items() if k not in MAY_DIFFER}


def foreign_parts_changed(before: Package, after: Package, aside: set[str]) -> list[str]:
    """The parts of the first package, but for those `aside`, that are not in the second as they were stored."""
    stored, packed = _packed(before), _packed(after)
    return [name for name, data in stored.items() if name not in aside and packed.get(name) != data]


def _packed(package: Package) -> dict[str, bytes]:
    archive = Archive(package.source)
    return {entry.name: bytes(archive.packed(entry)) for entry in archive.entries}


def order(package: Package) -> list[str]:
    """The sheets by name, in the order of their tabs, with those that are no worksheets."""
    return [str(e.get("name")) for e in Workbook(package).root.iterfind("{*}sheets/{*}sheet")]
