"""Account managers: everyone whose name stands in the book, with the figures of their customers."""

import pandas as pd

from crmbook.features import Chart
from crmbook.forms.owners import NAMED, OWNERS
from tests import made_up

CUSTOMERS = [
    {"customer_id": "001", "owner": "Li", "solution_owner": "Sun"},
    {"customer_id": "002", "owner": "Li", "delivery_owner": "Qian"},
    {"customer_id": "003", "owner": "Bo"},
    {"customer_id": "004"},
]
ORDERS = [
    {**line, "seller": seller, "cost": cost}
    for line, seller, cost in zip(
        made_up.orders(("001", "2026-02-01", 300), ("002", "2026-02-01", 100), ("003", "2025-02-01", 80), ("004", "2026-03-01", 9)),
        ("Li", "Wu", "Bo", None),
        (200, None, None, None),
        strict=True,
    )
]  # fmt: skip


def owners(**rows: made_up.Rows) -> pd.DataFrame:
    return OWNERS.rows(made_up.given(customers=CUSTOMERS, **{"orders": ORDERS, **rows})).set_index("owner")


def test_everybody_named_anywhere_has_a_row_the_largest_sales_first() -> None:
    visits = [{"visit_id": "1", "date": "2026-03-01", "customer_id": "001", "visitor": "Xu"}]
    contacts = [{"contact_id": "1", "customer_id": "001", "name": "Mr", "our_owner": "Zhu"}]
    rows = owners(visits=visits, contacts=contacts)
    assert rows.index.tolist() == ["Li", "Bo", "Qian", "Sun", "Wu", "Xu", "Zhu"]
    assert {column for _, column in NAMED} >= {"owner", "solution_owner", "delivery_owner", "our_owner", "seller", "visitor"}  # fmt: skip


def test_the_figures_are_those_of_their_customers() -> None:
    rows = owners()
    assert rows.loc["Li", ["customers", "net", "before", "growth", "sold", "margin"]].tolist() == [
        2,
        400,
        0,
        "",
        300,
        100,
    ]
    assert rows.loc["Bo", ["customers", "net", "before", "growth"]].tolist() == [1, 0, 80, -1]
    assert rows.loc["Wu", ["customers", "net", "sold"]].tolist() == [0, 0, 100]
    assert rows["key"].sum() == (made_up.given(customers=CUSTOMERS, orders=ORDERS).grades[:3] == "a").sum()


def test_targets_are_the_periods_months_of_the_person() -> None:
    targets = [
        {"month": month, "scope": scope, "object": who, "amount": 100}
        for month, scope, who in (
            ("2026-01-15", "owner", "Li"),
            ("2026-06-30", "owner", "Li"),
            ("2026-07-01", "owner", "Li"),
            ("2025-12-31", "owner", "Li"),
            ("2026-02-01", "company", "Li"),
            ("2026-02-01", "owner", "Bo"),
        )
    ]
    given = made_up.given(customers=CUSTOMERS, orders=ORDERS, targets=targets)
    rows = OWNERS.rows(given)
    cells = OWNERS.cells(given, rows)
    rows = rows.set_index("owner")
    assert rows.loc["Li", ["target", "achieved"]].tolist() == [200, 2]
    assert rows.loc["Bo", ["target", "achieved"]].tolist() == [100, 0]
    assert rows.loc["Qian", "achieved"] == ""
    assert (cells["total.target"], cells["total.achieved"]) == (300, 400 / 300)


def test_the_charts_show_the_first_ten_who_sell_with_long_names_cut() -> None:
    customers = [{"customer_id": f"{n}", "owner": f"P{n:02d}" + "-long" * 9} for n in range(30)]
    customers[29]["delivery_owner"] = "Nobody"
    sold = [made_up.orders((f"{n}", "2026-02-01", 1000 - n)) for n in range(30)]
    orders = [line | {"order_id": f"{n}"} for n, (line,) in enumerate(sold)]
    given = made_up.given(customers=customers, orders=orders, targets=[])
    cells = OWNERS.cells(given, OWNERS.rows(given))
    names = [cells[f"top.{at}.owner"] for at in range(10)]
    assert [(name[:3], name[-1], len(name)) for name in names] == [(f"P{n:02d}", "…", 24) for n in range(10)]
    assert [cells[f"top.9.{id}"] for id in ("net", "target", "growth")] == [991, "", ""]
    assert "top.10.owner" not in cells
    few = made_up.given(customers=CUSTOMERS, orders=ORDERS)
    cells = OWNERS.cells(few, OWNERS.rows(few))
    assert [cells[f"top.{at}.owner"] for at in range(4)] == ["Li", "Bo", "", ""]  # others sell nothing
    assert [cells[f"top.1.{id}"] for id in ("net", "growth")] == [0, -1]
    assert all(chart.of == "top" for chart in OWNERS.features if isinstance(chart, Chart))


def test_only_visits_done_in_the_period_count_for_the_visitor() -> None:
    visits = [
        {"visit_id": f"{n}", "date": day, "customer_id": "003", "visitor": "Li", "state": state}
        for n, (day, state) in enumerate(
            [("2026-03-01", "done"), ("2026-03-02", None), ("2026-03-03", "planned"), ("2025-12-31", "done"), ("2026-07-01", "done")]
        )
    ]  # fmt: skip
    assert owners(visits=visits)["visits"].to_dict() == {"Li": 2, "Bo": 0, "Qian": 0, "Sun": 0, "Wu": 0}


def test_debts_and_complaints_are_those_of_their_customers() -> None:
    service = [{"request_id": "1", "received": "2026-06-01 09:00", "customer_id": "002", "type": "complaint"}]
    paid = [{"payment_id": "1", "date": "2026-03-01", "customer_id": "001", "amount": 250}]
    rows = owners(service=service, payments=paid)
    assert rows.loc["Li", ["receivable", "overdue", "complaints"]].tolist() == [150, 150, 1]
    assert rows.loc["Bo", ["receivable", "complaints"]].tolist() == [80, 0]
    assert owners()["receivable"].isna().all()
