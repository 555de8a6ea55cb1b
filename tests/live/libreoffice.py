"""A LibreOffice of our own that listens, and the workbooks opened in it as xlwings' objects."""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwings as xw

from crmbook.live.libreoffice import opened
from crmbook.live.libreoffice_uno import Connection, connect, setting
from tests.libreoffice_edits import office

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
    pipe = f"crmbook{uuid.uuid4().hex}"
    arguments = ["--headless", "--norestore", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    program = subprocess.Popen([office(), f"-env:UserInstallation={profile.as_uri()}", *arguments], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _ in range(600):
            connection = connect(pipe)
            if connection is not None:
                break
            assert program.poll() is None
            time.sleep(0.1)
        assert connection is not None
        assert connection.basic
        yield Office(connection, state / "live.log")
        connection.desktop.terminate()
        program.wait(60)
    finally:
        if program.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
