"""The examination: each thing that a refresh, a button or a watch needs, found or not, with what to do."""

import platform
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from crmbook.doctor import interpreter, workbook
from crmbook.doctor.found import Found, State, version_of
from crmbook.live import libreoffice_basic
from crmbook.machine import ADD_IN, PROGRAMS, Machine, script_name
from crmbook.problems import CannotProceedError
from crmbook.text import Text

EXTRAS = {  # package → the extra that brings it, and what it is for
    "xlwings": ("excel", Text("在打开的 Excel、LibreOffice 中更新，以及按钮", "refreshing what is open in Excel or LibreOffice, and the button")),
    "watchfiles": ("watch", Text("监视文件夹（crmbook watch）", "watching folders (crmbook watch)")),
    "msoffcrypto-tool": ("password", Text("有打开密码的工作簿", "workbooks under a password")),
}  # fmt: skip

DATED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ")

FOR_WHAT = Text("{version}，用于{what}", "{version}, for {what}")
NOT_INSTALLED = Text("未安装，用于{what}", "not installed; it is for {what}")
PIP = Text('运行 pip install "crmbook[{extra}]"', 'run pip install "crmbook[{extra}]"')
NO_EXCEL_HERE = Text("这个系统没有 Excel", "there is no Excel for this system")
NOT_SEEN = Text("没有找到", "not found")
INSTEAD = Text("可用 crmbook refresh、crmbook watch，或在 LibreOffice 中更新", "use crmbook refresh, crmbook watch, or refresh in LibreOffice")  # fmt: skip
BRIDGE = Text("在打开的 LibreOffice 中更新", "refreshing what is open in LibreOffice")
MACRO = Text("LibreOffice 中的宏", "the macro in LibreOffice")
NO_MACRO = Text("没有 {file}", "there is no {file}")
SETUP_OFFICE = Text("要在 LibreOffice 里用它更新眼前的工作簿，运行 crmbook setup", "to refresh the workbook in front by it, run crmbook setup")  # fmt: skip
SCRIPT = Text("Excel 启动 Python 的脚本", "the script by which Excel starts Python")
NO_SCRIPT = Text("{folder} 里没有 {name}", "there is no {name} in {folder}")
RUN_SETUP = Text("运行 crmbook setup；升级 xlwings 之后也要再运行一次", "run crmbook setup, and again whenever xlwings was upgraded")  # fmt: skip
IN_RIBBON = Text("功能区里的按钮", "the button in the ribbon")
LAST_CLICK = Text("按钮上一次运行", "the button's last run")
NEVER = Text("还没有一次点击到达 Python（日志 {log}）", "no click has reached Python yet (log {log})")
NO_ADD_IN = Text("{folder} 里没有 {name}；.xlsm 自带按钮，不需要它", "there is no {name} in {folder}; a .xlsm brings its own button and needs none")  # fmt: skip
INSTALL_ADD_IN = Text("要在 .xlsx 里用按钮，运行 crmbook addin install", "for a button over .xlsx books, run crmbook addin install")  # fmt: skip


def examine(machine: Machine, book: Path | None = None, password: str | None = None) -> list[Found]:
    """Everything looked for on the machine, and in the book if one is given, which `password` opens. Raises
    CannotProceedError if that cannot be read."""
    excel = machine.program("Excel") is not None
    in_book = [] if book is None else list(workbook.examine(machine, book, password))
    has_button = any(f.id == "button" and f.state == "ok" for f in in_book)
    found = [*_python(), *_extras({"xlwings"} if excel or has_button else ()), *_programs(machine)]
    if machine.program("LibreOffice") is not None:
        found += [_bridge(), _macro(machine)]
    if machine.has_excel:
        found.append(interpreter.examine(machine, book, excel))
        if machine.platform == "darwin":
            found.append(_script(machine, excel))
        found += _add_in(machine)
    return [*found, _last_click(), *in_book]


def _python() -> Iterator[Found]:
    yield Found(
        "crmbook",
        Text.same("crmbook"),
        "ok",
        Text.same(f"{version_of('crmbook') or ''}  {Path(__file__).parents[1]}".strip()),
    )
    yield Found("python", Text.same("Python"), "ok", Text.same(f"{platform.python_version()}  {sys.executable}"))


def _extras(needed: Collection[str]) -> Iterator[Found]:
    for package, (extra, what) in EXTRAS.items():
        there = version_of(package)
        if there is not None:
            yield Found(package, Text.same(package), "ok", FOR_WHAT.fill(version=there, what=what))
        else:
            state: State = "wrong" if package in needed else "absent"
            yield Found(package, Text.same(package), state, NOT_INSTALLED.fill(what=what), PIP.fill(extra=extra))


def _programs(machine: Machine) -> Iterator[Found]:
    for name in PROGRAMS:
        there = machine.program(name)
        if there is not None:
            yield Found(name.lower(), Text.same(name), "ok", Text.same(there))
        elif name == "Excel":
            what = NOT_SEEN if machine.has_excel else NO_EXCEL_HERE
            yield Found(name.lower(), Text.same(name), "absent", what, INSTEAD)
        else:
            yield Found(name.lower(), Text.same(name), "absent", NOT_SEEN)


def _bridge() -> Found:
    """Whether this Python can speak to a LibreOffice that has a workbook open."""
    from crmbook.live.libreoffice_uno import uno

    try:
        return Found("uno", BRIDGE, "ok", Text.same(uno().__file__))
    except CannotProceedError as refused:
        return Found("uno", BRIDGE, "absent", refused.problem.what, refused.problem.fix)


def _macro(machine: Machine) -> Found:
    """Whether LibreOffice has the macro that does there what the button does in Excel."""
    file = machine.basic / libreoffice_basic.LIBRARY / f"{libreoffice_basic.BUTTON}.xba"
    if file.is_file():
        return Found("macro", MACRO, "ok", Text.same(file))
    return Found("macro", MACRO, "absent", NO_MACRO.fill(file=file), SETUP_OFFICE)


def _script(machine: Machine, needed: bool) -> Found:
    """On macOS a button starts Python by a script of the same version as xlwings."""
    name = script_name(version_of("xlwings") or "?")
    if (machine.scripts / name).is_file():
        return Found("applescript", SCRIPT, "ok", Text.same(machine.scripts / name))
    return Found("applescript", SCRIPT, "wrong" if needed else "absent", NO_SCRIPT.fill(folder=machine.scripts, name=name), RUN_SETUP)  # fmt: skip


def _add_in(machine: Machine) -> Iterator[Found]:
    folder = machine.start_folder
    if folder is not None and (folder / ADD_IN).is_file():
        yield Found("addin", IN_RIBBON, "ok", Text.same(folder / ADD_IN))
    elif folder is not None:
        yield Found("addin", IN_RIBBON, "absent", NO_ADD_IN.fill(folder=folder, name=ADD_IN), INSTALL_ADD_IN)


def _last_click() -> Found:
    """When a click last reached Python, and what came of it: the first thing to know where a button seems to do nothing."""
    from crmbook.keep.backups import state_folder
    from crmbook.live.dialog import LOG

    try:
        log = state_folder() / LOG
        lines = [line for line in log.read_text("utf-8", "replace").splitlines() if DATED.match(line)]
    except CannotProceedError as refused:
        return Found("last", LAST_CLICK, "absent", refused.problem.what, refused.problem.fix)
    except OSError:
        lines = []
    if not lines:
        return Found("last", LAST_CLICK, "absent", NEVER.fill(log=log))
    return Found("last", LAST_CLICK, "ok", Text.same(f"{lines[-1]}  {log}"))
