"""Cells as staff type them: what is understood, what is told, what is left out."""

import contextlib
import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook import kinds, tidy
from crmbook.crosscheck import ahead, check, read_all
from crmbook.kinds import UnreadableError
from crmbook.schema import BY_ID, Column, Table
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


def at(table, position, column):
    return f"{table}!{column}{position}"


def frame(**columns):
    return pd.DataFrame(columns, dtype=object)


CUSTOMERS = frame(customer_id=["C1", "C2"], name=["Ann", "Bob"])
ORDERS = frame(order_id=["1", "2"], date=["2026-01-05", "2026-01-06"], customer_id=["C1", "C2"], amount=["10", "20"])


def whole(**raw):
    return read_all({"customers": CUSTOMERS, "orders": ORDERS, **raw}, at)


def said(problems):
    return [(p.where, p.severity, p.what.en) for p in problems]


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


@pytest.mark.parametrize("typed", ["一千二", "1,23", "1,2345", "--5", "(-5)", "5--", "$5", "12%", "1 234", "-", "N/A", "１２a", "#REF!", "inf", "nan", "1_000", "٣", math.inf, True, dt.datetime(2026, 1, 1), dt.time(9), "1e30"])  # fmt: skip
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
    "kind", ["id", "text", "long", "choice", "number", "money", "percent", "score", "date", "time"]
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
@pytest.mark.parametrize("kind", ["id", "text", "choice", "number", "money", "percent", "score", "date", "time"])
def test_no_cell_is_too_strange_to_be_read_or_refused(kind, value):
    if isinstance(value, float) and math.isnan(value):
        return
    with contextlib.suppress(UnreadableError):  # anything else would be raised
        read(kind, value, low=0, high=1)


def test_a_typed_frame_has_every_column_of_its_table_in_the_kinds_promised():
    orders = tidy.tidy(
        BY_ID["orders"], frame(order_id=[1.0], date=[45866.0], customer_id=["C1"], amount=["1.2万"]), lambda a, b: ""
    )[0]
    assert list(orders.columns) == [c.id for c in BY_ID["orders"].columns]
    assert orders.loc[0, ["order_id", "date", "amount", "channel"]].tolist() == [
        "1",
        pd.Timestamp("2025-07-28"),
        12000.0,
        None,
    ]
    assert (orders["date"].dtype.kind, orders["amount"].dtype.kind, orders["order_id"].dtype) == ("M", "f", object)


@pytest.mark.parametrize("id", list(BY_ID))
def test_a_table_without_rows_still_has_its_columns_and_kinds(id):
    nothing = tidy.empty(id)
    assert list(nothing.columns) == [c.id for c in BY_ID[id].columns]
    assert all(nothing[c.id].dtype.kind == "M" for c in BY_ID[id].columns if c.kind == "date")


def test_true_is_not_the_number_one():
    _, problems = whole(orders=ORDERS.assign(amount=[1.0, True]))
    assert said(problems) == [("orders!amount1", "error", "“TRUE” is not an amount of money")]


def test_a_row_that_cannot_be_read_is_left_out_and_its_problem_names_the_cell_and_the_row():
    tables, problems = whole(orders=ORDERS.assign(amount=["一千二", "20"]))
    (problem,) = problems
    assert (problem.where, problem.key, problem.form, problem.severity) == ("orders!amount0", "1", "orders", "error")
    assert problem.line("zh") == "orders!amount0：“一千二”不是金额。请只填数字，如 1234.50；改正前该行不计入"
    assert tables["orders"].index.tolist() == [1]


def test_a_customer_is_not_left_out_for_an_optional_cell():
    customers = CUSTOMERS.assign(anniversary=["soon", None], name=["Ann", " "])
    tables, problems = whole(customers=customers)
    assert [(p.where, p.severity) for p in problems] == [
        ("customers!name1", "warning"),
        ("customers!anniversary0", "warning"),
    ]
    assert tables["customers"]["name"].tolist() == ["Ann", "C2"]
    assert len(tables["orders"]) == 2


def test_blank_rows_are_passed_over_in_silence_and_positions_stay():
    orders = pd.concat([ORDERS[:1], frame(order_id=[None, "\u3000"]), ORDERS[1:]])
    tables, problems = whole(orders=orders)
    assert (tables["orders"].index.tolist(), problems) == ([0, 3], [])


def test_blank_needed_cells_are_problems():
    tables, problems = whole(orders=ORDERS.assign(date=[None, "2026-01-06"], customer_id=["C1", " "]))
    assert said(problems) == [
        ("orders!date0", "error", "Date is blank"),
        ("orders!customer_id1", "error", "Customer ID is blank"),
    ]
    assert tables["orders"].empty


def test_the_same_problem_is_named_fifty_times_and_then_counted():
    many = pd.DataFrame(
        {"order_id": [str(i) for i in range(80)], "date": "2026-01-01", "customer_id": "C1", "amount": "x"},
        dtype=object,
    )
    _, problems = whole(orders=pd.concat([ORDERS, many]))
    assert (len(problems), sum(p.count for p in problems)) == (51, 80)
    assert problems[-1].what.en == "Amount: 30 more rows have the same problem"


def test_what_is_counted_otherwise_than_typed_is_shown_once_per_column():
    _, problems = whole(orders=ORDERS.assign(amount=["1.2万", "1,000"]))
    assert said(problems) == [
        ("orders!amount0", "warning", "“1.2万” is counted as 12000 (2 cells like this in the column)")
    ]
    assert problems[0].count == 2


def test_braces_in_a_cell_are_only_braces():
    _, problems = whole(orders=ORDERS.assign(amount=["{count}", "20"], customer_id=["C1", "{id}"]))
    assert said(problems) == [
        ("orders!amount0", "error", "“{count}” is not an amount of money"),
        ("orders!customer_id1", "error", "customer {id} is not in the table of customers"),
    ]


def test_the_second_row_of_a_key_is_left_out():
    tables, problems = whole(customers=pd.concat([CUSTOMERS, frame(customer_id=["C1"], name=["Again"])]))
    assert said(problems) == [
        ("customers!customer_id2", "error", "Customer ID C1 stands twice, there is a row with it above")
    ]
    assert tables["customers"]["name"].tolist() == ["Ann", "Bob"]


def test_order_lines_without_a_number_are_counted_on_within_their_order():
    orders = pd.concat([ORDERS[:1]] * 4).assign(line_no=[None, 5, None, "5"])
    tables, problems = whole(orders=orders)
    assert tables["orders"]["line_no"].tolist() == [6, 5, 7]
    assert [p.where for p in problems] == ["orders!order_id3"]


def test_an_unknown_customer_is_told_once_however_many_rows_it_has():
    _, problems = whole(orders=pd.concat([ORDERS.assign(customer_id="C9", line_no=n) for n in range(1, 31)]))
    assert [(p.where, p.what.en, p.count) for p in problems] == [
        ("orders!customer_id0", "customer C9 is not in the table of customers (60 rows)", 60)
    ]


def test_of_many_unknown_customers_fifty_are_named_and_the_rows_of_the_rest_counted():
    orders = frame(
        order_id=[str(i) for i in range(160)], date="2026-01-01", customer_id=[f"X{i // 2}" for i in range(160)]
    )
    _, problems = whole(orders=orders)
    assert (len(problems), sum(p.count for p in problems)) == (51, 160)
    assert problems[-1].what.en == "Customer ID: 60 more rows have the same problem"


@pytest.mark.parametrize("table", ["orders", "payments", "visits", "surveys"])
def test_rows_of_an_unknown_customer_are_left_out(table):
    key = BY_ID[table].key[0]
    raw = frame(**{key: ["9"], "date": ["2026-01-01"], "customer_id": ["C9"], "amount": ["1"]})
    tables, problems = whole(**{table: raw})
    assert ("error", "customer C9 is not in the table of customers") in [(p.severity, p.what.en) for p in problems]
    assert tables[table].empty


def test_an_unknown_product_is_a_warning_only_where_there_is_a_list_of_products():
    orders = ORDERS.assign(product_id=["P9", None])
    assert whole(orders=orders)[1] == []
    tables, problems = whole(orders=orders, products=frame(product_id=["P1"], name=["Pump"]))
    assert said(problems) == [("orders!product_id0", "warning", "product P9 is not in the table of products")]
    assert len(tables["orders"]) == 2


def linked(**links):
    ids = list(links)
    raw = frame(customer_id=ids, name=ids, parent_id=list(links.values()))
    return read_all({"customers": raw, "orders": ORDERS[:0]}, at)


def test_links_to_nobody_and_to_oneself_count_as_blank():
    tables, problems = linked(A="X", B="B", C="A")
    assert [(p.where, p.what.en) for p in problems if p.form == "customers"] == [
        ("customers!parent_id0", "Parent customer ID X is not in the table of customers"),
        ("customers!parent_id1", "Parent customer ID is the customer itself"),
    ]
    assert tables["customers"]["parent_id"].tolist() == [None, None, "A"]


def test_a_circle_of_links_is_told_once_and_cut():
    tables, problems = linked(T="A", A="B", B="C", C="A", D="T", E=None)
    circles = [p for p in problems if p.form == "customers"]
    assert [(p.where, p.key, p.what.en) for p in circles] == [
        ("customers!parent_id1", "A", "Parent customer ID goes in a circle: A → B → C → A")
    ]
    assert tables["customers"]["parent_id"].tolist() == ["A", None, None, None, "T", None]


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8))
def test_links_that_remain_always_come_to_an_end(links):
    tables, _ = linked(**{f"c{i}": f"c{to}" for i, to in enumerate(links)})
    leads = dict(zip(tables["customers"]["customer_id"], tables["customers"]["parent_id"], strict=True))
    for start in leads:
        here, steps = start, 0
        while here is not None:
            here, steps = leads[here], steps + 1
            assert steps <= len(leads)


def test_targets_know_regions_by_name_and_aim_at_somebody():
    targets = frame(
        month=["2026-01"] * 5,
        scope=["公司", "区域", "区域", "客户经理", "客户"],
        object=[None, "华东", "Mars", "Zoe", "C1"],
        amount=[1] * 5,
    )
    tables, problems = whole(targets=targets)
    assert tables["targets"]["object"].tolist() == [None, "east", "Mars", "Zoe", "C1"]
    assert said(problems) == [
        ("targets!object2", "warning", "no customer belongs to the Region “Mars”"),
        ("targets!object3", "warning", "no customer belongs to the Account manager “Zoe”"),
    ]


def test_days_to_come_are_a_warning_but_planned_visits_are_not():
    visits = frame(
        visit_id=["1", "2", "3"], date=["2026-02-01"] * 3, customer_id=["C1"] * 3, state=["计划", "完成", None]
    )
    tables, _ = whole(visits=visits)
    assert said(ahead(tables, dt.date(2026, 1, 5), at)) == [
        ("orders!date1", "warning", "the date 2026-01-06 lies after the day of the report, 2026-01-05"),
        ("visits!date1", "warning", "the date 2026-02-01 lies after the day of the report, 2026-01-05 (2 rows)"),
    ]


def test_checking_what_was_checked_changes_nothing():
    tables, _ = whole(products=frame(product_id=["P1"], name=["Pump"]))
    again, problems = check(tables, at)
    assert problems == []
    for id, table in tables.items():
        pd.testing.assert_frame_equal(again[id], table)


@pytest.mark.parametrize("table", BY_ID.values(), ids=lambda t: t.id)
def test_values_once_read_are_read_the_same_again(table: Table):
    typed = {"date": "2025年7月28日", "number": "1", "money": "1", "score": "1", "id": "１"}
    raw = pd.DataFrame(
        [{c.id: c.choices[0].name.zh if c.choices else typed.get(c.kind, "x") for c in table.columns}], dtype=object
    )
    understood = tidy.understand(table, raw, lambda a, b: "")
    again = tidy.understand(table, understood.carried(raw), lambda a, b: "")
    pd.testing.assert_frame_equal(again.frame, understood.frame)
