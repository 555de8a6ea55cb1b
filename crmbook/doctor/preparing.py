"""A computer prepared for the button: its Python named to Excel, with the script that starts it on macOS, and to LibreOffice."""

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from crmbook.doctor import configuration
from crmbook.doctor.configuration import Written
from crmbook.live import finding
from crmbook.machine import Machine, script_name
from crmbook.problems import CannotProceedError, Problem, stop
from crmbook.text import Text

NO_XLWINGS = Text("按钮需要 xlwings，尚未安装", "the button needs xlwings, which is not installed")
PIP = Text('运行 pip install "crmbook[excel]" 后再试', 'run pip install "crmbook[excel]", then this again')
NOTHING = Text("没有找到 Excel 和 LibreOffice，没有什么可设置的", "neither Excel nor LibreOffice was found, and so there is nothing to set up")  # fmt: skip
INSTEAD = Text("请用 crmbook refresh 或 crmbook watch", "use crmbook refresh or crmbook watch")
NO_SCRIPT = Text("安装的 xlwings 没有带来这个脚本", "the installed xlwings did not bring this script")
AGAIN = Text(
    "请重新安装：pip install --force-reinstall xlwings", "install it anew: pip install --force-reinstall xlwings"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done: Excel's settings, the script put where macOS lets Excel run it, the macro put into LibreOffice; and why
    LibreOffice could not be prepared."""

    settings: Written | None = None
    script: Path | None = None
    libreoffice: bool = False
    refused: Problem | None = None


def prepare(machine: Machine, python: str) -> Prepared:
    """Makes the buttons start this Python, in Excel and in LibreOffice; no workbook is touched.

    Raises CannotProceedError if there is neither of them, xlwings is missing, the Python could not be started, or something
    cannot be written.
    """
    office = machine.program("LibreOffice") is not None
    if not machine.has_excel and not office:
        raise stop("crmbook setup", NOTHING, INSTEAD)
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise stop("crmbook setup", NO_XLWINGS, PIP)
    settings = configuration.name_interpreter(python, machine) if machine.has_excel else None
    script = _script(machine, Path(found.origin).parent) if machine.platform == "darwin" else None
    try:
        return Prepared(settings, script, office and finding.install_button())
    except CannotProceedError as refused:
        if settings is None:
            raise
        return Prepared(settings, script, refused=refused.problem)


def _script(machine: Machine, xlwings: Path) -> Path:
    """The script of the installed version, copied as `xlwings runpython install` copies it."""
    script = xlwings / script_name(version("xlwings"))
    if not script.is_file():
        raise stop(script, NO_SCRIPT, AGAIN)
    try:
        machine.scripts.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(script, machine.scripts / script.name)
    except OSError as error:
        raise stop(machine.scripts, configuration.NOT_WRITTEN.fill(error=error.strerror), configuration.GET_PERMISSION) from error  # fmt: skip
    return machine.scripts / script.name
