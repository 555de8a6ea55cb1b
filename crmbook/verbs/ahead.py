"""What need not wait for the reports, done by a second process meanwhile: the empty forms, and the sheets of data."""

import gc
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.form import Form
from crmbook.machine import cores
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.archive import in_a_pool
from crmbook.ooxml.packing import Packed
from crmbook.plan import Plan
from crmbook.pour import pour
from crmbook.text import Lang

MANY = 5_000_000  # bytes of data, some 500,000 cells; with fewer, the process takes longer to begin than it saves
START = "import sys; sys.path[:] = {path!r}; from crmbook.verbs import ahead; ahead.work()"
ON_WINDOWS = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
PATIENCE = 300.0  # seconds for which the first process waits at most for the second, to be rid of one that hangs
LESS_URGENT = 4  # than the first process, which has more to do, where there are fewer cores than threads


class Ahead:
    """A second process, which ends with the `with` block however that ends, or with this process however that ends.

    It runs this module, and nothing of the program that called us. Where it cannot begin, or fails, it answers nothing,
    and who asked does the work.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.sheets: dict[str, Callable[[], Packed | None]] = {}  # what it makes of each sheet, as `pour` takes it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):  # what it was not given
                self._process.__exit__(None, None, None)

    def begin(self, source: Path, forms: Sequence[Form], lang: Lang, template: Path | None) -> None:
        """Starts the process with drawing the forms, if there are so many data at `source` that it pays, and a core for it."""
        is_python = Path(sys.executable or "").stem.lower().startswith("python") and not hasattr(sys, "frozen")
        if cores() == 1 or in_a_pool() or not is_python or _size(source) < MANY:
            return
        command = [sys.executable, "-c", START.format(path=sys.path)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        with suppress(OSError):
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, creationflags=ON_WINDOWS)  # noqa: S603  (ourselves)
            self._ask(([f.id for f in forms], lang, template))

    @cached_property
    def drawn(self) -> bytes | None:
        """The empty forms."""
        drawn: bytes | None = self._answer()
        return drawn

    def give(self, package: Package, plan: Plan, standings: Mapping[str, Standing]) -> None:
        """What it shall pour into the forms it has drawn, which the package still is."""
        if self.drawn != package.source or package.changed:
            return
        standings = {p.form: standings[p.form] for p in plan.forms if p.form in standings}
        self._ask((plan, standings))
        self.sheets = {s.sheet: partial(self._made, s.sheet) for s in standings.values()}

    def _made(self, sheet: str) -> Packed | None:
        return self._all.get(sheet)

    @cached_property
    def _all(self) -> dict[str, Packed | None]:
        return self._answer() or {}

    def _ask(self, asked: object) -> None:
        """The pipe is left open, since it closes when we have ended."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError), _patient(self._process):  # then no answer comes either
                self._process.stdin.write(pickle.dumps(asked, pickle.HIGHEST_PROTOCOL))
                self._process.stdin.flush()

    def _answer(self) -> Any:
        if self._process is None or self._process.stdout is None:
            return None
        try:
            with _patient(self._process):
                return pickle.load(self._process.stdout)  # noqa: S301  (our own process)
        except Exception:  # noqa: BLE001  (whatever it was, the work can be done here)
            return None


@contextmanager
def _patient(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Waits for the process, but not for ever."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _size(source: Path) -> int:
    try:
        return sum(f.stat().st_size for f in (source.glob("*.csv") if source.is_dir() else [source]))
    except OSError:
        return 0


def work() -> None:
    """The second process: draws the forms, then pours into them what it is given."""
    from crmbook.drawing.draw import draw

    gc.disable()
    if sys.platform != "win32":
        os.nice(LESS_URGENT)
    with open(0, "rb", closefd=False) as asked, open(1, "wb", closefd=False) as answer:
        ids, lang, template = pickle.load(asked)  # noqa: S301  (our own parent)
        drawn = draw([f for f in shelf.ALL if f.id in ids], lang, template)
        pickle.dump(drawn, answer, pickle.HIGHEST_PROTOCOL)
        answer.flush()
        plan, standings = pickle.load(asked)  # noqa: S301
        threading.Thread(target=_end_with_parent, daemon=True).start()
        workbook = Workbook(Package.open(drawn))
        pour(workbook, plan, standings)
        made = {s.sheet: workbook.package.written(s.table.sheet.part) for s in standings.values()}
        pickle.dump(made, answer, pickle.HIGHEST_PROTOCOL)
    os._exit(0)


def _end_with_parent() -> None:
    """Ends this process when the other one does: nothing more is ever written to the pipe."""
    os.read(0, 1)
    os._exit(1)
