"""Several items in one cell, and the k-th of them."""

import pandas as pd

from crmbook import lines
from crmbook.text import Text


def test_items_stand_on_lines_without_superfluous_blanks_and_come_back_by_number():
    cell = lines.joined(["one  two\n", None, Text("三", "three"), float("nan"), "5"])
    assert cell == Text("one two\n\n三\n\n5", "one two\n\nthree\n\n5")
    assert [lines.kth(cell, k).en for k in range(1, 7)] == ["one two", "", "three", "", "5", ""]
    assert lines.kth(None, 1) == Text("", "")
    assert lines.joined([None, " "]) is None


def test_all_lines_together_have_room_for_the_formula_that_tells_them_apart():
    for word in ("x" * 5000, "字" * 5000, "w " * 3000, "🙂" * 2000):
        for count in (1, 7, 12, 40):
            cell = lines.joined([word] * count)
            units = len(cell.zh.replace("\n", "").encode("utf-16-le")) // 2
            assert units <= lines.ROOM
            assert cell.zh.count("…") == count
            assert len(cell.zh.encode("utf-16-le")) // 2 + lines.ROOM * (count - 1) < 32767 or count == 40


def test_a_chinese_character_takes_the_room_of_two_letters():
    assert lines.joined(["字" * 50], 100).zh == "字" * 50
    assert lines.joined(["字" * 51], 100).zh == "字" * 49 + "…"
    assert lines.joined(["x" * 100], 100).zh == "x" * 100
    assert len(lines.joined(["x" * 101], 100).zh) in range(96, 100)


def test_rows_of_a_customer_become_lines_of_one_cell():
    rows = pd.DataFrame({"customer_id": ["b", "a", "b"], "day": ["1", "2", None]})
    found = lines.by_customer(rows, pd.Index(["a", "b", "c"]))["day"]
    assert [None if cell is None else cell.en for cell in found] == ["2", "1\n", None]
