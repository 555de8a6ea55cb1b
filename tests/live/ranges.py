"""Ranges, tables, names and notes of the engine over a workbook in memory."""

from typing import TYPE_CHECKING, Any

import xlwings as xw
from xlwings import base_classes

from tests.excel_references import Range as Area
from tests.excel_references import box, ref_of
from tests.live.grid import Tab
from tests.live.moves import Memory

if TYPE_CHECKING:
    from tests.live.engine import Sheet


class Range(base_classes.Range):
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet: "Sheet", area: Area) -> None:
        self._sheet, self.area, self.memory, self.page = sheet, area, sheet.memory, sheet.page

    sheet = property(lambda self: self._sheet)
    api = property(lambda self: self)
    coords = property(lambda self: (self.page.name, self.row, self.column, *self.shape))
    row = property(lambda self: self.area[1])
    column = property(lambda self: self.area[0])
    shape = property(lambda self: (self.area[3] - self.area[1] + 1, self.area[2] - self.area[0] + 1))
    address = property(lambda self: ref_of(self.area))

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __bool__(self) -> bool:
        return True

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        c, r = self.column + column - 1, self.row + row - 1
        return Range(self._sheet, (c, r, c, r))

    @property
    def raw_value(self) -> Any:
        rows = self.memory.read(self.page, self.area)
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.memory.write(self.page, self.area, self._filled(data))

    @property
    def formula(self) -> Any:
        rows = self.memory.formula(self.page, self.area)
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, data: Any) -> None:
        self.memory.write(self.page, self.area, self._filled(data))

    formula2 = property(
        lambda self: self.formula,
        lambda self, data: self.memory.write(self.page, self.area, self._filled(data), as_arrays=True),
    )

    def _filled(self, data: Any) -> list[list[Any]]:
        return (
            [list(row) for row in data] if isinstance(data, list | tuple) else [[data] * self.shape[1]] * self.shape[0]
        )

    @property
    def number_format(self) -> str | None:
        self.memory.call("get")
        left, top, right, bottom = self.area
        found = {self.memory.number_format(self.page.styles.get((r, c), 0)) for r in range(top, bottom + 1) for c in range(left, right + 1)}  # fmt: skip
        return found.pop() if len(found) == 1 else None

    @property
    def merge_cells(self) -> bool:
        return any(meet(box(ref), self.area) for ref in self.page.areas.get("merge", []))

    has_array = False

    def clear_contents(self) -> None:
        self.memory.clear_contents(self.page, self.area)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        self.memory.insert(self.page, self.area, copy_origin == "format_from_left_or_above")

    def delete(self, shift: str | None = None) -> None:
        self.memory.delete(self.page, self.area)


class Noted(list):
    """The notes of a sheet."""

    def __init__(self, sheet: "Sheet") -> None:
        sheet.memory.call("get")
        super().__init__(Note(sheet, place) for place in {**sheet.page.notes, **sheet.page.threads})

    def __call__(self, key: int) -> "Note":
        return self[key - 1]


class Note(base_classes.Note):
    """A note, or what stands for a thread among the notes: to delete that leaves the thread."""

    def __init__(self, sheet: "Sheet", place: tuple[int, int]) -> None:
        self._sheet, self.place = sheet, place

    @property
    def location(self) -> Range:
        self._sheet.memory.call("get")
        row, column = self.place
        return Range(self._sheet, (column, row, column, row))

    def delete(self) -> None:
        self._sheet.memory.call("note")
        self._sheet.page.notes.pop(self.place, None)


class Names(base_classes.Names):
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def __len__(self) -> int:
        return len(self.memory.names)

    def __call__(self, key: Any) -> "Name":
        return Name(self.memory, key if isinstance(key, str) else list(self.memory.names)[key - 1])

    def snapshot(self) -> list[tuple[str, "Name"]]:
        return [(name, Name(self.memory, name)) for name in self.memory.names]

    def contains(self, key: str) -> bool:
        return key in self.memory.names

    def add(self, name: str, refers_to: str) -> "Name":
        self.memory.call("name")
        self.memory.names[name] = refers_to.removeprefix("=")
        return Name(self.memory, name)


class Name(base_classes.Name):
    def __init__(self, memory: Memory, name: str) -> None:
        self.memory, self._name = memory, name

    name = property(lambda self: self._name)

    @property
    def refers_to(self) -> str:
        self.memory.call("get")
        return "=" + self.memory.names[self._name]

    @refers_to.setter
    def refers_to(self, text: str) -> None:
        self.memory.call("name")
        self.memory.names[self._name] = text.removeprefix("=")


class Tables(base_classes.Tables):
    def __init__(self, sheet: "Sheet") -> None:
        sheet.memory.call("get")
        self.sheet, self.all = sheet, [Table(sheet, tab) for tab in sheet.page.tables.values()]

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self):
        return iter(self.all)

    def __call__(self, key: Any) -> "Table":
        return self.all[key - 1] if isinstance(key, int) else next(t for t in self.all if t.name == key)


class Table(base_classes.Table):
    def __init__(self, sheet: "Sheet", tab: Tab) -> None:
        self._sheet, self.tab, self.memory = sheet, tab, sheet.memory

    parent = property(lambda self: self._sheet)
    api = property(lambda self: self.tab)
    name = property(lambda self: self.tab.name)
    show_totals = property(lambda self: self.tab.totals > 0)
    show_headers = True
    autofilter = property(lambda self: AutoFilter(self.tab, self.memory))

    @property
    def range(self) -> Range:
        self.memory.call("get")
        return Range(self._sheet, self.tab.area)

    @property
    def rows(self) -> "Rows":
        return Rows(self)

    def resize(self, to: xw.Range) -> None:
        self.memory.resize(self.tab, to.impl.area)

    def sort(self, keys: list[int], ascending: list[bool]) -> None:
        assert (len(keys), ascending) == (1, [True])
        self.memory.sort(self.tab, keys[0])


class Rows(base_classes.TableRows):
    def __init__(self, table: Table) -> None:
        self.table = table

    def add(self, values: None, index: None) -> "Rows":
        self.table.memory.add_row(self.table.tab)
        return self


class AutoFilter(base_classes.AutoFilter):
    def __init__(self, tab: Tab, memory: Memory) -> None:
        self.tab, self.memory = tab, memory

    @property
    def criteria(self) -> list[dict[str, Any]]:
        self.memory.call("get")
        found = [base_classes.empty_autofilter_criteria(n + 1) for n in range(self.tab.area[2] - self.tab.area[0] + 1)]
        for field, values in self.tab.chosen.items():
            said = {"type": "unknown"} if values is None else {"type": "values", "values": values}
            found[field - 1] |= values if isinstance(values, dict) else said
        return found

    def clear(self, field: int | None) -> None:
        self.memory.call("filter")
        self.tab.chosen.clear()

    def apply_values(self, field: int, values: list[str]) -> None:
        """A list asks for blank cells by an equals sign, and is told without it: `base_classes.autofilter_criteria_snapshot`."""
        self.memory.call("filter")
        self.tab.chosen[field] = [value.removeprefix("=") for value in values if value]


def meet(a: Area, b: Area) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
