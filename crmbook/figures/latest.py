"""What fits on one page about a customer: its last orders, visits and complaints, and whom to call.

Each answers with rows from the latest (contacts: from the highest role), at most so many per customer, with `customer_id`
and texts; days are written 2026-06-30, amounts 1234.50, so that a formula reads them in any country.
"""

from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.figures import numbered, order_lines
from crmbook.figures.requests import due
from crmbook.schema import Tables
from crmbook.settings import Settings
from crmbook.text import Text

ORDERS, CONTACTS, VISITS, COMPLAINTS = 5, 5, 4, 3  # of each customer
DAY, MOMENT = pd.Timedelta(days=1), pd.Timedelta(seconds=1)  # due at midnight is due on the day before
ROLES = {c.id: at for at, c in enumerate(schema.CONTACTS.column("role").choices)}
BETWEEN = Text("，", ", ")
NAMED = Text("{name}（{position}）", "{name} ({position})")
RESULT = Text("{content} → {result}", "{content} → {result}")
OPEN = Text("处理中，应于 {day} 前完成", "open, due {day}")
LATE = Text("处理中，已逾期 {days} 天", "open, {days} days late")
CLOSED = Text("{day} 已完成", "closed {day}")
CALLED = Text("{closed}，客户{call_back}", "{closed}, customer: {call_back}")


def orders(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Orders up to today, returns among them: day, order_id, amount (net)."""
    sold = tables["orders"]
    rows = numbered.by_order(sold)
    rows = rows[(rows["date"] <= pd.Timestamp(settings.today)).to_numpy()]
    rows = _first(rows.sort_values(["date", "order_id"], ascending=False, kind="stable"), ORDERS)
    customers, orders = (numbered.places(sold, id)[1][rows[id]] for id in ("customer_id", "order_id"))
    return pd.DataFrame(
        {
            "customer_id": pd.Series(customers, rows.index, object),
            "day": _days(rows["date"]),
            "order_id": pd.Series(orders, rows.index, object),
            "amount": [f"{amount:.2f}" for amount in order_lines.yuan(rows["net"].to_numpy()).tolist()],
        }
    )


def contacts(tables: Tables) -> pd.DataFrame:
    """Contacts, or the one in the table of customers where there are none: who (name and position), role (and attitude), phone."""
    rows = tables["contacts"]
    order = rows["role"].map(ROLES).fillna(len(ROLES)).astype("float64")
    rows = rows.assign(order=order, weight=rows["influence"].astype("float64"))
    rows = rows.sort_values(["order", "weight", "contact_id"], ascending=[True, False, True], kind="stable")
    customers = tables["customers"]
    only = customers[customers["contact"].notna() & ~customers["customer_id"].isin(rows["customer_id"])]
    only = only[["customer_id", "contact", "position", "phone"]].rename(columns={"contact": "name"})
    rows = pd.concat([_first(rows, CONTACTS).astype(object), only.astype(object)], ignore_index=True)
    role, attitude = (_words(rows[id], schema.CONTACTS.column(id)) for id in ("role", "attitude"))
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "who": _named(rows["name"], rows["position"]),
            "role": [_together(*words) for words in zip(role, attitude, strict=True)],
            "phone": rows["phone"],
        }
    )


def visits(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Completed visits up to today: day, who (way, visitor, whom they met), what (content and result)."""
    rows = tables["visits"]
    done = rows["state"].isna() | (rows["state"] == "done")
    rows = rows[(done & (rows["date"] <= pd.Timestamp(settings.today))).to_numpy()]
    rows = _first(rows.sort_values(["date", "visit_id"], ascending=False, kind="stable"), VISITS)
    ways = _words(rows["way"], schema.VISITS.column("way"))
    met = _named(rows["person"], rows["position"])
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "day": _days(rows["date"]),
            "who": [_together(*parts) for parts in zip(ways, rows["visitor"], met, strict=True)],
            "what": [_what(*parts) for parts in zip(rows["content"], rows["result"], strict=True)],
        }
    )


def complaints(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Complaints received up to today, the open ones first: day, level and content, state (when due, or how it ended)."""
    rows, end = tables["service"], pd.Timestamp(settings.today) + DAY
    rows = rows[((rows["type"] == "complaint") & (rows["received"] < end)).to_numpy()]
    rows = rows.assign(open=~(rows["closed"] < end), limit=due(rows, settings))
    order = rows.sort_values(["open", "received", "request_id"], ascending=[False, False, True], kind="stable")
    rows = _first(order, COMPLAINTS)
    calls = _words(rows["call_back"], schema.SERVICE.column("call_back"))
    states = zip(rows["open"], rows["limit"], rows["closed"], calls, strict=True)
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "day": _days(rows["received"]),
            "content": [_together(*parts) for parts in zip(rows["level"].str.upper(), rows["content"], strict=True)],
            "state": [_state(*parts, end) for parts in states],
        }
    )


def _first(rows: pd.DataFrame, count: int) -> pd.DataFrame:
    return rows[rows.groupby("customer_id").cumcount() < count]


def _days(values: "pd.Series[Any]") -> list[str]:
    return [str(day) for day in values.to_numpy().astype("datetime64[D]")]


def _words(values: "pd.Series[Any]", column: schema.Column) -> list[Text | None]:
    """Choices by their names."""
    names = {c.id: c.name for c in column.choices}
    return [names.get(value) for value in values]


def _named(names: "pd.Series[Any]", positions: "pd.Series[Any]") -> list[Any]:
    """Names with the position behind them."""
    both = zip(names, positions, strict=True)
    return [n if pd.isna(n) or pd.isna(p) else NAMED.fill(name=n, position=p) for n, p in both]


def _together(*parts: Any) -> Text:
    """What is known of them, with commas."""
    known = [part if isinstance(part, Text) else Text.same(part) for part in parts if isinstance(part, Text) or not pd.isna(part)]  # fmt: skip
    return Text.join(known, BETWEEN.zh, BETWEEN.en)


def _what(content: Any, result: Any) -> Any:
    if pd.isna(content) or pd.isna(result):
        return content if pd.isna(result) else result
    return RESULT.fill(content=content, result=result)


def _state(is_open: bool, limit: pd.Timestamp, closed: pd.Timestamp, call_back: Text | None, end: pd.Timestamp) -> Text:
    if is_open:
        late = (end - limit).days
        return LATE.fill(days=late) if limit < end else OPEN.fill(day=(limit - MOMENT).date())
    ended = CLOSED.fill(day=closed.date())
    return ended if call_back is None else CALLED.fill(closed=ended, call_back=call_back)
