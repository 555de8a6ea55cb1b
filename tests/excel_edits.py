"""The edits staff make in Excel, written into the package the way Excel writes them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from tests import excel_objects, excel_save, excel_shifts
from tests.excel_file import ExcelFile, M
from tests.excel_references import name_of, ref_of, split

Edit = Mapping[str, Any]  # {"do": "type", …}: plain data, so that LibreOffice can be asked for the same


def edit(path: Path, edits: Iterable[Edit], out: Path | None = None) -> None:
    """Open the workbook, make the edits, save it as Excel saves."""
    book = ExcelFile(path)
    for wanted in edits:
        arguments = dict(wanted)
        EDITS[arguments.pop("do")](book, **arguments)
    excel_save.as_saved_by_excel(book)
    book.save(out or path)


def type_text(book: ExcelFile, table: str, where: Mapping[str, object], column: str, value: object) -> None:
    """Type into one cell of a table."""
    found = book.tables[table]
    ref = name_of(found.column(column), book.row_of(found, where))
    book.put_value(book.cell(found.sheet, ref), value)


def type_at(book: ExcelFile, sheet: str, ref: str, value: object, formula: str | None = None) -> None:
    """Type into a cell outside a table; a formula comes with the value Excel computes."""
    book.put_value(book.cell(sheet, ref), value, formula)


def colour(book: ExcelFile, table: str, where: Mapping[str, object], rgb: str, columns: Sequence[str] = ()) -> None:
    """Fill a row of the table (or only these columns of it) with a colour."""
    found = book.tables[table]
    row = book.row_of(found, where)
    for header in columns or found.headers:
        cell = book.cell(found.sheet, name_of(found.column(header), row))
        cell.set("s", str(filled(book, int(cell.get("s", "0")), rgb)))


def filled(book: ExcelFile, style: int, rgb: str) -> int:
    """A cell format like the one given, with this fill: added to the styles where it is new."""
    styles = book.xml(next(t for _, kind, t in book.related(book.workbook) if kind == "styles"))
    fills, formats = styles.find(M + "fills"), styles.find(M + "cellXfs")
    fill = etree.fromstring(
        f'<fill xmlns="{M[1:-1]}"><patternFill patternType="solid"><fgColor rgb="FF{rgb}"/><bgColor indexed="64"/>'
        "</patternFill></fill>"
    )
    at = _appended(fills, fill)
    made = deepcopy(formats[style])
    made.set("fillId", str(at))
    made.set("applyFill", "1")
    return _appended(formats, made)


def _appended(parent: etree._Element, made: etree._Element) -> int:
    wanted = etree.tostring(made, method="c14n")
    for at, present in enumerate(parent):
        if etree.tostring(present, method="c14n") == wanted:
            return at
    parent.append(made)
    parent.set("count", str(len(parent)))
    return len(parent) - 1


def height(book: ExcelFile, table: str, where: Mapping[str, object], points: float) -> None:
    """Drag the row's edge."""
    found = book.tables[table]
    row = book.row(found.sheet, book.row_of(found, where))
    row.set("ht", repr(points).removesuffix(".0"))
    row.set("customHeight", "1")


def insert_column(book: ExcelFile, table: str, before: str, header: str, values: Sequence[Sequence[Any]] = (), formula: str | None = None, results: Sequence[Any] = ()) -> None:  # fmt: skip
    """A sheet column inserted inside the table; `values` are (where, value) pairs, or there is one formula
    (`[@header]` is the cell of its row) with its results."""
    found = book.tables[table]
    at, place = found.column(before), found.headers.index(before)
    excel_shifts.insert_column(book, found.sheet, at)
    columns = found.root.find(M + "tableColumns")
    id = 1 + max(int(c.get("id")) for c in columns)
    made = etree.Element(M + "tableColumn", id=str(id), name=header)
    columns.insert(place, made)
    columns.set("count", str(len(columns)))
    for filtering in found.root.iter(M + "filterColumn"):
        if int(filtering.get("colId")) >= place:
            filtering.set("colId", str(int(filtering.get("colId")) + 1))
    book.put_value(book.cell(found.sheet, name_of(at, found.area[1])), header)
    for where, value in values:
        book.put_value(book.cell(found.sheet, name_of(at, book.row_of(found, where))), value)
    if formula is not None:
        formula = re.sub(r"\[@([^\]]+)\]", rf"{table}[[#This Row],[\1]]", formula)
        etree.SubElement(made, M + "calculatedColumnFormula").text = formula
        for row, result in zip(found.rows, results, strict=True):
            book.put_value(book.cell(found.sheet, name_of(at, row)), result, formula)


def append_row(book: ExcelFile, table: str, values: Mapping[str, object], result: float = 0) -> None:
    """Type a row directly under the table: Excel takes it in, with the formats, formulas and ranges of the row above."""
    found = book.tables[table]
    last, left, right = found.area[3], found.area[0], found.area[2]
    blank = len(found.rows) == 1 and all(
        book.value(book.cell(found.sheet, name_of(c, last))) is None for c in range(left, right + 1)
    )
    if not blank:
        excel_shifts.grow(book, table)
    row = last + (not blank)
    formulas = [c.findtext(M + "calculatedColumnFormula") for c in found.root.iter(M + "tableColumn")]
    for column, header, formula in zip(range(left, right + 1), found.headers, formulas, strict=True):
        above, cell = book.cell(found.sheet, name_of(column, last)), book.cell(found.sheet, name_of(column, row))
        if above.get("s"):
            cell.set("s", above.get("s"))
        if header in values or formula:
            book.put_value(cell, values.get(header, result), formula if header not in values else None)


def delete_row(book: ExcelFile, table: str, where: Mapping[str, object]) -> None:
    """Right click, delete, table row: here as a whole sheet row."""
    found = book.tables[table]
    excel_shifts.delete_row(book, found.sheet, book.row_of(found, where))


def set_filter(book: ExcelFile, table: str, column: str, values: Sequence[str]) -> None:
    """Choose values in the header's dropdown: the other rows are hidden."""
    found = book.tables[table]
    filtering = found.root.find(M + "autoFilter")
    chosen = etree.SubElement(filtering, M + "filterColumn", colId=str(found.headers.index(column)))
    filters = etree.SubElement(chosen, M + "filters")
    for value in values:
        etree.SubElement(filters, M + "filter", val=value)
    for row, value in book.values(found, column).items():
        if str(value) not in values:
            book.row(found.sheet, row).set("hidden", "1")


def sort_rows(book: ExcelFile, table: str, column: str) -> None:
    """Sort A to Z by a column: cells move with their formats and notes, row heights stay where they are."""
    found = book.tables[table]
    by = book.values(found, column)
    order = sorted(by, key=lambda row: (by[row] is None, str(type(by[row])), by[row]))
    goes = dict(zip(order, found.rows, strict=True))
    left, _, right, _ = found.area
    cells = {}
    for row in found.rows:
        for cell in list(book.row(found.sheet, row)):
            at = split(cell.get("r"))[0]
            if left <= at <= right:
                cells[goes[row], at] = cell
                cell.getparent().remove(cell)
    for row in found.rows:
        parent = book.row(found.sheet, row)
        beside = list(parent)
        mine = [cells[row, c] for c in range(left, right + 1) if (row, c) in cells]
        for cell in mine:
            here, was = split(cell.get("r"))
            cell.set("r", name_of(here, row))
            for formula in cell.iter(M + "f"):  # a relative reference to its own row goes along
                formula.text = re.sub(rf"(?<=[A-Z]){was}\b", str(row), formula.text or "")
        parent[:] = sorted([*beside, *mine], key=lambda c: split(c.get("r"))[0])
    excel_objects.move_notes(book, found.sheet, range(left, right + 1), goes)
    filtering = found.root.find(M + "autoFilter")
    at = found.column(column)
    first, last = found.rows[0], found.rows[-1]
    for old in found.root.findall(M + "sortState"):
        found.root.remove(old)
    state = etree.Element(M + "sortState", ref=ref_of((left, first, right, last)))
    etree.SubElement(state, M + "sortCondition", ref=ref_of((at, first, at, last)))
    filtering.addnext(state)


def hide_row(book: ExcelFile, table: str, where: Mapping[str, object]) -> None:
    """Hide a row by hand, without a filter."""
    found = book.tables[table]
    book.row(found.sheet, book.row_of(found, where)).set("hidden", "1")


def hide_column(book: ExcelFile, table: str, column: str) -> None:
    """Hide one column of the sheet."""
    found = book.tables[table]
    at = found.column(column)
    cols = book.child(found.sheet, "cols")
    for col in list(cols):
        low, high = int(col.get("min")), int(col.get("max"))
        if low <= at <= high:
            for a, b in ((low, at - 1), (at + 1, high)):
                if a <= b:
                    beside = deepcopy(col)
                    beside.set("min", str(a))
                    beside.set("max", str(b))
                    (col.addprevious if b < at else col.addnext)(beside)
            col.set("min", str(at))
            col.set("max", str(at))
            col.set("hidden", "1")
            return
    made = etree.Element(M + "col", min=str(at), max=str(at), width="0", hidden="1", customWidth="1")
    cols[:] = sorted([*cols, made], key=lambda c: int(c.get("min")))


EDITS: dict[str, Callable[..., None]] = {
    "type": type_text, "type_at": type_at, "colour": colour, "height": height, "insert_column": insert_column,
    "append_row": append_row, "delete_row": delete_row, "filter": set_filter, "sort": sort_rows, "hide_row": hide_row, "hide_column": hide_column,
    "rename_header": excel_shifts.rename_header, "rename_sheet": excel_shifts.rename_sheet, "insert_row": excel_shifts.insert_row, "move_sheet": excel_shifts.move_sheet,
    "comment": excel_objects.comment, "link": excel_objects.link, "picture": excel_objects.picture,
    "chart": excel_objects.chart, "own_sheet": excel_objects.own_sheet, "data_bar": excel_objects.data_bar,
    "dropdown": excel_objects.dropdown,
}  # fmt: skip
