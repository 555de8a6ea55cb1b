"""Two versions of a worksheet's part held against each other: which cells differ, if nothing else does."""

import re
from itertools import pairwise

from crmbook.ooxml.refs import column_number

STEP = 1 << 16  # bytes compared at a time
ROW = re.compile(rb'<row r="([0-9]+)"([^<>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]+)"[^<>]*?(?:/>|>.*?</c>)', re.DOTALL)
TEXT = rb"(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|apos|#9|#1[03]);)*+"
# A cell that holds a text, a number or nothing, as Excel and we write it: no formula, no mark of anything else.
PLAIN = re.compile(
    rb'<c r="[A-Z]+[0-9]+"(?: s="([0-9]+)")?(?:/>|></c>'
    rb'|(?: t="n")?><v>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?</v></c>'
    rb'| t="str"><v>' + TEXT + rb"</v></c>"
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>' + TEXT + rb"</t></is></c>)"
)
SHARED = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="([0-9]+)")? t="s"><v>[0-9]+</v></c>')
NO_XML = re.compile("[\ufffe\uffff]")


def changed_cells(old: bytes, new: bytes) -> set[tuple[int, int]] | None:
    """Row and column of each cell that differs; None if the parts differ in anything else than in cells that hold a plain
    text, a number or nothing, or if that cannot be told for sure. `old` is a part that was read without a fault."""
    if old == new:
        return set()
    if b"<!" in new or b"<?" in new[1:]:  # nobody writes comments among the rows, but they could hide them
        return None
    start, end = _window(old, new)
    first, last = new.find(b"<sheetData>"), new.rfind(b"</sheetData>")
    if not 0 <= first < start < end + len(new) <= last:
        return None
    before, after = old[start : len(old) + end], new[start : len(new) + end]
    try:
        if NO_XML.search(after.decode()):
            return None
    except UnicodeDecodeError:
        return None
    rows, was = _tiles(ROW, after), _tiles(ROW, before)
    if rows is None or was is None or [m.groups()[:2] for m in rows] != [m.groups()[:2] for m in was]:
        return None
    found: set[tuple[int, int]] = set()
    for one, other in zip(was, rows, strict=True):
        if one[0] != other[0]:
            differing = _cells_of(one[3] or b"", other[3] or b"", int(one[1]))
            if differing is None:
                return None
            found |= differing
    return found


def _cells_of(old: bytes, new: bytes, number: int) -> set[tuple[int, int]] | None:
    """The cells in which a row differs; None if there is more to it."""
    was, cells = _tiles(CELL, old), _tiles(CELL, new)
    if was is None or cells is None or any(int(m[2]) != number for m in cells):
        return None
    columns = [column_number(m[1].decode()) for m in cells]
    if any(left >= right for left, right in pairwise(columns)):
        return None
    before = {column_number(m[1].decode()): m[0] for m in was}
    after = dict(zip(columns, (m[0] for m in cells), strict=True))
    styles = {b""} | {m[1] or b"" for m in map(PLAIN.fullmatch, before.values()) if m}
    found = set()
    for column in before.keys() | after.keys():
        one, other = before.get(column), after.get(column)
        if one == other:
            continue
        had = one and (PLAIN.fullmatch(one) or SHARED.fullmatch(one))
        has = other and PLAIN.fullmatch(other)
        if (
            (one and not had)
            or (other and not has)
            or (has and (has[1] or b"") not in ({had[1] or b""} if had else styles))
        ):
            return None
        found.add((number, column))
    return found


def _window(old: bytes, new: bytes) -> tuple[int, int]:
    """Where both begin to differ, and from the end where they cease to, widened to whole rows: (start, -length of what
    follows). Nothing but rows can be in between if what is there is made of rows."""
    most = min(len(old), len(new))
    same = _same(old, new, most)
    tail = _same_at_end(old, new, most - same)
    start = new.rfind(b"<row ", 0, same)
    end = new.find(b"</row>", max(len(new) - tail - len(b"/row>"), 0))  # of which a part may be in what is the same
    return start, (end + len(b"</row>") - len(new) if end >= 0 else -len(new))


def _same(old: bytes, new: bytes, most: int) -> int:
    """How many bytes are the same from the beginning."""
    a, b, at = memoryview(old), memoryview(new), 0
    while at < most and a[at : at + STEP] == b[at : at + STEP] and at + STEP <= most:
        at += STEP
    while at < most and old[at] == new[at]:
        at += 1
    return at


def _same_at_end(old: bytes, new: bytes, most: int) -> int:
    """How many bytes are the same before the end."""
    a, b, at, m, n = memoryview(old), memoryview(new), 0, len(old), len(new)
    while at + STEP <= most and a[m - at - STEP : m - at] == b[n - at - STEP : n - at]:
        at += STEP
    while at < most and old[m - at - 1] == new[n - at - 1]:
        at += 1
    return at


def _tiles(pattern: re.Pattern[bytes], data: bytes) -> list[re.Match[bytes]] | None:
    """The matches of which the data is made from end to end; None if anything is left between them."""
    found, at = [], 0
    while at < len(data):
        match = pattern.match(data, at)
        if match is None:
            return None
        found.append(match)
        at = match.end()
    return found
