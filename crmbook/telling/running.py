"""What is said while a command runs, and where it stops."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from crmbook.problems import CannotProceedError
from crmbook.telling.books import spoken, stopped
from crmbook.text import Lang, Text

WORKING = Text("更新工作簿", "refreshing")


@contextmanager
def telling(lang: Lang, path: Path, as_json: bool = False, *, of_book: bool = False) -> Iterator[Any]:
    """The verbs, with every stop told in one line and exit code 1; `of_book`: in the workbook's own language."""
    try:
        from crmbook import book  # late: --help needs no pandas

        yield book
    except CannotProceedError as error:
        stopped(path, error.problem, spoken(path, lang) if of_book else lang, as_json)
        sys.exit(1)
    except (click.ClickException, click.Abort, click.exceptions.Exit, SystemExit):
        raise
    except Exception as error:
        if "CRMBOOK_TRACEBACK" in os.environ:
            raise
        from crmbook.many import unexpected

        stopped(path, unexpected(path, error), spoken(path, lang) if of_book else lang, as_json)
        sys.exit(1)


@contextmanager
def busy(silent: bool, lang: Lang) -> Iterator[Callable[[Text], None]]:
    """A line in a terminal that says what is being done; nothing where nobody looks."""
    if silent or not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda text: status.update(text[lang])


@contextmanager
def bar(silent: bool, total: int, lang: Lang) -> Iterator[Callable[[], None]]:
    """A bar in a terminal that moves with every book; nothing where nobody looks."""
    if silent or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Lines that go into a file stay out of the terminal.
    console, both = Console(stderr=True), sys.stdout.isatty()
    with Progress(*columns, console=console, transient=True, refresh_per_second=2, redirect_stdout=both) as shown:
        task = shown.add_task(WORKING[lang], total=total)
        yield lambda: shown.advance(task)


def once_each(lang: Lang, silent: bool) -> Callable[[Text], None]:
    """Says each thing once, beside the lines of the books: who is being waited for."""
    said: set[Text] = set()

    def say(text: Text) -> None:
        if text not in said and not silent:
            said.add(text)
            click.echo(text[lang], err=True)

    return say
