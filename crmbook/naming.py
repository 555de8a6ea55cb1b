"""The defined names of ours and where they have to point: the same in a closed file and in an open workbook."""

from collections.abc import Iterable, Mapping

from crmbook.binding import LISTS, Standing, name_of
from crmbook.ooxml.refs import Area, RowMap, absolute, column_of


def bindings(standings: Mapping[str, Standing]) -> dict[str, str]:
    """The hidden name of every header cell → where it stands."""
    return {
        name_of(form, id): absolute(s.sheet, Area(s.table.header_row, at, s.table.header_row, at))
        for form, s in standings.items()
        for id, at in s.columns.items()
    }


def pointers(wanted: Mapping[str, tuple[str, str, int]], names: Iterable[str], standings: Mapping[str, Standing], maps: Mapping[str, RowMap]) -> dict[str, str]:  # fmt: skip
    """Where the names into our tables have to point.

    `wanted`: the plan's, by form, column and position; those whose cell is gone are left out. `names`: the workbook's;
    those over the columns that dropdowns offer go from the first row to the last, as `maps` has it, by sheet.
    """
    found = {}
    for name, (form, column, row) in wanted.items():
        standing = standings.get(form)
        if standing is not None and column in standing.columns:
            at, number = standing.columns[column], standing.table.first_row + row
            found[name] = absolute(standing.sheet, Area(number, at, number, at))
    for name in names:
        form, _, column = name.removeprefix(LISTS).partition(".")
        standing = standings.get(form) if name.startswith(LISTS) else None
        if standing is not None and column in standing.columns:
            last = maps[standing.sheet].new_last if standing.sheet in maps else standing.last_row
            at = standing.columns[column]
            found[name] = column_of(standing.sheet, Area(standing.table.first_row, at, last, at))
    return found
