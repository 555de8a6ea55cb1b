"""A workbook's file → the same workbook in memory, and two of them compared."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from crmbook import book as closed
from crmbook.live.formulas import is_same
from tests.excel_references import box, split
from tests.live.grid import Page, Tab
from tests.live.moves import Memory, translated
from tests.reading import Reading, Sheet, all_named, local

BUILT_IN = {"0": "General", "14": "m/d/yyyy", "49": "@"}


def loaded(source: Path | bytes, name: str = "客户管理.xlsx") -> Memory:
    """All that the engine knows of a workbook, read from its file."""
    reading = Reading(source)
    pages = [_page(reading, sheet) for sheet in reading.order]
    formats = {at: style[3].decode() for at, style in enumerate(reading._formats)}
    memory = Memory(name, pages, lambda style: BUILT_IN.get(formats.get(style, "0"), formats.get(style, "General")))
    for name, text in reading.names.items():
        if text is not None:  # those of Excel's own are each of one sheet
            memory.names[f"{text.partition('!')[0]}!{name}" if name.startswith("_xlnm.") else name] = text
    for sheet in reading.order:
        for chart, ranges in reading.charts(sheet).items():
            memory.charts |= {f"{chart} {at}": said.formula for at, said in enumerate(ranges)}
    for found in reading.tables.values():
        page = memory.pages[found.sheet.name]
        totals = int(found.root.get("totalsRowCount", "0"))
        tab = page.tables[found.name] = Tab(found.name, page, box(found.ref), totals)
        for at, column in enumerate(all_named(found.root, "tableColumn")):
            for formula in (e for e in column if local(e) == "calculatedColumnFormula"):
                tab.formulas[at] = formula.text
        for chosen in all_named(found.root, "filterColumn"):
            tab.chosen[int(chosen.get("colId")) + 1] = [e.get("val") for e in all_named(chosen, "filter")] or None
    return memory


def _page(reading: Reading, name: str) -> Page:
    sheet = reading.sheet(name)
    page = Page(name, notes=dict(sheet.comments), links=dict(sheet.links), heights=dict(sheet.heights))
    page.state = "hidden" if name == "_crmbook" else "visible"
    for place, cell in sheet.cells.items():
        page.styles[place] = cell.style
        if cell.value not in {None, ""}:
            page.values[place] = cell.value
        if cell.formula:
            page.formulas[place] = cell.formula
    page.formulas |= _shared(sheet)
    page.areas = {
        "format": _refs(sheet, "conditionalFormatting"),
        "validation": _refs(sheet, "dataValidation"),
        "merge": sorted(sheet.merges),
    }
    return page


def _shared(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The formulas that say only with which other cell they are shared."""
    masters, found = {}, {}
    for cell in all_named(sheet.root, "c"):
        column, row = split(cell.get("r"))
        for formula in (e for e in cell if local(e) == "f" and e.get("t") == "shared"):
            start, text = masters.setdefault(formula.get("si"), ((row, column), formula.text))
            found[row, column] = translated(text, start, (row, column))
    return found


def _refs(sheet: Sheet, kind: str) -> list[str]:
    return [ref for ref in sheet.ranges(kind) if ref]


def before_and_after(path: Path) -> tuple[Memory, Memory]:
    """The workbook at `path` as it is, and after a refresh of the file."""
    before = loaded(path, path.name)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(path.parent / "state"))
        closed.refresh(path, cache=False)
    return before, loaded(path)


def open_again(books: tuple[Memory, Memory]) -> Memory:
    """The first of the two as one to work in, which calculates what stands in the second."""
    found = copy.deepcopy(books[0])
    found.calculated = calculated_as(books[1])
    return found


def calculated_as(right: Memory) -> Callable[[Memory], None]:
    """What stands in for a calculation: a cell gets the value that stands in `right` beside the same formula in the same
    place."""

    def calculate(memory: Memory) -> None:
        for page in memory.pages.values():
            wanted, table = right.pages[page.name], next(iter(page.tables), "")
            for place, formula in page.formulas.items():
                if place in wanted.formulas and is_same(formula, wanted.formulas[place], table):
                    page.values.pop(place, None)
                    if place in wanted.values:
                        page.values[place] = wanted.values[place]

    return calculate
