"""After the rows of some sheets moved or changed: every other part of the workbook that speaks of them is made to follow."""

import html
import re
from collections.abc import Callable, Mapping
from functools import cache

from crmbook.ooxml.charts import update_chart, update_new_chart
from crmbook.ooxml.comments import follow_notes
from crmbook.ooxml.formulas import Follower, follow_cell, without_shared
from crmbook.ooxml.names import calculate_on_load, follow_names, hide, set_names
from crmbook.ooxml.pivots import update_pivot
from crmbook.ooxml.refill import formula_cells
from crmbook.ooxml.refs import Area, RowMap, quoted
from crmbook.ooxml.sheet import Row, SheetPart
from crmbook.ooxml.tables import follow_table
from crmbook.ooxml.tail import follow_tail
from crmbook.ooxml.workbook import Sheet, Table, Workbook

FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CHART, NEW_CHART = "drawingml.chart+xml", "ms-office.chartex+xml"


class Following:
    """`maps`: where the rows of each edited sheet went; `parts`: the edited sheets' parts, by name of the sheet."""

    def __init__(self, workbook: Workbook, maps: Mapping[str, RowMap], parts: Mapping[str, SheetPart]) -> None:
        self.workbook, self.package = workbook, workbook.package
        self.maps = {name: m for name, m in maps.items() if not m.is_still}
        self.parts = parts
        self.follower = cache(self._follower)
        self._formulas_moved = False

    def _follower(self, sheet: str) -> Follower:
        return Follower(sheet, self.maps)

    def edited(self, sheet: Sheet, tables: Mapping[str, Table], owned: str | None) -> None:
        """Writes an edited sheet and the parts that belong to it; `owned` is our own table, which is written apart."""
        part, row_map = self.parts[sheet.name], self.maps.get(sheet.name)
        if owned is None:
            self._elsewhere_in(sheet, part)
        else:
            part.tail = follow_tail(part.tail, row_map, self.follower(sheet.name))
        if row_map is not None:
            follow_notes(self.package, sheet.part, row_map, self.follower(sheet.name))
        self._tables(sheet, row_map, {t.part for t in tables.values() if t.name == owned})
        if not part.is_changed:
            return
        if row_map is not None:
            bottom = max(row_map.new_last, max(part.rows, default=1))
            part.widen(Area(row_map.first, row_map.left, bottom, row_map.right))
        self._note_formulas(part)
        self.package.write(sheet.part, part.text())

    def _note_formulas(self, part: SheetPart) -> None:
        """Whether any formula came, went or moved; nobody asks where the file has no calculation chain."""
        if not self._formulas_moved and self.package.related(self.package.workbook, "calcChain"):
            self._formulas_moved = formula_cells(part.rows) != formula_cells(part.original)

    def others(self) -> None:
        """The sheets that were not edited: their formulas, formats and validations over moved rows."""
        if not self.maps:
            return
        for sheet in self.workbook.sheets:
            if sheet.name in self.parts:
                continue
            self._tables(sheet, None, set())
            if not self._may_speak(self.package.read(sheet.part)):
                continue
            part = self.workbook.sheet_part(sheet)
            self._elsewhere_in(sheet, part)
            if part.is_changed:
                self.package.write(sheet.part, part.text())

    def _may_speak(self, data: bytes) -> bool:
        """False if no reference in a sheet can be to a moved row: without formulas in cells, only what follows the rows
        can hold one. It keeps half a million order lines from being taken apart for nothing."""
        end = data.rfind(b"sheetData>")
        if data.startswith(UTF16) or end < 0 or FORMULA.search(data, 0, end):
            return True
        after = html.unescape(data[end:].decode("utf-8", "replace"))
        return any(s in after for name in self.maps for s in (name, quoted(name)[1:-1]))

    def _elsewhere_in(self, sheet: Sheet, part: SheetPart) -> None:
        """Follows the references in a sheet whose own rows stay."""
        follower = self.follower(sheet.name)
        if follower.is_idle:
            return
        rows = without_shared(part.rows) if any(b't="shared"' in raw for raw in part.rows.values()) else part.rows
        changed = {}
        for number, raw in rows.items():
            if b"<f" not in raw:
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

    def drawings(self, changed: Callable[[str], SheetPart | None], tables: Mapping[str, str]) -> None:
        """Charts and pivot tables; `changed` gives the sheets whose cells changed, `tables` each table's sheet."""
        names = self.workbook.names
        follower = self.follower("")
        for part in self.package.names:
            kind = self.package.content_type(part)
            if kind.endswith((CHART, NEW_CHART)):
                before = self.package.read(part)
                if kind.endswith(CHART):
                    after = update_chart(before, follower, changed)
                else:
                    after = update_new_chart(
                        before, follower, changed, lambda text: follower.follow(names.get(text, text))
                    )
            elif kind.endswith("pivotCacheDefinition+xml"):
                before = self.package.read(part)
                after = update_pivot(before, lambda name: changed(tables.get(name, name)) is not None, self.maps.get)
            else:
                continue
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
