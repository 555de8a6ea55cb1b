"""A workbook's package in the hands of a user of Excel: parts, relationships and content types; free of openpyxl."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


class ExcelPackage:
    """The parts of one workbook, parsed when asked for."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {n: archive.read(n) for n in archive.namelist()}
        self._trees: dict[str, etree._Element] = {}

    def xml(self, part: str) -> etree._Element:
        """The part's root element; what is changed there is saved."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def save(self, path: Path) -> None:
        """Write the package in the order in which Excel writes it: content types first."""
        for part, root in self._trees.items():
            if part in self.parts:
                self.parts[part] = HEAD + etree.tostring(root, encoding="UTF-8", xml_declaration=False)
        self._trees.clear()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.parts, key=lambda n: n != "[Content_Types].xml"):
                archive.writestr(name, self.parts[name])

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Each relationship of a part: id, last word of its type, the part it leads to."""
        rels = _rels_of(part)
        if rels in self.parts:
            for r in self.xml(rels):
                base = PurePosixPath(part).parent
                target = r.get("Target")
                lead = target.lstrip("/") if target.startswith("/") else _joined(base, target)
                yield r.get("Id"), r.get("Type").rpartition("/")[2], lead

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship and give its id; `kind` is a word of the office namespace or a whole URI."""
        rels = _rels_of(part)
        if rels not in self.parts:
            self.parts[rels] = HEAD + f'<Relationships xmlns="{RELS}"/>'.encode()
        root = self.xml(rels)
        used = {r.get("Id") for r in root}
        id = next(f"rId{n}" for n in range(1, 10_000) if f"rId{n}" not in used)
        ups = "../" * (len(PurePosixPath(part).parent.parts) - 1) if not external and part else ""
        where = target if external else ups + target.removeprefix("xl/")
        type = kind if ":" in kind else f"{OFFICE}/{kind}"
        made = etree.SubElement(root, f"{{{RELS}}}Relationship", Id=id, Type=type, Target=where)
        if external:
            made.set("TargetMode", "External")
        return id

    def add_part(self, name: str, data: bytes | str, content_type: str) -> str:
        """A new part, with its content type declared."""
        self.parts[name] = data if isinstance(data, bytes) else HEAD + data.encode()
        root = self.xml("[Content_Types].xml")
        etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
        return name

    def add_default(self, extension: str, content_type: str) -> None:
        """Declare a file extension once."""
        root = self.xml("[Content_Types].xml")
        if not any(d.get("Extension") == extension for d in root.iter(f"{{{TYPES}}}Default")):
            root.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension=extension, ContentType=content_type))

    def free(self, pattern: str) -> str:
        """The first name of the pattern (`xl/charts/chart{}.xml`) that is not taken."""
        return next(p for n in range(1, 10_000) if (p := pattern.format(n)) not in self.parts)


def _rels_of(part: str) -> str:
    path = PurePosixPath(part)
    return "_rels/.rels" if not part else f"{path.parent}/_rels/{path.name}.rels"


def _joined(base: PurePosixPath, target: str) -> str:
    parts = list(base.parts)
    for piece in target.split("/"):
        if piece == "..":
            parts.pop()
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)
