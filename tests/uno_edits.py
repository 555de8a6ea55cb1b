"""Runs under LibreOffice's own Python: opens a workbook, makes the edits as a user of LibreOffice would, saves it as xlsx.

python3 uno_edits.py PIPE WORKBOOK EDITS.json OUT
"""

import json
import re
import sys
from pathlib import Path

import uno  # noqa: F401  (with it come the modules of com.sun.star)
from com.sun.star.awt import Point, Rectangle, Size
from com.sun.star.sheet import TableFilterField
from com.sun.star.sheet.FilterConnection import OR
from com.sun.star.sheet.FilterOperator import EQUAL
from com.sun.star.sheet.FormulaResult import STRING

sys.path.insert(0, str(Path(__file__).parent))
from uno_office import run, setting


class Book:
    """The open document and its tables."""

    def __init__(self, document, context):
        self.document, self.context = document, context
        self.sheets = document.Sheets

    def table(self, name):
        return Table(self, self.document.DatabaseRanges.getByName(name))


class Table:
    """One database range: its sheet, its header texts, its rows (0-based)."""

    def __init__(self, book, area):
        self.area = area
        at = area.DataArea
        self.sheet = book.sheets.getByIndex(at.Sheet)
        self.left, self.right, self.top, self.bottom = at.StartColumn, at.EndColumn, at.StartRow, at.EndRow
        self.headers = [self.sheet.getCellByPosition(c, self.top).String for c in range(self.left, self.right + 1)]

    def column(self, header):
        return self.left + self.headers.index(header)

    def row_of(self, where):
        for row in range(self.top + 1, self.bottom + 1):
            cells = [(self.sheet.getCellByPosition(self.column(h), row), v) for h, v in where.items()]
            if all((c.String if isinstance(v, str) else c.Value) == v for c, v in cells):
                return row
        raise LookupError(where)

    def range(self, header):
        at = self.column(header)
        return self.sheet.getCellRangeByPosition(at, self.top, at, self.bottom).RangeAddress


def put(cell, value):
    if isinstance(value, str):
        cell.String = value
    elif value is not None:
        cell.Value = value


def relative(table, formula, row):
    """`[@header]` becomes the cell on the same row, as one gets by pointing at it."""

    def one(found):
        name = table.sheet.getCellByPosition(table.column(found[1]), row).AbsoluteName
        return name.rpartition(".")[2].replace("$", "")

    return "=" + re.sub(r"\[@([^\]]+)\]", one, formula)


def type_text(book, table, where, column, value):
    found = book.table(table)
    put(found.sheet.getCellByPosition(found.column(column), found.row_of(where)), value)


def type_at(book, sheet, ref, value, formula=None):
    cell = book.sheets.getByName(sheet).getCellRangeByName(ref)
    if formula:
        cell.Formula = "=" + formula
    else:
        put(cell, value)


def colour(book, table, where, rgb, columns=()):
    found = book.table(table)
    row = found.row_of(where)
    for header in columns or found.headers:
        found.sheet.getCellByPosition(found.column(header), row).CellBackColor = int(rgb, 16)


def height(book, table, where, points):
    found = book.table(table)
    found.sheet.Rows.getByIndex(found.row_of(where)).Height = round(points * 2540 / 72)


def insert_column(book, table, before, header, values=(), formula=None, results=()):
    found = book.table(table)
    at = found.column(before)
    found.sheet.Columns.insertByIndex(at, 1)
    found.sheet.getCellByPosition(at, found.top).String = header
    found = book.table(table)
    for where, value in values:
        put(found.sheet.getCellByPosition(at, found.row_of(where)), value)
    for row in range(found.top + 1, found.bottom + 1) if formula else ():
        found.sheet.getCellByPosition(at, row).Formula = relative(found, formula, row)


def rename_header(book, table, old, new):
    found = book.table(table)
    found.sheet.getCellByPosition(found.column(old), found.top).String = new


def move_sheet(book, name, before):
    book.sheets.moveByName(name, [*book.sheets.ElementNames].index(before))


def delete_sheet(book, name):
    book.sheets.removeByName(name)


def append_row(book, table, values, result=0):
    """Typed directly under the table; LibreOffice does not make the table longer."""
    found = book.table(table)
    row = found.bottom + 1
    key = found.column(next(iter(values)))
    while found.sheet.getCellByPosition(key, row).String:
        row += 1
    for header, value in values.items():
        put(found.sheet.getCellByPosition(found.column(header), row), value)


def delete_row(book, table, where):
    found = book.table(table)
    found.sheet.Rows.removeByIndex(found.row_of(where), 1)


def set_filter(book, table, column, values):
    found = book.table(table)
    fields = []
    for value in values:
        field = TableFilterField()
        field.Field, field.Operator, field.Connection = found.headers.index(column), EQUAL, OR
        field.IsNumeric, field.StringValue = False, value
        fields.append(field)
    found.area.AutoFilter = True
    descriptor = found.area.FilterDescriptor
    descriptor.ContainsHeader = True
    descriptor.setFilterFields(tuple(fields))
    found.area.refresh()


def comment(book, table, where, column, text, author):
    found = book.table(table)
    cell = found.sheet.getCellByPosition(found.column(column), found.row_of(where))
    found.sheet.Annotations.insertNew(cell.CellAddress, text)


def picture(book, sheet, at, png):
    path = Path(sys.argv[4]).with_suffix(".png")
    path.write_bytes(bytes.fromhex(png))
    provider = book.context.ServiceManager.createInstanceWithContext(
        "com.sun.star.graphic.GraphicProvider", book.context
    )
    shape = book.document.createInstance("com.sun.star.drawing.GraphicObjectShape")
    shape.Graphic = provider.queryGraphic((setting("URL", path.as_uri()),))
    shape.Size = Size(2000, 2000)
    page = book.sheets.getByName(sheet)
    corner = page.getCellByPosition(*at).Position
    shape.Position = Point(corner.X, corner.Y)
    page.DrawPage.add(shape)


def chart(book, sheet, at, table, categories, values):
    found = book.table(table)
    page = book.sheets.getByName(sheet)
    corner = page.getCellByPosition(*at).Position
    ranges = (found.range(categories), found.range(values))
    page.Charts.addNewByName("my chart", Rectangle(corner.X, corner.Y, 9000, 6000), ranges, True, True)


def own_sheet(book, name, cells):
    book.sheets.insertNewByName(name, book.sheets.Count)
    sheet = book.sheets.getByName(name)
    for ref, content in cells.items():
        cell = sheet.getCellRangeByName(ref)
        if isinstance(content, list):
            cell.Formula = "=" + content[0]
        else:
            put(cell, content)


def hide_column(book, table, column):
    found = book.table(table)
    found.sheet.Columns.getByIndex(found.column(column)).IsVisible = False


def pick(book, named, values, read, to):
    """Type one value after the other into a named cell, and write down what the other named cells come to."""

    def cell(name):
        return book.document.NamedRanges.getByName(name).ReferredCells.getCellByPosition(0, 0)

    def came_to(cell):
        return f"error {cell.getError()}" if cell.getError() else cell.String if cell.FormulaResultType2 == STRING else cell.Value  # fmt: skip

    picker, others, found = cell(named), {name: cell(name) for name in read}, []
    for value in values:
        picker.String = ""  # a number after a text
        put(picker, value)
        found.append({name: came_to(other) for name, other in others.items()})
    Path(to).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


EDITS = {
    "type": type_text, "type_at": type_at, "colour": colour, "height": height, "insert_column": insert_column, "append_row": append_row,
    "delete_row": delete_row, "filter": set_filter, "rename_header": rename_header, "move_sheet": move_sheet, "delete_sheet": delete_sheet, "comment": comment,
    "picture": picture, "chart": chart, "own_sheet": own_sheet, "hide_column": hide_column, "pick": pick,
}  # fmt: skip


def main(context, desktop, source, edits, out):
    document = desktop.loadComponentFromURL(Path(source).resolve().as_uri(), "_blank", 0, (setting("Hidden", True),))
    book = Book(document, context)
    for wanted in json.loads(Path(edits).read_text("utf-8")):
        EDITS[wanted.pop("do")](book, **wanted)
    document.storeToURL(Path(out).resolve().as_uri(), (setting("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)


if __name__ == "__main__":
    run(main)
