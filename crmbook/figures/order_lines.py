"""Order lines in whole units of 1/10,000, so that a sum is exact whatever the row order, and their sums by any keys.

`yuan` turns units back, rounded half up to the fen. Rows are held column by column in plain arrays: a book of fifty customers
asks for some thousand small sums, and a frame would take longer to make than to add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmbook import schema

UNITS = 10_000
LARGEST = 9e14  # what whole units can hold of amounts, and of their sums
MOST = 2**62  # beyond which whole numbers no longer tell combinations apart
Array = npt.NDArray[Any]
Columns = Mapping[str, Array]  # rows, column by column
_DTYPES: dict[str, Any] = {
    "number": "float64",
    "money": "float64",
    "percent": "float64",
    "score": "float64",
    "date": "datetime64[ns]",
    "moment": "datetime64[ns]",
}


def table(tables: schema.Tables, shape: schema.Table, columns: Iterable[str]) -> dict[str, Array]:
    """The named columns of a typed table; a table or column that is not there is blank throughout."""
    given = tables.get(shape.id, pd.DataFrame())
    found = {}
    for id in columns:
        dtype = _DTYPES.get(shape.column(id).kind, "object")
        found[id] = given[id].to_numpy(dtype) if id in given else np.full(len(given), None, object).astype(dtype)
    return found


def only(rows: Columns, which: Array) -> dict[str, Array]:
    """Some of the rows: those that are True, or those at these positions, in their order."""
    return {name: values[which] for name, values in rows.items()}


def moment(day: date) -> np.datetime64:
    """A day as it compares with the days of a table."""
    return np.datetime64(day, "ns")


def units(values: Array) -> Array:
    """Amounts → whole units of 1/10,000; a blank counts nothing, one that is too large as much as there can be."""
    held = np.clip(np.nan_to_num(np.asarray(values, dtype="float64")), -LARGEST, LARGEST)
    return np.asarray(np.rint(held * UNITS).astype("int64"))


def yuan(units: Array) -> Array:
    """Units → amounts, rounded half away from zero to the fen."""
    fen = (np.abs(units) + 50) // 100
    return np.where(units < 0, -fen, fen) / 100


def summed(customer: Array, amount: Array, customers: int) -> Array:
    """Exact sums of whole units by customer."""
    sums = np.zeros(customers, "int64")
    np.add.at(sums, customer, amount)
    return sums


def latest_of(customer: Array, which: Array, customers: int) -> Array:
    """The last of these rows of each customer, -1 without one."""
    found = np.full(customers, -1)
    found[customer[which]] = np.flatnonzero(which)
    return found


def worth(orders: Columns | pd.DataFrame) -> Array:
    """What each order line comes to, in yuan: its amount, or quantity × price where that is blank; NaN where nobody can tell."""
    quantity, price, amount = (np.asarray(orders[c], dtype="float64") for c in ("quantity", "price", "amount"))
    return np.where(np.isnan(amount), quantity * price, amount)


def amounts(orders: Columns) -> dict[str, Array]:
    """Order lines → `net`, `gross` (purchases only), `pieces` and `cost`, all in units; blanks count nothing."""
    net = units(worth(orders))
    return {"net": net, "gross": np.maximum(net, 0), "pieces": units(orders["quantity"]), "cost": units(orders["cost"])}


def grouped(keys: Columns, sums: Columns) -> dict[str, Array]:
    """Numbers or days by key → a row for each combination that is there, in their order, with the sums of whole numbers."""
    order, starts = _runs([*keys.values()])
    first = order[starts]
    found = {name: key[first] for name, key in keys.items()}
    return found | {name: np.add.reduceat(of[order], starts) if len(of) else of for name, of in sums.items()}


def one_of_each(keys: Columns, which: Array) -> Array:
    """1 in one row of each combination of the keys that these rows have, else 0."""
    order, starts = _runs([key[which] for key in keys.values()])
    found = np.zeros(len(which), "int64")
    found[np.flatnonzero(which)[order[starts]]] = 1
    return found


def _runs(keys: Sequence[Array]) -> tuple[Array, Array]:
    """An order of the rows in which equal ones stand together, and where each run of them begins."""
    at, size = np.zeros(len(keys[0]), "int64"), 1
    for key in keys:
        number = key.astype("datetime64[s]").astype("int64") if key.dtype.kind == "M" else key
        low, high = (int(number.min()), int(number.max())) if len(number) else (0, 0)
        if high - low >= MOST:
            number, low = np.unique(number, return_inverse=True)[1], 0
            high = len(number)
        if size * (high - low + 1) >= MOST:
            at = np.unique(at, return_inverse=True)[1]
            size = len(at)
        at, size = at * (high - low + 1) + (number - low), size * (high - low + 1)
    order = np.argsort(at, kind="stable")
    return order, np.flatnonzero(np.diff(at[order], prepend=-1))
