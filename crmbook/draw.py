"""Puts empty forms into a fresh workbook made of the template, one sheet each, for `pour` to fill."""

import re
from collections.abc import Sequence
from copy import copy
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from crmbook import paths
from crmbook.form import Form
from crmbook.form_sheet import FormSheet
from crmbook.layout import START_HEIGHTS
from crmbook.ooxml import Package
from crmbook.palette import FONTS
from crmbook.text import Lang

SCHEMA = 1  # of the bindings; a workbook says which it was built with
APP = b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>crmbook</Application></Properties>'  # fmt: skip
START_HEIGHT = re.compile(rb'(<row r="\d+" ht="(?:%s)") customHeight="1"' % b"|".join(b"%g" % h for h in START_HEIGHTS))
FONT, PART_OF_FONT = re.compile(rb"<font>(.*?)</font>"), re.compile(rb"<(\w+)[^>]*/>")
FONT_ORDER = b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
LABEL_FORMAT = re.compile(rb'(<numFmt formatCode="[^"]*") ?/>')
TEMPLATE = paths.TEMPLATES / "crmbook.xlsx"
MARK = "_crmbook"


def draw(forms: Sequence[Form], lang: Lang, template: Path | None = None) -> bytes:
    """An .xlsx with one sheet per form, in their order, in one language."""
    book: Any = load_workbook(template or TEMPLATE)
    _speak(book, lang)
    blank = [s for s in book.worksheets if s.max_row == 1 and s.max_column == 1 and s["A1"].value is None]
    for form in forms:
        FormSheet(book, form, lang).draw()
    for sheet in blank:
        book.remove(sheet)
    _mark(book, lang)
    book.active = 0
    for at, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = not at
    out = BytesIO()
    book.save(out)
    return _touched_up(out.getvalue())


def _touched_up(made: bytes) -> bytes:
    """What openpyxl cannot say: whose work the file is; that a data row's height is no more than a start, so that Excel lets
    the row grow with what is typed; that a chart's labels have their own number format; in which order a font's parts stand."""
    package = Package.open(made)
    package.write("docProps/app.xml", APP)
    package.write("xl/styles.xml", FONT.sub(_in_order, package.read("xl/styles.xml")))
    for name in package.names:
        if name.startswith("xl/worksheets/sheet"):
            package.write(name, START_HEIGHT.sub(rb"\1", package.read(name)))
        elif name.startswith("xl/charts/chart"):
            package.write(name, LABEL_FORMAT.sub(rb'\1 sourceLinked="0"/>', package.read(name)))
    out = BytesIO()
    package.save(out)
    return out.getvalue()


def _in_order(font: re.Match[bytes]) -> bytes:
    """A font with its parts as the schema (ECMA-376 part 1, 18.8.22) has them."""
    parts = sorted(PART_OF_FONT.finditer(font[1]), key=lambda part: FONT_ORDER.index(part[1]))
    return b"<font>" + b"".join(part[0] for part in parts) + b"</font>"


def _speak(book: Any, lang: Lang) -> None:
    """Where the template has our Chinese font, a book in another language takes that language's."""
    ours, theirs = FONTS["zh"], FONTS[lang]
    if ours == theirs:
        return
    if book.loaded_theme is not None:
        book.loaded_theme = book.loaded_theme.replace(
            f'latin typeface="{ours}"'.encode(), f'latin typeface="{theirs}"'.encode()
        )
    for style in book._named_styles:  # noqa: SLF001  (openpyxl has no other way to a style)
        if style.font.name == ours:
            font = copy(style.font)
            font.name = theirs
            style.font = font
    book._fonts[0] = book._named_styles["Normal"].font  # noqa: SLF001  (as above)


def _mark(book: Any, lang: Lang) -> None:
    """The very hidden sheet that says what the workbook was built with."""
    sheet = book.create_sheet(MARK)
    try:
        made_by = version("crmbook")
    except PackageNotFoundError:  # a checkout that is not installed
        made_by = ""
    for row in (("schema", SCHEMA), ("lang", lang), ("version", made_by)):
        sheet.append(row)
    sheet.sheet_state = "veryHidden"
