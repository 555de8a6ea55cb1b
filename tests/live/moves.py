"""Rows of a workbook in memory that move: put in, taken out, copied, sorted, with all that points at them."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from openpyxl.formula.translate import Translator

from tests.excel_references import Change, Range, box, name_of, ref_of, rewrite
from tests.live.grid import COLUMNS, ROWS, ComError, Grid, Page, Place, Tab, inside


class Memory(Grid):
    """The open workbook with all its habits. Whether a sort takes links along is told both ways: `links_go_along`."""

    links_go_along = True

    def insert(self, page: Page, area: Range, like_above: bool) -> None:
        """Cells go down in these columns, and with them all that points at them; a range that reaches over the place grows."""
        self.call("insert")
        self.refuse_if_protected(page)
        assert not self.copied, "Excel puts in what was copied: Insert Copied Cells"
        left, top, right, bottom = area
        count = bottom - top + 1
        self._refuse_to_split(page, area)
        for tab in page.tables.values():
            self._refuse_to_tear(tab, area)
        reached = [
            t for t in page.tables.values() if t.area[1] < top <= t.area[3] and left <= t.area[0] and t.area[2] <= right
        ]

        def change(where: str, at: Range) -> tuple[str, Range]:
            if where != page.name or not (left <= at[0] and at[2] <= right) or at[1] == 0:
                return where, at
            first, last = at[1] + count * (at[1] >= top), at[3] + count * (at[3] >= top)
            return where, (at[0], min(first, ROWS), at[2], min(last, ROWS))

        self._shift(page, change, lambda r, c: (r + count, c) if r >= top and left <= c <= right else (r, c))
        if left == 1 and right == COLUMNS:
            page.heights = {r + count * (r >= top): h for r, h in page.heights.items()}
            page.hidden = {r + count * (r >= top) for r in page.hidden}
        above = [c for r, c in page.styles if r == top - 1 and left <= c <= right] if like_above else []
        for r in range(top, bottom + 1):
            page.styles.update({(r, c): page.styles[top - 1, c] for c in above})
        for tab in reached:
            self._fill_formulas(tab, range(top, bottom + 1))

    def delete(self, page: Page, area: Range) -> None:
        """Cells go up in these columns; a reference to nothing but deleted cells is broken, a range that loses some shrinks."""
        self.call("delete")
        self.refuse_if_protected(page)
        left, top, right, bottom = area
        count = bottom - top + 1
        self._refuse_to_split(page, area)
        for tab in page.tables.values():
            self._refuse_to_tear(tab, area)
            assert not (top <= tab.rows[0] and tab.rows[-1] <= bottom), "Excel keeps a table's last row"

        def change(where: str, at: Range) -> tuple[str, Range]:
            if where != page.name or not (left <= at[0] and at[2] <= right) or at[1] == 0:
                return where, at
            if top <= at[1] and at[3] <= bottom:
                return "#REF", at
            first = top if top <= at[1] <= bottom else at[1] - count * (at[1] > bottom)
            last = top - 1 if top <= at[3] <= bottom else at[3] - count * (at[3] > bottom)
            return where, (at[0], first, at[2], last)

        for kept in page.by_cell:
            for place in list(inside(area, kept)):
                del kept[place]
        self._shift(page, change, lambda r, c: (r - count, c) if r > bottom and left <= c <= right else (r, c))

    def _refuse_to_split(self, page: Page, area: Range) -> None:
        """Excel: "We can't do that to a merged cell"."""
        left, top, right, _ = area
        for merged in (box(ref) for ref in page.areas.get("merge", []) if ref):
            across = merged[0] <= right and merged[2] >= left
            if across and top <= merged[3] and not (left <= merged[0] and merged[2] <= right):
                raise ComError("We can't do that to a merged cell.")

    def _refuse_to_tear(self, tab: Tab, area: Range) -> None:
        """Excel: "The operation is attempting to shift cells in a table on your worksheet"."""
        left, top, right, _ = area
        across = tab.area[0] <= right and tab.area[2] >= left
        if across and top <= tab.area[3] and not (left <= tab.area[0] and tab.area[2] <= right):
            raise ComError("This operation is not allowed. It is attempting to shift cells in a table.")

    def _shift(self, page: Page, change: Change, go: Callable[[int, int], Place]) -> None:
        for kept in page.by_cell:
            moved = {go(*place): what for place, what in kept.items()}
            kept.clear()
            kept.update(moved)
        for tab in page.tables.values():
            tab.area = change(page.name, tab.area)[1]
        self._follow(page, change)

    def _follow(self, page: Page, change: Change) -> None:
        """All that speaks of cells by address."""
        for kind, refs in page.areas.items():
            found = [[change(page.name, box(r)) for r in ref.split()] for ref in refs]
            page.areas[kind] = [" ".join(ref_of(a) for w, a in one if w == page.name) for one in found]
        self.names = {name: rewrite(text, "", change) for name, text in self.names.items()}
        self.charts = {name: rewrite(text, "", change) for name, text in self.charts.items()}
        for home, formulas in self.all_formulas():
            formulas.update({key: rewrite(text, home, change) for key, text in formulas.items() if refers(text)})

    def _fill_formulas(self, tab: Tab, rows: Iterable[int]) -> None:
        """New rows of a table get the formulas of its columns, as they read in another row."""
        page = tab.sheet
        for at, said in tab.formulas.items():
            column = tab.area[0] + at
            start = next((r for r in tab.rows if (r, column) in page.formulas), None)
            text, start = (said, tab.rows[0]) if start is None else (page.formulas[start, column], start)
            page.formulas.update({(r, column): translated(text, (start, column), (r, column)) for r in rows})

    def all_formulas(self) -> Iterator[tuple[str, dict[Any, str]]]:
        for page in self.pages.values():
            yield page.name, page.formulas
            yield from ((page.name, tab.formulas) for tab in page.tables.values())

    def add_row(self, tab: Tab) -> None:
        """A row at the end, over the blank one below: all that covered the table's rows covers it too, in the formats and
        formulas of the row above, as where staff type on under a table: Microsoft's reference, `ListRows.Add`."""
        self.call("add")
        page, (left, _, right, bottom), first, last = tab.sheet, tab.area, tab.rows[0], tab.rows[-1]
        self.refuse_if_protected(page)
        below = list(inside((left, bottom + 1, right, bottom + 1), {**page.values, **page.formulas}))
        assert not below, "it would go down"

        def change(where: str, at: Range) -> tuple[str, Range]:
            covers = (
                where == page.name
                and left <= at[0]
                and at[2] <= right
                and at[3] == last
                and at[1] in {first, first - 1}
            )
            return where, (*at[:3], last + 1) if covers else at

        self._follow(page, change)
        tab.area = (*tab.area[:3], bottom + 1)
        page.styles.update(
            {(last + 1, c): style for (r, c), style in list(page.styles.items()) if r == last and left <= c <= right}
        )
        self._fill_formulas(tab, [last + 1])

    def sort(self, tab: Tab, by: int) -> None:
        """Cells go with their formats, notes and links; rows that are hidden stay, and so do heights. A relative reference
        moves as in a copy: Microsoft Knowledge Base Q40401."""
        self.call("sort")
        page = tab.sheet
        self.refuse_if_protected(page)
        rows = [r for r in tab.rows if r not in page.hidden and r not in self.filtered(tab)]
        column = tab.area[0] + by - 1
        order = sorted(rows, key=lambda r: _rank(page.values.get((r, column))))
        goes = dict(zip(order, rows, strict=True))
        columns = range(tab.area[0], tab.area[2] + 1)
        for kept in page.by_cell if self.links_go_along else page.by_cell[:-1]:
            moved = {
                (goes[r], c) if r in goes and c in columns else (r, c): (
                    translated(what, (r, c), (goes[r], c))
                    if kept is page.formulas and r in goes and c in columns
                    else what
                )
                for (r, c), what in kept.items()
            }
            kept.clear()
            kept.update(moved)
        tab.sorted_by = by

    def resize(self, tab: Tab, area: Range) -> None:
        """No cell moves, what is below is taken in; new rows get the formulas of the columns: xlwings/xlwings/issues/2294."""
        self.call("resize")
        self.refuse_if_protected(tab.sheet)
        assert area[1] == tab.area[1], "Excel: the header stays in its row"
        assert area[3] - area[1] >= 1 + tab.totals, "Excel: a table keeps one data row"
        before = tab.rows
        tab.area = area
        self._fill_formulas(tab, set(tab.rows).difference(before))


@cache
def refers(formula: str) -> bool:
    """True if it may speak of cells by address."""
    return re.search(r"[A-Z]\$?[0-9]|[0-9]:\$?[0-9]", re.sub(r"\[[^\[\]]*\]", "", formula)) is not None


def translated(formula: str, start: Place, end: Place) -> str:
    """The formula of one cell as it reads in another."""
    if not refers(formula):
        return formula
    return str(Translator("=" + formula, name_of(*reversed(start))).translate_formula(name_of(*reversed(end))))[1:]


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return 9, 0
    return (2, value) if isinstance(value, bool) else (1, value.casefold()) if isinstance(value, str) else (0, value)
