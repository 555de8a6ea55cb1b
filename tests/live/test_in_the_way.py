"""The button when something is in the way: it says so before anything is touched, or puts back what it set aside."""

import copy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlwings as xw

from crmbook import live
from crmbook.keep import lock
from crmbook.live import dialog, refreshing
from crmbook.live.program import caller
from crmbook.problems import CannotProceedError
from crmbook.text import Text
from crmbook.verbs.outcome import WRITING
from tests import excel_edits
from tests.live import engine
from tests.live.alike import differences
from tests.live.grid import COLUMNS
from tests.live.loading import before_and_after, open_again
from tests.live.moves import Memory

GRADING, CUSTOMERS = "客户分级表", "客户"


@pytest.fixture(scope="module")
def books(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Memory, Memory]:
    """A small book after an order that changes the rows' order, and the same after a refresh of its file."""
    path = tmp_path_factory.mktemp("way") / "小.xlsx"
    order = {"订单号": "X1", "行号": 1, "日期": 46200, "客户编号": "K005", "金额": 90_000}
    note = {"do": "type", "table": "crm_grading", "where": {"客户代码": "K002"}, "column": "备注", "value": "老客户"}
    path.write_bytes(small.read_bytes())
    excel_edits.edit(path, [{"do": "append_row", "table": "crm_orders", "values": order}, note])
    return before_and_after(path)


@pytest.fixture
def memory(books: tuple[Memory, Memory]) -> Memory:
    """The edited book, open."""
    return open_again(books)


@pytest.fixture
def same(books: tuple[Memory, Memory]) -> Callable[[Memory], list[str]]:
    """What differs from the refreshed file."""
    return lambda memory: differences(memory, books[1])


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(refreshing, "PAUSE", 0)
    yield
    if hasattr(xw.Book, "_mock_caller"):
        del xw.Book._mock_caller


def stopped(memory: Memory) -> str:
    """What the one dialog says after a click that cannot do its work."""
    book = engine.opened(memory)
    assert live.refresh(book) is None
    ((title, said),) = book.app.impl.alerts
    assert title == "crmbook"
    assert book.app.impl.state["status_bar"] is False
    return said


def untouched(memory: Memory, books: tuple[Memory, Memory]) -> bool:
    return memory.changes == 0 and differences(memory, books[0]) == []


def test_a_click_refreshes_and_says_what_it_does_in_the_status_bar(
    memory: Memory, same, capfd: pytest.CaptureFixture[str]
):
    book = engine.opened(memory)
    outcome = live.refresh(book)
    assert outcome is not None
    assert (outcome.wrote, outcome.live, outcome.proof) == (True, True, None)
    assert GRADING in outcome.sheets
    assert same(memory) == []
    shown = [said for name, said in book.app.impl.seen if name == "status_bar"]
    assert shown[0] == "crmbook: 读取数据…"
    assert f"crmbook: 写入 {GRADING}…" in shown
    assert shown[-1] is False
    assert book.app.impl.alerts == []
    assert capfd.readouterr() == ("", "")


def test_nothing_changed_is_not_one_write(memory: Memory):
    book = engine.opened(memory)
    live.refresh(book)
    memory.calls.clear()
    outcome = live.refresh(book)
    assert (outcome.wrote, outcome.sheets, memory.changes) == (False, (), 0)


@pytest.mark.parametrize("why", ["protected", "read-only", "hidden rows", "odd filter"])
def test_what_is_in_the_way_is_said_before_anything_is_touched(why: str, memory: Memory, books):
    page = memory.pages[GRADING]
    tab = page.tables["crm_grading"]
    if why == "protected":
        page.is_protected = True
    elif why == "read-only":
        memory.is_read_only = True
    elif why == "hidden rows":
        page.hidden.add(tab.rows[1])
    else:
        tab.chosen[3] = None
    said = stopped(memory)
    words = {"protected": "撤消工作表保护", "read-only": "只读", "hidden rows": "取消隐藏", "odd filter": "客户名称"}
    assert words[why] in said
    assert (memory.name if why == "read-only" else GRADING) in said
    assert untouched(memory, books)


def test_a_filter_is_set_aside_and_put_back(memory: Memory, same):
    tab = memory.pages[GRADING].tables["crm_grading"]
    tab.chosen[2] = ["K001", "K005"]
    live.refreshed(engine.opened(memory))
    assert tab.chosen == {2: ["K001", "K005"]}
    assert same(memory) == []


def test_a_row_typed_under_a_table_that_did_not_grow_is_taken_in(memory: Memory):
    page = memory.pages[CUSTOMERS]
    tab = page.tables["crm_customers"]
    left, top, right, last = tab.area
    page.values.update({(last + 1, left): "K900", (last + 1, left + 1): "新来的"})
    outcome = live.refreshed(engine.opened(memory))
    assert tab.area == (left, top, right, last + 1)
    assert outcome.counts["customers"] == last + 1 - top
    assert "K900" in memory.pages[GRADING].values.values()


def test_row_numbers_in_a_column_of_text_do_not_spoil_the_order(memory: Memory, same):
    page = memory.pages[GRADING]
    tab = page.tables["crm_grading"]
    text = next(style for style in page.styles.values() if memory.number_format(style) == "@")
    page.styles.update({(row, tab.area[0]): text for row in tab.rows})
    live.refreshed(engine.opened(memory))
    assert [found for found in same(memory) if "!A" not in found] == []


def test_a_sheet_that_need_not_be_written_may_be_protected(memory: Memory, same):
    memory.pages[CUSTOMERS].is_protected = True
    live.refreshed(engine.opened(memory))
    assert same(memory) == []


def test_nothing_is_written_where_a_row_was_put_in_meanwhile(memory: Memory, same):
    """Where the program can be used while it is read."""

    def staff(text: Text) -> None:
        if text is WRITING:
            memory.insert(memory.pages[GRADING], (1, 1, COLUMNS, 1), like_above=False)
            memory.calls.clear()

    with pytest.raises(CannotProceedError, match="refresh again"):
        live.refreshed(engine.opened(memory), step=staff)
    assert memory.changes == 0


def test_a_busy_program_is_waited_for(memory: Memory, same):
    memory.busy = 5
    book = engine.opened(memory)
    assert live.refresh(book) is not None
    assert same(memory) == []


def test_one_that_stays_busy_is_told_and_not_asked_for_ever(memory: Memory):
    memory.busy = 10**9
    with pytest.raises(CannotProceedError) as error:
        live.refreshed(engine.opened(memory))
    assert "finish the cell" in error.value.problem.fix.en
    assert 10**9 - memory.busy < 1000


def test_a_second_click_is_told_that_the_first_still_runs(memory: Memory, books):
    book = engine.opened(memory)
    with dialog.once(book):
        assert "正在处理" in stopped(memory)
    assert untouched(memory, books)
    assert live.refresh(book) is not None


def test_a_refresh_of_the_file_and_a_click_keep_off_each_other(memory: Memory, tmp_path: Path):
    path = tmp_path / "开着.xlsx"
    path.touch()
    memory.fullname = str(path)
    with lock(path):
        assert "正在处理" in stopped(memory)


BACK = [pytest.param(back, marks=() if back in {1, 22, 43} else pytest.mark.soak) for back in range(1, 120)]


@pytest.mark.parametrize("back", BACK)
def test_after_an_error_in_the_middle_a_second_click_mends_all(back: int, memory: Memory, same):
    whole = copy.deepcopy(memory)
    live.refreshed(engine.opened(whole))
    memory.breaks_at = whole.calls.total() - back
    book = engine.opened(memory)
    assert live.refresh(book) is None
    ((_, said),) = book.app.impl.alerts
    assert "再刷新一次" in said
    memory.breaks_at = None
    memory.calculated(memory)
    live.refreshed(book)
    assert same(memory) == []


def test_the_program_is_as_it_was_after_an_error(memory: Memory, monkeypatch: pytest.MonkeyPatch):
    book = engine.opened(memory)
    app = book.app.impl
    app.state |= {"calculation": "semiautomatic", "enable_events": False}
    app.unsettable = {"display_alerts"}
    before = dict(app.state)
    monkeypatch.setattr(Memory, "write", lambda *_, **__: 1 / 0)
    live.refresh(book)
    assert app.state == before
    assert ("calculation", "manual") in app.seen
    assert "ZeroDivisionError" in app.alerts[0][1]


def test_the_log_holds_what_the_dialog_does_not(memory: Memory, state: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        print("to nobody")
        raise ZeroDivisionError

    monkeypatch.setattr(Memory, "write", fail)
    said = stopped(memory)
    log = (state / dialog.LOG).read_text("utf-8")
    assert str(state / dialog.LOG) in said
    assert "Traceback" in log
    assert "to nobody" in log
    assert memory.name in log
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["客户 管理.xlsm", "a=b=c 客户.xlsx", "O'Neil & Söhne.xlsm"])
def test_the_calling_book_is_found_by_any_name(name: str, memory: Memory, same, monkeypatch: pytest.MonkeyPatch):
    memory.name = name
    book = engine.opened(memory)
    if "=" not in name:
        book.set_mock_caller()
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={name}", "--from_xl=1", "--app=x", "--hwnd=1"])
    assert live.refresh() is not None
    assert same(memory) == []


def test_on_a_mac_an_accent_may_come_apart_from_its_letter(memory: Memory, monkeypatch: pytest.MonkeyPatch):
    """xlwings/xlwings/issues/2004."""
    memory.name = "Ausz\u00fcge.xlsm"
    engine.opened(memory)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=Auszu\u0308ge.xlsm", "--from_xl=1"])
    assert caller().name == memory.name


@pytest.mark.parametrize("place", ["https://d.docs.live.net/8C/文档/客户.xlsx", "Z:\\no\\such\\客户.xlsx", ""])
def test_a_book_whose_file_is_out_of_reach_is_refreshed_all_the_same(place: str, memory: Memory, same):
    memory.fullname = place
    assert live.refresh(engine.opened(memory)) is not None
    assert same(memory) == []


def test_a_click_whose_book_is_not_found_is_told_in_the_program_that_is_there(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, state: Path, capfd
):
    app = engine.opened(memory).app.impl
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=gone=.xlsx", "--from_xl=1"])
    assert live.refresh() is None
    assert len(app.alerts) == 1
    assert "StopIteration" in (state / dialog.LOG).read_text("utf-8")
    assert capfd.readouterr() == ("", "")
