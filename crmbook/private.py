"""A folder for copies that another program is to read: nobody else's to look into, and gone afterwards however a run ends."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import FrameType

from filelock import FileLock, Timeout

PREFIX = "crmbook-"
HELD = "held"  # the file in it that a run keeps locked for as long as it lives
YOUNG = 60.0  # seconds: a folder that is not older may not be locked yet
ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder for this user alone, gone at the end, also of a run that is told to end; what is left of one that was
    killed goes with the next run that makes such a folder."""
    _sweep()
    with _ending_in_order():
        folder = Path(mkdtemp(prefix=PREFIX))
        try:
            with FileLock(folder / HELD):
                yield folder
        finally:
            _remove(folder)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Signals that would end this process at once end it as an exception does; those with a handler are left to it."""
    if threading.current_thread() is not threading.main_thread():  # only there may one be set
        yield
        return
    ours = [number for number in ENDINGS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _sweep() -> None:
    """Removes the folders of runs that are no more."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):
            if _is_ours(folder) and time.time() - folder.stat().st_mtime > YOUNG and (folder / HELD).is_file():
                with FileLock(folder / HELD, timeout=0):
                    pass
                _remove(folder)


def _remove(folder: Path) -> None:
    """Removes the folder; where a program is still at work in it, it stays one that the next run removes."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        if folder.exists():
            (folder / HELD).touch()


def _is_ours(folder: Path) -> bool:
    """True of a folder that this user made: where all may write, what somebody else put there is not touched."""
    return not folder.is_symlink() and (not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid())
