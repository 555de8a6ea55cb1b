"""Notes and drawings that are parts of their own, made to follow the rows: comments, their boxes, threads, anchors."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from crmbook.ooxml.package import Package
from crmbook.ooxml.refs import Area, RowMap, parse_area
from crmbook.ooxml.tail import ANCHOR_ROW, follow_anchors

P = rb"(?:\w+:)?"
COMMENT = re.compile(
    rb"<(" + P + rb')(comment|threadedComment)(?=\s)[^>]*?\sref="([^"]*)"[^>]*?(?:/>|>.*?</\1\2>)', re.DOTALL
)
SHAPE = re.compile(rb"<(v|\w+):shape(?=\s).*?</\1:shape>", re.DOTALL)
IS_NOTE = re.compile(rb'ObjectType=["\']Note["\']')
NOTE_ROW = re.compile(rb"(<(?:\w+:)?Row>)\s*([0-9]+)\s*(</)")
NOTE_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*([0-9]+)\s*</")
BOX = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)(</)")
MAPPED = re.compile(rb"(<" + P + rb'singleXmlCell(?=\s)[^>]*?\sr=")([^"]*)(")')
KINDS = {"comments", "threadedComment", "vmlDrawing", "drawing", "tableSingleCells"}
CORNER_ROW = re.compile(rb"<" + P + rb"row>\s*([0-9]+)")
CORNER_COLUMN = re.compile(rb"<" + P + rb"col>\s*([0-9]+)")
CORNER_OFFSET = re.compile(rb"<" + P + rb"rowOff>\s*(-?[0-9]+)")
EXTENT = re.compile(rb"</" + P + rb"from>\s*<" + P + rb'ext(?=\s)[^>]*?\scy="([0-9]+)"')  # in place of an end
ROW = re.compile(rb"<" + P + rb'row(?=\s)[^>]*?\sr="([0-9]+)"[^>]*>')
HEIGHT = re.compile(rb'\sht="([0-9]+(?:\.[0-9]+)?)"')
USUAL_HEIGHT = re.compile(rb'\sdefaultRowHeight="([0-9]+(?:\.[0-9]+)?)"')
POINT = 12_700  # of the units in which a drawing is measured
FIXED = re.compile(rb"graphicFrame|compatExt|\seditAs=\"absolute\"|\stextlink=\"[^\"]")
DRAWN = re.compile(rb"<(" + P + rb")(twoCellAnchor|oneCellAnchor)\b.*?</\1\2>", re.DOTALL)

Heights = Callable[[int], float]


def follow_notes(package: Package, sheet: str, row_map: RowMap) -> None:
    """Rewrites the comments, threads, boxes, drawings and mapped cells of a sheet where something in them has to follow."""
    for relationship in package.relationships(sheet):
        if relationship.external or relationship.kind not in KINDS or relationship.target not in package:
            continue
        before = after = package.read(relationship.target)
        if relationship.kind in ("comments", "threadedComment"):
            after = follow_comments(before, row_map)
        elif relationship.kind == "vmlDrawing":
            after = follow_boxes(before, row_map)
        elif relationship.kind == "drawing":
            after = DRAWN.sub(partial(_drawn, row_map, _heights(package, sheet)), before)
        else:
            after = MAPPED.sub(lambda m: m[1] + row_map.list(m[2].decode(), cell_grows=False).encode() + m[3], before)
        if after != before:
            package.write(relationship.target, after)


def follow_comments(xml: bytes, row_map: RowMap) -> bytes:
    """Comments (or threads) on the cells where their rows now stand; one whose row is gone goes with it."""

    def followed(found: re.Match[bytes]) -> bytes:
        area = parse_area(found[3].decode())
        if area is None:
            return found[0]
        row = row_map.at(area.top, area.left)
        if row is None:
            return b""
        ref = str(area._replace(top=row, bottom=row)).encode()
        start, end = found.start(3) - found.start(), found.end(3) - found.start()
        return found[0] if row == area.top else found[0][:start] + ref + found[0][end:]

    return COMMENT.sub(followed, xml)


def follow_boxes(vml: bytes, row_map: RowMap) -> bytes:
    """The boxes in which comments show, and form controls, beside their cells again. VML is no clean XML: text it is."""

    def followed(found: re.Match[bytes]) -> bytes:
        shape = found[0]
        row, column, box = NOTE_ROW.search(shape), NOTE_COLUMN.search(shape), BOX.search(shape)
        if IS_NOTE.search(shape) and row is not None and column is not None:
            new = row_map.at(int(row[2]) + 1, int(column[1]) + 1)
            if new is None:
                return b""
            by = new - 1 - int(row[2])
        elif box is not None and len(box[2].split(b",")) == 8:
            top = int(box[2].split(b",")[2])
            by = row_map.row(top + 1) - top - 1
        else:
            return shape
        if not by:
            return shape
        shape = NOTE_ROW.sub(lambda m: m[1] + b"%d" % (int(m[2]) + by) + m[3], shape, count=1)
        return BOX.sub(lambda m: m[1] + _moved_box(m[2], by) + m[3], shape, count=1)

    return SHAPE.sub(followed, vml)


def _moved_box(anchor: bytes, by: int) -> bytes:
    """Left column, offset, top row, offset, right column, offset, bottom row, offset."""
    fields = anchor.split(b",")
    if len(fields) != 8:
        return anchor
    for at in (2, 6):
        fields[at] = b" %d" % max(int(fields[at]) + by, 0)
    return b",".join(fields)


def noted_areas(package: Package, sheet: str) -> list[Area]:
    """The cells of a sheet that carry a comment or a thread, or in which a picture stands."""
    parts = [part for kind in ("comments", "threadedComment") for part in package.related(sheet, kind)]
    areas = [parse_area(m[3].decode()) for part in parts for m in COMMENT.finditer(package.read(part))]
    heights = _heights(package, sheet)
    for part in package.related(sheet, "drawing"):
        areas += [_row_of(m[0], heights) for m in DRAWN.finditer(package.read(part))]
    return [area for area in areas if area is not None]


def _drawn(row_map: RowMap, heights: Heights, found: re.Match[bytes]) -> bytes:
    """An anchor where it belongs: a picture in one row goes with its row, as in Excel's sort; others are pushed or stay."""
    place = _row_of(found[0], heights)
    row = None if place is None else row_map.at(place.top, place.left)
    if place is None or row is None:
        return follow_anchors(found[0], DRAWN, row_map)
    return ANCHOR_ROW.sub(lambda m: m[1] + b"%d" % (int(m[3]) + row - place.top) + m[4], found[0])


def _row_of(anchor: bytes, heights: Heights) -> Area | None:
    """The cells that a picture or shape fills, if they are of one row; None for charts, controls and what names a cell."""
    rows, columns = ([int(n) + 1 for n in corner.findall(anchor)] for corner in (CORNER_ROW, CORNER_COLUMN))
    if not rows or len(rows) != len(columns) or FIXED.search(anchor):
        return None
    offsets = [int(n) for n in CORNER_OFFSET.findall(anchor)]
    if len(rows) == 1:
        high = EXTENT.search(anchor)
        fits = high is not None and sum(offsets) + int(high[1]) <= heights(rows[0]) * POINT
    else:
        fits = rows[0] == rows[1] or (rows[1] == rows[0] + 1 and 0 in offsets[1:])
    return Area(rows[0], columns[0], rows[0], columns[-1]) if fits else None


def _heights(package: Package, sheet: str) -> Heights:
    """How high a row of a sheet is, in points; the sheet is read when the first is asked for."""

    @cache
    def said() -> tuple[Mapping[int, float], float]:
        data = package.read(sheet)
        usual = USUAL_HEIGHT.search(data)
        rows = ((int(m[1]), HEIGHT.search(m[0])) for m in ROW.finditer(data))
        return {row: float(high[1]) for row, high in rows if high is not None}, float(usual[1]) if usual else 15.0

    return lambda row: said()[0].get(row, said()[1])


def areas_of_objects(package: Package, sheet: str) -> list[Area]:
    """The cells on which a comment or a drawn object of a sheet stands; of one without an end, its corner."""
    found = noted_areas(package, sheet)
    for part in package.related(sheet, "drawing"):
        for anchor in DRAWN.finditer(package.read(part)):
            rows, columns = ([int(n) + 1 for n in corner.findall(anchor[0])] for corner in (CORNER_ROW, CORNER_COLUMN))
            if rows and columns:
                found.append(Area(rows[0], columns[0], rows[-1], columns[-1]))
    return found
