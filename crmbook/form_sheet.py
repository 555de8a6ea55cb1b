"""One empty form on a fresh sheet: its title lines, area, table and looks, with one blank row of data for `pour` to fill."""

from dataclasses import dataclass, replace
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from crmbook.feature import Feature, Place
from crmbook.features import Dropdown, Limits
from crmbook.form import Asks, Form, Shows
from crmbook.layout import AREA_ROW, PIXELS, Slot, arrange, chars, header_height, spans, start_height, width
from crmbook.page import first_page, set_page
from crmbook.palette import TONES
from crmbook.plan import GONE
from crmbook.text import Lang, Text

OURS = Text("白色：由本表计算", "White: computed")
YOURS = Text("浅黄：由您填写", "Yellow: yours to fill in")
ALL_SHOWN = Text("合计（筛选后）", "Total (filtered)")
LINE_ROOM = {"period": 66, "unit": 11, "legend": 17}  # characters
SIGN_BLANK = 13  # characters
GUARDED = {"date", "number", "money", "percent", "score"}  # kinds whose cells say so when something else is typed
TITLE_HEIGHT, LINE_HEIGHT, TOTAL_HEIGHT, BETWEEN = 36.0, 20.0, 20.0, 9.0  # points


@dataclass
class FormSheet:
    """One form being drawn."""

    book: Any
    form: Form
    lang: Lang

    def __post_init__(self) -> None:
        lang, columns = self.lang, self.form.columns
        self.sheet: Any = self.book.create_sheet(self.form.title[lang])
        self.headers = [c.column.label[lang] for c in columns]
        self.widths = [width(c, lang) for c in columns]
        self.cells: dict[str, str] = {}
        self.slots, rows = arrange(self.form.features, self.widths, first_page(self.form, self.widths), lang)
        self.area_row = 5 if self.form.sign_off else 4  # a narrow blank row above it
        row = self.area_row + (rows + 1 if rows else 0)
        self.total_row = row if any(isinstance(c, Shows) and c.total for c in columns) else 0
        row += 1 if self.total_row else 0
        self.band_row = row if any(c.band for c in columns) else 0
        self.header_row = row + (1 if self.band_row else 0)

    def draw(self) -> None:
        """Everything but the rows."""
        for at, wide in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(at)].width = wide
        self.sheet.row_dimensions[self.area_row - 1].height = BETWEEN
        self._title()
        self._line()
        self._sign_off()
        self._totals()
        self._bands()
        self._table()
        self._features()
        self._bind()
        top = self.band_row or self.header_row
        set_page(self.sheet, self.form, self.lang, self.widths, (top, self.header_row), area=bool(self.slots))

    def _write(self, row: int, first: int, last: int, style: str, value: str | None = None) -> str:
        """One cell across columns; answers with its address."""
        for column in range(first, last + 1):
            self.sheet.cell(row, column).style = style
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        self.sheet.cell(row, first).value = value
        return f"{get_column_letter(first)}{row}"

    def _title(self) -> None:
        title, purpose, last = self.form.title[self.lang], self.form.purpose[self.lang], len(self.widths)
        self.sheet.row_dimensions[1].height = TITLE_HEIGHT
        for column in range(1, last + 1):
            self.sheet.cell(1, column).style = "crm title"
        self.sheet.cell(1, 1).value = title
        start = spans(self.widths, [chars(title) * 1.9 + 4])[0][1] + 1
        page = first_page(self.form, self.widths) / PIXELS
        end = max((at for at in range(start, last + 1) if sum(self.widths[:at]) <= page + 1), default=0)
        if end and 2 * sum(self.widths[start - 1 : end]) > chars(purpose):
            self._write(1, start, end, "crm subtitle", purpose)

    def _line(self) -> None:
        """Period, unit and legend of a report; the legend of an entry form."""
        self.sheet.row_dimensions[2].height = LINE_HEIGHT
        legends = []
        if self.form.shows:
            legends.append(("crm legend", OURS[self.lang]))
        if self.form.asks:
            legends.append(("crm legend yours", YOURS[self.lang]))
        if self.form.rows is None:
            places = spans(self.widths, [LINE_ROOM["legend"]] * len(legends))
        else:
            period, unit, *places = spans(
                self.widths, [LINE_ROOM["period"], LINE_ROOM["unit"], *[LINE_ROOM["legend"]] * len(legends)]
            )
            self.cells["period"] = self._write(2, *period, "crm line")
            self.cells["unit"] = self._write(2, *unit, "crm line")
        for (style, words), place in zip(legends, places, strict=True):
            self._write(2, *place, style, words)

    def _sign_off(self) -> None:
        names = self.form.sign_off
        if not names:
            return
        self.sheet.row_dimensions[3].height = LINE_HEIGHT
        places = spans(self.widths, [room for name in names for room in (chars(name[self.lang]) + 2, SIGN_BLANK)])
        for at, name in enumerate(names):
            self._write(3, *places[2 * at], "crm label", name[self.lang] + Text("：", ":")[self.lang])
            self._write(3, *places[2 * at + 1], "crm blank")

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
            self._write(self.total_row, 1, first - 1, "crm total text", ALL_SHOWN[self.lang])

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
            self._write(self.band_row, start + 1, end + 1, "crm band yours" if yours else "crm band", words)
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
            if c.choices:
                self._feature(Dropdown(c.id, c.choices, c.open, c.help))
            elif c.kind in GUARDED or c.help:
                self._feature(Limits(c.id, c.kind, c.low, c.high, c.help))
        for slot in self.slots:
            self._feature(slot.feature, slot)
        for feature in self.form.features:
            if not feature.height:
                self._feature(feature)

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

    def _bind(self) -> None:
        """Hidden names on header cells and on the cells above the table: they follow whatever the user moves."""
        for at, column in enumerate(self.form.columns, 1):
            self.cells[column.column.id] = f"{get_column_letter(at)}{self.header_row}"
        for name, address in self.cells.items():
            bound = f"_crm.{self.form.id}.{name}"
            where = f"{quote_sheetname(self.sheet.title)}!{absolute_coordinate(address)}"
            self.book.defined_names[bound] = DefinedName(bound, attr_text=where, hidden=True)
