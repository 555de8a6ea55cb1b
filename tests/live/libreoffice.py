"""A LibreOffice of our own that listens, and the workbooks opened in it as xlwings' objects."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from crmbook.live.libreoffice import opened
from crmbook.live.libreoffice_uno import Connection, connect, setting
from tests.libreoffice_program import STARTS, kill, started

STARTING = 90  # seconds until it answers, on a machine that has other work
MACROS_RUN = 4  # com.sun.star.document.MacroExecMode: no question


@dataclass(frozen=True)
class Office:
    """The running program; `log` is where what its buttons start writes what happened."""

    connection: Connection
    log: Path

    @contextmanager
    def document(self, path: Path) -> Iterator[Any]:
        """The workbook, open as long as we are inside; nothing of it is saved."""
        options = (setting("Hidden", True), setting("MacroExecutionMode", MACROS_RUN))
        document = self.connection.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, options)
        try:
            yield document
        finally:
            document.close(True)

    def book(self, path: Path) -> xw.Book:
        """The open workbook as xlwings sees it."""
        return next(book for book in opened(self.connection) if book.fullname == str(path))


@contextmanager
def running(profile: Path, state: Path) -> Iterator[Office]:
    """A LibreOffice with a profile of its own, our Basic in it; it is ended whatever happens."""
    for _ in range(STARTS):
        with started(profile) as (program, pipe):
            connection = _reached(program, pipe)
            if connection is not None:
                connection.basic.renew_button()
                yield Office(connection, state / "live.log")
                connection.desktop.terminate()
                return
            kill(program)
    pytest.fail(f"LibreOffice did not answer; the last one ended with {program.returncode}")


def _reached(program: subprocess.Popen[bytes], pipe: str) -> Connection | None:
    """The connection to a program that is starting; None if it ends before it answers, or never does."""
    end = time.monotonic() + STARTING
    while program.poll() is None and time.monotonic() < end:
        connection = connect(pipe)
        if connection is not None:
            return connection
        time.sleep(0.1)
    return None
