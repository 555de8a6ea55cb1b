"""What differs between a plan and an open sheet, as blocks: few of them, and none over rows that stand as they should."""

import pytest

from crmbook.live.changes import Block, Wanted, table_blocks

ROWS = 400
TABLE = "crm_profiles"


def differing(*rows: int) -> list[Block]:
    """The blocks for two columns, from sheet column 3 on, that differ in these rows of a table."""
    wanted = {column: Wanted([f"新{column}-{row}" if row in rows else "旧" for row in range(ROWS)], None, ROWS) for column in (3, 4)}  # fmt: skip
    held = [["旧"] * 2 for _ in range(ROWS)]
    return table_blocks(wanted, 10, held, [[None] * 2] * ROWS, 3, TABLE, is_1904=False)


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ((7,), [(17, 17)]),
        ((7, 20), [(17, 30)]),
        ((7, 300), [(17, 17), (310, 310)]),
        ((7, 20, 100, 390), [(17, 110), (400, 400)]),
        (tuple(range(0, ROWS, 100)), [(10, 210), (310, 310)]),
        ((), []),
    ],
    ids=["one row", "neighbours", "far apart", "the widest gap", "no more than two", "none"],
)
def test_rows_that_stand_are_left_out_where_many_lie_together(rows: tuple[int, ...], spans: list[tuple[int, int]]):
    blocks = differing(*rows)
    assert [(block.top, block.top + len(block.rows) - 1) for block in blocks] == spans
    assert {block.left for block in blocks} <= {3}
    written = {block.top - 10 + at: row for block in blocks for at, row in enumerate(block.rows)}
    assert all(written[row] == [f"新3-{row}", f"新4-{row}"] for row in rows)
    assert all(cells == ["旧", "旧"] for row, cells in written.items() if row not in rows)
