"""Cells as staff type them: what is understood and what is told."""

import contextlib
import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook.reading import kinds
from crmbook.reading.cell import READ_AS, UnreadableError
from crmbook.schema import BY_ID, Column
from crmbook.text import Text

LABEL = Text("列", "column")


def read(kind, value, **more):
    return kinds.reader(Column("c", LABEL, kind, **more))(value).value


def remark(kind, value, **more):
    return kinds.reader(Column("c", LABEL, kind, **more))(value).remark


def unreadable(kind, value, **more):
    with pytest.raises(UnreadableError) as caught:
        read(kind, value, **more)
    return caught.value


@pytest.mark.parametrize("typed", [dt.datetime(1900, 1, 1), dt.date(1900, 1, 1), dt.time(12), dt.timedelta(hours=30)])
def test_a_number_in_a_cell_with_the_format_of_dates_is_mended_by_its_format(typed):
    assert "单元格格式" in unreadable("money", typed).fix.zh
    assert "单元格格式" not in unreadable("money", "1900年").fix.zh


@pytest.mark.parametrize(
    "kind", ["id", "text", "long", "money", "number", "percent", "score", "date", "moment", "choice"]
)
def test_what_a_formula_that_fails_comes_to_is_no_content(kind):
    assert unreadable(kind, "#N/A", required=True).what.zh == "公式出错，结果是 #N/A"
    column = Column("c", LABEL, kind)
    if kind in ("id", "text", "long"):
        assert read(kind, "#REF!") is None
        assert remark(kind, "#REF!").what.fill(value="#REF!").en == "the formula comes to #REF!"
    else:
        assert "公式" in unreadable(kind, "#REF!").fix.zh
    assert kinds.at_once(column, ["A1", "#N/A"]) is None


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("1234.5", 1234.5), ("1,234.50", 1234.5), ("￥1,234", 1234), ("¥ 1,234元", 1234), ("RMB1,234.5", 1234.5),
        ("CNY 12", 12), ("人民币12元整", 12), ("12圆", 12), ("1.2万", 12000), ("１．２万元", 12000), ("3亿", 300_000_000),
        ("5千", 5000), ("2百万", 2_000_000), ("1千万", 10_000_000), ("(1,234)", -1234), ("（１２３）", -123), ("1234-", -1234),
        ("-5", -5), ("−12.5", -12.5), ("+5", 5), ("-¥5", -5), ("¥-5", -5), ("1.5E+3", 1500), (".5", 0.5), ("5.", 5),
        ("\u3000 12 \u3000", 12), ("１２，３４５．６", 12345.6), (1.005, 1.005), (0.1 + 0.2, 0.3), ("1234.56789", 1234.5679),
    ],
)  # fmt: skip
def test_money_is_read_as_staff_write_it(typed, means):
    assert read("money", typed) == means


@pytest.mark.parametrize("typed", ["一千二", "1,23", "1,2345", "--5", "(-5)", "5--", "$5", "12%", "1 234", "-", "N/A", "１２a", "inf", "nan", "1_000", "٣", math.inf, True, dt.datetime(2026, 1, 1), dt.time(9), "1e30"])  # fmt: skip
def test_what_is_no_money_is_said_and_not_guessed(typed):
    assert "money" in unreadable("money", typed).what.en


def test_zero_has_no_sign():
    assert [math.copysign(1, read("money", typed)) for typed in ("-0", -0.0, "(0)", -0.00001)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12%", 0.12),
        ("0.12", 0.12),
        ("12", 0.12),
        ("１２％", 0.12),
        (12.0, 0.12),
        (0.12, 0.12),
        ("1", 1),
        (1, 1),
        ("100", 1),
        ("12.5 %", 0.125),
    ],
)
def test_percent_up_to_a_hundred_may_be_typed_with_sign_as_share_or_in_hundredths(typed, means):
    assert read("percent", typed, low=0, high=1) == pytest.approx(means)


def test_percent_without_an_upper_end_is_a_share():
    assert (read("percent", 1.5), read("percent", "150%")) == (1.5, 1.5)


def test_percent_outside_its_range_is_told_with_the_range():
    assert unreadable("percent", "101%", low=0, high=1).what.en == "101% is outside the allowed range 0%–100%"
    assert "≥0" in unreadable("money", -1, low=0).what.en
    assert "1–5" in unreadable("score", "6", low=1, high=5).what.en


@pytest.mark.parametrize(
    "typed",
    [
        "2025-7-28", "2025.7.28", "2025/7/28", "2025年7月28日", "2025年7月28号", "20250728", "２０２５年７月２８日", "2025。7。28", "2025 7 28",
        "2025-07-28 13:45:00", "2025-07-28T13:45:00+08:00", "2025/7/28 9:05", "2025年7月28日 9时5分", "45866", 45866.0, 45866.75, 20250728.0,
        dt.datetime(2025, 7, 28, 13, 45), dt.date(2025, 7, 28), pd.Timestamp("2025-07-28 13:45"),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_form_and_cut_to_the_day(typed):
    assert read("date", typed) == dt.date(2025, 7, 28)


@pytest.mark.parametrize("typed", ["2025.13.40", "2025-2-30", "28/7/2025", "7/28/2025", "25-7-28", "2025", 2025.0, "2025-07", "tomorrow", -5.0, 1e300, True, "1025-1-1", "3025-1-1", dt.datetime(1899, 12, 31), dt.time(9), "20251340"])  # fmt: skip
def test_what_is_no_date_is_said_and_not_guessed(typed):
    assert "not a valid date" in unreadable("date", typed).what.en


def test_serials_count_from_1904_where_the_workbook_does():
    column = Column("c", LABEL, "date")
    assert kinds.reader(column, date1904=True)(44404.0).value == dt.date(2025, 7, 28)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-7-28 14:30", "2026/07/28 14:30:00", "2026-07-28T14:30", dt.datetime(2026, 7, 28, 14, 30), pd.Timestamp("2026-07-28 14:30"),
        dt.datetime(2026, 7, 28, 14, 29, 59, 999_999),  # as a sheet's fraction of a day comes out
        "２０２６－７－２８　１４：３０",
    ],
)  # fmt: skip
def test_a_moment_written_plainly_needs_no_remark(typed):
    assert (read("moment", typed), remark("moment", typed)) == (dt.datetime(2026, 7, 28, 14, 30), None)


@pytest.mark.parametrize(
    "typed",
    [
        "2026年7月28日 14时30分", "2026年7月28日14点30", "2026年7月28日下午2时30分", "2026.7.28 下午2:30", "2026-7-28 2:30 pm", "20260728 14:30",
        "2026。7。28 14:30", "2026 7 28 14:30", "2026-07-28T14:30:00+08:00", 46231.604166667, "46231.604166667", "2026-7-28 14时30分00秒",
    ],
)  # fmt: skip
def test_a_moment_written_otherwise_is_read_and_said(typed):
    assert (read("moment", typed), remark("moment", typed)) == (dt.datetime(2026, 7, 28, 14, 30), READ_AS)


@pytest.mark.parametrize("typed", ["2026-7-28", "2026/7/28", dt.date(2026, 7, 28), dt.datetime(2026, 7, 28), 46231, "2026年7月28日", "2026-7-28 0:00", "2026-7-28 12:00 AM"])  # fmt: skip
def test_a_day_alone_is_its_midnight(typed):
    assert read("moment", typed) == dt.datetime(2026, 7, 28)


def test_seconds_are_kept_and_a_fraction_next_to_midnight_is_the_next_day():
    assert read("moment", "2026-7-28 9:05:07") == dt.datetime(2026, 7, 28, 9, 5, 7)
    assert read("moment", 46231.9999999999) == dt.datetime(2026, 7, 29)
    assert kinds.reader(Column("c", LABEL, "moment"), date1904=True)(44769.604166667).value == dt.datetime(
        2026, 7, 28, 14, 30
    )


@pytest.mark.parametrize("typed", ["2026-7-28 24:00", "2026-7-28 25:00", "2026-7-28 14:61", "14:30", "2026-7-28 14", "2026-7-28 13:00 AM", "2026-13-1 10:00", "2026-7-28 14:30 到现场", "下午", True, -1.0, 1e300, dt.time(9)])  # fmt: skip
def test_what_is_no_moment_is_said_and_not_cut_to_a_day(typed):
    assert "not a valid date and time" in unreadable("moment", typed).what.en


@given(st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2199, 12, 31)))
def test_moments_survive_every_way_of_writing_them(moment):
    moment = moment.replace(microsecond=0)
    days = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    ways = [
        f"{moment:%Y-%m-%d %H:%M:%S}",
        f"{moment:%Y年%m月%d日 %H时%M分%S秒}",
        f"{moment:%Y/%m/%d %I:%M:%S %p}",
        days,
        moment,
    ]
    assert {read("moment", way) for way in ways} == {moment}


@pytest.mark.parametrize(
    "typed", ["2025-07", "2025年7月", "2025.7", "202507", 202507.0, "2025-07-28", 45866.0, dt.datetime(2025, 7, 28)]
)
def test_a_month_may_be_typed_with_or_without_a_day(typed):
    assert kinds.reader(BY_ID["targets"].column("month"))(typed).value == dt.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("0012", "0012"), (10023.0, "10023"), (10023, "10023"), ("110101199003077715", "110101199003077715"), ("１２３Ａ", "123A"),
        (" \u3000A-1\u200b\n", "A-1"), ("=1+1", "=1+1"), (12.5, "12.5"), ("10023.0", "10023.0"), ("a b", "a b"),
    ],
)  # fmt: skip
def test_codes_are_text(typed, means):
    assert read("id", typed) == means


@pytest.mark.parametrize("typed", [1.10101199003078e17, "1.10101E+17", 10.0**15])
def test_a_code_too_long_for_a_number_gets_a_warning(typed):
    assert remark("id", typed) is kinds.DIGITS_LOST


def test_a_code_of_fifteen_digits_is_still_whole():
    assert (read("id", 123456789012345.0), remark("id", 123456789012345.0)) == ("123456789012345", None)


def test_a_code_that_became_a_date_gets_a_warning():
    assert (read("id", dt.datetime(2025, 1, 1)), remark("id", dt.datetime(2025, 1, 1))) == (
        "2025-01-01",
        kinds.CODE_IS_DATE,
    )


@pytest.mark.parametrize("typed", ["dealer", "Dealer", "经销商", " 经 销商", "ＤＥＡＬＥＲ"])
def test_choices_are_known_by_id_and_by_name_in_either_language(typed):
    assert kinds.reader(BY_ID["customers"].column("type"))(typed).value == "dealer"


def test_a_closed_choice_names_what_may_be_chosen_and_an_open_one_keeps_other_words():
    with pytest.raises(UnreadableError) as caught:
        kinds.reader(BY_ID["customers"].column("type"))("代理")
    assert caught.value.fix.zh == "请选择：企业、经销商、终端、个人"
    assert kinds.reader(BY_ID["customers"].column("region"))("苏南 ").value == "苏南"
    assert kinds.reader(BY_ID["customers"].column("region"))("华东").value == "east"


@pytest.mark.parametrize(
    "kind", ["id", "text", "long", "choice", "number", "money", "percent", "score", "date", "moment", "time"]
)
@pytest.mark.parametrize("blank", ["", "  ", "\u3000", "\xa0\u200b", "\n"])
def test_blanks_of_every_width_are_unknown(kind, blank):
    assert read(kind, blank) is None


def test_text_keeps_its_words_and_numbers_in_it_lose_their_point():
    assert [read("text", v) for v in (" a　b ", 12.0, 12.5, dt.datetime(2025, 1, 1), "=A1", dt.time(9, 30))] == [
        "a　b", "12", "12.5", "2025-01-01", "=A1", "09:30",
    ]  # fmt: skip


@given(st.decimals(-(10**11), 10**11, places=2))
def test_money_survives_every_way_of_writing_it(amount):
    ways = [
        f"{amount:f}",
        f"{amount:,}",
        f"￥{amount:,}元",
        float(amount),
        f"({-amount:,})" if amount < 0 else f"+{amount:f}",
    ]
    full = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in f"{amount:,}")
    assert {read("money", way) for way in [*ways, full]} == {float(amount)}


@given(st.dates(dt.date(1950, 1, 1), dt.date(2199, 12, 31)))
def test_dates_survive_every_way_of_writing_them(day):
    y, m, d = day.year, day.month, day.day
    ways = [
        f"{y}-{m}-{d}",
        f"{y}.{m}.{d}",
        f"{y}/{m:02}/{d:02}",
        f"{y}年{m}月{d}日",
        f"{day:%Y%m%d}",
        float((day - dt.date(1899, 12, 30)).days),
    ]
    assert {read("date", way) for way in ways} == {day}


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times()))
@pytest.mark.parametrize(
    "kind", ["id", "text", "choice", "number", "money", "percent", "score", "date", "moment", "time"]
)
def test_no_cell_is_too_strange_to_be_read_or_refused(kind, value):
    if isinstance(value, float) and math.isnan(value):
        return
    with contextlib.suppress(UnreadableError):  # anything else would be raised
        read(kind, value, low=0, high=1)


@given(st.lists(st.text("01 .-+eE%a\uff11\u3000\u200b\n", max_size=8), min_size=1, max_size=4))
def test_a_column_read_at_once_reads_as_its_cells_do(texts):
    for column in (Column("c", LABEL, "id"), Column("c", LABEL, "money", low=0), Column("c", LABEL, "percent", high=1)):
        found = kinds.at_once(column, texts)
        assert found is None or [kinds.reader(column)(text) for text in texts] == [(value, None) for value in found]


def test_plain_ids_and_numbers_are_read_at_once():
    assert kinds.at_once(Column("c", LABEL, "id"), ["C1", "\u5ba2\u623701"]) == ["C1", "\u5ba2\u623701"]
    assert kinds.at_once(Column("c", LABEL, "money"), ["1.5", "-0", "2.00006"]) == [1.5, 0.0, 2.0001]
