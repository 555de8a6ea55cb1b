"""The same work done with other means, each as a command: `python -m benchmarks.peers NAME BOOK`."""

import sys
import zipfile
from pathlib import Path


def openpyxl_load_save(book: Path) -> None:
    """What most scripts do to change one cell."""
    import openpyxl

    workbook = openpyxl.load_workbook(book)
    workbook.save(book.with_suffix(".peer.xlsx"))


def pandas_openpyxl(book: Path) -> None:
    """Read the order sheet with pandas and write it to a new book."""
    import pandas as pd

    frame = pd.read_excel(book, sheet_name=None, header=None)
    with pd.ExcelWriter(book.with_suffix(".peer.xlsx"), engine="openpyxl") as writer:
        for name, sheet in frame.items():
            sheet.to_excel(writer, sheet_name=name, index=False, header=False)


def calamine_read(book: Path) -> None:
    """The floor for a refresh: merely reading every sheet."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(book))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def copy_zip(book: Path) -> None:
    """The floor for a save: copying the archive's bytes and checking every entry."""
    data = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        archive.testzip()
    book.with_suffix(".peer.xlsx").write_bytes(data)


def office_open(book: Path) -> None:
    """What a person waits for: LibreOffice opens the book, trusting the values beside its formulas, and saves it."""
    _through_office(book, anew=False)


def office_recalculate(book: Path) -> None:
    """The same with every formula calculated anew."""
    _through_office(book, anew=True)


def _through_office(book: Path, *, anew: bool) -> None:
    from crmbook.office import convert

    convert(book, [book], "xlsx:Calc MS Excel 2007 XML", book.parent / "office", anew=anew)


PEERS = {
    f.__name__: f
    for f in (openpyxl_load_save, pandas_openpyxl, calamine_read, copy_zip, office_open, office_recalculate)
}

if __name__ == "__main__":
    PEERS[sys.argv[1]](Path(sys.argv[2]))
