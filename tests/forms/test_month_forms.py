"""Customers and products by month: the calendar year beside the same days of last year, what is to come is blank."""

from datetime import date

import pandas as pd

from crmbook.figures.sold import IDS, NOTHING
from crmbook.form import Form, Given
from crmbook.forms.customer_months import CUSTOMER_MONTHS
from crmbook.forms.product_months import PRODUCT_MONTHS
from tests import made_up

CUSTOMERS = [{"customer_id": id, "name": f"Customer {id}"} for id in ("001", "002", "003")]
PRODUCTS = [
    {"product_id": "P1", "name": "Valve", "category": "Parts", "cost_price": 6},
    {"product_id": "P2", "name": "Pump", "category": "Machines"},
    {"product_id": "P3", "name": "Seal", "category": "Parts"},
]


def line(product: str | None, day: str, quantity: float, amount: float, customer: str = "001") -> dict:
    return {"order_id": f"{product}{day}", "line_no": 1, "customer_id": customer, "date": day, "product_id": product, "quantity": quantity, "amount": amount}  # fmt: skip


LINES = [
    line("P1", "2026-01-31", 10, 100),
    line("P1", "2026-06-30", -2, -20),
    line("P2", "2026-03-01", 1, 500, "002"),
    line("P9", "2026-03-02", 1, 7),
    line(None, "2026-03-03", 1, 5),
    line("P1", "2025-06-30", 5, 40),
    line("P1", "2025-07-01", 5, 1000),
    line("P1", "2024-12-31", 5, 3000),
]


def made(form: Form, **values: object) -> tuple[Given, pd.DataFrame]:
    given = made_up.given(customers=CUSTOMERS, products=PRODUCTS, orders=LINES, values=values)
    return given, form.rows(given)


def test_products_have_their_months_quantity_growth_and_margin() -> None:
    _, rows = made(PRODUCT_MONTHS)
    rows = rows.set_index("product_id")
    assert rows.index.tolist() == ["P2", "P1", "P9", NOTHING.name, "P3"]
    assert rows.loc["P1", ["jan", "feb", "jun", "total", "quantity", "before"]].tolist() == [100, 0, -20, 80, 8, 40]
    assert rows.loc["P1", ["growth", "margin", "margin_rate"]].tolist() == [1, 80 - 8 * 6, (80 - 8 * 6) / 80]
    assert rows.loc["P2", ["growth", "margin_rate"]].tolist() == ["", ""]
    assert rows.loc["P3", ["total", "quantity"]].tolist() == [0, 0]
    assert rows.loc["P9", "name"] == "P9"
    assert rows[list(IDS[6:])].isna().all(axis=None)


def test_categories_stand_in_the_order_of_their_sales_and_lines_without_one_have_none() -> None:
    given, rows = made(PRODUCT_MONTHS)
    cells = PRODUCT_MONTHS.cells(given, rows)
    assert [(cells[f"mix.{at}.category"], cells[f"mix.{at}.net"]) for at in range(3)] == [("Machines", 500), ("Parts", 80), ("", "")]  # fmt: skip
    assert rows.set_index("product_id")["category_no"].dropna().to_dict() == {"P2": 1, "P1": 2}
    assert cells["total.total"] == 592
    assert cells["total.growth"] == 592 / 40 - 1


def test_customers_have_their_months_and_the_same_days_of_last_year() -> None:
    given, rows = made(CUSTOMER_MONTHS)
    cells = CUSTOMER_MONTHS.cells(given, rows)
    rows = rows.set_index("customer_id")
    assert rows.index.tolist() == ["002", "001", "003"]
    assert rows.loc["001", ["jan", "mar", "jun", "total", "before", "growth"]].tolist() == [
        100,
        12,
        -20,
        92,
        40,
        92 / 40 - 1,
    ]
    assert rows.loc["001", ["last_jun", "last_jul", "last_dec"]].tolist() == [40, 1000, 0]
    assert rows.loc["003", ["jan", "total", "before", "growth"]].tolist() == [0, 0, 0, ""]
    assert [cells[f"months.{at}.this"] for at in (0, 2, 6)] == [100, 512, ""]
    assert [cells[f"months.{at}.last"] for at in (5, 6, 11)] == [40, 1000, 0]
    assert cells["total.total"] == 592


def test_months_are_those_of_the_calendar_year_whatever_the_period() -> None:
    _, rows = made(CUSTOMER_MONTHS, PERIOD_START=date(2026, 6, 1))
    assert rows.set_index("customer_id").loc["001", ["jan", "total", "before"]].tolist() == [100, 92, 40]
    _, rows = made(PRODUCT_MONTHS, PERIOD_START=date(2026, 6, 1))
    assert rows.set_index("product_id").loc["P1", ["total", "quantity", "margin", "before"]].tolist() == [80, 8, 32, 40]
