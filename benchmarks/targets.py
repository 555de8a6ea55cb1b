"""What the measured tables must show: each bound with the measured ratio, and whether it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from benchmarks.measure import Row, Table
from crmbook.text import Text


@dataclass(frozen=True)
class Target:
    """One bound on one workload's figures: at most or at least so much. Seconds may be those of the clock or of the
    processor, so that a busy machine shows."""

    table: str
    name: Text
    sign: Literal["≤", "≥"]
    bound: float
    of: Callable[[Table, Callable[[Row], float]], float]
    timed: bool = True  # False: a ratio of sizes, the same by either clock

    def holds(self, measured: float) -> bool:
        return measured <= self.bound if self.sign == "≤" else measured >= self.bound


def ratio(over: str, under: str) -> Callable[[Table, Callable[[Row], float]], float]:
    """One work's seconds over another's."""
    return lambda table, seconds: seconds(table.rows[over]) / seconds(table.rows[under])


def figure(name: str) -> Callable[[Table, Callable[[Row], float]], float]:
    return lambda table, _: table.figures[name]


def _memory(table: Table, _: Callable[[Row], float]) -> float:
    return table.rows["orders_cold"].megabytes / table.rows["openpyxl_change"].megabytes


def _per_book(table: Table, seconds: Callable[[Row], float]) -> float:
    """Seconds of one process for all books, without its start, over what calamine needs for them."""
    return (seconds(table.rows["one"]) - seconds(table.rows["start"])) / seconds(table.rows["calamine_read"])


def _speed_up(table: Table, _: Callable[[Row], float]) -> float:
    return table.rows["one"].seconds / table.rows["two"].seconds


TARGETS = (
    Target("office", Text("新增订单，无缓存：比 calamine 仅读取", "new orders, no cache: against calamine merely reading"), "≤", 1.5, ratio("orders_cold", "calamine_read")),
    Target("office", Text("新增订单，无缓存：openpyxl 打开并保存慢几倍", "new orders, no cache: openpyxl's load and save is slower by"), "≥", 20, ratio("openpyxl_change", "orders_cold")),
    Target("office", Text("没有变化，有缓存：比 calamine 仅读取", "nothing changed, cached: against calamine merely reading"), "≤", 0.15, ratio("same", "calamine_read")),
    Target("office", Text("写了一条备注，有缓存：比 calamine 仅读取", "one note typed, cached: against calamine merely reading"), "≤", 0.3, ratio("note", "calamine_read")),
    Target("office", Text("内存：比 openpyxl", "peak memory: against openpyxl"), "≤", 1 / 3, _memory, timed=False),
    Target("build", Text("生成：XlsxWriter 只写入慢几倍", "build: XlsxWriter's writing alone is slower by"), "≥", 6, ratio("xlsxwriter", "build")),
    Target("build", Text("只写入：XlsxWriter 慢几倍", "writing alone: XlsxWriter is slower by"), "≥", 6, ratio("xlsxwriter", "crmbook_write")),
    Target("build", Text("文件大小：比 XlsxWriter", "size of the file: against XlsxWriter's"), "≤", 1.25, figure("size"), timed=False),
    Target("branches", Text("两个进程比一个快几倍", "two processes are faster than one by"), "≥", 1.7, _speed_up, timed=False),
    Target("branches", Text("每个工作簿（不计启动）：比 calamine 仅读取", "each book, without the start: against calamine merely reading"), "≤", 1.5, _per_book),
    Target("growth", Text("最大的比次大的：每行订单的时间", "the largest against the next: seconds for each order line"), "≤", 1.25, figure("seconds"), timed=False),
    Target("growth", Text("最大的比次大的：每行订单的内存", "the largest against the next: memory for each order line"), "≤", 1.25, figure("memory"), timed=False),
    Target("button", Text("按钮：示例工作簿，秒", "the button: the sample, seconds"), "≤", 3, lambda table, _: table.rows["changed"].seconds, timed=False),
    Target("button", Text("按钮：补录大订单后，秒", "the button: after a big order, seconds"), "≤", 3, lambda table, _: table.rows["moved"].seconds, timed=False),
)  # fmt: skip


def judged(tables: Mapping[str, Table]) -> list[tuple[Target, float, float]]:
    """Each target whose workload was measured: its ratio by the clock and by processor seconds."""
    return [
        (
            t,
            t.of(tables[t.table], lambda row: row.seconds),
            t.of(tables[t.table], lambda row: row.processor or row.seconds),
        )
        for t in TARGETS
        if t.table in tables
    ]
