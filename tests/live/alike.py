"""Two workbooks in memory compared cell by cell, as their user would see them."""

from collections.abc import Iterator

from crmbook.live.formulas import is_same
from crmbook.ooxml.formulas import same_formula
from tests.excel_references import box, name_of
from tests.live.grid import Page
from tests.live.moves import Memory


def differences(live: Memory, file: Memory) -> list[str]:
    """Where the one refreshed while open says something else than the one refreshed as a file."""
    found = [f"{name}: {live.names.get(name)} ≠ {text}" for name, text in file.names.items() if not same_formula(live.names.get(name), text)]  # fmt: skip
    found += [f"{name}: {live.charts.get(name)} ≠ {text}" for name, text in file.charts.items() if not same_formula(live.charts.get(name), text)]  # fmt: skip
    for name, page in file.pages.items():
        found += [f"{name}!{said}" for said in _of_page(live.pages[name], page)]
    return found


def _of_page(live: Page, file: Page) -> Iterator[str]:
    for name, tab in file.tables.items():
        if live.tables[name].area != tab.area:
            yield f"{name}: {live.tables[name].area} ≠ {tab.area}"
    table = next(iter(file.tables), "")
    places = {*live.values, *live.formulas, *file.values, *file.formulas}
    for place in sorted(places):
        at = name_of(*reversed(place))
        formulas = live.formulas.get(place), file.formulas.get(place)
        if not is_same(*formulas, table):
            yield f"{at}: ={formulas[0]} ≠ ={formulas[1]}"
        elif formulas[0] is None and not alike(live.values.get(place), file.values.get(place)):
            yield f"{at}: {live.values.get(place)!r} ≠ {file.values.get(place)!r}"
    for kind, a, b in (("note", live.notes, file.notes), ("link", live.links, file.links)):
        for place in {place for place, _ in a.items() ^ b.items()}:
            yield f"{kind} {name_of(*reversed(place))}: {a.get(place)!r} ≠ {b.get(place)!r}"
    for kind in file.areas:
        for a, b in zip(live.areas[kind], file.areas[kind], strict=True):
            if covered(a) != covered(b):
                yield f"{kind}: {a} ≠ {b}"


def alike(a: object, b: object) -> bool:
    """Numbers to the digits that both keep."""
    if type(a) is float and type(b) is float:
        return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)
    return type(a) is type(b) and a == b


def covered(sqref: str) -> list[tuple[int, int, int, int]]:
    return sorted(map(box, sqref.split()))
