"""Every form refreshed while the workbook is open: the same cells, formulas, tables, names, notes and ranges as in the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from crmbook import live
from tests import every_form_book as small
from tests import excel_edits
from tests.every_form_book import GOES, REPORTS
from tests.live import engine
from tests.live.alike import differences
from tests.live.loading import before_and_after, open_again
from tests.live.moves import Memory
from tests.reading import Reading
from tests.staff import Staff

CALLS_PER_FORM = 40  # beside one for each defined name
KEY = "客户代码"


def order(number: str, customer: str, amount: float) -> excel_edits.Edit:
    values = {
        "订单号": number,
        "行号": 1,
        "日期": 46200,
        "客户编号": customer,
        "产品编号": "P1",
        "数量": 1,
        "金额": amount,
    }
    return {"do": "append_row", "table": "crm_orders", "values": values}


def customer(id: str, name: str) -> excel_edits.Edit:
    values = {"客户编号": id, "客户名称": name, "区域": "华东", "规模": "大型", "客户经理": "王芳"}
    return {"do": "append_row", "table": "crm_customers", "values": values}


DAY = [  # what staff do beside their words on every row
    order("X1", "K005", 90_000),
    order("X2", "K006", 50_000),
    {"do": "comment", "table": "crm_grading", "where": {KEY: "K002"}, "column": "客户名称", "text": "下半年换供应商", "author": "李敏"},
    {"do": "colour", "table": "crm_grading", "where": {KEY: "K004"}, "rgb": "FFC000"},
    {"do": "link", "table": "crm_grading", "where": {KEY: "K005"}, "column": "客户名称", "url": "https://example.com/k5"},
    {"do": "rename_header", "table": "crm_grading", "old": "销售额", "new": "本期销售额（元）"},
    {"do": "insert_column", "table": "crm_chain", "before": "备注", "header": "双倍", "formula": "[@累计购买额]*2", "results": [0.0] * 6},
    {"do": "filter", "table": "crm_customers", "column": "区域", "values": ["华东"]},
    {"do": "hide_column", "table": "crm_grading", "column": "付款信用"},
    {"do": "sort", "table": "crm_grading", "column": KEY},
    {"do": "type", "table": "crm_settings", "where": {"公式名称": "ABC_A"}, "column": "值", "value": 0.5},
    {"do": "own_sheet", "name": "我的", "cells": {"A1": ["SUM(crm_grading[本期销售额（元）])", 0.0], "A2": ["SUM(客户分级表!$E$25:$E$30)", 0.0], "B1": "自己记的"}},
]  # fmt: skip
LATER = [
    {"do": "delete_row", "table": "crm_customers", "where": {"客户编号": GOES}},
    customer("K900", "新来的"),
    customer("K901", "12-3"),
    order("X8", "K900", 70_000),
    order("X9", "K901", 60_000),
]


@dataclass
class Step:
    """A workbook with edits of the staff's: as they left it, and after a refresh of the file."""

    edited: Memory
    file: Memory

    @cached_property
    def live(self) -> Memory:
        """The same after a refresh in the open workbook."""
        memory = open_again((self.edited, self.file))
        live.refreshed(engine.opened(memory))
        return memory


def step(path: Path, edits: Sequence[excel_edits.Edit]) -> Step:
    """The file edited and refreshed in place."""
    excel_edits.edit(path, edits)
    return Step(*before_and_after(path))


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """The book after a day, and after another."""
    folder = tmp_path_factory.mktemp("forms")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        path = small.build(folder)
    small.type_everywhere(path, Reading(path))
    return {"a day": step(path, DAY), "customers come and go": step(path, LATER)}


@pytest.mark.parametrize("name", ["a day", "customers come and go"])
def test_the_open_workbook_ends_as_the_file_does(name: str, walk: dict[str, Step]):
    memory = walk[name].live
    assert differences(memory, walk[name].file) == []
    assert memory.calls.total() <= len(memory.names) + CALLS_PER_FORM * len(REPORTS)


@pytest.mark.parametrize("name", ["a day", "customers come and go"])
def test_a_second_click_changes_nothing(name: str, walk: dict[str, Step]):
    memory = walk[name].live
    memory.calls.clear()
    assert live.refreshed(engine.opened(memory)).wrote is False
    assert memory.changes == 0


def test_what_staff_typed_coloured_and_noted_is_on_the_rows_of_before(walk: dict[str, Step]):
    for found in walk.values():
        memory, was = found.live, found.edited
        for form in REPORTS:
            for page in (p for p in memory.pages.values() if form.table in p.tables):
                now, before = on_rows(page), on_rows(was.pages[page.name])
                assert {key: now[key] for key in before.keys() & now.keys()} == {
                    key: before[key] for key in before.keys() & now.keys()
                }
                assert len(before.keys() & now.keys()) >= len(before) - 1


def on_rows(page) -> dict[object, tuple[object, ...]]:
    """By what staff wrote in their own column, the formats of the row and its notes: they must not part."""
    tab = next(iter(page.tables.values()))
    header = {page.values.get((tab.area[1], c)): c for c in range(tab.area[0], tab.area[2] + 1)}
    own = header.get(small.OWN)
    found = {}
    for row in tab.rows if own else ():
        if word := page.values.get((row, own)):
            styles = tuple(page.styles.get((row, c)) for c in header.values())
            found[word] = (styles, *[text for (r, _), text in page.notes.items() if r == row])
    return found


@pytest.mark.soak
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_so_does_the_sample_after_a_day_of_its_staff(lang: str, built: Callable[[str], bytes], tmp_path: Path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(built(lang))
    if lang == "zh":
        staff = Staff(Reading(path))
        edits = [*staff.edits(), *staff.in_excel()]
    else:
        values = {
            "Order no.": "X1",
            "Line": 1,
            "Date": 46320,
            "Customer no.": "C0005",
            "Product no.": "P001",
            "Quantity": 1,
            "Amount": 2_500_000,
        }
        edits = [{"do": "append_row", "table": "crm_orders", "values": values}]
    found = step(path, edits)
    memory = found.live
    assert differences(memory, found.file) == []
    memory.calls.clear()
    assert live.refreshed(engine.opened(memory)).wrote is False
