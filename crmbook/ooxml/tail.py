"""What stands after the rows in a sheet's part (merges, links, formats, validations, breaks) made to follow the rows."""

import re
from collections.abc import Callable

from crmbook.ooxml.cells import escape, unescape
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import Area, RowMap, parse_area, quoted
from crmbook.ooxml.sparklines import GROUPS, follow_sparklines, without_empty

P = rb"(?:\w+:)?"  # any prefix: extensions carry one, and programs choose it
FORMULAS = re.compile(rb"(<(" + P + rb"(?:formula|formula1|formula2|f))(?:\s[^>]*)?>)([^<]*)(</\2>)")
SQREF_ATTRIBUTE = re.compile(rb'(<[^>]*?\ssqref=")([^"]*)(")')
SQREF_ELEMENT = re.compile(rb"(<(" + P + rb"sqref)>)([^<]*)(</\2>)")
AREA = re.compile(
    rb"(<" + P + rb"(?:autoFilter|sortState|sortCondition|cellWatch|inputCells)(?=\s)[^>]*?"
    rb'\s(?:ref|r)=")([^"]*)(")'
)
MERGES = re.compile(rb"<(" + P + rb")mergeCells(?=[\s>])[^>]*>.*?</\1mergeCells>", re.DOTALL)
MERGE = re.compile(rb"(<(" + P + rb')mergeCell(?=\s)[^>]*?\sref=")([^"]*)("[^>]*?(?:/>|>\s*</\2mergeCell>))')
MERGE_COUNT = re.compile(rb'(<(?:\w+:)?mergeCells\s[^>]*?\bcount=")[0-9]+')
LINK = re.compile(rb'<hyperlink(?=\s)[^>]*?\sref="([^"]*)"[^>]*?(?:/>|>.*?</hyperlink>)', re.DOTALL)
LINKED = re.compile(rb"<" + P + rb'hyperlink(?=\s)[^>]*?\sref="([^"]*)"')
NO_LINKS = re.compile(rb"<hyperlinks\s*(?:/>|>\s*</hyperlinks>)")
LOCATION = re.compile(rb'(<hyperlink(?=\s)[^>]*?\slocation=")([^"]*)(")')
CONTROLLED = re.compile(rb'(\s(?:linkedCell|listFillRange)=")([^"]*)(")')  # what a control fills, and what it offers
CONSOLIDATED = re.compile(rb"<" + P + rb'dataRef(?=\s)(?![^>]*?\w+:id=)[^>]*?\sref="([^"]*)"[^>]*?>')
OF_SHEET = re.compile(rb'\ssheet="([^"]*)"')
THRESHOLD = re.compile(rb'(<cfvo(?=\s)[^>]*?\sval=")([^"]*)(")')
ROW_BREAKS = re.compile(rb"<rowBreaks\b.*?</rowBreaks>", re.DOTALL)
BREAK = re.compile(rb'(<brk(?=\s)[^>]*?\sid=")([0-9]+)(")')
CONTROLS = re.compile(rb"<controls\b.*</controls>|<oleObjects\b.*</oleObjects>", re.DOTALL)
ANCHOR = re.compile(rb"<(" + P + rb")anchor\b.*?</\1anchor>", re.DOTALL)
ANCHOR_ROW = re.compile(rb"(<(" + P + rb")row>)\s*([0-9]+)\s*(</\2row>)")


def follow_tail(tail: bytes, row_map: RowMap | None, follower: Follower) -> bytes:
    """The tail with all that speaks of rows followed; `row_map` is None for a sheet whose own rows stayed."""
    parts, at = [], 0
    for found in GROUPS.finditer(tail):
        parts += [_follow(tail[at : found.start()], row_map, follower), follow_sparklines(found[0], row_map, follower)]
        at = found.end()
    return without_empty(b"".join([*parts, _follow(tail[at:], row_map, follower)]))


def _follow(tail: bytes, row_map: RowMap | None, follower: Follower) -> bytes:
    """Anything but sparklines."""
    if follower.is_idle:
        return tail
    tail = FORMULAS.sub(lambda m: m[1] + follow_text(m[3], follower.follow) + m[4], tail)
    tail = THRESHOLD.sub(lambda m: m[1] + follow_text(m[2], follower.follow) + m[3], tail)
    tail = CONTROLLED.sub(lambda m: m[1] + follow_text(m[2], follower.reference) + m[3], tail)
    tail = CONSOLIDATED.sub(lambda m: _consolidated(m, follower), tail)
    tail = LOCATION.sub(lambda m: m[1] + follow_text(m[2], follower.reference) + m[3], tail)
    if row_map is None or row_map.is_still:
        return tail
    tail = _areas(MERGES.sub(lambda m: _merges(m[0], row_map), tail), row_map)
    tail = NO_LINKS.sub(b"", LINK.sub(lambda m: _link(m, row_map), tail))
    tail = ROW_BREAKS.sub(lambda m: BREAK.sub(lambda b: _break(b, row_map), m[0]), tail)
    return CONTROLS.sub(lambda m: follow_anchors(m[0], ANCHOR, row_map), tail)


def linked_areas(xml: bytes) -> list[Area]:
    """A sheet's part → its areas that carry a link."""
    after_rows = max(xml.rfind(b"sheetData>"), 0)  # links stand there, and the rows may be long
    areas = (parse_area(ref.decode()) for ref in LINKED.findall(xml, after_rows))
    return [area for area in areas if area is not None]


def follow_text(xml: bytes, follow: Callable[[str], str]) -> bytes:
    """XML text followed as a formula; the same bytes if nothing changed."""
    before = unescape(xml)
    after = follow(before)
    return xml if after == before else escape(after).replace('"', "&quot;").encode()


def follow_anchors(xml: bytes, anchor: re.Pattern[bytes], row_map: RowMap) -> bytes:
    """Drawn objects that begin below the table go down with the rows; those beside it stay where they are."""

    def followed(found: re.Match[bytes]) -> bytes:
        rows = [int(m[3]) for m in ANCHOR_ROW.finditer(found[0])]
        if not rows or row_map.row(rows[0] + 1) == rows[0] + 1:
            return found[0]
        by = row_map.row(rows[0] + 1) - rows[0] - 1
        return ANCHOR_ROW.sub(lambda m: m[1] + b"%d" % (int(m[3]) + by) + m[4], found[0])

    return anchor.sub(followed, xml)


def _areas(xml: bytes, row_map: RowMap) -> bytes:
    """Every list of areas in the XML followed."""

    def attribute(found: re.Match[bytes]) -> bytes:
        return found[1] + row_map.list(found[2].decode()).encode() + found[3]

    def element(found: re.Match[bytes]) -> bytes:
        return found[1] + row_map.list(found[3].decode()).encode() + found[4]

    def area(found: re.Match[bytes]) -> bytes:
        grows = b"autoFilter" in found[1] or b"sort" in found[1]
        return found[1] + row_map.list(found[2].decode(), cell_grows=grows).encode() + found[3]

    return AREA.sub(area, SQREF_ELEMENT.sub(element, SQREF_ATTRIBUTE.sub(attribute, xml)))


def _merges(xml: bytes, row_map: RowMap) -> bytes:
    """The merged cells of a sheet; nothing if none is left. Those on data rows go with them: to stay, they would hide what
    comes to stand there. Where their rows part, the cells are single ones again."""

    def followed(found: re.Match[bytes]) -> bytes:
        area = parse_area(found[3].decode())
        if area is None or not row_map.carries(area):
            return found[1] + row_map.list(found[3].decode(), cell_grows=False).encode() + found[4]
        moved = row_map.together(area)
        return b"" if moved is None else found[1] + str(moved).encode() + found[4]

    after = MERGE.sub(followed, xml)
    left = len(MERGE.findall(after))
    return MERGE_COUNT.sub(rb"\g<1>%d" % left, after, count=1) if left else b""


def _consolidated(found: re.Match[bytes], follower: Follower) -> bytes:
    """A range that Excel's consolidation adds up; its sheet stands beside it."""
    sheet = OF_SHEET.search(found[0])
    lead = f"{quoted(unescape(sheet[1]))}!" if sheet else ""
    followed = follower.reference(lead + found[1].decode(), cell_grows=True).removeprefix(lead).encode()
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0][:start] + followed + found[0][end:]


def _link(found: re.Match[bytes], row_map: RowMap) -> bytes:
    """A link on one cell goes with its row, or away with it; one on several cells is followed as an area."""
    ref = found[1].decode()
    area = parse_area(ref)
    if area is None:
        return found[0]
    if area.top == area.bottom:
        row = row_map.at(area.top, area.left)
        if row is None:
            return b""
        followed = str(area._replace(top=row, bottom=row))
    else:
        followed = str(row_map.span(area))
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0] if followed == ref else found[0][:start] + followed.encode() + found[0][end:]


def _break(found: re.Match[bytes], row_map: RowMap) -> bytes:
    """A page break lies under the row whose number it carries."""
    return found[1] + b"%d" % row_map.row(int(found[2])) + found[3]
