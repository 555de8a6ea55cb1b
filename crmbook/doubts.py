"""What looks wrong though it can be read: days to come, money and days that contradict each other; warnings, the rows count."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmbook.figures.numbered import places
from crmbook.figures.order_lines import LARGEST, Array, summed, units, worth, yuan
from crmbook.problems import Problem, stop
from crmbook.reading import repeats
from crmbook.reading.cell import half, shown
from crmbook.reading.crosscheck import meant
from crmbook.reading.row_keys import row_key
from crmbook.reading.tidy import Locator, by_value, several
from crmbook.schema import BY_ID, Table, Tables
from crmbook.settings import Settings
from crmbook.source import Reading
from crmbook.text import Text

DAYS = {"orders": "date", "payments": "date", "visits": "date", "service": "received", "surveys": "date"}

AHEAD = Text("日期 {day} 晚于基准日期 {today}", "the date {day} lies after the day of the report, {today}")
LATER = Text("有 {count} 行晚于基准日期 {day}，没有计入", "{count} rows lie after the day of the report, {day}, and are not counted")  # fmt: skip
MOVE_DAY = Text("如要计入，请改写或清空“设置”中的基准日期", "to count them, change or clear “As of” in Settings")
MEND_DATE = Text("请核对日期；到期前该行不计入", "check the date; the row does not count before that day")
RETURNED = Text("客户 {id} 本期退货多于购买，未参加 ABC 评级", "customer {id} returned more than was bought in the period and has no ABC class")  # fmt: skip
LOOK_AT_RETURNS = Text("请核对退货订单；如属实，无需处理", "check the orders with negative amounts; if they are right, nothing is to be done")  # fmt: skip
NO_AMOUNT = Text(
    "没有金额，也没有数量和单价，按 0 元计", "there is no amount, nor quantity and price: it counts as 0 yuan"
)
NONE_HAS = Text("{count} 行订单都没有金额，也没有数量和单价，全部按 0 元计", "none of the {count} order lines has an amount, or quantity and price: all count as 0 yuan")  # fmt: skip
GIVE_AMOUNT = Text("请填写金额，或数量和单价", "fill in the amount, or quantity and price")
TOO_LARGE = Text("金额之大无法准确汇总，仅这一行就有 {value}", "the amounts are too large to be summed exactly; this row alone has {value}")  # fmt: skip
MEND_NUMBERS = Text("请检查金额、数量和单价，是否误填了电话、条码等", "check amounts, quantities and prices: a phone number or a barcode may stand there")  # fmt: skip
NO_ORDER = Text("订单号 {id} 不在订单表中", "order {id} is not in the table of orders")
NOT_THEIRS = Text("订单 {order} 是客户 {whose} 的，不是 {id} 的", "order {order} is of customer {whose}, not of {id}")
MEND_ORDER = Text(
    "请改正订单号或客户编号；该行照常计入", "correct the order's or the customer's number; the row counts all the same"
)
OVERPAID_ORDER = Text("订单 {order} 共收款 {paid} 元，多于订单净额 {net} 元", "{paid} yuan were received for order {order}, more than its net amount of {net}")  # fmt: skip
CHECK_PAYMENTS = Text("请核对收款的金额和订单号；照常计入", "check the amounts and order numbers of the payments; they count all the same")  # fmt: skip
OVERPAID = Text("客户 {id} 累计收款 {paid} 元，多于累计订单净额 {net} 元", "customer {id} paid {paid} yuan in all, more than the net amount of all orders, {net}")  # fmt: skip
CHECK_ORDERS = Text("请核对收款，或补录缺少的订单", "check the payments, or enter the orders that are missing")
CLOSED_BEFORE = Text(
    "完成时间 {then} 早于受理时间 {received}", "closed at {then}, before it was received at {received}"
)
DUE_BEFORE = Text("要求完成时间 {then} 早于受理时间 {received}", "due at {then}, before it was received at {received}")
CLOSED_AHEAD = Text("完成时间 {then} 晚于今天 {today}", "closed at {then}, which lies after today, {today}")
MEND_MOMENT = Text("请核对日期和时间", "check the dates and times")
TOLERANCE = 0.01  # of what a customer bought: discounts and bank charges
# The order each row names, as `places` has it: by number, and the words; and each word's place among the orders, -1 for one that
# is not there.
Named = tuple[Array, Array, Array]
FEN = 100  # in units of 1/10,000 yuan


def found(reading: Reading, facts: pd.DataFrame, settings: Settings, clock: date, locate: Locator) -> list[Problem]:
    """Every doubt about what was read; `facts`: the ledger's figures, `clock`: the real day."""
    tables, today = reading.tables, settings.today
    incomplete = _incomplete(tables["orders"], reading.raw)
    known = {id: at for at, id in enumerate(places(tables["orders"], "order_id")[1].tolist())}
    named = {id: _orders_named(tables[id], known) for id in ("payments", "service")}
    return [
        *ahead(tables, max(today, clock), locate),
        *not_yet(tables, today, clock, locate),
        *unrated(tables["customers"], facts, locate),
        *without_amount(tables["orders"], locate),
        *_strange_orders(tables, named, incomplete[0], locate),
        *_overpaid_orders(tables, named["payments"], incomplete[0], locate),
        *_overpaid(tables["customers"], facts, incomplete[1], locate),
        *_service(tables["service"], max(today, clock), locate),
        *repeats.customers(tables["customers"], locate),
        *repeats.order_lines(tables["orders"], locate),
        *repeats.regions(tables["customers"], locate),
    ]


def must_be_summable(tables: Tables, locate: Locator) -> None:
    """Stops the run where orders or payments come to more than can be summed exactly, at the largest of their rows."""
    orders, payments = tables["orders"], tables["payments"]
    amounts = (("orders", "amount", worth(orders)), ("orders", "quantity", orders["quantity"]), ("orders", "cost", orders["cost"]), ("payments", "amount", payments["amount"]))  # fmt: skip
    for table, column, values in amounts:
        sizes = np.nan_to_num(np.abs(np.asarray(values, dtype="float64")))
        if sizes.sum() > LARGEST:
            row = int(sizes.argmax())
            where = locate(table, int(tables[table].index[row]), column)
            raise stop(where, TOO_LARGE.fill(value=f"{sizes[row]:,.0f}"), MEND_NUMBERS)


def ahead(tables: Tables, today: date, locate: Locator) -> list[Problem]:
    """A warning for every day after the day of the report on which rows are dated; planned visits may be."""
    problems: list[Problem] = []
    what = AHEAD.fill(day="{id}", today=today)
    for id, column in DAYS.items():
        late, frame = _after(tables, id, today), tables[id]
        if late.any():
            days = frame.assign(**{column: frame[column].dt.normalize()})
            problems += by_value(BY_ID[id], days, late, column, locate, what=what, fix=MEND_DATE)
    return problems


def not_yet(tables: Tables, day: date, clock: date, locate: Locator) -> list[Problem]:
    """One warning per table for the rows between the day of the report, where that lies in the past, and today."""
    problems = []
    for id, column in DAYS.items():
        late = _after(tables, id, day) & ~_after(tables, id, clock)
        if late.any():
            where, count = locate(id, int(tables[id].index[late][0]), column), int(late.sum())
            problems.append(Problem(where, LATER.fill(count=count, day=day), MOVE_DAY, "warning", id, count=count))
    return problems


def _after(tables: Tables, id: str, day: date) -> Any:
    """Which rows are dated after a day; visits that are only planned, or were cancelled, may be."""
    frame = tables[id]
    late = (frame[DAYS[id]] >= pd.Timestamp(day) + pd.Timedelta(days=1)).to_numpy()
    return late & ~frame["state"].isin(["planned", "cancelled"]).to_numpy() if id == "visits" else late


def unrated(customers: pd.DataFrame, facts: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every customer who returned more than was bought in the period: it has no ABC class."""
    frame = customers.assign(net=facts["net_period"].reindex(customers["customer_id"]).to_numpy())
    which = (frame["net"] < 0).to_numpy()
    return by_value(BY_ID["customers"], frame, which, "customer_id", locate, what=RETURNED, fix=LOOK_AT_RETURNS)


def without_amount(orders: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every order line of which nobody can tell what it is worth, or one for all of them."""
    rows, table = np.flatnonzero(np.isnan(worth(orders))), BY_ID["orders"]
    if 0 < len(rows) == len(orders):
        where, words = locate("orders", int(orders.index[0]), "amount"), NONE_HAS.fill(count=len(rows))
        return [Problem(where, words, GIVE_AMOUNT, "warning", "orders", count=len(rows))]
    return several(
        rows,
        lambda row: _at(table, orders, row, "amount", locate, NO_AMOUNT, GIVE_AMOUNT),
        table.column("amount").label,
    )


def _strange_orders(tables: Tables, named: Mapping[str, Named], incomplete: set[str], locate: Locator) -> list[Problem]:
    """A warning for every order named by a payment or a request that is not there, or is another customer's.

    An order whose lines were left out is there: that has been said already.
    """
    orders = tables["orders"]
    order, ids = places(orders, "order_id")
    first = np.empty(len(ids), "int64")
    first[order[::-1]] = np.arange(len(orders))[::-1]
    customers = orders["customer_id"].to_numpy(object)[first]
    likely, problems = meant(ids), []
    for id in ("payments", "service") if len(orders) else ():
        table, frame = BY_ID[id], tables[id]
        numbers, words, at = named[id]
        lost = (at < 0) & ~_among(words, incomplete)
        stranger = np.append(lost, [False])[numbers]
        problems += by_value(table, frame, stranger, "order_id", locate, what=NO_ORDER, fix=MEND_ORDER, meant=likely)
        found = np.append(at, -1)[numbers]
        whose = customers[found]
        others = (found >= 0) & (whose != frame["customer_id"].to_numpy(object))

        def other(row: int, frame: pd.DataFrame = frame, whose: Array = whose, table: Table = table) -> Problem:
            own, order = frame["customer_id"].iloc[row], frame["order_id"].iloc[row]
            words = NOT_THEIRS.fill(order=order, whose=whose[row], id=own)
            return _at(table, frame, row, "order_id", locate, words, MEND_ORDER)

        problems += several(np.flatnonzero(others), other, table.column("order_id").label)
    return problems


def _orders_named(frame: pd.DataFrame, known: Mapping[str, int]) -> Named:
    numbers, words = places(frame, "order_id")
    return numbers, words, np.array([known.get(word, -1) for word in words.tolist()], "int64")


def _among(words: Array, some: set[str]) -> Array:
    return pd.Index(words, dtype=object).isin(list(some))


def _overpaid_orders(tables: Tables, named: Named, incomplete: set[str], locate: Locator) -> list[Problem]:
    """A warning for every order that was paid beyond its net amount, at its last payment; not where lines of it were left out."""
    paid, orders = tables["payments"], tables["orders"]
    numbers, words, at = named
    rows = np.flatnonzero(numbers >= 0)
    order, ids = places(orders, "order_id")
    net = np.append(summed(order, units(worth(orders)), len(ids)), 0)[at]
    sums = summed(numbers[rows], units(paid["amount"].to_numpy())[rows], len(words))
    last = np.empty(len(words), "int64")
    last[numbers[rows]] = rows
    over = (at >= 0) & (sums > np.maximum(net, 0) + FEN) & ~_among(words, incomplete)

    def problem(row: int) -> Problem:
        had, due = (f"{float(yuan(of[numbers[row]])):,.2f}" for of in (sums, net))
        said = OVERPAID_ORDER.fill(order=words[numbers[row]], paid=had, net=due)
        return _at(BY_ID["payments"], paid, row, "amount", locate, said, CHECK_PAYMENTS)

    return several(np.sort(last[over]), problem, BY_ID["payments"].column("amount").label)


def _overpaid(customers: pd.DataFrame, facts: pd.DataFrame, incomplete: set[str], locate: Locator) -> list[Problem]:
    """A warning for every customer who paid more than everything bought, by more than 1 %; not where lines were left out."""
    figures = facts[["received_total", "net_total"]].reindex(customers["customer_id"])
    paid, net = figures["received_total"].to_numpy(), figures["net_total"].to_numpy()
    whole = ~customers["customer_id"].isin(incomplete).to_numpy()
    over = (paid > np.maximum(net, 0) * (1 + TOLERANCE) + 0.01) & whole

    def problem(row: int) -> Problem:
        id = customers["customer_id"].iloc[row]
        words = OVERPAID.fill(id=id, paid=f"{paid[row]:,.2f}", net=f"{net[row]:,.2f}")
        return _at(BY_ID["customers"], customers, row, "customer_id", locate, words, CHECK_ORDERS)

    return several(np.flatnonzero(over), problem, BY_ID["customers"].column("customer_id").label)


def _incomplete(orders: pd.DataFrame, raw: Tables) -> tuple[set[str], set[str]]:
    """The orders of which lines were left out for an error, which has been said already, and their customers."""
    typed = raw.get("orders", pd.DataFrame())
    out = typed[~np.isin(np.arange(len(typed)), orders.index)]
    named = [
        {_id(cell) for cell in out[id].dropna().unique()} if id in out else set() for id in ("order_id", "customer_id")
    ]
    return named[0], named[1] | set(orders.loc[orders["order_id"].isin(named[0]), "customer_id"])


def _id(cell: Any) -> str:
    return half(cell) if isinstance(cell, str) else shown(cell)


def _service(requests: pd.DataFrame, today: date, locate: Locator) -> list[Problem]:
    """A warning for every request that was closed or due before it came in, or closed after today."""
    problems: list[Problem] = []
    tomorrow = pd.Timestamp(today) + pd.Timedelta(days=1)
    for column, wrong, what in (
        ("closed", requests["closed"] < requests["received"], CLOSED_BEFORE),
        ("due", requests["due"] < requests["received"], DUE_BEFORE),
        ("closed", (requests["closed"] >= tomorrow) & (requests["received"] < tomorrow), CLOSED_AHEAD),
    ):

        def problem(row: int, column: str = column, what: Text = what) -> Problem:
            cells = {id: requests[id].iloc[row] for id in ("received", column)}
            words = what.fill(then=f"{cells[column]:%Y-%m-%d %H:%M}", received=f"{cells['received']:%Y-%m-%d %H:%M}", today=today)  # fmt: skip
            return _at(BY_ID["service"], requests, row, column, locate, words, MEND_MOMENT)

        problems += several(np.flatnonzero(wrong.to_numpy()), problem, BY_ID["service"].column(column).label)
    return problems


def _at(table: Table, frame: pd.DataFrame, row: int, column: str, locate: Locator, what: Text, fix: Text) -> Problem:
    where = locate(table.id, int(frame.index[row]), column)
    return Problem(where, what, fix, "warning", table.id, row_key(table, frame, row))
