"""A report with sparklines over hidden columns, from the empty sheet through refreshes, and sparklines of real books."""

import re
from functools import partial
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from crmbook import binding, plan
from crmbook.drawing.draw import draw
from crmbook.features import Sparkline
from crmbook.form import NO, Asks, Form, Shows
from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.lint import lint
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.tail import follow_tail
from crmbook.pour import pour
from crmbook.schema import Column
from crmbook.text import Text

MONTHS = [f"m{n}" for n in range(1, 4)]
FORM = Form(
    "probe",
    Text("走势", "Trend"),
    Text("试验", "a probe"),
    ("customer_id",),
    (
        NO,
        Shows(Column("customer_id", Text("客户编号", "ID"), "id")),
        Shows(Column("trend", Text("走势", "Trend"))),
        *(Shows(Column(m, Text(m, m), "money"), hidden=True) for m in MONTHS),
        Asks(Column("mine", Text("意见", "Opinion"))),
    ),
    rows=lambda given: given.facts,
    features=(Sparkline("trend", "m1", "m3"),),
)
SHEET = "xl/worksheets/sheet1.xml"
LINE = re.compile(r"<x14:sparkline><xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref></x14:sparkline>")


def refreshed(data: bytes, *customers: str) -> bytes:
    """The book after a refresh for these customers, in this order."""
    workbook = Workbook(Package.open(data))
    standing = binding.bind(workbook, "probe", [c.column for c in FORM.columns])
    rows = pd.DataFrame({"no": range(1, len(customers) + 1), "customer_id": customers, "trend": None})
    for at, month in enumerate(MONTHS):
        rows[month] = [float(n + at) for n in range(len(customers))]
    present = plan.Present(binding.rows(workbook, standing))
    pour(workbook, plan.Plan((plan.report(FORM, rows, {}, present, "zh"),)), {"probe": standing})
    assert lint(workbook.package) == set()
    out = BytesIO()
    workbook.package.save(out)
    return out.getvalue()


def lines(data: bytes) -> set[tuple[str, str]]:
    found = LINE.findall(Package.open(data).read(SHEET).decode())
    assert len(found) == len(set(found))
    return set(found)


def whole(rows: int) -> set[tuple[str, str]]:
    """A sparkline in each of so many rows, over the figures of that row."""
    return {(f"'走势'!D{row}:F{row}", f"C{row}") for row in range(6, 6 + rows)}


def test_every_row_has_its_own_however_the_table_grows_shrinks_and_turns() -> None:
    book = draw([FORM], "zh")
    assert lines(book) == whole(1)
    for customers in (["A", "B", "C"], ["C", "N", "A", "B", "M"], ["M", "C"], [], ["A", "B"]):
        book = refreshed(book, *customers)
        assert lines(book) == whole(max(len(customers), 1))
    assert refreshed(book, "A", "B") == book


def test_those_that_libreoffice_lets_draw_another_sheet_draw_their_own_row_again() -> None:
    data = refreshed(draw([FORM], "zh"), "A", "B", "C")
    package = Package.open(data)
    theirs = b"<x14:sparkline><xm:f>\xe5\x88\xab!B1:B9</xm:f><xm:sqref>H6</xm:sqref></x14:sparkline></x14:sparklines>"
    sheet = package.read(SHEET).replace("'走势'!".encode(), "首页!".encode()).replace(b"</x14:sparklines>", theirs, 1)
    package.write(SHEET, sheet)
    out = BytesIO()
    package.save(out)
    assert lines(refreshed(out.getvalue(), "C", "A", "B")) == whole(3) | {("别!B1:B9", "H6")}


def test_one_of_the_users_in_their_column_goes_with_its_customer() -> None:
    package = Package.open(refreshed(draw([FORM], "zh"), "A", "B", "C"))
    theirs = b"<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>'\xe8\xb5\xb0\xe5\x8a\xbf'!D8:E8</xm:f><xm:sqref>G8</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    package.write(SHEET, package.read(SHEET).replace(b"</x14:sparklineGroups>", theirs + b"</x14:sparklineGroups>"))
    out = BytesIO()
    package.save(out)
    assert lines(refreshed(out.getvalue(), "C", "N", "A", "B")) == whole(4) | {("'走势'!D6:E6", "G6")}
    assert lines(refreshed(out.getvalue(), "B", "A")) == whole(2)


def test_one_under_the_table_is_pushed_down_and_not_covered() -> None:
    package = Package.open(refreshed(draw([FORM], "zh"), "A", "B"))
    theirs = (
        "<x14:sparkline><xm:f>'走势'!D6:D7</xm:f><xm:sqref>C10</xm:sqref></x14:sparkline></x14:sparklines>".encode()
    )
    package.write(SHEET, package.read(SHEET).replace(b"</x14:sparklines>", theirs))
    out = BytesIO()
    package.save(out)
    assert lines(refreshed(out.getvalue(), "A", "B", "C")) == whole(3) | {("'走势'!D6:D8", "C10")}
    assert lines(refreshed(out.getvalue(), "A", "B", "C", "D", "E")) == whole(5) | {("'走势'!D6:D10", "C12")}


def test_the_hidden_columns_take_no_room_and_are_not_printed() -> None:
    sheet = Package.open(draw([FORM], "zh")).read(SHEET).decode()
    columns = re.findall(r"<col ([^>]*)/>", sheet)
    assert ['hidden="1"' in c for c in columns] == [False, False, False, True, True, True, False]
    assert all(re.search(r'width="[1-9]', c) for c in columns)


@pytest.mark.reference
def test_those_of_real_books_follow_and_else_stay_byte_for_byte(reference: Path) -> None:
    count = 0
    for path in sorted((reference.parent / "corpus").glob("*sparkline*.xlsx")):
        try:
            workbook = Workbook(Package.open(path))
        except RefusedError:
            continue
        for sheet in workbook.sheets:
            tail = workbook.sheet_part(sheet).tail
            cells = partial(re.findall, rb"<\w+:f>[^<!]*!([^<]*)</\w+:f>\s*<\w+:sqref>([^<]+)</")
            rows = sorted({int(re.sub(rb"\D", b"", cell)) for _, cell in cells(tail)})
            if not rows:
                continue
            first, last = rows[0], rows[-1]
            still = RowMap(first, frozenset({last}), last, 1, 50)
            assert follow_tail(tail, still, Follower(sheet.name, {sheet.name: still})) == tail
            turned = {row: first + last - row for row in range(first, last + 1)}
            moved = RowMap(first, frozenset({last}), last, 1, 50, turned)
            after = follow_tail(tail, moved, Follower(sheet.name, {sheet.name: moved}))
            swap = partial(re.sub, rb"(?<=[A-Z])\d+", lambda n, places=turned: b"%d" % places[int(n[0])])
            assert {(swap(f), swap(c)) for f, c in cells(tail)} == set(cells(after)), path.name
            count += 1
    assert count >= 5
