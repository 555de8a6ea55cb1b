"""Who has a workbook open: what Excel, WPS and LibreOffice leave beside a file while they edit it."""

import os
from collections.abc import Iterator
from pathlib import Path

from crmbook.problems import stop
from crmbook.text import Text

OPEN = Text("文件正在 {program} 中打开（使用者：{user}）", "the file is open in {program} (by {user})")
CLOSE = Text(
    "请先保存并在 {program} 中关闭它，再运行一次；如果确实没有人打开它，请删除旁边的 {mark}",
    "save it and close it in {program}, then run this again; if really nobody has it open, delete {mark} beside it",
)
SOMEBODY = Text("未知", "somebody")
EXCEL_NAME_BYTES, EXCEL_WIDE_NAME = (
    54,
    55,
)  # the owner file: length, name in the local code page; length, name in UTF-16


def opened_by(path: Path) -> None:
    """Raises CannotProceedError naming program and user if somebody has the workbook open, be it over a link to it."""
    for program, user, mark in (
        found for place in dict.fromkeys((path, Path(os.path.realpath(path)))) for found in _marks(place)
    ):
        what = OPEN.fill(program=program, user=user or SOMEBODY)
        raise stop(path, what, CLOSE.fill(program=program, mark=mark.name))


def _marks(path: Path) -> Iterator[tuple[str, str, Path]]:
    """Program, user and the mark it left, for everyone who left one."""
    excel, wps = path.with_name(f"~${path.name}"), path.with_name(f".~{path.name}")
    office = path.with_name(f".~lock.{path.name}#")
    if _is_there(excel):
        yield "Excel", _excel_user(excel), excel
    if _is_there(wps):
        yield "WPS", _excel_user(wps), wps
    if _is_there(office):
        yield "LibreOffice", _office_user(office), office


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
        name = owner[EXCEL_WIDE_NAME + 2 :][: 2 * length].decode("utf-16-le", "replace").strip(" \0")
        if name:
            return name
    return owner[1 : 1 + owner[0]].decode("utf-8", "replace").strip(" \0") if owner else ""


def _office_user(mark: Path) -> str:
    """The user and the machine named in LibreOffice's lock file: `name,login,machine,time,profile;`."""
    try:
        fields = mark.read_text("utf-8", "replace").split(",")
    except OSError:
        return ""
    user = next((field for field in fields[:2] if field.strip()), "")
    return f"{user} @ {fields[2]}" if user and len(fields) > 2 and fields[2] else user
