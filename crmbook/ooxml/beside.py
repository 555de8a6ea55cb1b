"""Columns that staff began directly beside a table, in a program that does not widen the table as Excel does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crmbook.ooxml.refs import Area, meet, parse_area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmbook.ooxml.sheet import SheetPart
    from crmbook.ooxml.workbook import Table, Workbook

LONGEST_HEADER = 255  # characters; Excel cuts a longer one
FIXED = re.compile(rb'<(?:mergeCell|autoFilter)(?=\s)[^>]*?\sref="([^"]*)"')
ARRAY = re.compile(rb'<f(?=\s)(?=[^>]*?\st="(?:array|dataTable)")[^>]*?\sref="([^"]*:[^"]*)"')
PIVOT = re.compile(rb'<(?:\w+:)?location(?=\s)[^>]*?\sref="([^"]*)"')


def widened(workbook: Workbook, table: Table) -> Table:
    """The table with the columns to its right whose header cell holds a text, one after the other without a gap.

    Such a column is left outside if Excel could not have taken it in: its header is a formula, too long or one that the
    table already has, or the column meets merged cells, another table, a pivot table, a filter or a formula over
    several cells. A number or a day as header is left alone too.
    """
    rows = workbook.values(table.sheet.name)
    is_whole = len(table.columns) == table.last_col - table.first_col + 1
    if not is_whole or table.header_row == table.first_row or table.header_row > len(rows):
        return table
    texts, totals = rows[table.header_row - 1], rows[table.last_row : table.last_row + table.totals_rows]
    names = list(table.columns)
    taken = {name.casefold() for name in names}
    taken |= {str(text).casefold() for text in texts[table.first_col - 1 : table.last_col]}
    part: SheetPart | None = None
    in_the_way: list[Area] = []
    for column in range(table.last_col + 1, len(texts) + 1):
        text = texts[column - 1]
        if not isinstance(text, str) or not text.strip() or text.casefold() in taken:
            break
        if part is None:  # taken apart only where there is something to adopt: a sheet may be long
            part = workbook.sheet_part(table.sheet)
            in_the_way = list(obstacles(workbook, table, part))
        held = part.content(table.header_row, column)
        if not isinstance(held.value, str) or held.error or held.formula is not None:
            break
        if len(held.value) > LONGEST_HEADER or held.value.casefold() in taken:
            break
        place = Area(table.header_row, column, table.last_row + table.totals_rows, column)
        if any(meet(place, area) for area in in_the_way) or any(row[column - 1] != "" for row in totals):
            break
        names.append(held.value)
        taken |= {text.casefold(), held.value.casefold()}
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
