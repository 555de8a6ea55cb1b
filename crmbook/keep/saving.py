"""A workbook's file replaced all or nothing, a new one made, the previous one brought back."""

import io
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from crmbook.keep.backups import Backups, keeping
from crmbook.keep.disk import NO_PERMISSION, beside, explaining, not_there, settle, settle_folder, sweep, write_whole
from crmbook.keep.encryption import inside, locked, sealed
from crmbook.keep.loading import fault_of, lock, refusal
from crmbook.keep.owners import opened_by
from crmbook.ooxml import NotLosslessError, Package, Proof, RefusedError
from crmbook.ooxml.lint import Finding, new_findings
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Text

REPORT = Text(
    "这是 crmbook 的错误：请把这条信息和文件的副本发给维护者；文件没有改动",
    "this is a fault of crmbook: send this message and a copy of the file to its makers; the file is unchanged",
)
WOULD_REPAIR = Text(
    "保存后 Excel 会要求修复（{rule}，{part}：{detail}；共 {count} 处）",
    "Excel would want to repair the result ({rule} in {part}: {detail}; {count} in all)",
)
NOT_SAME = Text("没有改动的部分在保存时变了（{detail}）", "a part that was not changed came out different ({detail})")
MOVED_ON = Text("文件在处理期间被别的程序改动了", "the file was changed by another program in the meantime")
AGAIN = Text("再运行一次，就会用上新的内容", "run this again; it will then use what is new")
IS_THERE = Text("这个文件已经存在", "this file is already there")
OTHER_NAME = Text("换一个文件名，或先移走它", "choose another name, or move it away first")
NOTHING_TO_UNDO = Text("没有可以恢复的上一个版本", "there is no previous file to bring back")
ONLY_REFRESHED = Text(
    "只有 crmbook 更新过的文件才能恢复；更新后改过名或移动过的，请改回原来的名称和位置再运行",
    "only files that crmbook has refreshed can be brought back; one renamed or moved since: give it its old name and place again",
)


def replace(path: Path, package: Package, password: str | None = None) -> Proof:
    """Puts the package in the place of the file it was loaded from, encrypted again with `password` where that one was;
    answers with what was touched.

    All or nothing: it is checked against what Excel would repair, written beside the file, read back, and moved over it
    when it is on the disk and the old content is kept as a backup. Whatever goes wrong before leaves the file as it was.
    """
    if not package.changed:
        return Proof(tuple(package.names), (), (), ())
    real = path.resolve()  # a link stays a link
    with lock(real), explaining(path):
        sweep(real)
        opened_by(path)
        stored = _must_be_the_loaded(path, real, package, password)
        _must_be_writable(path, real)
        _must_be_sound(path, package)
        backups = Backups(real)
        with beside(real) as (out, temporary):
            proof = _fill(out, path, package, password if locked(stored) else None)
            with keeping(backups.folder):
                backups.add(stored)
            _must_be_still(path, real, stored)
            out.close()  # Windows moves no open file
            temporary.replace(real)
        settle_folder(real.parent)
        backups.prune()
        return proof


def create(path: Path, package: Package, password: str | None = None) -> Proof:
    """Puts the package in a new file, encrypted if there is a password; one that is there already is never overwritten."""
    real = path.resolve()
    with lock(real), explaining(path):
        if real.exists():
            raise stop(path, IS_THERE, OTHER_NAME)
        if not real.parent.is_dir():
            raise not_there(real.parent)
        sweep(real)
        _must_be_sound(path, package)
        with beside(real) as (out, temporary):
            proof = _fill(out, path, package, password)
            out.close()
            _move_to_new(path, real, temporary)
        settle_folder(real.parent)
        return proof


def undo(path: Path) -> Path | None:
    """Brings the previous file back, byte for byte; answers with where the present one was put, None if there was none."""
    real = path.resolve()
    with lock(real), explaining(path):
        opened_by(path)
        if real.parent.is_dir():
            sweep(real)
        backups = Backups(real)
        present = real.read_bytes() if real.exists() else None
        previous = backups.newest()
        # A run that was killed before it moved its result leaves a backup that equals the file.
        while previous is not None and previous.read_bytes() == present:
            previous.unlink()
            previous = backups.newest()
        if previous is None and present is None:
            raise not_there(path)
        if previous is None:
            raise stop(path, NOTHING_TO_UNDO, ONLY_REFRESHED)
        if present is not None:
            _must_be_writable(path, real)
        content = previous.read_bytes()
        with keeping(backups.folder):
            aside = None if present is None else backups.set_aside(present)

        write_whole(real, content)
        backups.drop(previous)
        backups.prune()
        return aside


def _must_be_writable(path: Path, real: Path) -> None:
    """A file marked read-only is not replaced, even where its folder would allow it."""
    if not os.access(real, os.W_OK) or not real.stat().st_mode & 0o222:
        raise stop(path, *NO_PERMISSION)


def _must_be_the_loaded(path: Path, real: Path, package: Package, password: str | None) -> bytes:
    """The file must still hold what the package was loaded from: what others saved since is not lost. Answers with its
    bytes as they are stored; those the package has are not held twice."""
    if not real.exists():
        raise not_there(path)
    stored = real.read_bytes()
    if (locked(stored) and not password) or inside(path, stored, password) != package.source:
        raise stop(path, MOVED_ON, AGAIN)
    return stored if locked(stored) else package.source


def _must_be_still(path: Path, real: Path, stored: bytes) -> None:
    """The file must hold these bytes to the last moment."""
    if not real.exists():
        raise not_there(path)
    if real.stat().st_size != len(stored) or real.read_bytes() != stored:
        raise stop(path, MOVED_ON, AGAIN)


def _must_be_sound(path: Path, package: Package) -> None:
    """Nothing that Excel would repair may have come in."""
    try:
        found = sorted(new_findings(package))
    except RefusedError as error:
        raise refusal(error, path) from error
    if found and (before := fault_of(path, package, {f.part for f in found})) is not None:
        raise before
    if found:
        raise would_repair(path, found)


def would_repair(path: Path, found: list[Finding]) -> CannotProceedError:
    """The message for findings that stop a save."""
    first = found[0]
    what = WOULD_REPAIR.fill(rule=first.rule, part=first.part, detail=first.detail, count=len(found))
    return stop(path, what, REPORT)


def _fill(out: BinaryIO, path: Path, package: Package, password: str | None = None) -> Proof:
    """Writes the package, encrypted if there is a password, waits for the disk, and reads every rewritten part back."""
    try:
        plain = out if password is None else io.BytesIO()
        proof = package.save(plain)
        whole = b""
        if password is not None:
            plain.seek(0)
            whole = plain.read()
            out.write(sealed(whole, password))
        settle(out)
        saved = Package.open(_within(path, out, password, whole))
        # Each is compared with its checksum, which was taken of what was to be written.
        names = (*proof.rewritten, *proof.added)
        with ThreadPoolExecutor() as readers:
            list(readers.map(lambda name: deque(saved.blocks(name), 0), names))
    except (NotLosslessError, RefusedError) as error:
        raise stop(path, NOT_SAME.fill(detail=error), REPORT) from error
    return proof


def _within(path: Path, out: BinaryIO, password: str | None, whole: bytes) -> bytes:
    """The workbook in a file that was written; one under a password must be `whole`."""
    out.seek(0)
    found = inside(path, out.read(), password)
    if password is not None and found != whole:
        raise NotLosslessError(path.name)
    return found


def _move_to_new(path: Path, real: Path, temporary: Path) -> None:
    """Gives the finished file its name unless another took it; by a link where the disk has links, which cannot overwrite."""
    try:
        real.hardlink_to(temporary)
    except FileExistsError as error:
        raise stop(path, IS_THERE, OTHER_NAME) from error
    except (OSError, NotImplementedError):  # a disk, or a system, without links
        if real.exists():
            raise stop(path, IS_THERE, OTHER_NAME) from None
        temporary.replace(real)
