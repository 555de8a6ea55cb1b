"""`python -m benchmarks`: prints every table; `--quick` leaves out the books of 200,000 and 525,461 lines."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.measure import Work, compare, machine, size

REFERENCE = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
PYTHON = sys.executable
CRMBOOK = [PYTHON, "-m", "crmbook"]


def peer(name: str, book: Path) -> list[str]:
    return [PYTHON, "-m", "benchmarks.peers", name, str(book)]


def sample(folder: Path) -> None:
    """The sample workbook: the commands a stranger types first."""
    book = folder / "sample.xlsx"
    works = [
        Work("crmbook build", [*CRMBOOK, "build", str(book)], lambda: book.unlink(missing_ok=True)),
        Work("crmbook refresh, nothing changed", [*CRMBOOK, "refresh", str(book)]),
        Work("openpyxl: load and save the same book", peer("openpyxl_load_save", book)),
        Work("floor: calamine reads every sheet", peer("calamine_read", book)),
        Work("crmbook --help", [*CRMBOOK, "--help"]),
    ]
    print(compare("The sample: 240 customers, 9,000 order lines", works, runs=5))
    print(f"file: {size(book)}\n")


def retail(folder: Path) -> None:
    """Online Retail 2009-2010: real lines, twice the size an office will have."""
    parquet = REFERENCE / "online_retail" / "online_retail_2009_2010.parquet"
    if not parquet.exists():
        print(f"Online Retail left out: {parquet} is not there")
        return
    # In a process of its own: a child counts the memory of the parent it was started from.
    subprocess.run([PYTHON, "-m", "tests.real.online_retail", str(parquet), str(folder / "retail")], check=True)
    book, fresh = folder / "retail.xlsx", folder / "fresh.xlsx"
    build = [*CRMBOOK, "build", str(book), "--from", str(folder / "retail"), "-q"]
    older = [*CRMBOOK, "refresh", str(book), "--as-of", "2010-11-09"]
    works = [
        Work("crmbook build --from", build, lambda: book.unlink(missing_ok=True)),
        Work("crmbook refresh, nothing changed", [*CRMBOOK, "refresh", str(book)], lambda: shutil.copy(book, fresh)),
        Work("crmbook refresh, every figure changed", older, lambda: None),
        Work("floor: calamine reads every sheet", peer("calamine_read", fresh)),
        Work("floor: read and copy the archive", peer("copy_zip", fresh)),
        Work("openpyxl: load and save the same book", peer("openpyxl_load_save", fresh)),
    ]
    print(compare("Online Retail 2009-10: 525,461 lines, 4,383 customers", works, runs=1))
    print(f"file: {size(fresh)}\n")


def office(folder: Path, customers: int = 5_000, orders: int = 200_000) -> None:
    """A large office's book: built, refreshed, and opened and recalculated by LibreOffice."""
    subprocess.run([PYTHON, "-m", "benchmarks.made", str(folder / "made"), str(customers), str(orders)], check=True)
    book, fresh = folder / "office.xlsx", folder / "opened.xlsx"
    works = [
        Work("crmbook build --from", [*CRMBOOK, "build", str(book), "--from", str(folder / "made"), "-q"], lambda: book.unlink(missing_ok=True)),
        Work("crmbook refresh, nothing changed", [*CRMBOOK, "refresh", str(book)], lambda: shutil.copy(book, fresh)),
        Work("LibreOffice: open and save", peer("office_open", fresh)),
        Work("LibreOffice: open, recalculate all and save", peer("office_recalculate", fresh)),
        Work("floor: calamine reads every sheet", peer("calamine_read", fresh)),
    ]  # fmt: skip
    print(compare(f"{customers:,} customers, {orders:,} order lines", works, runs=1))
    print(f"file: {size(fresh)}; sums over orders are {sums_over_orders(fresh)}\n")


def sums_over_orders(book: Path) -> str:
    """How the book sums over its orders, as the sheet of sales shows it."""
    with zipfile.ZipFile(book) as archive:
        sheets = (archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet"))
        return "formulas" if any(b"SUMIFS(crm_orders" in xml for xml in sheets) else "values"


def main() -> None:
    print(f"{machine()}; whole commands, medians\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample(folder)
        if "--quick" not in sys.argv:
            office(folder)
            retail(folder)


if __name__ == "__main__":
    main()
