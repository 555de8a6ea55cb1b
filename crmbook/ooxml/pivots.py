"""Pivot tables over a range that grew follow it, and are filled anew when the file is opened."""

import re
from collections.abc import Callable

from crmbook.ooxml.refs import RowMap

P = rb"(?:\w+:)?"
SOURCE = re.compile(rb"<" + P + rb"worksheetSource(?=\s)[^>]*>")
REF = re.compile(rb'(\sref=")([^"]*)(")')
SHEET = re.compile(rb'\ssheet="([^"]*)"')
NAME = re.compile(rb'\sname="([^"]*)"')
ROOT = re.compile(rb"<" + P + rb"pivotCacheDefinition(?=\s)[^>]*>")
REFRESH = re.compile(rb'\srefreshOnLoad="[^"]*"')
REFRESHES = re.compile(rb'\srefreshOnLoad="(?:1|true)"')


def update_pivot(xml: bytes, changed: Callable[[str], bool], map_of: Callable[[str], RowMap | None]) -> bytes:
    """A pivot's cache definition; `changed` says whether a sheet's or table's cells did, `map_of` where a sheet's rows went."""
    source = SOURCE.search(xml)
    if source is None:
        return xml
    sheet, name, ref = SHEET.search(source[0]), NAME.search(source[0]), REF.search(source[0])
    over = name or sheet
    if over is None or not changed(over[1].decode()):
        return xml
    row_map = map_of(sheet[1].decode()) if sheet and ref else None
    if ref is not None and row_map is not None:
        followed = source[0][: ref.start(2)] + row_map.list(ref[2].decode()).encode() + source[0][ref.end(2) :]
        xml = xml[: source.start()] + followed + xml[source.end() :]
    root = ROOT.search(xml)
    if root is None or REFRESHES.search(root[0]):
        return xml
    bare = REFRESH.sub(b"", root[0])
    close = len(bare) - (2 if bare.endswith(b"/>") else 1)
    return xml[: root.start()] + bare[:close] + b' refreshOnLoad="1"' + bare[close:] + xml[root.end() :]
