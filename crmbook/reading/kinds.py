"""One cell, as staff typed it, read as one of the schema's kinds: ids, dates, money, percent, choices.

A reader takes a cell and answers with a `Cell`, or raises `UnreadableError` with the words for the user. Blank is None.
"""

import math
import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from crmbook.reading.cell import (
    BLANK,
    EDGES,
    FAULTS,
    FAULTY,
    MEND_FORMULA,
    PASSED_OVER,
    READ_AS,
    Cell,
    Reader,
    Remark,
    UnreadableError,
    fold,
    half,
    plain,
    shown,
)
from crmbook.reading.days import day_reader, moment_reader
from crmbook.schema import Column
from crmbook.text import Text

_SCALES = {
    Text("百万", "million"): 10**6, Text("千万", "ten million"): 10**7, Text("千", "thousand"): 10**3,
    Text("万", "ten thousand"): 10**4, Text("亿", "hundred million"): 10**8,
}  # fmt: skip
_SCALE = {word.zh: factor for word, factor in _SCALES.items()}
_YUAN = (Text("元整", "yuan").zh, Text("元", "yuan").zh, Text("圆", "yuan").zh, "RMB", "CNY", "YUAN")
_BEFORE = ("¥", "RMB", "CNY", Text("人民币", "yuan").zh)
_NUMBER = re.compile(
    rf"(?P<a>[-+]?)\s*(?P<before>{'|'.join(_BEFORE)})?\s*(?P<b>[-+]?)\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?P<power>E[-+]?\d{1,2})?\s*"
    rf"(?P<scale>{'|'.join(_SCALE)})?\s*(?P<after>{'|'.join(_YUAN)})?(?P<percent>%)?\s*(?P<c>-?)",
    re.ASCII,
)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"\d\.\d+E\+\d\d", re.ASCII | re.IGNORECASE)
FLOATS = ("number", "money", "percent", "score")
WORDS = ("text", "long", "id")
_EXACT = 10**15  # Excel keeps 15 digits of a number
_TOO_LARGE = 10**15

_RETYPE = Text("请改为正确的内容", "type it again")
_NUMBER_FIX = Text("请只填数字，如 1234.50", "write digits only, such as 1234.50")
_FORMAT_FIX = Text(
    "请把单元格格式改为常规，数字即会显示；若不是所要的数字，请改写",
    "set the cell's format to General and the number shows; write it again if it is not the one you mean",
)
NOT_A_NUMBER = Text("“{value}”不是数字", "“{value}” is not a number")
NOT_MONEY = Text("“{value}”不是金额", "“{value}” is not an amount of money")
NOT_A_CHOICE = Text("“{value}”不在可选内容中", "“{value}” is not one of the choices")
CHOOSE = Text("请选择：{choices}", "choose one of: {choices}")
TYPE_A_NUMBER = Text("请把单元格格式改为常规后重新输入", "set the cell's format to General and type it again")
SEPARATOR = Text("、", ", ")
OUT_OF_RANGE = Text("{value} 超出允许范围 {range}", "{value} is outside the allowed range {range}")


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


def reader(column: Column, *, date1904: bool = False) -> Reader:
    """The reader of the column's cells. What a formula that fails comes to is no content: it is told, and where any words would
    do and none are needed, passed over."""
    read = _reader(column, date1904=date1904)
    may_be_blank = not column.required and (column.kind in WORDS or column.open)

    def sound(value: Any) -> Cell:
        if not isinstance(value, str) or value not in FAULTS:
            return read(value)
        if may_be_blank:
            return Cell(None, PASSED_OVER)
        raise UnreadableError(FAULTY.fill(value=value), MEND_FORMULA)

    return sound


def _reader(column: Column, *, date1904: bool) -> Reader:
    """The reader of cells that hold what was typed."""
    match column.kind:
        case "id":
            return _id
        case "choice":
            return _choice(column)
        case "date":
            return day_reader(date1904=date1904, month=column.id == "month")
        case "moment":
            return moment_reader(date1904=date1904)
        case "number" | "money" | "percent" | "score":
            return _number(column)
        case _:
            return _text


def at_once(column: Column, texts: Sequence[str]) -> Sequence[Any] | None:
    """What the column's reader would find in all of these texts, none of them worth a remark, where one look at them shows
    it: most ids and numbers are plain. None where the reader must be asked about each."""
    if column.kind == "id":
        together = "".join(texts)
        return texts if plain(texts) and "+" not in together and "#" not in together else None
    if column.kind in FLOATS and all(map(_PLAIN_NUMBER.fullmatch, texts)):
        found = [_exact(float(text), column) for text in texts]
        low, high = (limit if end is None else end for end, limit in ((column.low, -math.inf), (column.high, math.inf)))
        return found if all(low <= number <= high and abs(number) < _TOO_LARGE for number in found) else None
    return None


def _text(value: Any) -> Cell:
    if not isinstance(value, str):
        return Cell(shown(value) if not isinstance(value, time) else value.strftime("%H:%M"))
    return Cell(value.strip(EDGES) or None)


def _id(value: Any) -> Cell:
    """Codes are text; a number that Excel made of one is written without its point."""
    if isinstance(value, str):
        code = half(value)
        if _SCIENTIFIC.fullmatch(code):
            return Cell(code, DIGITS_LOST)
        return Cell(code, READ_AS if code != value.strip(EDGES) else None) if code else BLANK
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
        word = value.strip(EDGES) if isinstance(value, str) else shown(value)
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
            fix = _FORMAT_FIX if isinstance(value, date | time | timedelta) else _NUMBER_FIX
            raise UnreadableError(what.fill(value=shown(value)), fix)
        if (
            column.kind == "percent"
            and found > 1
            and column.high is not None
            and column.high <= 1
            and "%" not in str(value)
        ):
            found, remark = found / 100, READ_AS
        found = _exact(found, column)
        if (column.low is not None and found < column.low) or (column.high is not None and found > column.high):
            raise UnreadableError(OUT_OF_RANGE.fill(value=shown(value), range=span(column)), _RETYPE)
        return Cell(found, remark)

    return read


def _exact(number: float, column: Column) -> float:
    """The number as the column keeps it, without a negative zero."""
    return (round(number, 4) if column.kind == "money" else number) + 0.0


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
