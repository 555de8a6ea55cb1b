"""XML of a part into elements and back, safely: no entity is resolved, nothing is fetched, a DOCTYPE is refused."""

import re
from collections.abc import Sequence
from typing import Any, cast

from lxml import etree

from crmbook.ooxml.archive import RefusedError
from crmbook.ooxml.refs import Kept

ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w-]+)["']""")


def parse(xml: bytes) -> etree._Element:
    """The root element. The size is no matter here: it was limited when the part was read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("damaged", str(error)) from error
    # The bytes were searched for a DOCTYPE when they were read; this finds one in an encoding that hides it.
    document = root.getroottree().docinfo
    if document is not None and document.internalDTD is not None:
        raise RefusedError("doctype")
    return root


def serialise(root: etree._Element) -> bytes:
    """The element as a part, with the declaration Office writes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def children(root: etree._Element, name: str) -> list[etree._Element]:
    """The children with a local name, whatever their namespace: strict files have others."""
    return [e for e in root if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name]


def without(xml: bytes, kept: Sequence[Kept]) -> bytes:
    """The sheet with nothing in rows that were taken over; the first and the last of them stand for all, in their order."""
    pieces, at = [], 0
    for run in kept:
        pieces += [xml[at : run.start], *(b'<row r="%d"/>' % number for number in dict.fromkeys((run.first, run.last)))]
        at = run.end
    return b"".join([*pieces, xml[at:]])


class _Silent:
    """A parser's target that keeps nothing: what is left is the check of well-formedness, at 200 MB a second."""

    def close(self) -> None:
        """Nothing was kept."""


def must_be_well_formed(xml: bytes) -> None:
    """RefusedError if the XML is not well-formed; no tree is made, and other threads work beside it."""
    parser = etree.XMLParser(target=cast(Any, _Silent()), huge_tree=True, resolve_entities=False, no_network=True)
    try:
        etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("damaged", str(error)) from error


def is_sound(xml: bytes, kept: Sequence[Kept]) -> bool:
    """True if a sheet is well-formed, but for the rows that it has from the source."""
    try:
        must_be_well_formed(without(xml, kept) if kept else xml)
    except RefusedError:
        return False
    return True
