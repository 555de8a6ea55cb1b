"""What is known since the last refresh says what a full run would say, or says nothing: over random edits, and one by one."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmbook import book
from crmbook.binding import bind
from crmbook.forms import ALL
from crmbook.keep import cache
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.cells import ending
from crmbook.problems import CannotProceedError
from crmbook.stood import columns_read
from crmbook.verbs import unchanged
from tests import small_book
from tests.keep.test_encryption import PASSWORD, encrypted

FORMS = {f.id: f for f in ALL}
NOTES = ["请先付款", "", 12.5, " <b>&amp; ", "第一行\n第二行"]


def typed(path: Path, form: str, column: str | int, row: int, value: Any) -> None:
    """Types a value into a column of a form, in the data row of a position (0 = the first), as a small tool would."""
    workbook = Workbook(Package.open(path))
    standing = bind(workbook, form, [c.column for c in FORMS[form].columns])
    assert standing is not None
    at = standing.columns[column] if isinstance(column, str) else standing.table.last_col + column
    part = workbook.sheet_part(standing.table.sheet)
    part.put(standing.table.first_row + row, at, ending(value or None))
    workbook.package.write(standing.table.sheet.part, part.text())
    with (path.parent / "typed.xlsx").open("w+b") as out:
        workbook.package.save(out)
    (path.parent / "typed.xlsx").replace(path)


def is_known(path: Path) -> bool:
    """True if a refresh would not be a full run."""
    return unchanged.recall(path, None, date.today()) is not None


def both(path: Path) -> book.Outcome:
    """The refresh with what is known, held against a full run over a copy of the file."""
    other = path.with_name("full.xlsx")
    shutil.copy(path, other)
    full = book.refresh(other, cache=False)
    found = book.refresh(path)
    assert found == full
    assert [(n, p) for n, p in parts(path) if n != "docProps/core.xml"] == [(n, p) for n, p in parts(other) if n != "docProps/core.xml"]  # fmt: skip
    return found


def parts(path: Path) -> list[tuple[str, bytes]]:
    package = Package.open(path)
    return [(name, package.read(name)) for name in package.names]


@pytest.fixture(scope="module")
def refreshed(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The small book, refreshed, and what is remembered of it."""
    path = tmp_path_factory.mktemp("refreshed") / "book.xlsx"
    shutil.copy(small, path)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(path.parent / "state"))
        environment.setenv("CRMBOOK_CACHE", str(path.parent / "cache"))
        book.refresh(path)
        content = cache.remembered(path)
    assert content is not None
    return path.read_bytes(), content


@pytest.fixture
def path(refreshed: tuple[bytes, bytes], tmp_path: Path) -> Path:
    """That book, in a folder of this test's own, as if it had been refreshed here."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(refreshed[0])
    cache.remember(path, refreshed[1])
    return path


cell = st.sampled_from([(f, c.column.id) for f in ("grading", "chain", "customers", "orders", "settings") for c in FORMS[f].columns])  # fmt: skip
value = st.sampled_from([*NOTES, "A", "东北", 46_000, "K001", -3])
edit = st.tuples(cell, st.integers(0, 8), value) | st.tuples(
    st.tuples(st.sampled_from(["grading", "chain"]), st.sampled_from(["note", 1])), st.integers(0, 8), value
)


def after_random_edits(small: Path, folder: Path, edits: list[tuple[tuple[str, Any], int, Any]]) -> None:
    path = folder / "any.xlsx"
    shutil.copy(small, path)
    book.refresh(path)
    for (form, column), row, what in edits:
        typed(path, form, column, row, what)
        try:
            both(path)
        except CannotProceedError:  # the same for both, and nothing is known
            with pytest.raises(CannotProceedError):
                book.refresh(path)
            return
        both(path)


@settings(deadline=None)
@given(st.lists(edit, min_size=1, max_size=3))
@pytest.mark.soak
def test_what_is_known_is_what_a_full_run_says(small, tmp_path_factory, edits):
    after_random_edits(small, tmp_path_factory.getbasetemp(), edits)


def test_what_is_known_is_what_a_full_run_says_after_a_few_edits(small, tmp_path):
    edits = [(("orders", "amount"), 3, 900.5), (("orders", "customer_id"), 2, "nobody"), (("grading", 1), 2, "mine")]
    after_random_edits(small, tmp_path, edits)


@pytest.mark.parametrize("column", ["lowest", "help", "unit"])
def test_what_stands_in_a_column_of_ours_is_put_right_and_nothing_is_said_of_it(path, column):
    problems = book.refresh(path).problems
    typed(path, "settings", column, 0, "请先付款")
    assert (found := both(path)).wrote
    assert found.problems == problems
    assert not both(path).wrote


def test_a_book_that_was_written_is_known_as_it_was_written(small, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(small, path)
    typed(path, "orders", "amount", 3, "no number")
    wrote = book.refresh(path)
    assert wrote.wrote
    assert wrote.problems
    assert is_known(path)
    again = both(path)
    assert (again.wrote, again.problems, again.counts, again.lang) == (False, wrote.problems, wrote.counts, wrote.lang)


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(("form", "column"), [("grading", "note"), ("chain", "note")])
def test_a_note_in_a_report_is_no_reason_for_a_full_run(path, form, column, note):
    typed(path, form, column, 3, note)
    assert is_known(path)
    assert not book.refresh(path).wrote
    typed(path, form, column, 5, "another")
    assert is_known(path)


def test_a_cell_of_a_column_of_the_users_own_is_none_either(path):
    typed(path, "grading", 1, -1, "我的")
    book.refresh(path)
    typed(path, "grading", 0, 2, "mine")  # the table has taken the column in
    assert is_known(path)
    assert not both(path).wrote


@pytest.mark.parametrize(
    ("form", "column", "row", "what"),
    [("grading", "approved", 1, "B"), ("chain", "next_on", 1, 46_300), ("grading", "sales", 1, 1), ("grading", "note", 99, "far below"), ("customers", "note", 1, "x"), ("orders", "amount", 1, 5)],
)  # fmt: skip
def test_whatever_anything_of_ours_rests_on_is_one(path, form, column, row, what):
    typed(path, form, column, row, what)
    assert not is_known(path)


def test_a_note_on_a_row_whose_customer_has_gone_is_one(path):
    typed(path, "grading", "note", 6, "remember them")
    lost = Workbook(Package.open(path)).values("客户分级表")
    workbook = Workbook(Package.open(path))
    standing = bind(workbook, "grading", [c.column for c in FORMS["grading"].columns])
    id = lost[standing.table.first_row + 5][standing.columns["customer_id"] - 1]
    row = small_book.CUSTOMERS.index(id)
    typed(path, "customers", "customer_id", row, "K999")
    book.refresh(path)
    gone = Workbook(Package.open(path))
    standing = bind(gone, "grading", [c.column for c in FORMS["grading"].columns])
    last = standing.last_row - standing.table.first_row
    assert gone.values("客户分级表")[standing.last_row - 1][standing.columns["customer_id"] - 1] == id
    typed(path, "grading", "note", last, "")
    assert not is_known(path)
    assert both(path).wrote


def test_it_holds_for_this_day_and_this_question_alone(path):
    today = date.today()
    assert unchanged.recall(path, None, today) is not None
    assert unchanged.recall(path, None, today + timedelta(days=1)) is None
    assert unchanged.recall(path, today, today) is None
    book.refresh(path, as_of=small_book.TODAY)
    assert unchanged.recall(path, small_book.TODAY, today) is not None


def test_without_the_cache_nothing_is_looked_up_or_remembered(small, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(small, path)
    book.refresh(path, cache=False)
    assert cache.remembered(path) is None


def test_of_an_encrypted_book_nothing_is_remembered(path):
    assert is_known(path)
    path.write_bytes(encrypted(path.read_bytes()))
    book.refresh(path, password=PASSWORD)
    assert cache.remembered(path) is None


@pytest.mark.parametrize("at", [30, 2000, -30])
def test_a_file_damaged_since_is_refused_as_ever(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 0x55
    path.write_bytes(data)
    assert not is_known(path)


def test_a_run_that_changes_nothing_imports_nothing_heavy(path):
    code = "import sys; from pathlib import Path; from crmbook import book; print(book.refresh(Path(sys.argv[1])).wrote, sorted({'pandas', 'numpy', 'openpyxl', 'jinja2', 'python_calamine'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True, env=os.environ)
    assert ran.stdout.split("\n")[0] == "False []"


def test_the_memo_is_plain_json_and_the_packed_parts(path):
    content = cache.remembered(path)
    assert content is not None
    memo = json.loads(content[: content.index(b"\n")])
    assert len(content) == content.index(b"\n") + 1 + sum(free[-1] for free in memo["frees"])


def test_words_that_formulas_name_are_read_and_other_words_are_not():
    read = {f.id: columns_read(f, ALL) for f in ALL if f.rows is not None}
    assert {"assessor", "note", "conclusion"} <= read["relationship"]
    assert "note" in read["changes"]
    assert "note" not in read["grading"]
    assert {"approved", "no", "customer_id", "name"} <= read["grading"]
