"""How a sheet stands on paper and on the screen: A4 across, header rows on every page, what stays while one scrolls."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from crmbook.form import Form
from crmbook.layout import PIXELS, spans
from crmbook.palette import BRAND, ENTRY_TAB
from crmbook.text import Lang, Text

PAGES = Text("第 &P 页，共 &N 页", "Page &P of &N")
PAPER = 1050  # pixels across A4 between the margins
SMALLEST = 0.545  # print smaller than this is not read; such a form takes more pages across
FROZEN, REPEATED = 46, 72  # characters; more would leave a laptop's screen nothing to scroll, a further page no room
Orientation = Literal["portrait", "landscape"]
WHO = {"name", "customer"}  # columns with the name of whom a row is about
WIDE, ZOOM_WIDE = 1500, 90  # pixels; percent


def set_page(
    sheet: Any, form: Form, lang: Lang, widths: Sequence[float], header_rows: tuple[int, int], *, area: bool
) -> None:
    """Print set-up and view of a form's sheet. `area`: something stands above the table, too high to stay on the screen."""
    pixels = sum(widths) * PIXELS
    kept = _kept(form, widths, FROZEN)
    repeated = repeated_columns(form, lang, widths)
    set_paper(sheet, form, lang, "landscape")
    setup = sheet.page_setup
    setup.fitToWidth = pages_across(form, widths)
    setup.fitToHeight = 0
    setup.pageOrder = "overThenDown"  # the pages of the same rows follow one another
    sheet.print_title_rows = f"{header_rows[0]}:{header_rows[1]}"
    if repeated:
        sheet.print_title_cols = f"A:{get_column_letter(repeated)}"
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


def pages_across(form: Form, widths: Sequence[float]) -> int:
    """One page, unless its print would be too small to read; further ones repeat the columns that say who a row is about."""
    room, kept = PAPER / PIXELS / SMALLEST, sum(widths[: _kept(form, widths, REPEATED)])
    return 1 if sum(widths) <= room else math.ceil((sum(widths) - kept) / (room - kept))


def repeated_columns(form: Form, lang: Lang, widths: Sequence[float]) -> int:
    """How many columns further pages across repeat, none where there is one page: those that say who a row is about, and
    as far as the figures above the table reach, which would be cut off."""
    if pages_across(form, widths) == 1:
        return 0
    kept = _kept(form, widths, REPEATED)
    ends = [spans(widths, block.across(lang))[-1][1] for block in form.features if block.height and block.across(lang)]
    return max([kept, *(end for end in ends if kept and sum(widths[:end]) <= REPEATED)])


def first_page(form: Form, lang: Lang, widths: Sequence[float]) -> int:
    """How many pixels of the sheet the first page holds."""
    pages = pages_across(form, widths)
    repeated = sum(widths[: repeated_columns(form, lang, widths)]) * (pages - 1)
    share = (sum(widths) + repeated) / pages
    return round((share if pages == 1 else share - max(widths)) * PIXELS)


def _kept(form: Form, widths: Sequence[float], room: float) -> int:
    """How many columns say who a row is about: up to the name, else up to the last of the key, if that leaves room."""
    ids = [c.column.id for c in form.columns]
    for last in (*(i for i, id in enumerate(ids[:6]) if id in WHO), *(ids.index(k) for k in reversed(form.key))):
        if last < len(ids) - 1 and sum(widths[: last + 1]) <= room:
            return last + 1
    return 0
