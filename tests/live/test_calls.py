"""The calls into the spreadsheet program: as many for fifty thousand rows as for a hundred."""

from pathlib import Path

from crmbook import live
from tests.live import engine
from tests.live.loading import loaded
from tests.live.moves import Memory

FEW, MANY = 100, 50_000
FORMS = 13  # in the small book: eleven entry forms, 客户分级表 and 客户链管理表
CALLS_PER_FORM = 12  # beside one for each defined name


def test_a_refresh_after_many_orders_takes_as_many_calls_as_after_few(small: Path):
    counts = []
    for rows in (FEW, MANY):
        memory = loaded(small)
        order_more(memory, rows)
        outcome = live.refreshed(engine.opened(memory))
        assert outcome.counts["orders"] > rows
        assert outcome.sheets == ("客户分级表", "客户链管理表")
        counts.append(memory.calls)
    assert counts[0] == counts[1]
    assert counts[0].total() <= len(memory.names) + CALLS_PER_FORM * FORMS


def order_more(memory: Memory, count: int) -> None:
    """Orders of all customers under those that are there."""
    page = next(page for page in memory.pages.values() if "crm_orders" in page.tables)
    tab = page.tables["crm_orders"]
    last, columns = tab.area[3], range(tab.area[0], tab.area[2] + 1)
    at = {page.values[tab.area[1], column]: column for column in columns}
    for row in range(last + 1, last + 1 + count):
        for kept in (page.values, page.styles):
            kept.update({(row, column): kept[last, column] for column in columns if (last, column) in kept})
        page.values[row, at["订单号"]] = f"Y{row}"
        page.values[row, at["客户编号"]] = f"K00{row % 5 + 1}"
        page.values[row, at["金额"]] = float(900 + row % 7)
    tab.area = (*tab.area[:3], last + count)
