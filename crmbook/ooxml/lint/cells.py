"""Rows and cells of a worksheet as columns of numbers, so that two million cells are checked in about a second.

Sheets are written by few programs and in few ways; what is written otherwise goes through a tree, slower, to the same
columns. Everything here looks at bytes in blocks of whole rows: memory does not grow with the sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from crmbook.ooxml.lint.findings import MANY, whole
from crmbook.ooxml.refs import column_number

BLOCK = 2 << 20  # bytes of XML looked at together: the columns of one block stay in the processor's cache
PADDING = bytes(64)  # lets a look ahead run past the end of a block
TAIL_STYLE = re.compile(rb'\ss="(\d+)"')
ROW_STYLE = re.compile(rb'<row\s[^>]*?\ss="(\d+)"')

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows and cells in the order of the file; a row is an entry with column 0.

    style: -1 where none is named. kind: the first letter of the cell's type as a character code, 0 without one, and
    ord("t") for plain text (`t="str"`), so that it differs from a shared string. value: where its content begins in
    `block`, -1 without one.
    """

    block: bytes
    row: Numbers
    column: Numbers
    style: Numbers
    kind: Numbers
    value: Numbers
    row_styles: frozenset[int]
    longest: int  # the bytes from one tag to the next, at most


def blocks(xml: bytes, start: int, stop: int) -> Iterator[bytes]:
    """The inside of a sheetData, which lies between these places, in pieces of whole rows."""
    while start < stop:
        end = xml.find(b"<row", start + BLOCK, stop)
        end = stop if end < 0 else end
        yield xml[start:end]
        start = end


def from_bytes(block: bytes) -> Cells | None:
    """The cells of a block; None if it is written in a way that only a tree understands."""
    if b"<!" in block or b"<?" in block:
        return None
    data = np.frombuffer(block + PADDING, np.uint8)
    tags = np.flatnonzero(data == ord("<"))
    first, second = data[tags + 1], data[tags + 2]
    is_row = (first == ord("r")) & (second == ord("o"))
    is_cell = (first == ord("c")) & ((second == ord(" ")) | (second == ord(">")) | (second == ord("/")))
    which = np.flatnonzero(is_row | is_cell)
    # `<row r="` and `<c r="`: the reference begins 8 or 6 bytes after the tag.
    at = tags[which] + np.where(is_row[which], 8, 6)
    if not _reads(data, at - 4, b' r="').all():
        return None
    column, at = numbers_at(data, at, ord("A"), 26, 3)
    row, at = numbers_at(data, at, ord("0"), 10, 7)
    if (data[at] != ord('"')).any() or (column[is_cell[which]] == 0).any():
        return None
    at = at + 1
    styled = _reads(data, at, b' s="')
    style, at = numbers_at(data, np.where(styled, at + 4, at), ord("0"), 10, 6)
    style, at = np.where(styled, style, -1), at + styled
    typed = _reads(data, at, b' t="')
    letter, next_letter = data[at + 4].astype(np.int64), data[at + 5]
    plain = (letter == ord("s")) & (next_letter == ord("t"))
    kind = np.where(typed, np.where(plain, ord("t"), letter), 0)
    length = np.where(plain, 3, np.where(letter == ord("i"), 9, 1))
    at = np.where(typed, at + 5 + length, at)
    for odd in np.flatnonzero((data[at] == ord(" ")) & (column > 0)):
        tag_end = block.find(b">", int(at[odd]))
        late = TAIL_STYLE.search(block, int(at[odd]), tag_end)
        if late:
            style[odd] = int(late[1])
        if b" t=" in block[int(at[odd]) : tag_end]:
            return None
    value = _values(tags, first, second, which)
    longest = int(np.diff(tags).max(initial=0))
    return Cells(block, row, column, style, kind, value, frozenset(map(int, ROW_STYLE.findall(block))), longest)


def _reads(data: NDArray[np.uint8], at: Numbers, word: bytes) -> Flags:
    """True where the word stands at the place."""
    found: Flags = data[at] == word[0]
    for step, letter in enumerate(word[1:], 1):
        found &= data[at + step] == letter
    return found


def numbers_at(data: NDArray[np.uint8], at: Numbers, zero: int, base: int, most: int) -> tuple[Numbers, Numbers]:
    """The numbers that begin at each place, in letters (A = 1) or digits, and the places behind them."""
    total: Numbers = np.zeros(len(at), np.int64)
    one = 1 if base == 26 else 0
    for _ in range(most):
        digit = data[at].astype(np.int64) - zero
        counts = (digit >= 0) & (digit < base)
        if not counts.any():
            break
        total = np.where(counts, total * base + digit + one, total)
        at = at + counts
    return total, at


def _values(tags: Numbers, first: NDArray[np.uint8], second: NDArray[np.uint8], which: Numbers) -> Numbers:
    """Where the value of each cell begins, -1 without one: it is the first tag inside, or stands behind a formula."""
    end = len(tags) - 1

    def opens(step: int, letter: str) -> Flags:
        tag = np.minimum(which + step, end)
        alone = (second[tag] == ord(">")) | (second[tag] == ord(" ")) | (second[tag] == ord("/"))
        found: Flags = (first[tag] == ord(letter)) & alone & (which + step <= end)
        return found

    formula, steps = opens(1, "f"), np.where(opens(1, "v"), 1, 0)
    for step in (2, 3):  # behind <f/>, behind <f>…</f>
        steps = np.where(formula & (steps == 0) & opens(step, "v"), step, steps)
    return np.where(steps > 0, tags[np.minimum(which + steps, end)] + 3, -1)


def from_tree(sheet_data: etree._Element) -> Cells:
    """The same cells from a tree; rows and cells without a reference are counted on from the one before."""
    found: list[tuple[int, int, int, int, int]] = []
    texts, length, row_styles, row = list[bytes](), 0, set[int](), 0
    for line in sheet_data.iterchildren("{*}row"):
        row, column = whole(line.get("r"), -1, row + 1), 0
        found.append((row, 0, -1, 0, -1))
        if (line.get("s") or "").isdecimal():
            row_styles.add(int(str(line.get("s"))))
        for cell in line.iterchildren("{*}c"):
            reference = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r") or "")
            column = column_number(reference[1]) if reference else column + 1
            cell_row = int(reference[2]) if reference else row
            value, kind = cell.find("{*}v"), cell.get("t") or ""
            text = (value.text or "").encode() + b"<" if value is not None else b""
            code = 0 if not kind else ord("t") if kind == "str" else ord(kind[0])
            found.append((cell_row, column, whole(cell.get("s"), MANY, -1), code, length if text else -1))
            texts.append(text)
            length += len(text)
    rows, columns, styles, kinds, values = np.array(found, np.int64).reshape(-1, 5).T
    return Cells(b"".join(texts), rows, columns, styles, kinds, values, frozenset(row_styles), length)
