"""XML of a part into elements and back, safely: no entity is resolved, nothing is fetched, a DOCTYPE is refused."""

from lxml import etree

from crmbook.ooxml.archive import RefusedError


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
    return [e for e in root if isinstance(e.tag, str) and etree.QName(e).localname == name]
