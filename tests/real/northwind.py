"""Northwind, a food wholesaler's 91 business customers → a folder of customers, contacts, products and orders as CSV.

The SQL is read as it was published; prices are less the line's discount, and the days are twenty years later, for a report of before 2000
is refused. `python tests/real/northwind.py SQL FOLDER`
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

INSERT = re.compile(r"^INSERT INTO (\w+) VALUES \((.*)\);$", re.MULTILINE)
VALUE = re.compile(r"'((?:[^']|'')*)'|([^,\s]+)")
COLUMNS = re.compile(r"CREATE TABLE (\w+) \(\n(.*?)\n\);", re.DOTALL)
Row = dict[str, str]


def tables(sql: Path) -> dict[str, list[Row]]:
    """The rows of every table by its name, all values text, blank where NULL."""
    text = sql.read_text("utf-8")
    columns = {
        name: [line.split()[0] for line in body.splitlines() if not line.lstrip().startswith("CONSTRAINT")]
        for name, body in COLUMNS.findall(text)
    }
    found: dict[str, list[Row]] = {name: [] for name in columns}
    for name, values in INSERT.findall(text):
        cells = [quoted.replace("''", "'") if bare == "" else bare for quoted, bare in VALUE.findall(values)]
        row = dict(zip(columns[name], ["" if cell == "NULL" else cell for cell in cells], strict=True))
        found[name].append(row)
    return found


def price(line: Row) -> Decimal:
    """What one piece was sold for: the price less the discount, both published as 32-bit floats."""
    return round(Decimal(line["unit_price"]), 2) * (1 - round(Decimal(line["discount"]), 2))


def day(order: Row) -> str:
    """The day of an order, twenty years later."""
    year, rest = order["order_date"].split("-", 1)
    return f"{int(year) + 20}-{rest}"


def convert(sql: Path, folder: Path) -> dict[str, list[Row]]:
    """Write the files; the published tables come back, to compare with."""
    published = tables(sql)
    folder.mkdir(parents=True, exist_ok=True)
    people = {e["employee_id"]: f"{e['first_name']} {e['last_name']}" for e in published["employees"]}
    orders = {order["order_id"]: order for order in published["orders"]}
    handled = Counter((o["customer_id"], people[o["employee_id"]]) for o in orders.values())
    owners = {customer: owner for (customer, owner), _ in reversed(handled.most_common())}
    categories = {c["category_id"]: c["category_name"] for c in published["categories"]}
    write(
        folder / "customers.csv",
        (
            {
                "customer_id": c["customer_id"],
                "name": c["company_name"],
                "type": "company",
                "region": c["country"],
                "city": c["city"],
                "address": c["address"],
                "contact": c["contact_name"],
                "position": c["contact_title"],
                "phone": c["phone"],
                "owner": owners.get(c["customer_id"], ""),
            }
            for c in published["customers"]
        ),
    )
    write(
        folder / "contacts.csv",
        (
            {
                "contact_id": f"{c['customer_id']}-1",
                "customer_id": c["customer_id"],
                "name": c["contact_name"],
                "position": c["contact_title"],
                "phone": c["phone"],
            }
            for c in published["customers"]
        ),
    )
    write(
        folder / "products.csv",
        (
            {
                "product_id": p["product_id"],
                "name": p["product_name"],
                "category": categories[p["category_id"]],
                "unit": p["quantity_per_unit"],
                "list_price": p["unit_price"],
                "state": "discontinued" if p["discontinued"] == "1" else "on_sale",
            }
            for p in published["products"]
        ),
    )
    numbers: Counter[str] = Counter()
    rows = []
    for line in published["order_details"]:
        order = orders[line["order_id"]]
        numbers[line["order_id"]] += 1
        rows.append(
            {
                "order_id": line["order_id"],
                "line_no": numbers[line["order_id"]],
                "date": day(order),
                "customer_id": order["customer_id"],
                "product_id": line["product_id"],
                "quantity": line["quantity"],
                "price": price(line),
                "seller": people[order["employee_id"]],
            }
        )
    write(folder / "orders.csv", rows)
    write(folder / "settings.csv", [{"setting_id": "AS_OF", "value": "2018-05-06"}])
    return published


def write(path: Path, rows: Iterable[Mapping[str, object]], encoding: str = "utf-8") -> None:
    """One CSV file."""
    rows = list(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
