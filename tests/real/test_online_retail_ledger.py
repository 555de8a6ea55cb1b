"""A year of a real wholesaler: the ledger's totals by customer equal those of the raw rows, to the fen."""

import functools
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from crmbook.figures import ledger
from crmbook.settings import in_force

pytestmark = pytest.mark.reference
IN_FORCE = in_force({}, date(2010, 12, 9))


@functools.cache
def invoice_lines(file: Path):
    """The invoice lines of known customers, one row each, as the file holds them."""
    rows = pd.read_parquet(file).dropna(subset=["CustomerID"])
    return rows.assign(
        customer_id=rows["CustomerID"].astype("int64").astype(str),
        date=rows["InvoiceDate"].dt.normalize(),
        thousandths=(rows["Quantity"] * (rows["UnitPrice"] * 1000).round()).astype("int64"),
    )


@pytest.fixture
def raw(reference):
    return invoice_lines(reference / "online_retail" / "online_retail_2009_2010.parquet")


@pytest.fixture
def tables(raw):
    named = {"InvoiceNo": "order_id", "StockCode": "product_id", "Quantity": "quantity", "UnitPrice": "price"}
    orders = raw.rename(columns=named)[[*named.values(), "customer_id", "date"]]
    return {"customers": raw[["customer_id"]].drop_duplicates(), "orders": orders}


def fen(thousandths):
    """Whole thousandths → yuan, halves away from zero."""
    return (thousandths.abs() + 5) // 10 * thousandths.map(lambda n: -1 if n < 0 else 1) / 100


def test_totals_by_customer_equal_the_raw_rows_to_the_fen(raw, tables):
    facts = ledger.facts(tables, IN_FORCE)
    assert len(facts) == 4383
    for name, first in (("net_total", "2009-12-01"), ("net_period", "2010-01-01"), ("net_12m", "2009-12-10")):
        expected = fen(raw[raw["date"] >= first].groupby("customer_id")["thousandths"].sum()).reindex(
            facts.index, fill_value=0
        )
        assert (facts[name] == expected).all(), name
    bought = raw[raw["thousandths"] > 0]
    for name, expected in (
        ("orders", bought.groupby("customer_id")["InvoiceNo"].nunique()),
        ("order_days", bought.groupby("customer_id")["date"].nunique()),
    ):
        assert (facts[name] == expected.reindex(facts.index, fill_value=0)).all()
    pd.testing.assert_series_equal(
        facts["last_day"].dropna().sort_index(),
        bought.groupby("customer_id")["date"].max(),
        check_names=False,
        check_dtype=False,
    )


def test_months_add_up_to_the_year(raw, tables):
    months = ledger.net_by(tables, IN_FORCE, ["month"]).set_index("month")
    expected = fen(raw.groupby(raw["date"].dt.to_period("M").dt.to_timestamp())["thousandths"].sum())
    assert list(months.index) == list(expected.index)
    assert list(months["net"]) == list(expected)
