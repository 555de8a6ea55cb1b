"""Sums over orders and payments as formulas: what they say, and whether the book is small and clean enough for them."""

import re
from collections import Counter
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from crmbook.problems import Problem
from crmbook.reading.kinds import TYPE_A_NUMBER
from crmbook.reading.tidy import Locator
from crmbook.schema import BY_ID, Column, Tables
from crmbook.settings import Settings
from crmbook.text import Text

# The day of the last refresh, written into each row, where no day is set: with TODAY() Excel would sum all orders anew at
# every key, and the sums would part from the other figures at midnight.
DAY = Column(
    "day", Text("统计日", "Day"), "date", help=Text("更新时的基准日期", "the day of the report at the last refresh")
)
TODAY = 'IF(AS_OF="",[@day],AS_OF)'
NEW_YEAR = f"DATE(YEAR({TODAY}),1,1)"
START = f"IF(OR(N(PERIOD_START)=0,N(PERIOD_START)>{TODAY}),{NEW_YEAR},PERIOD_START)"
LAST_NEW_YEAR, LAST_YEARS_END = f"DATE(YEAR({TODAY})-1,1,1)", f"DATE(YEAR({TODAY})-1,12,31)"

_OF_THE_CUSTOMER = '{table}[customer_id],[@customer_id],{table}[date],">="&{first},{table}[date],"<="&{last}'
# Where an amount is left blank it is quantity × price; the second part costs nothing where every amount is filled. Its
# conditions stand apart: LibreOffice takes twice as long to multiply them first.
_SOLD = (
    f"ROUND(SUMIFS(orders[amount],{_OF_THE_CUSTOMER})+IF(COUNT(orders[amount])<COUNT(orders[date]),"
    'SUMPRODUCT((orders[customer_id]=[@customer_id])*1,(orders[amount]="")*1,(orders[date]>={first})*1,(orders[date]<={last})*1,'
    "orders[quantity],orders[price]),0),2)"
)
_RECEIVED = f'IF(COUNTIF(payments[date],"<="&{TODAY})=0,"",ROUND(SUMIFS(payments[amount],{_OF_THE_CUSTOMER}),2))'
THIS_YEAR = _SOLD.format(table="orders", first=START, last=TODAY)
BEFORE = _SOLD.format(table="orders", first=f"EDATE({START},-12)", last=f"EDATE({TODAY},-12)")
LAST_YEAR = _SOLD.format(table="orders", first=LAST_NEW_YEAR, last=LAST_YEARS_END)
TO_DATE = _SOLD.format(table="orders", first="0", last=TODAY)
RECEIVED_PERIOD = _RECEIVED.format(table="payments", first=START, last=TODAY)
RECEIVED_TO_DATE = _RECEIVED.format(table="payments", first="0", last=TODAY)

NOT_FORMULAS = Text("汇总仍写成数值，没有写成公式：{why}", "sums stay values and are not formulas: {why}")
NOT_COUNTED = Text("这一行没有计入", "this row is not counted")
MEND_ROW = Text("请先改正这一行", "mend this row first")
NOT_A_DAY = Text("日期是文字或带有时间", "the date is text or has a time of day")
TYPE_A_DAY = Text("请改为日期，如 2026-3-15", "type a date such as 2026-3-15")
NOT_A_NUMBER = Text("这里是文字，公式不能用它计算", "this is text, and formulas cannot count with it")
PART_OF_A_FEN = Text("金额有不足一分的尾数", "the amount has a part of a fen")
ROUND_IT = Text("请四舍五入到分", "round it to the fen")
SPELT_OTHERWISE = Text("编号的写法与客户表不同", "the id is not spelt as in Customers")
SPELL_IT = Text("请按客户表的写法填写，并存为文本", "type it as it stands there, as text")
AMBIGUOUS = Text(
    "公式会把编号 {id} 当作别的内容，或与另一编号分不清",
    "a formula takes the id {id} for something else, or for another id",
)
RENAME = Text(
    "编号请以字母开头且不含 * ? ~ 等符号，或用不超过15位的数字",
    "let ids begin with a letter and hold no sign such as * ? ~, or be numbers of up to 15 digits",
)
# SUMIFS reads what it looks for as a number, a date or a pattern wherever it can.
PLAIN_ID = re.compile(
    r"[0-9]{1,15}|(?!true$|false$|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-./, ]*[0-9])"
    r"[^\W\d_][\w\-./# ]*",
    re.IGNORECASE,
)


def live(tables: Tables, raw: Tables, settings: Settings, locate: Locator) -> tuple[bool, list[Problem]]:
    """Whether sums are written as formulas; where staff asked for them and the data do not allow it, why.

    tables: as tidied; raw: the same as typed. Formulas must come to our own sums: every row counts, every date is a day and
    every amount a number of whole fen, and SUMIFS tells the customers' ids apart.
    """
    rule = settings["FORMULAS"]
    cells = len(tables["customers"]) * len(tables["orders"])
    if rule == "values" or (rule == "auto" and cells > settings["FORMULA_CELLS"]):
        return False, []
    found = _unclean(tables, raw)
    if found is None:
        return True, []
    table, row, column, what, fix = found
    words = NOT_FORMULAS.fill(why=what)
    return False, [Problem(locate(table, row, column), words, fix, "warning", table)] if rule == "formulas" else []


Fault = tuple[str, int, str, Text, Text]  # table, position of the row, column, what is wrong, how to mend it


def _unclean(tables: Tables, raw: Tables) -> Fault | None:
    """The first cell because of which a formula would come to another sum; None if there is none."""
    ids = tables["customers"]["customer_id"]
    alike = Counter(_as_sought(id) for id in ids)
    for at, id in zip(ids.index, ids, strict=True):
        if not PLAIN_ID.fullmatch(id) or alike[_as_sought(id)] > 1:
            return "customers", int(at), "customer_id", AMBIGUOUS.fill(id=id), RENAME
    for table in ("orders", "payments"):
        fault = _unclean_rows(table, tables[table], raw[table]) if table in raw else None
        if fault is not None:
            return fault
    return None


def _as_sought(id: str) -> str:
    """The id as SUMIFS compares it."""
    return id.lstrip("0") if id.isdigit() else id.casefold()


def _unclean_rows(table: str, typed: pd.DataFrame, raw: pd.DataFrame) -> Fault | None:
    columns = [c.id for c in BY_ID[table].columns if c.id in raw]
    filled = raw[columns].notna().any(axis=1)
    out = filled.index[filled & ~filled.index.isin(typed.index)]
    if len(out):
        return table, int(out[0]), columns[0], NOT_COUNTED, MEND_ROW
    rows = raw.loc[typed.index]
    blank = pd.Series(None, rows.index, object)
    amount, quantity, price = (rows.get(c, blank) for c in ("amount", "quantity", "price"))
    unfilled = amount.isna()
    tests: tuple[tuple[str, Any, Text, Text], ...] = (
        ("date", _are_days(rows["date"]), NOT_A_DAY, TYPE_A_DAY),
        ("customer_id", rows["customer_id"] == typed["customer_id"], SPELT_OTHERWISE, SPELL_IT),
        ("amount", unfilled | _are_numbers(amount), NOT_A_NUMBER, TYPE_A_NUMBER),
        *(
            (id, ~unfilled | of.isna() | _are_numbers(of), NOT_A_NUMBER, TYPE_A_NUMBER)
            for id, of in (("quantity", quantity), ("price", price))
        ),
    )
    for column, well, what, fix in tests:
        if not well.all():
            return table, int(well.index[~well.astype(bool)][0]), column, what, fix
    pieces, each = (pd.to_numeric(of.where(unfilled)) for of in (quantity, price))  # beside an amount they may be text
    money = amount.where(~unfilled, pieces * each).astype("float64").fillna(0.0) * 100
    parts = (money - money.round()).abs() > 1e-6
    return (table, int(parts.index[parts][0]), "amount", PART_OF_A_FEN, ROUND_IT) if parts.any() else None


def _are_days(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return pd.Series([_is_day(v) for v in values.tolist()], values.index, bool)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and (not isinstance(value, datetime) or value.time() == time())


def _are_numbers(values: "pd.Series[Any]") -> "pd.Series[Any]":
    held = values.tolist()
    fits = {kind: issubclass(kind, int | float) and kind is not bool for kind in {*map(type, held)}}
    return pd.Series([fits[type(v)] for v in held], values.index, bool)
