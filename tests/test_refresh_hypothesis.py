"""Whatever staff do to a book between refreshes, what they own is theirs afterwards: random edits, random new data."""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmbook import book
from tests import desk, excel_save
from tests.belongings import belongings, outside, pinned
from tests.contract.dialects import DIALECTS
from tests.contract.draft import zipped
from tests.excel_file import ExcelFile
from tests.reading import Cell, Reading
from tests.soaking import examples, night_examples

Cells = Mapping[tuple[int, int], Cell]
number = st.integers(0, 400)
report = st.sampled_from(desk.REPORTS)
table = st.sampled_from(tuple(desk.KEY))
colour = st.sampled_from(("FFC000", "92D050", "00B0F0"))
character = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
words = st.one_of(
    st.text(character, min_size=1, max_size=12).filter(str.strip),
    st.sampled_from(["00123", "=1+1", "-5", "@x", " 前后空格 ", "两行\n文字", "<b>&amp;", "2026-01-01", "—", "TRUE"]),
)
typed = st.one_of(words, st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))
amount = st.floats(-5000, 20000).map(lambda x: round(x, 2))


def one(what: Callable[..., None], *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just(what), *arguments)


marks = st.one_of(
    one(desk.write_note, report, number, number, typed), one(desk.note_on_cell, report, number, number, words),
    one(desk.colour_row, table, number, colour), one(desk.pull_height, table, number, number),
    one(desk.link_cell, report, number, number), one(desk.formula_on_cell, report, number, number, number),
)  # fmt: skip
changes = st.one_of(
    one(desk.add_column, report, number, number), one(desk.rename, table, number), one(desk.move_tab, number, number),
    one(desk.sort, table, number), one(desk.filter_rows, table, number), one(desk.own_sheet, table, number),
    one(desk.beside_or_below, table, number, number, typed), one(desk.point_at, table, number, words),
)  # fmt: skip
news = st.one_of(
    one(desk.new_order, number, amount), one(desk.change_amount, number, amount), one(desk.new_customer), one(desk.type_under),
    one(desk.lose_customer, number), one(desk.renumber, number),
)  # fmt: skip
day = st.tuples(
    st.lists(changes, max_size=3), st.lists(marks, min_size=2, max_size=6), st.lists(changes, max_size=2), st.lists(news, min_size=1, max_size=4)
).map(lambda parts: [edit for part in parts for edit in part])  # fmt: skip
days = st.lists(day, min_size=1, max_size=2)


dialects = st.sampled_from(DIALECTS)
Days = list[list[tuple[Any, ...]]]


def adjoining(customer: Callable[..., None], *columns: int) -> Days:
    """A day on which words stand two rows below 客户, in these columns, and then a customer comes into the row between."""
    words = [(desk.beside_or_below, "crm_customers", 4 + 2 * at, 0, f"下面{at}") for at in columns]
    return [[*words, (customer,)]]


@examples(50)
@example(adjoining(desk.type_under, 0), DIALECTS[0])
@example(adjoining(desk.type_under, 0, 1), DIALECTS[0])
@example(adjoining(desk.new_customer, 0, 1), DIALECTS[0])
@given(days, dialects)
def test_what_the_user_owns_is_the_same_after_every_refresh(small: Path, tmp_path_factory: pytest.TempPathFactory, days: Days, dialect: Any):  # fmt: skip
    work(small, tmp_path_factory, days, dialect)


@pytest.mark.soak
@night_examples(3000)
@given(days, dialects)
def test_what_the_user_owns_is_the_same_all_night(small: Path, tmp_path_factory: pytest.TempPathFactory, days: Days, dialect: Any):  # fmt: skip
    work(small, tmp_path_factory, days, dialect)


def work(small: Path, tmp_path_factory: pytest.TempPathFactory, days: Days, dialect: Any) -> None:
    """Days of work at one book, on the last in another program; a refresh after each, and the last taken back."""
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    shutil.copy(small, path)
    staff, once, edited = desk.Desk(ExcelFile(path)), b"", b""
    for at, edits in enumerate(days, 1):
        for what, *arguments in edits:
            what(staff, *arguments)
        excel_save.as_saved_by_excel(staff.file)
        staff.file.save(path)
        if at == len(days):
            path.write_bytes(zipped(dialect(staff.file.parts)))
        edited = path.read_bytes()
        before = Reading(path)
        book.refresh(path)
        once = path.read_bytes()
        after = Reading(once)
        hold(staff, before, after)
        if at < len(days):
            staff.file = ExcelFile(path)
        staff.typed_under.clear()
    assert not book.refresh(path).wrote
    assert path.read_bytes() == once
    if once != edited:
        book.undo(path)
    assert path.read_bytes() == edited


def hold(staff: desk.Desk, before: Reading, after: Reading) -> None:
    """The contract: everything of the user's is where it belongs."""
    assert after.order == before.order
    for name in desk.KEY:
        was, now = before.tables[name], after.tables[name]
        assert now.headers == was.headers
        mine = belongings(before, name, staff.key(name), staff.ours[name])
        still = belongings(after, name, staff.key(name), staff.ours[name])
        for key, row in mine.items():
            if key in still:
                assert still[key] == row, (name, key)
            else:
                assert not row.holds_something, (name, key)
        key = staff.key(name)
        asked = [] if name in desk.REPORTS else [key, *(h for h in staff.asked[name] if h != key)]
        assert outside(after, name) == outside(before, name, asked)
        taken = Counter(outside(before, name)[0]) - Counter(outside(before, name, asked)[0])
        assert not taken - Counter((at, c.value) for (row, at), c in now.sheet.cells.items() if row in now.rows)
        assert pinned(after, now.sheet.name) == pinned(before, was.sheet.name)
    customers = after.tables["crm_customers"].keys(staff.key("crm_customers"))
    assert {(id,) for id in staff.typed_under} <= set(customers)
    for sheet in before.order:
        if sheet.startswith("我的"):
            spoken(before.sheet(sheet).cells, after.sheet(sheet).cells, after)


def spoken(was: Cells, now: Cells, after: Reading) -> None:
    """Cells of a sheet of theirs: the same; one that points at another sheet points at the same words."""
    assert list(now) == list(was)
    for at, cell in was.items():
        if cell.formula and "!" in cell.formula:
            assert after.values(now[at].formula or "") == [cell.value]
        else:
            assert now[at] == cell
