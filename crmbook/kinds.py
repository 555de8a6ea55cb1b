"""One cell, as staff typed it, read as one of the schema's kinds: ids, dates, money, percent, choices.

A reader takes a cell and answers with a `Cell`, or raises `UnreadableError` with the words for the user. Blank is None.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from crmbook.schema import Column
from crmbook.text import Text

# Full-width forms stand a fixed distance above ASCII; the rest are look-alikes that Chinese keyboards type.
_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " ", 0xA0: " ", 0xFFE5: "¥", 0x2212: "-", 0x2013: "-"}
_EDGES = " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2002\u2003\u2007\u2009\u200b\u202f\u2060\u3000\ufeff"
_STOP = {0x3002: "."}  # the Chinese full stop, typed between the parts of a date

_SCALES = {
    Text("百万", "million"): 10**6, Text("千万", "ten million"): 10**7, Text("千", "thousand"): 10**3,
    Text("万", "ten thousand"): 10**4, Text("亿", "hundred million"): 10**8,
}  # fmt: skip
_SCALE = {word.zh: factor for word, factor in _SCALES.items()}
_YUAN = (Text("元整", "yuan").zh, Text("元", "yuan").zh, Text("圆", "yuan").zh, "RMB", "CNY", "YUAN")
_BEFORE = ("¥", "RMB", "CNY", Text("人民币", "yuan").zh)
_YEAR, _MONTH = Text("年", "year").zh, Text("月", "month").zh
_DAY = Text("日", "day").zh + Text("号", "day").zh
_HOUR = Text("时", "hour").zh + Text("点", "hour").zh

_NUMBER = re.compile(
    rf"(?P<a>[-+]?)\s*(?P<before>{'|'.join(_BEFORE)})?\s*(?P<b>[-+]?)\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?P<power>E[-+]?\d{1,2})?\s*"
    rf"(?P<scale>{'|'.join(_SCALE)})?\s*(?P<after>{'|'.join(_YUAN)})?(?P<percent>%)?\s*(?P<c>-?)",
    re.ASCII,
)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DATE = re.compile(
    rf"(\d{{4}})\s*[-./{_YEAR}\s]\s*(\d{{1,2}})\s*[-./{_MONTH}\s]\s*(\d{{1,2}})\s*[{_DAY}]?(?:(?:T|\s*)\d{{1,2}}[:{_HOUR}].*)?",
    re.ASCII,
)
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MONTH_ONLY = re.compile(rf"(\d{{4}})\s*[-./{_YEAR}]?\s*(\d\d|(?<!\d)\d)\s*{_MONTH}?", re.ASCII)
_PLAIN_DATE = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}(?:[T ][\d:.]+)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"\d\.\d+E\+\d\d", re.ASCII | re.IGNORECASE)
_YEARS = range(1900, 2200)
_EXACT = 10**15  # Excel keeps 15 digits of a number
_TOO_LARGE = 10**15

_RETYPE = Text("请改为正确的内容", "type it again")
_DATE_FIX = Text("请按 2025-7-28 的样子填写，先年后月日", "write it like 2025-7-28, the year first")
_NUMBER_FIX = Text("请只填数字，如 1234.50", "write digits only, such as 1234.50")
NOT_A_DATE = Text("“{value}”不是有效的日期", "“{value}” is not a valid date")
NOT_A_NUMBER = Text("“{value}”不是数字", "“{value}” is not a number")
NOT_MONEY = Text("“{value}”不是金额", "“{value}” is not an amount of money")
NOT_A_CHOICE = Text("“{value}”不在可选内容中", "“{value}” is not one of the choices")
CHOOSE = Text("请选择：{choices}", "choose one of: {choices}")
SEPARATOR = Text("、", ", ")
OUT_OF_RANGE = Text("{value} 超出允许范围 {range}", "{value} is outside the allowed range {range}")


class UnreadableError(ValueError):
    """The cell cannot be read as what its column holds; says what is wrong and how to mend it."""

    def __init__(self, what: Text, fix: Text) -> None:
        super().__init__(what.en)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Remark:
    """The cell was read, but staff should see how: `{value}` as typed, `{read}` as understood."""

    what: Text
    fix: Text


READ_AS = Remark(
    Text("“{value}”按 {read} 计算", "“{value}” is counted as {read}"),
    Text("如不符请改写", "write it differently if this is not what you mean"),
)
DIGITS_LOST = Remark(
    Text(
        "编码“{value}”超过15位并存成了数字，末尾几位可能已丢失",
        "the code “{value}” has more than 15 digits and is stored as a number, its last digits may be lost",
    ),
    Text("请把单元格设为文本格式后重新输入", "set the cell's format to Text and type the code again"),
)
CODE_IS_DATE = Remark(
    Text("编码变成了日期，按“{read}”计算", "the code has turned into a date and is counted as “{read}”"),
    Text("请把单元格设为文本格式后重新输入", "set the cell's format to Text and type the code again"),
)


class Cell(NamedTuple):
    """A cell as understood, and what staff should know about it."""

    value: Any
    remark: Remark | None = None


BLANK = Cell(None)
Reader = Callable[[Any], Cell]


def half(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width, and without blanks at its edges."""
    return text.translate(_HALF).strip(_EDGES)


def fold(text: str) -> str:
    """The text as it is compared: width, case and blanks do not count."""
    return "".join(half(text).casefold().split())


def shown(value: object) -> str:
    """The value as typed, for a message: 10023.0 is 10023, long text is cut."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**21:
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.replace(microsecond=0)
    word = str(value).strip(_EDGES).replace("\n", " ")
    return word if len(word) <= 30 else word[:29] + "…"


def reader(column: Column, *, date1904: bool = False) -> Reader:
    """The reader of the column's cells."""
    match column.kind:
        case "id":
            return _id
        case "choice":
            return _choice(column)
        case "date":
            return _date(date1904=date1904, month=column.id == "month")
        case "number" | "money" | "percent" | "score":
            return _number(column)
        case _:
            return _text


def _text(value: Any) -> Cell:
    if not isinstance(value, str):
        return Cell(shown(value) if not isinstance(value, time) else value.strftime("%H:%M"))
    return Cell(value.strip(_EDGES) or None)


def _id(value: Any) -> Cell:
    """Codes are text; a number that Excel made of one is written without its point."""
    if isinstance(value, str):
        code = half(value)
        if _SCIENTIFIC.fullmatch(code):
            return Cell(code, DIGITS_LOST)
        return Cell(code, READ_AS if code != value.strip(_EDGES) else None) if code else BLANK
    if isinstance(value, int | float):
        whole = float(value).is_integer()
        return Cell(str(int(value)) if whole else str(value), DIGITS_LOST if whole and abs(value) >= _EXACT else None)
    return Cell(shown(value), CODE_IS_DATE)


def _choice(column: Column) -> Reader:
    ids = {fold(word): c.id for c in column.choices for word in (c.name.zh, c.name.en, c.id)}
    fix = Text.join(
        [Text("请选择：", "choose one of: "), Text.join([c.name for c in column.choices], "、", ", ")], "", ""
    )

    def read(value: Any) -> Cell:
        word = value.strip(_EDGES) if isinstance(value, str) else shown(value)
        if not word:
            return BLANK
        id = ids.get(fold(word), word if column.open else None)
        if id is None:
            raise UnreadableError(NOT_A_CHOICE.fill(value=shown(word)), fix)
        return Cell(id)

    return read


def _number(column: Column) -> Reader:
    """Numbers in yuan, shares or as they are; money to 0.0001 yuan.

    A percent without its sign is a share; above 1, in a column that ends at 100 %, it is meant in hundredths.
    """
    what = NOT_MONEY if column.kind == "money" else NOT_A_NUMBER

    def read(value: Any) -> Cell:
        remark = None
        if isinstance(value, str):
            word = half(value).upper()
            if not word:
                return BLANK
            found = _parsed(word, money=column.kind == "money", percent=column.kind == "percent")
            if not _PLAIN_NUMBER.fullmatch(word):
                remark = READ_AS if "%" not in word else None
        else:
            found = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        if found is None or not abs(found) < _TOO_LARGE:
            raise UnreadableError(what.fill(value=shown(value)), _NUMBER_FIX)
        if (
            column.kind == "percent"
            and found > 1
            and column.high is not None
            and column.high <= 1
            and "%" not in str(value)
        ):
            found, remark = found / 100, READ_AS
        found = round(found, 4) + 0.0 if column.kind == "money" else found + 0.0  # + 0.0: no negative zero
        if (column.low is not None and found < column.low) or (column.high is not None and found > column.high):
            raise UnreadableError(OUT_OF_RANGE.fill(value=shown(value), range=span(column)), _RETYPE)
        return Cell(found, remark)

    return read


def span(column: Column) -> str:
    """The allowed range in signs: `1–5`, `≥0`."""
    ends = [
        None if end is None else f"{end:.0%}" if column.kind == "percent" else f"{end:g}"
        for end in (column.low, column.high)
    ]
    return f"{ends[0]}–{ends[1]}" if None not in ends else f"≥{ends[0]}" if ends[1] is None else f"≤{ends[1]}"


def _parsed(word: str, *, money: bool, percent: bool) -> float | None:
    """The number a half-width upper-case word stands for; None if it is none."""
    in_brackets = word.startswith("(") and word.endswith(")")
    found = _NUMBER.fullmatch(word[1:-1].strip() if in_brackets else word)
    if found is None or (found["percent"] and not percent) or ((found["before"] or found["after"]) and not money):
        return None
    minuses = [found["a"], found["b"], found["c"], "-" if in_brackets else ""].count("-")
    if minuses > 1:
        return None
    exact = Decimal(found["digits"].replace(",", "") + (found["power"] or "")) * _SCALE.get(found["scale"], 1)
    return float((-exact if minuses else exact) / (100 if found["percent"] else 1))


def _date(*, date1904: bool, month: bool) -> Reader:
    epoch = date(1904, 1, 1) if date1904 else date(1899, 12, 30)

    def serial(value: float) -> date | None:
        days = int(value)
        if 10**4 <= days < 110_000:
            return epoch + timedelta(days=days)
        if month and (found := _MONTH_ONLY.fullmatch(str(days))):
            return _of(int(found[1]), int(found[2]), 1)
        return _day(_EIGHT.fullmatch(str(days))) if value == days else None

    def read(value: Any) -> Cell:
        remark = None
        if isinstance(value, datetime):
            day: date | None = value.date()
        elif isinstance(value, date):
            day = value
        elif isinstance(value, str):
            word = half(value).translate(_STOP)
            if not word:
                return BLANK
            day = _day(_DATE.fullmatch(word)) or _day(_EIGHT.fullmatch(word))
            if day is None and month and (found := _MONTH_ONLY.fullmatch(word)):
                day = _of(int(found[1]), int(found[2]), 1)
            if day is None and _SERIAL.fullmatch(word):
                day = serial(float(word))
            remark = None if _PLAIN_DATE.fullmatch(word) or month else READ_AS
        else:
            number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**9
            day = serial(value) if number else None
            remark = READ_AS
        if day is None or day.year not in _YEARS:
            raise UnreadableError(NOT_A_DATE.fill(value=shown(value)), _DATE_FIX)
        return Cell(day.replace(day=1) if month else day, remark)

    return read


def _day(found: re.Match[str] | None) -> date | None:
    return _of(*(int(part) for part in found.groups())) if found else None


def _of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
