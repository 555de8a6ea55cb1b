"""One cell, from value to bytes and back: text always as text, numbers exactly, formulas with the value beside them."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import NoneType
from typing import Any, NamedTuple

TEXT_LIMIT = 32_767  # UTF-16 units; Excel holds no more in a cell
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
# What XML cannot hold, what it would change, and what looks like Excel's own escape for that.
UNSAFE = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff\\ud800-\\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
EDGE = re.compile(r"^\s|\s$|[\n\t]|  ")
SPECIAL = (
    "&",
    "<",
    ">",
    "_",
    "  ",
)  # keep texts from being written as they are; with blanks between them, blank ones too
SHORT = 8000
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
# A cell as nearly all are written: its type, formula, value, text.
USUAL = re.compile(
    rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?: t="(\w+)")?>(?:<f>([^<]*)</f>)?'
    rb'(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)</c>'
)
BLANK = "/>"
KNOWN = 20_000  # distinct values remembered while a column is written
NUMBERS = {int, float}
REMEMBERED = {str, datetime, NoneType, *NUMBERS}

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
        return f">{formula}<v>{number_text(value)}</v></c>"
    if value is None:
        return BLANK
    if isinstance(value, str):
        space = ' xml:space="preserve"' if EDGE.search(value) else ""
        return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    return f"><v>{number_text(value)}</v></c>"


def number_text(value: float) -> str:
    """A finite number as the file says it: exact, and without a fraction or, where it is zero, a sign it does not have."""
    return repr(value or 0).removesuffix(".0")


@lru_cache(maxsize=256)  # one formula stands in a whole column
def _formula_element(formula: str) -> str:
    return f"<f>{escape(formula)}</f>"


class Endings:
    """`ending` of values as they came, beside one formula or none, each behind `lead`; what comes again is made once, and many
    at a time."""

    def __init__(self, formula: str | None = None, lead: bytes = b"", *, is_1904: bool = False) -> None:
        self._formula, self._lead, self._is_1904 = formula, lead, is_1904
        self._known: dict[Any, bytes] = {}

    def of(self, values: Sequence[Any]) -> list[bytes]:
        """Of every value of a column, in its order."""
        kinds = {*map(type, values)}
        if not kinds <= REMEMBERED:  # True equals 1
            return [self._ending(v) for v in values]
        new = {*values}.difference(self._known)
        if len(new) == len(values) and len(kinds) == 1:  # as keys are: to remember them is not worth it
            return self._together(values)
        if len(self._known) > KNOWN:
            self._known.clear()
            new = {*values}
        for kind in kinds:
            some = [v for v in new if type(v) is kind]
            self._known.update(zip(some, self._together(some), strict=True))
        return list(map(self._known.__getitem__, values))

    def _together(self, values: Sequence[Any]) -> list[bytes]:
        """Of values of one type."""
        kind = type(values[0]) if values else None
        made = self._numbers(values) if kind in NUMBERS else self._texts(values) if kind is str else []
        return made or list(map(self._ending, values))

    def _ending(self, value: Any) -> bytes:
        return self._lead + ending(stored(value, is_1904=self._is_1904), self._formula).encode()

    def _frame(self, value: str | float) -> tuple[bytes, bytes]:
        """What stands before and behind any value that is written as this one."""
        before, _, behind = ending(value, self._formula).encode().rpartition(str(value).encode())
        return self._lead + before, behind

    def _texts(self, texts: Sequence[Any]) -> list[bytes]:
        """Many texts at once: one is made of all and taken apart again, so that no step is taken text by text; none if XML or
        Excel would change anything in them."""
        joined = "|".join(texts)
        if joined.count("|") >= len(texts) or not _is_plain(joined) or max(map(len, texts)) > SHORT:
            return []
        before, behind = self._frame("|")
        made = (before + joined.encode().replace(b"|", behind + b"\0" + before) + behind).split(b"\0")
        if "\n" in joined:
            on_lines = self._frame("\n")[0]
            made = [on_lines + cell.removeprefix(before) if b"\n" in cell else cell for cell in made]
        return made

    def _numbers(self, values: Sequence[Any]) -> list[bytes]:
        """Many numbers at once, likewise; none if one is no number."""
        texts = "\0".join(map(repr, values)) + "\0"
        if "n" in texts:  # not a number, infinity
            return []
        before, behind = self._frame(8)
        joined = texts.replace("-0.0\0", "0\0").replace(".0\0", "\0").encode()
        return (before + joined.replace(b"\0", behind + b"\0" + before)).split(b"\0")[:-1]


def _is_plain(joined: str) -> bool:
    """True if texts, which are joined by strokes, stand in the file as they are, if only one has no more than one line."""
    spaced = f" {joined} ".replace("|", " ").replace("\n", "")
    return spaced.isprintable() and not any(special in spaced for special in SPECIAL)


def content(cell: bytes, shared: Callable[[int], str]) -> Content:
    """What the cell's bytes say; `shared` gives the text of a shared string by its number."""
    if usual := USUAL.fullmatch(cell):
        kind, held, value, text = usual.groups()
    else:
        opening, found, match = OPENING.match(cell), FORMULA.search(cell), VALUE.search(cell)
        kind = type_[1] if opening and (type_ := TYPE.search(opening[1])) else None
        held, value, text = found and (found[2] or b""), match and match[1], None
    formula = None if held is None else unescape(held)
    if kind == b"inlineStr":
        return Content((plain_text(cell) if text is None else _value_text(text)) or None, formula)
    if value is None or not value.strip():
        return Content(None, formula)
    if kind == b"s":
        return Content(shared(int(value)) or None, formula)
    if kind == b"b":
        return Content(value.strip() in (b"1", b"true"), formula)
    if kind == b"e":
        return Content(value.decode(), formula, error=True)
    if kind in (b"str", b"d"):
        return Content(_value_text(value), formula)
    number = float(value)
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
