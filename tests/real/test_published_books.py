"""The sample and two published data sets through build, refresh and verify in both languages: every formula, every total."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from crmbook import book
from crmbook.reading.csv_text import decoded
from crmbook.text import Lang
from tests.conftest import REFERENCE
from tests.real import adventureworks, northwind
from tests.real.standing import build, money, table

pytestmark = [pytest.mark.xdist_group("published_books")]
JUNK = "SO74124/1"  # the last line of sales 2017 repeats a line's number, for a product and a day that are none
Totals = dict[str, Decimal]


@dataclass(frozen=True)
class Made:
    """A book, the total of every customer by the published rows, and that of the year it reports."""

    path: Path
    totals: Totals
    year: Totals
    source: Path


def northwind_made(folder: Path) -> tuple[Totals, Totals]:
    published = northwind.convert(REFERENCE / "northwind" / "northwind.sql", folder)
    orders = {order["order_id"]: order for order in published["orders"]}
    lines = [(orders[n["order_id"]], int(n["quantity"]) * northwind.price(n)) for n in published["order_details"]]
    return added((o["customer_id"], northwind.day(o), worth) for o, worth in lines), added(
        (o["customer_id"], northwind.day(o), worth) for o, worth in lines if northwind.day(o) >= "2018"
    )


def adventureworks_made(folder: Path) -> tuple[Totals, Totals]:
    published = adventureworks.convert(REFERENCE / "adventureworks", folder)
    prices = {p["ProductKey"]: round(Decimal(p["ProductPrice"]), 4) for p in published["products"]}
    lines = [
        (
            row["CustomerKey"],
            adventureworks.day(row["OrderDate"]),
            int(row["OrderQuantity"]) * prices[row["ProductKey"]],
        )
        for row in published["sales"][:-1]  # without the junk
    ]
    lines += [
        (
            f"T{row['TerritoryKey']}",
            adventureworks.day(row["ReturnDate"]),
            -int(row["ReturnQuantity"]) * prices[row["ProductKey"]],
        )
        for row in published["returns"]
    ]
    return added(lines), added(line for line in lines if line[1] >= "2017")


def added(lines) -> Totals:
    """Lines of customer, day and worth → the sum of each customer."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for customer, _, worth in lines:
        sums[customer] += worth
    return dict(sums)


MAKERS: dict[str, Callable[[Path], tuple[Totals, Totals]]] = {
    "northwind": northwind_made,
    "adventureworks": adventureworks_made,
}
CASES = [("northwind", "zh"), ("northwind", "en"), ("adventureworks", "zh")]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def made(request, tmp_path_factory) -> Made:
    name, lang = request.param
    folder = tmp_path_factory.mktemp(f"{name}-{lang}")
    totals, year = MAKERS[name](folder / "csv")
    return Made(build(folder, folder / "csv", lang), totals, year, folder / "csv")


def differences(path: Path, id: str, column: str, wanted: Totals, fen: int = 1) -> dict[str, float]:
    """By customer, by how much a form's column misses the published rows, by more than halves of so many fen."""
    found = money(path, id, column, "customer_id")
    off = {id: found.get(id, 0.0) - float(wanted.get(id, 0)) for id in {*found.index, *wanted}}
    return {id: by for id, by in off.items() if abs(by) > 0.0051 * fen}


@pytest.mark.reference
def test_totals_by_customer_equal_the_published_rows(made):
    for form in ("chain", "sales"):
        assert differences(made.path, form, "net_total", made.totals) == {}
    for form, column in (("grading", "sales"), ("sales", "this_year")):
        assert differences(made.path, form, column, made.year) == {}
    assert differences(made.path, "customer_months", "total", made.year, fen=12) == {}  # each month to the fen


@pytest.mark.reference
def test_products_regions_and_months_add_up_to_the_published_year(made):
    year = float(sum(made.year.values()))
    for form, column, key in (
        ("product_months", "total", "product_id"),
        ("regions", "net", "region"),
        ("region_months", "total", "region"),
    ):
        assert money(made.path, form, column, key).sum() == pytest.approx(year, abs=0.5), form  # fen of every row


@pytest.mark.reference
def test_a_second_refresh_does_not_write(made):
    before = made.path.read_bytes()
    assert not book.refresh(made.path).wrote
    assert made.path.read_bytes() == before


@pytest.mark.reference
@pytest.mark.office
def test_every_formula_recalculates_to_its_value(made):
    found = book.verify(made.path)
    assert found.own > 1_000
    assert found.differences == []


@pytest.mark.office
@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.soak)])  # by day: test_refresh_keeps.py
def test_every_formula_of_the_sample_recalculates_to_its_value(lang: Lang, built, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(built(lang))
    found = book.verify(path)
    assert found.own > 10_000
    assert found.differences == []


@pytest.mark.reference
def test_northwind_sold_what_is_published_of_it(tmp_path):
    totals, _ = northwind_made(tmp_path)
    assert (len(totals), sum(totals.values())) == (89, Decimal("1265793.0395"))


@pytest.mark.reference
@pytest.mark.parametrize("made", [("adventureworks", "zh")], indirect=True, ids="-".join)
def test_a_file_in_latin_letters_and_its_junk_are_explained(made):
    assert decoded(made.source / "customers.csv")[1] == "Windows-1252"
    assert any("É" in name for name in table(made.path, "customers")["name"])
    (junk,) = [problem for problem in book.check(made.path).problems if problem.severity == "error"]
    assert (junk.form, junk.key, junk.count) == ("orders", JUNK, 1)
    lines = (made.source / "orders.csv").read_text("utf-8").count("\n") - 1
    assert len(table(made.path, "orders")) == lines > 8_000  # nothing was dropped on the way
    assert (table(made.path, "checks")["row_key"] == JUNK).sum() == 1
