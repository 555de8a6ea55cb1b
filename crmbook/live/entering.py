"""Blocks of values and formulas entered into a sheet of an open workbook, so that text stays text in cells of any format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crmbook.live import asking, blocks
from crmbook.live.changes import Block, Formula, strings
from crmbook.live.guard import entered, is_plain
from crmbook.ooxml import Area

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.reading import LiveBook

TEXT = "@"  # the number format in which nothing is parsed, and an apostrophe is one


def enter(book: LiveBook, sheet: str, found: Iterable[Block]) -> None:
    """The blocks into the sheet: formulas first, as Excel may fill one down the whole column; then values."""
    live, found = book.live[sheet], sorted(found, key=lambda b: b.fill is None)
    if not book.program.parses:
        book.program.put(live, [(block.top, block.left, _as_is(book, block)) for block in found])
        return
    for block in found:
        if block.fill is not None:
            blocks.cells(live, _column(block, 0)).formula = block.fill
        else:
            _enter(book, live, block)


def _enter(book: LiveBook, live: xw.Sheet, block: Block) -> None:
    unsure = [at for at in range(len(block.rows[0])) if not all(map(is_plain, strings(block.rows, at)))]
    formats = {at: blocks.cells(live, _column(block, at)).number_format for at in unsure}

    def cell(value: Any, at: int) -> Any:
        if isinstance(value, Formula):
            return str(value)
        return entered(value, is_1904=book.is_1904, as_text=formats.get(at) == TEXT)

    rows = [[cell(value, at) for at, value in enumerate(row)] for row in block.rows]
    blocks.write(live, block.top, block.left, rows, as_formulas=block.formulas)
    for at in (at for at in unsure if formats[at] is None):  # of several formats: what came out wrong is the text's
        held = asking.values(live, _column(block, at), book.program)
        for number, (row, (now,)) in enumerate(zip(block.rows, held, strict=True), block.top):
            value = row[at]
            if isinstance(value, str) and not isinstance(value, Formula) and now != value and now == f"'{value}":
                live.range((number, block.left + at)).raw_value = value


def _as_is(book: LiveBook, block: Block) -> blocks.Grid:
    """What a program is given that parses nothing but formulas."""
    if block.fill is not None:
        return [[Formula(block.fill)]] * block.height
    return [
        [v if isinstance(v, Formula) else entered(v, is_1904=book.is_1904, as_text=True) for v in row]
        for row in block.rows
    ]


def _column(block: Block, at: int) -> Area:
    """The cells of one column of the block."""
    height = block.height if block.fill is not None else len(block.rows)
    return Area(block.top, block.left + at, block.top + height - 1, block.left + at)
