"""Rows made high enough for their texts, and only those we write anew."""

from crmbook.ooxml.heights import heighten

TEXT = b'><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'


def row(number: int, attributes: bytes = b"") -> bytes:
    return b'<row r="%d"%s' % (number, attributes) + TEXT % number


def after(old: bytes | None, new: bytes, height: float) -> bytes:
    rows = {7: new}
    heighten({} if old is None else {7: old}, rows, [7], lambda asked: [height] * len(asked))
    return rows[7]


def test_a_new_row_becomes_as_high_as_its_text_needs() -> None:
    assert after(None, row(7), 49) == row(7, b' ht="49"')
    assert after(None, row(7, b' ht="18" hidden="1"'), 34) == row(7, b' hidden="1"').replace(
        b" hidden", b' ht="34" hidden'
    )


def test_a_row_that_is_high_enough_stays() -> None:
    for attributes in (b' ht="60"', b' ht="34"', b' ht="33.75"'):
        assert after(None, row(7, attributes), 34) == row(7, attributes)


def test_a_height_that_somebody_set_stays() -> None:
    assert after(None, row(7, b' ht="18" customHeight="1"'), 49) == row(7, b' ht="18" customHeight="1"')


def test_the_height_is_found_wherever_it_stands_in_the_row_s_opening() -> None:
    for first, last in ((b' ht="18"', b' ht="49"'), (b' customHeight="1" ht="18"', b' customHeight="1" ht="18"')):
        assert after(None, b'<row%s r="7"' % first + TEXT % 7, 49) == b'<row%s r="7"' % last + TEXT % 7


def test_a_height_is_read_as_any_number_is_written_and_left_where_it_is_none() -> None:
    assert after(None, row(7, b' ht="1.8E1"'), 49) == row(7, b' ht="49"')
    for attributes in (b' ht="1e9"', b' ht="x"', b' ht="1.2.3"', b' ht=""'):
        assert after(None, row(7, attributes), 49) == row(7, attributes)


def test_a_row_that_says_what_it_said_stays() -> None:
    assert after(row(7, b' ht="18"'), row(7, b' ht="18"'), 49) == row(7, b' ht="18"')


def test_an_empty_row_and_a_missing_one_do_no_harm() -> None:
    assert after(None, b'<row r="7"/>', 30) == b'<row r="7" ht="30"/>'
    rows = {7: row(7)}
    heighten({}, rows, [8, 9], lambda asked: [50] * len(asked))
    assert rows == {7: row(7)}
