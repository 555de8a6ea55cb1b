"""Puts empty forms into a fresh workbook made of the template, one sheet each, for `pour` to fill."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any

from crmbook.drawing.form_sheet import FormSheet
from crmbook.drawing.page_sheet import PageSheet
from crmbook.drawing.template import Template, opened, ours
from crmbook.feature import Around, Sheet
from crmbook.features import Picker
from crmbook.form import Form
from crmbook.layout import START_HEIGHTS
from crmbook.ooxml import Package
from crmbook.palette import FONTS
from crmbook.text import Lang, Text

SCHEMA = 1  # of the bindings; a workbook says which it was built with
APP = b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>crmbook</Application></Properties>'  # fmt: skip
START_HEIGHT = re.compile(rb'(<row r="\d+" ht="(?:%s)") customHeight="1"' % b"|".join(b"%g" % h for h in START_HEIGHTS))
FONT, PART_OF_FONT = re.compile(rb"<font>(.*?)</font>"), re.compile(rb"<(\w+)[^>]*/>")
FONT_ORDER = b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
LABEL_FORMAT = re.compile(rb'(<numFmt formatCode="[^"]*") ?/>')
SPARKLINES = '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}"><x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{groups}</x14:sparklineGroups></ext></extLst>'  # fmt: skip
MARK = "_crmbook"


def draw(forms: Sequence[Form], lang: Lang, template: Path | None = None) -> bytes:
    """An .xlsx with one sheet per form, in their order, in one language."""
    looks = ours() if template is None else opened(template, lang, [form.title[lang] for form in forms])
    book = looks.book
    _speak(book, lang)
    blank = [] if looks.has_cover else book.worksheets
    around = Around([Sheet(form.id, form.title, form.purpose, form.group) for form in forms], _lists(forms))
    drawn: list[PageSheet | FormSheet] = [
        (PageSheet if form.page else FormSheet)(book, form, lang, around) for form in forms
    ]
    for frame in sorted(drawn, key=lambda f: bool(f.form.page)):  # pages speak of the others
        frame.draw()
        looks.head(frame.sheet)
    for sheet in blank:
        book.remove(sheet)
    _mark(book, lang)
    book.active = 0
    for at, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = not at
    out = BytesIO()
    book.save(out)
    sparklines = {
        f"xl/worksheets/sheet{book.index(s.sheet) + 1}.xml": s.sparklines for s in drawn if isinstance(s, FormSheet)
    }
    return _touched_up(out.getvalue(), sparklines, looks)


def _lists(forms: Sequence[Form]) -> dict[str, tuple[Text, Text]]:
    """The columns among these forms whose values another one offers, as `form.column` → the titles of form and column."""
    offered = {asked.offers for form in forms for asked in form.asks}
    offered |= {part.offers for form in forms for part in form.parts if isinstance(part, Picker)}
    titles = {f"{form.id}.{c.column.id}": (form.title, c.column.label) for form in forms for c in form.columns}
    return {name: titles[name] for name in titles if name in offered}


def _touched_up(made: bytes, sparklines: Mapping[str, Sequence[str]], looks: Template) -> bytes:
    """What openpyxl cannot say: whose work the file is; that a data row's height is no more than a start, so that Excel lets
    the row grow with what is typed; that a chart's labels have their own number format; in which order a font's parts stand;
    the sparklines of each part; what is drawn on the template's cover."""
    package = Package.open(made)
    looks.finish(package)
    package.write("docProps/app.xml", APP)
    package.write("xl/styles.xml", FONT.sub(_in_order, package.read("xl/styles.xml")))
    for name in package.names:
        if name.startswith("xl/worksheets/sheet"):
            package.write(name, START_HEIGHT.sub(rb"\1", package.read(name)))
        elif name.startswith("xl/charts/chart"):
            package.write(name, LABEL_FORMAT.sub(rb'\1 sourceLinked="0"/>', package.read(name)))
    for name, groups in sparklines.items():
        if groups:
            xml = SPARKLINES.format(groups="".join(groups)).encode()
            package.write(name, package.read(name).replace(b"</worksheet>", xml + b"</worksheet>"))
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
