"""An office's own template: its theme, its cell styles, the header of its pages, and its cover."""

import html
import re
import warnings
from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import NamedStyle

from crmbook import keep, paths
from crmbook.ooxml import Package, Sheet, Workbook, children, serialise
from crmbook.ooxml.graft import Graft, shown
from crmbook.palette import FONTS
from crmbook.problems import CannotProceedError, stop
from crmbook.text import LANGS, Lang, Text

OURS = paths.TEMPLATES / "crmbook.xlsx"
COVER = Text("封面", "Cover")
SHEET, TEMPLATE = "spreadsheetml.sheet.main", "spreadsheetml.template.main"
STUB = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>{rest}</worksheet>'
PAPER = re.compile(rb"<pageMargins\b[^>]*>|<headerFooter\b.*?</headerFooter>", re.DOTALL)
LOCAL = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
# What a cover may point at: openpyxl or the graft brings it along, or nobody misses it.
KEPT = {"drawing", "image", "vmlDrawing", "comments", "hyperlink", "table", "printerSettings"}
ELSEWHERE = re.compile(r"[!\[]")
CHART_RANGE = re.compile(rb"<(?:\w+:)?f>([^<]*)</")

MACRO = Text("模板里有宏（{kind}）", "the template holds macros ({kind})")
NO_MACRO = Text("请在 Excel 中另存为 .xlsx 或 .xltx", "save it as .xlsx or .xltx in Excel")
SAVE_AGAIN = Text("请在 Excel 中打开它，另存为 .xlsx 或 .xltx，再作为模板", "open it in Excel, save it as .xlsx or .xltx, then use that as the template")  # fmt: skip
NO_SHEET = Text("模板里没有工作表", "the template has no worksheet")
UNREADABLE = Text("模板的样式无法读取（{error}）", "the styles of the template cannot be read ({error})")
CANNOT_STAY = Text("模板的封面上有不能保留的内容：{what}", "the cover of the template holds something that cannot be kept: {what}")  # fmt: skip
TAKE_AWAY = Text("请从这张工作表中删除它，或把工作表改为别的名字（不作为封面）", "delete it from that sheet, or give the sheet another name, so that it is no cover")  # fmt: skip
FORMULA = Text("引用了其他工作表的公式", "a formula that refers to another sheet")
CHART = Text("引用了其他工作表的图表", "a chart over another sheet")


@dataclass(frozen=True, slots=True)
class Template:
    """`book`: an openpyxl workbook with the looks and one sheet, the cover or a blank one; the forms are drawn into it.
    `file`: the package it came from, `part`: that sheet in it."""

    book: Any
    file: Package
    part: str
    has_cover: bool = False

    def finish(self, made: Package) -> None:
        """Puts what openpyxl cannot carry into the saved workbook: all that is drawn on the cover, and the pictures in the
        headers of the other sheets."""
        graft = Graft(self.file, made, "xl/template")
        for at, sheet in enumerate(Workbook(made).sheets):
            if sheet.state != "visible":
                continue
            is_cover = self.has_cover and not at
            for element in ("drawing", "legacyDrawingHF", "picture") if is_cover else ("legacyDrawingHF",):
                graft.draw(self.part, element, sheet.part)

    def head(self, sheet: Any) -> None:
        """Gives a sheet the page header of the template's own, and the room it takes."""
        first = self.book.worksheets[0]
        if not any(getattr(first.oddHeader, side).text for side in ("left", "center", "right")):
            return
        for side in ("left", "center", "right"):
            theirs, part = getattr(first.oddHeader, side), getattr(sheet.oddHeader, side)
            part.text, part.size, part.font, part.color = theirs.text, theirs.size, theirs.font, theirs.color
        sheet.page_margins.top = max(first.page_margins.top, sheet.page_margins.top)
        sheet.page_margins.header = first.page_margins.header


def ours() -> Template:
    """The template that comes along."""
    file = Package.open(OURS)
    return Template(load_workbook(OURS), file, Workbook(file).sheets[0].part)


def opened(path: Path, lang: Lang, titles: Collection[str]) -> Template:
    """The template at `path`, in a book with forms of these titles; CannotProceedError if it cannot serve."""
    try:
        file = keep.load(path)
    except CannotProceedError as error:
        raise stop(path, error.problem.what, SAVE_AGAIN if path.is_file() else error.problem.fix) from error
    kind = file.content_type(file.workbook)
    if SHEET not in kind and TEMPLATE not in kind:
        raise stop(path, MACRO.fill(kind=path.suffix), NO_MACRO)
    with keep.refusing(path):
        sheets = Workbook(file).sheets
        if not sheets:
            raise stop(path, NO_SHEET, SAVE_AGAIN)
        named = {COVER[lang].casefold() for lang in LANGS} | {title.casefold() for title in titles}
        cover = next((s for s in sheets if s.name.casefold() in named), None)
        if cover is not None:
            _check(path, file, cover, COVER[lang] if cover.name in titles else cover.name)
        reduced = _reduced(file, sheets, cover)
    try:
        with warnings.catch_warnings(action="ignore"):  # what openpyxl leaves out was looked for above
            book = load_workbook(BytesIO(reduced))
    except Exception as error:  # openpyxl fails in many ways on styles it does not know
        raise stop(path, UNREADABLE.fill(error=type(error).__name__), SAVE_AGAIN) from error
    if cover is not None and cover.name in titles:
        book.worksheets[0].title = COVER[lang]
    book.template = False
    _complete(book, lang)
    return Template(book, file, (cover or sheets[0]).part, cover is not None)


def _check(path: Path, file: Package, cover: Sheet, name: str) -> None:
    """Stops where the cover holds what would be lost or would point at nothing."""
    where = f"{path.name}: {cover.name}"
    for found in file.relationships(cover.part):
        if found.kind not in KEPT:
            raise stop(where, CANNOT_STAY.fill(what=found.kind), TAKE_AWAY)
    for cell in file.xml(cover.part).iter("{*}c"):
        formula = next((f.text or "" for f in cell.iter("{*}f")), "")
        if ELSEWHERE.search(formula):
            raise stop(f"{where}!{cell.get('r')}", CANNOT_STAY.fill(what=FORMULA), TAKE_AWAY)
    drawing = shown(file, cover.part, "drawing")
    for chart in file.related(drawing.target, "chart") if drawing else ():
        for text in CHART_RANGE.findall(file.read(chart)):
            if text.decode().rpartition("!")[0].strip("'") != name:
                raise stop(where, CANNOT_STAY.fill(what=CHART), TAKE_AWAY)


def _reduced(file: Package, sheets: list[Sheet], cover: Sheet | None) -> bytes:
    """The template as openpyxl is to read it: its looks, and one sheet: the cover, or nothing but the page set-up of the first."""
    package = Package.open(file.source)
    kept = cover or sheets[0]
    if cover is None:
        paper = b"".join(PAPER.findall(package.read(kept.part))).decode()
        package.write(kept.part, STUB.format(rest=paper).encode())
    for found in package.relationships(kept.part):
        if cover is None or found.kind in {"drawing", "vmlDrawing", "image"}:
            package.unrelate(kept.part, found.id)
    root = package.xml(package.workbook)
    for group in list(root):
        for element in children(group, "sheet"):
            if element.get("name") != kept.name:
                group.remove(element)
    all_names = [str(e.get("name")) for g in children(Workbook(file).root, "sheets") for e in children(g, "sheet")]
    for names in children(root, "definedNames"):
        for name in list(names):
            is_local = name.get("name") in LOCAL and name.get("localSheetId") == str(all_names.index(kept.name))
            if cover is not None and is_local:
                name.set("localSheetId", "0")
            else:
                names.remove(name)
    for gone in ("externalReferences", "pivotCaches", "bookViews", "customWorkbookViews"):
        for element in children(root, gone):
            root.remove(element)
    package.write(package.workbook, serialise(root))
    out = BytesIO()
    package.save(out)
    return out.getvalue()


def _complete(book: Any, lang: Lang) -> None:
    """Adds the styles the template lacks, in its own font; its theme gives them its colours."""
    base: Any = load_workbook(OURS)
    if book.loaded_theme is None:
        book.loaded_theme = base.loaded_theme
    font = _font(book.loaded_theme, lang)
    known = set(book.named_styles)
    for style in base._named_styles:  # noqa: SLF001  (openpyxl has no other way to a style)
        if style.name in known:
            continue
        look = copy(style.font)
        look.name = font
        parts = {part: copy(getattr(style, part)) for part in ("fill", "border", "alignment", "protection")}
        book.add_named_style(NamedStyle(style.name, font=look, number_format=style.number_format, **parts))


def _font(theme: bytes, lang: Lang) -> str:
    """The theme's font for text in a language."""
    minor = re.search(rb"<a:minorFont>.*?</a:minorFont>", theme, re.DOTALL)
    text = html.unescape(minor[0].decode()) if minor else ""
    faces = dict(re.findall(r'<a:(latin|ea) typeface="([^"]*)"', text))
    hans = re.search(r'script="Hans" typeface="([^"]*)"', text)
    chinese = [faces.get("ea"), hans[1] if hans else ""] if lang == "zh" else []
    return next((face for face in (*chinese, faces.get("latin")) if face), FONTS[lang])
