"""One page on a fresh sheet: bands of features from the top, side by side over equal columns, and no table."""

from typing import Any

from openpyxl.utils import get_column_letter

from crmbook.drawing.frame import Frame
from crmbook.drawing.page import Orientation, set_one_page
from crmbook.feature import Feature, Place
from crmbook.form import PAGE_COLUMNS, Band
from crmbook.layout import EMU, FRAME, PIXELS, shares

COLUMN: dict[Orientation, float] = {"portrait": 5.0, "landscape": 7.2}  # characters: A4 takes 24 of them at 85 %
FIRST_ROW, ROW, BETWEEN = 4, 17.0, 8.0  # points


class PageSheet(Frame):
    """One page being drawn: portrait where the user picks whom it is about, as such a page is filed; otherwise landscape."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.orientation: Orientation = "portrait" if any(f.asks for f in self.form.parts) else "landscape"
        self.widths = [COLUMN[self.orientation]] * PAGE_COLUMNS
        self.page = round(sum(self.widths) * PIXELS)
        self.floating: list[tuple[Feature, Place]] = []  # drawn last: a chart's figures may stand below it

    def draw(self) -> None:
        """Everything but the values and formulas of its cells."""
        for at, wide in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(at)].width = wide
        self.head()
        self.sheet.row_dimensions[FIRST_ROW - 1].height = BETWEEN
        row = last = FIRST_ROW
        for band in self.form.page:
            rows = self._band(band, row)
            last = row + rows - 1 if any(feature.on_paper for feature, _ in band) else last
            row += rows + 1
            self.sheet.row_dimensions[row - 1].height = BETWEEN
        for feature, place in self.floating:
            feature.draw(self.sheet, place)
        self.bind()
        area = f"A1:{get_column_letter(PAGE_COLUMNS)}{last}"
        set_one_page(self.sheet, self.form, self.lang, self.orientation, area)

    def _band(self, band: Band, top: int) -> int:
        """Draws one band; answers with its rows. Columns that no feature takes part them, from the right."""
        rows = max(feature.rows(self.around, self.form.id) for feature, _ in band)
        for row in range(top, top + rows):
            self.sheet.row_dimensions[row].height = ROW
        spare = PAGE_COLUMNS - sum(columns for _, columns in band)
        first = 1
        for at, (feature, columns) in enumerate(band):
            place = self._place(feature, top, first, columns)
            if feature.across(self.lang):
                feature.draw(self.sheet, place)
            else:
                self.floating.append((feature, place))
            first += columns + (spare >= len(band) - 1 - at)
        return rows

    def _place(self, feature: Feature, top: int, first: int, columns: int) -> Place:
        across: Any = feature.across(self.lang)
        last = first + columns - 1
        return Place(
            self.form.id,
            self.sheet.title,
            self.lang,
            {},
            0,
            top,
            {},
            spans=shares(first, columns, across),
            edges=((first, 0), (last, round(self.widths[last - 1] * PIXELS - FRAME) * EMU)),
            cells=self.cells,
            around=self.around,
        )
