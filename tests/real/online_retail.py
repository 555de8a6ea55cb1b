"""UCI "Online Retail II", sheet 2009-2010 → a folder of customers.csv, products.csv, orders.csv.

Every one of the 525,461 lines goes in as it stands, returns and lines without a customer included: finding those is
crmbook's work. `python tests/real/online_retail.py PARQUET FOLDER`
"""

import sys
from pathlib import Path

import pandas as pd


def raw(parquet: Path) -> pd.DataFrame:
    """The published lines, with customer ids as text (None where blank)."""
    lines = pd.read_parquet(parquet)
    ids = lines["CustomerID"].astype("Int64").astype("string")
    return lines.assign(CustomerID=ids.astype(object).where(ids.notna(), None))


def convert(parquet: Path, folder: Path, lines: int | None = None) -> pd.DataFrame:
    """Write the three files (of the first `lines` lines, or all); the raw lines come back, to compare with."""
    frame = raw(parquet).head(lines) if lines else raw(parquet)
    folder.mkdir(parents=True, exist_ok=True)
    known = frame.dropna(subset=["CustomerID"]).drop_duplicates("CustomerID")
    customers = {
        "customer_id": known["CustomerID"],
        "name": "Customer " + known["CustomerID"],
        "region": known["Country"],
    }
    pd.DataFrame(customers).to_csv(folder / "customers.csv", index=False)
    named = frame.assign(described=frame["Description"].notna()).sort_values(
        "described", ascending=False, kind="stable"
    )
    products = named.drop_duplicates("StockCode")
    names = products["Description"].str.strip().fillna(products["StockCode"])
    pd.DataFrame({"product_id": products["StockCode"], "name": names}).to_csv(folder / "products.csv", index=False)
    orders = {
        "order_id": frame["InvoiceNo"],
        "line_no": frame.groupby("InvoiceNo").cumcount() + 1,
        "date": frame["InvoiceDate"].dt.strftime("%Y-%m-%d"),
        "customer_id": frame["CustomerID"],
        "product_id": frame["StockCode"],
        "quantity": frame["Quantity"],
        "price": frame["UnitPrice"],
    }
    pd.DataFrame(orders).to_csv(folder / "orders.csv", index=False)
    (folder / "settings.csv").write_text("setting_id,value\nAS_OF,2010-12-09\n", encoding="utf-8")
    return frame


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
