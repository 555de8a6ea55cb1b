"""Holds a workbook open in LibreOffice: run by libreoffice_holding.py with the system's Python, which knows UNO.

`uno_hold.py PIPE BOOK PASSWORD SHEET CELL`: prints what stands in the cell, then waits for a line before it closes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from uno_edits import desktop, setting


def main():
    pipe, book, password, sheet, cell = sys.argv[1:]
    _, office = desktop(pipe)
    try:
        options = [setting("Hidden", True), *([setting("Password", password)] if password else [])]
        document = office.loadComponentFromURL(Path(book).resolve().as_uri(), "_blank", 0, tuple(options))
        print(document.Sheets.getByName(sheet).getCellRangeByName(cell).String, flush=True)
        sys.stdin.readline()
        document.close(True)
    finally:
        office.terminate()


if __name__ == "__main__":
    main()
