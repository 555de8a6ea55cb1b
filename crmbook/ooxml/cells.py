"""One cell, from value to bytes and back: text always as text, numbers exactly, formulas with the value beside them."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

TEXT_LIMIT = 32_767  # UTF-16 units; Excel holds no more in a cell
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
# What XML cannot hold, what it would change, and what looks like Excel's own escape for that.
UNSAFE = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff\\ud800-\\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
EDGE = re.compile(r"^\s|\s$|[\n\t]|  ")
ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(\w+));")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
HIDDEN_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")

OPENING = re.compile(rb"<c(?=[\s/>])([^>]*?)/?>")
TYPE = re.compile(rb'\st="(\w+)"')
STYLE = re.compile(rb'\ss="(\d+)"')
VALUE = re.compile(rb"<v(?:\s[^>]*)?>(.*?)</v>", re.DOTALL)
FORMULA = re.compile(rb"<f(?=[\s/>])([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
PHONETIC = re.compile(rb"<(\w+:)?rPh\b.*?</\1?rPh>", re.DOTALL)
TEXT_RUN = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.DOTALL)
BLANK = "/>"
KNOWN = 20_000  # distinct texts and days remembered while a column is written

EPOCH, LEAP_BUG = datetime(1899, 12, 30), datetime(1900, 3, 1)
DAYS_1904 = 1462


class Content(NamedTuple):
    """What a cell holds: its value (an error as `#N/A` in `error`), and its formula as text."""

    value: Any
    formula: str | None
    error: bool = False


def escape(text: str) -> str:
    """Text as XML, with Excel's escape for characters that XML cannot hold, cut where Excel's cell is full."""
    if len(text) * 2 > TEXT_LIMIT:
        text = text.encode("utf-16-le", "replace")[: TEXT_LIMIT * 2].decode("utf-16-le", "ignore")
    return UNSAFE.sub(_escape, text) if UNSAFE.search(text) else text


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if "\ud800" <= found <= "\udfff":
        return "\ufffd"
    return ESCAPED.get(found) or ("_x005F_" if found == "_" else f"_x{ord(found):04X}_")


def unescape(xml: bytes) -> str:
    """XML text as it reads, without Excel's own escape being undone."""
    text = xml.decode()
    return ENTITY.sub(_unescape, text) if "&" in text else text


def _unescape(match: re.Match[str]) -> str:
    if match[3]:
        return ENTITIES.get(match[3], match[0])
    return chr(int(match[1], 16) if match[1] else int(match[2]))


def plain_text(xml: bytes) -> str:
    """The text of a string item (`is`, `si`): its runs joined, readings (phonetics) left out."""
    if b"rPh" in xml:
        xml = PHONETIC.sub(b"", xml)
    text = "".join(unescape(run) for run in TEXT_RUN.findall(xml))
    return HIDDEN_CHARACTER.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def serial(moment: date, *, is_1904: bool = False) -> float | int | None:
    """The day as Excel counts it; None for one before its calendar begins."""
    if isinstance(moment, datetime):
        moment = moment.replace(tzinfo=None)
    else:
        moment = datetime(moment.year, moment.month, moment.day)
    gap = moment - EPOCH
    days = gap.days + (gap.seconds + gap.microseconds / 1e6) / 86400 if gap.seconds or gap.microseconds else gap.days
    if is_1904:
        return days - DAYS_1904 if days >= DAYS_1904 else None
    if moment < LEAP_BUG:  # Excel believes in 29 February 1900
        days -= 1
    return days if days >= 1 else None


def stored(value: Any, *, is_1904: bool = False) -> str | float | int | bool | None:
    """The value as a cell can store it: days as serials; NaN, infinity and empty text as nothing."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, date):
        if value != value:  # noqa: PLR0124  (pandas' NaT is a datetime unequal to itself)
            return None
        number = serial(value, is_1904=is_1904)
        return str(value) if number is None else number
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if not isinstance(value, int | float):  # a Decimal, a Fraction
        value = float(value)
    return value if isinstance(value, int) or math.isfinite(value) else None


def ending(value: str | float | bool | None, formula: str | None = None) -> str:
    """What follows `<c r="A1" s="0"` in a cell that holds this stored value, and this formula (text, not yet XML)."""
    if formula is not None:
        formula = _formula_element(formula)
        if value is None or isinstance(value, str):
            return f' t="str">{formula}<v>{escape(value or "")}</v></c>'
        if isinstance(value, bool):
            return f' t="b">{formula}<v>{value:d}</v></c>'
        return f">{formula}<v>{value!r}</v></c>"
    if value is None:
        return BLANK
    if isinstance(value, str):
        space = ' xml:space="preserve"' if EDGE.search(value) else ""
        return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    return f"><v>{value!r}</v></c>"


@lru_cache(maxsize=256)  # one formula stands in a whole column
def _formula_element(formula: str) -> str:
    return f"<f>{escape(formula)}</f>"


def endings(values: Sequence[Any], known: dict[Any, str], *, is_1904: bool = False) -> list[str]:
    """`ending` of every value as it came, without formulas; `known` remembers texts and days from one call to the next."""
    found: list[str] = []
    put = found.append
    for value in values:
        kind = type(value)
        if kind is float:
            put(f"><v>{value!r}</v></c>" if value - value == 0 else BLANK)  # NaN and infinity differ from themselves
        elif kind is int:
            put(f"><v>{value}</v></c>")
        elif kind is str or kind is datetime:
            if value not in known:
                if len(known) > KNOWN:
                    known.clear()
                known[value] = ending(stored(value, is_1904=is_1904))
            put(known[value])
        else:
            put(ending(stored(value, is_1904=is_1904)))
    return found


def content(cell: bytes, shared: Callable[[int], str]) -> Content:
    """What the cell's bytes say; `shared` gives the text of a shared string by its number."""
    opening = OPENING.match(cell)
    kind = TYPE.search(opening[1]) if opening else None
    type_ = kind[1] if kind else b"n"
    found = FORMULA.search(cell)
    formula = unescape(found[2] or b"") if found else None
    if type_ == b"inlineStr":
        return Content(plain_text(cell) or None, formula)
    match = VALUE.search(cell)
    if match is None or not match[1].strip():
        return Content(None, formula)
    if type_ == b"s":
        return Content(shared(int(match[1])) or None, formula)
    if type_ == b"b":
        return Content(match[1].strip() in (b"1", b"true"), formula)
    if type_ == b"e":
        return Content(match[1].decode(), formula, error=True)
    if type_ in (b"str", b"d"):
        return Content(_value_text(match[1]), formula)
    number = float(match[1])
    return Content(int(number) if number.is_integer() and abs(number) < 1e15 else number, formula)


def _value_text(xml: bytes) -> str:
    text = unescape(xml)
    return HIDDEN_CHARACTER.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def same_value(a: Any, b: Any, tolerance: float = 1e-12) -> bool:
    """True if both are one value to a reader: numbers within a relative tolerance, text with any kind of line end."""
    if a is None or b is None or isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and _lines(a) == _lines(b)
    return bool(a == b) or abs(a - b) <= tolerance * max(abs(a), abs(b))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
