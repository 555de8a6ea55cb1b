"""Sparklines made to follow the rows: each goes with the row it stands on, and a whole column of them takes in new rows."""

import re

from crmbook.ooxml.cells import escape, unescape
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import SHEET_PREFIX, Area, RowMap, letters, parse_area, quoted, sheet_name

P = rb"(?:\w+:)?"
GROUPS = re.compile(rb"<(" + P + rb"sparklineGroups)\b.*?</\1>", re.DOTALL)
GROUP = re.compile(rb"<(" + P + rb"sparklineGroup)\b.*?</\1>", re.DOTALL)
LINES = re.compile(rb"(?<=sparklines>).*(?=</" + P + rb"sparklines>)", re.DOTALL)
LINE = re.compile(rb"<(" + P + rb"sparkline)>.*?</\1>", re.DOTALL)
FIGURES = re.compile(rb"(<(" + P + rb"f)>)([^<]*)(</\2>)")
CELL = re.compile(rb"(<(" + P + rb"sqref)>)([^<]*)(</\2>)")
ROW = re.compile(r"(?<=[A-Za-z$])[0-9]+")
NO_GROUPS = re.compile(rb"<ext\b[^>]*>\s*<(" + P + rb"sparklineGroups)\b[^>]*>\s*</\1>\s*</ext>")
NO_EXTENSIONS = re.compile(rb"<extLst>\s*</extLst>")


def follow_sparklines(groups: bytes, row_map: RowMap | None, follower: Follower) -> bytes:
    """A sheet's groups of sparklines, followed; `row_map` is None for a sheet whose own rows stayed."""
    return GROUP.sub(lambda group: _group(group[0], row_map, follower), groups)


def brought_home(tail: bytes, home: str, column: int, first: int, last: int) -> bytes:
    """What stands after a sheet's rows; the sparklines in a column that draw one row of the columns `first` to `last` draw
    their own row on their own sheet again: where a sheet comes or goes before theirs, LibreOffice lets them draw the
    same cells of another."""

    def line(found: re.Match[bytes]) -> bytes:
        cell, figures = CELL.search(found[0]), FIGURES.search(found[0])
        area = parse_area(cell[3].decode()) if cell else None
        text = unescape(figures[3]) if figures else ""
        prefix = SHEET_PREFIX.match(text)
        drawn = parse_area(text[prefix.end() :]) if prefix else None
        if area is None or area.left != column or prefix is None or drawn is None or sheet_name(prefix) == home:
            return found[0]
        if (drawn.left, drawn.right) != (first, last) or drawn.top != drawn.bottom:
            return found[0]
        own = escape(f"{quoted(home)}!{Area(area.top, first, area.top, last).ref}").encode()
        return FIGURES.sub(lambda m: m[1] + own + m[4], found[0])

    return GROUPS.sub(lambda groups: LINE.sub(line, groups[0]), tail)


def without_empty(tail: bytes) -> bytes:
    """What stands after a sheet's rows, without an extension that lost its last sparkline."""
    bare = NO_GROUPS.sub(b"", tail)
    return tail if bare == tail else NO_EXTENSIONS.sub(b"", bare)


def _group(group: bytes, row_map: RowMap | None, follower: Follower) -> bytes:
    """Sparklines of one look; nothing if none is left."""
    held = LINES.search(group)
    if held is None:
        return group
    lines = [found[0] for found in LINE.finditer(held[0])]
    placed: list[bytes] = []
    whole: dict[
        int, dict[int, bytes]
    ] = {}  # by column of the table: the sparklines on its data rows, over their own row
    taken: set[tuple[int, int]] = set()
    for line in lines:
        cell = CELL.search(line)
        area = parse_area(cell[3].decode()) if cell else None
        if area is None or row_map is None:
            placed.append(_speaking(line, follower))
            continue
        row = row_map.at(area.top, area.left)
        own = _is_over_own_row(line, area.top, follower.home)
        if own and row_map.first <= area.top <= row_map.last and row_map.left <= area.left <= row_map.right:
            whole.setdefault(area.left, {})[area.top] = line
        if row is not None:
            taken.add((row, area.left))
            placed.append(_moved(line if own else _speaking(line, follower), area, row, figures=own))
    if row_map is not None:
        for column, by_row in whole.items():
            if any(by_row.keys() >= set(range(row_map.first, end + 1)) for end in row_map.ends):
                first = Area(row_map.first, column, row_map.first, column)
                rows = (r for r in range(row_map.first, row_map.new_last + 1) if (r, column) not in taken)
                placed += [_moved(by_row[row_map.first], first, row, figures=True) for row in rows]
    if not placed:
        return b""
    head = FIGURES.sub(lambda m: _followed(m, follower), group[: held.start()])  # the days of an axis stand there
    return head + (held[0] if placed == lines else b"".join(placed)) + group[held.end() :]


def _is_over_own_row(line: bytes, row: int, home: str) -> bool:
    """True if a sparkline draws cells of the row it stands on."""
    found = FIGURES.search(line)
    if found is None:
        return False
    text = unescape(found[3])
    prefix = SHEET_PREFIX.match(text)
    area = parse_area(text[prefix.end() :] if prefix else text)
    is_here = prefix is None or sheet_name(prefix).casefold() == home.casefold()
    return is_here and area is not None and area.top == area.bottom == row


def _moved(line: bytes, cell: Area, row: int, *, figures: bool) -> bytes:
    """A sparkline in the same column of another row; `figures`: what it draws goes along."""
    if row == cell.top:
        return line
    place = f"{letters(cell.left)}{row}".encode()
    line = CELL.sub(lambda m: m[1] + place + m[4], line)
    return FIGURES.sub(lambda m: m[1] + _on_row(m[3], row) + m[4], line) if figures else line


def _on_row(figures: bytes, row: int) -> bytes:
    text = unescape(figures)
    prefix = SHEET_PREFIX.match(text)
    start = prefix.end() if prefix else 0
    return escape(text[:start] + ROW.sub(str(row), text[start:])).encode()


def _speaking(line: bytes, follower: Follower) -> bytes:
    return FIGURES.sub(lambda m: _followed(m, follower), line)


def _followed(found: re.Match[bytes], follower: Follower) -> bytes:
    """The figures followed as a formula's, but never to more than one row and one column at once."""
    before = unescape(found[3])
    after = follower.reference(before)
    prefix = SHEET_PREFIX.match(after)
    area = parse_area(after[prefix.end() :] if prefix else after)
    if after == before or (area is not None and area.top != area.bottom and area.left != area.right):
        return found[0]
    return found[1] + escape(after).encode() + found[4]
