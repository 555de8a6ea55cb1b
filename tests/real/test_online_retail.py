"""The main job on real data: Online Retail 2009-10, 525,461 lines, through build, refresh and verify."""

from pathlib import Path

import pandas as pd
import pytest

from crmbook import book
from tests.conftest import REFERENCE
from tests.real import online_retail
from tests.real.standing import build, money, table

pytestmark = [pytest.mark.reference, pytest.mark.xdist_group("online_retail")]
WITHOUT_CUSTOMER = 107_927  # lines of the published data with a blank CustomerID


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    """The published lines, and the workbook made of them."""
    folder = tmp_path_factory.mktemp("retail")
    raw = online_retail.convert(REFERENCE / "online_retail" / "online_retail_2009_2010.parquet", folder / "csv")
    return raw, build(folder, folder / "csv", "zh")


def test_totals_by_customer_equal_pandas_on_the_raw_lines(retail):
    raw, path = retail
    wanted = (raw["Quantity"] * raw["UnitPrice"]).groupby(raw["CustomerID"]).sum().round(2)
    for form in ("chain", "sales"):
        found = money(path, form, "net_total", "customer_id")
        assert len(found) == len(wanted) == 4_383
        assert (found - wanted).abs().max() < 0.0051  # to the fen


def test_sales_of_the_period_equal_pandas_on_the_raw_lines(retail):
    raw, path = retail
    lines = raw[raw["InvoiceDate"].dt.year == 2010]
    wanted = (lines["Quantity"] * lines["UnitPrice"]).groupby(lines["CustomerID"]).sum().round(2)
    for form, column in (("grading", "sales"), ("sales", "this_year")):
        found = money(path, form, column, "customer_id")
        assert (found - wanted.reindex(found.index).fillna(0)).abs().max() < 0.0051


def test_returns_are_subtracted(retail):
    raw, path = retail
    back = raw[raw["Quantity"] < 0].dropna(subset=["CustomerID"])
    assert len(back) > 9_000
    lines = raw.dropna(subset=["CustomerID"]).groupby("CustomerID")["Quantity"]
    only = lines.max()[lambda largest: largest < 0].index  # who only ever returned
    assert len(only) > 10
    found = money(path, "chain", "net_total", "customer_id")
    assert (found[list(only)] < 0).all()


def test_lines_left_out_are_counted_and_explained(retail):
    _, path = retail
    checks = table(path, "checks")
    orders = checks[(checks["form"] == "订单") & (checks["severity"] == "错误")]
    assert orders["count"].sum() == WITHOUT_CUSTOMER
    assert orders["what"].str.contains("客户编号").all()
    assert book.check(path).problems != []


def test_lines_entered_twice_count_and_are_one_warning(retail):
    raw, path = retail
    known = raw.dropna(subset=["CustomerID"])
    same = ["InvoiceNo", "StockCode", "Quantity", "UnitPrice", "CustomerID"]
    checks = table(path, "checks")
    (warned,) = checks.loc[checks["what"].str.contains("重复录入"), "count"]
    day = known["InvoiceDate"].dt.normalize()
    assert warned == known[same].assign(day=day).duplicated().sum() > 5_000


def test_no_customer_is_taken_for_another(retail):
    _, path = retail
    assert not table(path, "checks")["what"].str.contains("同一客户").any()


def test_a_second_refresh_does_not_write(retail):
    _, path = retail
    before = path.read_bytes()
    assert not book.refresh(path).wrote
    assert path.read_bytes() == before


@pytest.mark.office
def test_every_formula_recalculates_to_its_value(retail):
    _, path = retail
    found = book.verify(path)
    assert found.own > 30_000
    assert found.differences == []
