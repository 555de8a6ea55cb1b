"""AdventureWorks, a bicycle shop's sales 2015 to 2017 → a folder of customers, products and orders as CSV.

Customers keep the encoding they were published in (Latin-1), and every line of sales goes in as it stands, the junk row at the end of
2017 included: finding that is crmbook's work. Of the 18,148 customers the first 3,000 are enough for a test. Returns name a territory but no customer, so each territory has a customer for them.
`python tests/real/adventureworks.py SOURCE FOLDER`
"""

import csv
import sys
from datetime import datetime
from pathlib import Path

from tests.real.northwind import Row, write

YEARS = (2015, 2016, 2017)


def rows(source: Path, name: str) -> list[Row]:
    """One published file."""
    with (source / f"AdventureWorks_{name}.csv").open(encoding="latin-1", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> str:
    """`18-Jan-2015` as 2015-01-18."""
    return f"{datetime.strptime(text, '%d-%b-%Y'):%Y-%m-%d}"


def convert(source: Path, folder: Path, customers: int = 3_000) -> dict[str, list[Row]]:
    """Write the files; the published sales, returns and products come back, to compare with."""
    folder.mkdir(parents=True, exist_ok=True)
    sales = [row for year in YEARS for row in rows(source, f"Sales_{year}")]
    junk = sales[-1]["CustomerKey"]
    people = [c for n, c in enumerate(rows(source, "Customers")) if n < customers or c["CustomerKey"] == junk]
    known = {c["CustomerKey"] for c in people}
    sales = [row for row in sales if row["CustomerKey"] in known]
    returns, products = rows(source, "Returns"), rows(source, "Products")
    countries = {t["SalesTerritoryKey"]: t["Country"] for t in rows(source, "Territories")}
    regions = {row["CustomerKey"]: countries[row["TerritoryKey"]] for row in sales}
    written = [
        {
            "customer_id": c["CustomerKey"],
            "name": f"{c['FirstName']} {c['LastName']}",
            "type": "person",
            "region": regions.get(c["CustomerKey"], ""),
            "email": c["EmailAddress"],
        }
        for c in people
    ]
    written += [
        {"customer_id": f"T{key}", "name": f"Returns of territory {key}", "region": country}
        for key, country in countries.items()
    ]
    write(folder / "customers.csv", written, "latin-1")
    groups = {c["ProductCategoryKey"]: c["CategoryName"] for c in rows(source, "Product_Categories")}
    categories = {
        s["ProductSubcategoryKey"]: groups[s["ProductCategoryKey"]] for s in rows(source, "Product_Subcategories")
    }
    prices = {p["ProductKey"]: p["ProductPrice"] for p in products}
    write(
        folder / "products.csv",
        (
            {
                "product_id": p["ProductKey"],
                "name": p["ProductName"],
                "category": categories[p["ProductSubcategoryKey"]],
                "list_price": p["ProductPrice"],
                "cost_price": p["ProductCost"],
            }
            for p in products
        ),
    )
    orders = [
        {
            "order_id": row["OrderNumber"],
            "line_no": row["OrderLineItem"],
            "date": day(row["OrderDate"]),
            "customer_id": row["CustomerKey"],
            "product_id": row["ProductKey"],
            "quantity": row["OrderQuantity"],
            "price": prices.get(row["ProductKey"], ""),
        }
        for row in sales
    ]
    orders += [
        {
            "order_id": f"R{n:05}",
            "line_no": 1,
            "date": day(row["ReturnDate"]),
            "customer_id": f"T{row['TerritoryKey']}",
            "product_id": row["ProductKey"],
            "quantity": f"-{row['ReturnQuantity']}",
            "price": prices[row["ProductKey"]],
        }
        for n, row in enumerate(returns, 1)
    ]
    write(folder / "orders.csv", orders)
    write(folder / "settings.csv", [{"setting_id": "AS_OF", "value": "2017-06-30"}])
    return {"sales": sales, "returns": returns, "products": products}


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
