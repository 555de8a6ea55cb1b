"""The button where it is pressed in LibreOffice: `python -m crmbook.live.libreoffice_click URL` refreshes that document."""

import gc
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import url2pathname

from crmbook.live.dialog import telling
from crmbook.live.finding import find
from crmbook.live.libreoffice_uno import uno
from crmbook.live.refreshing import refresh
from crmbook.problems import CannotProceedError


def main(url: str) -> None:
    """Refreshes the document that is open from `url`: progress in its status bar, what is wrong in a message box."""
    gc.disable()  # this process ends with the press: looking for garbage takes a tenth of it, in vain
    with suppress(CannotProceedError):  # `find` says so
        uno()  # first, as it borrows where Python imports from
    Thread(target=_load).start()
    try:
        book = find(Path(url2pathname(urlsplit(url).path)))
    except CannotProceedError:
        with telling():  # which writes it to the log; without the document there is no window to show it in
            raise
    if book is not None:
        refresh(book)


def _load() -> None:
    """Brings in what takes longest, while LibreOffice is asked for the document."""
    with suppress(Exception):  # who needs it hears what is wrong
        import_module("crmbook.verbs.opened")


if __name__ == "__main__":
    main(sys.argv[1])
