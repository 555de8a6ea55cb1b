"""What fits on one page about a customer: its last orders, visits and complaints, and whom to call.

Each answers with rows from the latest (contacts: from the highest role), at most so many per customer, with `customer_id`
and texts; days are written 2026-06-30, amounts 1234.50, so that a formula reads them in any country.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures import numbered, order_lines
from crmbook.figures.order_lines import Array, Columns, moment, only
from crmbook.figures.requests import due
from crmbook.schema import Tables
from crmbook.settings import Settings
from crmbook.text import Text, in_days

ORDERS, CONTACTS, VISITS, COMPLAINTS = 5, 5, 4, 3  # of each customer
DAY, SECOND = np.timedelta64(1, "D"), np.timedelta64(1, "s")  # due at midnight is due on the day before
ROLES = {c.id: at for at, c in enumerate(schema.CONTACTS.column("role").choices)}
BETWEEN = Text("，", ", ")
NAMED = Text("{name}（{position}）", "{name} ({position})")
RESULT = Text("{content} → {result}", "{content} → {result}")
OPEN = Text("处理中，应于 {day} 前完成", "open, due {day}")
LATE = Text("处理中，已逾期 {days} 天", "open, {days} late")
CLOSED = Text("{day} 已完成", "closed {day}")
CALLED = Text("{closed}，客户{call_back}", "{closed}, customer: {call_back}")


def orders(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Orders up to today, returns among them: day, order_id, amount (net)."""
    sold = tables["orders"]
    rows = numbered.by_order(sold)
    rows = only(rows, rows["date"] <= moment(settings.today))
    rows = _first(only(rows, _last_first(rows["date"], rows["order_id"])), ORDERS)
    customers, orders = (numbered.places(sold, id)[1][rows[id]] for id in ("customer_id", "order_id"))
    return _frame(
        customer_id=customers,
        day=_days(rows["date"]),
        order_id=orders,
        amount=[f"{amount:.2f}" for amount in order_lines.yuan(rows["net"]).tolist()],
    )


def contacts(tables: Tables) -> pd.DataFrame:
    """Contacts, or the one in the table of customers where there are none: who (name and position), role (and attitude), phone."""
    rows = _rows(tables, schema.CONTACTS, ("name", "position", "role", "attitude", "influence", "phone"))
    order = np.array([ROLES.get(role, len(ROLES)) for role in rows["role"].tolist()])
    rows = _first(only(rows, np.lexsort((rows["number"], -rows["influence"], order))), CONTACTS)
    role, attitude = (_words(rows[id], schema.CONTACTS.column(id)) for id in ("role", "attitude"))
    named = {*rows["customer_id"].tolist()}
    customers = order_lines.table(tables, schema.CUSTOMERS, ("customer_id", "contact", "position", "phone"))
    known = np.array([id in named for id in customers["customer_id"].tolist()], "bool")
    others = only(customers, ~pd.isna(customers["contact"]) & ~known)
    return _frame(
        customer_id=[*rows["customer_id"], *others["customer_id"]],
        who=[*_named(rows["name"], rows["position"]), *_named(others["contact"], others["position"])],
        role=[_together(*words) for words in zip(role, attitude, strict=True)] + [_together()] * len(others["contact"]),
        phone=[*rows["phone"], *others["phone"]],
    )


def visits(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Completed visits up to today: day, who (way, visitor, whom they met), what (content and result)."""
    rows = _first(_done(tables, settings, ("way", "person", "position", "visitor", "content", "result")), VISITS)
    ways = _words(rows["way"], schema.VISITS.column("way"))
    met = _named(rows["person"], rows["position"])
    return _frame(
        customer_id=rows["customer_id"],
        day=_days(rows["date"]),
        who=[_together(*parts) for parts in zip(ways, rows["visitor"], met, strict=True)],
        what=[_what(*parts) for parts in zip(rows["content"], rows["result"], strict=True)],
    )


def agreed(tables: Tables, settings: Settings) -> dict[str, str]:
    """By customer, the follow-up agreed at its last completed visit, if there is one."""
    rows = _first(_done(tables, settings, ("follow_up",)), 1)
    plans = zip(rows["customer_id"], rows["follow_up"], strict=True)
    return {id: plan for id, plan in plans if not pd.isna(plan)}


def recorded(tables: Tables, facts: pd.DataFrame, settings: Settings) -> Array:
    """Of each customer, the last day up to today on which anything was recorded: an order, visit, payment or survey."""
    today, never = moment(settings.today), np.datetime64("NaT", "ns")
    found = np.full(len(facts), never)
    for id in ("first_contact", "last_day", "last_contact"):
        days = facts[id].to_numpy()
        found = np.fmax(found, np.where(days <= today, days, never))
    for shape in (schema.PAYMENTS, schema.SURVEYS):
        at = numbered.positions(tables[shape.id], facts.index)
        days = order_lines.table(tables, shape, ("date",))["date"]
        some = (at >= 0) & (days <= today)
        np.fmax.at(found, at[some], days[some])
    return found


def complaints(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Complaints received up to today, the open ones first: day, level and content, state (when due, or how it ended)."""
    rows = _rows(tables, schema.SERVICE, ("type", "received", "due", "level", "closed", "content", "call_back"))
    end = moment(settings.today) + DAY
    rows = only(rows, (rows["type"] == "complaint") & (rows["received"] < end))
    rows |= {"open": ~(rows["closed"] < end), "limit": due(rows, settings)}
    order = np.lexsort((rows["number"], -rows["received"].astype("int64"), ~rows["open"]))
    rows = _first(only(rows, order), COMPLAINTS)
    calls = _words(rows["call_back"], schema.SERVICE.column("call_back"))
    levels = [level if pd.isna(level) else level.upper() for level in rows["level"]]
    states = zip(rows["open"], rows["limit"], rows["closed"], calls, strict=True)
    return _frame(
        customer_id=rows["customer_id"],
        day=_days(rows["received"]),
        content=[_together(*parts) for parts in zip(levels, rows["content"], strict=True)],
        state=[_state(*parts, end) for parts in states],
    )


def _rows(tables: Tables, shape: schema.Table, columns: tuple[str, ...]) -> dict[str, Array]:
    """These columns of a table and its customers, and the place of each row's own key among all in their order as `number`."""
    number = numbered.places(tables[shape.id], shape.key[0])[0]
    return order_lines.table(tables, shape, ("customer_id", *columns)) | {"number": number}


def _done(tables: Tables, settings: Settings, columns: tuple[str, ...]) -> dict[str, Array]:
    """Completed visits up to today, from the last to the first."""
    rows = _rows(tables, schema.VISITS, ("date", "state", *columns))
    done = pd.isna(rows["state"]) | (rows["state"] == "done")
    rows = only(rows, done & (rows["date"] <= moment(settings.today)))
    return only(rows, _last_first(rows["date"], rows["number"]))


def _last_first(days: Array, number: Array) -> Array:
    """The order from the last day to the first, and from the highest number to the lowest on one day."""
    return np.lexsort((-number, -days.astype("int64")))


def _first(rows: Columns, count: int) -> dict[str, Array]:
    """So many rows of each customer, the first."""
    codes = pd.factorize(rows["customer_id"])[0]
    order = np.argsort(codes, kind="stable")
    nth, kept = np.arange(len(order)) - np.searchsorted(codes[order], codes[order]), np.zeros(len(order), "bool")
    kept[order] = nth < count
    return only(rows, kept)


def _frame(**columns: Sequence[Any] | Array) -> pd.DataFrame:
    return pd.DataFrame({name: list(values) for name, values in columns.items()}, dtype=object)


def _days(values: Array) -> list[str]:
    days: list[str] = np.datetime_as_string(values, "D").tolist()
    return days


def _words(values: Array, column: schema.Column) -> list[Text | None]:
    """Choices by their names."""
    names = {c.id: c.name for c in column.choices}
    return [names.get(value) for value in values]


def _named(names: Array, positions: Array) -> list[Any]:
    """Names with the position behind them."""
    both = zip(names.tolist(), positions.tolist(), strict=True)
    return [n if _is_blank(n) or _is_blank(p) else NAMED.fill(name=n, position=p) for n, p in both]


def _together(*parts: Any) -> Text:
    """What is known of them, with commas."""
    known = [part if isinstance(part, Text) else Text.same(part) for part in parts if not _is_blank(part)]
    return Text.join(known, BETWEEN.zh, BETWEEN.en)


def _is_blank(cell: Any) -> bool:
    return cell is None or cell != cell  # noqa: PLR0124  (NaN is not itself)


def _what(content: Any, result: Any) -> Any:
    if _is_blank(content) or _is_blank(result):
        return content if _is_blank(result) else result
    return RESULT.fill(content=content, result=result)


def _state(
    is_open: bool, limit: np.datetime64, closed: np.datetime64, call_back: Text | None, end: np.datetime64
) -> Text:
    if is_open:
        return (
            LATE.fill(days=in_days(int((end - limit) // DAY)))
            if limit < end
            else OPEN.fill(day=(limit - SECOND).astype("datetime64[D]"))
        )
    ended = CLOSED.fill(day=closed.astype("datetime64[D]"))
    return ended if call_back is None else CALLED.fill(closed=ended, call_back=call_back)
