"""Rows made high enough for their texts: Excel does so by itself for a row without a height, LibreOffice does not."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from math import inf

HEIGHT = re.compile(rb'\sht="([^"]*)"')
START = b'<row r="'
BY_HAND = re.compile(rb'\scustomHeight="(?:1|true)"')
CLOSE = 5.0  # points; programs measure texts a little differently, and a row is not written anew for that


def heighten(
    original: Mapping[int, bytes],
    rows: dict[int, bytes],
    numbers: Iterable[int],
    needs: Callable[[Sequence[int]], Sequence[float]],
    alike: Container[int] = (),
) -> None:
    """Make these rows as high as they need, in points; those already written anew, and lower than that. `needs` is asked for
    those alone, and may know none.

    A row that says what it said in `original` stays as it is, and so does one whose height somebody set. Rows `alike` are
    new, and as high as each other.
    """
    enough = -inf  # for those
    known: dict[bytes, float | None] = {}  # by what stands behind the number, alike in most rows
    anew = [
        number for number in numbers if number in alike or (number in rows and rows[number] != original.get(number))
    ]
    for number, need in zip(anew, needs(anew), strict=False):
        if need < enough and number in alike:
            continue
        raw = rows[number]
        end = raw.index(b">")
        attributes = raw[raw.index(b'"', len(START)) : end]
        if attributes not in known:
            known[attributes] = _height(raw[:end])
        held = known[attributes]
        if held is not None and held + CLOSE > need:
            enough = held + CLOSE if number in alike else enough
            continue
        start = raw[:end]
        mark = b' ht="%g"' % need
        high = (
            HEIGHT.sub(mark, start)
            if held is not None
            else start.removesuffix(b"/") + mark + (b"/" if start.endswith(b"/") else b"")
        )
        rows[number] = high + raw[len(start) :]


def _height(start: bytes) -> float | None:
    """The height a row's opening says, endless where somebody set it or it is no number; None if it says none."""
    held = HEIGHT.search(start)
    if BY_HAND.search(start):
        return inf
    try:
        return float(held[1]) if held else None
    except ValueError:
        return inf
