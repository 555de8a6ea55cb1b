"""Writing a file so that a power cut, a full disk or a kill leaves the old one or the new one, never half of one."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from crmbook.paths import WORKBOOKS, as_typed
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Text

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
LONGEST_NAME = 200  # bytes; with ours around it, a system takes 255
MARK = ".crmbook-"  # in the name of a file that is being written; what is left of one is swept away by the next run

DISK_FULL = (
    Text(
        "磁盘已满，或超出了允许的大小；文件没有改动",
        "the disk is full, or a size limit was reached; the file is unchanged",
    ),
    Text("腾出一些空间后再运行一次", "free some space, then run it again"),
)
NO_PERMISSION = (
    Text("没有读写权限；文件没有改动", "there is no permission to write or read here; the file is unchanged"),
    Text(
        "如果它在其他程序中打开，请先关闭；否则请取得这个文件和文件夹的读写权限，或复制到您自己的文件夹",
        "close it if another program has it open; otherwise get permission to read and write the file and its folder, or copy it to a folder of yours",
    ),
)
NOT_THERE = (
    Text("找不到这个文件或文件夹", "there is no such file or folder"),
    Text("检查名称和位置", "check its name and place"),
)
DID_YOU_MEAN = Text("是否应为 {found}？", "did you mean {found}?")
WENT_WRONG = (
    Text("读写时出错（{error}）；文件没有改动", "reading or writing failed ({error}); the file is unchanged"),
    Text("检查磁盘或网络连接后再运行一次", "check the disk or the network, then run it again"),
)


def explained(error: OSError, where: Path) -> CannotProceedError:
    """What the system said, as something a person can act on."""
    if error.errno in FULL:
        return stop(where, *DISK_FULL)
    if error.errno in FORBIDDEN:
        return stop(where, *NO_PERMISSION)
    if error.errno in MISSING:
        return not_there(where)
    what, fix = WENT_WRONG
    return stop(where, what.fill(error=error.strerror or error), fix)


def not_there(path: Path) -> CannotProceedError:
    """What stops the run where there is no such file, said with the workbook there that may be meant."""
    found = namesake(path)
    return stop(path, NOT_THERE[0], NOT_THERE[1] if found is None else DID_YOU_MEAN.fill(found=as_typed(found)))


def namesake(path: Path) -> Path | None:
    """The workbook that has this name but for its ending: crmbook button gives another one, and Windows hides them."""
    name = path.stem if path.suffix.lower() in (*WORKBOOKS, ".xls") else path.name
    others = (path.parent / f"{name}{ending}" for ending in WORKBOOKS)
    with suppress(OSError):  # a folder that may not be read
        return next((other for other in others if other != path and other.is_file()), None)
    return None


@contextmanager
def explaining(where: Path) -> Iterator[None]:
    """Turns the system's errors inside it into a `CannotProceedError`."""
    try:
        yield
    except OSError as error:
        raise explained(error, where) from error


@contextmanager
def beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in the folder of `path`, open for writing and reading; gone again if it is not moved away inside.

    It has the owner, the rights and the labels of the file at `path`, if there is one.
    """
    temporary = path.with_name(f"{_beginning(path)}{os.getpid()}.tmp")
    try:
        with temporary.open("x+b") as out:
            with suppress(FileNotFoundError):
                old = path.stat()
                if hasattr(os, "chown"):
                    with suppress(PermissionError):
                        os.chown(temporary, old.st_uid, old.st_gid)
                shutil.copystat(path, temporary)  # its times too, but the first byte written sets them anew
            yield out, temporary
    finally:
        temporary.unlink(missing_ok=True)


def settle(out: BinaryIO) -> None:
    """Waits until what was written is on the disk."""
    out.flush()
    os.fsync(out.fileno())


def settle_folder(folder: Path) -> None:
    """Asks for the folder's new names to be put on the disk; Windows does that by itself, some network drives cannot."""
    if os.name == "nt":
        return
    with suppress(OSError):  # the file is in its place already: to say that nothing happened would be wrong
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file at `path` in one step: written beside it, on the disk, moved over what was there."""
    sweep(path)
    with beside(path) as (out, temporary):
        out.write(content)
        settle(out)
        out.close()  # Windows moves no open file
        temporary.replace(path)
    settle_folder(path.parent)


def sweep(path: Path) -> None:
    """Removes what a killed run left beside `path`; only for those who hold its lock."""
    for left in path.parent.iterdir():
        if left.name.startswith(_beginning(path)) and left.name.endswith(".tmp"):
            left.unlink(missing_ok=True)


def _beginning(path: Path) -> str:
    """What the names of the files begin with that are written in the place of `path`; systems limit the length of a name."""
    name = os.fsencode(path.name)
    return f".{path.name if len(name) <= LONGEST_NAME else sha256(name).hexdigest()}{MARK}"
