"""Replaces a workbook again and again, and is killed (SIGKILL) at another call each time; prints what was left.

Run by test_disasters.py: `python killed.py BOOK replace|undo`. It forks, so that each try costs no new interpreter.
"""

import json
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

from crmbook import keep
from crmbook.keep.backups import state_folder
from crmbook.problems import CannotProceedError

WATCHED = tuple(
    f"{os.sep}crmbook{os.sep}{folder}" for folder in ("keep", f"ooxml{os.sep}archive", f"ooxml{os.sep}package")
)
MOST_POINTS = 150


def edited(path: Path, content: bytes):
    """The package at path with one part replaced."""
    package = keep.load(path)
    package.write(package.workbook, content)
    return package


def act(path: Path, verb: str, content: bytes) -> None:
    """What is to be killed."""
    if verb == "undo":
        keep.undo(path)
    else:
        keep.replace(path, edited(path, content))


def count_or_kill(point: int, done: list[int]):
    """A profiler that counts the calls made by our own code, or ends this process at one of them."""

    def watch(frame, event, argument) -> None:
        if event in {"c_call", "c_return", "call"} and any(part in frame.f_code.co_filename for part in WATCHED):
            done[0] += 1
            if done[0] == point:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def main(path: Path, verb: str) -> None:
    os.fsync = lambda handle: None  # a kill loses nothing that the system was given; waiting for the disk is only slow
    package = keep.load(path)
    content = package.read(package.workbook) + b"<!-- new -->"
    old = path.read_bytes()
    act(path, "replace", content)
    new = path.read_bytes()
    before, after = (new, old) if verb == "undo" else (old, new)
    keep.undo(path)

    def start() -> None:
        shutil.rmtree(state_folder() / "backups")  # so that every try makes the same calls
        path.write_bytes(old)
        if verb == "undo":
            keep.replace(path, edited(path, content))

    start()
    total = [0]
    sys.setprofile(count_or_kill(-1, total))
    act(path, verb, content)
    sys.setprofile(None)
    outcomes = {"before": 0, "after": 0, "broken": 0, "not mended": 0, "left over": 0, "not killed": 0, "undo lost": 0}
    last = range(max(1, total[0] - 20), total[0] + 1)  # around the moment when the file is exchanged
    for point in sorted({*range(1, total[0] + 1, max(1, total[0] // MOST_POINTS)), *last}):
        start()
        child = os.fork()
        if not child:
            sys.setprofile(count_or_kill(point, [0]))
            act(path, verb, content)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        outcomes["not killed"] += not os.WIFSIGNALED(status)
        now = path.read_bytes()
        outcomes["before" if now == before else "after" if now == after else "broken"] += 1
        # The next run mends everything, and the old file can still be brought back.
        if verb == "undo":
            with suppress(CannotProceedError):
                keep.undo(path)
        elif now == old:
            keep.replace(path, edited(path, content))
        outcomes["not mended"] += path.read_bytes() != after
        outcomes["left over"] += len(list(path.parent.iterdir())) != 1
        if verb == "replace":
            keep.undo(path)
            outcomes["undo lost"] += path.read_bytes() != old
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
