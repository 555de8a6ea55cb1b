"""Totals of a table with hidden rows are those of the rows that are shown, also in the file before any program reckons anew."""

import shutil
from pathlib import Path

import pytest

from crmbook import book
from crmbook.verbs.verify import verify
from tests import excel_edits, small_book
from tests.reading import Reading

SALES, MONTHS = "crm_sales", "crm_customer_months"
SHOWN = ["K001", "K002"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book with two more forms that have totals."""
    folder = tmp_path_factory.mktemp("filtered")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        path = small_book.build(folder)
        book.into(path, forms=["sales", "customer_months"])
    return path


@pytest.fixture(params=["by a filter", "by hand"])
def path(built: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The same, but two customers hidden, and with an order more since."""
    path = Path(shutil.copy(built, tmp_path / "book.xlsx"))
    filters = [{"do": "filter", "table": t, "column": "客户编号", "values": SHOWN} for t in (SALES, MONTHS)]
    if request.param == "by hand":
        others = sorted({*small_book.CUSTOMERS}.difference(SHOWN))
        filters = [{"do": "hide_row", "table": t, "where": {"客户编号": id}} for t in (SALES, MONTHS) for id in others]
    order = {"do": "type", "table": "crm_orders", "where": {"订单号": "D000"}, "column": "金额", "value": 77_000}
    excel_edits.edit(path, [*filters, order])
    return path


def test_the_total_of_what_is_shown(path: Path):
    book.refresh(path)
    sales = Reading(path).tables[SALES]
    amounts = sales.column_of("本年累计金额", "客户编号")
    whole, shown = sum(amounts.values()), sum(amounts[id,] for id in SHOWN)
    assert whole > shown > 0
    above = sales.rows[0] - 3  # the header and its bands are between
    assert sales.cell(above, "本年累计金额").value == pytest.approx(shown)
    assert not book.refresh(path).wrote


@pytest.mark.office
def test_libreoffice_comes_to_the_same(path: Path):
    book.refresh(path)
    assert verify(path).differences == []
