"""A part's outermost elements by the bytes they take, so that something is added among them and nothing else moves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lxml import etree

from crmbook.ooxml.archive import RefusedError
from crmbook.ooxml.cells import escape
from crmbook.ooxml.markup import ENCODING, parse, serialise

OPENING = re.compile(rb"""<([^\s/>]+)((?:[^"'>]|"[^"]*"|'[^']*')*?)(/?)>""")
EMPTY_ROOT = re.compile(rb"""<([\w:]+)((?:\s[^<>]*?)?)\s*/>\s*\Z""")  # of a part that holds nothing yet
COUNT = re.compile(rb"""(\scount=["'])[0-9]+""")
IN_QUOTES = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where one element stands: from `start` to `end`, its content up to `inner_end`; `tag` as it is spelt."""

    name: str
    tag: bytes
    start: int
    inner_end: int
    end: int


class Outline:
    """A part as bytes; what is put in is written with the prefix of the part's own."""

    def __init__(self, xml: bytes) -> None:
        self.xml = EMPTY_ROOT.sub(rb"<\1\2></\1>", _as_utf8(xml))
        self._look()

    @property
    def prefix(self) -> str:
        """What stands before the names of the part's elements: `x:`, or nothing."""
        return self._prefix

    def append(self, group: str, elements: Sequence[str], order: Sequence[str]) -> None:
        """Adds elements (as XML) at the end of a group, whose `count` follows; `order`: of all groups, as the standard has
        it, for one that is not there yet."""
        if not elements:
            return
        inside = "".join(elements).encode()
        found = next((p for p in self.places if p.name == group), None)
        if found is None:
            tag = f"{self._prefix}{group}".encode()
            later = set(order[order.index(group) + 1 :])
            at = next((p.start for p in self.places if p.name in later), self._root_end)
            count = b' count="%d"' % len(elements) if group in COUNTED else b""
            self.xml = self.xml[:at] + b"<%s%s>%s</%s>" % (tag, count, inside, tag) + self.xml[at:]
        else:
            opening = OPENING.match(self.xml, found.start)
            assert opening is not None
            attributes = opening[2]
            if group in COUNTED:
                counted = b"%d" % (self._children[found.start] + len(elements))
                attributes = COUNT.sub(rb"\g<1>" + counted, attributes)
            body = self.xml[opening.end() : found.inner_end]
            new = b"<%s%s>%s%s</%s>" % (found.tag, attributes.rstrip(), body, inside, found.tag)
            self.xml = self.xml[: found.start] + new + self.xml[found.end :]
        self._look()

    def _look(self) -> None:
        """Finds the outermost elements."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        self.places: list[Place] = []
        self._children: dict[int, int] = {}  # how many elements stand in each of them, by its start
        depth, opened, inner = 0, 0, 0

        def start(name: str, attributes: Any) -> None:
            nonlocal depth, opened, inner
            depth += 1
            if depth == 1:
                self._prefix = f"{name.rpartition(':')[0]}:" if ":" in name else ""
            elif depth == 2:
                opened, inner = parser.CurrentByteIndex, 0
            elif depth == 3:
                inner += 1

        def end(name: str) -> None:
            nonlocal depth
            if depth == 2:
                opening = OPENING.match(self.xml, opened)
                assert opening is not None
                closes = parser.CurrentByteIndex
                stop = opening.end() if opening[3] else self.xml.index(b">", closes) + 1
                inner_end = opening.end() if opening[3] else closes
                self.places.append(Place(name.rpartition(":")[2], opening[1], opened, inner_end, stop))
                self._children[opened] = inner
            elif depth == 1:
                self._root_end = parser.CurrentByteIndex
            depth -= 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        try:
            parser.Parse(self.xml, True)
        except expat.ExpatError as error:
            raise RefusedError("damaged", str(error)) from error


COUNTED = frozenset(
    {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableParts"}
)


def written(element: etree._Element, prefix: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element without text as XML, each name with this prefix; `attributes` are set on it, besides its own."""
    own = {str(k): str(v) for k, v in element.attrib.items() if not str(k).startswith("{")} | dict(attributes or {})
    tag = prefix + etree.QName(element).localname
    says = "".join(f' {name}="{escape(value).translate(IN_QUOTES)}"' for name, value in own.items())
    inside = "".join(written(child, prefix) for child in element if isinstance(child.tag, str))
    return f"<{tag}{says}>{inside}</{tag}>" if inside else f"<{tag}{says}/>"


def _as_utf8(xml: bytes) -> bytes:
    """The part in the encoding in which names are looked for by their bytes."""
    encoding = ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf"))
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        return serialise(parse(xml))
    return xml
