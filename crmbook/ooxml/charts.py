"""The ranges of charts follow the rows, and what a chart remembers of its cells (its caches) is renewed."""

import re
from collections.abc import Callable

from crmbook.ooxml.cells import Content, escape, plain_text, same_value, unescape
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import Area, parse_ref
from crmbook.ooxml.sheet import SheetPart
from crmbook.ooxml.tail import follow_text

P = rb"(?:\w+:)?"
REFERENCE = re.compile(rb"<(" + P + rb")(numRef|strRef|multiLvlStrRef)>(.*?)</\1\2>", re.DOTALL)
FORMULA = re.compile(rb"<(" + P + rb")f(?:\s[^>]*)?>([^<]*)</\1f>")
CACHE = re.compile(rb"<(" + P + rb")(numCache|strCache|multiLvlStrCache)(?:\s*/>|>.*?</\1\2>)", re.DOTALL)
FORMAT = re.compile(rb"<" + P + rb"formatCode>[^<]*</" + P + rb"formatCode>")
POINT = re.compile(rb"<" + P + rb'pt(?=\s)[^>]*?idx="([0-9]+)"[^>]*>.*?<' + P + rb"v>(.*?)</", re.DOTALL)
COUNT = re.compile(rb"<" + P + rb'ptCount(?=\s)[^>]*?val="([0-9]+)"')
COUNT_TAG = re.compile(rb"<((?:\w+:)?)ptCount")
POINT_SHAPE = b'<%spt idx="%d"><c:v>%s</c:v></%spt>'
ALL_CELLS = re.compile(rb"<" + P + rb'plotVisOnly(?=\s)[^>]*?val="(?:0|false)"')
NEW_LEVEL = re.compile(
    rb"(<(" + P + rb")n?f(?:\s[^>]*)?>)([^<]*)(</\2n?f>)((?:\s*<\2lvl\b.*?</\2lvl>|\s*<\2lvl\b[^>]*/>)*)", re.DOTALL
)
LEVEL_FORMAT = re.compile(rb'formatCode="[^"]*"')
# Ranges that Excel 2013 and later keep beside: of labels taken from cells, of series that are filtered out.
EXTENDED = re.compile(rb"(<c15:(?:f|sqref)(?:\s[^>]*)?>)([^<]*)(</)")
PIECES = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")  # the commas between ranges, not those in the name of a sheet
LABELS = re.compile(
    rb"<c15:f(?:\s[^>]*)?>([^<]*)</c15:f>\s*<c15:dlblRangeCache(?:\s*/>|>(.*?)</c15:dlblRangeCache>)", re.DOTALL
)
LABEL = re.compile(rb"<" + P + rb"tx>")
# The cells of an area, by the sheet's name, with hidden rows or without; None of a sheet whose cells did not change.
Cells = Callable[[str, Area, bool], list[list[Content]] | None]
Names = Callable[[str], str]  # a defined name → what it stands for; anything else as it is


def update_chart(xml: bytes, follower: Follower, cells: Cells, names: Names) -> bytes:
    """A chart with its ranges followed, and the caches of those ranges renewed that lie on a changed sheet."""
    visible = ALL_CELLS.search(xml) is None
    read: dict[tuple[str, ...], list[list[Content]] | None] = {}  # the series of a chart have one axis of words

    def followed(found: re.Match[bytes]) -> bytes:
        return found[1] + follow_text(found[2], lambda ref: follower.reference(ref, cell_grows=True)) + found[3]

    def updated(found: re.Match[bytes]) -> bytes:
        prefix, kind, inner = found[1], found[2], found[3]
        formula = FORMULA.search(inner)
        if formula is None:
            return found[0]
        # The name of a series is one header cell, which never grows.
        is_label = LABEL.match(xml, xml.rfind(b"<", 0, found.start())) is not None
        before = unescape(formula[2])
        is_union = before.startswith("(")
        ranges = PIECES.split(before.removeprefix("(").removesuffix(")")) if is_union else [before]
        ranges = [follower.reference(r, cell_grows=not is_label and not is_union) for r in ranges]
        after = f"({','.join(ranges)})" if is_union else ranges[0]
        if after != before:
            text = escape(after).encode()
            inner = inner[: formula.start(2)] + text + inner[formula.end(2) :]
        key = tuple(ranges)
        if key not in read:
            read[key] = _cells(ranges, cells, names, visible=visible)
        columns = read[key]
        if columns is not None:
            kind, inner = _cached(prefix, kind, inner, columns)
        if kind == found[2] and inner == found[3]:
            return found[0]
        return b"<" + prefix + kind + b">" + inner + b"</" + prefix + kind + b">"

    xml = EXTENDED.sub(followed, REFERENCE.sub(updated, xml))
    return LABELS.sub(lambda m: _labelled(m, _cells([unescape(m[1])], cells, names, visible=visible)), xml)


def _labelled(found: re.Match[bytes], columns: list[list[Content]] | None) -> bytes:
    """Labels that are taken from cells, remembered anew; numbers are shown in a format of the cell's, and stay."""
    cells = [cell for column in columns or () for cell in column]
    if not cells or any(not isinstance(c.value, str | None) for c in cells):
        return found[0]
    prefix = COUNT_TAG.search(found[2] or b"")
    p = prefix[1] if prefix else b"c:"
    body = b'<%sptCount val="%d"/>%s' % (p, len(cells), _points(p, cells, POINT_SHAPE.replace(b"c:", p)))
    if body == found[2]:
        return found[0]
    start = found[0].index(b"<c15:dlblRangeCache")
    return found[0][:start] + b"<c15:dlblRangeCache>" + body + b"</c15:dlblRangeCache>"


def update_new_chart(xml: bytes, follower: Follower, cells: Cells, names: Names) -> bytes:
    """The same for the charts that came with Excel 2016 (waterfall, treemap …), which remember cells in another way."""

    def updated(found: re.Match[bytes]) -> bytes:
        before = unescape(found[3])
        after = follower.reference(before, cell_grows=True)
        target, levels = parse_ref(names(after)), found[5]
        columns = cells(*target, True) if target is not None and levels.strip() else None
        if columns is not None:
            held = LEVEL_FORMAT.search(levels)
            mark = b" " + held[0] if held else b""
            levels = b"".join(
                b'<%slvl ptCount="%d"%s>%s</%slvl>'
                % (found[2], len(column), mark, _points(found[2], column, b'<%spt idx="%d">%s</%spt>'), found[2])
                for column in reversed(columns)
            )
        text = found[3] if after == before else escape(after).encode()
        return found[1] + text + found[4] + levels

    return NEW_LEVEL.sub(updated, xml)


def _cells(ranges: list[str], cells: Cells, names: Names, *, visible: bool) -> list[list[Content]] | None:
    """The cells of a chart's ranges; None if one of them is not to be read, or lies on a sheet that did not change."""
    found: list[list[Content]] = []
    for text in ranges:
        target = parse_ref(text) or parse_ref(names(text))
        columns = None if target is None else cells(*target, visible)
        if columns is None:
            return None
        found += columns
    return found


def cells_of(sheet: SheetPart, area: Area, *, visible: bool) -> list[list[Content]]:
    """The cells of an area as a chart reads them: column by column, or as one list if it is one row."""
    if area.top == area.bottom and area.left != area.right:
        row = sheet.row(area.top)
        empty = Content(None, None)
        return [
            [sheet.cell_content(row.cells[c]) if c in row.cells else empty for c in range(area.left, area.right + 1)]
        ]
    return [sheet.column(c, area.top, area.bottom, visible=visible) for c in range(area.left, area.right + 1)]


def _cached(prefix: bytes, kind: bytes, inner: bytes, columns: list[list[Content]]) -> tuple[bytes, bytes]:
    """The reference's kind and content with a cache of these cells; words under numbers turn it into one of strings."""
    if kind == b"numRef" and any(isinstance(c.value, str) and not c.error for column in columns for c in column):
        kind = b"strRef"
    name = {b"numRef": b"numCache", b"strRef": b"strCache"}.get(kind, b"multiLvlStrCache")
    found = CACHE.search(inner)
    if found is not None and found[2] == name and _is_current(found[0], kind, columns):
        return kind, inner
    p = prefix
    if kind == b"multiLvlStrRef":
        levels = b"".join(
            b"<%slvl>%s</%slvl>" % (p, _points(p, cells, POINT_SHAPE.replace(b"c:", p)), p)
            for cells in reversed(columns)
        )
        body = b'<%sptCount val="%d"/>%s' % (p, len(columns[0]), levels)
    else:
        cells = [cell for column in columns for cell in column]
        points = _points(p, cells, POINT_SHAPE.replace(b"c:", p), numbers=kind == b"numRef")
        body = b'<%sptCount val="%d"/>%s' % (p, len(cells), points)
    if name == b"numCache":
        held = FORMAT.search(found[0]) if found else None
        body = (held[0] if held else b"<%sformatCode>General</%sformatCode>" % (p, p)) + body
    cache = b"<%s%s>%s</%s%s>" % (p, name, body, p, name)
    if found is None:
        formula = FORMULA.search(inner)
        at = formula.end() if formula else 0
        return kind, inner[:at] + cache + inner[at:]
    return kind, inner[: found.start()] + cache + inner[found.end() :]


def _points(prefix: bytes, cells: list[Content], shape: bytes, *, numbers: bool = False) -> bytes:
    points = []
    for index, cell in enumerate(cells):
        text = _text(cell, numbers=numbers)
        if text is not None:
            points.append(shape % (prefix, index, escape(text).encode(), prefix))
    return b"".join(points)


def _text(cell: Content, *, numbers: bool) -> str | None:
    """What a chart remembers of a cell; nothing of an empty one, and no words among numbers."""
    value = cell.value
    if value is None or (numbers and isinstance(value, str) and not cell.error):
        return None
    if isinstance(value, bool):
        return str(int(value)) if numbers else str(value).upper()
    return value if isinstance(value, str) else repr(value)


def _is_current(cache: bytes, kind: bytes, columns: list[list[Content]]) -> bool:
    """True if the cache already says what the cells hold."""
    count = COUNT.search(cache)
    if kind == b"multiLvlStrRef":
        found = [plain_text(b"<t>" + text + b"</t>") for _, text in POINT.findall(cache)]
        wanted = [t for cells in reversed(columns) for c in cells if (t := _text(c, numbers=False)) is not None]
        return count is not None and int(count[1]) == len(columns[0]) and found == wanted
    cells = [cell for column in columns for cell in column]
    if count is None or int(count[1]) != len(cells):
        return False
    numbers = kind == b"numRef"
    held = {int(index): unescape(text) for index, text in POINT.findall(cache)}
    wanted_at = {i: t for i, c in enumerate(cells) if (t := _text(c, numbers=numbers)) is not None}
    return held.keys() == wanted_at.keys() and all(_same(held[i], wanted_at[i]) for i in held)


def _same(a: str, b: str) -> bool:
    try:
        return a == b or same_value(float(a), float(b), 1e-9)
    except ValueError:
        return False
