"""What Excel refuses in a package as such: content types, relationships, ids that lead nowhere."""

from collections import Counter
from collections.abc import Collection
from typing import Any, cast

from lxml import etree

from crmbook.ooxml.archive import RefusedError
from crmbook.ooxml.lint.findings import Report
from crmbook.ooxml.lint.objects import lint_chart, lint_counts, lint_drawing
from crmbook.ooxml.markup import children
from crmbook.ooxml.package import CONTENT_TYPES, OFFICE_RELATIONSHIPS, STRICT_RELATIONSHIPS, Package

KINDS = {  # the relationship's kind → the end of the content type its target must have
    "worksheet": "worksheet+xml",
    "table": "table+xml",
    "drawing": "drawing+xml",
    "chart": "chart+xml",
    "styles": "styles+xml",
    "sharedStrings": "sharedstrings+xml",
    "calcChain": "calcchain+xml",
    "comments": "comments+xml",
    "pivotTable": "pivottable+xml",
}
IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
POINTERS = etree.XPath("//@o:*|//@s:*", namespaces={"o": OFFICE_RELATIONSHIPS, "s": STRICT_RELATIONSHIPS})
POINTING = {"id", "embed", "link", "pict"}


def lint_parts(package: Package, parts: Collection[str], names: Collection[str], report: Report) -> None:
    """The parts named, each by itself and with what it points at; `names` are the workbook's sheets', case-folded."""
    sheets = package.related(package.workbook, "worksheet")
    for name in sorted(set(parts) & set(package.names)):
        if not package.content_type(name) and name != CONTENT_TYPES:
            report.say("content-type-missing", name)
        # A sheet is looked at with its rows taken out, by those who know sheets.
        type = package.content_type(name).casefold()
        if type.endswith("xml") and name not in sheets and owner_of(name) is None:
            root = root_of(package, name, report)
            if root is not None:
                lint_ids(package, name, root, report)
                lint_counts(name, root, report)
                if type.endswith(".drawing+xml"):
                    lint_drawing(name, root, report)
                elif type.endswith(".drawingml.chart+xml"):
                    lint_chart(name, root, names, report)
    # A part that was removed, or whose type changed, is missed by parts that did not change.
    is_missed = CONTENT_TYPES in parts or not set(parts) <= set(package.names)
    for name in package.names:
        owner = owner_of(name)
        if owner is not None and (is_missed or name in parts):
            _lint_relationships(package, owner, name, report)
    lint_content_types(package, report)


def owner_of(name: str) -> str | None:
    """The part whose relationships a part holds; None if it holds none."""
    folder, _, file = name.rpartition("/")
    if not file.casefold().endswith(".rels") or folder.rpartition("/")[2] != "_rels":
        return None
    above = folder.rpartition("/")[0]
    return f"{above}/{file[:-5]}".lstrip("/")


def root_of(package: Package, part: str, report: Report) -> etree._Element | None:
    """The part's root element; None if it cannot be parsed, which is a finding."""
    try:
        return package.xml(part)
    except RefusedError as error:
        report.say("not-well-formed", part, error.__cause__ or error)
        return None


def _lint_relationships(package: Package, owner: str, name: str, report: Report) -> None:
    """Every target must be there and be what the relationship says."""
    if root_of(package, name, report) is None:
        return
    relationships = package.relationships(owner)
    for id, count in Counter(r.id for r in relationships).items():
        if count > 1:
            report.say("relationship-twice", name, id)
    for relationship in relationships:
        target = relationship.target
        # Office's own templates leave NULL as a target; a target of "#…" is a place in the part itself.
        if relationship.external or target.rpartition("/")[2].upper() == "NULL" or target in {"", owner}:
            continue
        if target not in package:
            report.say("relationship-target-missing", name, target)
        elif not package.content_type(target).casefold().endswith(KINDS.get(relationship.kind, "")):
            report.say("content-type-wrong", target, package.content_type(target))


def lint_ids(package: Package, name: str, root: etree._Element, report: Report) -> None:
    """Every r:id must be one of the part's relationships; every ignorable prefix must be declared."""
    known = {r.id for r in package.relationships(name)}
    for value in cast(list[Any], POINTERS(root)):
        if value and etree.QName(value.attrname).localname in POINTING and str(value) not in known:
            report.say("relationship-missing", name, value)
    for prefix in (root.get(IGNORABLE) or "").split():
        if prefix not in root.nsmap:
            report.say("ignorable-prefix-undeclared", name, prefix)


def lint_content_types(package: Package, report: Report) -> None:
    """No content type for a part that is not there; no name for two parts."""
    root = root_of(package, CONTENT_TYPES, report)
    for override in [] if root is None else children(root, "Override"):
        name = str(override.get("PartName", "")).replace("\\", "/").lstrip("/")
        if name not in package:
            report.say("content-type-of-missing-part", CONTENT_TYPES, name)
    folded = Counter(name.casefold() for name in package.names)
    for name in (name for name, count in folded.items() if count > 1):
        report.say("part-twice", name)
