"""What fits on one page about a customer: the latest first, returns and open complaints among it."""

import pandas as pd

from crmbook.figures import latest
from crmbook.settings import in_force
from crmbook.text import said
from tests import made_up

SETTINGS = in_force({}, made_up.TODAY)  # 2026-06-30


def tables(**rows):
    return {id: made_up.table(id, rows.get(id, ())) for id in ("customers", "contacts", "orders", "visits", "service")}


def shown(found: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return [
        tuple("" if v is None else str(said(v, "en")) for v in row)
        for row in found[list(columns)].itertuples(index=False)
    ]


def order(id: str, day: str, amount: float | None = None, **more: object) -> dict:
    return {
        "order_id": id,
        "line_no": more.pop("line_no", 1),
        "date": day,
        "customer_id": "a",
        "amount": amount,
        **more,
    }


def test_the_last_orders_are_summed_over_their_lines_returns_among_them():
    found = latest.orders(
        tables(
            orders=[
                order("1", "2026-01-01", 10),
                order("2", "2026-02-01", 5.005),
                order("2", "2026-02-01", line_no=2, quantity=3, price=0.1),
                order("3", "2026-03-01", -4),
                order("4", "2026-07-01", 9),
            ]
        ),
        SETTINGS,
    )
    assert shown(found, "day", "order_id", "amount") == [
        ("2026-03-01", "3", "-4.00"),
        ("2026-02-01", "2", "5.31"),
        ("2026-01-01", "1", "10.00"),
    ]


def test_no_more_orders_than_fit_and_each_customer_has_its_own():
    many = [order(f"{n:02d}", f"2026-05-{n:02d}", n) for n in range(1, 9)]
    found = latest.orders(tables(orders=[*many, {**order("x", "2025-01-01", 1), "customer_id": "b"}]), SETTINGS)
    assert found.groupby("customer_id")["order_id"].agg(list).to_dict() == {
        "a": ["08", "07", "06", "05", "04"],
        "b": ["x"],
    }


def test_contacts_stand_by_role_then_influence_and_the_one_in_the_customers_table_where_there_is_none():
    contacts = [
        {
            "contact_id": "1",
            "customer_id": "a",
            "name": "Ann",
            "position": "Buyer",
            "role": "supporter",
            "influence": 9,
        },
        {
            "contact_id": "2",
            "customer_id": "a",
            "name": "Ben",
            "role": "decider",
            "attitude": "against",
            "influence": 3,
        },
        {"contact_id": "3", "customer_id": "a", "name": "Cid", "role": "decider", "influence": 8, "phone": "007"},
        {"contact_id": "4", "customer_id": "a", "name": "Dan"},
    ]
    customers = [
        {"customer_id": "a", "contact": "Eve"},
        {"customer_id": "b", "contact": "Fay", "position": "CEO", "phone": "1"},
        {"customer_id": "c"},
    ]
    found = latest.contacts(tables(contacts=contacts, customers=customers))
    assert shown(found, "customer_id", "who", "role", "phone") == [
        ("a", "Cid", "Decider", "007"),
        ("a", "Ben", "Decider, Against", ""),
        ("a", "Ann (Buyer)", "Supporter", ""),
        ("a", "Dan", "", ""),
        ("b", "Fay (CEO)", "", "1"),
    ]


def test_only_completed_visits_up_to_today():
    visit = {
        "customer_id": "a",
        "way": "phone",
        "visitor": "Wang",
        "person": "Li",
        "position": "CEO",
        "content": "prices",
    }
    states = [
        ("done", "2026-06-01"),
        ("planned", "2026-06-02"),
        ("cancelled", "2026-06-03"),
        (None, "2026-05-01"),
        ("done", "2026-07-01"),
    ]
    rows = [{**visit, "visit_id": str(n), "state": state, "date": day} for n, (state, day) in enumerate(states)]
    rows[0]["result"] = "an order"
    found = latest.visits(tables(visits=rows), SETTINGS)
    assert shown(found, "day", "who", "what") == [
        ("2026-06-01", "Phone, Wang, Li (CEO)", "prices → an order"),
        ("2026-05-01", "Phone, Wang, Li (CEO)", "prices"),
    ]


def test_open_complaints_come_first_and_say_until_when_or_how_late():
    def request(id: str, received: str, **more: object) -> dict:
        return {
            "request_id": id,
            "customer_id": "a",
            "received": received,
            "type": "complaint",
            "level": "p1",
            "content": id,
            **more,
        }

    rows = [
        request("late", "2026-06-01 09:00"),
        request("due", "2026-05-01 09:00", due="2026-07-03"),
        request("closed", "2026-06-29 09:00", closed="2026-06-29 10:00", call_back="not_satisfied"),
        request("question", "2026-06-29 09:00", type="question"),
        request("tomorrow", "2026-07-01 09:00"),
        request("old", "2025-01-01 09:00", closed="2025-01-02 10:00"),
    ]
    found = latest.complaints(tables(service=rows), SETTINGS)
    assert shown(found, "day", "content", "state") == [
        ("2026-06-01", "P1, late", "open, 29 days late"),
        ("2026-05-01", "P1, due", "open, due 2026-07-03"),
        ("2026-06-29", "P1, closed", "closed 2026-06-29, customer: Not satisfied"),
    ]
