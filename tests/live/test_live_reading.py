"""An open workbook tells what its file tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from crmbook.live.reading import LiveBook
from crmbook.ooxml import Package, Workbook
from crmbook.problems import CannotProceedError
from tests import excel_edits
from tests.handmade import SHEET, package
from tests.live import engine
from tests.live.grid import ComError, Page
from tests.live.loading import loaded
from tests.live.moves import Memory


@pytest.fixture(scope="module")
def both(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[LiveBook, Workbook]:
    """A small book with notes, links, a text that looks like a formula, days and a truth value, open and closed."""
    path = tmp_path_factory.mktemp("reading") / "book.xlsx"
    where = {"where": {"客户代码": "K002"}, "table": "crm_grading"}
    edits = [
        {"do": "comment", **where, "column": "客户名称", "text": "注意", "author": "李敏"},
        {"do": "link", "table": "crm_grading", "where": {"客户代码": "K003"}, "column": "客户名称", "url": "https://a.example"},
        {"do": "type", **where, "column": "备注", "value": "=不是公式"},
        {"do": "own_sheet", "name": "我的 表", "cells": {"A1": "一", "C3": ["B2*2", 4.0], "B2": 2.5, "D9": True}},
    ]  # fmt: skip
    excel_edits.edit(small, edits, path)
    return LiveBook(engine.opened(loaded(path))), Workbook(Package.open(path))


def test_sheets_tables_and_names(both: tuple[LiveBook, Workbook]):
    live, file = both
    assert [s.name for s in live.sheets] == [s.name for s in file.sheets]
    assert live.names == file.names
    assert live.is_1904 is file.is_1904
    extents = [
        {
            name: (
                t.sheet.name,
                t.first_col,
                t.header_row,
                t.first_row,
                t.last_row,
                t.last_col,
                t.columns,
                t.totals_rows,
            )
            for name, t in book.tables.items()
        }
        for book in both
    ]
    assert extents[0] == extents[1] != {}


def test_values_formulas_and_marks(both: tuple[LiveBook, Workbook]):
    live, file = both
    for sheet in (s.name for s in file.sheets):
        rows = [[{(r, c): v for r, row in enumerate(book.values(sheet), 1) for c, v in enumerate(row, 1) if v != ""}] for book in both]  # fmt: skip
        assert rows[0] == rows[1]
        assert len({len(row) for row in live.values(sheet)}) <= 1
        assert live.formula_cells(sheet) == file.formula_cells(sheet)
        assert set(live.marked(sheet)) == set(file.marked(sheet))
    assert len(live.marked("客户分级表")) == 2


@pytest.mark.parametrize("header", ["新的一栏", "销售额", "公式", "合并"])
def test_a_column_begun_beside_the_table_is_taken_in_where_excel_could(header: str):
    memory = loaded(package())
    page = memory.pages[SHEET]
    page.values[4, 7] = header
    if header == "公式":
        page.formulas[4, 7] = "A1"
    if header == "合并":
        page.areas["merge"] = ["G6:G7"]
    live = LiveBook(engine.opened(memory))
    found = live.widened(live.tables["crm_grading"])
    taken = header == "新的一栏"
    assert (found.last_col, found.columns[-1]) == ((7, header) if taken else (6, "备注"))


@pytest.fixture
def late(small: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """A book whose report ends with a formula of the user's and has one begun beside it, which come to 2 when they are asked
    for, and had last come to 1."""
    memory = loaded(small)
    page = memory.pages["客户分级表"]
    ((row, column),) = (at for at, value in page.values.items() if value == "备注")
    right = page.tables["crm_grading"].area[2]
    places = [(row + 1, column), (row + 1, right + 1)]
    page.values[row, right + 1] = "我的"
    page.formulas.update(dict.fromkeys(places, "1+1"))

    @contextmanager
    def as_last_calculated(*_: object) -> Iterator[None]:
        page.values.update(dict.fromkeys(places, 1.0))
        yield
        page.values.update(dict.fromkeys(places, 2.0))

    monkeypatch.setattr(engine.Program, "as_last_calculated", as_last_calculated)
    return memory


def test_formulas_of_the_users_are_calculated_in_and_beside_a_report(late: Memory):
    (row,) = (row for row in LiveBook(engine.opened(late), sparing=True).values("客户分级表") if 2.0 in row[-2:])
    assert row[-1] == 2.0
    assert 1.0 not in row[-2:]


def test_a_sheet_of_which_half_was_read_is_read_again(late: Memory, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise ComError("Unspecified error")

    book = LiveBook(engine.opened(late), sparing=True)
    with monkeypatch.context() as patch:
        patch.setattr(Memory, "formula", refused)
        with pytest.raises(ComError):
            book.values("客户分级表")
    held = book.values("客户分级表")
    header = next(row for row in held if "备注" in row)
    assert held[held.index(header) + 1][header.index("备注")] == 2.0


def test_money_has_all_its_digits():
    page = Page("数据", values={(1, 1): 1.23456789, (1, 2): "元"})
    live = LiveBook(engine.opened(Memory("a.xlsx", [page], lambda style: "¥#,##0.00")))
    assert live.book.sheets["数据"].range("A1").raw_value == Decimal("1.2346")
    assert live.values("数据") == [[1.23456789, "元"]]


def test_a_cell_at_the_end_of_the_sheet_is_refused():
    page = Page("数据", values={(1, 1): 1.0, (1_048_576, 16_384): 1.0})
    with pytest.raises(CannotProceedError) as stopped:
        LiveBook(engine.opened(Memory("a.xlsx", [page], lambda style: "General"))).values("数据")
    assert stopped.value.problem.where == "数据"


def test_a_big_sheet_is_read_in_slices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine.Program, "most", 500)
    page = Page("数据", values={(n, c): float(n) for n in range(1, 601) for c in (1, 2)})
    memory = Memory("a.xlsx", [page], lambda style: "General")
    assert LiveBook(engine.opened(memory)).values("数据")[-1] == [600.0, 600.0]
    assert memory.calls["read"] == 3


@pytest.mark.parametrize("place", [(1, 1), (2, 2), (3, 3), (3, 1)])
def test_a_text_longer_than_any_formula_keeps_no_formula_from_being_told(place: tuple[int, int]):
    places = [(row, column) for row in (1, 2, 3) for column in (1, 2, 3)]
    formulas = {(r, c): f"{r}*{c}" for r, c in places if (r, c) != place}
    values = {**dict.fromkeys(formulas, 1.0), place: "=" + "长" * 9_000}
    book = LiveBook(engine.opened(Memory("a.xlsx", [Page("数据", values=values, formulas=formulas)], lambda style: "")))
    assert book.formula_cells("数据") == {*formulas}
    assert book.formulas("数据")[1][0] == ("2*1" if place != (2, 1) else None)


def test_an_error_that_no_long_text_explains_is_raised():
    memory = Memory("a.xlsx", [Page("数据", values={(1, 1): "长" * 8_000, (1, 2): 1.0})], lambda style: "")
    book = LiveBook(engine.opened(memory))
    assert book.values("数据")
    memory.breaks_at = 0
    with pytest.raises(ComError):
        book.formulas("数据")
