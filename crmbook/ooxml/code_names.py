"""The names by which macros know the workbook and its sheets: each has a module of that name in the VBA project."""

import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from crmbook.ooxml.archive import RefusedError
from crmbook.ooxml.markup import children
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.package import Package

Kind = Literal["workbook", "worksheet", "chartsheet"]
KINDS: dict[str, Kind] = {"worksheet": "worksheet", "chartsheet": "chartsheet"}
FIRST_WORDS = {"workbook": "ThisWorkbook", "worksheet": "Sheet", "chartsheet": "Chart"}
# Letters beyond ASCII depend on the language of Windows, and VBA takes no longer names (MS-OVBA 2.3.4.2.3.2.1).
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
ATTRIBUTES = rb'((?:[^"/>]|"[^"]*"|/(?!>))*)'
ROOT = re.compile(rb"<(\w+:)?(?:worksheet|chartsheet)(?=[\s>])" + ATTRIBUTES + rb">(?:\s|<!--.*?-->)*", re.DOTALL)
PROPERTIES = re.compile(rb"<(?:\w+:)?(?:sheetPr|workbookPr)(?=[\s/>])" + ATTRIBUTES)
CODE_NAME = re.compile(rb'\scodeName="([^"]*)"')


class Named(NamedTuple):
    """A code name and what has it."""

    name: str
    kind: Kind


def name_code(package: Package, taken: Collection[str]) -> list[Named]:
    """Gives the workbook and every sheet a code name, and answers with all of them: the workbook, then the sheets.

    Names that are there stay, unless VBA would not take them everywhere, or another has them; `taken` are those of
    modules that belong to no sheet.
    """
    parts = [(package.workbook, "workbook"), *_sheets(package)]
    used = {name.casefold() for name in taken}
    names: list[str | None] = []
    for part, _ in parts:
        name = _name_in(package, part)
        names.append(name if name and NAME.fullmatch(name) and name.casefold() not in used else None)
        used.add((names[-1] or "").casefold())
    found: list[Named] = []
    for at, ((part, kind), name) in enumerate(zip(parts, names, strict=True)):
        given = name or _free(kind, at, used)
        used.add(given.casefold())
        if name is None:
            package.write(part, _named(package.read(part), given))
        found.append(Named(given, kind))
    return found


def _sheets(package: Package) -> list[tuple[str, Kind]]:
    """The parts of all sheets that have a module, in the order of their tabs."""
    targets = {r.id: r for r in package.relationships(package.workbook)}
    found: list[tuple[str, Kind]] = []
    for sheet in (e for group in children(package.xml(package.workbook), "sheets") for e in children(group, "sheet")):
        related = next((targets[str(v)] for k, v in sheet.items() if str(k).endswith("}id") and v in targets), None)
        if related is not None and related.kind in KINDS and related.target in package:
            found.append((related.target, KINDS[related.kind]))
    return found


def _name_in(package: Package, part: str) -> str | None:
    properties = _properties(package.read(part))
    name = CODE_NAME.search(properties[1]) if properties else None
    return name[1].decode() if name else None


def _properties(xml: bytes) -> re.Match[bytes] | None:
    """The element that holds the name: of a sheet the first, in the workbook somewhere before the sheets."""
    root = ROOT.search(xml)
    return PROPERTIES.match(xml, root.end()) if root else PROPERTIES.search(xml)


def _free(kind: Kind, at: int, used: Collection[str]) -> str:
    """The first free name as Excel gives them, numbered by the place of the tab."""
    word = FIRST_WORDS[kind]
    numbers = range(at, at + len(used) + 2)
    names = [word, *(f"{word}{n}" for n in numbers)] if kind == "workbook" else [f"{word}{n}" for n in numbers]
    return next(name for name in names if name.casefold() not in used)


def _named(xml: bytes, name: str) -> bytes:
    """The part with this code name, and nothing else moved."""
    attribute = f' codeName="{name}"'.encode()
    properties = _properties(xml)
    if properties is not None:
        kept = CODE_NAME.sub(b"", properties[1])
        return xml[: properties.start(1)] + attribute + kept + xml[properties.end() :]
    root = ROOT.search(xml)
    if root is not None:
        return xml[: root.end()] + b"<%ssheetPr%s/>" % (root[1] or b"", attribute) + xml[root.end() :]
    outline = Outline(xml)
    if all(p.name != "sheets" for p in outline.places):
        raise RefusedError("damaged", name)
    before = (p for p in outline.places if p.name not in {"fileVersion", "fileSharing"})
    at = next(p.start for p in before)
    return outline.xml[:at] + f"<{outline.prefix}workbookPr".encode() + attribute + b"/>" + outline.xml[at:]
