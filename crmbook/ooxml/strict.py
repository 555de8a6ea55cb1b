"""A part put into the namespaces of a strict file (ISO/IEC 29500 strict); nothing else differs in what Office writes.

The standard also wants shares with a %, but Office calls a chart written so damaged, and writes plain numbers itself.
"""

NAMESPACES = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/drawingml/2006/": b"http://purl.oclc.org/ooxml/drawingml/",
}


def strictly(xml: bytes) -> bytes:
    """The part of a transitional file as one of a strict one."""
    for loose, strict in NAMESPACES.items():
        xml = xml.replace(loose, strict)
    return xml
