"""What a click tells its user: the status bar while it runs, one dialog when it cannot, and a log for whoever helps."""

from __future__ import annotations

import io
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from crmbook.keep.backups import keeping, mark_of, state_folder
from crmbook.keep.loading import RUNNING, WAIT
from crmbook.problems import CannotProceedError, Problem, stop
from crmbook.text import LANGS, Lang, Text

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.verbs.outcome import Step

UNEXPECTED = Text("程序出错（{error}）", "an error of ours ({error})")
AGAIN = Text("请再刷新一次，没有写完的会补上；如果仍然出错，请把日志发给维护者：{log}", "refresh again: what was not finished will be; if it happens again, send the log to the maintainers: {log}")  # fmt: skip
NO_BOOK = "crmbook"  # where there is no workbook to name
LOG, FULL = "live.log", 262_144  # bytes; then the log begins anew, and the old one is kept beside it


class Telling:
    """One click's words: to whom they go, in which language (None: not known yet, so both), and what has been printed."""

    def __init__(self) -> None:
        self.book: xw.Book | None = None
        self.lang: Lang | None = None
        self.printed = io.StringIO()

    @contextmanager
    def progress(self, book: xw.Book) -> Iterator[Step]:
        """What is being done, in the status bar; it is the program's again afterwards."""

        def step(text: Text) -> None:
            with suppress(Exception):  # a program that is busy shows nothing, which is no reason to stop
                book.app.status_bar = f"crmbook: {self.words(text)}"

        try:
            yield step
        finally:
            with suppress(Exception):
                book.app.status_bar = False

    def words(self, text: Text) -> str:
        """The text in the book's language, or in both."""
        return text[self.lang] if self.lang else " / ".join(text[lang] for lang in LANGS)

    def show(self, problem: Problem) -> None:
        """The one dialog: where, what, and what to do."""
        lines = (problem.where, self.words(problem.what), self.words(problem.fix.sentence()))
        with suppress(Exception):  # nobody is there to read it
            import xlwings as xw

            app = self.book.app if self.book is not None else xw.apps.active
            if app is not None:
                app.alert("\n\n".join(lines), title="crmbook", buttons="ok", mode="critical")


@contextmanager
def telling() -> Iterator[Telling]:
    """Whatever goes wrong inside is shown in a dialog and written to the log; nothing is raised, nothing gets printed: a
    launcher takes each line for an error."""
    tell = Telling()
    with redirect_stdout(tell.printed), redirect_stderr(tell.printed):
        try:
            yield tell
        except CannotProceedError as stopped:
            why = "".join(traceback.format_exception(stopped.__cause__)) if stopped.__cause__ else ""
            _log(tell, f"{stopped.problem.line('en')}\n{why}")
            tell.show(stopped.problem)
        except Exception as error:  # noqa: BLE001  (a button has nobody above it to catch what is left)
            _log(tell, traceback.format_exc())
            what = UNEXPECTED.fill(error=f"{type(error).__name__}: {error}")
            tell.show(Problem(name_of(tell.book), what, AGAIN.fill(log=_place() or LOG)))
        else:
            _log(tell, "refreshed")


@contextmanager
def once(book: xw.Book) -> Iterator[None]:
    """Keeps a second click off while the first still runs, and a refresh of the file as well.

    Raises CannotProceedError for whoever comes second.
    """
    with once_at(name_of(book), _fullname(book)):
        yield


@contextmanager
def once_at(name: str, place: str) -> Iterator[None]:
    """The same for the workbook of this name, of which `place` is the path or address."""
    state = state_folder()
    is_file = "://" not in place and Path(place).exists()  # a book in OneDrive is called by its address
    mark = mark_of(Path(place)) if is_file else sha256(place.casefold().encode("utf-8", "replace")).hexdigest()[:16]
    with keeping(state):
        (state / "locks").mkdir(parents=True, exist_ok=True)
        held = FileLock(state / "locks" / f"{mark}.lock", timeout=0)
        try:
            held.acquire()
        except Timeout as error:
            raise stop(name, RUNNING, WAIT) from error
    try:
        yield
    finally:
        held.release()


def name_of(book: xw.Book | None) -> str:
    """The workbook's name, if it tells."""
    try:
        return NO_BOOK if book is None else book.name
    except Exception:  # noqa: BLE001  (a busy program does not tell even that)
        return NO_BOOK


def _fullname(book: xw.Book) -> str:
    try:
        return book.fullname
    except Exception:  # noqa: BLE001  (xlwings does not find the folder of some synchronised books)
        return name_of(book)


def _place() -> Path | None:
    try:
        return state_folder() / LOG
    except CannotProceedError:
        return None


def _log(tell: Telling, said: str) -> None:
    """One line and what belongs to it; a log that cannot be written is no reason to stop."""
    place, printed = _place(), tell.printed.getvalue()
    if place is None:
        return
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and place.stat().st_size > FULL:
            place.replace(place.with_suffix(".old.log"))
        with place.open("a", encoding="utf-8", errors="replace") as out:
            out.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {name_of(tell.book)}: {said.rstrip()}\n{printed}")
