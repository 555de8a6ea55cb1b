"""Writes the sample's CSV files beside itself, or into the folder given; every run writes the same bytes."""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import catalogue
import contacts
import customers
import playbook
import service
import surveys
import targets
import trade
import visits

# fmt: off
CUSTOMER_COLUMNS = [
    "customer_id", "name", "short_name", "type", "industry", "size", "region", "province", "city",
    "address", "distance_km", "origin", "contact", "position", "phone", "email", "owner", "solution_owner",
    "delivery_owner", "parent_id", "relation", "referrer_id", "potential", "price_sensitivity", "relation_will", "credit_limit", "term_days",
    "first_contact", "state", "left_on", "left_why", "agreement", "contract_end", "executive_visits", "joint_plan",
    "anniversary", "tags", "credit_code", "note",
]
# fmt: on


def write(path: Path, rows: Iterable[Mapping[str, object]], columns: list[str] | None = None) -> None:
    """One CSV file: UTF-8, dates as yyyy-mm-dd; columns a row lacks stay blank."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make(folder: Path) -> None:
    """All files of the sample."""
    everyone = customers.make()
    orders = trade.orders(everyone)
    write(folder / "customers.csv", (c.row for c in everyone), CUSTOMER_COLUMNS)
    write(folder / "products.csv", catalogue.product_rows())
    write(folder / "orders.csv", trade.order_rows(orders))
    write(folder / "payments.csv", trade.payment_rows(orders))
    requests = service.service_rows(everyone, orders)
    people = contacts.contact_rows(everyone)
    write(folder / "contacts.csv", people)
    write(folder / "visits.csv", visits.visit_rows(everyone, contacts.by_customer(people), orders, requests))
    write(folder / "service.csv", requests)
    write(folder / "surveys.csv", surveys.survey_rows(everyone))
    for lang, suffix in (("zh", ""), ("en", ".en")):
        write(folder / f"targets{suffix}.csv", targets.target_rows(orders, lang))
        write(folder / f"playbook{suffix}.csv", playbook.rows(lang))
    write(folder / "settings.csv", [{"setting_id": "AS_OF", "value": customers.AS_OF}])


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
