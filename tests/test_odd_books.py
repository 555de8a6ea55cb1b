"""Books at the edge of what a form expects: every formula agrees with LibreOffice, and a second refresh writes nothing."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from crmbook import book
from crmbook.keep import load
from crmbook.ooxml import Workbook, parse_ref
from crmbook.text import LANGS, Lang
from crmbook.verbs.verify import Verified, verify_all
from tests import excel_edits
from tests.excel_references import name_of

Rows = Sequence[Sequence[object]]
DAY, EARLIER = date(2026, 6, 30), date(2026, 4, 15)
MONTHS = [DAY - timedelta(days=31 * n) for n in range(14)]
HEADERS = {
    "customers": "customer_id,name,region,owner",
    "products": "product_id,name,category",
    "orders": "order_id,line_no,date,customer_id,product_id,quantity,price,amount",
    "payments": "payment_id,date,customer_id,amount",
    "settings": "setting_id,value",
}
SIGNS = [
    'Ann "The" O\'Neil & <Co>',
    "a*b?c~d",
    "=1+1",
    "甲" * 60,
    "'quoted",
    "-x",
    "乙\n丙",
    "Große Straßenbau & Söhne GmbH, Österreich",
]


@dataclass(frozen=True)
class Odd:
    """What is odd about a book: the rows of its tables, the forms it is built with, the day its last refresh is made for,
    and the customer picked on its card."""

    customers: Rows
    orders: Rows = ()
    others: Mapping[str, Rows] | None = None
    forms: tuple[str, ...] | None = None
    as_of: date | None = None
    picked: str = ""


def bought(ids: Sequence[str], days: Sequence[date] = MONTHS, amount: float = 100) -> Rows:
    """An order of each customer on each day, each customer's larger than the one's before."""
    pairs = [(day, n, id) for day in days for n, id in enumerate(ids, 1)]
    return [[f"D{at}", 1, day, id, f"P{n}", 1, "", amount * n] for at, (day, n, id) in enumerate(pairs)]


def named(names: Sequence[str], *, ids: bool = False) -> Rows:
    """A customer of each name, which is its region and account manager as well; `ids`: and its number."""
    return [[name if ids else f"K{n}", name, name, name] for n, name in enumerate(names)]


TWO = [["K1", "甲公司", "华东", "王芳"], ["K2", "乙公司", "华北", "李强"]]
PRODUCTS = [["P1", "阀门", "A*"], ["P2", "轴承", "ABC"], ["P3", "电机", "=abc"], ["P4", "开关", "abc"]]
PAID = [["S1", MONTHS[1], "K1", 60], ["S2", MONTHS[3], "K2", -20]]
ALIKE = ["ab", "a*", "K~1", "K1"]  # ids that a formula could take for patterns of one another
BOOKS = {
    "one customer, no order": Odd(TWO[:1]),
    "nobody ordered": Odd(TWO, (), {"products": PRODUCTS, "payments": PAID}),
    "customer lost": Odd(TWO[:1], bought(["K1"], [date(2025, 5, 1)])),
    "orders of two years ago": Odd(TWO, bought(["K1", "K2"], [date(2024, 3, 1)]), {"payments": PAID}),
    "returns only": Odd(TWO, bought(["K1"], [date(2026, 3, 1)], -100)),
    "ids of digits": Odd([["1001", "1", "3", "5"], ["0002", "2", "3", "5"]], bought(["1001", "0002"])),
    "names of signs": Odd(named(SIGNS), bought([f"K{n}" for n in range(8)]), {"products": PRODUCTS}, picked="K1"),
    "ids of signs": Odd(named(ALIKE, ids=True), bought(ALIKE), {"products": PRODUCTS, "payments": [["S1", DAY, "a*", 5]]}, picked="a*"),
    "another day and period": Odd(TWO, bought(["K1", "K2"]), {"payments": PAID, "settings": [["PERIOD_START", "2025-09-01"], ["GRADE_RULE", "share"], ["FORMULAS", "formulas"]]}, as_of=EARLIER),
    "the card alone": Odd(TWO, bought(["K1", "K2"]), {"settings": [["FORMULAS", "values"]]}, forms=("card",)),
}  # fmt: skip
BOTH = ("one customer, no order", "names of signs")
MADE: Sequence[tuple[str, Lang]] = [(name, lang) for name in BOOKS for lang in LANGS if lang == "zh" or name in BOTH]


@dataclass(frozen=True)
class Made:
    """What became of a book: whether the refresh after the last one wrote anything, and what LibreOffice found."""

    wrote: bool
    verified: Verified


def make(folder: Path, odd: Odd, lang: Lang) -> tuple[Path, bool]:
    """The book, built and refreshed, and whether a second refresh wrote anything."""
    source, path = folder / "source", folder / "book.xlsx"
    source.mkdir(parents=True)
    for name, rows in {"customers": odd.customers, "orders": odd.orders, **(odd.others or {})}.items():
        with (source / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS[name].split(","), *rows])
    book.build(path, source=source, lang=lang, as_of=DAY, forms=odd.forms)
    if odd.picked:
        pick(path, odd.picked)
    book.refresh(path, as_of=odd.as_of)
    return path, book.refresh(path, as_of=odd.as_of).wrote


def pick(path: Path, customer: str) -> None:
    """Somebody chooses the customer on both cards."""
    cells = [parse_ref(Workbook(load(path)).names[f"_crm.{page}.picked"]) for page in ("card", "relationship_card")]
    places = [(sheet, name_of(area.left, area.top)) for sheet, area in cells]
    excel_edits.edit(path, [{"do": "type_at", "sheet": s, "ref": ref, "value": customer} for s, ref in places])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, Lang], Made]:
    """All the books, recalculated in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("odd")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        books = [make(folder / str(at), BOOKS[name], lang) for at, (name, lang) in enumerate(MADE)]
    found = verify_all([path for path, _ in books])
    return {key: Made(wrote, said) for key, (_, wrote), said in zip(MADE, books, found, strict=True)}


every = pytest.mark.parametrize("key", MADE, ids=" ".join)


@pytest.mark.office
@every
def test_every_formula_comes_to_the_value_beside_it(key: tuple[str, Lang], made: Mapping[tuple[str, Lang], Made]):
    assert made[key].verified.differences == []
    assert made[key].verified.own > 300


@pytest.mark.office
@every
def test_a_second_refresh_writes_nothing(key: tuple[str, Lang], made: Mapping[tuple[str, Lang], Made]):
    assert not made[key].wrote
