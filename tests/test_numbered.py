"""Words as numbers: in their order, blanks apart, made once for a table and dropped with it."""

import gc
from datetime import date

import numpy as np
import pandas as pd

from crmbook.figures import numbered, order_lines
from crmbook.figures.numbered import once, places, positions


def orders() -> pd.DataFrame:
    """Lines of two orders, one of them to come, without a channel on one line."""
    lines = [("O2", "C1", "P2", "web", 2.5, date(2026, 3, 1)), ("O1", "C9", "P1", None, 4.0, date(2026, 1, 1))] * 2
    columns = ["order_id", "customer_id", "product_id", "channel", "amount", "date"]
    return pd.DataFrame(lines, columns=columns).astype({"date": "datetime64[ns]"}).assign(quantity=np.nan, price=np.nan)


def test_words_are_numbered_in_their_order_and_blanks_apart():
    table = pd.DataFrame({"word": pd.Series(["b", None, "a", "b", np.nan, "B"], dtype=object)})
    numbers, words = places(table, "word")
    assert words.tolist() == ["B", "a", "b"]
    assert numbers.tolist() == [2, -1, 1, 2, -1, 0]
    assert [a.tolist() for a in places(table, "gone")] == [[-1] * 6, []]


def test_a_customer_we_do_not_know_has_no_position():
    table = pd.DataFrame({"customer_id": ["C2", "C9", "C1", None]}, dtype=object)
    assert positions(table, pd.Index(["C1", "C2"])).tolist() == [1, -1, 0, -1]


def test_what_was_made_of_a_table_is_kept_as_long_as_the_table():
    asked = []

    @once
    def rows(table: pd.DataFrame, more: int) -> int:
        asked.append(more)
        return len(table) + more

    one, other = orders(), orders().head(1)
    assert [rows(one, 1), rows(one, 1), rows(one, 2), rows(other, 1)] == [5, 5, 6, 2]
    assert asked == [1, 2, 1]
    for _ in range(3):  # the place in memory may be given to the next table
        del one
        gc.collect()
        one = orders().head(3)
        assert rows(one, 1) == 4
    assert asked == [1, 2, 1, 1, 1, 1]


def test_sums_by_number_are_the_sums_by_word():
    table, keys = orders(), ["customer_id", "order_id", "date"]
    units = (table["amount"] * order_lines.UNITS).astype("int64")
    by_word = table.assign(net=units, gross=units, pieces=0).groupby(keys)[["net", "gross", "pieces"]].sum()
    by_number = pd.DataFrame(numbered.by_order(table))
    named = by_number.assign(**{id: places(table, id)[1][by_number[id]] for id in keys[:2]})
    pd.testing.assert_frame_equal(named.set_index(keys).sort_index(), by_word, check_index_type=False)
    channels = pd.DataFrame(numbered.by_channel(table, date(2026, 2, 1)))
    assert channels[["channel", "count"]].to_numpy().tolist() == [[-1, 2]]


def test_more_combinations_than_whole_numbers_are_told_apart():
    near, far = np.array([0, 2**62, 2**62, 0]), np.array([5, 2**61, 2**61, 6])
    days = np.array(["1700-01-01", "2250-01-01", "2250-01-01", "1700-01-01"], "datetime64[ns]")
    found = order_lines.grouped({"a": near, "b": far, "c": far, "d": days}, {"sum": np.array([1, 2, 3, 4])})
    assert pd.DataFrame(found)[["a", "b", "sum"]].to_numpy().tolist() == [[0, 5, 1], [0, 6, 4], [2**62, 2**61, 5]]
