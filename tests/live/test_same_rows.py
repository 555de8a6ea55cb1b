"""The same plan put into a closed file and into the open workbook: rows that come, go and change places, with all around."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from crmbook.live.reading import LiveBook
from crmbook.live.writing import Writing
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from crmbook.problems import CannotProceedError
from tests.handmade import PARTS, SHEET, opened, package, saved
from tests.live import engine
from tests.live.alike import differences
from tests.live.grid import Tab
from tests.live.loading import loaded
from tests.live.moves import Memory
from tests.pour.grading import GROWN, ONE, PRESENT, SHARE

TABLE = "xl/tables/table1.xml"
FILTER = '<filterColumn colId="2"><customFilters><customFilter operator="greaterThan" val="0"/></customFilters></filterColumn>'  # fmt: skip
# References to one single row of the table: what Excel makes of them when rows are put in is not what a file keeps.
TO_A_ROW = {ONE: ('<c r="I6"><f>C6+1</f>', '<c r="I6">'), "xl/worksheets/sheet2.xml": (f"<f>'{SHEET}'!$C$6</f>", "")}
NO_FILTER = {TABLE: (FILTER, ""), **TO_A_ROW}
BELOW = PARTS[ONE][PARTS[ONE].index('<row r="10"') : PARTS[ONE].index("</sheetData>")]


def plan(source: Sequence[int], gone: frozenset[int] = frozenset()) -> FormPlan:
    """A plan over the book's three rows: new ones get ids of their own."""
    old = ["A01", "B02", "C03"]
    ids = [old[at] if at >= 0 else f"N{n}" for n, at in enumerate(source)]
    sales = [None if n in gone else 100.0 - n for n in range(len(source))]
    total = sum(s for s in sales if s is not None)
    columns: Mapping[str, Written] = {
        "no": Written(["—" if n in gone else n + 1 for n in range(len(source))]),
        "customer_id": Written(ids),
        "sales": Written(sales),
        "share": Written([None if s is None else s / total for s in sales], SHARE),
    }
    return FormPlan("grading", columns, source, gone)


def both(form: FormPlan, changes: Mapping[str, tuple[str, str]] = NO_FILTER) -> tuple[Memory, Memory]:
    """The workbook after the plan went into it while it was open, and after it went into the file."""
    data = package(changes)
    workbook, standings = opened(data)
    pour(workbook, Plan((form,)), standings)
    live, file = loaded(data), loaded(saved(workbook))
    Writing(LiveBook(engine.opened(live)), Plan((form,)), standings).run(lambda sheet: None)
    return live, file


PLANS = {
    "as it stands": PRESENT,
    "turned over and two more": GROWN,
    "one more at the end": plan([0, 1, 2, -1]),
    "many more in front": plan([-1, -1, -1, -1, -1, 0, 1, 2]),
    "one goes": plan([0, 2]),
    "all but the last go": plan([2]),
    "one goes, one comes": plan([-1, 2, 0]),
    "all go, others come": plan([-1, -1]),
    "one lost its data but stays": plan([2, -1, 0, 1], frozenset({3})),
    "two lost their data": plan([2, 0, 1], frozenset({1, 2})),
}


@pytest.mark.parametrize("form", PLANS.values(), ids=PLANS)
def test_the_open_workbook_gets_the_same_cells_as_the_file(form: FormPlan):
    live, file = both(form)
    assert differences(live, file) == []


@pytest.mark.parametrize("form", PLANS.values(), ids=PLANS)
def test_so_it_is_with_nothing_but_notes_and_merged_cells_below(form: FormPlan):
    live, file = both(form, {**NO_FILTER, ONE: (BELOW, "")})
    assert [found for found in differences(live, file) if "!I6:" not in found] == []  # I6 refers to a row


@pytest.mark.parametrize("form", PLANS.values(), ids=PLANS)
def test_the_same_plan_a_second_time_changes_nothing(form: FormPlan):
    live, _ = both(form)
    live.calls.clear()
    again = replace(form, source=[*range(len(form.source))])
    _, standings = opened(package(NO_FILTER))
    table = standings["grading"].table
    stands = replace(table, last_row=table.first_row + len(form.source) - 1)
    standing = replace(standings["grading"], table=stands, last_row=stands.last_row)
    for page in live.pages.values():  # what a calculation leaves beside a formula is not compared
        page.values.update(dict.fromkeys(page.formulas, 1.0))
    assert Writing(LiveBook(engine.opened(live)), Plan((again,)), {"grading": standing}).run(lambda sheet: None) == ()
    assert live.changes == 0


def test_links_stand_on_their_rows_even_where_a_sort_leaves_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Memory, "links_go_along", False)
    live, file = both(GROWN)
    assert live.pages[SHEET].links == file.pages[SHEET].links != {}


def test_a_sort_that_leaves_a_row_behind_is_found_before_anything_is_written_beside_it(monkeypatch: pytest.MonkeyPatch):
    live = loaded(package(NO_FILTER))
    _, standings = opened(package(NO_FILTER))
    monkeypatch.setattr(Memory, "sort", lambda memory, tab, by: memory.call("sort"))
    with pytest.raises(CannotProceedError) as stopped:
        Writing(LiveBook(engine.opened(live)), Plan((GROWN,)), standings).run(lambda sheet: None)
    assert stopped.value.problem.where == SHEET
    assert [live.pages[SHEET].values[row, 3] for row in (5, 6)] == [30, 20]


def with_something_below(what: str) -> Memory:
    """The book with a table that stands half under ours, or with merged cells that do."""
    live = loaded(package(NO_FILTER))
    page = live.pages[SHEET]
    if what == "table":
        page.values.update({(20, c): f"H{c}" for c in (6, 7)})
        page.tables["theirs"] = Tab("theirs", page, (6, 20, 7, 22))
    else:
        page.areas["merge"].append("F12:H12")
    return live


@pytest.mark.parametrize(("what", "word"), [("table", "theirs"), ("merged cells", "数组公式")])
def test_what_stands_half_below_is_in_the_way_of_rows_that_come(what: str, word: str):
    live = with_something_below(what)
    _, standings = opened(package(NO_FILTER))
    with pytest.raises(CannotProceedError) as stopped:
        Writing(LiveBook(engine.opened(live)), Plan((GROWN,)), standings).run(lambda sheet: None)
    assert stopped.value.problem.where == SHEET
    assert word in stopped.value.problem.what.zh
    assert [live.pages[SHEET].values[row, 2] for row in (5, 6, 7)] == ["A01", "B02", "C03"]
    if what == "table":
        assert live.changes == 0


def test_it_is_in_nobodys_way_where_rows_only_change_places():
    live = with_something_below("table")
    _, standings = opened(package(NO_FILTER))
    Writing(LiveBook(engine.opened(live)), Plan((plan([2, 0, 1]),)), standings).run(lambda sheet: None)
    assert [live.pages[SHEET].values[row, 2] for row in (5, 6, 7)] == ["C03", "A01", "B02"]


def test_the_number_of_calls_does_not_grow_with_the_rows():
    counts = []
    for rows in (100, 10_000):  # as many as fifty thousand: test_calls.py
        live = loaded(package({**NO_FILTER, ONE: (BELOW, "")}))
        without_their_formulas(live)
        _, standings = opened(package(NO_FILTER))
        Writing(LiveBook(engine.opened(live)), Plan((plan([2, *[-1] * rows, 0, 1]),)), standings).run(lambda s: None)
        assert live.pages[SHEET].values[4 + rows + 3, 2] == "B02"
        counts.append(live.calls)
    assert counts[0] == counts[1]
    assert counts[0].total() <= MOST_CALLS


def without_their_formulas(memory: Memory) -> None:
    """What the user's column refers to is followed formula by formula, which takes its time, and no calls."""
    page = memory.pages[SHEET]
    page.formulas = {place: text for place, text in page.formulas.items() if place[1] != 5}
    del page.tables["crm_grading"].formulas[4]


MOST_CALLS = 60  # for one form whose rows all move: some thirty to read, as many to write
