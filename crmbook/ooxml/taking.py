"""Sheets of one workbook taken into another, with all that hangs on them: nothing that is there changes its place or number."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from lxml import etree

from crmbook.ooxml.cells import escape
from crmbook.ooxml.markup import children, parse, serialise
from crmbook.ooxml.names import set_names
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.package import (
    CONTENT_TYPES,
    OFFICE_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    TYPES_NS,
    Package,
    relationships_part,
)
from crmbook.ooxml.refs import Area, absolute, parse_area, quoted
from crmbook.ooxml.strict import strictly
from crmbook.ooxml.styles import Styles
from crmbook.ooxml.tables import TABLE_ID, last_id
from crmbook.ooxml.theme import Theme

WORKBOOK = ("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")  # fmt: skip
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
NO_STYLES = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'  # fmt: skip
CELL_STYLE = re.compile(rb'(<(?:c|row)\b[^>]*?\ss="|<col\b[^>]*?\sstyle=")([0-9]+)"')
DIFFERENCE = re.compile(rb'(\s\w*[dD]xfId=")([0-9]+)"')
RANGE = re.compile(rb"(?<=>)'([^'<&]+)'!([^<!]+)(?=</)")
SELECTED = re.compile(rb'\stabSelected="[^"]*"')
STEM = re.compile(r"(.*?)[0-9]*(\.\w+)")


class Taking:
    """`source`: the package of the sheets, as openpyxl writes one; `names`: sheet by sheet, what it is called in the target:
    those `take`n get this name, the others stand there already, and `where` says to which row and column one of their cells
    has moved."""

    def __init__(self, source: Package, target: Package, names: Mapping[str, str], where: Callable[[str, int, int], tuple[int, int]]) -> None:  # fmt: skip
        self.source, self.target = source, target
        self._from, self._book = source.xml(source.workbook), parse(target.read(target.workbook))
        self._names, self._where = names, where
        self._renamed = {old: new for old, new in names.items() if old != new}
        self._is_strict = any(r.type.startswith(STRICT_RELATIONSHIPS) for r in target.relationships(""))
        self._folder = posixpath.dirname(target.workbook)
        self._theme = Theme.of(source)
        self._keeps_theme = self._theme == Theme.of(target)
        self._taken: set[str] = set()
        self._new: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._last_table = last_id(target)

    def take(self, sheets: Sequence[str], global_names: Mapping[str, str]) -> None:
        """Puts these sheets behind the last one, with what they print, and gives the names of the whole workbook their cells."""
        parts = {r.id: r.target for r in self.source.relationships(self.source.workbook)}
        ids = {str(e.get("name")): _id(e) for e in _sheets(self._from)}
        states = {str(e.get("name")): str(e.get("state", "visible")) for e in _sheets(self._from)}
        styles_part = next(iter(self.target.related(self.target.workbook, "styles")), None)
        styles = Styles(
            self.source.read(self.source.related(self.source.workbook, "styles")[0]),
            (strictly(NO_STYLES.encode()) if self._is_strict else NO_STYLES.encode())
            if styles_part is None
            else self.target.read(styles_part),
            (lambda element: None) if self._keeps_theme else self._theme.plain,
        )
        self._taken = set(sheets)
        made = [self._copy(parts[ids[name]], styles) for name in sheets]
        if styles_part is None:
            styles_part = posixpath.join(self._folder, "styles.xml")
            self._types[styles_part] = f"{SPREADSHEET}styles+xml"
            self.target.relate(self.target.workbook, "styles", styles_part)
        self.target.write(styles_part, styles.xml())
        self._declare()
        self._list(sheets, made, states, global_names)

    def _list(self, sheets: Sequence[str], made: Sequence[str], states: Mapping[str, str], global_names: Mapping[str, str]) -> None:  # fmt: skip
        """The workbook part: sheets and names."""
        outline = Outline(self.target.read(self.target.workbook))
        prefix, relationships = outline.prefix, STRICT_RELATIONSHIPS if self._is_strict else OFFICE_RELATIONSHIPS
        present = _sheets(self._book)
        last = max((int(e.get("sheetId", "0")) for e in present), default=0)
        listed = []
        for at, (sheet, part) in enumerate(zip(sheets, made, strict=True), 1):
            id = self.target.relate(self.target.workbook, "worksheet", part)
            state = "" if states[sheet] == "visible" else f' state="{states[sheet]}"'
            name = escape(self._names[sheet]).replace('"', "&quot;")
            listed.append(f'<{prefix}sheet name="{name}" sheetId="{last + at}"{state} xmlns:r="{relationships}" r:id="{id}"/>')  # fmt: skip
        outline.append("sheets", listed, WORKBOOK)
        order, places = [str(e.get("name")) for e in _sheets(self._from)], {s: at for at, s in enumerate(sheets)}
        local = []
        for element in (n for group in children(self._from, "definedNames") for n in children(group, "definedName")):
            sheet = order[int(element.get("localSheetId", "-1"))] if element.get("localSheetId") else ""
            if sheet in places:
                text = escape(self.renamed(element.text or ""))
                local.append(f'<{prefix}definedName name="{element.get("name")}" localSheetId="{len(present) + places[sheet]}">{text}</{prefix}definedName>')  # fmt: skip
        outline.append("definedNames", local, WORKBOOK)
        xml = set_names(outline.xml, {name: self.renamed(text) for name, text in global_names.items()})
        self.target.write(self.target.workbook, xml)

    def renamed(self, formula: str) -> str:
        """A formula of the source, with the sheets as they are called in the target."""
        for old, new in self._renamed.items():
            formula = formula.replace(f"{quoted(old)}!", f"{quoted(new)}!")
        return formula

    def _copy(self, part: str, styles: Styles) -> str:
        """The new name of a part, taken with all it points at."""
        if part in self._new:
            return self._new[part]
        name = self._new[part] = self._free(part)
        kind = self.source.content_type(part)
        data = self.source.read(part)
        if kind.startswith(SPREADSHEET):
            data = DIFFERENCE.sub(partial(_numbered, styles.difference), data)
            if kind.endswith("worksheet+xml"):
                data = SELECTED.sub(b"", CELL_STYLE.sub(partial(_numbered, styles.cell), data))
                data = data if self._keeps_theme else self._theme.plain_sheet(data)
            elif kind.endswith("table+xml"):
                self._last_table += 1
                data = TABLE_ID.sub(rb'\g<1>%d"' % self._last_table, data, count=1)
        elif kind.endswith("+xml") and not self._keeps_theme:
            data = self._theme.plain_drawing(data)
        if kind.endswith("+xml"):
            if kind.endswith("chart+xml"):
                data = RANGE.sub(self._pointed, data)
            data = self._called(data)
            data = strictly(data) if self._is_strict else data
        self.target.write(name, data)
        self._types[name] = kind
        self._point(part, name, styles)
        return name

    def _point(self, part: str, name: str, styles: Styles) -> None:
        """The relationships of a part that was taken."""
        rels = self.source.find(relationships_part(part))
        if rels is None:
            return
        root = self.source.xml(rels)
        by_id = {r.id: r for r in self.source.relationships(part) if not r.external}
        for element in children(root, "Relationship"):
            found = by_id.get(str(element.get("Id")))
            if found is not None:
                target = self._copy(found.target, styles)
                element.set("Target", posixpath.relpath("/" + target, "/" + posixpath.dirname(name)))
        data = serialise(root)
        self.target.write(relationships_part(name), strictly(data) if self._is_strict else data)

    def _pointed(self, found: re.Match[bytes]) -> bytes:
        """A range of a chart, where it stands in the target: that of a sheet which stands there already may have moved."""
        sheet = found[1].decode()
        area = None if sheet in self._taken else parse_area(found[2].decode())
        if area is None:
            return found[0]
        top, left = self._where(sheet, area.top, area.left)
        bottom, right = self._where(sheet, area.bottom, area.right)
        return absolute(sheet, Area(top, left, bottom, right)).encode()

    def _called(self, data: bytes) -> bytes:
        """XML of the source, with the sheets as they are called in the target; letters may stand there as numbers."""
        for old, new in self._renamed.items():
            as_numbers = old.encode("ascii", "xmlcharrefreplace")
            for spelt in {old.encode(), as_numbers}:
                data = data.replace(b"'%s'!" % spelt, escape(f"{quoted(new)}!").encode())
        return data

    def _free(self, part: str) -> str:
        """A free name for a part of the source, beside the target's own of its kind."""
        stem, ending = STEM.fullmatch(posixpath.relpath(part, posixpath.dirname(self.source.workbook))).groups()  # type: ignore[union-attr]
        names = (posixpath.join(self._folder, f"{stem}{n}{ending}") for n in range(1, len(self.target.names) + 2))
        return next(name for name in names if name not in self.target)

    def _declare(self) -> None:
        """The content types of all parts that came in, where the target's own extensions do not say it."""
        root = self.target.xml(CONTENT_TYPES)
        for part, kind in self._types.items():
            if self.target.content_type(part) != kind:
                override = root.makeelement(f"{{{TYPES_NS}}}Override", {"PartName": f"/{part}", "ContentType": kind})
                root.append(override)
        if not self.target.content_type(".rels"):
            root.append(root.makeelement(f"{{{TYPES_NS}}}Default", {"Extension": "rels", "ContentType": RELATIONSHIPS}))
        self.target.write(CONTENT_TYPES, serialise(root))


def _numbered(number_of: Callable[[int], int], found: re.Match[bytes]) -> bytes:
    return found[1] + b'%d"' % number_of(int(found[2]))


def _sheets(workbook: etree._Element) -> list[etree._Element]:
    return [e for group in children(workbook, "sheets") for e in children(group, "sheet")]


def _id(sheet: etree._Element) -> str:
    return next(str(v) for k, v in sheet.attrib.items() if str(k).endswith("}id"))
