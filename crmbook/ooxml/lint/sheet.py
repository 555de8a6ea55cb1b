"""What Excel repairs in a worksheet: rows and cells, then everything that stands around them."""

import html
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from lxml import etree

from crmbook.ooxml.lint.cells import Cells, Flags, Numbers, blocks, from_bytes, from_tree, numbers_at
from crmbook.ooxml.lint.findings import MANY, whole
from crmbook.ooxml.lint.formula import area, formula_faults
from crmbook.ooxml.markup import children, must_be_well_formed, parse
from crmbook.ooxml.refs import MOST_COLUMNS, MOST_ROWS, Area, letters, meet

Say = Callable[[str, object], None]  # (rule, detail) → a finding

CHILDREN = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
    scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting
    dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks
    customProperties cellWatches ignoredErrors smartTags drawing drawingHF legacyDrawing legacyDrawingHF picture
    oleObjects controls webPublishItems tableParts extLst
"""
ORDER = {name: place for place, name in enumerate(CHILDREN.split())}
LONGEST_LIST, LONGEST_TEXT = 255, 32_767
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # one character
PROMPTS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
SHEET_DATA = re.compile(rb"<sheetData(?:\s[^>]*)?(?<!/)>")
FORMULA = re.compile(rb"<f(?:\s[^>]*)?>([^<]+)</f>")
MARKED_FORMULA = re.compile(rb"<f\s([^>]*?)/?>")
WITH_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f')
DIGITS = bytes.maketrans(b"123456789", b"000000000")
LONG_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]{32768,})<")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet taken apart: `frame` is everything but the rows, `rows` says where in `xml` those lie."""

    frame: etree._Element
    xml: bytes
    rows: tuple[int, int]
    tree: etree._Element | None  # with the rows, for a sheet whose bytes are written in an unusual way

    def cells(self) -> Iterator[Cells | None]:
        """The rows and cells, block by block; None for a block that only a tree can tell."""
        if self.tree is not None:
            yield from (from_tree(data) for data in children(self.tree, "sheetData"))
        else:
            yield from map(from_bytes, blocks(self.xml, *self.rows))

    def formula_cells(self) -> set[str]:
        """The references of all cells that hold a formula or a part of an array's."""
        if self.tree is None:
            found = {reference.decode() for reference in WITH_FORMULA.findall(self.xml, *self.rows)}
            marks = [
                mark
                for mark in MARKED_FORMULA.findall(self.xml, *self.rows)
                if b"ref=" in mark and b'"shared"' not in mark
            ]
            areas = [re.search(rb'ref="([^"]*)"', mark) for mark in marks]
            references = [match[1].decode() for match in areas if match]
        else:
            formulas = list(self.tree.iter("{*}f"))
            found = {str(parent.get("r")) for f in formulas if (parent := f.getparent()) is not None}
            references = [str(f.get("ref")) for f in formulas if f.get("ref") and f.get("t") != "shared"]
        for spread in filter(None, map(area, references)):
            if (spread.bottom - spread.top + 1) * (spread.right - spread.left + 1) > 1_000_000:
                continue
            rows, columns = range(spread.top, spread.bottom + 1), range(spread.left, spread.right + 1)
            found |= {f"{letters(column)}{row}" for row in rows for column in columns}
        return found


def take_apart(xml: bytes, *, as_tree: bool = False, sound: bool = False) -> Sheet:
    """The sheet ready for checking, with a tree of all of it if asked; RefusedError if it is not well-formed, which need not
    be asked again of one that is known to be `sound`."""
    start, end = SHEET_DATA.search(xml), xml.rfind(b"</sheetData>")
    if as_tree or start is None or end < 0:
        tree = parse(xml)
        return Sheet(tree, b"", (0, 0), tree)
    if not sound:
        must_be_well_formed(xml)
    return Sheet(parse(xml[: start.end()] + xml[end:]), xml, (start.end(), end), None)


def lint_rows(sheet: Sheet, styles: int | None, shared: int, sheets: Collection[str], say: Say) -> bool:
    """Rows, cells and formulas; False if nothing was said because the rows are to be read as a tree.

    `styles` and `shared` count the workbook's cell formats and shared strings.
    """
    last, longest, found = 0, 0, list[tuple[str, object]]()

    def note(rule: str, detail: object) -> None:
        found.append((rule, detail))

    for cells in sheet.cells():
        if cells is None:
            return False
        last = _lint_order(cells, last, note)
        _lint_values(cells, styles, shared, note)
        longest = max(longest, cells.longest)
    for rule, detail in found:
        say(rule, detail)
    _lint_texts(sheet, sheets, say, long_texts=longest > LONGEST_TEXT)
    return True


def _lint_order(cells: Cells, last: int, say: Say) -> int:
    """Rows must go down and cells to the right; answers with the last place, `row * 32768 + column`."""
    place = (cells.row << 15) + cells.column
    if not len(place):
        return last
    for wrong in np.flatnonzero(np.diff(place, prepend=last) <= 0)[:5]:
        say("cell-order" if cells.column[wrong] else "row-order", _name(cells, int(wrong)))
    # A cell that names another row than it stands in breaks the order, except in the last row.
    lines = cells.row[cells.column == 0]
    if not len(lines) or cells.row[-1] != lines[-1]:
        say("cell-order", _name(cells, -1))
    return int(place[-1])


def _lint_texts(sheet: Sheet, sheets: Collection[str], say: Say, *, long_texts: bool) -> None:
    """The texts of formulas, the masters of shared ones, and texts longer than a cell can hold."""
    if sheet.tree is None:
        shapes = {_shape(formula): formula for formula in FORMULA.findall(sheet.xml, *sheet.rows)}
        formulas = {html.unescape(f.decode("utf-8", "replace")) for f in shapes.values()}
        marks = [
            m.decode("utf-8", "replace") for m in MARKED_FORMULA.findall(sheet.xml, *sheet.rows) if b't="shared"' in m
        ]
        groups = [(match[1], "ref=" in mark) for mark in marks if (match := re.search(r'si="(\d+)"', mark))]
        found = LONG_TEXT.findall(sheet.xml, *sheet.rows) if long_texts else []
        long = [html.unescape(text.decode("utf-8", "replace")) for text in found]
    else:
        elements = list(sheet.tree.iterfind("{*}sheetData/{*}row/{*}c/{*}f"))
        formulas = {f.text for f in elements if f.text}
        groups = [(str(f.get("si")), f.get("ref") is not None) for f in elements if f.get("t") == "shared"]
        long = [text.text or "" for text in sheet.tree.iterfind("{*}sheetData/{*}row/{*}c/{*}is//{*}t")]
    for group in sorted({name for name, _ in groups} - {name for name, is_master in groups if is_master}):
        say("shared-formula-without-master", group)
    for formula in sorted(formulas):
        for rule in formula_faults(formula, sheets):
            say(rule, formula[:80])
    for text in long:
        if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            say("text-too-long", text[:40])


def _shape(formula: bytes) -> bytes:
    """What formulas have in common that differ in their digits alone: they have the same faults, unless these stand in
    the name of a sheet."""
    return formula if b"!" in formula else formula.translate(DIGITS)


def _name(cells: Cells, index: int) -> str:
    return f"{letters(int(cells.column[index]))}{cells.row[index]}"


def _is_digit(code: Numbers) -> Flags:
    return (code >= ord("0")) & (code <= ord("9"))


def _lint_values(cells: Cells, styles: int | None, shared: int, say: Say) -> None:
    """Limits, indexes and whether a value is of the kind its cell says."""
    data = np.frombuffer(cells.block + bytes(16), np.uint8)
    valued = cells.value >= 0
    letter, next_letter = (np.where(valued, data[np.maximum(cells.value, 0) + step], 0) for step in (0, 1))
    kind, is_cell = cells.kind, cells.column > 0

    signed = np.isin(letter, list(b"+-")) & (_is_digit(next_letter) | (next_letter == ord(".")))
    number = _is_digit(letter) | signed | (letter == ord(".")) | (letter == ord("<")) | (letter == ord(" "))
    numeric = is_cell & valued & ((kind == 0) | (kind == ord("n")))
    faults = {
        "outside-the-sheet": (cells.row > MOST_ROWS) | (cells.column > MOST_COLUMNS) | (cells.row < 1),
        "bad-number": numeric & ~number,
        "bad-boolean": is_cell & valued & (kind == ord("b")) & ~np.isin(letter, list(b"01tf<")),
        "inline-text-as-value": is_cell & valued & (kind == ord("i")) & (letter != ord("<")),
    }
    if styles is not None:
        faults["style-index"] = cells.style >= styles
        for style in sorted(cells.row_styles):
            if style >= styles:
                say("style-index", f"row format {style}")
    shares = np.flatnonzero(valued & (kind == ord("s")))
    number_of, end = numbers_at(data, cells.value[shares], ord("0"), 10, 9)
    faults["shared-string-index"] = np.isin(
        np.arange(len(kind)), shares[(number_of >= shared) | (end == cells.value[shares])]
    )
    for rule, where in faults.items():
        for index in np.flatnonzero(where)[:5]:
            say(rule, _name(cells, int(index)))


def lint_frame(frame: etree._Element, formats: int | None, sheets: Collection[str], say: Say) -> None:
    """What stands around the rows; `formats` counts the workbook's differential formats (dxf)."""
    known = [(ORDER[name], name) for e in frame if (name := _local(e)) in ORDER]
    for (before, _), (after, name) in pairwise(known):
        if after < before or (after == before and name != "conditionalFormatting"):
            say("element-order", name)
    columns = [(whole(c.get("min"), 0), whole(c.get("max"), 0)) for c in frame.iterfind("{*}cols/{*}col")]
    for (_, end), (start, _) in pairwise([(0, 0), *columns]):
        if start <= end:
            say("columns-overlap", start)
    if any(last < first or last > MOST_COLUMNS for first, last in columns):
        say("columns-range", len(columns))
    for reference in (merge.get("ref") or "" for merge in frame.iterfind("{*}mergeCells/{*}mergeCell")):
        if area(reference) is None:
            say("merge-reference", reference)
    lint_merges(merges(frame), say)
    rules = frame.iterfind("{*}conditionalFormatting/{*}cfRule")
    for number in [str(rule.get("dxfId")) for rule in rules if rule.get("dxfId")]:
        if formats is not None and whole(number, MANY) >= formats:
            say("format-index", number)
    places = [*frame.iterfind("{*}conditionalFormatting"), *frame.iterfind("{*}dataValidations/{*}dataValidation")]
    for reference in (r for place in places for r in (place.get("sqref") or "").split()):
        if area(reference) is None:
            say("reference", reference)
    for validation in frame.iterfind("{*}dataValidations/{*}dataValidation"):
        choices = validation.findtext("{*}formula1") or ""
        if choices.startswith('"') and len(choices) - 2 > LONGEST_LIST:
            say("list-too-long", validation.get("sqref"))
        for rule in () if choices.startswith('"') else formula_faults(choices, sheets):
            say(rule, choices[:80])
        for prompt, most in PROMPTS.items():
            if len(ESCAPED.sub(" ", validation.get(prompt) or "")) > most:
                say("prompt-too-long", f"{validation.get('sqref')} {prompt}")


def merges(frame: etree._Element) -> list[Area]:
    """The merged areas of a sheet, from top to bottom."""
    references = (merge.get("ref") or "" for merge in frame.iterfind("{*}mergeCells/{*}mergeCell"))
    return sorted(filter(None, map(area, references)))


def lint_merges(merged: list[Area], say: Say) -> None:
    """Two merged areas that share a cell; a sweep from top to bottom, so that thousands of merges stay quick."""
    open_areas: list[Area] = []
    for one in merged:
        open_areas = [other for other in open_areas if other.bottom >= one.top]
        for other in open_areas:
            if meet(one, other):
                say("merge-overlap", f"{other} {one}")
        open_areas.append(one)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
