"""After the rows of some sheets moved or changed: every other part of the workbook that speaks of them is made to follow."""

import html
import re
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache, cached_property

from crmbook.ooxml.cells import Content
from crmbook.ooxml.chain import chained
from crmbook.ooxml.charts import Cells, update_chart, update_new_chart
from crmbook.ooxml.comments import follow_notes
from crmbook.ooxml.formulas import Follower, follow_cell, without_shared
from crmbook.ooxml.names import calculate_on_load, follow_names, hide, set_names
from crmbook.ooxml.objects import follow_objects, follow_shared_objects
from crmbook.ooxml.pivots import follow_place, update_pivot
from crmbook.ooxml.refill import formula_cells
from crmbook.ooxml.refs import MOST_ROWS, Area, CannotMoveError, RowMap, column_of, letters, quoted
from crmbook.ooxml.sheet import Row, SheetPart
from crmbook.ooxml.tables import follow_table
from crmbook.ooxml.tail import follow_tail
from crmbook.ooxml.workbook import Sheet, Table, Workbook

WORDS = re.compile(r"([\w.]+)|'((?:[^']|'')+)'")  # what may be the name of a table or a sheet in a formula
COLUMN = re.compile(r"([\w.]+)\[([^\[\]]+)\]")
LONGEST_CHARACTER = len("&#x10FFFF;")  # of a sheet's name in a formula, however it is written
MOST_LOOKED_AT = 20_000  # marks in a sheet's texts; with more it is quicker to take the sheet apart
CONSOLIDATED = b' sheet="'  # in a consolidation the sheet stands beside the reference
CHART, NEW_CHART = "drawingml.chart+xml", "ms-office.chartex+xml"


class Following:
    """`maps`: where the rows of each edited sheet went, by name of the sheet."""

    def __init__(self, workbook: Workbook, maps: Mapping[str, RowMap]) -> None:
        self.workbook, self.package = workbook, workbook.package
        self.maps = {name: m for name, m in maps.items() if not m.is_still}
        self.follower = cache(self._follower)
        self.without_formulas: set[str] = set()  # parts of sheets that were looked through and have none
        self._edited: set[str] = set()
        self._formulas_moved = False

    def _follower(self, sheet: str) -> Follower:
        return Follower(sheet, self.maps)

    def edited(self, sheet: Sheet, part: SheetPart, tables: Mapping[str, Table], owned: str | None) -> None:
        """Writes an edited sheet and the parts that belong to it; `owned` is our own table, which is written apart."""
        row_map = self.maps.get(sheet.name)
        self._edited.add(sheet.name)
        if owned is None:
            self._elsewhere_in(sheet, part)
        else:
            part.tail = follow_tail(part.tail, row_map, self.follower(sheet.name))
        if row_map is not None:
            _refuse_to_push_out(sheet, part, row_map)
            follow_notes(self.package, sheet.part, row_map)
            for pivot in self.package.related(sheet.part, "pivotTable"):
                before = self.package.read(pivot)
                after = follow_place(before, row_map, sheet.name)
                if after != before:
                    self.package.write(pivot, after)
        self._tables(sheet, row_map, {t.part for t in tables.values() if t.name == owned})
        if not part.is_changed:
            return
        if row_map is not None:
            bottom = max(row_map.new_last, max(part.rows, default=1))
            part.widen(Area(row_map.first, row_map.left, bottom, row_map.right))
        self._note_formulas(sheet, part)
        headers = {table.header_row for table in tables.values() if table.sheet == sheet}
        text = part.text()
        if b"<f" not in text:
            self.without_formulas.add(sheet.part)
        self.package.write(sheet.part, text, part.kept(headers))

    def _note_formulas(self, sheet: Sheet, part: SheetPart) -> None:
        """Whether any formula went or moved that the file's calculation chain lists."""
        if not self._formulas_moved and self.package.related(self.package.workbook, "calcChain"):
            gone = formula_cells(part.original) - formula_cells(part.rows)
            self._formulas_moved = bool(gone) and not gone.isdisjoint(chained(self.workbook, sheet))

    def others(self) -> None:
        """What is drawn on any sheet, and the sheets that were not edited: their formulas, formats and validations over
        moved rows."""
        if not self.maps:
            return
        follow_shared_objects(self.package, self.follower(""))
        for sheet in self.workbook.sheets:
            follow_objects(self.package, sheet.part, self.follower(sheet.name))
            if sheet.name in self._edited:
                continue
            self._tables(sheet, None, set())
            if not self._may_speak(sheet.part):
                continue
            part = self.workbook.sheet_part(sheet)
            self._elsewhere_in(sheet, part)
            if part.is_changed:
                self.package.write(sheet.part, part.text())

    def _may_speak(self, part: str) -> bool:
        """False if no reference in a sheet can be to a row that moved on another one: such a reference names that sheet.
        It keeps half a million order lines from being taken apart for nothing, and from lying in memory at once."""
        spelt = tuple({name for whole in self.maps for name in (whole.casefold(), quoted(whole)[1:-1].casefold())})
        longest = LONGEST_CHARACTER * max(map(len, spelt)) + len("&apos;!")
        before, looked, has_formulas = b"", 0, False
        for block in self.package.blocks(part):
            text = before + block
            has_formulas = has_formulas or b"<f" in text
            for mark in (b"!", CONSOLIDATED):
                at = text.find(mark, max(len(before) - len(mark) + 1, 0))
                while at >= 0:
                    looked += 1
                    end = at if mark == b"!" else text.find(b'"', at + len(mark))
                    named = html.unescape(text[max(end - longest, 0) : end].decode("utf-8", "replace")).casefold()
                    if looked > MOST_LOOKED_AT or end < 0 or named.removesuffix("'").endswith(spelt):
                        return True
                    at = text.find(mark, at + 1)
            before = text[-longest:]
        if not has_formulas:
            self.without_formulas.add(part)
        return False

    def _elsewhere_in(self, sheet: Sheet, part: SheetPart) -> None:
        """Follows the references in a sheet whose own rows stay."""
        follower = self.follower(sheet.name)
        if follower.is_idle:
            return
        rows = without_shared(part.rows) if part.shares_formulas else part.rows
        changed = {}
        for number, raw in rows.items():
            if b"<f" not in raw or not follower.may_follow(html.unescape(raw.decode("utf-8", "replace"))):
                continue
            row = Row.read(raw)
            cells = {c: follow_cell(cell, follower, None) for c, cell in row.cells.items()}
            if cells != row.cells:
                row.cells = cells
                changed[number] = row.write(number)
        if changed:
            part.rows = {**rows, **changed}
        part.tail = follow_tail(part.tail, None, follower)

    def _tables(self, sheet: Sheet, row_map: RowMap | None, written_apart: set[str]) -> None:
        for name in self.package.related(sheet.part, "table"):
            before = self.package.read(name)
            map_here = None if name in written_apart else row_map
            after = follow_table(before, map_here, self.follower(sheet.name))
            if after != before:
                self.package.write(name, after)

    @cached_property
    def _meanings(self) -> dict[str, str]:
        """What each defined name stood for."""
        return {name.casefold(): text for name, text in self.workbook.names.items()}

    @cached_property
    def _by_name(self) -> dict[str, Table]:
        return {name.casefold(): table for name, table in self.workbook.tables.items()}

    def _named(self, text: str) -> str:
        """What a chart's range stands for, if it is a name (`book.xlsx!sales`): a range, where that has moved to."""
        found = self._meanings.get(text.rpartition("!")[2].casefold(), text)
        column = COLUMN.fullmatch(found)
        table = None if column is None else self._by_name.get(column[1].casefold())
        if column is None or table is None or column[2] not in table.columns:
            return self.follower("").follow(found)
        at, row_map = table.first_col + table.columns.index(column[2]), self.maps.get(table.sheet.name)
        area = Area(table.first_row, at, table.last_row, at)
        return column_of(table.sheet.name, row_map.span(area) if row_map else area)

    def _charts(self, cells: Cells) -> Iterator[tuple[str, bytes, bytes]]:
        """Every chart: its part, what it holds, and what it should hold."""
        for part in self.package.names:
            kind = self.package.content_type(part)
            if kind.endswith((CHART, NEW_CHART)):
                update, before = update_chart if kind.endswith(CHART) else update_new_chart, self.package.read(part)
                yield part, before, update(before, self.follower(""), cells, self._named)

    def charted(self) -> dict[str, set[tuple[Area, bool]]]:
        """By sheet, the areas that charts will show, and whether without hidden rows: to be read while the sheet is at hand."""
        found: dict[str, set[tuple[Area, bool]]] = {}

        def noted(sheet: str, area: Area, visible: bool) -> list[list[Content]]:
            found.setdefault(sheet, set()).add((area, visible))
            return [[]]

        for _ in self._charts(noted):
            pass
        return found

    def drawings(self, cells: Cells, changed: Container[str], suited: Callable[[bytes], bytes]) -> None:
        """Charts and pivot tables; `cells`: what charts show of the sheets whose cells `changed`. A chart that shows something
        else now is made `suited` to it."""

        def is_changed(source: str) -> bool:
            """Whether cells changed that a pivot table shows: its source is a table, a sheet or a name."""
            if source.casefold() in self._by_name:
                return self._by_name[source.casefold()].sheet.name in changed
            if source.casefold() not in self._meanings:
                return source in changed
            spoken = WORDS.findall(self._meanings[source.casefold()])
            found = {(word or other.replace("''", "'")).casefold() for word, other in spoken}
            found |= {self._by_name[word].sheet.name.casefold() for word in found & self._by_name.keys()}
            return any(s.name in changed for s in self.workbook.sheets if s.name.casefold() in found)

        for part, before, after in [*self._charts(cells)]:
            if after != before:
                self.package.write(part, suited(after))
        for part in self.package.names:
            if self.package.content_type(part).endswith("pivotCacheDefinition+xml"):
                before = self.package.read(part)
                after = update_pivot(before, is_changed, self.maps.get)
                if after != before:
                    self.package.write(part, after)

    def book(
        self,
        pointers: Mapping[str, str],
        bindings: Mapping[str, str],
        hidden: tuple[str, str],
        asks: Callable[[], bool],
    ) -> None:
        """The workbook part: names followed and set. If anything changed anywhere, also what is no data: `bindings`,
        names that another program may have lost; names with the prefix and the sheet `hidden` again; and where `asks`
        says so, Excel calculates on opening."""
        name = self.package.workbook
        before = self.package.read(name)
        after = set_names(follow_names(before, self.follower("")), pointers)
        if after != before:
            self.package.write(name, after)
        if not self.package.changed:
            return
        after = hide(set_names(after, bindings), *hidden)
        if b'fullCalcOnLoad="1"' not in after and asks():
            after = calculate_on_load(after)
        if after != before:
            self.package.write(name, after)
        if self._formulas_moved:
            self._drop_calculation_chain()

    def _drop_calculation_chain(self) -> None:
        """Excel makes the chain anew; one that names a cell without a formula is a damaged file to it."""
        for relationship in self.package.relationships(self.package.workbook):
            if relationship.kind == "calcChain":
                self.package.unrelate(self.package.workbook, relationship.id)
                if relationship.target in self.package:
                    self.package.remove(relationship.target)


def _refuse_to_push_out(sheet: Sheet, part: SheetPart, row_map: RowMap) -> None:
    """Raises CannotMoveError if rows with something in them would have to go beyond the last row a sheet has."""
    last = max(part.original, default=0)
    if row_map.push and last + row_map.push > MOST_ROWS and last >= row_map.push_from:
        filled = (n for n, raw in part.original.items() if n + row_map.push > MOST_ROWS and b"</c>" in raw)
        if (row := next(filled, None)) is not None:
            raise CannotMoveError(sheet.name, f"{letters(min(Row.read(part.original[row]).cells))}{row}")
