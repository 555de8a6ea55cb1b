"""Who has a workbook open: what Excel, WPS and LibreOffice leave beside a file while they edit it."""

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crmbook.problems import stop
from crmbook.text import Text

OPEN = Text("文件正在 {program} 中打开（使用者：{user}）", "the file is open in {program} (by {user})")
CLOSE = Text(
    "请先保存并在 {program} 中关闭它，再运行一次；如果确实没有人打开它，请删除旁边的 {mark}",
    "save it and close it in {program}, then run this again; if really nobody has it open, delete {mark} beside it",
)
WAITING = Text(
    "等待 {program} 关闭文件（使用者：{user}）…", "waiting for {program} to close the file (open by {user}) …"
)
PAUSE = 0.5  # seconds between two looks
COMMA = re.compile(r"(?<!\\),")  # a comma that is part of a name stands behind a backslash
SOMEBODY = Text("未知", "somebody")
EXCEL_NAME_BYTES, EXCEL_WIDE_NAME = (
    54,
    55,
)  # the owner file: length, name in the local code page; length, name in UTF-16


@dataclass(frozen=True, slots=True)
class Owner:
    """A program that has a workbook open: its name, its user, the mark it left beside the file; of LibreOffice also the login
    name, the machine and the URL of its profile."""

    program: str
    user: str
    mark: Path
    login: str = ""
    machine: str = ""
    profile: str = ""


def owners(path: Path) -> list[Owner]:
    """Everyone who has the workbook open, be it over a link to it."""
    return [found for place in dict.fromkeys((path, Path(os.path.realpath(path)))) for found in _marks(place)]


def opened_by(path: Path) -> None:
    """Raises CannotProceedError naming program and user if somebody has the workbook open."""
    for owner in owners(path):
        what = OPEN.fill(program=owner.program, user=owner.user or SOMEBODY)
        raise stop(path, what, CLOSE.fill(program=owner.program, mark=owner.mark.name))


def is_locked(path: Path) -> bool:
    """True if Windows lets nobody else write to the file: a program has it open that leaves no mark, such as an Excel that
    saves by itself."""
    if os.name != "nt" or not path.is_file():
        return False
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return os.access(path, os.W_OK)  # a file marked read-only is another matter


def wait_until_closed(path: Path, seconds: float, said: Callable[[Text], None] = lambda text: None) -> None:
    """Comes back when nobody has the workbook open any more; `said` hears who is waited for. Raises as `opened_by` does
    when that takes longer than `seconds`."""
    until = time.monotonic() + seconds
    while (open_in := owners(path)) and time.monotonic() < until:
        said(WAITING.fill(program=open_in[0].program, user=open_in[0].user or SOMEBODY))
        time.sleep(min(PAUSE, max(until - time.monotonic(), 0)))
    opened_by(path)


def _marks(path: Path) -> Iterator[Owner]:
    """Everyone who left a mark beside the file."""
    excel, wps = path.with_name(f"~${path.name}"), path.with_name(f".~{path.name}")
    office = path.with_name(f".~lock.{path.name}#")
    if _is_there(excel):
        yield Owner("Excel", _excel_user(excel), excel)
    if _is_there(wps):
        yield Owner("WPS", _excel_user(wps), wps)
    if _is_there(office):
        yield _office_owner(office)


def _is_there(mark: Path) -> bool:
    """True if there is such a mark; beside a file with the longest of names there can be none."""
    try:
        return mark.exists()
    except OSError:
        return False


def _excel_user(mark: Path) -> str:
    """The user named in Excel's owner file; "" where it is locked or says nothing."""
    try:
        owner = mark.read_bytes()
    except OSError:  # on Windows Excel holds it so that not even its text can be read
        return ""
    wide = owner[EXCEL_WIDE_NAME : EXCEL_WIDE_NAME + 2]
    if len(wide) == 2 and (length := int.from_bytes(wide, "little")) <= EXCEL_NAME_BYTES:
        name = _printable(owner[EXCEL_WIDE_NAME + 2 :][: 2 * length].decode("utf-16-le", "replace"))
        if name:
            return name
    return _printable(owner[1 : 1 + owner[0]].decode("utf-8", "replace")) if owner else ""


def _printable(name: str) -> str:
    """A name without what surrounds it; "" if it is none: a copy of a workbook may bear the mark's name."""
    name = name.strip(" \0")
    return name if name.isprintable() else ""


def _office_owner(mark: Path) -> Owner:
    """What LibreOffice's lock file says: `name,login,machine,time,profile;`."""
    try:
        text = mark.read_text("utf-8", "replace").strip().rstrip(";")
    except OSError:
        text = ""
    name, login, machine, _, profile = ([field.replace("\\,", ",") for field in COMMA.split(text, 4)] + [""] * 5)[:5]
    user = next((field for field in (name, login) if field.strip()), "")
    shown = _printable(f"{user} @ {machine}" if user and machine else user)
    return Owner("LibreOffice", shown, mark, login, machine, profile)
