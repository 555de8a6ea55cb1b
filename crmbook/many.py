"""Workbooks refreshed: where they are, one after the other or many at once, and how each ended."""

import gc
import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crmbook.paths import WORKBOOKS, as_typed
from crmbook.problems import CannotProceedError, Problem
from crmbook.text import Lang, Text

if TYPE_CHECKING:
    from crmbook.verbs.outcome import Outcome

Told = Callable[[Text], None]
State = Literal["refreshed", "same", "skipped", "failed"]
MARKS = ("~$", ".~")  # what Excel, WPS and LibreOffice leave beside a file while they edit it
LIVE = {"as_of", "step"}  # what a refresh of an open book takes
NO_BOOK = Text("这里没有工作簿", "there is no workbook here")
GIVE_BOOK = Text("请给出 .xlsx 文件，或存放它们的文件夹", "give .xlsx files, or the folder that holds them")
BELOW = Text("这个文件夹里没有工作簿，它的子文件夹里有 {count} 个", "there is no workbook in this folder itself; in the folders inside it there are {count}")  # fmt: skip
GIVE_FOLDERS = Text("请写出子文件夹：{folders}", "name those folders: {folders}")
SAID = 3  # folders
NOT_CRMBOOK = Text("不是 crmbook 工作簿，已跳过", "not a workbook of crmbook, skipped")
ADD_FORMS = Text("如需更新，请用 crmbook build --into 给它加上表单", "to add the forms to it, run crmbook build --into")
UNEXPECTED = Text("程序出错（{error}），文件未改动", "an error of ours ({error}); the file was not changed")
REPORT = Text("请把这一行发给维护者", "please report this line")
DIED = Text("处理它的进程被结束了，文件完好", "the process that worked on it was ended; the file is whole")
ALONE = Text("可能是内存不足：请关闭其他程序，再单独更新它", "memory may have run out: close other programs, then refresh this book by itself")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """How one book's refresh ended, in a few plain values: it travels between processes.

    `parts` are the numbers of parts before and left untouched, `rewritten` the names of the others, `sheets` those of
    the sheets among them; `problem` says why a book failed or was skipped; `live`: it was refreshed where it is open.
    """

    book: Path
    state: State
    lang: Lang
    problems: Sequence[Problem] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    untouched: int = 0
    rewritten: Sequence[str] = ()
    sheets: Sequence[str] = ()
    problem: Problem | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A book to refresh; one that was merely `found` in a folder is skipped where it is none of crmbook's."""

    book: Path
    found: bool = False


def books(places: Iterable[Path]) -> list[Wanted]:
    """The workbooks at these places: files, folders, and patterns that no shell has expanded; each once, in this order."""
    wanted: dict[Path, Wanted] = {}
    for place in places:
        for one in _inside(place) or [Wanted(place)]:
            wanted.setdefault(one.book.resolve(), one)
    return list(wanted.values())


def _inside(place: Path) -> list[Wanted]:
    """The workbooks in a folder, or those that go by a pattern."""
    if not _is_many(place):
        return []
    return [Wanted(p, found=True) for p in _workbooks(place)]


def _workbooks(place: Path) -> list[Path]:
    there = place.iterdir() if place.is_dir() else map(Path, glob.glob(str(place)))  # noqa: PTH207  (it may be absolute)
    kept = (p for p in there if p.suffix.lower() in WORKBOOKS and not p.name.startswith(MARKS) and p.is_file())
    return sorted(kept)


def _is_many(place: Path) -> bool:
    return place.is_dir() or (glob.has_magic(str(place)) and not place.exists())


def _no_book(place: Path) -> Problem:
    """What is said of a place without workbooks: where they are, if that is one folder down."""
    below: dict[Path, int] = {}
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        with suppress(OSError):  # a folder that may not be read
            below[folder] = len(_workbooks(folder)) if folder.is_dir() else 0
    held = [as_typed(folder) for folder, count in below.items() if count]
    if not held:
        return Problem(str(place), NO_BOOK, GIVE_BOOK)
    folders = " ".join([*held[:SAID], *(["…"] if len(held) > SAID else [])])
    return Problem(str(place), BELOW.fill(count=sum(below.values())), GIVE_FOLDERS.fill(folders=folders))


def refresh(wanted: Wanted, *, lang: Lang, wait: float | None = None, waiting: Told | None = None, only_closed: bool = False, **options: Any) -> Ended:  # fmt: skip
    """One book brought up to date by `book.refresh` with these options, or, where it is open in Excel or LibreOffice, in
    there; whatever stops it is told in what comes back. `wait`: the seconds until whoever else has it open closes it, and
    `waiting` hears who that is (without it, `step` does); `only_closed`: one that is open fails."""
    path = wanted.book
    if _is_many(path):
        return Ended(path, "failed", lang, problem=_no_book(path))
    try:
        from crmbook import book, keep  # late: a process imports it when it takes its first book

        is_open = not only_closed and (bool(keep.owners(path)) or keep.is_locked(path))
        outcome = (
            _where_it_is_open(path, wait, waiting or options.get("step", _unheard), options) if is_open else None
        ) or book.refresh(path, **options)
        proof = outcome.proof
        rewritten = () if proof is None else (*proof.rewritten, *proof.added)
        untouched = 0 if proof is None else len(proof.untouched)
        state: State = "refreshed" if outcome.wrote else "same"
        return Ended(path, state, outcome.lang, outcome.problems, outcome.counts, untouched, rewritten, outcome.sheets, live=outcome.live)  # fmt: skip
    except CannotProceedError as stopped:
        if wanted.found and _is_another(path, options.get("password")):
            return Ended(path, "skipped", lang, problem=Problem(str(path), NOT_CRMBOOK, ADD_FORMS))
        return Ended(path, "failed", lang, problem=stopped.problem)
    except Exception as error:
        if "CRMBOOK_TRACEBACK" in os.environ:
            raise
        return Ended(path, "failed", lang, problem=unexpected(path, error))


def _where_it_is_open(path: Path, wait: float | None, waiting: Told, options: Mapping[str, Any]) -> "Outcome | None":
    """The refresh in the program that has the book open; None once nobody has it open any more."""
    from crmbook import keep
    from crmbook.live import finding

    found = None
    try:
        found = finding.find(path)
    except CannotProceedError:
        if wait is None:
            raise
    if found is None:
        if wait is not None:
            keep.wait_until_closed(path, wait, waiting)
        return None
    from crmbook.live import refreshed
    from crmbook.live.dialog import once

    with once(found):
        outcome: Outcome = refreshed(found, **{name: value for name, value in options.items() if name in LIVE})
        return outcome


def unexpected(path: Path, error: Exception) -> Problem:
    """An error nobody foresaw, in one line."""
    return Problem(str(path), UNEXPECTED.fill(error=f"{type(error).__name__}: {error}"), REPORT)


def _is_another(path: Path, password: str | None) -> bool:
    """True for a workbook that can be read and holds no form of crmbook's."""
    from crmbook import binding, keep
    from crmbook.ooxml import Workbook

    try:
        with keep.refusing(path):
            return not binding.sheets(Workbook(keep.load(path, password)))
    except CannotProceedError:
        return False


def refresh_all(wanted: Sequence[Wanted], jobs: int, *, lang: Lang, wait: float | None = None, waiting: Told | None = None, **options: Any) -> Iterator[Ended]:  # fmt: skip
    """The books refreshed in `jobs` processes, each as it ends; one that ends badly stops no other. With `wait`, those that
    somebody has open come last and in this process, where who waits hears for whom, and can break it off."""
    from crmbook import keep

    held = [] if wait is None else [one for one in wanted if keep.owners(one.book)]
    closed = [one for one in wanted if one not in held]
    work = partial(_one_of_many, lang=lang, **options)
    yield from map(work, closed) if jobs == 1 else _in_processes(work, closed, jobs, lang)
    for one in held:
        yield _one_of_many(
            one, lang=lang, wait=wait, waiting=partial(_of_book, waiting or _unheard, one.book), **options
        )


def _in_processes(work: Callable[[Wanted], Ended], wanted: Sequence[Wanted], jobs: int, lang: Lang) -> Iterator[Ended]:
    from crmbook.pool import each  # late: one book needs no pool

    for one, ended in each(work, wanted, jobs):
        yield ended or Ended(one.book, "failed", lang, problem=Problem(str(one.book), DIED, ALONE))


def _of_book(told: Told, path: Path, text: Text) -> None:
    told(Text(f"{path}：{text.zh}", f"{path}: {text.en}"))


def _unheard(text: Text) -> None:
    """Nobody listens."""


def _one_of_many(wanted: Wanted, **options: Any) -> Ended:
    ended = refresh(wanted, **options)
    gc.collect(0)  # all that this book left: the collector is off while one is worked on
    return ended
