"""The same work done with other means, each as a command: `python -m benchmarks.peers NAME BOOK…`."""

import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

NOTE = ("客户分级表", "V25")  # the first customer's note


def openpyxl_change(book: Path) -> None:
    """What most scripts do to change one cell."""
    import openpyxl

    workbook = openpyxl.load_workbook(book)
    workbook[NOTE[0]][NOTE[1]] = "openpyxl"
    workbook.save(book.with_suffix(".peer.xlsx"))


def pandas_change(book: Path) -> None:
    """What most reports are: read the orders, sum them by customer, put the sums into the workbook."""
    import pandas as pd

    orders = pd.read_excel(book, sheet_name="订单", header=3, engine="openpyxl")
    sums = orders.groupby("客户编号")["金额"].sum().sort_values(ascending=False)
    with pd.ExcelWriter(book, engine="openpyxl", mode="a", if_sheet_exists="overlay") as writer:
        sums.reset_index().to_excel(writer, sheet_name="sums", index=False)


def excelize_change(book: Path) -> None:
    import excelize

    workbook = excelize.open_file(str(book))
    workbook.set_cell_value(*NOTE, "excelize")
    workbook.save_as(str(book.with_suffix(".peer.xlsx")))


def excelize_read(book: Path) -> None:
    import excelize

    workbook = excelize.open_file(str(book))
    for name in workbook.get_sheet_list():
        workbook.get_rows(name)


def calamine_read(*books: Path) -> None:
    """The floor for a refresh: merely reading every sheet."""
    from python_calamine import CalamineWorkbook

    for book in books:
        workbook = CalamineWorkbook.from_path(str(book))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def pandas_calamine_read(book: Path) -> None:
    import pandas as pd

    pd.read_excel(book, sheet_name=None, header=None, engine="calamine")


def openpyxl_read(book: Path) -> None:
    import openpyxl

    workbook = openpyxl.load_workbook(book, read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass


def pandas_openpyxl_read(book: Path) -> None:
    import pandas as pd

    pd.read_excel(book, sheet_name=None, header=None, engine="openpyxl")


def copy_zip(*books: Path) -> None:
    """The floor for a save: checking every entry and copying the archive's bytes."""
    for book in books:
        with zipfile.ZipFile(book) as archive:
            archive.testzip()
        book.with_suffix(".peer.xlsx").write_bytes(book.read_bytes())


def crmbook_read(book: Path) -> None:
    """What a refresh reads of the data: the sheets of data only, as checked and typed tables."""
    from crmbook.sources import workbook

    workbook.SOURCE.read(book, "zh", lambda table, row, column: table)


def crmbook_write(book: Path, source: Path) -> None:
    """A build that prints how long its last stage took: filling the drawn forms, checking, saving, all by this process."""
    from crmbook import book as verbs
    from crmbook.verbs import ahead
    from crmbook.verbs.outcome import WRITING

    ahead.MANY = sys.maxsize  # else a second process would have written half of it before

    begun = {}
    verbs.build(book, source=source, step=lambda text: begun.update({text.en: clocks()}))
    print(*(now - then for now, then in zip(clocks(), begun[WRITING.en], strict=True)))


def clocks() -> tuple[float, float]:
    """The seconds of the clock and of the processor."""
    return time.perf_counter(), time.process_time()


def office_open(book: Path) -> None:
    """What a person waits for: LibreOffice opens the book, trusting the values beside its formulas, and saves it."""
    _through_office(book, anew=False)


def office_recalculate(book: Path) -> None:
    """The same with every formula calculated anew."""
    _through_office(book, anew=True)


def _through_office(book: Path, *, anew: bool) -> None:
    from crmbook.office import convert

    convert(book, [book], "xlsx:Calc MS Excel 2007 XML", book.parent / "office", anew=anew)


PEERS: dict[str, Callable[..., None]] = {
    f.__name__: f
    for f in (
        openpyxl_change, pandas_change, excelize_change, calamine_read, pandas_calamine_read, openpyxl_read,
        pandas_openpyxl_read, excelize_read, copy_zip, crmbook_read, crmbook_write, office_open, office_recalculate,
    )
}  # fmt: skip

if __name__ == "__main__":
    PEERS[sys.argv[1]](*map(Path, sys.argv[2:]))
