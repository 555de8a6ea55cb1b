"""One table of one sheet gets its rows: where each goes, what has to make room, and the parts that hold both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmbook.ooxml.comments import areas_of_objects
from crmbook.ooxml.refs import RowMap, parse_area
from crmbook.ooxml.sheet import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmbook.ooxml.package import Package
    from crmbook.ooxml.sheet import SheetPart
    from crmbook.ooxml.workbook import Table

AREAS = re.compile(
    rb'<(?:mergeCell|conditionalFormatting|dataValidation|hyperlink)(?=\s)[^>]*?\s(?:sq)?ref="([^"]*)"'
    rb"|<(?:\w+:)?sqref>([^<]*)<"  # of extensions: sparklines and newer formats
)
USUAL_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*><f[ >/]')
FORMULA_CELL = re.compile(rb'<c(?=\s)[^>]*?\sr="([A-Z]+[0-9]+)"[^>]*>\s*<f(?=[\s/>])')


def sources_of(sheet: SheetPart, table: Table, last_row: int, wanted: Sequence[int]) -> list[int]:
    """The old sheet row of each new data row, 0 for a new one; `wanted` counts data rows from 0, -1 = new.

    A blank row that nobody claims is as good as a new one, and stays where it is.
    """
    first = table.first_row
    found = [first + w if 0 <= w <= last_row - first else 0 for w in wanted] or [0]
    claimed = set(found)
    for i, row in enumerate(found):
        here = first + i
        if (
            not row
            and here <= last_row
            and here not in claimed
            and here in sheet.rows
            and _is_blank(sheet, here, table)
        ):
            found[i] = here
    return found


def _is_blank(sheet: SheetPart, row: int, table: Table) -> bool:
    cells = Row.read(sheet.rows[row]).cells
    return not any(b"</" in cell for c, cell in cells.items() if table.first_col <= c <= table.last_col)


def map_rows(package: Package, sheet: SheetPart, table: Table, last_row: int, sources: Sequence[int]) -> RowMap:
    """Where the rows of the table's sheet go.

    A growing table takes the rows under it that are empty in its columns, but leaves one empty before what comes next,
    and pushes everything below by the rest. One that shrinks leaves what is below in its place, so that no reference to
    it can go wrong, and finds the empty rows again when it grows.
    """
    first, new_last = table.first_row, table.first_row + len(sources) - 1
    places = {row: first + i for i, row in enumerate(sources) if row}
    stays = all(places.get(row) == row for row in range(first, last_row + 1))
    growth = max(new_last - last_row, 0)
    used = 0 if table.totals_rows else _free_rows(package, sheet, table, last_row, growth)
    return RowMap(
        first,
        frozenset((table.last_row, last_row)),
        new_last,
        table.first_col,
        table.last_col,
        None if stays else places,
        table.totals_rows,
        last_row + used + 1,
        growth - used,
    )


def _free_rows(package: Package, sheet: SheetPart, table: Table, last_row: int, growth: int) -> int:
    """How many rows under the table it may take; what stands in other columns is in nobody's way."""
    if not growth:
        return 0
    taken: list[int] = []
    for row in sorted(r for r in sheet.rows if last_row < r <= last_row + growth + 1):
        if any(table.first_col <= c <= table.last_col for c in Row.read(sheet.rows[row]).cells):
            taken.append(row)
            break
    areas = (
        parse_area(ref)
        for found in AREAS.finditer(sheet.tail)
        for ref in (found[1] or found[2] or b"").decode().split()
    )
    taken += [
        area.top
        for area in (*areas, *areas_of_objects(package, table.sheet.part))
        if area and last_row < area.top and area.left <= table.last_col and area.right >= table.first_col
    ]
    return min(growth, max(min(taken) - last_row - 2, 0)) if taken else growth


def formula_places(data: bytes) -> list[tuple[bytes, bytes]] | None:
    """Column and row, as they are written, of every cell with a formula in a sheet's part; None if it is written in a way in
    which they are not seen so quickly."""
    start, end = data.find(b"<sheetData"), data.rfind(b"</sheetData>")
    if data.find(b"<f", start, end) < 0:
        return []
    found = USUAL_FORMULA_CELL.findall(data, start, end)
    return found if len(found) == sum(data.count(tag, start, end) for tag in (b"<f>", b"<f ", b"<f/")) else None


def formula_cells(rows: Mapping[int, bytes]) -> set[str]:
    """The addresses of all cells with a formula."""
    return {m.decode() for raw in rows.values() if b"<f" in raw for m in FORMULA_CELL.findall(raw)}
