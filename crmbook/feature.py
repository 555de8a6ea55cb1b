"""What an Excel feature is: something a sheet can have (dropdown, chart …), knowing nothing about customers.

`draw` runs once, on the fresh sheet, while openpyxl holds the workbook. From then on the feature lives in the file and
a refresh keeps it over the rows (ranges that covered the column keep covering it, charts' caches are renewed).
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from weakref import WeakKeyDictionary
from zlib import crc32

from crmbook.binding import list_name, name_of
from crmbook.ooxml.refs import letters
from crmbook.palette import TONES, Tone
from crmbook.text import Lang, Text

NOT_LISTED = Text("不在列表中", "Not in the list")
UNLISTED = Text("“{form}”表的“{column}”列中没有它。请核对是否写错；仍要保留吗？", "It is not in the column “{column}” of the sheet “{form}”. Please check it. Keep it all the same?")  # fmt: skip

THIS_ROW = re.compile(r"\[@(\w+)\]")
HOME = "dashboard"  # the form to which every other sheet has a link
Edge = tuple[int, int]  # a column (1 = A) and a distance into it, in EMU (914,400 to the inch)
Span = tuple[int, int]  # first and last column, 1 = A
# Of each workbook being drawn: how a cell of a style looks by itself, and at the top, bottom, left and right edge of a merged
# one. openpyxl finds that out by adding borders to borders, which for thousands of cells alike takes most of the drawing.
LOOKS: "WeakKeyDictionary[Any, dict[tuple[str, bool, bool, bool, bool], Any]]" = WeakKeyDictionary()
OWN_FORMATS, MANY_FORMATS = 200, 1000  # a file's own number formats start at 164, and openpyxl counts up from there
Group = Literal["analysis", "follow_up", "data", "system"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the book's sheets, as another one points at it."""

    form: str
    title: Text
    purpose: Text
    group: Group


@dataclass(frozen=True, slots=True)
class Around:
    """What a sheet knows of the others: all sheets of the book in their order; and the columns whose values dropdowns
    offer, `form.column` → the titles of that form and of the column; and by form the bound cells drawn so far."""

    sheets: Sequence[Sheet] = ()
    lists: Mapping[str, tuple[Text, Text]] = field(default_factory=dict)
    cells: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def title(self, form: str) -> Text:
        return next(s.title for s in self.sheets if s.form == form)

    @property
    def home(self) -> Sheet | None:
        return next((s for s in self.sheets if s.form == HOME), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form's table lies on its fresh sheet, which has one row of data, and where in the area a feature goes.

    `spans`: first and last column of each cell a feature asked for in `across`. `edges`: left and right of a floating
    one. `cells`: the bound cells, name → address; a feature that draws cells adds its own. `sparklines`: groups of them
    as XML, which openpyxl cannot write; a feature that draws some adds its own.
    """

    form: str
    sheet: str
    lang: Lang
    columns: Mapping[str, int]  # column id → column number, 1 = A
    header_row: int
    area_row: int  # first row of this feature's part of the area above the table
    headers: Mapping[str, str]  # column id → header text
    spans: Sequence[Span] = ()
    edges: tuple[Edge, Edge] = ((1, 0), (1, 0))
    cells: dict[str, str] = field(default_factory=dict)
    around: Around = Around()
    sparklines: list[str] = field(default_factory=list)

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    def first_cell(self, column: str) -> str:
        """The address of the column's first cell of data; what is drawn over it is kept over the whole column."""
        return f"{letters(self.columns[column])}{self.first_row}"

    def plain(self, condition: str) -> str:
        """A condition in column ids for a conditional format, which knows no table columns: `[@id]` → `$F7`."""
        return THIS_ROW.sub(lambda found: f"${letters(self.columns[found[1]])}{self.first_row}", condition)


class Feature:
    """Base of all features."""

    @property
    def asks(self) -> tuple[str, ...]:
        """The names of those of its bound cells that are the user's: a refresh reads them and leaves them alone."""
        return ()

    @property
    def on_paper(self) -> bool:
        """True if it is printed where it stands on a page."""
        return True

    @property
    def height(self) -> int:
        """How many rows of the area above the table it wants; 0 for what lives in the table itself."""
        return 0

    def rows(self, around: Around, form: str) -> int:
        """How many rows it takes on that form's page."""
        return self.height

    def across(self, lang: Lang) -> tuple[int, ...]:
        """How many characters each of its cells in the area needs, side by side; none for one that floats."""
        return ()

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        """The formula of each bound cell it draws, in column ids, by the cell's name."""
        return {}

    def draw(self, sheet: Any, place: Place) -> None:
        """Add itself to the openpyxl worksheet."""


def write(sheet: Any, row: int, span: Span, style: str, value: str | None = None, *, rows: int = 1) -> str:
    """One cell over the columns of the span, and over so many rows from `row` down; answers with its address."""
    from openpyxl.worksheet.cell_range import CellRange

    (first, last), bottom = span, row + rows - 1
    cells = {
        (at, column): (style, at == row, at == bottom, column == first, column == last)
        for column in range(first, last + 1)
        for at in range(row, bottom + 1)
    }
    looks = LOOKS.setdefault(sheet.parent, {})
    if looks.keys() >= set(cells.values()):
        for place, edges in cells.items():
            sheet.cell(*place)._style = copy(looks[edges])  # noqa: SLF001  (openpyxl's own way to copy a style)
        if len(cells) > 1:
            sheet.merged_cells.ranges.add(CellRange(None, first, row, last, bottom))
    else:
        sheet.cell(row, first).style = sheet.cell(bottom, last).style = style
        if len(cells) > 1:
            sheet.merge_cells(None, row, first, bottom, last)
        looks |= {edges: copy(sheet.cell(*place)._style) for place, edges in cells.items()}  # noqa: SLF001  (as above)
    if value is not None:
        sheet.cell(row, first).value = value
    return f"{letters(first)}{row}"


@cache
def toned(tone: Tone, *, bold: bool = False) -> Any:
    """The look of a cell in a tone, for conditional formats."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    ground, ink = TONES[tone]
    return DifferentialStyle(font=Font(color=ink, b=bold or None), fill=PatternFill(bgColor=ground))


def numbered(code: str) -> Any:
    """The look of a cell whose number has this format, for conditional formats."""
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat

    own = OWN_FORMATS + crc32(code.encode()) % MANY_FORMATS  # one number for one format
    return DifferentialStyle(numFmt=NumberFormat(numFmtId=own, formatCode=code))


def link(sheet: Any, address: str, form: str, tip: str) -> None:
    """Makes a cell open another form's sheet: by its hidden name, which stays right when the sheet is renamed or rows
    are inserted."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet[address].hyperlink = Hyperlink(ref=address, location=top_of(form), tooltip=tip)


def offer(sheet: Any, address: str, lang: Lang, offers: str, titles: tuple[Text, Text], prompt: tuple[str, Text] | None) -> None:  # fmt: skip
    """The cell drops down what stands in `offers` (`form.column`, of these titles); anything else is warned of and may stay:
    an order may be pasted before its customer is entered, and the sheet of problems reports it all the same."""
    from openpyxl.worksheet.datavalidation import DataValidation

    form, column = titles
    validation = DataValidation(
        "list",
        formula1=list_name(offers),
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle=NOT_LISTED[lang],
        error=UNLISTED.fill(form=form, column=column)[lang][:255],
        showInputMessage=prompt is not None,
        promptTitle=prompt[0][:32] if prompt else None,
        prompt=prompt[1][lang][:255] if prompt else None,
    )
    validation.add(address)
    sheet.add_data_validation(validation)


def top_of(form: str) -> str:
    """The hidden name of the first cell of a form's sheet."""
    return name_of(form, "top")
