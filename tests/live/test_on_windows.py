"""The button through xlwings' own classes for Windows, over objects by the names and types of Microsoft's reference."""

import atexit
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import xlwings as xw

from crmbook import live
from crmbook.live import finding, program, refreshing
from crmbook.live.excel import Link, Windows
from crmbook.live.reading import LiveBook
from crmbook.ooxml import Area
from crmbook.problems import CannotProceedError
from crmbook.text import Text
from tests.live import com, pywin32
from tests.live.alike import differences
from tests.live.grid import ComError, Page
from tests.live.loading import open_again
from tests.live.moves import Memory

GRADING = "客户分级表"


@pytest.fixture
def memory(changed: tuple[Memory, Memory]) -> Memory:
    return open_again(changed)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Memory], xw.Book]]:
    """The workbook as xlwings shows it on Windows."""
    monkeypatch.setattr(program, "MacOS", Windows)  # whatever system the test runs on
    with pywin32.windows() as found:

        def book(memory: Memory) -> xw.Book:
            wrapped = found.COMRetryObjectWrapper(com.Workbook(memory))
            monkeypatch.setattr(found, "get_excel_hwnds", lambda: [pywin32.HWND])
            monkeypatch.setattr(found, "get_xl_app_from_hwnd", {pywin32.HWND: wrapped.Application}.get)
            return xw.Book(impl=found.Book(xl=wrapped))

        yield book


@pytest.mark.parametrize("go_along", [True, False], ids=["links go along", "links stay"])
def test_a_click_does_what_a_refresh_of_the_file_does(go_along: bool, memory: Memory, changed, opened):
    memory.links_go_along = go_along
    memory.copied = True
    tab = memory.pages[GRADING].tables["crm_grading"]
    tab.chosen[2] = ["K001", "K005"]
    book = opened(memory)
    outcome = live.refreshed(book)
    assert GRADING in outcome.sheets
    assert differences(memory, changed[1]) == []
    assert tab.chosen == {2: ["K001", "K005"]}
    assert memory.fills
    memory.calls.clear()
    assert live.refreshed(book).sheets == ()
    assert memory.changes == 0


def test_values_come_as_windows_tells_them(opened):
    page = Page(
        "数据", values={(1, 1): "#N/A", (1, 2): "#CALC!", (1, 3): 46000.5, (1, 4): "文", (2, 1): True, (2, 4): 7.0}
    )
    page.formulas |= {(1, 1): "NA()", (1, 2): "FILTER(A:A,A:A>9)"}
    page.styles[1, 3] = 1
    book = LiveBook(opened(Memory("a.xlsx", [page], lambda style: ("General", "yyyy-mm-dd")[style])))
    assert book.values("数据") == [["#N/A", "#VALUE!", datetime(2025, 12, 9, 12), "文"], [True, "", "", 7.0]]
    assert book.formulas("数据")[0] == ["NA()", "FILTER(A:A,A:A>9)", None, None]


def test_a_busy_excel_is_asked_again_and_not_for_ever(memory: Memory, changed, opened, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(refreshing, "PAUSE", 0)
    memory.busy = 300
    live.refreshed(opened(memory))
    assert differences(memory, changed[1]) == []
    memory.busy = 10**9
    with pytest.raises(CannotProceedError, match="Excel is busy"):
        live.refreshed(opened(memory))
    assert 10**9 - memory.busy < 10_000


def test_a_cell_that_is_being_edited_half_way_is_waited_for(
    memory: Memory, changed, opened, monkeypatch: pytest.MonkeyPatch
):
    """The user begins to type where it is written, and ends while nobody asks."""
    monkeypatch.setattr(time, "sleep", lambda seconds: setattr(memory, "busy", 0))

    def edited(text: Text) -> None:
        memory.busy = 10**9

    book = opened(memory)
    live.refreshed(book, step=edited)
    assert differences(memory, changed[1]) == []
    assert sys.modules["xlwings._xlwindows"].N_COM_ATTEMPTS == program.PATIENCE


def test_comments_of_which_a_busy_excel_does_not_tell_are_not_held_for_gone(opened, monkeypatch: pytest.MonkeyPatch):
    def rejected(sheet: com.Worksheet) -> None:
        raise ComError("Call was rejected by callee.", -2147418111)

    sheet = opened(Memory("a.xlsx", [Page("数据", threads={(3, 1): "议"})], lambda style: "General")).sheets["数据"]
    monkeypatch.setattr(sys.modules["xlwings._xlwindows"], "N_COM_ATTEMPTS", 3)
    monkeypatch.setattr(com.Worksheet, "CommentsThreaded", property(rejected))
    with pytest.raises(ComError):
        Windows().marked(sheet)


def test_links_and_comments_are_put_and_taken(opened):
    page = Page(
        "数据", values={(1, 1): "甲"}, links={(1, 1): "https://a.example"}, notes={(2, 1): "注"}, threads={(3, 1): "议"}
    )
    book = opened(Memory("a.xlsx", [page], lambda style: "General"))
    sheet, excel = book.sheets["数据"], Windows()
    assert excel.links(sheet) == {(1, 1): Link("https://a.example")}
    assert excel.marked(sheet) == [Area(row, 1, row, 1) for row in (2, 3, 1)]
    excel.set_link(sheet.range((2, 1)), Link("https://b.example"))
    excel.set_link(sheet.range((1, 1)), None)
    excel.clear_notes(sheet.range((1, 1), (3, 1)))
    assert (page.links, page.notes, page.threads) == ({(2, 1): "https://b.example"}, {}, {})


@pytest.mark.parametrize("name", ["客户 管理.xlsm", "a=b=c 客户.xlsm", "O'Neil & Söhne.xlsm"])
def test_the_calling_book_is_found_by_its_window(name: str, opened, monkeypatch: pytest.MonkeyPatch):
    opened(Memory(name, [Page("数据")], lambda style: "General"))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={name}", "--from_xl=1", "--app=x", f"--hwnd={pywin32.HWND}"])
    assert program.caller().name == name


@pytest.mark.parametrize(
    "full", ["{here}", "https://firm.sharepoint.com/sites/x/{folder}/客户.xlsx", "https://else/客户.xlsx"]
)
def test_the_book_of_a_path_is_found_where_it_is_open(
    full: str, opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "客户.xlsx"
    memory = Memory(path.name, [Page("数据")], lambda style: "General")
    memory.fullname = full.format(here=path, folder=tmp_path.name)
    opened(memory)
    with monkeypatch.context() as patch:
        patch.setattr(xw, "engines", xw.main.Engines())
        xw.engines.add(xw.Engine(impl=sys.modules["xlwings._xlwindows"].engine))
        found = finding._in_excel(path)
    assert (found is not None) == ("else" not in full)


def test_no_excel_is_ended_and_none_is_asked_for_ever(opened, monkeypatch: pytest.MonkeyPatch):
    windows, ended = sys.modules["xlwings._xlwindows"], []
    monkeypatch.setattr(atexit, "unregister", ended.append)
    program.tame()
    assert ended == [windows.cleanup]
    assert windows.N_COM_ATTEMPTS == program.PATIENCE > 0
