"""What only shows when rows and tables are held beside each other: double keys, unknown customers, links in a circle."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from crmbook import kinds
from crmbook.problems import Problem, Severity, stop
from crmbook.schema import ALL, BY_ID, REGIONS, Choice, Table, Tables
from crmbook.text import Text
from crmbook.tidy import Locator, Understood, empty, several, understand

DATED = ("orders", "payments", "visits", "surveys")

DOUBLE = Text("{label} {key} 重复，先前已有一行", "{label} {key} stands twice, there is a row with it above")
RENUMBER = Text("请改成不同的编号或删除多余的行；改正前只计第一行", "give one of them another number or delete it; until then only the first row counts")  # fmt: skip
UNKNOWN_CUSTOMER = Text("客户编号 {id} 不在客户表中", "customer {id} is not in the table of customers")
ADD_CUSTOMER = Text("请改正编号或在客户表中添加该客户；改正前该行不计入", "correct the number or add the customer; until then the row is left out")  # fmt: skip
UNKNOWN_PRODUCT = Text("产品编号 {id} 不在产品表中", "product {id} is not in the table of products")
ADD_PRODUCT = Text("请改正编号或在产品表中添加该产品；该行照常计入", "correct the number or add the product; the row counts all the same")  # fmt: skip
UNKNOWN_LINK = Text("{label} {id} 不在客户表中", "{label} {id} is not in the table of customers")
SELF_LINK = Text("{label}填成了客户自己", "{label} is the customer itself")
CIRCLE = Text("{label}成环：{chain}", "{label} goes in a circle: {chain}")
MEND_LINK = Text("请改正编号；改正前按空白处理", "correct the number; until then it counts as blank")
OPEN_CIRCLE = Text(
    "请改正其中一个；改正前环中各项按空白处理", "correct one of them; until then all of these count as blank"
)
UNKNOWN_OBJECT = Text("{label}“{object}”没有客户", "no customer belongs to the {label} “{object}”")
MEND_OBJECT = Text("请按客户表中的写法填写对象", "write it as it stands in the table of customers")
AHEAD = Text("日期 {day} 晚于基准日期 {today}", "the date {day} lies after the day of the report, {today}")
LATER = Text("有 {count} 行晚于基准日期 {day}，没有计入", "{count} rows lie after the day of the report, {day}, and are not counted")  # fmt: skip
MOVE_DAY = Text("如要计入，请改写或清空“设置”中的基准日期", "to count them, change or clear “As of” in Settings")
MEND_DATE = Text("请核对日期；到期前该行不计入", "check the date; the row does not count before that day")
RETURNED = Text("客户 {id} 本期退货多于购买，未参加 ABC 评级", "customer {id} returned more than was bought in the period and has no ABC class")  # fmt: skip
LOOK_AT_RETURNS = Text("请核对退货订单；如属实，无需处理", "check the orders with negative amounts; if they are right, nothing is to be done")  # fmt: skip
IN_ROWS = Text("{what}（共 {count} 行）", "{what} ({count} rows)")
NO_ROWS = Text("表中没有数据", "there is no data in the table")
ADD_ROWS = Text("请填写后再更新", "fill it in and refresh again")


def read_all(raw: Tables, locate: Locator, *, date1904: bool = False) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Raw frames by table id → typed frame of every table of the schema, and all problems in them, in the tables' order."""
    understood = {id: understand(BY_ID[id], frame, partial(locate, id), date1904=date1904) for id, frame in raw.items()}
    return together(understood, locate, locate("customers", 0, "customer_id"))


def together(
    understood: Mapping[str, Understood], locate: Locator, place: str
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Tables understood one by one → typed frame of every table of the schema, held against each other, and all problems.

    Without any customer there is nothing to do: the run stops; `place` says where customers are to be filled in.
    """
    if "customers" not in understood or understood["customers"].empty.all():
        raise stop(place, NO_ROWS, ADD_ROWS)
    tables, problems = check({t.id: understood[t.id].typed if t.id in understood else empty(t.id) for t in ALL}, locate)
    problems = [*(p for u in understood.values() for p in u.problems), *problems]
    if "orders" not in understood or understood["orders"].empty.all():
        problems.append(Problem(locate("orders", 0, "order_id"), NO_ROWS, ADD_ROWS, "warning", "orders"))
    order = {table.id: at for at, table in enumerate(ALL)}
    return tables, sorted(problems, key=lambda p: order[p.form])


def check(tables: Tables, locate: Locator) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Typed frames → the same without the rows that another row or table contradicts, and the problems that says.

    Blank line numbers of orders are filled; a link to an unknown customer, to itself or in a circle becomes blank; a
    target's region becomes the region's id.
    """
    held = dict(tables)
    problems: list[Problem] = []
    for table in ALL:
        if table.id == "orders":
            held["orders"] = _numbered(held["orders"])
        held[table.id], found = _without_doubles(table, held[table.id], locate)
        problems += found
    customers = held["customers"]
    known = pd.Index(customers["customer_id"])
    for table in ALL:
        if any(c.id == "customer_id" and c.refers for c in table.columns):
            stranger = ~held[table.id]["customer_id"].isin(known).to_numpy()
            problems += _several(
                table,
                held[table.id],
                stranger,
                "customer_id",
                locate,
                what=UNKNOWN_CUSTOMER,
                fix=ADD_CUSTOMER,
                severity="error",
            )
            held[table.id] = held[table.id][~stranger]
    orders = held["orders"]
    if len(held["products"]):
        stranger = (
            orders["product_id"].notna() & ~orders["product_id"].isin(held["products"]["product_id"])
        ).to_numpy()
        problems += _several(
            BY_ID["orders"], orders, stranger, "product_id", locate, what=UNKNOWN_PRODUCT, fix=ADD_PRODUCT
        )
    for link in ("parent_id", "referrer_id"):
        held["customers"], found = _linked(held["customers"], link, locate)
        problems += found
    held["targets"], found = _aimed(held["targets"], held["customers"], locate)
    problems += found
    return held, problems


def ahead(tables: Tables, today: date, locate: Locator) -> list[Problem]:
    """A warning for every row dated after the day of the report; planned visits may be."""
    problems: list[Problem] = []
    what = AHEAD.fill(day="{id}", today=today)
    for id in DATED:
        late = _after(tables, id, today)
        problems += _several(BY_ID[id], tables[id], late, "date", locate, what=what, fix=MEND_DATE)
    return problems


def not_yet(tables: Tables, day: date, clock: date, locate: Locator) -> list[Problem]:
    """One warning per table for the rows between the day of the report, where that lies in the past, and today."""
    problems = []
    for id in DATED:
        late = _after(tables, id, day) & ~_after(tables, id, clock)
        if late.any():
            where, count = locate(id, int(tables[id].index[late][0]), "date"), int(late.sum())
            problems.append(Problem(where, LATER.fill(count=count, day=day), MOVE_DAY, "warning", id, count=count))
    return problems


def _after(tables: Tables, id: str, day: date) -> Any:
    """Which rows are dated after a day; visits that are only planned, or were cancelled, may be."""
    frame = tables[id]
    late = (frame["date"] > pd.Timestamp(day)).to_numpy()
    return late & ~frame["state"].isin(["planned", "cancelled"]).to_numpy() if id == "visits" else late


def unrated(customers: pd.DataFrame, facts: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every customer who returned more than was bought in the period: it has no ABC class."""
    frame = customers.assign(net=facts["net_period"].reindex(customers["customer_id"]).to_numpy())
    which = (frame["net"] < 0).to_numpy()
    return _several(BY_ID["customers"], frame, which, "customer_id", locate, what=RETURNED, fix=LOOK_AT_RETURNS)


def _several(table: Table, frame: pd.DataFrame, which: Any, column: str, locate: Locator, *, what: Text, fix: Text, severity: Severity = "warning") -> list[Problem]:  # fmt: skip
    """One problem for each value that stands in the column in the rows that `which` marks, said of the first such row.

    `{id}` in the words is the value.
    """
    rows = np.flatnonzero(which)
    codes, _ = pd.factorize(frame[column].iloc[rows])
    _, firsts, counts = np.unique(codes, return_index=True, return_counts=True)
    positions, values, label = frame.index.to_numpy(), frame[column], table.column(column).label

    def problem(code: int) -> Problem:
        row = int(rows[firsts[code]])
        value = values.iloc[row]
        said = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else kinds.shown(value)
        words = what.fill(id=said, label=label)
        if (count := int(counts[code])) > 1:
            words = IN_ROWS.fill(what=words, count=count)
        where = locate(table.id, int(positions[row]), column)
        return Problem(where, words, fix, severity, table.id, _key(table, frame, row), count)

    return several(range(len(counts)), problem, label, counts)


def _key(table: Table, frame: pd.DataFrame, row: int) -> str:
    parts = [frame[id].iloc[row] for id in table.key]
    return "/".join(f"{p:%Y-%m-%d}" if isinstance(p, pd.Timestamp) else kinds.shown(p) for p in parts if not pd.isna(p))


def _numbered(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines with blank line numbers filled: counted on from the largest that the order has."""
    blank = orders["line_no"].isna()
    if not blank.any():
        return orders
    largest = orders.groupby("order_id")["line_no"].transform("max").fillna(0)
    counted = blank.groupby(orders["order_id"]).cumsum()
    return orders.assign(line_no=orders["line_no"].where(~blank, largest + counted))


def _without_doubles(table: Table, frame: pd.DataFrame, locate: Locator) -> tuple[pd.DataFrame, list[Problem]]:
    double = frame.duplicated(list(table.key)).to_numpy()
    if not double.any():
        return frame, []
    rows, positions = np.flatnonzero(double), frame.index.to_numpy()
    column = table.column(table.key[0])

    def problem(row: int) -> Problem:
        key = _key(table, frame, row)
        words = DOUBLE.fill(label=column.label, key=key)
        return Problem(locate(table.id, int(positions[row]), column.id), words, RENUMBER, "error", table.id, key)

    return frame[~double], several(rows, problem, column.label)


def _linked(customers: pd.DataFrame, link: str, locate: Locator) -> tuple[pd.DataFrame, list[Problem]]:
    """Customers with only those links left that lead to another customer and not back."""
    table, label = BY_ID["customers"], BY_ID["customers"].column(link).label
    ids, links = customers["customer_id"], customers[link]
    itself = (links == ids).to_numpy()
    stranger = (links.notna() & ~links.isin(ids)).to_numpy()
    problems = _several(table, customers, stranger, link, locate, what=UNKNOWN_LINK, fix=MEND_LINK)
    problems += _several(table, customers, itself, link, locate, what=SELF_LINK, fix=MEND_LINK)
    links = links.where(~(itself | stranger), None)
    leads = {a: b for a, b in zip(ids, links, strict=True) if b is not None}
    at = dict(zip(ids, customers.index, strict=True))
    turning: set[str] = set()
    for circle in _circles(leads):
        turning.update(circle)
        first = min(circle, key=at.__getitem__)
        start = circle.index(first)
        chain = " → ".join([*circle[start:], *circle[:start], first])
        words = CIRCLE.fill(label=label, chain=chain)
        problems.append(
            Problem(locate("customers", int(at[first]), link), words, OPEN_CIRCLE, "warning", "customers", first)
        )
    return customers.assign(**{link: links.where(~ids.isin(turning), None)}), problems


def _circles(leads: Mapping[str, str]) -> list[list[str]]:
    """The circles among links of which each customer has at most one; every customer is visited once."""
    seen: dict[str, str] = {}  # customer → the walk that came by first
    circles = []
    for start in leads:
        walk, here = [], start
        while here in leads and here not in seen:
            seen[here] = start
            walk.append(here)
            here = leads[here]
        if seen.get(here) == start and here in walk:
            circles.append(walk[walk.index(here) :])
    return circles


def _aimed(targets: pd.DataFrame, customers: pd.DataFrame, locate: Locator) -> tuple[pd.DataFrame, list[Problem]]:
    """Targets whose region is an id, and a warning for those aimed at nobody."""
    if not len(targets):
        return targets, []
    regional = (targets["scope"] == "region").to_numpy()
    regions = {kinds.fold(word): region.id for region in REGIONS for word in _words(region)}
    of_regions = targets["object"].map(lambda word: word if word is None else regions.get(kinds.fold(word), word))
    targets = targets.assign(object=targets["object"].where(~regional, of_regions))
    known = {
        "region": {region.id for region in REGIONS} | set(customers["region"].dropna()),
        "owner": set(customers["owner"].dropna()),
        "customer": set(customers["customer_id"]),
    }
    problems: list[Problem] = []
    for choice in BY_ID["targets"].column("scope").choices:
        if choice.id in known:
            lost = ((targets["scope"] == choice.id) & ~targets["object"].isin(known[choice.id])).to_numpy()
            what = UNKNOWN_OBJECT.fill(label=choice.name, object="{id}")
            problems += _several(BY_ID["targets"], targets, lost, "object", locate, what=what, fix=MEND_OBJECT)
    return targets, problems


def _words(choice: Choice) -> tuple[str, str, str]:
    return choice.id, choice.name.zh, choice.name.en
