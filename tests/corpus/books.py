"""The workbooks of the reference corpus, and a day of work in each: our forms come in, staff type, the book is refreshed."""

import csv
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from crmbook import book
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.ooxml.cells import ending, serial
from crmbook.problems import CannotProceedError, Problem
from tests.conftest import REFERENCE

CORPUS = REFERENCE.parent / "corpus"
BOOKS = sorted(p.name for p in CORPUS.glob("*.xls*"))
TODAY = date(2026, 6, 30)
CUSTOMERS = ("K001", "K002", "K003", "K004")
FEW = ("grading",)
APPLICATION = re.compile(rb"<(?:\w+:)?Application>([^<]*)<.*?(?:<(?:\w+:)?AppVersion>([^<]*)<|\Z)", re.DOTALL)
LINE = re.compile(r"^\| (\S+\.xls[xm]) \| [0-9]+ \| ([^@|]+)@.*\|([^|]*)\|$", re.MULTILINE)
NOTE, ORDER, WORDS = "下周再打电话", "D900", "写在自己的表里"
FAR_RIGHT = 250  # a column that none of these books uses


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one workbook: why it was refused, or its packages as they were, with our forms, with what staff typed,
    and after the refresh (the last two None where only the forms came in)."""

    name: str
    before: bytes
    refused: Problem | None = None
    proof: Proof | None = None
    added: Package | None = None
    typed: Package | None = None
    after: Package | None = None

    @property
    def source(self) -> Package:
        return Package.open(self.before)


def write_source(folder: Path) -> Path:
    """A few customers and orders as CSV files."""
    folder.mkdir()
    lines = [[f"D{n:03d}", 1, TODAY - timedelta(days=20 * n), CUSTOMERS[n * n % 3], 100 * (n + 1)] for n in range(6)]
    _write(folder / "customers.csv", ["customer_id", "name"], [[id, f"客户{id}"] for id in CUSTOMERS])
    _write(folder / "orders.csv", ["order_id", "line_no", "date", "customer_id", "amount"], lines)
    return folder


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def run(name: str, folder: Path, source: Path, *, forms: Sequence[str] | None = FEW, work: bool = True) -> Result:
    """One workbook of the corpus in a folder of its own; `work`: staff type in it, and it is refreshed."""
    path = folder / name
    shutil.copyfile(CORPUS / name, path)
    before = path.read_bytes()
    try:
        proof = book.into(path, source=source, as_of=TODAY, forms=forms).proof
    except CannotProceedError as error:
        assert path.read_bytes() == before, "refused, but the file was touched"
        return Result(name, before, error.problem)
    added = Package.open(path)
    if not work:
        return Result(name, before, None, proof, added)
    typed = staff_type(path, Workbook(Package.open(before)).sheets[0].name)
    book.refresh(path)
    assert not book.refresh(path).wrote, "the second refresh changed something"
    return Result(name, before, None, proof, added, typed, Package.open(path))


def staff_type(path: Path, first_sheet: str) -> Package:
    """A note beside a customer, an order under the others, a threshold, and a cell on the user's first sheet."""
    package = Package.open(path)
    workbook = Workbook(package)
    day = serial(TODAY, is_1904=workbook.is_1904)
    orders = workbook.tables["crm_orders"]
    line = {"订单号": ORDER, "行号": 1, "日期": day, "客户编号": "K004", "金额": 9000}
    _type(workbook, orders.sheet.name, orders.last_row + 1, {orders.first_col + orders.columns.index(h): v for h, v in line.items()})  # fmt: skip
    grading = workbook.tables["crm_grading"]
    _type(
        workbook, grading.sheet.name, grading.first_row + 2, {grading.first_col + grading.columns.index("备注"): NOTE}
    )
    settings = workbook.tables["crm_settings"]
    row = column_of(workbook, "crm_settings", "公式名称").index("ABC_A") + settings.first_row
    _type(workbook, settings.sheet.name, row, {settings.first_col + settings.columns.index("值"): 0.6})
    _type(workbook, first_sheet, 2, {FAR_RIGHT: WORDS})
    with path.open("w+b") as out:
        package.save(out)
    return Package.open(path)


def column_of(workbook: Workbook, table: str, header: str) -> list[object]:
    """The values of a column, row by row."""
    found = workbook.tables[table]
    at = found.first_col + found.columns.index(header) - 1
    rows = workbook.values(found.sheet.name)[found.first_row - 1 : found.last_row]
    return [row[at] if at < len(row) else "" for row in rows]


def _type(workbook: Workbook, sheet: str, row: int, cells: dict[int, object]) -> None:
    part = workbook.sheet_part(workbook.sheet(sheet))
    for column, value in cells.items():
        part.put(row, column, ending(value))
    workbook.package.write(workbook.sheet(sheet).part, part.text())


def program(package: Package) -> str:
    """The program that wrote a workbook, as it says itself."""
    part = next((n for n in package.names if n.casefold() == "docprops/app.xml"), None)
    found = APPLICATION.search(package.read(part)) if part else None
    if found is None:
        return "–"
    return " ".join(word.decode().strip() for word in found.groups() if word)


def listed() -> dict[str, tuple[str, str]]:
    """Of each workbook, the project that it comes from and what is in it, as the corpus lists them."""
    text = (CORPUS / "README.md").read_text("utf-8")
    return {name: (where, found.strip() or "–") for name, where, found in LINE.findall(text)}
