"""Holds a workbook open in LibreOffice: run by libreoffice_holding.py with the system's Python, which knows UNO.

`uno_hold.py PIPE BOOK PASSWORD SHEET CELL`: prints what stands in the cell, then waits for a line before it closes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from uno_office import run, setting


def main(context, desktop, book, password, sheet, cell):
    options = [setting("Hidden", True), *([setting("Password", password)] if password else [])]
    document = desktop.loadComponentFromURL(Path(book).resolve().as_uri(), "_blank", 0, tuple(options))
    print(document.Sheets.getByName(sheet).getCellRangeByName(cell).String, flush=True)
    sys.stdin.readline()
    document.close(True)


if __name__ == "__main__":
    run(main)
