"""Two workbooks open in a spreadsheet program compared cell by cell."""

from collections.abc import Iterator

import xlwings as xw

from crmbook.live.formulas import is_same
from crmbook.live.reading import LiveBook
from crmbook.ooxml.formulas import same_formula
from tests.excel_references import name_of
from tests.live.alike import alike


def differences(live: xw.Book, file: xw.Book) -> list[str]:
    """Where the one refreshed while open says something else than the one refreshed as a file."""
    return [said for found in (_books(LiveBook(live), LiveBook(file)), _notes(live, file)) for said in found]


def _books(live: LiveBook, file: LiveBook) -> Iterator[str]:
    yield from (f"{name}: {live.names.get(name)} ≠ {text}" for name, text in file.names.items() if not same_formula(live.names.get(name), text))  # fmt: skip
    for name, table in file.tables.items():
        a, b = ((t.sheet.name, t.first_col, t.header_row, t.last_col, t.last_row, *t.columns) for t in (live.tables[name], table))  # fmt: skip
        if a != b:
            yield f"{name}: {a} ≠ {b}"
    assert [sheet.name for sheet in live.sheets] == [sheet.name for sheet in file.sheets]
    for sheet in file.sheets:
        table = next((name for name, t in file.tables.items() if t.sheet.name == sheet.name), "")
        values = _cells(live.values(sheet.name), file.values(sheet.name), "")
        formulas = _cells(live.formulas(sheet.name), file.formulas(sheet.name), None)
        for place in sorted({**values, **formulas}):
            at, formula, value = (
                name_of(*reversed(place)),
                formulas.get(place, (None, None)),
                values.get(place, ("", "")),
            )
            if not is_same(*formula, table):
                yield f"{sheet.name}!{at}: ={formula[0]} ≠ ={formula[1]}"
            elif not alike(*value):
                yield f"{sheet.name}!{at}: {value[0]!r} ≠ {value[1]!r}"


def _cells(live: list[list], file: list[list], blank: object) -> dict[tuple[int, int], tuple]:
    """Row and column → what stands there in the one and in the other, where something does."""
    found = {}
    for row in range(max(len(live), len(file))):
        a, b = (rows[row] if row < len(rows) else [] for rows in (live, file))
        for column in range(max(len(a), len(b))):
            pair = tuple(cells[column] if column < len(cells) else blank for cells in (a, b))
            if pair != (blank, blank):
                found[row + 1, column + 1] = pair
    return found


def _notes(live: xw.Book, file: xw.Book) -> Iterator[str]:
    for sheet in file.sheets:
        a, b = ({n.location.address: n.text for n in book.sheets[sheet.name].notes} for book in (live, file))
        if a != b:
            yield f"{sheet.name}: {a} ≠ {b}"
