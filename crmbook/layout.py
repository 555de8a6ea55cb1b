"""How much room things take on a sheet: widths of columns, heights of headers, and who stands where above the table.

A width is in characters of the workbook's font, as Excel counts them: a digit is one, a Chinese character nearly two.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crmbook.feature import Edge, Feature
from crmbook.form import Asks, Form, Shows
from crmbook.text import Lang

PIECE = re.compile(
    r"\s+|[\u2e80-\uffef]|[^\s\u2e80-\uffef]+"
)  # what stays together on a line: a Chinese character, a word
WIDEST_LETTER = 1.9  # characters
LATIN, FEW = 1.12, 0.05  # more small Latin letters than digits have room on a line; share of others among them
CAPITAL = 0.2  # more than a digit that a capital takes
WIDER_BYTE = (WIDEST_LETTER - 1) / 2  # that a further byte of a letter may make it wider
ONE_DIGIT = bytes.maketrans(b"123456789", b"000000000")  # all are as wide
PIXELS = 7  # of one character, at the template's font and size
EMU = 9525  # of one pixel
AREA_ROW, ROW, LINE = 15.0, 18.0, 15.0  # points: a row of the area, of data; a further line
TALLEST, TALLEST_TYPED = 409.0, 124.0  # points: Excel's limit; eight lines, or one long note fills a screen
START_HEIGHTS, MANY = (ROW, 2 * LINE + 4.0), 3
WRAPPED = {"text", "long", "choice"}  # kinds whose cells are broken into lines
BUTTON, PADDING = 1.5, 1.0  # characters: a filter's button in the header; left blank beside a text
EDGES = (0.3, 0.8)  # characters that programs leave blank at the edges of a header, at least and at most
GAP, FRAME, WIDEST_CHART, NARROWEST_CHART = 14, 2, 800, 330  # pixels

KINDS = {
    "id": 11.0,
    "text": 14.0,
    "long": 34.0,
    "reason": 40.0,
    "choice": 8.0,
    "number": 8.5,
    "money": 14.5,
    "percent": 9.0,
    "score": 7.5,
    "date": 11.0,
    "moment": 16.0,
    "time": 12.0,
}
ASKED_NAME = 35.0  # with the id beside it as much as stays while one scrolls
NAMES = {"no": 5.5, "name": 29.5, "customer": 29.5, "phone": 14.0, "email": 31.0, "order_id": 17.0, "left_why": 22.0, "condition": 16.0, "credit_code": 21.0, "note": 22.0, "label": 27.0, "range": 17.0, "role": 18.0, "setting_id": 22.0}  # fmt: skip


@lru_cache(maxsize=50_000)  # Chinese characters and words come again and again
def chars(text: str) -> float:
    """The characters a text takes on one line."""
    return sum(WIDEST_LETTER if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


def width(column: Shows | Asks, lang: Lang) -> float:
    """The width of a column: as the form says, or by its kind, and never less than its header on two or three lines."""
    if column.width is not None:
        return column.width
    header = column.column.label[lang]
    wide = NAMES.get(column.column.id, KINDS[column.column.kind])
    if column.column.id == "name" and isinstance(column, Asks):
        wide = ASKED_NAME
    if column.column.kind == "choice" and column.column.choices:
        wide = max(wide, max(chars(c.name[lang]) for c in column.column.choices) + 2)
    word = max(chars(w) for w in header.split()) if lang == "en" else 0
    return _whole(header, max(wide, chars(header) / 2 + 2.5, word + 2.5))


def _whole(header: str, wide: float) -> float:
    """So wide, or a little more, that a Chinese header leaves no single character on its last line."""
    rest = header if header[-1].isascii() else header[:-1]
    while any(lines(header, wide - edges) > lines(rest, wide - edges) for edges in EDGES):
        wide = round(wide + 0.1, 1)
    return wide


def shown_widths(form: Form, lang: Lang) -> list[float]:
    """The room each column takes on the sheet; none where it is hidden."""
    return [0.0 if isinstance(c, Shows) and c.hidden else width(c, lang) for c in form.columns]


def lines(text: str, room: float) -> int:
    """On how many lines a text stands that is broken where it is this wide: Chinese anywhere, English between words."""
    return _lines(text.encode(errors="replace").translate(ONE_DIGIT), room)


@lru_cache(maxsize=50_000)  # the texts of a column differ in their figures, and few in the room these take
def _lines(shape: bytes, room: float) -> int:
    """The same of a text whose digits were made one."""
    if b"\n" in shape:
        return sum([_lines(part, room) for part in shape.split(b"\n")])
    text = shape.decode()
    size = len(text)
    if size * WIDEST_LETTER <= room:
        return 1  # as most
    given, wider = room, (len(shape) - size) * WIDER_BYTE  # a Chinese character has two bytes more
    if wider < size * FEW and text != text.upper():
        room *= LATIN
    if size + wider <= room:
        return 1
    count, used, blank = 1, 0.0, 0
    for piece in PIECE.findall(text):
        if piece.isspace():
            blank = len(piece)
            continue
        need = chars(piece)
        if need > room:  # broken somewhere within, where a small letter takes as much as a digit
            need = (need + CAPITAL * sum(map(str.isupper, piece))) * room / given
        if used and used + blank + need > room:
            count, used = count + 1, 0.0
        used += need + (blank if used else 0)
        blank = 0
        if used > room:
            extra = math.ceil(used / room) - 1
            count, used = count + extra, used - extra * room
    return count


def header_height(headers: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a header row in points, with the filters' buttons beside its words, which are bold: as wide as capitals."""
    return 10.0 + LINE * max(lines(h.upper(), max(w - BUTTON, 1.0)) for h, w in zip(headers, widths, strict=True) if w)


def row_heights(columns: Sequence[tuple[Sequence[object], float]], rows: Sequence[int], tallest: float = TALLEST) -> list[float]:  # fmt: skip
    """The heights of these data rows in points; `columns`: what stands in the wrapped cells of each column, row by row, and
    how wide it is.

    Excel finds this by itself while one types; LibreOffice, and Excel on opening, take what stands in the file.
    """
    most = [1] * len(rows)
    for texts, wide in columns:
        room = max(wide - PADDING, 1.0)
        short = int(room / WIDEST_LETTER)  # letters that stand on one line whatever they are, as most texts do
        shown = [texts[row] if row < len(texts) else None for row in rows]
        needs: dict[object, int] = {
            t: lines(t, room) for t in {*shown} if isinstance(t, str) and (len(t) > short or "\n" in t)
        }
        if needs:
            most = list(map(max, most, (needs.get(text, 1) for text in shown)))
    return [ROW if n == 1 else min(LINE * n + 4.0, tallest) for n in most]


def start_height(form: Form) -> float:
    """The height of a new data row in points: two lines where an entry form has many long texts or requires one."""
    long = [c for c in form.columns if c.column.kind == "long" and form.is_entry]
    return START_HEIGHTS[len(long) >= MANY or any(c.column.required for c in long)]


def spans(widths: Sequence[float], needs: Sequence[float], start: int = 1) -> list[tuple[int, int]]:
    """First and last column of cells side by side, each as wide as it needs; past the last column, one column each."""
    found, column = [], start
    for need in needs:
        first, room = column, 0.0
        while room < need and column <= len(widths):
            room += widths[column - 1]
            column += 1
        column = max(column, first + 1)
        found.append((first, column - 1))
    return found


def shares(first: int, columns: int, needs: Sequence[float]) -> list[tuple[int, int]]:
    """First and last column of cells side by side that share so many equal columns by their needs; at least one each."""
    found, used, start = [], 0.0, first
    for at, need in enumerate(needs):
        used += need
        end = first + round(columns * used / sum(needs)) - 1
        end = min(max(end, start), first + columns - len(needs) + at)
        found.append((start, end))
        start = end + 1
    return found


@dataclass(frozen=True, slots=True)
class Slot:
    """A feature's part of the area: how many rows below its top, on which columns, or between which edges."""

    feature: Feature
    down: int
    spans: Sequence[tuple[int, int]]
    edges: tuple[Edge, Edge]


def arrange(features: Sequence[Feature], widths: Sequence[float], pages: Sequence[tuple[int, int]], lang: Lang) -> tuple[list[Slot], int]:  # fmt: skip
    """Blocks of cells stacked at the left, floating things side by side at their right; and the rows all that takes.

    `pages`: from which to which pixel of the sheet each printed page goes; nothing that floats may hang over one's end.
    """
    slots: list[Slot] = []
    nowhere: tuple[Edge, Edge] = ((1, 0), (1, 0))
    down, last = 0, 0
    for block in (f for f in features if f.height and f.across(lang)):
        taken = spans(widths, block.across(lang))
        slots.append(Slot(block, down, taken, nowhere))
        down, last = down + block.height + 1, max(last, taken[-1][1])
    floating = [f for f in features if f.height and not f.across(lang)]
    if not floating:
        return slots, max(down - 1, 0)
    taken_up = round(sum(widths[:last]) * PIXELS) + (GAP if last else 0)
    lefts = [(max(start + GAP if start else 0, taken_up), end) for start, end in pages]
    rooms = [(left, end - left) for left, end in lefts if end - left >= NARROWEST_CHART]
    places = [place for room in rooms or [(taken_up, NARROWEST_CHART)] for place in _beside(*room, len(floating))]
    top = bottom = 0
    for at, thing in enumerate(floating):
        if at and not at % len(places):
            top = bottom
        left, right = places[at % len(places)]
        slots.append(Slot(thing, top, (), (_edge(left, widths), _edge(right, widths))))
        bottom = max(bottom, top + thing.height)
    return slots, max(down - 1, bottom)


def _beside(left: int, room: int, most: int) -> list[tuple[int, int]]:
    """The edges of as many charts as stand side by side in a page's room, the last one up to its end."""
    count = max(1, min(most, (room + GAP) // (NARROWEST_CHART + GAP)))
    each = min(WIDEST_CHART, (room + GAP) // count - GAP)
    starts = [left + at * (each + GAP) for at in range(count)]
    return [(x, left + room - FRAME if x + each + GAP > left + room else x + each) for x in starts]


def _edge(x: float, widths: Sequence[float]) -> Edge:
    """Pixels from the sheet's left → the column there and the distance into it."""
    for column, wide in enumerate(widths, 1):
        if x < wide * PIXELS:
            return column, round(x * EMU)
        x -= wide * PIXELS
    return len(widths) + 1, 0
