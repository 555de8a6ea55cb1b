"""What is recommended: what the buyers of the same products buy, then the industry, then everybody; checked by hand and by plain Python."""

import math
from collections.abc import Sequence
from datetime import date
from itertools import combinations

from crmbook.figures.recommend import COUNT, PRODUCTS, TOGETHER, recommended
from crmbook.settings import in_force
from tests import made_up

SETTINGS = in_force({}, made_up.TODAY)


def shop(
    *bought: tuple[str, str],
    day: str = "2026-03-01",
    products: Sequence[dict] = (),
    industries: dict | None = None,
    more: Sequence[dict] = (),
) -> dict:
    """(customer, product) … → tables in which each is an order of that day."""
    customers = sorted({c for c, _ in bought} | {row["customer_id"] for row in more} | set(industries or {}))
    lines = [
        {
            "order_id": f"O{n}",
            "line_no": 1,
            "date": day,
            "customer_id": c,
            "product_id": p,
            "quantity": 1,
            "amount": 10.0,
        }
        for n, (c, p) in enumerate(bought)
    ]
    rows = {
        "customers": [{"customer_id": c, "name": c, "industry": (industries or {}).get(c)} for c in customers],
        "products": list(products),
        "orders": [*lines, *more],
    }
    return {id: made_up.table(id, rows.get(id, ())) for id in ("customers", "products", "orders")}  # fmt: skip


def of(customer: str, tables: dict) -> list[tuple[str, str]]:
    found = recommended(tables, SETTINGS)
    return [(row.product, row.why.en) for row in found[found["customer_id"] == customer].itertuples()]


def test_what_the_buyers_of_the_same_product_buy_comes_first_and_says_why():
    tables = shop(
        *[(c, p) for c in "abc" for p in ("bolt", "nut")],
        ("d", "bolt"),
        ("e", "glue"),
        ("f", "glue"),
        ("g", "glue"),
        ("h", "glue"),
    )
    assert of("d", tables) == [
        ("nut", "75% of those who buy bolt buy it too"),
        ("glue", "bought by 4 in the last 12 months"),
    ]


def test_the_score_is_the_sum_of_the_cosines():
    baskets = {"a": "123", "b": "12", "c": "134", "d": "234", "e": "24", "f": "1345", "g": "15", "h": "2", "i": "35"}
    tables = shop(*[(c, f"P{p}") for c, own in baskets.items() for p in own])
    buyers = {p: {c for c, own in baskets.items() if p in own} for p in "12345"}
    near = {
        frozenset(pair): len(one & other) / math.sqrt(len(one) * len(other)) if len(one & other) >= TOGETHER else 0
        for pair in combinations(buyers, 2)
        for one, other in [(buyers[pair[0]], buyers[pair[1]])]
    }
    for customer, own in baskets.items():
        scores = {p: sum(near[frozenset((p, q))] for q in own) for p in "12345" if p not in own}
        best = sorted((-round(s, 9), -len(buyers[p]), p) for p, s in scores.items() if s > 0)
        found = [product.removeprefix("P") for product, why in of(customer, tables) if "%" in why]
        assert found == [p for *_, p in best][:COUNT], customer


def test_never_what_the_customer_has_bought_before_nor_what_is_discontinued():
    old = {"order_id": "X", "line_no": 1, "date": "2020-01-01", "customer_id": "d", "product_id": "nut", "amount": 5.0}
    goods = [{"product_id": "gear", "name": "Gear", "state": "discontinued"}, {"product_id": "belt", "name": "Belt 5"}]
    bought = [(c, p) for c in "abc" for p in ("bolt", "nut", "gear", "belt")]
    assert [name for name, _ in of("d", shop(*bought, ("d", "bolt"), more=[old], products=goods))] == ["Belt 5"]


def test_what_was_returned_was_not_bought():
    back = {
        "order_id": "X",
        "line_no": 1,
        "date": "2026-03-02",
        "customer_id": "d",
        "product_id": "nut",
        "amount": -10.0,
    }
    tables = shop(*[(c, p) for c in "abc" for p in ("bolt", "nut")], ("d", "bolt"), ("d", "nut"), more=[back])
    assert [name for name, _ in of("d", tables)] == ["nut"]


def test_who_bought_nothing_is_offered_what_its_industry_buys_then_what_everybody_buys():
    tables = shop(
        ("a", "bolt"),
        ("b", "bolt"),
        ("c", "bolt"),
        ("c", "glue"),
        ("d", "nut"),
        industries={"c": "food", "d": "food", "new": "food", "none": None},
    )
    assert of("new", tables) == [
        ("bolt", "bought by 1 in the same industry (food)"),
        ("glue", "bought by 1 in the same industry (food)"),
        ("nut", "bought by 1 in the same industry (food)"),
    ]
    assert of("none", tables)[0] == ("bolt", "bought by 3 in the last 12 months")


def test_one_customer_with_both_is_chance():
    assert of("b", shop(("a", "bolt"), ("a", "nut"), ("b", "bolt"))) == [("nut", "bought by 1 in the last 12 months")]


def test_orders_older_than_a_year_count_for_nobody_and_no_order_is_no_offer():
    assert recommended(shop(("a", "bolt"), ("b", "nut"), day="2025-06-29"), SETTINGS).empty
    assert recommended(shop(industries={"a": None}), SETTINGS).empty


def test_beyond_the_most_bought_products_none_is_looked_at():
    many = [(f"c{n}", f"P{n:04d}") for n in range(PRODUCTS + 5)]
    found = recommended(shop(*many, ("z", "Q"), ("y", "Q")), in_force({}, date(2026, 6, 30)))
    assert found[found["customer_id"] == "c1"]["product"].tolist() == ["Q", "P0000", "P0002"]
    assert not found["product"].isin([f"P{n:04d}" for n in range(PRODUCTS - 1, PRODUCTS + 5)]).any()
