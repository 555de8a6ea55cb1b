"""What is asked of Excel for macOS, through xlwings' own classes: in its terms, and understood as it answers."""

import atexit
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest
import xlwings as xw

from crmbook import live
from crmbook.live import asking
from crmbook.live.excel import Link
from crmbook.live.excel_macos import MacOS
from crmbook.live.program import tame
from crmbook.ooxml import Area
from tests.live import apple_events, apple_excel
from tests.live.alike import differences
from tests.live.apple_events import Excel, Reference
from tests.live.loading import open_again
from tests.live.moves import Memory

ROWS = [["客户", "金额"], ["安华", 12.5], [None, "#N/A"], ["甲", "#SPILL!"], [True, 3.0]]
READ = [["客户", "金额"], ["安华", 12.5], ["", "#N/A"], ["甲", "#VALUE!"], [True, 3.0]]


@pytest.fixture
def mac() -> Iterator[ModuleType]:
    with apple_events.mac() as found:
        yield found


@pytest.mark.parametrize(
    "area", [Area(1, 1, 5, 2), Area(1, 2, 5, 2), Area(3, 1, 3, 2), Area(3, 2, 3, 2), Area(2, 2, 2, 2)]
)
def test_blocks_are_read_with_their_errors(area: Area, mac: ModuleType):
    found = asking.values(apple_events.sheet(mac, Excel(ROWS)), area, MacOS())
    assert found == [row[area.left - 1 : area.right] for row in READ[area.top - 1 : area.bottom]]


def test_no_answer_is_longer_than_an_apple_event_may_be(mac: ModuleType):
    excel = Excel([[float(n)] * 4 for n in range(100_000)])
    found = asking.values(apple_events.sheet(mac, excel), Area(1, 1, 100_000, 4), MacOS())
    assert (len(found), found[-1]) == (100_000, [99_999.0] * 4)
    assert sum("value" in path for path in excel.asked) == 2


def test_links_are_found_with_where_they_lead(mac: ModuleType):
    links = {"$B$2": {"address": "https://a.example", "screen_tip": "看"}, "$A$4": {"sub_address": "'我的 表'!A1"}}
    sheet = apple_events.sheet(mac, Excel(ROWS, links))
    assert MacOS().links(sheet) == {(2, 2): Link("https://a.example", "", "看"), (4, 1): Link("", "'我的 表'!A1")}
    MacOS().set_link(sheet.range((2, 2)), None)
    MacOS().set_link(sheet.range((3, 2)), None)
    assert [*MacOS().links(sheet)] == [(4, 1)]


def test_rows_hidden_by_hand_are_seen(mac: ModuleType):
    excel = Excel(ROWS)
    rows = apple_events.sheet(mac, excel).range((2, 1), (4, 1))
    assert MacOS().hide_rows([rows]) == [False]
    excel.hidden = {3}
    assert MacOS().hide_rows([rows]) == [True]
    excel.hidden = {2, 3, 4}
    assert MacOS().hide_rows([rows]) == [True]


def test_a_name_is_taken_out_of_sight(mac: ModuleType):
    excel = Excel(ROWS)
    MacOS().hide_name(xw.main.Name(impl=mac.Name(None, xl=Reference(excel, ("named_items", "_crm.orders.no")))))
    assert excel.held == {("named_items", "_crm.orders.no", "visible"): False}


def test_what_fills_columns_is_turned_off_and_on_again():
    excel = Excel(ROWS)
    book = SimpleNamespace(app=SimpleNamespace(api=Reference(excel)))
    with MacOS().unfilled(book):
        assert [*excel.held.values()] == [False]
    assert [*excel.held.values()] == [True]


@pytest.mark.parametrize("from_excel", [True, False])
def test_no_macro_of_the_users_is_run_at_the_end(from_excel: bool, mac: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=客户.xlsm", "--from_xl=1"] if from_excel else ["crmbook", "refresh"])
    ended = []
    monkeypatch.setattr(atexit, "unregister", ended.append)
    tame()
    assert (mac.cleanup in ended) is not from_excel


@pytest.mark.parametrize("go_along", [True, False], ids=["links go along", "links stay"])
def test_a_click_does_what_a_refresh_of_the_file_does(go_along: bool, changed: tuple[Memory, Memory], mac: ModuleType):
    memory = open_again(changed)
    memory.links_go_along, memory.copied = go_along, True
    tab = memory.pages["客户分级表"].tables["crm_grading"]
    tab.chosen[2] = ["K001", "K005"]
    book = apple_excel.opened(mac, memory)
    assert "客户分级表" in live.refreshed(book).sheets
    assert differences(memory, changed[1]) == []
    assert tab.chosen == {2: ["K001", "K005"]}
    memory.calls.clear()
    assert live.refreshed(book).sheets == ()
    assert memory.changes == 0
