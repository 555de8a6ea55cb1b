"""What every sheet has, whatever stands on it: a title, a line with period and unit, a link to the first page, names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from crmbook.binding import name_of
from crmbook.feature import HOME, Around, link, numbered, top_of, write
from crmbook.form import Form
from crmbook.layout import PIXELS, chars, spans
from crmbook.text import Lang, Text

OURS = Text("白色：由本表计算", "White: computed")
YOURS = Text("浅黄：由您填写", "Yellow: yours to fill in")
BACK = "← {home}"
LINE_ROOM = {"period": 66, "unit": 10, "as_of": 20, "legend": 17}  # characters
TITLE_HEIGHT, LINE_HEIGHT, TWO_LINES = 36.0, 20.0, 28.0  # points
SCREEN = 1200  # pixels from the left that a laptop shows of a sheet
WIDEST_LINK = 26  # characters
# What a figure shows above nothing, where its format says something else of what is below.
FIGURE = re.compile(r"([#,]*0(?:\.0+)?%?(?:_ )?);")


@dataclass
class Frame:
    """One sheet being drawn; `widths` of its columns, `page`, the pixels of the first printed page, and how many columns
    are `repeated` on further ones come with what it holds."""

    book: Any
    form: Form
    lang: Lang
    around: Around = field(default_factory=Around)

    def __post_init__(self) -> None:
        self.sheet: Any = self.book.create_sheet(self.form.title[self.lang])
        self.cells: dict[str, str] = {}
        self.around.cells[self.form.id] = self.cells
        self.widths: list[float] = []
        self.page, self.repeated = 0, 0

    def head(self) -> None:
        """The title and the line below it."""
        self._title()
        self._line()

    def _title(self) -> None:
        title, purpose, last = self.form.title[self.lang], self.form.purpose[self.lang], len(self.widths)
        self.sheet.row_dimensions[1].height = TITLE_HEIGHT
        for column in range(1, last + 1):
            write(self.sheet, 1, (column, column), "crm title")
        self.sheet.cell(1, 1).value = title
        start = max(spans(self.widths, [chars(title) * 1.9 + 4])[0][1], self.repeated) + 1
        end = self._back(start, self._last_within(self.page))
        if start <= end and 2 * sum(self.widths[start - 1 : end]) > chars(purpose):
            write(self.sheet, 1, (start, end), "crm subtitle", purpose)

    def _last_within(self, pixels: float) -> int:
        """The last column that ends within so many pixels; 0 if not even the first does."""
        ends = (at for at in range(1, len(self.widths) + 1) if sum(self.widths[:at]) <= pixels / PIXELS + 1)
        return max(ends, default=0)

    def _back(self, start: int, end: int) -> int:
        """The link to the first page in columns from `start` to `end`, as far right as a screen shows; answers with the
        last column before it."""
        home = self.around.home
        if home is None or self.form.id == HOME:
            return end
        words = BACK.format(home=home.title[self.lang])
        right = max(min(end, self._last_within(SCREEN)), start)
        slim = [at for at in range(start + 1, right + 1) if self.widths[at - 1] <= WIDEST_LINK]
        right = slim[-1] if slim else right
        left = right
        while left > start and sum(self.widths[left - 1 : right]) < chars(words) + 2:
            left -= 1
        if right > len(self.widths):
            return end
        address = write(self.sheet, 1, (left, right), "crm title link", words)
        link(self.sheet, address, HOME, home.purpose[self.lang])
        return left - 1

    def _line(self) -> None:
        """Period and unit, unless it is the data itself, and what the grounds of its cells mean."""
        self.sheet.row_dimensions[2].height = LINE_HEIGHT
        legends: list[tuple[str, Text]] = []
        if self.form.shows:
            legends.append(("crm legend", OURS))
        if self.form.asks or any(f.asks for f in self.form.parts):
            legends.append(("crm legend yours", YOURS))
        names = [] if self.form.is_entry else ["period", "unit", *(["as_of"] if self.form.page else [])]
        rooms = [LINE_ROOM[name] for name in names]
        rooms += [LINE_ROOM["legend"]] * len(legends)
        if names and self.repeated:  # the period within what every page has, on two lines
            self.sheet.row_dimensions[2].height = TWO_LINES
            start = self.repeated + 1
            places = [(1, self.repeated), *spans(self.widths, rooms[1:], start)]
        else:
            places = spans(self.widths, rooms)
        for name, place in zip(names, places[: len(names)], strict=True):
            self.cells[name] = write(self.sheet, 2, place, "crm line")
        for (style, words), place in zip(legends, places[len(names) :], strict=True):
            write(self.sheet, 2, place, style, words[self.lang])

    def bind(self) -> None:
        """Hidden names on header cells and on the cells that are written by name: they follow whatever the user moves."""
        self.name(top_of(self.form.id), "A1")
        for name, address in self.cells.items():
            self.name(name_of(self.form.id, name), address)
        self.unsign(self.cells.values())

    def unsign(self, addresses: Iterable[str]) -> None:
        """Figures that round to nothing show no sign and are not red: -0.0% reads as a fall."""
        cells = map(self.sheet.__getitem__, addresses)
        signed = sorted((cell.column, m[1], cell.row) for cell in cells if (m := FIGURE.match(cell.number_format)))
        for (column, shown, _), run in groupby(enumerate(signed), lambda at: (*at[1][:2], at[1][2] - at[0])):
            rows = [row for _, (_, _, row) in run]  # one below the other
            first = f"{get_column_letter(column)}{rows[0]}"
            least = 0.5 / 10 ** (shown.partition(".")[2].count("0") + 2 * shown.count("%"))
            rule = Rule("expression", dxf=numbered(f"{shown};{shown}"), formula=[f"AND({first}<0,{first}>-{least:g})"])
            self.sheet.conditional_formatting.add(f"{first}:{get_column_letter(column)}{rows[-1]}", rule)

    def name(self, name: str, area: str) -> None:
        """A hidden name for cells of this sheet."""
        place = f"{quote_sheetname(self.sheet.title)}!{absolute_coordinate(area)}"
        self.book.defined_names[name] = DefinedName(name, attr_text=place, hidden=True)
