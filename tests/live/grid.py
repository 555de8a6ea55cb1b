"""A workbook in memory with Excel's habits, as far as they are known: each names where it is reported. It calculates nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.styles.numbers import is_date_format

from tests.excel_references import Range
from tests.live.typed import entered

EPOCH = datetime(1899, 12, 30)
DAYS = 2_958_466  # to the end of the year 9999
NEW_ERRORS = {"#SPILL!": 2045, "#FIELD!": 2049, "#CALC!": 2050}  # Microsoft's reference, `XlCVError`
ROWS, COLUMNS, LONGEST = 1_048_576, 16_384, 32_767
LONGEST_TOLD = 8_221  # characters
Place = tuple[int, int]  # row, column


class ComError(Exception):
    """What pywin32 raises: a number, and the reason in the details."""

    def __init__(self, said: str, hresult: int = -2147352567) -> None:
        super().__init__(hresult, said, None, None)
        self.hresult, self.excepinfo = hresult, None


@dataclass
class Tab:
    """A table: its cells (header and totals included), and by column the formula that new rows get."""

    name: str
    sheet: "Page"
    area: Range
    totals: int = 0
    formulas: dict[int, str] = field(default_factory=dict)
    chosen: dict[int, list[str] | None] = field(
        default_factory=dict
    )  # field → values; None: a filter xlwings cannot say
    sorted_by: int | None = None

    @property
    def rows(self) -> range:
        return range(self.area[1] + 1, self.area[3] + 1 - self.totals)


@dataclass
class Page:
    """A worksheet: what stands on each cell, and the areas that formats, validations, charts and merges cover."""

    name: str
    values: dict[Place, Any] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    styles: dict[Place, int] = field(default_factory=dict)
    notes: dict[Place, str] = field(default_factory=dict)
    threads: dict[Place, str] = field(default_factory=dict)  # comments that are answered to
    arrays: dict[Place, bool] = field(default_factory=dict)  # formulas that take a range for all its cells
    links: dict[Place, str] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)  # rows, by hand
    areas: dict[str, list[str]] = field(default_factory=dict)  # kind → sqrefs
    tables: dict[str, Tab] = field(default_factory=dict)
    state: str = "visible"
    is_protected: bool = False

    @property
    def by_cell(self) -> tuple[dict[Place, Any], ...]:
        """All that stands on cells and goes with them when they move."""
        return self.values, self.formulas, self.styles, self.notes, self.threads, self.arrays, self.links


class Grid:
    """The open workbook. `calls` counts what is asked of the program; `busy` calls in a row are refused; from call number
    `breaks_at` on every one fails."""

    def __init__(self, name: str, pages: list[Page], number_format: Callable[[int], str]) -> None:
        self.name, self.fullname, self.pages = name, name, {page.name: page for page in pages}
        self.names: dict[str, str] = {}
        self.charts: dict[str, str] = {}  # where it stands → the reference
        self.number_format = number_format
        self.calls: Counter[str] = Counter()
        self.busy, self.breaks_at, self.is_read_only, self.is_1904 = 0, None, False, False
        self.copied = False  # the user copied or cut cells, which run about
        self.fills = True  # Microsoft's reference, `AutoCorrect.AutoFillFormulasInLists`
        self.calculated: Callable[[Grid], None] = lambda grid: None

    def call(self, kind: str) -> None:
        """One call into the program. A cell is being edited: xlwings/xlwings/issues/824, /965, /1837."""
        if self.busy:
            self.busy -= 1
            raise ComError("Call was rejected by callee.", -2147418111)
        self.calls[kind] += 1
        if self.breaks_at is not None and self.calls.total() >= self.breaks_at:
            raise ComError("Unspecified error")

    @property
    def changes(self) -> int:
        """The calls that change the workbook: after none it is not marked as changed."""
        return sum(n for kind, n in self.calls.items() if kind not in {"read", "get", "state", "calculate"})

    # What stands in cells

    def read(self, page: Page, area: Range) -> list[list[Any]]:
        """Numbers come as float, days as datetime, what is formatted as money as Decimal with four digits: xlwings' docs,
        "Converters". Errors come as integers, of which xlwings knows the seven old ones: `_xlwindows.cell_errors`."""
        self.call("read")
        return [[self._shown(page, (r, c)) for c in range(area[0], area[2] + 1)] for r in range(area[1], area[3] + 1)]

    def _shown(self, page: Page, place: Place) -> Any:
        value = page.values.get(place)
        if value in NEW_ERRORS and place in page.formulas:
            return NEW_ERRORS[value] - 0x7FF60000
        if isinstance(value, float):
            said = self.number_format(page.styles.get(place, 0))
            if is_date_format(said) and 0 <= value < DAYS:  # what is no day is a number, and shows as #####
                return EPOCH + timedelta(days=value)
            if "¥" in said:
                return Decimal(str(round(value, 4)))
        return value

    def formula(self, page: Page, area: Range) -> list[list[Any]]:
        """A constant is told like a formula: what is typed. A longer text is told of by an error: xlwings/xlwings/issues/887."""
        self.call("read")
        rows = range(area[1], area[3] + 1)
        columns = range(area[0], area[2] + 1)
        told = [
            ["=" + page.formulas[r, c] if (r, c) in page.formulas else page.values.get((r, c), "") for c in columns]
            for r in rows
        ]
        if any(isinstance(cell, str) and len(cell) > LONGEST_TOLD for row in told for cell in row):
            raise ComError("Unspecified error")
        return told

    def write(self, page: Page, area: Range, rows: list[list[Any]], *, as_arrays: bool = False) -> None:
        """Each cell as if typed; only `as_arrays` a formula takes a range for all its cells: Microsoft's reference,
        "Range.Formula vs Range.Formula2"."""
        self.call("write")
        self.refuse_if_protected(page)
        left, top, right, bottom = area
        assert len(rows) == bottom - top + 1, "as many rows as the range has"
        assert all(len(row) == right - left + 1 for row in rows), "as many columns as the range has"
        # What is written over rows that a filter hides lands in others: xlwings/xlwings/issues/679, /747, /1483, /2619.
        hidden = {row for tab in page.tables.values() for row in self.filtered(tab)}
        assert top == bottom or not hidden.intersection(range(top, bottom + 1)), "written over filtered rows"
        for r, row in enumerate(rows, top):
            for c, value in enumerate(row, left):
                self._enter(page, (r, c), value)
                if as_arrays and (r, c) in page.formulas:
                    page.arrays[r, c] = True
        self.copied = False
        if self.fills and any(isinstance(v, str) and v.startswith("=") for row in rows for v in row):
            self._fill_columns(page, area)

    def _enter(self, page: Page, place: Place, value: Any) -> None:
        if type(value) not in {str, bool, int, float, datetime, type(None)}:  # xlwings/xlwings/issues/1794, /19
            raise TypeError(f"COM cannot carry {type(value).__name__}")
        for kept in (page.values, page.formulas, page.arrays):
            kept.pop(place, None)
        if value is None or value == "":
            return
        if isinstance(value, str):
            if len(value) > LONGEST:
                raise ComError("longer than a cell holds")
            if self.number_format(page.styles.get(place, 0)) == "@":
                page.values[place] = value
            elif value.startswith("="):
                page.formulas[place] = value[1:]
            else:  # xlwings/xlwings/issues/36, /436, /1269, /1635, /1922
                page.values[place] = value[1:] if value.startswith("'") else entered(value)
        elif isinstance(value, datetime):
            page.values[place] = (value - EPOCH) / timedelta(days=1)
        else:
            page.values[place] = value if isinstance(value, bool) else float(value)

    def _fill_columns(self, page: Page, area: Range) -> None:
        """A formula entered into a column that is otherwise empty fills it; one that stands in all its rows is what new rows
        get: xlwings/xlwings/issues/2113, /2383."""
        for tab in page.tables.values():
            for c in range(max(area[0], tab.area[0]), min(area[2], tab.area[2]) + 1):
                mine = {page.formulas[r, c] for r in tab.rows if area[1] <= r <= area[3] and (r, c) in page.formulas}
                rest = [r for r in tab.rows if not area[1] <= r <= area[3]]
                if len(mine) != 1 or not area[1] <= tab.rows[-1] or area[3] < tab.rows[0]:
                    continue
                said = next(iter(mine))
                if not any((r, c) in page.values or (r, c) in page.formulas for r in rest):
                    page.formulas.update({(r, c): said for r in rest})
                if all(page.formulas.get((r, c)) == said for r in tab.rows):
                    tab.formulas[c - tab.area[0]] = said

    def clear_contents(self, page: Page, area: Range) -> None:
        self.call("clear")
        self.refuse_if_protected(page)
        for place in list(inside(area, {**page.values, **page.formulas})):
            page.values.pop(place, None)
            page.formulas.pop(place, None)

    def refuse_if_protected(self, page: Page) -> None:
        """xlwings/xlwings/issues/175, /1845."""
        if page.is_protected:
            raise ComError("The cell or chart you're trying to change is on a protected sheet.")

    def filtered(self, tab: Tab) -> set[int]:
        """The rows that the table's filter hides."""
        found = set()
        for field_, values in tab.chosen.items():
            column = tab.area[0] + field_ - 1
            found |= {r for r in tab.rows if values is None or str(tab.sheet.values.get((r, column), "")) not in values}
        return found


def inside(area: Range, places: dict[Place, Any]) -> Iterator[Place]:
    return (p for p in places if area[1] <= p[0] <= area[3] and area[0] <= p[1] <= area[2])
