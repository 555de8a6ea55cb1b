"""The workbook of a path where it is open: in a running Excel, or in a running LibreOffice."""

from __future__ import annotations

import getpass
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crmbook.keep.owners import CLOSE, OPEN, SOMEBODY, Owner, owners
from crmbook.live.libreoffice_uno import Connection, connect
from crmbook.live.program import folded
from crmbook.office import program
from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

# A second start with the same profile hands its arguments to the program that runs, and ends.
START = ("--headless", "--nologo", "--norestore", "--nodefault")
PATIENCE = 15.0  # seconds for a running LibreOffice to listen
GET_XLWINGS = Text(
    '{close}；要在打开时更新，请运行 pip install "crmbook[excel]"',
    '{close}; to refresh it while it is open, run pip install "crmbook[excel]"',
)
PERSONAL = "d.docs.live.net"  # somebody's own OneDrive: an account, then the folders
SYNCED = ("onedrive", "sharepoint")  # how the folders begin whose files Excel calls by their address


def find(path: Path) -> xw.Book | None:
    """The workbook at `path`, if Excel or LibreOffice has it open on this computer; None if not, or only somewhere else.

    Raises CannotProceedError if it is open here and cannot be reached, and says what is missing.
    """
    marks = owners(path)
    here = [mark for mark in marks if mark.program == "LibreOffice" and _is_ours(mark)]
    excel = sys.platform in ("win32", "darwin") and all(mark.program != "LibreOffice" for mark in marks)
    if not here and not excel:
        return None
    try:
        import xlwings  # noqa: F401
    except ImportError as missing:
        if not marks:
            return None
        (first, *_) = marks
        what = OPEN.fill(program=first.program, user=first.user or SOMEBODY)
        close = CLOSE.fill(program=first.program, mark=first.mark.name)
        raise stop(path, what, GET_XLWINGS.fill(close=close)) from missing
    return _in_excel(path) if excel else _in_libreoffice(path, here[0])


def _in_excel(path: Path) -> xw.Book | None:
    """The workbook in any of the Excels that run: by its name first, as the full name of some cannot be told."""
    import xlwings as xw

    from crmbook.live.program import tame

    tame()
    for app in xw.engines["excel"].apps if "excel" in xw.engines.engines_by_name else ():
        with suppress(Exception):  # an Excel that does not answer is none that has it
            for book in app.books:
                if folded(book.name) == folded(path.name) and _is_at(book, path):
                    return book
    return None


def _is_at(book: xw.Book, path: Path) -> bool:
    """True if the workbook is the file at this path, or the page in OneDrive or SharePoint that it is a copy of."""
    try:
        full = book.fullname
    except Exception:  # noqa: BLE001  (xlwings does not find the folder of a book it has the address of)
        full = str(book.api.full_name.get() if sys.platform == "darwin" else book.api.FullName)
    return is_same(full, path)


def is_same(full: str, path: Path) -> bool:
    """True if a workbook's full name, a path or an address, means the file at `path`."""
    if "://" not in full:
        return _real(full) == _real(path)
    found = urlsplit(full)
    address = [folded(unquote(part)) for part in found.path.split("/") if part]
    parts = [folded(part) for part in path.absolute().parts]
    roots = [i for i, part in enumerate(parts) if part.startswith(SYNCED)]
    inside = parts[roots[0] + 1 :] if roots else parts[-2:]
    before = 3 if address[:1] == ["personal"] else 1 if found.hostname == PERSONAL else None
    if roots and before is not None:
        return address[before:] == inside
    return len(inside) > 1 and address[-len(inside) :] == inside  # a name alone is that of many a file


def _real(place: str | Path) -> str:
    """The one way to write this place: macOS minds neither capitals nor how an accent is put on its letter."""
    real = os.path.normcase(os.path.realpath(place))
    return folded(real) if sys.platform == "darwin" else real


def _is_ours(mark: Owner) -> bool:
    """True if LibreOffice runs on this computer, for this user."""
    machine, user = socket.gethostname().partition(".")[0], ""
    with suppress(OSError, KeyError, ImportError):
        user = getpass.getuser()
    same_user = not mark.login or not user or mark.login.casefold() == user.casefold()
    return mark.machine.partition(".")[0].casefold() == machine.casefold() and same_user and bool(mark.profile)


def _in_libreoffice(path: Path, mark: Owner) -> xw.Book | None:
    """The document in the LibreOffice that left the mark."""
    connection = attach(mark.profile)
    if connection is None:
        return None
    from crmbook.live.libreoffice import opened

    found = [book for book in opened(connection) if is_same(book.fullname, path)]
    return min(found, key=lambda book: "://" in book.fullname, default=None)  # a path is surer than an address


def attach(profile: str) -> Connection | None:
    """The LibreOffice that runs with this profile (its URL), which is asked to listen at a pipe; None if none runs."""
    asked = _Asked(profile)
    if asked.connection is not None and asked.is_ours:
        asked.end()  # the mark is an old one: what runs now is what we have just started
        return None
    return asked.connection


def install_button() -> bool:
    """Puts the button's macro where LibreOffice's user finds it, starting LibreOffice unseen if need be; False if there is
    none. Raises CannotProceedError if this Python cannot talk to it."""
    asked = _Asked("")
    if asked.connection is None:
        return False
    asked.connection.basic.renew_button()
    if asked.is_ours:
        asked.end()
    return True


class _Asked:
    """A LibreOffice asked to listen: the one that runs with this profile ("": the user's own), or else one that starts."""

    def __init__(self, profile: str) -> None:
        pipe = f"crmbook{sha256(profile.encode()).hexdigest()[:16]}"
        self.started: subprocess.Popen[bytes] | None = None
        self.connection = connect(pipe)
        office = program()
        if self.connection is not None or office is None:
            return
        own = [f"-env:UserInstallation={profile}"] if profile else []
        command = [str(office), *START, *own, f"--accept=pipe,name={pipe};urp;"]
        # The profile is what LibreOffice wrote beside the workbook; it is one argument, and no shell reads it.
        self.started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  # fmt: skip
        try:
            self.connection = connect(pipe, PATIENCE)
        finally:
            if self.connection is None:
                self.end()  # or it would go on unseen, and the user's next document open in it

    @property
    def is_ours(self) -> bool:
        """True if it runs because we started it: nothing is open in it, and our start has not handed over and ended."""
        if self.started is None or self.connection is None or self.started.poll() is not None:
            return False
        return not any(True for _ in self.connection.desktop.Components)

    def end(self) -> None:
        """Ends the LibreOffice that we started."""
        with suppress(Exception):  # it may be gone before it answers
            if self.connection is not None:
                self.connection.desktop.terminate()
        if self.started is None:
            return
        try:
            self.started.wait(0 if self.connection is None else PATIENCE)
        except subprocess.TimeoutExpired:
            _kill(self.started)


def _kill(started: subprocess.Popen[bytes]) -> None:
    """Ends a program that we started, and what it started."""
    if os.name == "nt":
        command = ["taskkill", "/F", "/T", "/PID", str(started.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    else:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        started.wait(PATIENCE)
