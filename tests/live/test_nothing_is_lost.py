"""The open workbook when a program does not do what it was told: no row is taken out for another, nothing typed is changed."""

from dataclasses import replace

import pytest

from crmbook.live.reading import LiveBook
from crmbook.live.writing import Writing
from crmbook.plan import Plan
from crmbook.problems import CannotProceedError
from tests.handmade import SHEET, opened, package
from tests.live import engine
from tests.live.grid import COLUMNS, ComError, Tab
from tests.live.loading import loaded
from tests.live.moves import Memory
from tests.live.ranges import AutoFilter
from tests.live.test_same_rows import NO_FILTER, plan
from tests.pour.grading import GROWN


def written(memory: Memory, *forms) -> None:
    _, standings = opened(package(NO_FILTER))
    Writing(LiveBook(engine.opened(memory)), Plan(forms or (plan([2, 0]),)), standings).run(lambda sheet: None)


def test_no_row_is_taken_out_where_the_sort_did_not_bring_it_to_the_end(monkeypatch: pytest.MonkeyPatch):
    live = loaded(package(NO_FILTER))
    monkeypatch.setattr(Memory, "sort", lambda memory, tab, by: memory.call("sort"))
    with pytest.raises(CannotProceedError, match="did not go"):
        written(live)
    assert [live.pages[SHEET].values.get((row, 2)) for row in (5, 6, 7)] == ["A01", "B02", "C03"]


def test_rows_hidden_by_hand_are_seen_beside_a_table_that_is_filtered():
    live = loaded(package(NO_FILTER))
    page = live.pages[SHEET]
    page.values.update({(20, 11): "H", (21, 11): "a", (22, 11): "b"})
    theirs = page.tables["theirs"] = Tab("theirs", page, (11, 20, 11, 22))
    theirs.chosen[1] = ["a"]
    page.hidden.add(6)
    with pytest.raises(CannotProceedError, match="hidden by hand"):
        written(live)
    assert [page.values.get((row, 1)) for row in (5, 6, 7)] == [1, 2, 3]
    assert [page.values.get((row, 2)) for row in (5, 6, 7)] == ["A01", "B02", "C03"]
    assert theirs.chosen == {1: ["a"]}


def test_text_between_formulas_that_are_mended_stays_as_it_was_typed():
    live = loaded(package(NO_FILTER))
    page = live.pages[SHEET]
    text = max(page.styles.values()) + 1000
    usual = live.number_format
    live.number_format = lambda style: "@" if style == text else usual(style)
    page.styles[6, 6] = text
    page.formulas.update({(5, 6): "C10+1", (7, 6): "C10+2"})
    page.values[6, 6] = "00123"
    written(live, plan([2, 1, 0]))
    assert page.values[6, 6] == "00123"
    assert (page.formulas[5, 6], page.formulas[7, 6]) == ("C10+2", "C10+1")


def test_a_filter_of_the_first_ten_that_excel_tells_half_is_not_let_go_of():
    live = loaded(package(NO_FILTER))
    tab = live.pages[SHEET].tables["crm_grading"]
    tab.chosen[3] = half = {"type": "top_items", "count": None}
    with pytest.raises(CannotProceedError, match="could not be put back"):
        written(live)
    assert (live.changes, tab.chosen) == (0, {3: half})


def test_a_formula_of_the_users_that_followed_rows_of_another_sheet_keeps_following():
    live = loaded(package(NO_FILTER))
    page, other = live.pages[SHEET], [*live.pages.values()][1]
    page.formulas[5, 6] = f"{other.name}!$A$4+1"
    _, standings = opened(package(NO_FILTER))

    def another_form_grew(sheet: str) -> None:
        live.insert(other, (1, 1, COLUMNS, 2), like_above=False)

    form = replace(plan([2, 1, 0]), cells=GROWN.cells)
    Writing(LiveBook(engine.opened(live)), Plan((form,)), standings).run(another_form_grew)
    assert page.formulas[7, 6] == f"{other.name}!$A$6+1"


def test_places_do_not_stay_among_the_figures_where_the_sort_fails(monkeypatch: pytest.MonkeyPatch):
    live = loaded(package(NO_FILTER))
    _, standings = opened(package(NO_FILTER))
    columns = {id: at for id, at in standings["grading"].columns.items() if id != "no"}
    standings = {"grading": replace(standings["grading"], columns=columns)}
    monkeypatch.setattr(Memory, "sort", lambda memory, tab, by: memory.call("sort"))
    with pytest.raises(CannotProceedError, match="did not go"):
        Writing(LiveBook(engine.opened(live)), Plan((plan([2, 0, 1]),)), standings).run(lambda sheet: None)
    assert [live.pages[SHEET].values.get((row, 3)) for row in (5, 6, 7)] in ([30, 20, 10], [None] * 3)


def test_a_filter_that_does_not_come_back_is_said_and_costs_no_other(monkeypatch: pytest.MonkeyPatch):
    live = loaded(package(NO_FILTER))
    tab = live.pages[SHEET].tables["crm_grading"]
    tab.chosen.update({2: ["A01", "C03"], 1: ["1", "3"]})
    put = AutoFilter.apply_values

    def refused(self: AutoFilter, field: int, values: list[str]) -> None:
        if field == 1:
            raise ComError("AutoFilter method of Range class failed")
        put(self, field, values)

    monkeypatch.setattr(AutoFilter, "apply_values", refused)
    with pytest.raises(CannotProceedError, match="did not come back"):
        written(live, plan([2, 1, 0]))
    assert tab.chosen == {2: ["A01", "C03"]}
    assert [live.pages[SHEET].values[row, 2] for row in (5, 6, 7)] == ["C03", "B02", "A01"]


def test_a_sort_that_the_program_refuses_is_told_in_words(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise ComError("To do this, all the merged cells need to be the same size.")

    monkeypatch.setattr(Memory, "sort", refused)
    with pytest.raises(CannotProceedError, match="did not go") as stopped:
        written(loaded(package(NO_FILTER)), plan([2, 1, 0]))
    assert "merged cells" in stopped.value.problem.fix.en


def test_a_formula_under_the_table_that_shows_nothing_keeps_its_place():
    live = loaded(package(NO_FILTER))
    page = live.pages[SHEET]
    page.formulas[8, 2], page.values[8, 2] = 'IF($K$1>1,"合计","")', ""
    written(live, GROWN)
    assert 'IF($K$1>1,"合计","")' in page.formulas.values()
