"""How a sheet stands on paper and on the screen: A4 across, header rows on every page, what stays while one scrolls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from crmbook.feature import Span
from crmbook.form import Form
from crmbook.layout import PIXELS, spans
from crmbook.palette import BRAND, ENTRY_TAB
from crmbook.text import Lang, Text

PAGES = Text("第 &P 页，共 &N 页", "Page &P of &N")
PAPER = 1045  # pixels across A4 between the margins
SMALLER = (
    5  # per cent by which a program or printer may come to print smaller than need be, and part the columns later;
)
WIDER = 0.9  # … by which it may take columns for wider, and part them sooner
SMALLEST = 75  # per cent: print below 7.5 points is not read; such a form takes more pages across
FROZEN, REPEATED = 46, 72  # characters; more would leave a laptop's screen nothing to scroll, a further page no room
HEAD = 36  # characters that title and period need on every page
Orientation = Literal["portrait", "landscape"]
WHO = {"name", "customer"}  # columns with the name of whom a row is about
WIDE, ZOOM_WIDE = 1500, 90  # pixels; percent


@dataclass(frozen=True, slots=True)
class Across:
    """How a form's columns stand on paper side by side: on how many pages, how many columns the further ones repeat at
    their left, and the first and last column that each page alone shows, whichever printer it is."""

    pages: int
    repeated: int
    surely: tuple[Span, ...]

    def pixels(self, widths: Sequence[float]) -> list[tuple[int, int]]:
        """From where to where on the sheet these columns go, page by page."""
        return [(round(sum(widths[: a - 1]) * PIXELS), round(sum(widths[:b]) * PIXELS)) for a, b in self.surely]


def set_page(
    sheet: Any, form: Form, widths: Sequence[float], paper: Across, lang: Lang, header_rows: tuple[int, int], *, area: bool
) -> None:  # fmt: skip
    """Print set-up and view of a form's sheet. `area`: something stands above the table, too high to stay on the screen."""
    pixels = sum(widths) * PIXELS
    kept = _kept(form, widths, FROZEN)
    set_paper(sheet, form, lang, "landscape")
    setup = sheet.page_setup
    setup.fitToWidth = paper.pages
    setup.fitToHeight = 0
    setup.pageOrder = "overThenDown"  # the pages of the same rows follow one another
    sheet.print_title_rows = f"{header_rows[0]}:{header_rows[1]}"
    if paper.repeated:
        sheet.print_title_cols = f"A:{get_column_letter(paper.repeated)}"
    sheet.sheet_view.zoomScale = 100 if form.is_entry or pixels <= WIDE else ZOOM_WIDE
    sheet.freeze_panes = f"{get_column_letter(kept + 1)}{1 if area else header_rows[1] + 1}"


def set_one_page(sheet: Any, form: Form, lang: Lang, orientation: Orientation, area: str) -> None:
    """Print set-up and view of a page: all of the area on one sheet of paper."""
    set_paper(sheet, form, lang, orientation)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.print_area = area


def set_paper(sheet: Any, form: Form, lang: Lang, orientation: Orientation) -> None:
    """What all sheets have alike on paper and on the screen."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_properties.tabColor = ENTRY_TAB if form.is_entry else BRAND
    setup, margins = sheet.page_setup, sheet.page_margins
    setup.orientation, setup.paperSize = orientation, sheet.PAPERSIZE_A4
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.45, 0.6, 0.2, 0.3  # inches
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = form.title[lang].replace("&", "&&")
    sheet.oddFooter.right.text = PAGES[lang]
    for part in (sheet.oddFooter.left, sheet.oddFooter.right):
        part.size = 8
    sheet.sheet_view.showGridLines = form.is_entry


def across(form: Form, lang: Lang, widths: Sequence[float]) -> Across:
    """One page, unless its print would be too small to read; further ones repeat the columns that say who a row is about."""
    count, repeated = 1, 0
    while (scale := _largest(widths, repeated, count)) < SMALLEST:
        count, repeated = count + 1, _repeated(form, lang, widths)
    tried = [
        _split(widths, repeated, at) for at in (scale + WIDER, scale + WIDER / 2, *range(scale, scale - SMALLER, -1))
    ]
    pages = list(zip(*(split for split in tried if len(split) == count), strict=True))
    starts = [max(first for first, _ in page) for page in pages]
    ends = [min(last for _, last in page) for page in pages]
    return Across(count, repeated, tuple(zip((repeated + 1, *starts[1:]), ends, strict=True)))


def _largest(widths: Sequence[float], repeated: int, count: int) -> int:
    """The largest scale, in per cent, in which the columns fit on so many pages."""
    return next(scale for scale in range(100, 0, -1) if len(_split(widths, repeated, scale)) <= count)


def _split(widths: Sequence[float], repeated: int, scale: float) -> tuple[Span, ...]:
    """The columns parted as a spreadsheet program does it: as many as there is room for on each page."""
    room = PAPER / PIXELS / scale * 100
    pages, start, used = [], 1, 0.0
    for at, wide in enumerate(widths, 1):
        if used + wide > room and at > start:
            pages.append((start, at - 1))
            start, used = at, sum(widths[:repeated])
        used += wide
    return (*pages, (start, len(widths)))


def _repeated(form: Form, lang: Lang, widths: Sequence[float]) -> int:
    """How many columns further pages repeat: those that say who a row is about, as far as title and period need, and as far
    as the figures above the table reach, which would be cut off."""
    kept = _kept(form, widths, REPEATED)
    kept = max(kept, spans(widths, [HEAD])[0][1]) if kept else 0
    ends = [spans(widths, block.across(lang))[-1][1] for block in form.features if block.height and block.across(lang)]
    ends = [end for end in ends if kept and sum(widths[:end]) <= REPEATED]
    return max([kept, *(end for end in ends if all(c.column.kind != "money" for c in form.columns[:end]))])


def _kept(form: Form, widths: Sequence[float], room: float) -> int:
    """How many columns say who a row is about: up to the name, else up to the last of the key, if that leaves room."""
    ids = [c.column.id for c in form.columns]
    for last in (*(i for i, id in enumerate(ids[:6]) if id in WHO), *(ids.index(k) for k in reversed(form.key))):
        if last < len(ids) - 1 and sum(widths[: last + 1]) <= room:
            return last + 1
    return 0
