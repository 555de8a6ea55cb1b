"""The workloads: for each, what crmbook does, what a user would do instead, and the floor below which nobody can go."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from benchmarks.edits import NEW_ORDERS, holds_note
from benchmarks.measure import Role, Table, Work, compare
from crmbook.text import Text

REFERENCE = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
RETAIL = REFERENCE / "online_retail" / "online_retail_2009_2010.parquet"
ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
HAS_EXCELIZE = importlib.util.find_spec("excelize") is not None
NO_EXCELIZE = Text("excelize 未安装，这里没有它。", "excelize is not installed and is left out here.")


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    orders: int = 200_000
    customers: int = 5_000
    branches: int = 100
    branch_orders: int = 2_000
    growth: Sequence[int] = (10_000, 50_000, 200_000, 800_000)
    runs: int = 3


QUICK = Sizes(4_000, 100, 6, 500, (1_000, 2_000, 4_000), 1)


class Books:
    """crmbook as the README installs it, and the books that workloads start from, each made once; a workload works on
    copies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cold, self.warm = (
            {"CRMBOOK_STATE": str(folder / place / "state"), "CRMBOOK_CACHE": str(folder / place / "cache")}
            for place in ("cold", "warm")
        )

    @cached_property
    def python(self) -> str:
        """The Python of an environment with nothing in it but crmbook and what it brings, and pytest, which presses buttons."""
        place = self.folder / "installed"
        call([PYTHON, "-m", "venv", place])
        python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        call([python, "-m", "pip", "install", "-q", f"{ROOT}[excel]", "pytest"], {"PYTHONDONTWRITEBYTECODE": ""})
        return str(python)

    @property
    def crmbook(self) -> list[str]:
        """The command."""
        return [str(Path(self.python).with_name("crmbook"))]

    def data(self, customers: int, orders: int) -> Path:
        """CSV files of a business of this size."""
        made = self.folder / f"made_{customers}_{orders}"
        if not made.exists():
            python("benchmarks.made", made, customers, orders)
        return made

    def base(self, customers: int, orders: int) -> Path:
        """A book built from them."""
        path = self.folder / f"base_{customers}_{orders}.xlsx"
        if not path.exists():
            call([*self.crmbook, "build", path, "--from", self.data(customers, orders), "-q"], self.cold)
        return path

    def forget(self) -> None:
        """No run has left anything that could help the next."""
        shutil.rmtree(self.folder / "cold", ignore_errors=True)

    def remember(self, base: Path, book: Path) -> None:
        """The cache is as a refresh of `book`, which is a copy of `base`, has left it."""
        kept = self.folder / "kept" / base.stem
        if not kept.exists():
            shutil.rmtree(self.folder / "warm", ignore_errors=True)
            call([*self.crmbook, "refresh", book, "-q"], self.warm)
            shutil.copytree(self.folder / "warm", kept)
        shutil.rmtree(self.folder / "warm", ignore_errors=True)
        shutil.copytree(kept, self.folder / "warm")


def call(command: Sequence[object], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run([str(word) for word in command], check=True, env={**os.environ, **(environment or {})})


def python(module: str, *words: object) -> None:
    """A script of ours in a process of its own: a measured one counts the memory of the one it was started from."""
    call([PYTHON, "-m", module, *words])


def peer(id: str, name: Text, *books: Path, role: Role = "peer", by: str = PYTHON, **more) -> Work:
    return Work(id, name, [by, "-m", "benchmarks.peers", id, *map(str, books)], role=role, **more)


def refresh(id: str, name: Text, books: Books, base: Path, edit: str = "", *, cached: bool = False, expect: int = 0, **more) -> Work:  # fmt: skip
    """`crmbook refresh` of a fresh copy, edited or not; afterwards it must have counted the orders, and kept the note."""
    book = books.folder / "book.xlsx"

    def before() -> None:
        shutil.copy(base, book)
        books.remember(base, book) if cached else books.forget()
        if edit:
            python("benchmarks.edits", edit, book)

    def after(said: str) -> None:
        told = json.loads(said)
        read = told["orders"] == expect + (NEW_ORDERS if edit == "orders" else 0)
        wrote = edit == "note" or told["wrote"] == bool(edit)  # a note may make its row higher
        if not read or not wrote or (edit == "note" and not holds_note(book)):
            raise SystemExit(f"{id}: {said[:300]}")

    environment = books.warm if cached else books.cold
    return Work(
        id, name, [*books.crmbook, "refresh", str(book), "--json"], before, after, environment=environment, **more
    )


CALAMINE = Text("底线：calamine 仅读取各表", "floor: calamine merely reads the sheets")
COPY = Text("底线：校验并复制文件", "floor: check and copy the file")


def office(books: Books, sizes: Sizes) -> Table:
    """The large office's book, refreshed after what staff do."""
    base = books.base(sizes.customers, sizes.orders)
    copy = base.with_name("theirs.xlsx")

    def fresh() -> None:
        shutil.copy(base, copy)

    same = {"books": books, "base": base, "expect": sizes.orders}
    works = [
        refresh("orders_cold", Text("crmbook：新增 100 行订单，无缓存", "crmbook: 100 new orders, no cache"), edit="orders", **same),
        refresh("orders", Text("crmbook：新增 100 行订单", "crmbook: 100 new orders"), edit="orders", cached=True, **same),
        refresh("same_cold", Text("crmbook：没有变化，无缓存", "crmbook: nothing changed, no cache"), **same),
        refresh("same", Text("crmbook：没有变化", "crmbook: nothing changed"), cached=True, **same),
        refresh("note_cold", Text("crmbook：写了一条备注，无缓存", "crmbook: one note typed, no cache"), edit="note", **same),
        refresh("note", Text("crmbook：写了一条备注", "crmbook: one note typed"), edit="note", cached=True, **same),
        peer("calamine_read", CALAMINE, base, role="floor"),
        peer("copy_zip", COPY, base, role="floor"),
        peer("openpyxl_change", Text("openpyxl：打开，改一个单元格，保存", "openpyxl: load, change one cell, save"), base, runs=1),
        peer("pandas_change", Text("pandas + openpyxl：读订单，按客户汇总，写回一张表", "pandas + openpyxl: read the orders, sum by customer, put one sheet back"), copy, before=fresh, runs=1),
        peer("office_open", Text("LibreOffice：打开并保存", "LibreOffice: open and save"), base, runs=1),
        peer("office_recalculate", Text("LibreOffice：打开，全部重算，保存", "LibreOffice: open, recalculate all, save"), base, runs=1),
    ]  # fmt: skip
    if HAS_EXCELIZE:
        works.append(peer("excelize_change", Text("excelize：打开，改一个单元格，保存", "excelize: load, change one cell, save"), base))  # fmt: skip
    title = Text(f"更新：{sizes.customers:,} 个客户，{sizes.orders:,} 行订单", f"Refresh: {sizes.customers:,} customers, {sizes.orders:,} order lines")  # fmt: skip
    notes = [Text(f"文件 {size(base)}。其他工具只改单元格，不计算任何表单。", f"The file: {size(base)}. The others only change cells; they compute no form."), *_excelize()]  # fmt: skip
    works = [w for w in works if not w.id.startswith("office_") or shutil.which("soffice")]
    return replace(compare("office", title, works, sizes.runs), notes=notes)


def build(books: Books, sizes: Sizes) -> Table:
    """The same book made, and the same cells written by XlsxWriter."""
    base, data = books.base(sizes.customers, sizes.orders), books.data(sizes.customers, sizes.orders)
    made, cells, theirs = (books.folder / name for name in ("made.xlsx", "cells.pickle", "theirs.xlsx"))
    python("benchmarks.same_cells", "take", base, cells)
    gone = partial(made.unlink, missing_ok=True)
    works = [
        Work("build", Text("crmbook build：读 CSV，计算，绘制，写入", "crmbook build: read the CSV files, compute, draw, write"), [*books.crmbook, "build", str(made), "--from", str(data), "-q"], gone),
        peer("crmbook_write", Text("其中只写入：填充，检查，保存", "its writing alone: fill, check, save"), made, data, role="ours", by=books.python, before=gone, timed=False),
        Work("xlsxwriter", Text("XlsxWriter（constant_memory）只写入同样的单元格", "XlsxWriter (constant_memory) writing the same cells, and nothing else"), [PYTHON, "-m", "benchmarks.same_cells", "write", str(cells), str(theirs)], role="peer", timed=False),
        peer("copy_zip", COPY, base, role="floor"),
    ]  # fmt: skip
    title = Text(f"生成：{sizes.customers:,} 个客户，{sizes.orders:,} 行订单", f"Build: {sizes.customers:,} customers, {sizes.orders:,} order lines")  # fmt: skip
    found = compare("build", title, works, sizes.runs)
    ratio = base.stat().st_size / theirs.stat().st_size
    notes = [Text(f"文件：crmbook {size(base)}，XlsxWriter {size(theirs)}（{ratio:.2f} 倍）。XlsxWriter 的单元格已在内存中，只计写入的时间；它不画图表、表格和规则。", f"Files: crmbook {size(base)}, XlsxWriter {size(theirs)} ({ratio:.2f} times). XlsxWriter finds its cells in memory, and only its writing is timed; it makes no charts, tables or rules.")]  # fmt: skip
    return replace(found, notes=notes, figures={"size": ratio})


def reading(books: Books, sizes: Sizes) -> Table:
    """Reading alone."""
    base = books.base(sizes.customers, sizes.orders)
    works = [
        peer("crmbook_read", Text("crmbook：数据表，已核对并定型", "crmbook: the sheets of data, checked and typed"), base, role="ours", by=books.python, environment=books.cold, before=books.forget),
        peer("calamine_read", CALAMINE, base, role="floor"),
        peer("pandas_calamine_read", Text("pandas + calamine：各表", "pandas + calamine: every sheet"), base),
        peer("openpyxl_read", Text("openpyxl（read_only）：各表", "openpyxl (read_only): every sheet"), base, runs=1),
        peer("pandas_openpyxl_read", Text("pandas + openpyxl：各表", "pandas + openpyxl: every sheet"), base, runs=1),
    ]  # fmt: skip
    if HAS_EXCELIZE:
        works.append(
            peer("excelize_read", Text("excelize：各表，仅文字", "excelize: every sheet, as text only"), base, runs=1)
        )
    title = Text(f"读取：{sizes.customers:,} 个客户，{sizes.orders:,} 行订单", f"Reading: {sizes.customers:,} customers, {sizes.orders:,} order lines")  # fmt: skip
    return replace(compare("reading", title, works, sizes.runs), notes=_excelize())


def branches(books: Books, sizes: Sizes) -> Table:
    """Many books of branches, each with new orders, by one process and by two."""
    base = books.base(max(sizes.branch_orders // 40, 5), sizes.branch_orders)
    folder = books.folder / "branches"
    paths = [folder / f"{n:03d}.xlsx" for n in range(sizes.branches)]

    def fresh() -> None:
        folder.mkdir(exist_ok=True)
        for path in paths:
            shutil.copy(base, path)
        python("benchmarks.edits", "orders", *paths)
        books.forget()

    def after(said: str) -> None:
        told = [json.loads(line) for line in said.splitlines()]
        if sum(t["wrote"] and t["orders"] == sizes.branch_orders + NEW_ORDERS for t in told) != sizes.branches:
            raise SystemExit(f"branches: {said[:300]}")

    def many(jobs: int) -> list[str]:
        return [*books.crmbook, "refresh", str(folder), "--jobs", str(jobs), "--json"]

    one = peer(
        "calamine_start", Text("底线：calamine 读一个工作簿", "floor: calamine reads one of them"), base, role="floor"
    )
    works = [
        Work("two", Text("crmbook refresh --jobs 2", "crmbook refresh --jobs 2"), many(2), fresh, after, environment=books.cold),
        Work("one", Text("crmbook refresh --jobs 1", "crmbook refresh --jobs 1"), many(1), fresh, after, environment=books.cold),
        Work("start", Text("启动：导入更新所需的一切", "start-up: importing all that a refresh needs"), [books.python, "-P", "-c", "import crmbook.verbs.opened, crmbook.planning, crmbook.pour"]),
        peer("calamine_read", Text("底线：calamine 读全部工作簿", "floor: calamine reads all of them"), *paths, role="floor"),
        replace(one, command=[PYTHON, "-m", "benchmarks.peers", "calamine_read", str(base)]),
        peer("openpyxl_change", Text("openpyxl：其中一个，打开，改一个单元格，保存", "openpyxl: one of them; load, change one cell, save"), base),
    ]  # fmt: skip
    title = Text(f"{sizes.branches} 个分公司工作簿，每个 {sizes.branch_orders:,} 行订单，各新增 {NEW_ORDERS} 行", f"{sizes.branches} branch books of {sizes.branch_orders:,} order lines each, {NEW_ORDERS} new ones in every book")  # fmt: skip
    return replace(compare("branches", title, works, sizes.runs), figures={"books": sizes.branches})


def growth(books: Books, sizes: Sizes) -> Table:
    """The same refresh against ever more orders."""
    works = []
    for orders in sizes.growth:
        base = books.base(orders // 40, orders)
        name = Text(f"crmbook：{orders:,} 行订单", f"crmbook: {orders:,} order lines")
        works.append(refresh(f"orders_{orders}", name, books, base, "orders", expect=orders))
    for orders in sizes.growth:
        floor = peer("calamine_read", Text(f"底线：calamine 读 {orders:,} 行订单的工作簿", f"floor: calamine reads the book of {orders:,}"), books.base(orders // 40, orders), role="floor")  # fmt: skip
        works.append(replace(floor, id=f"floor_{orders}"))
    title = Text("增长：新增 100 行订单后更新，无缓存", "Growth: refresh after 100 new orders, no cache")
    found = compare("growth", title, works, max(1, sizes.runs - 1))
    small, large = sizes.growth[-2], sizes.growth[-1]
    per = {n: found.rows[f"orders_{n}"] for n in sizes.growth}
    each = "、".join(f"{n:,}：{r.seconds / n * 1e6:.0f} 微秒，{r.megabytes / n * 1e3:.1f} kB" for n, r in per.items())
    notes = [Text(f"每行订单：{each}。", f"For each order line: {each.replace('：', ': ').replace('微秒，', 'µs, ').replace('、', '; ')}.")]  # fmt: skip
    times = large / small
    figures = {"seconds": per[large].seconds / per[small].seconds / times, "memory": per[large].megabytes / per[small].megabytes / times}  # fmt: skip
    return replace(found, notes=notes, figures=figures)


def sample(books: Books, sizes: Sizes) -> Table:
    """The sample workbook: the commands a stranger types first."""
    book = books.folder / "sample.xlsx"
    works = [
        Work("build", Text("crmbook build", "crmbook build"), [*books.crmbook, "build", str(book), "-q"], lambda: book.unlink(missing_ok=True)),
        Work("same", Text("crmbook refresh，没有变化", "crmbook refresh, nothing changed"), [*books.crmbook, "refresh", str(book)], books.forget, environment=books.cold),
        Work("help", Text("crmbook --help", "crmbook --help"), [*books.crmbook, "--help"]),
        peer("calamine_read", CALAMINE, book, role="floor"),
        peer("openpyxl_change", Text("openpyxl：打开，改一个单元格，保存", "openpyxl: load, change one cell, save"), book),
    ]  # fmt: skip
    title = Text("示例：240 个客户，9,000 行订单", "The sample: 240 customers, 9,000 order lines")
    return compare("sample", title, works, sizes.runs)


def retail(books: Books, sizes: Sizes) -> Table | None:
    """Online Retail 2009-2010: real lines, twice the size an office will have."""
    if sizes is QUICK or not RETAIL.exists():
        return None
    data, book = books.folder / "retail", books.folder / "retail.xlsx"
    python("tests.real.online_retail", RETAIL, data)
    older = [*books.crmbook, "refresh", str(book), "--as-of", "2010-11-09"]
    works = [
        Work("build", Text("crmbook build", "crmbook build"), [*books.crmbook, "build", str(book), "--from", str(data), "-q"], lambda: book.unlink(missing_ok=True)),
        Work("same", Text("crmbook refresh，没有变化", "crmbook refresh, nothing changed"), [*books.crmbook, "refresh", str(book)], books.forget, environment=books.cold),
        Work("older", Text("crmbook refresh，所有数字都变", "crmbook refresh, every figure changed"), older, books.forget, environment=books.cold),
        peer("calamine_read", CALAMINE, book, role="floor"),
        peer("openpyxl_change", Text("openpyxl：打开，改一个单元格，保存", "openpyxl: load, change one cell, save"), book),
    ]  # fmt: skip
    title = Text("Online Retail 2009–2010：4,383 个客户，525,461 行订单", "Online Retail 2009–2010: 4,383 customers, 525,461 order lines")  # fmt: skip
    return compare("retail", title, works, 1)


def size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"


def _excelize() -> list[Text]:
    return [] if HAS_EXCELIZE else [NO_EXCELIZE]
