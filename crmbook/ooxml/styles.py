"""Cell styles of one workbook added to another's: what is there keeps its number, what comes in gets the next."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from crmbook.ooxml.markup import children, parse
from crmbook.ooxml.outline import Outline, written

GROUPS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst")  # fmt: skip
FIRST_FORMAT = 164  # those below are the program's own
# What a workbook without styles looks like, so that what it has keeps its looks when others come in.
BARE = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
SHARED = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
Key = tuple[Any, ...]


class Styles:
    """The target's stylesheet, to which those of the source are added as they are asked for.

    `plain` is applied to each font, fill, border and difference that comes in. A named style that the target already has
    stays as it is there, and cells of the source that follow it follow it there.
    """

    def __init__(self, source: bytes, target: bytes, plain: Callable[[etree._Element], None]) -> None:
        self._plain = plain
        self._from = {group: _elements(parse(source), group) for group in GROUPS}
        self._outline = Outline(target)
        there = parse(self._outline.xml)
        self._there = {group: _elements(there, group) for group in GROUPS}
        self._fresh: dict[str, list[str]] = {group: [] for group in GROUPS}
        for group, bare in BARE.items():
            if not self._there[group]:
                self._there[group] = list(parse(f"<g>{bare}</g>".encode()))
                self._fresh[group] = [written(e, self._outline.prefix) for e in self._there[group]]
        self._known = {
            group: {_key(e): at for at, e in reversed(list(enumerate(self._there[group])))} for group in GROUPS
        }
        self._formats = {str(e.get("formatCode")): int(e.get("numFmtId", "0")) for e in self._there["numFmts"]}
        self._source_formats = {int(e.get("numFmtId", "0")): str(e.get("formatCode")) for e in self._from["numFmts"]}
        self._last_format = max([FIRST_FORMAT - 1, *self._formats.values(), *self._formats_of_differences()])
        self._cells: dict[int, int] = {}
        self._named: dict[int, tuple[int, etree._Element | None]] = {}
        self._differences: dict[int, int] = {}

    def cell(self, number: int) -> int:
        """The target's number of a cell style of the source."""
        if number not in self._cells:
            self._cells[number] = self._cell(number)
        return self._cells[number]

    def difference(self, number: int) -> int:
        """The target's number of a difference (`dxf`) of the source: what conditional formats and tables use."""
        if number not in self._differences:
            element = _copy(self._from["dxfs"][number])
            self._plain(element)
            for form in children(element, "numFmt"):
                form.set("numFmtId", str(self._format(str(form.get("formatCode")), add=False)))
            self._differences[number] = self._add("dxfs", element)
        return self._differences[number]

    def xml(self) -> bytes:
        """The target's stylesheet with all that was asked for."""
        for group in GROUPS:
            self._outline.append(group, self._fresh[group], GROUPS)
        return self._outline.xml

    def _cell(self, number: int) -> int:
        if number == 0:  # the plain cell is each workbook's own
            return 0
        element = _copy(self._from["cellXfs"][number])
        ours = int(element.get("xfId", "0"))
        followed, theirs = self._named_style(ours)
        base = self._from["cellStyleXfs"][ours]
        for name in (*SHARED, "numFmtId"):
            if theirs is not None and element.get(name) == base.get(name):
                element.set(name, theirs.get(name, "0"))
            else:
                element.set(name, str(self._part(name, int(element.get(name, "0")))))
        if theirs is not None:
            for part in ("alignment", "protection"):
                if _keys(children(element, part)) == _keys(children(base, part)):
                    for old in children(element, part):
                        element.remove(old)
                    for new in children(theirs, part):
                        element.append(_copy(new))
        element.set("xfId", str(followed))
        return self._add("cellXfs", element)

    def _named_style(self, ours: int) -> tuple[int, etree._Element | None]:
        """The target's number of a named style, and its looks where it was there before; a built-in one has none to give."""
        if ours not in self._named:
            style = next(e for e in self._from["cellStyles"] if int(e.get("xfId", "0")) == ours)
            name, builtin = str(style.get("name")), style.get("builtinId")
            is_same = (
                (lambda e: e.get("builtinId") == builtin)
                if builtin
                else (lambda e: str(e.get("name")).casefold() == name.casefold())
            )
            found = next((int(e.get("xfId", "0")) for e in self._there["cellStyles"] if is_same(e)), None)
            if builtin and found is None:
                self._named[ours] = (0, None)
            elif found is not None:
                held = self._there["cellStyleXfs"]
                self._named[ours] = (found, held[found] if not builtin and found < len(held) else None)
            else:
                looks = _copy(self._from["cellStyleXfs"][ours])
                for part in (*SHARED, "numFmtId"):
                    looks.set(part, str(self._part(part, int(looks.get(part, "0")))))
                at = self._append("cellStyleXfs", looks)
                self._append("cellStyles", _copy(style), xfId=str(at))
                self._named[ours] = (at, None)
        return self._named[ours]

    def _part(self, attribute: str, number: int) -> int:
        """The target's number of a font, fill, border or number format of the source."""
        if attribute == "numFmtId":
            code = self._source_formats.get(number)
            return number if code is None else self._format(code, add=True)
        element = _copy(self._from[SHARED[attribute]][number])
        self._plain(element)
        return self._add(SHARED[attribute], element)

    def _format(self, code: str, *, add: bool) -> int:
        """The number of a number format; a new one is `add`ed to the list, or stands in a difference alone."""
        if code not in self._formats:
            self._last_format += 1
            if not add:
                return self._last_format
            self._formats[code] = self._last_format
            self._fresh["numFmts"].append(
                f'<{self._outline.prefix}numFmt numFmtId="{self._last_format}" formatCode={_quoted(code)}/>'
            )
        return self._formats[code]

    def _formats_of_differences(self) -> list[int]:
        found = (f for e in self._there["dxfs"] for f in children(e, "numFmt"))
        return [int(f.get("numFmtId", "0")) for f in found]

    def _add(self, group: str, element: etree._Element) -> int:
        """The number of an element in the target's group, where an equal one may stand already."""
        known = self._known[group].get(_key(element))
        return self._append(group, element) if known is None else known

    def _append(self, group: str, element: etree._Element, **attributes: str) -> int:
        number = len(self._there[group])
        self._there[group].append(element)
        self._known[group].setdefault(_key(element), number)
        self._fresh[group].append(written(element, self._outline.prefix, attributes))
        return number


def _elements(root: etree._Element, group: str) -> list[etree._Element]:
    return [e for found in children(root, group)[:1] for e in found if isinstance(e.tag, str)]


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _key(element: etree._Element) -> Key:
    """What makes two elements equal: names, attributes and content, whatever the namespace."""
    inside = tuple(_key(e) for e in element if isinstance(e.tag, str))
    return etree.QName(element).localname, tuple(sorted(element.attrib.items())), inside


def _keys(elements: list[etree._Element]) -> list[Key]:
    return [_key(e) for e in elements]


def _quoted(text: str) -> str:
    return written(etree.Element("a", v=text)).partition("v=")[2].removesuffix("/>")
