"""The sums over order lines, written once on narwhals: the same code for pandas, DuckDB and the rest.

Money and quantities are counted in whole units of 1/10,000, so that a sum is exact whatever the row order; `yuan`
turns them back, rounded half up to the fen. Each function takes every line once and answers with a small frame.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from crmbook import schema
from crmbook.settings import Period

UNITS = 10_000
Array = npt.NDArray[Any]
_DTYPES: dict[str, Any] = {
    "number": "float64",
    "money": "float64",
    "percent": "float64",
    "score": "float64",
    "date": "datetime64[ns]",
    "moment": "datetime64[ns]",
}


def table(tables: schema.Tables, shape: schema.Table, columns: Sequence[str]) -> pd.DataFrame:
    """The named columns of a typed table with a RangeIndex; a table or column that is not there is blank throughout."""
    given = tables.get(shape.id, pd.DataFrame())
    out = {}
    for id in columns:
        values = given[id] if id in given else pd.Series([None] * len(given), given.index, object)
        dtype = _DTYPES.get(shape.column(id).kind, None if len(given) else "object")
        out[id] = values if dtype is None else values.astype(dtype)
    return pd.DataFrame(out).reset_index(drop=True)


def units(values: pd.Series | Array) -> Array:
    """Amounts → whole units of 1/10,000; a blank counts nothing."""
    return np.asarray(np.rint(np.nan_to_num(np.asarray(values, dtype="float64")) * UNITS).astype("int64"))


def yuan(units: Array) -> Array:
    """Units → amounts, rounded half away from zero to the fen."""
    fen = (np.abs(units) + 50) // 100
    return np.where(units < 0, -fen, fen) / 100


def summed(customer: Array, amount: Array, customers: int) -> Array:
    """Exact sums of whole units by customer."""
    sums = np.zeros(customers, "int64")
    np.add.at(sums, customer, amount)
    return sums


def lines(orders: Any) -> nw.LazyFrame[Any]:
    """Order lines → the same with `net`, `gross` (purchases only) and `pieces`, all in units."""
    quantity, amount = nw.col("quantity"), nw.col("amount")
    net = nw.when(~amount.is_null()).then(amount).otherwise(quantity * nw.col("price"))
    counted: nw.LazyFrame[Any] = nw.from_native(orders).lazy().with_columns(net=_units(net), pieces=_units(quantity))
    return counted.with_columns(gross=nw.when(nw.col("net") > 0).then(nw.col("net")).otherwise(0))


def until(lines: nw.LazyFrame[Any], today: date) -> nw.LazyFrame[Any]:
    """The lines up to today."""
    return lines.filter(nw.col("date") <= _moment(today))


def by_order(lines: nw.LazyFrame[Any], keys: Sequence[str] = ()) -> pd.DataFrame:
    """Lines → one row per customer, order, day and each of `keys`: net, gross, pieces (units)."""
    return _sums(lines, ["customer_id", "order_id", "date", *keys], ["net", "gross", "pieces"])


def by_product(lines: nw.LazyFrame[Any], period: Period, year_from: date) -> pd.DataFrame:
    """Lines → one row per customer and product, in units.

    net, net_12m (days after `year_from`); of the period: bought (number of purchase lines); lines_cost, cost and net_cost
    (lines with a cost of their own: number, cost, net); lines_blank, pieces_blank and net_blank (lines without, but with a
    quantity); pieces_all and net_pieces (every line with a quantity).
    """
    day, net, pieces, cost = nw.col("date"), nw.col("net"), nw.col("pieces"), nw.col("cost")
    within = (day >= _moment(period.start)) & (day <= _moment(period.end))
    counted, costed = ~nw.col("quantity").is_null(), ~cost.is_null()

    def where(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
        return nw.when(condition).then(value).otherwise(0)

    sums = {
        "net": net,
        "net_12m": where(day > _moment(year_from), net),
        "bought": (within & (net > 0)).cast(nw.Int64),
        "lines_cost": (within & costed).cast(nw.Int64),
        "cost": where(within & costed, _units(cost)),
        "net_cost": where(within & costed, net),
        "lines_blank": (within & ~costed & counted).cast(nw.Int64),
        "pieces_blank": where(within & ~costed & counted, pieces),
        "net_blank": where(within & ~costed & counted, net),
        "pieces_all": where(within & counted, pieces),
        "net_pieces": where(within & counted, net),
    }
    return _sums(lines.with_columns(**sums), ["customer_id", "product_id"], list(sums))


def by_channel(lines: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Lines → one row per customer and channel, one for no channel too: the number of lines."""
    return _sums(lines.with_columns(count=nw.lit(1)), ["customer_id", "channel"], ["count"])


def _sums(lines: nw.LazyFrame[Any], keys: list[str], sums: list[str]) -> pd.DataFrame:
    grouped = lines.select(*keys, *sums).group_by(*keys).agg(*(nw.col(s).sum() for s in sums))
    # DuckDB sums whole numbers into a wider type, which pandas would hold as objects.
    return grouped.with_columns(*(nw.col(s).cast(nw.Int64) for s in sums)).collect().to_pandas()


def _units(amount: nw.Expr) -> nw.Expr:
    return (amount.fill_null(0.0) * UNITS).round().cast(nw.Int64)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time())
