"""Workbooks watched: each is refreshed after it was saved and closed, in whatever program.

Events are not believed, they only say that it is time to look at the files: so nothing is missed on a network drive, from
which no events come, and nothing is done twice where one save gives four of them.
"""

import gc
import glob
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crmbook import keep, many
from crmbook.keep.disk import DID_YOU_MEAN, namesake
from crmbook.keep.encryption import CLEAR_IT
from crmbook.keep.loading import AGAIN, EMPTY, RESTORE
from crmbook.keep.owners import OPEN, SOMEBODY
from crmbook.many import Ended, Wanted
from crmbook.paths import as_typed
from crmbook.problems import CannotProceedError, Problem, stop
from crmbook.text import Lang, Text

QUIET = 0.5  # seconds between two glances at a file
GLANCES = 2  # without a change, after which it counts as written to its end
STILL = 10.0  # seconds without a change, until a file that cannot be read is called damaged: a slow copy may pause
LOOK_EVERY = 2000  # milliseconds: the longest that a change goes unseen which no event announces
RETRY = 5.0  # seconds until a book that failed is tried again, and twice as many each time: its disk may be back

NOT_THERE = Text("没有这个文件或文件夹", "there is no such file or folder")
GIVE_PLACE = Text(
    "请给出存放工作簿的文件夹，或工作簿的文件名", "give the folder that holds the workbooks, or their names"
)
NO_WATCHFILES = Text("监视文件夹需要 watchfiles，尚未安装", "watching needs watchfiles, which is not installed")
INSTALL = Text('请运行 pip install "crmbook[watch]"，或用 --once 只更新一遍', 'run pip install "crmbook[watch]", or use --once for a single pass')  # fmt: skip
WATCHING = Text("正在监视 {count} 个工作簿：保存并关闭后自动更新。按 Ctrl-C 结束", "Watching workbooks: {count}. Each is refreshed once it is saved and closed. Ctrl-C ends this")  # fmt: skip
WAITING = Text("{book}：{what}，保存并关闭后会自动更新；如果确实没有人打开它，请删除旁边的 {mark}", "{book}: {what}; it will be refreshed once it is saved and closed. If really nobody has it open, delete {mark} beside it")  # fmt: skip
GONE = Text("{book}：已被移走、改名或删除", "{book}: moved away, renamed or deleted")
PARTIAL = Text("{book}：文件还没有写完，或已损坏；稍后再看", "{book}: not complete yet, or damaged; it will be looked at again")  # fmt: skip
IF_WHOLE = (RESTORE, AGAIN, EMPTY[1], CLEAR_IT)  # advice that is wrong for a file of which only a part is there
AWAY = Text("{book}：现在找不到这个文件夹，恢复后会继续", "{book}: the folder cannot be reached; watching goes on when it is back")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a watch has to say that is not how a refresh ended."""

    text: Text
    lang: Lang


Tell = Callable[[Ended | Noticed], None]
Pause = Callable[[float], None]
Stamp = tuple[int, int] | None  # size and time of a file, None of one that is not there


@dataclass(frozen=True, slots=True)
class _Failure:
    problem: Problem | None
    wait: float
    again: float  # when to try again, by the clock that never goes back


def once(places: Sequence[Path], tell: Tell, *, lang: Lang, pause: Pause = time.sleep, still: float = STILL, **options: Any) -> None:  # fmt: skip
    """One pass over the books at these places. `tell` is given how each ended; one that somebody has open is left alone,
    and one that cannot be read is called damaged when it has not changed for `still` seconds: it may be on its way."""
    waiting, since = many.books(places), dict[Path, tuple[Stamp, float]]()
    while waiting:
        later = []
        for wanted in waiting:
            book, now = wanted.book, time.monotonic()
            before, stamp = since.get(book), _stamp(wanted.book)
            since[book] = stamp, (now if before is None or before[0] != stamp else before[1])
            ended = None if before is not None and before[0] != stamp else _closed(wanted, lang, options)
            if ended is None or (_may_be_part(ended) and now - since[book][1] < still):
                later.append(wanted)
                if before is None:
                    tell(Noticed(PARTIAL.fill(book=book), lang))
            else:
                tell(ended)
        waiting = later
        if waiting:
            pause(QUIET)


def _closed(wanted: Wanted, lang: Lang, options: Mapping[str, Any]) -> Ended:
    """How the refresh of a book ended, which fails where somebody has it open."""
    try:
        keep.opened_by(wanted.book)
    except CannotProceedError as held:
        return Ended(wanted.book, "failed", lang, problem=held.problem)
    return many.refresh(wanted, lang=lang, only_closed=True, **options)


def watch(places: Sequence[Path], tell: Tell, *, lang: Lang, **options: Any) -> None:
    """Refreshes the books at these places again and again, until it is interrupted (KeyboardInterrupt).

    `tell` is given every event, `options` go to each refresh. Raises CannotProceedError if there is no such place, or
    watchfiles is not installed.
    """
    try:
        import watchfiles
    except ImportError as error:
        raise stop("crmbook watch", NO_WATCHFILES, INSTALL) from error
    watched = Watch(places, tell, lang=lang, **options)
    watched.look(date.today())
    tell(Noticed(WATCHING.fill(count=watched.count), lang))
    wake = watchfiles.watch(*watched.folders, watch_filter=None, recursive=False, rust_timeout=LOOK_EVERY, yield_on_timeout=True)  # fmt: skip
    for _ in wake:
        watched.look(date.today())


class Watch:
    """What is known of the books at some places; every `look` refreshes those that changed and are closed."""

    def __init__(self, places: Sequence[Path], tell: Tell, *, lang: Lang, pause: Pause = time.sleep, retry: float = RETRY, still: float = STILL, **options: Any) -> None:  # fmt: skip
        """As `watch`. It pauses to see whether a file is still being written, tries one that failed again after `retry`
        seconds, and calls one damaged that did not change for `still` seconds."""
        self.places, self.tell, self.lang, self.pause, self.retry, self.options = places, tell, lang, pause, retry, options  # fmt: skip
        self.still = still
        self.folders = list(dict.fromkeys(place if place.is_dir() else place.parent for place in places))
        self._done: dict[Path, tuple[Stamp, date]] = {}
        self._failed: dict[Path, _Failure] = {}
        self._langs: dict[Path, Lang] = {}
        self._partial: dict[Path, tuple[Stamp, float]] = {}  # what cannot be read, and since when it stands so
        self._others: set[Path] = set()  # workbooks that are none of crmbook's
        self._told: set[Path] = set()  # books held open and folders out of reach, for as long as they are
        for place in places:
            if not (place.exists() or (glob.has_magic(place.name) and place.parent.is_dir())):
                found = namesake(place)
                fix = GIVE_PLACE if found is None else DID_YOU_MEAN.fill(found=as_typed(found))
                raise stop(place, NOT_THERE, fix)

    @property
    def count(self) -> int:
        """How many workbooks of crmbook are watched now."""
        return sum(w.book not in self._others for w in many.books(self.places))

    def look(self, day: date) -> None:
        """Refreshes what is closed and changed since it was looked at last, or was looked at on another day than this."""
        away = {folder for folder in self.folders if not _is_in_reach(folder)}
        for folder in self.folders:
            self._while(folder in away, folder, AWAY.fill(book=folder))
        here = many.books(p for p in self.places if p not in away)
        gone = [Wanted(book, found=True) for book in self._done.keys() - {w.book for w in here}]
        stamps = {w: _stamp(w.book) for w in (*here, *gone) if w.book.parent not in away}
        changed = {w: stamp for w, stamp in stamps.items() if self._is_due(w.book, stamp, day)}
        for _ in range(GLANCES if changed else 0):
            self.pause(QUIET)
            changed = {w: stamp for w, stamp in changed.items() if _stamp(w.book) == stamp}  # else it is being written
        for w, stamp in changed.items():
            self._attend(w, stamp, day)

    def _is_due(self, book: Path, stamp: Stamp, day: date) -> bool:
        failed = self._failed.get(book)
        return self._done.get(book) != (stamp, day) or (failed is not None and time.monotonic() >= failed.again)

    def _attend(self, wanted: Wanted, stamp: Stamp, day: date) -> None:
        """A book that changed: refreshed, unless it has gone or somebody has it open."""
        book, known = wanted.book, self._done.get(wanted.book)
        if stamp is None:
            if known is not None and known[0] is not None:
                self._say(book, GONE.fill(book=book))
            self._done[book] = (None, day)
        elif not self._is_held(book):
            self._refresh(wanted, stamp, day, is_new=known is None, changed=known is None or known[0] != stamp)

    def _refresh(self, wanted: Wanted, stamp: Stamp, day: date, *, is_new: bool, changed: bool) -> None:
        book = wanted.book
        ended = many.refresh(wanted, lang=self._langs.get(book, self.lang), only_closed=True, **self.options)
        now = _stamp(book)  # at once: what is saved from here on is a change
        gc.collect()  # the collector may be off, and this process stays
        if ended.state == "refreshed":
            stamp = now  # what we wrote ourselves is no change
        elif now != stamp or (ended.state == "failed" and self._is_held(book)):
            return  # somebody came in between: at the next look
        elif _may_be_part(ended) and changed and self._is_partial(book, stamp):
            return
        self._partial.pop(book, None)
        (self._others.add if ended.state == "skipped" else self._others.discard)(book)
        self._done[book] = (stamp, day)
        before = self._failed.pop(book, None)
        if ended.state == "failed":
            wait = self.retry if before is None or changed else 2 * before.wait
            self._failed[book] = _Failure(ended.problem, wait, time.monotonic() + wait)
        else:
            self._langs[book] = ended.lang
        news = {"refreshed": True, "same": changed or before is not None, "skipped": is_new, "failed": changed or before is None or before.problem != ended.problem}  # fmt: skip
        if news[ended.state]:
            self.tell(ended)

    def _is_partial(self, book: Path, stamp: Stamp) -> bool:
        """True if a file that cannot be read may still be on its way, which is said once."""
        before, now = self._partial.get(book), time.monotonic()
        since = now if before is None or before[0] != stamp else before[1]
        self._partial[book] = stamp, since
        if now - since >= self.still:
            return False
        if before is None:
            self._say(book, PARTIAL.fill(book=book))
        return True

    def _is_held(self, book: Path) -> bool:
        """True if somebody has the book open, which is said once."""
        for owner in keep.owners(book):
            what = OPEN.fill(program=owner.program, user=owner.user or SOMEBODY)
            self._while(True, book, WAITING.fill(book=book, what=what, mark=owner.mark.name))
            return True
        self._told.discard(book)
        return False

    def _while(self, so: bool, place: Path, text: Text) -> None:
        """Says it of a place once, for as long as it is so."""
        if so and place not in self._told:
            self._say(place, text)
        (self._told.add if so else self._told.discard)(place)

    def _say(self, place: Path, text: Text) -> None:
        self.tell(Noticed(text, self._langs.get(place, self.lang)))


def _may_be_part(ended: Ended) -> bool:
    """True if the file could not be read, as one of which only a part is there cannot."""
    return ended.problem is not None and ended.problem.fix in IF_WHOLE


def _is_in_reach(folder: Path) -> bool:
    """True if the folder can be looked into; a network drive that is lost may fail in any way."""
    try:
        with os.scandir(folder):
            return True
    except OSError:
        return False


def _stamp(book: Path) -> Stamp:
    """Of a file; not by its number on the disk, which some network drives make up anew each time."""
    try:
        found = book.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
