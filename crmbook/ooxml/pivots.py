"""Pivot tables over a range that grew follow it, and are filled anew when the file is opened; one below moves down."""

import re
from collections.abc import Callable

from crmbook.ooxml.cells import unescape
from crmbook.ooxml.refs import CannotMoveError, RowMap, parse_area

P = rb"(?:\w+:)?"
SOURCE = re.compile(rb"<" + P + rb"(?:worksheetSource|rangeSet)(?=\s)[^>]*>")
REF = re.compile(rb'(\sref=")([^"]*)(")')
SHEET = re.compile(rb'\ssheet="([^"]*)"')
NAME = re.compile(rb'\sname="([^"]*)"')
ELSEWHERE = re.compile(rb'\s\w+:id="')  # in another workbook
ROOT = re.compile(rb"<" + P + rb"pivotCacheDefinition(?=\s)[^>]*>")
REFRESH = re.compile(rb'\srefreshOnLoad="[^"]*"')
REFRESHES = re.compile(rb'\srefreshOnLoad="(?:1|true)"')
PLACE = re.compile(rb"(<" + P + rb'location(?=\s)[^>]*?\sref=")([^"]*)(")')


def update_pivot(xml: bytes, changed: Callable[[str], bool], map_of: Callable[[str], RowMap | None]) -> bytes:
    """A pivot's cache definition; `changed` says whether the cells of a sheet, a table or a defined name did, `map_of`
    where a sheet's rows went."""
    is_stale = False

    def followed(found: re.Match[bytes]) -> bytes:
        nonlocal is_stale
        source = found[0]
        sheet, name, ref = SHEET.search(source), NAME.search(source), REF.search(source)
        over = name or sheet
        if over is None or ELSEWHERE.search(source) or not changed(unescape(over[1])):
            return source
        is_stale = True
        row_map = map_of(unescape(sheet[1])) if sheet and ref else None
        if ref is None or row_map is None:
            return source
        return source[: ref.start(2)] + row_map.list(ref[2].decode()).encode() + source[ref.end(2) :]

    xml = SOURCE.sub(followed, xml)
    root = ROOT.search(xml)
    if not is_stale or root is None or REFRESHES.search(root[0]):
        return xml
    bare = REFRESH.sub(b"", root[0])
    close = len(bare) - (2 if bare.endswith(b"/>") else 1)
    return xml[: root.start()] + bare[:close] + b' refreshOnLoad="1"' + bare[close:] + xml[root.end() :]


def follow_place(xml: bytes, row_map: RowMap, sheet: str) -> bytes:
    """A pivot table's definition, standing where its cells now stand; CannotMoveError if they would be torn apart."""

    def placed(found: re.Match[bytes]) -> bytes:
        area = parse_area(found[2].decode())
        if area is None:
            return found[0]
        new = row_map.whole(area)
        if new is None:
            raise CannotMoveError(sheet, str(area))
        return found[1] + str(new).encode() + found[3]

    return PLACE.sub(placed, xml, count=1)
