"""One empty form on a fresh sheet: its title lines, area, table and looks, with one blank row of data for `pour` to fill."""

from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

from crmbook.binding import list_name
from crmbook.drawing.frame import LINE_HEIGHT, Frame
from crmbook.drawing.page import across, set_page
from crmbook.feature import Feature, Place, write
from crmbook.features import Dropdown, Limits, Offered
from crmbook.form import Asks, Shows
from crmbook.layout import (
    AREA_ROW,
    Slot,
    arrange,
    chars,
    header_height,
    shown_widths,
    spans,
    start_height,
    width,
)
from crmbook.palette import TONES
from crmbook.plan import GONE
from crmbook.schema import Column
from crmbook.text import Text

ALL_SHOWN = Text("合计（筛选后）", "Total (filtered)")
MUST = Text("必填。", "Required.")
SIGN_BLANK = 13  # characters
GUARDED = {
    "date",
    "moment",
    "number",
    "money",
    "percent",
    "score",
}  # kinds whose cells say so when something else is typed
TOTAL_HEIGHT, BETWEEN = 20.0, 9.0  # points


@dataclass
class FormSheet(Frame):
    """One form with a table, being drawn. `sparklines`: groups of them, as XML."""

    sparklines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        columns = self.form.columns
        self.headers = [c.column.label[self.lang] for c in columns]
        self.widths = shown_widths(self.form, self.lang)
        self.paper = across(self.form, self.lang, self.widths)
        pages = self.paper.pixels(self.widths)
        self.page, self.repeated = pages[0][1], self.paper.repeated
        self.slots, rows = arrange(self.form.features, self.widths, pages, self.lang)
        self.area_row = 5 if self.form.sign_off else 4  # a narrow blank row above it
        row = self.area_row + (rows + 1 if rows else 0)
        self.total_row = row if any(isinstance(c, Shows) and c.total for c in columns) else 0
        row += 1 if self.total_row else 0
        self.band_row = row if any(c.band for c in columns) else 0
        self.header_row = row + (1 if self.band_row else 0)

    def draw(self) -> None:
        """Everything but the rows."""
        for at, column in enumerate(self.form.columns, 1):
            dimension = self.sheet.column_dimensions[get_column_letter(at)]
            dimension.width, dimension.hidden = width(column, self.lang), not self.widths[at - 1]
        self.sheet.row_dimensions[self.area_row - 1].height = BETWEEN
        self.head()
        self._sign_off()
        self._totals()
        self._bands()
        self._table()
        self._features()
        self._name()
        top = self.band_row or self.header_row
        rows = (top, self.header_row)
        set_page(self.sheet, self.form, self.widths, self.paper, self.lang, rows, area=bool(self.slots))

    def _sign_off(self) -> None:
        names = self.form.sign_off
        if not names:
            return
        self.sheet.row_dimensions[3].height = LINE_HEIGHT
        start = 1
        for name in names:
            rooms = [chars(name[self.lang]) + 2, SIGN_BLANK]
            label, line = spans(self.widths, rooms, start)
            if label[0] <= self.repeated < line[1]:  # further pages would show the name without its line
                label, line = spans(self.widths, rooms, self.repeated + 1)
            write(self.sheet, 3, label, "crm label", name[self.lang] + Text("：", ":")[self.lang])
            line = (line[0], max(line[0], min(line[1], self._last_within(self.page))))
            write(self.sheet, 3, line, "crm blank")
            start = line[1] + 1

    def _totals(self) -> None:
        if not self.total_row:
            return
        self.sheet.row_dimensions[self.total_row].height = TOTAL_HEIGHT
        first = next(at for at, c in enumerate(self.form.columns, 1) if isinstance(c, Shows) and c.total)
        for at, column in enumerate(self.form.columns, 1):
            cell = self.sheet.cell(self.total_row, at)
            summed = isinstance(column, Shows) and column.total
            cell.style = f"crm total {column.column.kind}" if summed else "crm total text"
            if summed:
                self.cells[f"total.{column.column.id}"] = cell.coordinate
        if first > 1:
            last = min(first - 1, self.repeated or first)  # a cell over two pages hangs over the edge of the first
            write(self.sheet, self.total_row, (1, last), "crm total text", ALL_SHOWN[self.lang])

    def _bands(self) -> None:
        """The header's upper line: neighbours with the same band share a cell."""
        if not self.band_row:
            return
        columns, start = self.form.columns, 0
        while start < len(columns):
            end, band = start, columns[start].band
            while band and end + 1 < len(columns) and columns[end + 1].band == band:
                end += 1
            yours = all(isinstance(c, Asks) for c in columns[start : end + 1])
            words = band[self.lang] if band else None
            write(self.sheet, self.band_row, (start + 1, end + 1), "crm band yours" if yours else "crm band", words)
            start = end + 1
        self.sheet.row_dimensions[self.band_row].height = LINE_HEIGHT

    def _table(self) -> None:
        first, last = self.header_row + 1, get_column_letter(len(self.widths))
        self.sheet.row_dimensions[first].height = start_height(self.form)
        self.sheet.row_dimensions[self.header_row].height = header_height(self.headers, self.widths)
        for at, (column, header) in enumerate(zip(self.form.columns, self.headers, strict=True), 1):
            yours = " yours" if isinstance(column, Asks) else ""
            cell = self.sheet.cell(self.header_row, at, header)
            cell.style = f"crm header{yours}"
            self.sheet.cell(first, at).style = (
                "crm no" if column.column.id == "no" else f"crm {column.column.kind}{yours}"
            )
            if (
                yours
            ):  # what is typed below the table, where no program grows it, is read as the column's kind all the same
                self.sheet.column_dimensions[get_column_letter(at)].number_format = self.sheet.cell(
                    first, at
                ).number_format
        table: Any = Table(displayName=self.form.table, name=self.form.table, ref=f"A{self.header_row}:{last}{first}")
        table._initialise_columns()  # noqa: SLF001  (or it makes up its own names on saving)
        for column, header in zip(table.tableColumns, self.headers, strict=True):
            column.name = header
        self.sheet.add_table(table)

    def _features(self) -> None:
        self._grey_the_gone()
        for asked in self.form.asks:
            c = asked.column
            prompt = _prompt(c)
            if c.choices:
                self._feature(Dropdown(c.id, c.choices, c.open, prompt))
            elif asked.offers in self.around.lists:
                self._feature(Offered(c.id, asked.offers, *self.around.lists[asked.offers], prompt))
            elif c.kind in GUARDED or prompt:
                self._feature(Limits(c.id, c.kind, c.low, c.high, prompt))
        for slot in self.slots:
            self._feature(slot.feature, slot)
        for feature in self.form.features:
            if not feature.height:
                self._feature(feature)
        percents = [isinstance(c, Shows) and c.column.kind == "percent" and not c.hidden for c in self.form.columns]
        self.unsign(f"{get_column_letter(at)}{self.header_row + 1}" for at, is_one in enumerate(percents, 1) if is_one)

    def _feature(self, feature: Feature, slot: Slot | None = None) -> None:
        ids = [c.column.id for c in self.form.columns]
        columns = {id: at for at, id in enumerate(ids, 1)}
        headers = dict(zip(ids, self.headers, strict=True))
        where = Place(
            self.form.id,
            self.sheet.title,
            self.lang,
            columns,
            self.header_row,
            self.area_row,
            headers,
            cells=self.cells,
            around=self.around,
            sparklines=self.sparklines,
        )
        if slot is None:
            feature.draw(self.sheet, where)
            return
        top = self.area_row + slot.down
        for row in range(top, top + feature.height):
            self.sheet.row_dimensions[row].height = AREA_ROW
        feature.draw(self.sheet, replace(where, area_row=top, spans=slot.spans, edges=slot.edges))

    def _grey_the_gone(self) -> None:
        """Rows whose key has no data any more, kept because somebody typed on them."""
        if self.form.rows is None or self.form.columns[0].column.id != "no":
            return
        first, last = self.header_row + 1, get_column_letter(len(self.widths))
        look = DifferentialStyle(font=Font(color=TONES["muted"][1], i=True))
        rule = Rule("expression", dxf=look, formula=[f'$A{first}="{GONE}"'], stopIfTrue=True)
        self.sheet.conditional_formatting.add(f"A{first}:{last}{first}", rule)

    def _name(self) -> None:
        """Names for the header cells, and for the columns whose values dropdowns offer."""
        first = self.header_row + 1
        for at, column in enumerate(self.form.columns, 1):
            letter, listed = get_column_letter(at), f"{self.form.id}.{column.column.id}"
            self.cells[column.column.id] = f"{letter}{self.header_row}"
            if listed in self.around.lists:
                self.name(list_name(listed), f"{letter}{first}:{letter}{first}")
        self.bind()


def _prompt(column: Column) -> Text | None:
    """What to know before one types into a column."""
    if not column.required:
        return column.help
    return Text.join([MUST, column.help], "", " ") if column.help else MUST
