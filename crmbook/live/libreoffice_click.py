"""The button where it is pressed in LibreOffice: `python -m crmbook.live.libreoffice_click URL PIPE` refreshes that document."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from crmbook.live import dialog
from crmbook.live.finding import find
from crmbook.live.libreoffice_document import Document
from crmbook.live.libreoffice_uno import connect, file_path, uno
from crmbook.live.refreshing import pressed, refresh
from crmbook.problems import CannotProceedError

if TYPE_CHECKING:
    import xlwings as xw

TURN = 0.0001  # seconds after which what is being loaded lets one go on that has got its answer
SOON = 1.0  # seconds: LibreOffice names the pipe a moment before it listens at it
HEAVY = ("crmbook.live.libreoffice", "crmbook.verbs.opened", "crmbook.live.writing", "crmbook.live.awaited")


def main(url: str, pipe: str = "", press: str = "0") -> None:
    """Refreshes the document that is open from `url`: progress in its status bar, what is wrong in a message box. `pipe`: where
    LibreOffice listens; "" if it does not yet; `press`: the number by which it knows what it has looked at since."""
    gc.disable()  # this process ends with the press: looking for garbage takes a tenth of it, in vain
    sys.setswitchinterval(TURN)
    loading = Thread(target=_load)
    try:
        uno()  # first, as it borrows where Python imports from
        loading.start()
        document = _open_at(url, pipe)
        book = find(Path(file_path(url))) if document is None else None
    except CannotProceedError:
        with dialog.telling():  # which writes it to the log; without the document there is no window to show it in
            raise
    if document is not None:
        _press(document, file_path(url), int(press))
        with suppress(Exception):  # the document may have been closed, and LibreOffice with it
            document.connection.basic.renew_button()
    elif book is not None:
        refresh(book)


def _open_at(url: str, pipe: str) -> Document | None:
    """The document in the LibreOffice that listens at the pipe."""
    connection = connect(pipe, SOON) if pipe else None
    if connection is None:
        return None
    return next((Document(connection, one) for one in connection.spreadsheets() if url == one.URL), None)


def _press(document: Document, place: str, press: int) -> None:
    """The document is read while the rest is loaded, and then refreshed."""
    with dialog.telling() as tell:
        try:
            with dialog.once_at(Path(place).name, place):
                document.look(press)
                tell.book = _book(document)
                pressed(tell.book, tell)
        except CannotProceedError:
            tell.book = tell.book or _book(document)  # whose window shows what is wrong
            raise


def _book(document: Document) -> xw.Book:
    from crmbook.live.libreoffice import books  # late, as xlwings brings all of pandas

    (book,) = books([document])
    return book


def _load() -> None:
    """Brings in what takes longest, while LibreOffice is asked for what stands in the document."""
    for name in HEAVY:
        with suppress(Exception):  # who needs it hears what is wrong
            import_module(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
