"""Days, months and moments as staff write them: in figures, in Chinese, as a sheet counts days."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from crmbook.reading.cell import BLANK, READ_AS, Cell, Reader, UnreadableError, half, shown
from crmbook.text import Text

_STOP = {0x3002: "."}  # the Chinese full stop, typed between the parts of a date
_YEAR, _MONTH = Text("年", "year").zh, Text("月", "month").zh
_DAY = Text("日", "day").zh + Text("号", "day").zh
_HOUR = Text("时", "hour").zh + Text("点", "hour").zh
_MINUTE, _SECOND = Text("分", "minute").zh, Text("秒", "second").zh
_FORENOON, _AFTERNOON = (
    (Text("上午", "forenoon").zh, "AM"),
    (Text("下午", "afternoon").zh, Text("晚上", "evening").zh, "PM"),
)

_DATE = re.compile(
    rf"(\d{{4}})\s*[-./{_YEAR}\s]\s*(\d{{1,2}})\s*[-./{_MONTH}\s]\s*(\d{{1,2}})\s*[{_DAY}]?(?:(?:T|\s*)\d{{1,2}}[:{_HOUR}].*)?",
    re.ASCII,
)
_HALVES = "|".join((*_FORENOON, *_AFTERNOON))
_CLOCK = re.compile(
    rf"(?P<before>{_HALVES})?\s*(?P<hour>\d{{1,2}})\s*[:{_HOUR}]\s*(?:(?P<minute>\d{{1,2}})\s*{_MINUTE}?"
    rf"(?::?\s*(?P<second>\d{{1,2}})(?:\.\d+)?\s*{_SECOND}?)?)?\s*(?P<after>AM|PM)?(?:Z|[-+]\d\d:?\d\d)?",
    re.ASCII,
)
_BETWEEN = re.compile(
    rf"(?<=[\d{_DAY}])(?:\s*T|\s+|(?<=[{_DAY}])|(?={_HALVES}))", re.ASCII
)  # the day and the time of day
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MONTH_ONLY = re.compile(rf"(\d{{4}})\s*[-./{_YEAR}]?\s*(\d\d|(?<!\d)\d)\s*{_MONTH}?", re.ASCII)
_PLAIN_DATE = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}(?:[T ][\d:.]+)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_YEARS = range(1900, 2200)
_MOMENT_FIX = Text("请按 2025-7-28 14:30 的样子填写，先年月日后时间", "write it like 2025-7-28 14:30, the day first")
_DATE_FIX = Text("请按 2025-7-28 的样子填写，先年后月日", "write it like 2025-7-28, the year first")
NOT_A_DATE = Text("“{value}”不是有效的日期", "“{value}” is not a valid date")
NOT_A_MOMENT = Text("“{value}”不是有效的日期和时间", "“{value}” is not a valid date and time")


def day_reader(*, date1904: bool, month: bool) -> Reader:
    """The reader of days, or of months: any day of the month, or none. `date1904`: serial numbers count from 1904."""
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


def moment_reader(*, date1904: bool) -> Reader:
    """A day with its time of day, to the second; a day alone is its midnight."""
    day_of = day_reader(date1904=date1904, month=False)

    def of_text(value: str) -> Cell | None:
        word = half(value).upper()
        for gap in reversed(list(_BETWEEN.finditer(word))):
            if (clock := _clock(_CLOCK.fullmatch(word[gap.end() :].strip()))) is not None:
                day, remark = day_of(word[: gap.start()])
                return Cell(datetime.combine(day, clock), None if _PLAIN_DATE.fullmatch(word) else remark or READ_AS)
        return None if ":" in word or re.search(f"[{_HOUR}]", word) else _midnight(day_of(value))

    def read(value: Any) -> Cell:
        if isinstance(value, str) and _SERIAL.fullmatch(half(value)):
            value = float(half(value))
        found: Cell | None
        try:
            if isinstance(value, str):
                found = of_text(value)
            elif isinstance(value, datetime):
                rounded = value.replace(microsecond=0, tzinfo=None) + timedelta(seconds=value.microsecond >= 500_000)
                found = Cell(datetime.combine(day_of(rounded).value, rounded.time()))
            elif isinstance(value, int | float) and 10**4 <= value < 110_000:
                seconds = round(value * 86_400)
                day, remark = day_of(seconds // 86_400)
                found = Cell(datetime.combine(day, time()) + timedelta(seconds=seconds % 86_400), remark)
            else:
                found = _midnight(day_of(value))
        except UnreadableError as fault:
            raise UnreadableError(NOT_A_MOMENT.fill(value=shown(value)), _MOMENT_FIX) from fault
        if found is None:
            raise UnreadableError(NOT_A_MOMENT.fill(value=shown(value)), _MOMENT_FIX)
        return found

    return read


def _midnight(day: Cell) -> Cell:
    return day if day.value is None else Cell(datetime.combine(day.value, time()), day.remark)


def _clock(found: re.Match[str] | None) -> time | None:
    """The time of day that was typed; None if there is no such time."""
    if found is None:
        return None
    hour, half_of_day = int(found["hour"]), found["before"] or found["after"]
    if half_of_day is not None:
        if not 1 <= hour <= 12:
            hour = hour if half_of_day in _AFTERNOON else 24  # 13 in the afternoon is what it says
        else:
            hour = hour % 12 + 12 * (half_of_day in _AFTERNOON)
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None


def _day(found: re.Match[str] | None) -> date | None:
    return _of(*(int(part) for part in found.groups())) if found else None


def _of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
