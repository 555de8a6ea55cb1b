"""UNO, LibreOffice's programming interface, as seen from our Python: found where LibreOffice keeps it, and connected."""

from __future__ import annotations

import builtins
import sys
import time
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmbook.live.libreoffice_basic import Basic
from crmbook.machine import Machine
from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmbook.ooxml import Area

# com.sun.star.sheet.CellFlags
VALUE, DATETIME, STRING, ANNOTATION, FORMULA = 1, 2, 4, 8, 16
DAY, LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
NOBODY = ("com.sun.star.connection.NoConnectException", "com.sun.star.uno.RuntimeException")
PAUSE = 0.05  # seconds until LibreOffice is asked again whether it listens
DISTRIBUTION = Path("/usr/lib/python3/dist-packages")
NO_UNO = Text("这个 Python（{version}）不能与 LibreOffice 通话", "this Python ({version}) cannot talk to LibreOffice")
GET_UNO = Text(
    "请安装系统软件包 python3-uno，并用系统的 Python 3 运行 crmbook；Windows 和 macOS 上请用版本与 LibreOffice 自带 Python 相同的 Python；也可以先在 LibreOffice 中保存并关闭文件，再运行一次",
    "install your system's package python3-uno and run crmbook with the system's Python 3; on Windows and macOS use a Python of the version LibreOffice brings along; or save and close the file in LibreOffice and run this again",
)


@dataclass(frozen=True)
class Connection:
    """A running LibreOffice at the other end of a pipe: its component context."""

    context: Any

    @cached_property
    def desktop(self) -> Any:
        """What holds the open documents."""
        return self.service("com.sun.star.frame.Desktop")

    @cached_property
    def basic(self) -> Basic:
        """The lines of Basic that answer in bulk."""
        return Basic(self.context)

    def service(self, name: str) -> Any:
        """A service of the program's, by name."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def spreadsheets(self) -> Iterator[Any]:
        """The open spreadsheet documents."""
        for document in self.desktop.Components:
            if getattr(document, "supportsService", None) and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):  # fmt: skip
                yield document


@cache
def uno() -> Any:
    """The module `uno`, from where this Python or LibreOffice keeps it, with nothing else of that place; it leaves this
    Python's `import` as it was. Raises CannotProceedError where none fits."""
    importing = builtins.__import__
    for folder in (None, *_folders()):
        if folder is not None:
            sys.path.append(str(folder))
        try:
            return _mended(import_module("uno"))
        except ImportError:
            sys.modules.pop("uno", None)
        finally:
            builtins.__import__ = importing
            if folder is not None:
                sys.path.remove(str(folder))
    raise stop("LibreOffice", NO_UNO.fill(version=".".join(map(str, sys.version_info[:3]))), GET_UNO)


def _mended(module: Any) -> Any:
    """UNO's errors take a traceback as any other does: without that, one that leaves a `with` is lost behind another."""
    put = module._uno_struct__setattr__  # noqa: SLF001

    def put_or_own(self: Any, name: str, value: Any) -> None:
        if name.startswith("__") and isinstance(self, Exception):
            Exception.__setattr__(self, name, value)
        else:
            put(self, name, value)

    module._uno_struct__setattr__ = put_or_own  # noqa: SLF001
    return module


def _folders() -> list[Path]:
    """Where `uno.py` may lie."""
    beside = [program.resolve().parent for program in Machine.here().programs("LibreOffice")]
    mac = [folder.parent / "Resources" for folder in beside] + [folder.parent / "Frameworks" for folder in beside]
    return [folder for folder in dict.fromkeys((DISTRIBUTION, *beside, *mac)) if (folder / "uno.py").is_file()]


def connect(pipe: str, patience: float = 0.0) -> Connection | None:
    """The LibreOffice that listens at this pipe; None if none does within so many seconds. One that has just begun to listen
    may close a connection while it is made."""
    local = uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    nobody = tuple(map(uno().getClass, NOBODY))
    until = time.monotonic() + patience
    while True:
        try:
            return Connection(resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"))
        except nobody:
            if time.monotonic() >= until:
                return None
            time.sleep(PAUSE)


def struct(name: str, **fields: Any) -> Any:
    """A UNO struct with these fields."""
    made = uno().createUnoStruct(f"com.sun.star.{name}")
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def address(sheet: int, area: Area) -> Any:
    """The address UNO knows an area by."""
    return struct("table.CellRangeAddress", Sheet=sheet, StartRow=area.top - 1, StartColumn=area.left - 1, EndRow=area.bottom - 1, EndColumn=area.right - 1)  # fmt: skip


def setting(name: str, value: Any) -> Any:
    """A named value, as UNO's methods take options."""
    return struct("beans.PropertyValue", Name=name, Value=value)


def file_path(url: str) -> str:
    """The path of a document's URL; the URL itself where it is no file's."""
    return str(uno().fileUrlToSystemPath(url)) if url.startswith("file:") else url
