"""XlsxWriter writing the cells of a workbook anew: `python -m benchmarks.same_cells take BOOK CELLS`, then `write CELLS OUT`.

The same values, formulas with their values, number formats, column widths and sheets; no styles, charts, tables or rules,
which cost little beside the cells. `write` prints the seconds spent in XlsxWriter only: the cells lie in memory, some
thousand rows at a time, before its clock runs.
"""

import pickle
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from benchmarks.peers import clocks

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CHUNK = 5_000
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "m/d/yy",
    22: "m/d/yy h:mm",
    49: "@",
}


def take(book: Path, cells: Path) -> None:
    """The workbook's cells as a file of pickles: (sheet, rows) where a row is its number and its cells."""
    with zipfile.ZipFile(book) as archive, cells.open("wb") as out:
        formats = list(_formats(etree.fromstring(archive.read("xl/styles.xml"))))
        pickle.dump(formats, out)
        shared = list(_shared(archive))
        for name, part in _sheets(archive):
            rows = []
            with archive.open(part) as xml:
                for _, row in etree.iterparse(xml, tag=M + "row"):
                    rows.append((int(row.get("r")) - 1, [_cell(c, shared) for c in row if len(c)]))
                    row.clear()
                    while row.getprevious() is not None:
                        del row.getparent()[0]
                    if len(rows) == CHUNK:
                        pickle.dump((name, rows), out)
                        rows = []
            pickle.dump((name, rows), out)


def _formats(styles: etree._Element) -> Iterator[str]:
    own = {int(f.get("numFmtId")): f.get("formatCode") for f in styles.iter(M + "numFmt")}
    for xf in styles.find(M + "cellXfs"):
        number = int(xf.get("numFmtId", "0"))
        yield own.get(number) or BUILT_IN.get(number, "")


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target") for r in relations}
    for sheet in etree.fromstring(archive.read("xl/workbook.xml")).iter(M + "sheet"):
        yield sheet.get("name"), "xl/" + targets[sheet.get(R + "id")].removeprefix("/xl/")


def _shared(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        for item in etree.fromstring(archive.read("xl/sharedStrings.xml")).iter(M + "si"):
            yield "".join(item.itertext(M + "t"))


def _cell(cell: etree._Element, shared: Sequence[str]) -> tuple[int, object, str | None, int]:
    """Column, value, formula, style."""
    column = 0
    for letter in cell.get("r"):
        if letter.isdigit():
            break
        column = 26 * column + ord(letter) - 64
    kind, formula, held = cell.get("t", "n"), cell.find(M + "f"), cell.find(M + "v")
    text = "".join(cell.itertext(M + "t")) if kind == "inlineStr" else held.text if held is not None else ""
    value: object = text or ""
    if kind == "n" and text:
        value = float(text)
    elif kind == "s":
        value = shared[int(text)]
    elif kind == "b":
        value = text == "1"
    return column - 1, value, None if formula is None else formula.text, int(cell.get("s", "0"))


def write(cells: Path, out: Path) -> None:
    """The cells into a new workbook with XlsxWriter in constant memory; prints the seconds of clock and processor."""
    import xlsxwriter

    spent, sheets = [0.0, 0.0], {}

    @contextmanager
    def counted() -> Iterator[None]:
        begun = clocks()
        yield
        spent[:] = [s + now - then for s, now, then in zip(spent, clocks(), begun, strict=True)]

    with cells.open("rb") as file:
        codes = pickle.load(file)
        with counted():
            workbook = xlsxwriter.Workbook(out, {"constant_memory": True})
            formats = [workbook.add_format({"num_format": code} if code else {}) for code in codes]
        while file.peek(1):
            name, rows = pickle.load(file)
            with counted():
                if name not in sheets:
                    sheets[name] = workbook.add_worksheet(name)
                _put(sheets[name], rows, formats)
    with counted():
        workbook.close()
    print(*spent)


def _put(sheet, rows, formats) -> None:
    number, string, formula, boolean = sheet.write_number, sheet.write_string, sheet.write_formula, sheet.write_boolean
    for row, cells in rows:
        for column, value, text, style in cells:
            if text is not None:
                formula(row, column, text, formats[style], value)
            elif type(value) is float:
                number(row, column, value, formats[style])
            elif type(value) is str:
                string(row, column, value, formats[style])
            else:
                boolean(row, column, value, formats[style])


if __name__ == "__main__":
    {"take": take, "write": write}[sys.argv[1]](*map(Path, sys.argv[2:]))
