"""What Excel carries along when a column or row is inserted, a row deleted, a sheet moved or a header renamed."""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from tests.excel_file import CHART, DRAWING, ExcelFile, M
from tests.excel_references import Change, Range, box, name_of, quoted, ref_of, rename_column, rewrite, split

XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
HOLDS_FORMULA = (M + "f", M + "formula", M + "formula1", M + "formula2", XM + "f")
REF_ATTRIBUTES = ("ref", "sqref", "activeCell", "topLeftCell")


def every_formula(book: ExcelFile) -> Iterator[tuple[str, etree._Element]]:
    """Each element whose text is a formula, with the sheet on which it stands ("" where every reference is qualified)."""
    for sheet, part in book.sheets.items():
        yield from ((sheet, e) for e in book.xml(part).iter(*HOLDS_FORMULA) if e.text)
        for _, kind, target in book.related(part):
            if kind == "drawing":
                yield from _chart_formulas(book, target)
    for table in book.tables.values():
        for tag in ("calculatedColumnFormula", "totalsRowFormula"):
            yield from ((table.sheet, e) for e in table.root.iter(M + tag) if e.text)
    yield from (("", e) for e in book.xml(book.workbook).iter(M + "definedName") if e.text)


def _chart_formulas(book: ExcelFile, drawing: str) -> Iterator[tuple[str, etree._Element]]:
    for _, kind, chart in book.related(drawing):
        if kind == "chart":
            yield from (("", e) for e in book.xml(chart).iter(f"{{{CHART}}}f") if e.text)


def insert_column(book: ExcelFile, sheet: str, at: int) -> None:
    """An empty sheet column before column `at`, formatted as its left neighbour, as Excel does it."""

    def change(where: str, area: Range) -> tuple[str, Range]:
        first, top, last, bottom = area
        return where, (first + (first >= at > 0), top, last + (last >= at), bottom) if where == sheet else area

    _carry(book, sheet, change)
    root = book.sheet(sheet)
    for row in root.iter(M + "row"):
        left = None
        for index, cell in enumerate(list(row)):
            column, number = split(cell.get("r"))
            if column == at - 1:
                left = (index, cell, number)
            if column >= at:
                cell.set("r", name_of(column + 1, number))
        if left is not None and left[1].get("s"):
            row.insert(left[0] + 1, etree.Element(M + "c", r=name_of(at, left[2]), s=left[1].get("s")))
    for col in root.iter(M + "col"):
        low, high = int(col.get("min")), int(col.get("max"))
        if low >= at:
            col.set("min", str(low + 1))
        if high >= at - 1:
            col.set("max", str(min(high + 1, 16384)))


def delete_row(book: ExcelFile, sheet: str, at: int) -> None:
    """A whole sheet row taken out; what lies below moves up."""

    def change(where: str, area: Range) -> tuple[str, Range]:
        first, top, last, bottom = area
        return where, (first, top - (top > at), last, bottom - (bottom >= at)) if where == sheet else area

    data = book.child(sheet, "sheetData")
    for row in [r for r in data if int(r.get("r")) == at]:
        data.remove(row)
    gone = [e for e in book.sheet(sheet).iter(M + "hyperlink") if box(e.get("ref"))[1] == at]
    for link in gone:
        link.getparent().remove(link)
    _carry(book, sheet, change)
    for row in data:
        number = int(row.get("r"))
        if number > at:
            row.set("r", str(number - 1))
            for cell in row:
                cell.set("r", name_of(split(cell.get("r"))[0], number - 1))


def insert_row(book: ExcelFile, sheet: str, at: int) -> None:
    """An empty row before row `at`; all from there on moves down."""

    def change(where: str, area: Range) -> tuple[str, Range]:
        first, top, last, bottom = area
        return where, (first, top + (top >= at), last, bottom + (bottom >= at)) if where == sheet else area

    _carry(book, sheet, change)
    for row in book.child(sheet, "sheetData"):
        number = int(row.get("r"))
        if number >= at:
            row.set("r", str(number + 1))
            for cell in row:
                cell.set("r", name_of(split(cell.get("r"))[0], number + 1))


def _carry(book: ExcelFile, sheet: str, change: Change) -> None:
    """Everything that points into the sheet moves, except its own cells."""
    for home, formula in every_formula(book):
        formula.text = rewrite(formula.text, home, change)
    part = book.sheets[sheet]
    root = book.xml(part)
    for element in root.iter():
        for name in REF_ATTRIBUTES:
            if element.get(name) and isinstance(element.tag, str):
                element.set(name, moved(element.get(name), sheet, change))
        if element.tag == XM + "sqref":
            element.text = moved(element.text, sheet, change)
    for _, kind, target in book.related(part):
        if kind == "table":
            for element in book.xml(target).iter():
                if element.get("ref"):
                    element.set("ref", moved(element.get("ref"), sheet, change))
        elif kind == "comments":
            for comment in book.xml(target).iter(M + "comment"):
                comment.set("ref", moved(comment.get("ref"), sheet, change))
        elif kind == "drawing":
            _move_anchors(book.xml(target), sheet, change)
        elif kind == "vmlDrawing":
            book.parts[target] = _moved_notes(book.parts[target].decode(), sheet, change).encode()


def moved(sqref: str, sheet: str, change: Change) -> str:
    """A list of ranges after the change."""
    return " ".join(ref_of(change(sheet, box(ref))[1]) for ref in sqref.split())


def _move_anchors(root: etree._Element, sheet: str, change: Change) -> None:
    for tag in ("from", "to"):
        for corner in root.iter(f"{{{DRAWING}}}{tag}"):
            column, row = corner.find(f"{{{DRAWING}}}col"), corner.find(f"{{{DRAWING}}}row")
            here = (int(column.text) + 1, int(row.text) + 1)
            _, (right, down, _, _) = change(sheet, (*here, *here))
            column.text, row.text = str(right - 1), str(down - 1)


def _moved_notes(vml: str, sheet: str, change: Change) -> str:
    def shape(found: re.Match[str]) -> str:
        row, column = int(found[1]), int(found[2])
        _, (right, down, _, _) = change(sheet, (column + 1, row + 1, column + 1, row + 1))
        return f"<x:Row>{down - 1}</x:Row>\n   <x:Column>{right - 1}</x:Column>"

    return re.sub(r"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>", shape, vml)


def rename_header(book: ExcelFile, table: str, old: str, new: str) -> None:
    """The header cell, the table's column and every structured reference to it."""
    found = book.tables[table]
    cell = book.cell(found.sheet, name_of(found.column(old), found.area[1]))
    column = list(found.root.iter(M + "tableColumn"))[found.headers.index(old)]
    book.put_value(cell, new)
    column.set("name", new)
    for _, formula in every_formula(book):
        formula.text = rename_column(formula.text, table, old, new)


def rename_sheet(book: ExcelFile, old: str, new: str) -> None:
    """The tab, and every reference and link to it."""
    for home, formula in every_formula(book):
        formula.text = rewrite(formula.text, home or old, lambda sheet, area: (new if sheet == old else sheet, area))
    for part in book.sheets.values():
        for link in book.xml(part).iter(M + "hyperlink"):
            location = link.get("location", "")
            for said in {quoted(old), f"'{old}'"}:
                if location.startswith(f"{said}!"):
                    link.set("location", quoted(new) + location[len(said) :])
    for sheet in book.xml(book.workbook).iter(M + "sheet"):
        if sheet.get("name") == old:
            sheet.set("name", new)


def move_sheet(book: ExcelFile, name: str, before: str) -> None:
    """Drag a tab to the left of another; sheet-bound names and the active tab follow."""
    root = book.xml(book.workbook)
    sheets = root.find(M + "sheets")
    old = list(book.sheets)
    elements = {s.get("name"): s for s in sheets}
    sheets.remove(elements[name])
    elements[before].addprevious(elements[name])
    new = list(book.sheets)
    for defined in root.iter(M + "definedName"):
        if defined.get("localSheetId"):
            defined.set("localSheetId", str(new.index(old[int(defined.get("localSheetId"))])))
    for view in root.iter(M + "workbookView"):
        for key in ("activeTab", "firstSheet"):
            if view.get(key):
                view.set(key, str(new.index(old[int(view.get(key))])))


def grow(book: ExcelFile, table: str) -> None:
    """What covered all the table's rows covers one row more: the way Excel extends a table by typing under it."""
    found = book.tables[table]
    left, _, right, last = found.area
    first = found.rows[0]

    def covering(where: str, area: Range) -> tuple[str, Range]:
        inside = where == found.sheet and left <= area[0] <= area[2] <= right
        if inside and (area[1], area[3]) in ((first, last), (first - 1, last)):
            return where, (*area[:3], last + 1)
        return where, area

    _carry_ranges(book, found.sheet, covering)
    found.root.set("ref", ref_of((left, found.area[1], right, last + 1)))
    for filtering in found.root.iter(M + "autoFilter"):
        filtering.set("ref", found.root.get("ref"))


def _carry_ranges(book: ExcelFile, sheet: str, change: Callable[[str, Range], tuple[str, Range]]) -> None:
    for home, formula in every_formula(book):
        formula.text = rewrite(formula.text, home, change)
    root = book.sheet(sheet)
    for element in root.iter(M + "conditionalFormatting", M + "dataValidation"):
        element.set("sqref", moved(element.get("sqref"), sheet, change))
    for element in root.iter(XM + "sqref"):
        element.text = moved(element.text, sheet, change)
