"""Rows made high enough for their texts: Excel does so by itself for a row without a height, LibreOffice does not."""

import re
from collections.abc import Mapping, Sequence

HEIGHT = re.compile(rb'\sht="([0-9.]+)"')
BY_HAND = re.compile(rb'\scustomHeight="(?:1|true)"')
CLOSE = 5.0  # points; programs measure texts a little differently, and a row is not written anew for that


def heighten(original: Mapping[int, bytes], rows: dict[int, bytes], first: int, heights: Sequence[float]) -> None:
    """Make the rows from `first` on as high as they need, in points; those already written anew, and lower than that.

    A row that says what it said in `original` stays as it is, and so does one whose height somebody set.
    """
    for number, need in enumerate(heights, first):
        raw = rows.get(number)
        if raw is None or raw == original.get(number):
            continue
        end = raw.index(b">")
        start = raw[:end]
        held = HEIGHT.search(start)
        if BY_HAND.search(start) or (held and float(held[1]) + CLOSE > need):
            continue
        mark = b' ht="%g"' % need
        start = (
            HEIGHT.sub(mark, start)
            if held
            else start.removesuffix(b"/") + mark + (b"/" if start.endswith(b"/") else b"")
        )
        rows[number] = start + raw[end:]
