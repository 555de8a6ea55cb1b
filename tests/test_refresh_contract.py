"""The refresh contract over books of any kind: whatever a user put wherever, and whatever rows came, it all still holds."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.contract.around import AROUND, extensions, table
from tests.contract.dialects import DIALECTS, excel, single, strict
from tests.contract.draft import Draft, zipped
from tests.contract.holding import News, others_open, refreshed
from tests.contract.on_cells import ON_CELLS
from tests.soaking import examples, night_examples

number = st.integers(0, 500)
put = st.tuples(st.sampled_from(ON_CELLS + AROUND), number, number)
few = st.lists(st.integers(0, 20), max_size=3)
news = st.builds(News, few, few, st.lists(st.integers(0, 20), max_size=7))
books = st.fixed_dictionaries(
    {
        "lang": st.sampled_from(("zh", "en")),
        "sheet": st.sampled_from(("客户分级表", "客户 分级", "it's A1", "Grading")),
        "left": st.integers(1, 3),
        "header": st.integers(3, 5),
        "keys": st.integers(1, 5).map(lambda n: [f"K{i:02d}" for i in range(n)]),
        "gap": st.integers(0, 5),
        "totals": st.sampled_from((0, 0, 0, 1)),
        "is_1904": st.booleans(),
    }
)


examples_of_everything = (books, st.lists(put, max_size=8), st.lists(news, min_size=1, max_size=3), st.sampled_from(DIALECTS), st.booleans())  # fmt: skip
Belongings = list[tuple[Any, int, int]]


# Found once, and looked at in every run: the book, what was put into it, the days, the program.
SMALL = {"lang": "en", "sheet": "Grading", "left": 3, "header": 5, "keys": ["K00"], "gap": 3, "totals": 0, "is_1904": False}  # fmt: skip
# What stood beside rows that were pushed down came to stand in two places.
BESIDE = ({**SMALL, "totals": 1}, [(table, 336, 125)], [News(come=[11, 4, 13, 13, 15]), News(lost=[15, 2, 11], come=[18, 14])], excel, False)  # fmt: skip
# A table in single quotes got no formula for its column.
QUOTES = (SMALL, [], [News()], single, False)
# What stood beside a row that the form had given up went down with the rows under it.
GIVEN_UP = ({**SMALL, "keys": ["K00", "K01"], "gap": 0}, [(table, 0, 0)], [News(lost=[0]), News(come=[0])], excel, False)  # fmt: skip


@example(*BESIDE)
@example(*QUOTES)
@example(*GIVEN_UP)
@examples(250)
@given(*examples_of_everything)
def test_all_that_is_the_users_holds_whatever_rows_come(book: dict[str, Any], belongings: Belongings, days: list[News], dialect: Any, zip64: bool):  # fmt: skip
    live(book, belongings, days, dialect, zip64=zip64)


@pytest.mark.soak
@night_examples(10_000)
@given(*examples_of_everything)
def test_all_that_is_the_users_holds_all_night(book: dict[str, Any], belongings: Belongings, days: list[News], dialect: Any, zip64: bool):  # fmt: skip
    live(book, belongings, days, dialect, zip64=zip64)


def live(book: dict[str, Any], belongings: Belongings, days: list[News], dialect: Any, *, zip64: bool) -> None:
    """Some days in the life of a book."""
    draft = Draft(**book)
    for what, *numbers in belongings:
        what(draft, *numbers)
    extensions(draft)
    data = zipped(dialect(draft.write()), zip64=zip64)
    for at, day in enumerate(days):
        data = refreshed(data, draft.lang, draft.noted, day, at)
    others_open(data, strict=dialect is strict)
