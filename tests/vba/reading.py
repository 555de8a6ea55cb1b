"""What others read in a VBA project: oletools its modules, the package what hangs on it."""

import io
import warnings
import zipfile

import openpyxl
from openpyxl.chartsheet import Chartsheet

from crmbook.ooxml import Package, Workbook
from crmbook.verbs.macros import carry, macros

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by names it is about to lose
    from oletools.olevba import VBA_Parser, decompress_stream

PROJECT = "xl/vbaProject.bin"


def modules(project: bytes) -> dict[str, str]:
    """The modules of a project as oletools reads them, name → source with its attributes."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    found = {file.rpartition(".")[0]: source for _, _, file, source in parser.extract_all_macros()}
    parser.close()
    return found


def unpacked(stream: bytes) -> bytes:
    """A compressed stream of a project as oletools unpacks it."""
    return bytes(decompress_stream(bytearray(stream)))


def plain_book(*sheets: str, chart_sheets: int = 0) -> bytes:
    """An .xlsx of openpyxl's with a word on each sheet, and chart sheets behind them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        book.create_sheet(name)["A1"] = name
    for at in range(chart_sheets):
        chart = openpyxl.chart.BarChart()
        chart.add_data(openpyxl.chart.Reference(book.worksheets[0], min_col=1, min_row=1, max_row=2))
        sheet: Chartsheet = book.create_chartsheet(f"图{at}")
        sheet.add_chart(chart)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_button(made: bytes, **more: object) -> bytes:
    """The workbook with the macro and the button, in Chinese unless told otherwise."""
    package = Package.open(made)
    carry(package, more.get("lang", "zh"), more.get("sources") or macros())
    return bytes_of(package)


def bytes_of(package: Package) -> bytes:
    out = io.BytesIO()
    package.save(out)
    return out.getvalue()


def stored(made: bytes) -> dict[str, bytes]:
    """Each part's bytes as they are packed."""
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        infos = opened.infolist()
    places = {i.filename: i for i in infos}
    found = {}
    for name, info in places.items():
        head = made[info.header_offset : info.header_offset + 30]
        start = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        found[name] = made[start : start + info.compress_size]
    return found


def sheet_parts(package: Package) -> list[str]:
    kinds = ("worksheet", "chartsheet")
    return [r.target for r in package.relationships(package.workbook) if r.kind in kinds]


def names_of(made: bytes) -> list[str]:
    return [s.name for s in Workbook(Package.open(made)).sheets]
