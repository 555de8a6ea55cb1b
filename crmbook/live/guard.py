"""A value as Excel may be given it: text is not parsed into a number, a day or a formula, and every type is one it takes."""

import re
from typing import Any

from crmbook.ooxml.cells import TEXT_LIMIT, stored

MOST = TEXT_LIMIT - 1
MOST_DIGITS = 10**15  # Excel keeps fifteen digits of a number
# Begins with a letter and has no digit: no program takes it for anything but text …
PLAIN = re.compile(r"[^\W\d_][^\d=]*")
LOGICAL = {"true", "false"}  # … but for these


def entered(value: Any, *, is_1904: bool = False, as_text: bool = False) -> str | float | bool | None:
    """The value to write into a cell; `as_text`: its number format is text, so that Excel parses nothing.

    Days become the numbers a sheet counts them by, so that the cell keeps its format. A text that might be parsed begins
    with the apostrophe that Excel takes for "text follows". None for an empty cell, NaN and infinity.
    """
    held = stored(value, is_1904=is_1904)
    if held is None or isinstance(held, bool):
        return held
    if not isinstance(held, str):
        if isinstance(held, float) or abs(held) < MOST_DIGITS:
            return float(held)
        held = str(held)
    text = cut(held)
    return text if as_text or is_plain(text) else f"'{text}"


def cut(text: str) -> str:
    """The text as far as a cell holds it, an apostrophe before it included."""
    return (
        text
        if 2 * len(text) < TEXT_LIMIT
        else text.encode("utf-16-le", "replace")[: 2 * MOST].decode("utf-16-le", "ignore")
    )


def is_plain(text: str) -> bool:
    """True if no program would read this text as a number, a day, a truth value or a formula."""
    return PLAIN.fullmatch(text) is not None and text.strip().casefold() not in LOGICAL
