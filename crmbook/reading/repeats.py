"""What stands twice under two keys: customers, order lines, regions; warnings, the rows count as they stand."""

import numpy as np
import pandas as pd

from crmbook.figures.numbered import places
from crmbook.problems import Problem
from crmbook.reading import likeness
from crmbook.reading.crosscheck import region_meant
from crmbook.reading.row_keys import row_key
from crmbook.reading.tidy import Locator, by_value, several
from crmbook.schema import BY_ID
from crmbook.text import Text

TWICE = Text(
    "{id} {name} 与 {where} 的 {other} {called} 可能是同一客户（{why}）",
    "{id} {name} may be the same customer as {other} {called} at {where} ({why})",
)
JOIN = Text("、", ", ")
ONE_OF_THEM = Text("如是同一客户，请改用一个编号并删除多余的行；如为总部与分支等，请填写上级客户编号", "if it is one customer, use one number throughout and delete the other row; if one belongs to the other, fill in the parent customer")  # fmt: skip
DOUBLE_LINE = Text("订单 {order} 有内容完全相同的明细行，可能重复录入", "order {order} has lines that are the same in every column, perhaps entered twice")  # fmt: skip
DOUBLE_LINES = Text("{first}（全表共 {count} 行）", "{first} ({count} such lines in the table)")
DELETE_LINE = Text(
    "如是重复录入，请删除多余的行；删除前照常计入", "delete the line if it was entered twice; until then it counts"
)
TWO_WORDS = Text("区域“{id}”按单独的区域统计", "the region “{id}” is counted as a region of its own")
ONE_WORD = Text(
    "请统一写法；如确为不同区域，无需处理", "write one region in one way; if they are two, nothing is to be done"
)
LINE = ("order_id", "date", "customer_id", "product_id", "quantity", "price", "amount", "cost", "channel", "seller", "note")  # fmt: skip


def customers(frame: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every customer that may stand in an earlier row already; it names both rows."""
    table, found = BY_ID["customers"], likeness.doubles(frame)

    def problem(at: int) -> Problem:
        twin = found[at]
        (other, called), (id, name) = (frame[["customer_id", "name"]].iloc[row] for row in (twin.first, twin.second))
        first, second = (locate("customers", int(frame.index[row]), "name") for row in (twin.first, twin.second))
        why = Text.join(list(twin.why), JOIN.zh, JOIN.en)
        words = TWICE.fill(id=id, name=name, other=other, called=called, where=first, why=why)
        return Problem(second, words, ONE_OF_THEM, "warning", "customers", row_key(table, frame, twin.second))

    return several(range(len(found)), problem, table.column("name").label)


def order_lines(orders: pd.DataFrame, locate: Locator) -> list[Problem]:
    """One warning, at the first, for all order lines that repeat an earlier line of their order in everything but the number."""
    alike = pd.DataFrame({id: places(orders, id)[0] for id in ("order_id", "product_id")})
    same = alike.duplicated(keep=False).to_numpy()
    some, rows = orders[same], np.flatnonzero(same)
    worth = some["amount"].notna() | some["quantity"].notna()
    again = rows[(some.duplicated(list(LINE)) & worth).to_numpy()]
    if not len(again):
        return []
    row, count = int(again[0]), len(again)
    words = DOUBLE_LINE.fill(order=orders["order_id"].iloc[row])
    words = DOUBLE_LINES.fill(first=words, count=count) if count > 1 else words
    where = locate("orders", int(orders.index[row]), "order_id")
    return [Problem(where, words, DELETE_LINE, "warning", "orders", row_key(BY_ID["orders"], orders, row), count)]


def regions(frame: pd.DataFrame, locate: Locator) -> list[Problem]:
    """A warning for every region written in two ways."""
    likely, own = region_meant(frame["region"]), frame["region"]
    longer = {word for word in own.dropna().unique() if likely(word) is not None}
    which = own.isin(longer).to_numpy()
    return by_value(BY_ID["customers"], frame, which, "region", locate, what=TWO_WORDS, fix=ONE_WORD, meant=likely)
