"""xlwings's settings: lines of a name and a value, in a file of the user's, beside a workbook, or on a sheet in it."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crmbook.machine import SETTINGS, Machine
from crmbook.problems import stop
from crmbook.text import Text

LEGACY = "INTERPRETER"  # read where the system's own key is missing
NOT_SPELLED = Text("Python 的路径含有 Excel 的宏读不懂的字符（{path}）", "the path of this Python holds characters that macros in Excel cannot read ({path})")  # fmt: skip
SPACED = Text("Python 的路径含有空格或引号，macOS 版 Excel 无法启动它（{path}）", "the path of this Python holds a space or a quote, and Excel on macOS cannot start it ({path})")  # fmt: skip
PLAIN_PLACE = Text("请在只含英文字母、没有空格的文件夹里新建虚拟环境，再从那里运行 crmbook setup", "make a virtual environment in a folder of plain letters without spaces, and run crmbook setup from there")  # fmt: skip
NOT_WRITTEN = Text("无法写入（{error}）", "this cannot be written ({error})")
GET_PERMISSION = Text("取得这个文件夹的写入权限后再运行", "get permission to write there, then run this again")


@dataclass(frozen=True, slots=True)
class Written:
    """What `name_interpreter` did: where the settings stand, whether they changed, and the copy of those before."""

    settings: Path
    changed: bool
    backup: Path | None = None


def read(path: Path, encoding: str) -> dict[str, str]:
    """The settings in a file, by their names in capitals; none where there is no such file."""
    try:
        text = path.read_bytes().decode(encoding, "replace")
    except OSError:
        return {}
    lines = csv.reader(text.splitlines())
    return {line[0].strip().upper(): line[1].strip() for line in lines if len(line) > 1}


def on_sheet(book: Path) -> dict[str, str]:
    """The settings on the sheet of that name in a workbook. Raises CannotProceedError if that cannot be read."""
    from crmbook import keep
    from crmbook.ooxml import Workbook

    with keep.refusing(book):
        opened = Workbook(keep.load(book))
        rows = opened.values(SETTINGS) if any(s.name == SETTINGS for s in opened.sheets) else []
        return {str(row[0]).strip().upper(): str(row[1]).strip() for row in rows if len(row) > 1}


def interpreter(settings: Mapping[str, str], machine: Machine) -> str | None:
    """The Python that these settings name, with variables such as %USERPROFILE% and $HOME filled in."""
    said = settings.get(machine.key) or settings.get(LEGACY)
    if not said:
        return None
    if machine.platform == "darwin":
        return said.replace("$HOME", str(machine.home))
    return re.sub(r"%(\w+)%", lambda found: machine.env.get(found[1], found[0]), said)


def fault(python: str, machine: Machine) -> Text | None:
    """Why Excel could not start this Python, from its path alone."""
    if machine.platform == "darwin" and re.search(r"[\s'\"\\|;]", python):
        return SPACED.fill(path=python)
    try:
        python.encode(machine.encoding)
    except UnicodeEncodeError:
        return NOT_SPELLED.fill(path=python)
    return None


def name_interpreter(python: str, machine: Machine) -> Written:
    """Names this Python in the user's settings; other lines stay as they are, and a copy of those before stands beside.

    Raises CannotProceedError where Excel could not start it, or the file cannot be written.
    """
    path = machine.settings
    if (why := fault(python, machine)) is not None:
        raise stop(python, why, PLAIN_PLACE)
    if interpreter({**read(path, machine.encoding), LEGACY: ""}, machine) == python:
        return Written(path, changed=False)
    end = "\r\n" if machine.platform == "win32" else "\n"
    line = f'"{machine.key}","{python}"{end}'.encode(machine.encoding)
    try:
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        backup = None
        if before is not None:
            backup = path.with_name(f"{path.name}.bak")
            backup.write_bytes(before)
        kept = [old for old in (before or b"").splitlines(keepends=True) if not _names(old, machine.key)]
        if kept and not kept[-1].endswith((b"\n", b"\r")):
            kept[-1] += end.encode()
        beside = path.with_name(f"{path.name}.new")
        beside.write_bytes(b"".join([*kept, line]))
        beside.replace(path)
    except OSError as error:
        raise stop(path, NOT_WRITTEN.fill(error=error.strerror), GET_PERMISSION) from error
    return Written(path, changed=True, backup=backup)


def _names(line: bytes, key: str) -> bool:
    """True if the line sets the key, which VBA compares without regard to case."""
    return line.split(b",")[0].strip().strip(b'"').upper() == key.encode()
