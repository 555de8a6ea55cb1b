"""Columns that staff began directly beside a table, in a program that does not widen the table as Excel does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crmbook.ooxml.refs import Area, meet, parse_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crmbook.ooxml.sheet import SheetPart
    from crmbook.ooxml.workbook import Table, Workbook

LONGEST_HEADER = 255  # characters; Excel cuts a longer one
FIXED = re.compile(rb'<(?:mergeCell|autoFilter)(?=\s)[^>]*?\sref="([^"]*)"')
ARRAY = re.compile(rb'<f(?=\s)(?=[^>]*?\st="(?:array|dataTable)")[^>]*?\sref="([^"]*:[^"]*)"')
PIVOT = re.compile(rb'<(?:\w+:)?location(?=\s)[^>]*?\sref="([^"]*)"')


def widened(workbook: Workbook, table: Table) -> Table:
    """The table with the columns to its right that Excel could have taken in: none that meets merged cells, another table, a
    pivot table, a filter or a formula over several cells, or whose header is a formula."""
    held: list[
        tuple[SheetPart, list[Area]]
    ] = []  # taken apart only where there is something to adopt: a sheet may be long

    def header(place: Area) -> str | None:
        if not held:
            part = workbook.sheet_part(table.sheet)
            held.append((part, list(obstacles(workbook, table, part))))
        ((part, in_the_way),) = held
        cell = part.content(place.top, place.left)
        is_plain = isinstance(cell.value, str) and not cell.error and cell.formula is None
        return str(cell.value) if is_plain and not any(meet(place, area) for area in in_the_way) else None

    is_whole = len(table.columns) == table.last_col - table.first_col + 1
    return reaching(table, workbook.values(table.sheet.name), header) if is_whole else table


def reaching(table: Table, rows: Sequence[Sequence[Any]], header: Callable[[Area], str | None]) -> Table:
    """The table with the columns to its right whose header cell holds a text, one after the other without a gap.

    `rows`: the sheet's values; `header`: the header of a column there, given as its place beside the table, or None if it
    cannot be taken in. A header that is too long, or that the table already has, ends it; so does a number or a day.
    """
    if table.header_row == table.first_row or table.header_row > len(rows):
        return table
    texts, totals = rows[table.header_row - 1], rows[table.last_row : table.last_row + table.totals_rows]
    names = list(table.columns)
    taken = {str(name).casefold() for name in (*names, *texts[table.first_col - 1 : table.last_col])}
    for column in range(table.last_col + 1, len(texts) + 1):
        text = texts[column - 1]
        if not isinstance(text, str) or not text.strip() or text.casefold() in taken:
            break
        if any(row[column - 1] != "" for row in totals):
            break
        name = header(Area(table.header_row, column, table.last_row + table.totals_rows, column))
        if name is None or len(name) > LONGEST_HEADER or name.casefold() in taken:
            break
        names.append(name)
        taken |= {text.casefold(), name.casefold()}
    return replace(table, last_col=table.first_col + len(names) - 1, columns=names)


def obstacles(workbook: Workbook, table: Table, part: SheetPart) -> Iterator[Area]:
    """The areas of the sheet into which no table may reach."""
    for other in workbook.tables.values():
        if other.sheet.part == table.sheet.part and other.part != table.part:
            yield Area(other.header_row, other.first_col, other.last_row + other.totals_rows, other.last_col)
    refs = FIXED.findall(part.tail)
    refs += [ref for raw in part.rows.values() if b"<f " in raw for ref in ARRAY.findall(raw)]
    for pivot in workbook.package.related(table.sheet.part, "pivotTable"):
        refs += PIVOT.findall(workbook.package.read(pivot))
    areas = (parse_area(ref.decode()) for ref in refs)
    yield from (area for area in areas if area is not None)
