"""The defined names of ours and where they have to point: the same in a closed file and in an open workbook."""

from collections.abc import Iterable, Mapping

from crmbook.binding import LISTS, Standing, name_of
from crmbook.ooxml.refs import Area, RowMap, absolute, column_of, parse_ref, quoted

BROKEN = "#REF!"
BOUND = "_crm."


def bindings(standings: Mapping[str, Standing], names: Mapping[str, str]) -> dict[str, str]:
    """The hidden name of every header cell → where it stands. Those of the workbook's `names` that point at the header of a
    column which is not theirs are to point nowhere."""
    found = {
        name_of(form, id): absolute(s.sheet, Area(s.table.header_row, at, s.table.header_row, at))
        for form, s in standings.items()
        for id, at in s.columns.items()
    }
    known = {name.casefold() for name in found}
    for name, text in names.items():
        s = standings.get(name.split(".")[1]) if name.startswith(BOUND) and name.count(".") > 1 else None
        if s is not None and name.casefold() not in known and _is_header(s, text):
            found[name] = f"{quoted(s.sheet)}!{BROKEN}"
    return found


def _is_header(standing: Standing, text: str) -> bool:
    """True of a name's text if it stands for a header cell of the form's table."""
    target, table = parse_ref(text), standing.table
    if target is None or target[0] != standing.sheet or target[1].top != table.header_row:
        return False
    return target[1].is_cell and table.first_col <= target[1].left <= table.last_col


def pointers(wanted: Mapping[str, tuple[str, str, int] | str], names: Mapping[str, str], standings: Mapping[str, Standing], maps: Mapping[str, RowMap]) -> dict[str, str]:  # fmt: skip
    """Where the names into our tables have to point.

    `wanted`: the plan's, by form, column and position; those whose cell is gone are left out; a formula is for a name that
    points nowhere, or at what came to stand there in one of our tables. `names`: the workbook's, and what they stand for;
    those over the columns that dropdowns offer go from the first row to the last, as `maps` has it, by sheet.
    """
    found, held = {}, {name.casefold(): text for name, text in names.items()}
    for name, place in wanted.items():
        if isinstance(place, str):
            if _is_free(held.get(name.casefold(), BROKEN), standings.values()):
                found[name] = place
            continue
        form, column, row = place
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


def _is_free(text: str, standings: Iterable[Standing]) -> bool:
    """True of a name's text if it stands for nothing of the user's."""
    target = parse_ref(text)
    ours = (s for s in standings if target is not None and s.sheet == target[0])
    return BROKEN in text or any(s.table.first_row <= target[1].top <= s.last_row for s in ours if target is not None)
