"""What is remembered of a workbook from one run to the next, in the user's cache folder: all of it may go at any time."""

import os
import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from crmbook.keep.backups import mark_of

MOST_FILES, MOST_BYTES = 1000, 1 << 30
MOST_OF_ONE = 64 << 20
ENDING = ".memo"
HEAD = b"crmbook\0"
SIZE = 32  # of a digest
READERS = ("python_calamine", "pandas", "numpy", "lxml")  # of another version of these the figures might be others


def remembered(path: Path) -> bytes | None:
    """What was last remembered of the workbook at a path; None where there is nothing, or nothing that can be trusted:
    damaged, or from another version of crmbook, of Python or of what crmbook reads with."""
    with suppress(OSError):
        content = _place(path).read_bytes()
        head, said, body = content[: len(HEAD)], content[len(HEAD) : len(HEAD) + SIZE], content[len(HEAD) + SIZE :]
        if head == HEAD and said == _digest(body):
            return body
    return None


def remember(path: Path, content: bytes) -> None:
    """Remembers this of the workbook at a path instead of what was remembered before, or forgets that if it is too much
    or cannot be written: a run never stops for it. The oldest of other workbooks make room."""
    place = _place(path)
    with suppress(OSError):
        if len(content) > MOST_OF_ONE:
            place.unlink(missing_ok=True)
            return
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = place.with_suffix(f".{os.getpid()}.tmp")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.writelines((HEAD, _digest(content), content))
            beside.replace(place)
        except OSError:
            place.unlink(missing_ok=True)  # what it says may no longer hold
        finally:
            beside.unlink(missing_ok=True)
        _make_room(place)


def forget(path: Path) -> None:
    """Remembers nothing of the workbook at a path."""
    with suppress(OSError):
        _place(path).unlink(missing_ok=True)


def cache_folder() -> Path:
    """Where all this lies: $CRMBOOK_CACHE, or the system's place for it."""
    return Path(os.environ.get("CRMBOOK_CACHE") or platformdirs.user_cache_dir("crmbook"))


def _place(path: Path) -> Path:
    return cache_folder() / f"{mark_of(path)}{ENDING}"


def _make_room(newest: Path) -> None:
    """Lets go of the oldest until the others are neither too many nor too large, and of what killed runs left."""
    stats = {p: p.stat() for p in newest.parent.iterdir() if p.suffix in (ENDING, ".tmp") and p != newest}
    count, size = 1, newest.stat().st_size
    for place, stat in sorted(stats.items(), key=lambda found: found[1].st_mtime_ns, reverse=True):
        count, size = count + 1, size + stat.st_size
        if count > MOST_FILES or size > MOST_BYTES:
            place.unlink(missing_ok=True)


def _digest(body: bytes) -> bytes:
    """Of a body as this very program, in this very place, would have written it."""
    return blake2b(body, digest_size=SIZE, key=_program()).digest()


def _program() -> bytes:
    """What the program is made of: its own files and those it reads with, by size and time, none of them opened."""
    found = [sys.version]
    package = Path(__file__).parents[1]
    for folder, _, names in sorted(os.walk(package)):
        for name in sorted(names):
            if name.endswith(".py"):
                stat = Path(folder, name).stat()
                found.append(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}")
    for module in READERS:
        spec = find_spec(module)
        if spec is not None and spec.origin:
            stat = Path(spec.origin).stat()
            found.append(f"{module} {stat.st_size} {stat.st_mtime_ns}")
    return blake2b("\n".join(found).encode("utf-8", "surrogatepass")).digest()
