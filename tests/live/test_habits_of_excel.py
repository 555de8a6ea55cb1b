"""Habits of Excel that cost users something where nobody thinks of them: copied cells, comments, lists of blanks, new errors."""

from types import SimpleNamespace

import pytest

from crmbook.live.excel import Windows
from crmbook.live.reading import LiveBook
from crmbook.live.writing import Writing
from crmbook.plan import Plan
from tests.handmade import SHEET, opened, package
from tests.live import engine
from tests.live.grid import Page
from tests.live.loading import loaded
from tests.live.moves import Memory
from tests.live.test_same_rows import NO_FILTER, plan


@pytest.fixture
def live() -> Memory:
    """A form of three rows, 5 to 7, with the key in column 2 and a column of the user's own at 6."""
    return loaded(package(NO_FILTER))


def written(memory: Memory, form) -> None:
    _, standings = opened(package(NO_FILTER))
    Writing(LiveBook(engine.opened(memory)), Plan((form,)), standings).run(lambda sheet: None)


def test_cells_that_were_copied_are_not_put_in(live: Memory):
    live.copied = True
    written(live, plan([0, 1, -1, 2]))
    assert [live.pages[SHEET].values.get((row, 2)) for row in (5, 6, 8)] == ["A01", "B02", "C03"]


def test_a_formula_of_the_users_does_not_fill_its_column(live: Memory):
    page = live.pages[SHEET]
    for row in (5, 6, 7):
        page.values.pop((row, 6), None)
        page.formulas.pop((row, 6), None)
    page.formulas[5, 6] = "C10+1"
    written(live, plan([2, 1, 0]))
    assert {row: page.formulas.get((row, 6)) for row in (5, 6, 7)} == {5: None, 6: None, 7: "C10+1"}
    assert live.fills


def test_a_row_that_is_emptied_loses_its_comments_too(live: Memory):
    page = live.pages[SHEET]
    page.threads.update({(5, 2): "谁跟进？", (7, 2): "下周拜访"})
    page.notes[6, 2] = "老客户"
    written(live, plan([-1]))
    assert (page.threads, (6, 2) in page.notes) == ({}, False)


def test_blanks_among_the_values_of_a_filter_are_shown_again(live: Memory):
    tab = live.pages[SHEET].tables["crm_grading"]
    tab.chosen[6] = ["", "A01"]
    written(live, plan([2, 1, 0]))
    assert tab.chosen == {6: ["", "A01"]}


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!"])
def test_an_error_that_xlwings_does_not_know_is_no_number(error: str):
    page = Page("数据", values={(1, 1): error, (1, 2): 7.0, (1, 3): True}, formulas={(1, 1): "UNIQUE(B:B)"})
    book = LiveBook(engine.opened(Memory("a.xlsx", [page], lambda style: "General")))
    assert book.book.sheets["数据"].range("A1").raw_value < 0
    assert book.values("数据") == [["#VALUE!", 7.0, True]]  # as its file says


def test_threads_go_with_the_cells(live: Memory):
    page = live.pages[SHEET]
    page.threads[5, 2] = "下周拜访"
    written(live, plan([2, 1, 0]))
    assert page.threads == {(7, 2): "下周拜访"}


def test_the_setting_is_left_alone_where_the_user_has_turned_it_off(live: Memory):
    live.fills = False
    book = engine.opened(live)
    with engine.Program().unfilled(book):
        assert not live.fills
    assert not live.fills


@pytest.mark.parametrize(
    ("arrows", "filtered", "table", "said"),
    [
        (True, True, False, True),
        (True, False, False, False),
        (False, False, True, False),
        (False, True, True, False),
        (False, True, False, True),
    ],
    ids=[
        "arrows that hide",
        "arrows that hide none",
        "a table's",
        "a table's that the cursor stands in",
        "an advanced filter",
    ],
)
def test_a_filter_that_is_no_tables_is_seen(arrows: bool, filtered: bool, table: bool, said: bool):
    """Microsoft's reference: `Worksheet.FilterMode`, and `AutoFilterMode`, which is False under an advanced filter."""
    theirs = SimpleNamespace(ShowAutoFilter=True, AutoFilter=SimpleNamespace(FilterMode=table))
    criteria = [SimpleNamespace(type="values" if table else "none", values=["a"])]
    tables = [SimpleNamespace(api=theirs, autofilter=SimpleNamespace(criteria=criteria))]
    guarded = {"ProtectContents": False, "ProtectionMode": False}
    shown = SimpleNamespace(FilterMode=filtered)
    api = SimpleNamespace(AutoFilterMode=arrows, FilterMode=filtered, AutoFilter=shown, **guarded)
    assert Windows().guards([SimpleNamespace(api=api, tables=tables)]) == [(False, said)]


def test_an_excel_without_the_setting_writes_all_the_same():
    with Windows().unfilled(object()):
        pass


def test_a_formula_that_takes_a_range_for_all_its_cells_goes_on_doing_so(live: Memory):
    page = live.pages[SHEET]
    page.formulas |= {(row, 6): "SUM(IF(C10:C12>B10,1))" for row in (5, 7)}
    page.arrays[5, 6] = page.arrays[7, 6] = True
    written(live, plan([2, 1, 0]))
    assert [page.formulas[row, 6] for row in (5, 7)] == ["SUM(IF(C10:C12>B10,1))"] * 2
    assert page.arrays == {(5, 6): True, (7, 6): True}
