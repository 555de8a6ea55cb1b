"""The previous files of each workbook, kept outside its folder; the last ten of each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import platformdirs

from crmbook.keep.disk import FULL, explained, write_whole
from crmbook.problems import stop
from crmbook.text import Text

MOST_BACKUPS = 10
BEFORE, UNDONE = "before", "undone"  # a refresh; by an undo

NO_HOME = Text(
    "没有存放备份的地方：系统没有给出主文件夹", "there is no place for backups: the system names no home folder"
)
NOT_KEPT = Text(
    "备份要存放在这里，但无法写入（{error}）；文件没有改动",
    "backups are to be kept here, and that failed ({error}); the file is unchanged",
)
NAME_ONE = Text(
    "取得这个文件夹的写入权限，或把环境变量 CRMBOOK_STATE 设为一个可写的文件夹",
    "get permission to write there, or set the environment variable CRMBOOK_STATE to a folder of yours",
)


def state_folder() -> Path:
    """Where crmbook keeps what is not the user's: $CRMBOOK_STATE, or the system's place for it."""
    if named := os.environ.get("CRMBOOK_STATE"):
        return Path(named)
    try:
        folder = Path(platformdirs.user_state_dir("crmbook"))
    except RuntimeError:  # no variable names a home, and the system knows of none; older platformdirs say nothing
        folder = Path("~")
    if folder.parts[0] == "~":
        raise stop("HOME", NO_HOME, NAME_ONE)
    return folder


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Turns the system's errors met in the state folder, or in `folder` inside it, into a `CannotProceedError`."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise explained(error, folder) from error
        raise stop(folder, NOT_KEPT.fill(error=error.strerror or error), NAME_ONE) from error


def mark_of(path: Path) -> str:
    """A short name for a workbook's place on this machine."""
    return sha256(os.fsencode(os.path.normcase(os.path.realpath(path)))).hexdigest()[:16]


class Backups:
    """The previous contents of one workbook, numbered upwards."""

    def __init__(self, path: Path) -> None:
        self.folder = state_folder() / "backups" / f"{path.stem[:40]}-{mark_of(path)}"
        self._ending = path.suffix

    def __iter__(self) -> Iterator[Path]:
        """From the oldest to the newest."""
        return iter(self._kept(BEFORE))

    def newest(self) -> Path | None:
        """The latest; None if there is none."""
        return next(reversed(self._kept(BEFORE)), None)

    def add(self, content: bytes) -> Path:
        """Keeps a content, on the disk when this returns; one that is kept already is not kept twice."""
        newest = self.newest()
        return newest if newest is not None and _holds(newest, content) else self._put(BEFORE, content)

    def set_aside(self, content: bytes) -> Path:
        """Keeps what an undo replaces, where the next undo does not take it for a previous file."""
        return self._put(UNDONE, content)

    def prune(self) -> None:
        """Lets go of all but the last ten of each kind; one that cannot be deleted now goes another time."""
        for kind in (BEFORE, UNDONE):
            for old in self._kept(kind)[:-MOST_BACKUPS]:
                self.drop(old)

    def drop(self, backup: Path) -> None:
        """Lets go of one; it does no harm if that fails."""
        with suppress(OSError):
            backup.unlink()

    def _kept(self, kind: str) -> list[Path]:
        """The files of a kind, the oldest first."""
        found = self.folder.glob(f"{kind}-[0-9]*{self._ending}") if self.folder.is_dir() else ()
        return sorted(found, key=_number)

    def _put(self, kind: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        number = max(map(_number, self._kept(kind)), default=0) + 1
        place = self.folder / f"{kind}-{number:06}{self._ending}"
        write_whole(place, content)
        return place


def _number(backup: Path) -> int:
    return int(backup.stem.rpartition("-")[2])


def _holds(backup: Path, content: bytes) -> bool:
    return backup.stat().st_size == len(content) and backup.read_bytes() == content
