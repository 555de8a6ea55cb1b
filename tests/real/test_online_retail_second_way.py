"""Online Retail 2009-10, worked out a second time by csv, dicts and Decimal from the files crmbook reads."""

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from crmbook import planning
from crmbook.figures import ledger
from crmbook.form import Given
from crmbook.forms.regions import REGIONS
from crmbook.settings import in_force
from crmbook.sources import csv_folder
from tests.conftest import REFERENCE
from tests.real import online_retail

pytestmark = [pytest.mark.reference, pytest.mark.xdist_group("online_retail_second_way")]
FEN = Decimal("0.01")
TODAY = "2010-12-09"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csv")
    online_retail.convert(REFERENCE / "online_retail" / "online_retail_2009_2010.parquet", path)
    return path


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[tuple[str, str, str, str, Decimal, Decimal]]:
    """Region, day, product, customer, quantity and amount of the lines of known customers."""
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        region = {row["customer_id"]: row["region"] for row in csv.DictReader(file)}
    with (folder / "orders.csv").open(encoding="utf-8", newline="") as file:
        return [
            (region[row["customer_id"]], row["date"], row["product_id"], row["customer_id"], Decimal(row["quantity"]), Decimal(row["quantity"]) * Decimal(row["price"]))
            for row in csv.DictReader(file)
            if row["customer_id"]
        ]  # fmt: skip


@pytest.fixture(scope="module")
def given(folder: Path) -> Given:
    tables, settings = csv_folder.read(folder).tables, in_force({}, pd.Timestamp(TODAY).date())
    now, before = (planning.classified(tables, when) for when in (settings, settings.a_year_earlier()))
    return Given(tables, now, before, settings, {}, ())


def sums(lines, key, first="2009-01-01", last=TODAY):
    """To the fen, halves away from zero."""
    found = defaultdict(Decimal)
    for region, day, product, customer, _, amount in lines:
        if first <= day <= last:
            found[{"region": region, "month": day[:7], "product_id": product, "customer_id": customer}[key]] += amount
    return {word: float(total.quantize(FEN, ROUND_HALF_UP)) for word, total in found.items()}


@pytest.mark.parametrize("key", ["region", "month", "product_id", "customer_id"])
def test_totals_by_region_month_product_and_customer(lines, given, key):
    got = ledger.net_by(given.tables, given.settings, [key])
    words = got[key].dt.strftime("%Y-%m") if key == "month" else got[key]
    assert dict(zip(words, got["net"], strict=True)) == sums(lines, key)
    period = dict(zip(words, got["net_period"], strict=True))
    assert {word: net for word, net in period.items() if net} == {
        word: net for word, net in sums(lines, key, "2010-01-01").items() if net
    }


def test_quantities_of_products(lines, given):
    got = ledger.net_by(given.tables, given.settings, ["product_id"]).set_index("product_id")["quantity"]
    pieces = defaultdict(Decimal)
    for _, _, product, _, quantity, _ in lines:
        pieces[product] += quantity
    assert got.to_dict() == {product: float(total) for product, total in pieces.items()}


def test_growth_over_the_same_days(lines, given):
    now, before = sums(lines, "region", "2010-01-01"), sums(lines, "region", "2009-01-01", "2009-12-09")
    rows = REGIONS.rows(given).set_index("region")
    grown = {region: now.get(region, 0) / base - 1 for region, base in before.items() if base > 0}
    assert len(grown) > 10
    assert rows["growth"][rows["growth"] != ""].to_dict() == pytest.approx(grown)


def test_concentration_of_the_customers_of_each_region(lines, given):
    where = {customer: region for region, _, _, customer, _, _ in lines}
    bought = defaultdict(list)
    for customer, net in sums(lines, "customer_id", "2010-01-01").items():
        if net > 0:
            bought[where[customer]].append(net)
    rows = REGIONS.rows(given).set_index("region")
    assert set(rows["cr4"].dropna().index) == set(bought)
    for region, own in bought.items():
        shares = sorted((net / sum(own) for net in own), reverse=True)
        assert rows.loc[region, "cr4"] == pytest.approx(sum(shares[:4]))
        assert rows.loc[region, "hhi"] == pytest.approx(sum(share**2 for share in shares) * 10_000, abs=0.5001)


def test_months_with_sales(lines, given):
    """Twelve months up to 9 December, each from the 10th to the 9th."""
    by_month = defaultdict(lambda: defaultdict(Decimal))
    for _, day, _, customer, _, amount in lines:
        year, month, of_month = (int(part) for part in day.split("-"))
        ends = year * 12 + month + (of_month > 9)  # the month whose 9th closes it
        if ends > 2009 * 12 + 12:
            by_month[customer][ends] += amount
    months = {customer: sum(net > 0 for net in own.values()) for customer, own in by_month.items()}
    got = given.facts["sale_months"]
    assert got[got > 0].to_dict() == {customer: n for customer, n in months.items() if n}


def test_without_payments_nothing_is_said_of_debts(given):
    assert given.facts[["receivable", "overdue", "aged_30", "late_payments_90d"]].isna().all(axis=None)
