"""What only shows when rows and tables are held beside each other: double keys, unknown customers, links in a circle."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from crmbook.problems import Problem, stop
from crmbook.reading.cell import fold
from crmbook.reading.row_keys import row_key
from crmbook.reading.tidy import Locator, Meant, Understood, by_value, empty, several
from crmbook.schema import ALL, BY_ID, REGIONS, Choice, Table, Tables
from crmbook.text import Text

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
LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")  # what a sheet drops when it takes a code for a number
REGION_END = re.compile(rf"(?:{Text('销售大区|大区|地区|区域|片区|区', 'region').zh}|region|area)$")
NO_ROWS = Text("表中没有数据", "there is no data in the table")
ADD_ROWS = Text("请填写后再更新", "fill it in and refresh again")


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
    known = held["customers"]["customer_id"]
    of_customers = meant(known)
    for table in ALL:
        if any(c.id == "customer_id" and c.refers for c in table.columns):
            frame = held[table.id]
            stranger = ~frame["customer_id"].isin(known).to_numpy()
            problems += by_value(table, frame, stranger, "customer_id", locate, what=UNKNOWN_CUSTOMER, fix=ADD_CUSTOMER, severity="error", meant=of_customers)  # fmt: skip
            held[table.id] = frame[~stranger] if stranger.any() else frame
    products = held["products"]["product_id"]
    for table in ALL:
        if len(products) and any(c.id == "product_id" and c.refers for c in table.columns):
            named = held[table.id]["product_id"]
            stranger = (named.notna() & ~named.isin(products)).to_numpy()
            problems += by_value(table, held[table.id], stranger, "product_id", locate, what=UNKNOWN_PRODUCT, fix=ADD_PRODUCT, meant=meant(products))  # fmt: skip
    for link in ("parent_id", "referrer_id"):
        held["customers"], found = _linked(held["customers"], link, locate)
        problems += found
    held["targets"], found = _aimed(held["targets"], held["customers"], locate)
    problems += found
    return held, problems


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
        key = row_key(table, frame, row)
        words = DOUBLE.fill(label=column.label, key=key)
        return Problem(locate(table.id, int(positions[row]), column.id), words, RENUMBER, "error", table.id, key)

    return frame[~double], several(rows, problem, column.label)


def _linked(customers: pd.DataFrame, link: str, locate: Locator) -> tuple[pd.DataFrame, list[Problem]]:
    """Customers with only those links left that lead to another customer and not back."""
    table, label = BY_ID["customers"], BY_ID["customers"].column(link).label
    ids, links = customers["customer_id"], customers[link]
    itself = (links == ids).to_numpy()
    stranger = (links.notna() & ~links.isin(ids)).to_numpy()
    problems = by_value(table, customers, stranger, link, locate, what=UNKNOWN_LINK, fix=MEND_LINK, meant=meant(ids))
    problems += by_value(table, customers, itself, link, locate, what=SELF_LINK, fix=MEND_LINK)
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
    regions = {fold(word): region.id for region in REGIONS for word in _words(region)}
    of_regions = targets["object"].map(lambda word: word if word is None else regions.get(fold(word), word))
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
            likely = region_meant(customers["region"]) if choice.id == "region" else meant(known[choice.id])
            problems += by_value(BY_ID["targets"], targets, lost, "object", locate, what=what, fix=MEND_OBJECT, meant=likely)  # fmt: skip
    return targets, problems


def meant(known: Iterable[str]) -> Meant:
    """Known ids → a function from an unknown one to the only known one that differs just by noughts, case and blanks."""

    @cache  # in most books nobody asks
    def alike() -> dict[str, set[str]]:
        by_bare: dict[str, set[str]] = {}
        for id in known:
            by_bare.setdefault(_bare(id), set()).add(id)
        return by_bare

    def found(id: str) -> str | None:
        same = alike().get(_bare(id), set())
        return next(iter(same)) if len(same) == 1 else None

    return found


def _bare(id: str) -> str:
    return LEADING.sub("", fold(id))


def region_meant(regions: "pd.Series[Any]") -> Meant:
    """The regions in use → a function from one to the shorter word that stands for the same, a known region or one in use."""
    used = {fold(word): word for word in regions.dropna().unique()}
    words = used | {fold(region.name.zh): region.name.zh for region in REGIONS}
    words |= {fold(word): region.name.en for region in REGIONS for word in (region.id, region.name.en)}

    def found(region: str) -> str | None:
        bare = REGION_END.sub("", fold(region))
        return words.get(bare) if bare != fold(region) else None

    return found


def _words(choice: Choice) -> tuple[str, str, str]:
    return choice.id, choice.name.zh, choice.name.en
