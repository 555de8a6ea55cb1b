"""The main job on real data: Online Retail 2009-10, 525,461 lines, through build, refresh and verify."""

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from crmbook import book
from tests.conftest import REFERENCE
from tests.real import online_retail

pytestmark = [pytest.mark.reference, pytest.mark.xdist_group("online_retail")]
WITHOUT_CUSTOMER = 107_927  # lines of the published data with a blank CustomerID


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    """The published lines, and the workbook made of them."""
    folder = tmp_path_factory.mktemp("retail")
    raw = online_retail.convert(REFERENCE / "online_retail" / "online_retail_2009_2010.parquet", folder / "csv")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        book.build(folder / "retail.xlsx", source=folder / "csv", lang="en")
    return raw, folder / "retail.xlsx"


def table(path: Path, sheet: str, first_header: str) -> pd.DataFrame:
    """A sheet's table as another reader sees it."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    header = next(i for i, row in enumerate(rows) if row[0] == first_header)
    return pd.DataFrame(rows[header + 1 :], columns=rows[header])


def test_totals_by_customer_equal_pandas_on_the_raw_lines(retail):
    raw, path = retail
    wanted = (raw["Quantity"] * raw["UnitPrice"]).groupby(raw["CustomerID"]).sum().round(2)
    chain = table(path, "Customer chain", "No.").set_index("Customer ID")["Bought in total"].astype(float)
    assert len(chain) == len(wanted) == 4_383
    assert (chain - wanted).abs().max() < 0.005  # to the fen


def test_sales_of_the_period_equal_pandas_on_the_raw_lines(retail):
    raw, path = retail
    lines = raw[raw["InvoiceDate"].dt.year == 2010]
    wanted = (lines["Quantity"] * lines["UnitPrice"]).groupby(lines["CustomerID"]).sum().round(2)
    grading = table(path, "Customer grading", "No.").set_index("Customer ID")["Sales"].astype(float)
    assert (grading - wanted.reindex(grading.index).fillna(0)).abs().max() < 0.005


def test_lines_left_out_are_counted_and_explained(retail):
    _, path = retail
    checks = table(path, "Checks", "No.")
    orders = checks[(checks["Form"] == "Orders") & (checks["Severity"] == "Error")]
    assert orders["Rows"].sum() == WITHOUT_CUSTOMER
    assert orders["What is wrong"].str.contains("Customer ID").all()
    assert book.check(path).problems != []


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
