"""The button: the open workbook brought up to date where it stands."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crmbook.live import dialog
from crmbook.live.program import caller, patient, program_of, tame
from crmbook.live.reading import LiveBook
from crmbook.problems import stop
from crmbook.text import Text
from crmbook.verbs.outcome import COMPUTING, READING, WRITING, Outcome, Step

if TYPE_CHECKING:
    from datetime import date

    import xlwings as xw

BUSY = (
    Text("Excel 正忙：有单元格正在编辑，或有对话框没有关闭", "Excel is busy: a cell is being edited, or a dialog is open"),
    Text("请按 Enter 或 Esc 结束编辑、关闭对话框，再刷新一次", "finish the cell with Enter or Esc, close the dialog, then refresh again"),
)  # fmt: skip
GONE = (
    Text("工作簿在刷新时被关闭", "the workbook was closed while it was being refreshed"),
    Text("请重新打开，再刷新一次", "open it again, then refresh once more"),
)
WAITING = Text("请结束单元格的编辑（Enter 或 Esc）…", "please finish the cell you are editing (Enter or Esc) …")
ATTEMPTS, PAUSE = 20, 0.5  # how often, and after how many seconds, a busy program is asked again
SHEET = Text("写入 {sheet}…", "writing {sheet} …")


def refresh(book: xw.Book | None = None, *, as_of: date | None = None) -> Outcome | None:
    """What the button does: the workbook it stands in (or `book`) is refreshed, progress shows in the status bar, and what
    goes wrong in one dialog. Nothing is raised, and nothing goes to standard output or error."""
    with dialog.telling() as tell:
        tell.book = live = book if book is not None else caller()
        with dialog.once(live):
            return pressed(live, tell, as_of)
    return None


def pressed(book: xw.Book, tell: dialog.Telling, as_of: date | None = None) -> Outcome:
    """A press in this workbook, which is kept off others: `tell` shows how far it is. Raises CannotProceedError where
    something is in the way."""
    tame()
    with tell.progress(book) as step:
        wait(book, step)
        with patient():
            return _refreshed(book, as_of, step, tell)


def refreshed(book: xw.Book, *, as_of: date | None = None, step: Step = lambda text: None) -> Outcome:
    """Refreshes an open workbook; `step` hears what is being done. The book is not saved: that is the user's to do.

    Raises CannotProceedError where something is in the way.
    """
    tame()
    wait(book, step)
    with patient():
        return _refreshed(book, as_of, step)


def _refreshed(book: xw.Book, as_of: date | None, step: Step, tell: dialog.Telling | None = None) -> Outcome:
    """`tell` learns the book's language."""
    name, program = dialog.name_of(book), program_of(book)
    try:
        if book.app.calculation != "automatic":
            book.app.calculate()
        live = LiveBook(book, sparing=True)
        with live.read_ahead(partial(step, COMPUTING)) as aside:
            from crmbook.live.writing import Writing  # late: it takes its time, and may have something to say
            from crmbook.verbs.opened import language_of, open_workbook

            if tell is not None:
                tell.lang = language_of(live)
            step(READING)
            opened = open_workbook(live, Path(name), as_of)
            if not aside:
                step(COMPUTING)
            planned, given = opened.planned(live.hear)
        step(WRITING)
        writing = Writing(live, planned, opened.standings)
        sheets = writing.run(lambda sheet: step(SHEET.fill(sheet=sheet)))
        if sheets:
            book.app.calculate()
    except Exception as error:
        if program.is_busy(error):  # it was listening when we began
            raise stop(name, *BUSY) from error
        if program.is_gone(book, error):
            raise stop(name, *GONE) from error
        raise
    return Outcome(opened.lang, list(given.problems), None, opened.counts, sheets, live=True)


def wait(book: xw.Book, step: Step) -> None:
    """Waits until the program listens, for a bounded time; CannotProceedError if it does not."""
    program = program_of(book)
    for _ in range(ATTEMPTS):
        try:
            book.app.calculation  # noqa: B018  (the question is whether it answers)
        except Exception as error:
            if not program.is_busy(error):
                raise
            step(WAITING)
            time.sleep(PAUSE)
        else:
            return
    raise stop(dialog.name_of(book), *BUSY)
