"""A small book for many quick refreshes: seven customers, sixteen order lines, the forms that move rows."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from crmbook import book

CUSTOMERS = [f"K{n:03d}" for n in range(1, 8)]
TODAY = date(2026, 6, 30)


def build(folder: Path) -> Path:
    """The book, in `folder`, beside the source it is made from."""
    source = folder / "source"
    source.mkdir()
    _write(source / "customers.csv", ["customer_id", "name", "region"], [[id, f"客户{id}", "east"] for id in CUSTOMERS])
    lines = [
        [f"D{n:03d}", 1, (TODAY - timedelta(days=11 * n)).isoformat(), CUSTOMERS[n * n % 6], round(1000 / (n + 1), 2)]
        for n in range(16)
    ]
    _write(source / "orders.csv", ["order_id", "line_no", "date", "customer_id", "amount"], lines)
    book.build(folder / "small.xlsx", source=source, as_of=TODAY, forms=["grading", "chain"])
    return folder / "small.xlsx"


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
