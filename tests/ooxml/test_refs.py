"""Addresses, and where rows go."""

from hypothesis import given
from hypothesis import strategies as st

from crmbook.ooxml.refs import Area, RowMap, absolute, column_number, letters, parse_area, parse_ref


def test_references_are_read_in_every_spelling():
    assert parse_ref("'a b'!$D$6") == ("a b", Area(6, 4, 6, 4))
    assert parse_ref("='it''s'!$AB$10:C2") == ("it's", Area(2, 3, 10, 28))
    assert parse_ref("客户!A1") == ("客户", Area(1, 1, 1, 1))
    assert parse_ref("客户!name") is None
    assert parse_ref("#REF!") is None
    assert parse_ref("$A$1") is None
    assert parse_area("$B$2") == Area(2, 2, 2, 2)
    assert parse_area("B:C") is None


@given(st.integers(1, 16_384))
def test_letters_and_numbers_of_columns_are_one_another(column: int):
    assert column_number(letters(column)) == column


@given(st.text(min_size=1, max_size=31).filter(lambda s: "\x00" not in s), st.integers(1, 1_048_576))
def test_what_is_written_as_a_reference_is_read_back(sheet: str, row: int):
    area = Area(row, 3, row, 3)
    assert parse_ref(absolute(sheet, area)) == (sheet, area)


@st.composite
def maps(draw: st.DrawFn) -> RowMap:
    """A table in C5:F(n), its rows in a new order, some gone, some new, with or without room under it."""
    old = draw(st.integers(1, 12))
    kept = draw(st.permutations(range(5, 5 + old)))[: draw(st.integers(0, old))]
    new = draw(st.integers(max(1, len(kept)), 20))
    slots = draw(st.permutations(range(new)))[: len(kept)]
    places = {row: 5 + slot for row, slot in zip(kept, slots, strict=True)}
    growth = max(new - old, 0)
    used = draw(st.integers(0, growth))
    return RowMap(5, frozenset({4 + old}), 4 + new, 3, 6, places, 0, 4 + old + used + 1, growth - used)


@given(maps())
def test_no_two_things_come_to_stand_on_one_row(row_map: RowMap):
    inside = [row_map.at(r, 4) for r in range(1, row_map.last + 1)]
    below = [row_map.at(r, 4) for r in range(row_map.push_from, 60)]
    found = [r for r in inside + below if r is not None]
    assert len(found) == len(set(found))


@given(maps())
def test_what_is_below_keeps_its_order_and_clears_the_table(row_map: RowMap):
    below = [row_map.row(r) for r in range(row_map.push_from, 60)]
    assert below == list(range(below[0], below[0] + len(below)))
    assert below[0] > row_map.new_last


@given(maps())
def test_a_range_over_all_rows_covers_all_rows_again(row_map: RowMap):
    assert row_map.span(Area(5, 4, row_map.last, 4)) == Area(5, 4, row_map.new_last, 4)
    assert row_map.span(Area(4, 1, row_map.last, 9)).bottom == row_map.new_last


@given(maps(), st.integers(1, 40), st.integers(0, 20), st.integers(1, 9))
def test_a_range_never_turns_over_and_never_leaves_its_columns(row_map: RowMap, top: int, height: int, column: int):
    area = row_map.span(Area(top, column, top + height, column))
    assert area.top <= area.bottom
    assert (area.left, area.right) == (column, column)


@given(maps(), st.integers(1, 60))
def test_what_stands_beside_the_rows_stays(row_map: RowMap, row: int):
    assert row >= row_map.push_from or row_map.at(row, 8) == row


def test_one_cell_is_all_of_a_table_of_one_row_only_where_that_is_meant():
    row_map = RowMap(5, frozenset({5}), 9, 1, 6)
    assert row_map.list("C5 H5 A1:B2 name") == "C5:C9 H5 A1:B2 name"
    assert row_map.list("C5", cell_grows=False) == "C5"


def test_rows_typed_under_a_table_count_as_its_end_too():
    row_map = RowMap(5, frozenset({7, 8}), 8, 1, 6)
    assert row_map.list("C5:C7 C5:C8 C5:C6") == "C5:C8 C5:C8 C5:C6"


def test_a_format_that_excel_broke_into_pieces_grows_as_a_whole():
    row_map = RowMap(5, frozenset({12}), 15, 1, 6)
    assert row_map.list("C6 C5 C7:C12") == "C6 C5 C7:C15"
    assert row_map.list("C12 C5:C11") == "C12:C15 C5:C11"
    assert row_map.list("C5 C7:C12") == "C5 C7:C12"
    assert row_map.list("C5:C6 D7:D12") == "C5:C6 D7:D12"
    assert row_map.list("H5:H6 H7:H12") == "H5:H6 H7:H12"


def test_a_column_with_room_in_reserve_covers_the_rows_that_took_the_room():
    row_map = RowMap(5, frozenset({7}), 15, 1, 6, None, 0, 40, 0)
    assert row_map.list("C5:C10 H5:H10 C6:C10") == "C5:C15 H5:H10 C6:C10"
    assert row_map.list("A1:F30") == "A1:F30"


def test_a_whole_column_and_its_last_cell_stay_on_the_sheet():
    row_map = RowMap(5, frozenset({7}), 9, 1, 6, None, 0, 8, 2)
    assert row_map.list("C5:C1048576 A1:XFD1048576 H8:H1048575") == "C5:C1048576 A1:XFD1048576 H10:H1048576"
    assert row_map.row(1_048_576) == 1_048_576


def test_beside_a_totals_row_that_goes_up_nothing_moves():
    row_map = RowMap(5, frozenset({9}), 7, 1, 6, None, 1)
    assert (row_map.at(10, 3), row_map.at(10, 8)) == (8, 10)
    assert row_map.list("C10 H10") == "C8 H10"


def test_what_must_stay_whole_moves_as_one_or_not_at_all():
    row_map = RowMap(5, frozenset({7}), 9, 1, 6, None, 0, 9, 2)
    assert row_map.whole(Area(12, 1, 15, 3)) == Area(14, 1, 17, 3)
    assert row_map.whole(Area(4, 8, 8, 9)) == Area(4, 8, 8, 9)
    assert row_map.whole(Area(4, 8, 12, 9)) is None
