"""The sales analysis: worked out a second time by plain Python from the same rows; what has no base is blank."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from crmbook.forms.sales import SALES
from tests import made_up
from tests.made_up import TODAY

CUSTOMER = {"customer_id": "001", "name": "Anhua"}
YEAR, BEFORE = (date(2026, 1, 1), TODAY), (date(2025, 1, 1), date(2025, 6, 30))


def sales(*customers: dict, values: dict | None = None, **rows: made_up.Rows) -> pd.DataFrame:
    return SALES.rows(made_up.given(customers=customers or [CUSTOMER], values=values, **rows)).set_index("customer_id")


def random_rows() -> dict[str, list[dict]]:
    """Orders with returns, blank amounts, known and unknown costs, and payments, of eight customers over three years."""
    chance = random.Random(3)
    customers = [{"customer_id": f"K{n}", "name": f"Customer {n}"} for n in range(8)]
    orders, payments = [], []
    for n in range(240):
        day = TODAY - timedelta(days=chance.randrange(1000))
        quantity = chance.choice([1, 2, 5, 10, -1, -2])
        price = chance.randrange(1, 90_000) / 100
        line = {
            "order_id": f"O{n // 2}",
            "line_no": n % 2 + 1,
            "customer_id": f"K{n // 2 % 7}",
            "date": day,
            "quantity": quantity,
        }
        line |= {"price": price} if n % 5 == 0 else {"amount": round(quantity * price, 2)}
        line |= {"cost": round(quantity * price * 0.7, 2)} if n % 3 else {}
        orders.append(line)
        if n % 3 == 0:
            payments.append({"payment_id": f"R{n}", "customer_id": f"K{n // 2 % 7}", "date": day, "amount": price})
    return {"customers": customers, "orders": orders, "payments": payments}


def amount(line: dict) -> Decimal:
    return Decimal(str(line["amount"])) if "amount" in line else line["quantity"] * Decimal(str(line["price"]))


def test_every_figure_is_that_of_plain_python() -> None:
    made = random_rows()
    rows = SALES.rows(made_up.given(**made))
    assert rows["this_year"].tolist() == sorted(rows["this_year"], reverse=True)
    for id, row in rows.set_index("customer_id").iterrows():
        own = [line for line in made["orders"] if line["customer_id"] == id]
        paid = [p for p in made["payments"] if p["customer_id"] == id]

        def net(first: date, last: date, own: list[dict] = own) -> Decimal:
            return sum((amount(line) for line in own if first <= line["date"] <= last), Decimal())

        year = [line for line in own if YEAR[0] <= line["date"] <= YEAR[1]]
        known = [line for line in year if "cost" in line]
        margin = sum((amount(line) - Decimal(str(line["cost"])) for line in known), Decimal())
        received = sum((Decimal(str(p["amount"])) for p in paid if YEAR[0] <= p["date"] <= TODAY), Decimal())
        owed = net(date.min, TODAY) - sum((Decimal(str(p["amount"])) for p in paid), Decimal())
        orders = {line["order_id"] for line in year if amount(line) > 0}
        assert row["last_year"] == float(net(date(2025, 1, 1), date(2025, 12, 31)))
        assert row["this_year"] == float(net(*YEAR))
        assert row["before"] == float(net(*BEFORE))
        assert row["orders"] == len(orders)
        assert row["received"] == float(received)
        assert row["receivable"] == pytest.approx(max(0, float(owed)))
        if known:
            assert row["margin"] == pytest.approx(float(margin))
            base = sum(map(amount, known))
            assert row["margin_rate"] == (pytest.approx(float(margin / base)) if base > 0 else "")
        assert row["growth"] == (pytest.approx(float(net(*YEAR) / net(*BEFORE) - 1)) if net(*BEFORE) > 0 else "")
        assert row["average"] == (pytest.approx(float(net(*YEAR) / len(orders))) if orders else "")
        assert row["received_rate"] == (pytest.approx(float(received / net(*YEAR))) if net(*YEAR) > 0 else "")
        assert [row[f"m{n:02d}"] for n in (7, 12)] == [
            float(net(date(2026, 1, 1), date(2026, 1, 31))),
            float(net(date(2026, 6, 1), date(2026, 6, 30))),
        ]


def test_the_totals_line_is_the_sum_and_its_rates_are_those_of_the_sums() -> None:
    given = made_up.given(**random_rows())
    rows = SALES.rows(given)
    cells = SALES.cells(given, rows)
    assert cells["total.this_year"] == pytest.approx(rows["this_year"].sum())
    assert cells["total.growth"] == pytest.approx(rows["this_year"].sum() / rows["before"].sum() - 1)
    assert cells["total.average"] == pytest.approx(rows["this_year"].sum() / rows["orders"].sum())
    assert cells["total.received_rate"] == pytest.approx(rows["received"].sum() / rows["this_year"].sum())
    assert sum(cells[f"months.{at}.this"] for at in range(6)) == pytest.approx(cells["total.this_year"])
    assert [cells[f"months.{at}.this"] for at in range(6, 12)] == [""] * 6
    assert sum(cells[f"months.{at}.last"] for at in range(12)) == pytest.approx(cells["total.last_year"])
    bought = rows.loc[rows["this_year"] > 0, "name"]
    assert len(bought) == 6
    assert [cells[f"top.{at}.name"] for at in range(10)] == [*bought, *[""] * 4]


@pytest.mark.parametrize(
    ("orders", "growth"),
    [
        ([("001", "2026-02-01", 500)], ""),
        ([("001", "2026-02-01", 500), ("001", "2025-02-01", 20), ("001", "2025-02-02", -20)], ""),
        ([("001", "2026-02-01", 500), ("001", "2025-02-01", -5)], ""),
        ([("001", "2026-02-01", 500), ("001", "2025-07-01", 400)], ""),  # last year, but not on the same days
        ([("001", "2026-02-01", 500), ("001", "2025-06-30", 400)], 0.25),
        ([("001", "2025-06-30", 400)], -1),
    ],
)
def test_growth_is_blank_without_a_base(orders: list, growth: object) -> None:
    assert sales(orders=made_up.orders(*orders)).loc["001", "growth"] == growth


def test_who_only_returned_has_no_share_and_the_shares_of_the_others_make_one() -> None:
    customers = [{"customer_id": id, "name": id} for id in ("1", "2", "3", "4")]
    days = ("1", "2026-02-01", 300), ("2", "2026-02-01", 100), ("3", "2026-02-01", 100), ("4", "2026-02-01", -50)
    rows = sales(*customers, orders=made_up.orders(*days))
    assert rows["this_share"].tolist() == [0.6, 0.2, 0.2, ""]
    assert rows["cumulative"].tolist() == [0.6, 1, 1, ""]
    assert rows["last_share"].tolist() == ["", "", "", ""]


def test_a_customer_without_an_order_has_a_row_of_blanks() -> None:
    row = sales().loc["001"]
    assert row[["this_year", "last_year", "before", "orders"]].tolist() == [0, 0, 0, 0]
    assert (
        row[["last_share", "this_share", "cumulative", "growth", "average", "margin_rate", "received_rate"]]
        .eq("")
        .all()
    )
    assert row[["last_day", "margin", "discount", "received"]].isna().all()


def test_debts_are_unknown_while_no_payment_was_recorded() -> None:
    bought = made_up.orders(("001", "2026-02-01", 50))
    given = made_up.given(customers=[CUSTOMER], orders=bought)
    rows = SALES.rows(given)
    assert rows[["receivable", "received_rate"]].eq("").all(axis=None)
    cells = SALES.cells(given, rows)
    assert {cells[f"total.{id}"] for id in ("received", "receivable", "overdue", "received_rate")} == {""}
    paid = [{"payment_id": "1", "date": "2026-03-01", "customer_id": "001", "amount": 20}]
    row = sales(orders=bought, payments=paid).loc["001"]
    assert row[["received", "receivable", "received_rate"]].tolist() == [20, 30, 0.4]


def test_who_paid_ahead_owes_nothing() -> None:
    paid = [{"payment_id": "1", "date": "2023-03-01", "customer_id": "001", "amount": 70}]
    row = sales(orders=made_up.orders(("001", "2026-02-01", 50)), payments=paid).loc["001"]
    assert row[["received", "receivable"]].tolist() == [0, 0]


def test_the_period_is_that_of_the_settings() -> None:
    orders = made_up.orders(("001", "2026-03-31", 1), ("001", "2026-04-01", 20), ("001", "2025-04-01", 300))
    row = sales(values={"PERIOD_START": date(2026, 4, 1)}, orders=orders).loc["001"]
    assert row[["this_year", "before", "orders"]].tolist() == [20, 300, 1]


def test_only_who_bought_is_among_the_first_ten() -> None:
    customers = [{"customer_id": id, "name": f"Customer {id}"} for id in ("001", "002", "003")]
    orders = made_up.orders(("001", "2026-03-01", 100), ("002", "2026-03-01", -5))
    given = made_up.given(customers=customers, orders=orders)
    cells = SALES.cells(given, SALES.rows(given))
    assert [cells[f"top.{at}.name"] for at in range(4)] == ["Customer 001", "", "", ""]
    assert [cells[f"top.{at}.this_year"] for at in range(4)] == [100, "", "", ""]
