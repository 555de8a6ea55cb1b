"""Sparklines follow the rows: with their own row, in a whole column of them, and where they speak of cells elsewhere."""

import re

import pytest

from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.tail import follow_tail

# A5:F6 grows to row 9, its two rows change places; below, all go down by two.
MOVED = RowMap(5, frozenset({6}), 9, 1, 6, {5: 6, 6: 5}, 0, 8, 2)
Lines = list[tuple[str, str]]


def group(*lines: tuple[str, str], days: str = "") -> str:
    drawn = "".join(
        f"<x14:sparkline><xm:f>{figures}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline>" for figures, cell in lines
    )
    return f'<x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries theme="4"/>{days}<x14:sparklines>{drawn}</x14:sparklines></x14:sparklineGroup>'


def tail(*groups: str) -> str:
    return f'</sheetData><extLst><ext uri="x"><x14:sparklineGroups xmlns:xm="m">{"".join(groups)}</x14:sparklineGroups></ext></extLst></worksheet>'


def followed(*lines: tuple[str, str], row_map: RowMap | None = MOVED, home: str = "s") -> Lines:
    """The figures and cells of one group, after the rows of the sheet `s` moved."""
    moved = Follower(home, {"s": row_map or MOVED})
    found = follow_tail(tail(group(*lines)).encode(), row_map, moved).decode()
    return re.findall("<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", found)


def test_each_goes_with_its_row_and_a_whole_column_of_them_takes_in_new_rows() -> None:
    found = followed(("s!B5:D5", "E5"), ("s!B6:D6", "E6"))
    assert sorted(found) == [(f"s!B{row}:D{row}", f"E{row}") for row in range(5, 10)]
    assert found[:2] == [("s!B6:D6", "E6"), ("s!B5:D5", "E5")]


def test_one_of_the_users_on_some_row_goes_with_that_row_and_no_further() -> None:
    assert followed(("s!B5:D5", "E5")) == [("s!B6:D6", "E6")]


def test_a_table_of_one_row_is_a_whole_column_too() -> None:
    one = RowMap(5, frozenset({5}), 8, 1, 6)
    assert followed(("'s'!$B5:$D5", "E5"), row_map=one) == [(f"'s'!$B{row}:$D{row}", f"E{row}") for row in range(5, 9)]


def test_rows_typed_under_the_table_get_theirs() -> None:
    typed = RowMap(5, frozenset({6, 8}), 8, 1, 6)
    found = followed(("s!B5:D5", "E5"), ("s!B6:D6", "E6"), row_map=typed)
    assert found == [(f"s!B{row}:D{row}", f"E{row}") for row in range(5, 9)]


def test_those_on_rows_that_go_go_with_them() -> None:
    shrunk = RowMap(5, frozenset({7}), 5, 1, 6, {6: 5})
    found = followed(("s!B5:D5", "E5"), ("s!B6:D6", "E6"), ("s!B7:D7", "E7"), row_map=shrunk)
    assert found == [("s!B5:D5", "E5")]


def test_a_table_that_lost_all_its_rows_keeps_one_on_its_blank_row() -> None:
    emptied = RowMap(5, frozenset({6}), 5, 1, 6, {})
    assert followed(("s!B5:D5", "E5"), ("s!B6:D6", "E6"), row_map=emptied) == [("s!B5:D5", "E5")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("s!B10:D10", "E10"), ("s!B12:D12", "E12")),  # below the table
        (("s!B5:D5", "H5"), ("s!B5:D5", "H5")),  # beside it
        (("s!C5:C6", "C2"), ("s!C5:C9", "C2")),  # above it, over a whole column
        (("other!B5:D5", "E5"), ("other!B5:D5", "E6")),
        (("months", "E5"), ("months", "E6")),
    ],
)
def test_what_stands_or_looks_elsewhere(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert followed(before) == [after]


def test_one_on_another_sheet_follows_in_what_it_draws_and_never_over_two_rows_of_several_columns() -> None:
    assert followed(("s!C5:C6", "B1"), row_map=None, home="o") == [("s!C5:C9", "B1")]
    one = RowMap(5, frozenset({5}), 8, 1, 6)
    moved = follow_tail(tail(group(("s!B5:D5", "B1"))).encode(), None, Follower("o", {"s": one}))
    assert b"<xm:f>s!B5:D5</xm:f>" in moved


def test_the_days_of_an_axis_follow() -> None:
    made = tail(group(("s!C5:C6", "C2"), days="<xm:f>s!B5:B6</xm:f>"))
    found = follow_tail(made.encode(), MOVED, Follower("s", {"s": MOVED})).decode()
    assert re.findall("<xm:f>(.*?)</xm:f>", found) == ["s!B5:B9", "s!C5:C9"]


def test_no_empty_group_and_no_empty_extension_is_left() -> None:
    shrunk = RowMap(5, frozenset({7}), 5, 1, 6, {6: 5})
    gone, kept = group(("s!B7:D7", "E7")), group(("s!B6:D6", "F6"))
    mover = Follower("s", {"s": shrunk})
    assert follow_tail(tail(gone).encode(), shrunk, mover) == b"</sheetData></worksheet>"
    assert follow_tail(tail(gone, kept).encode(), shrunk, mover).decode() == tail(group(("s!B5:D5", "F5")))


def test_nothing_is_touched_where_nothing_moves() -> None:
    still = RowMap(5, frozenset({6}), 6, 1, 6)
    made = tail(group(("s!B5:D5", "E5")), group(("s!B6:D6", "F6"))).encode()
    assert follow_tail(made, still, Follower("s", {"s": still})) == made
