"""One cell, from value to bytes and back: text always as text, numbers exactly, formulas with the value beside them."""

import math
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import filterfalse
from types import NoneType
from typing import Any, NamedTuple

TEXT_LIMIT = 32_767  # UTF-16 units; Excel holds no more in a cell
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
# What XML cannot hold, what it would change, and what looks like Excel's own escape for that.
UNSAFE = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff\\ud800-\\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
EDGE = re.compile(r"^\s|\s$|[\n\t]|  ")
SPECIAL, SHORT = (
    ("&", "<", ">", "_x", "  ", "| ", " |"),
    8000,
)  # what keeps texts joined by strokes from being written as they are
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
FEW = 2  # times that a text of a column comes; less often, remembering it is not worth it
KNOWN = 20_000  # distinct texts and days remembered while a column is written
REMEMBERED, NUMBERS, NUMBERS_AND_BLANKS = {str, datetime, NoneType}, {int, float}, {int, float, NoneType}

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
    """A finite number as the file says it: exact, and without a fraction it does not have."""
    return repr(value).removesuffix(".0")


@lru_cache(maxsize=256)  # one formula stands in a whole column
def _formula_element(formula: str) -> str:
    return f"<f>{escape(formula)}</f>"


class Endings(dict[Any, bytes]):
    """`ending` of values as they came, beside one formula or none; texts and days are remembered, as most come again."""

    def __init__(self, formula: str | None = None, *, is_1904: bool = False) -> None:
        super().__init__()
        self._formula, self._is_1904 = formula, is_1904

    def __missing__(self, value: Any) -> bytes:
        made = self[value] = self._ending(value)
        return made

    def of(self, values: Sequence[Any]) -> list[bytes]:
        """Of every value of a column, in its order; most columns hold one type, and are written without a look at it."""
        kinds = set(map(type, values))
        if kinds and kinds <= NUMBERS:
            return self._numbers(values)
        if kinds <= {NoneType}:
            return [self[None]] * len(values)
        if len(self) > KNOWN:
            self.clear()
        if str in kinds:
            new = list(filterfalse(self.__contains__, {*values}))
            if kinds == {str} and FEW * len(new) > len(values) and (made := self._texts(values)):
                return made
            self._learn(new if kinds == {str} else [v for v in new if type(v) is str])
        if kinds <= REMEMBERED:
            return list(map(self.__getitem__, values))
        numbers = iter(self._numbers([v for v in values if type(v) in NUMBERS]))
        if kinds <= NUMBERS_AND_BLANKS:
            blank = self[None]
            return [blank if v is None else next(numbers) for v in values]
        return [
            next(numbers) if (kind := type(v)) in NUMBERS else self[v] if kind in REMEMBERED else self._ending(v)
            for v in values
        ]

    def _ending(self, value: Any) -> bytes:
        return ending(stored(value, is_1904=self._is_1904), self._formula).encode()

    def _texts(self, texts: Sequence[str]) -> list[bytes]:
        """Many texts at once, as `_numbers`, where few come again; none if XML or Excel would change anything in them."""
        joined = "|".join(texts)
        if joined.count("|") >= len(texts) or "||" in f"|{joined}|" or not _is_plain(texts, joined):
            return []
        lead, _, tail = ending("|", self._formula).encode().rpartition(b"|")
        return (lead + joined.encode().replace(b"|", tail + b"\0" + lead) + tail).split(b"\0")

    def _learn(self, texts: Collection[str]) -> None:
        """Remembers texts at once if none has anything in it that XML or Excel would change."""
        if _is_plain(texts, "|".join(texts)):
            lead, _, tail = ending("|", self._formula).encode().rpartition(b"|")
            self.update({text: lead + text.encode() + tail for text in texts if text})

    def _numbers(self, values: Sequence[float]) -> list[bytes]:
        """Many numbers at once: one text is made of all and taken apart again, so that no step is taken number by number."""
        texts = "\0".join(map(repr, values)) + "\0"
        if "n" in texts:  # not a number, infinity
            return [self._ending(v) for v in values]
        lead, _, tail = ending(8, self._formula).encode().rpartition(b"8")
        joined = texts.replace(".0\0", "\0").encode()
        return (lead + joined.replace(b"\0", tail + b"\0" + lead)).split(b"\0")[:-1]


def _is_plain(texts: Collection[str], joined: str) -> bool:
    """True if these texts, which are joined by strokes, stand in the file as they are."""
    if not joined.isprintable() or any(s in joined for s in SPECIAL) or joined[:1] == " " or joined[-1:] == " ":
        return False
    return max(map(len, texts), default=0) < SHORT


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
