"""Two versions of a sheet: told apart cell by cell where they differ in plain cells, and not at all where in anything else."""

import pytest

from crmbook.ooxml.compared import changed_cells

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="x"><dimension ref="A1:C3"/><sheetData>'
ROW1 = b'<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="C1"><f>SUM(A2:A3)</f><v>3</v></c></row>'
ROW2 = b'<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="4" t="inlineStr"><is><t>a &amp; b</t></is></c></row>'
ROW3 = b'<row r="3" ht="20"><c r="A3" s="2"><v>2</v></c><c r="C3" s="4"/></row>'
TAIL = b'</sheetData><mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells></worksheet>'
SHEET = HEAD + ROW1 + ROW2 + ROW3 + TAIL


@pytest.mark.parametrize(
    ("old", "new", "cells"),
    [
        (b"a &amp; b", b"c &lt; d", {(2, 2)}),
        (b"<v>1</v>", b"<v>-1.5E-7</v>", {(2, 1)}),
        (b'<c r="C3" s="4"/>', b'<c r="C3" s="4" t="inlineStr"><is><t xml:space="preserve"> a\n</t></is></c>', {(3, 3)}),
        (b'<c r="C3" s="4"/>', b"", {(3, 3)}),
        (b'<c r="C3" s="4"/>', '<c r="B3" s="2" t="str"><v>新</v></c><c r="C3" s="4"/>'.encode(), {(3, 2)}),
        (b'<c r="A1" t="s"><v>0</v></c>', b'<c r="A1" t="inlineStr"><is><t>other</t></is></c>', {(1, 1)}),
        (b'<c r="A2"><v>1</v></c>' + ROW2[len(b'<row r="2"><c r="A2"><v>1</v></c>') :], b'<c r="A2"/></row>', {(2, 1), (2, 2)}),
    ],
)  # fmt: skip
def test_plain_cells_that_differ_are_named(old, new, cells):
    assert old in SHEET
    assert changed_cells(SHEET, SHEET.replace(old, new)) == cells
    assert changed_cells(SHEET, SHEET) == set()


def test_cells_far_apart_are_found_in_a_long_sheet():
    rows = [b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>note</t></is></c></row>' % (n, n) for n in range(1, 6000)]
    old = HEAD + b"".join(rows) + TAIL
    rows[7] = rows[7].replace(b"note", b"longer than before")
    rows[5800] = rows[5800].replace(b"note", b"")
    assert changed_cells(old, HEAD + b"".join(rows) + TAIL) == {(8, 1), (5801, 1)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SUM(A2:A3)", b"SUM(A2:A4)"),
        (b"<f>SUM(A2:A3)</f>", b""),
        (b"<v>1</v>", b"<f>1+1</f><v>2</v>"),
        (b"<v>1</v>", b"<v>one</v>"),
        (b"a &amp; b", b"a & b"),
        (b"a &amp; b", b"a &other; b"),
        (b"a &amp; b", b"a \x01 b"),
        (b"a &amp; b", b"\xff\xfe"),
        (b"a &amp; b", "\uffff".encode()),
        (b"a &amp; b", b"a ]]> <!-- b"),
        (b'r="B2" s="4"', b'r="B2" s="5"'),
        (b'r="B2" s="4"', b'r="B2" s="4" cm="1"'),
        (b'<c r="C3" s="4"/>', b'<c r="B3" s="99"/><c r="C3" s="4"/>'),
        (b'<c r="C3" s="4"/>', b'<c r="C3" s="4"/><c r="B3" s="2"/>'),
        (b'<c r="C3" s="4"/>', b'<c r="C4" s="4"/>'),
        (b'<c r="C3" s="4"/>', b'<c r="C3" s="4"/><c r="C3" s="4"/>'),
        (b'<c r="A2"><v>1</v></c>', b'<c r="A2" t="s"><v>7</v></c>'),
        (b'<c r="A2"><v>1</v></c>', b'<c r="A2" t="e"><v>#N/A</v></c>'),
        (b'<row r="3" ht="20">', b'<row r="3" ht="21">'),
        (b'<row r="3" ht="20">', b'<row r="4" ht="20">'),
        (ROW2, b""),
        (ROW2, ROW2 + b'<row r="2"/>'),
        (b'ref="A9:B9"', b'ref="A9:C9"'),
        (b'ref="A1:C3"', b'ref="A1:C9"'),
        (b"</row></sheetData>", b"</row> </sheetData>"),
        (TAIL, b""),
        (SHEET, b""),
    ],
)
def test_anything_else_is_a_difference_nobody_vouches_for(old, new):
    assert old in SHEET
    assert changed_cells(SHEET, SHEET.replace(old, new)) is None
