"""Where each system keeps what a button needs: the programs, xlwings's settings, Excel's folders."""

import locale
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Platform = Literal["win32", "darwin", "linux"]
Program = Literal["Excel", "LibreOffice", "WPS"]
PROGRAMS: tuple[Program, ...] = ("Excel", "LibreOffice", "WPS")

# Commands, as the search path or Windows's registry has them, then places below the folders where programs stand.
COMMANDS: dict[Platform, dict[Program, tuple[str, ...]]] = {
    "win32": {"Excel": ("excel.exe",), "LibreOffice": ("soffice.exe",), "WPS": ("et.exe", "wps.exe")},
    "darwin": {"Excel": (), "LibreOffice": ("soffice",), "WPS": ()},
    "linux": {"Excel": (), "LibreOffice": ("soffice", "libreoffice"), "WPS": ("et",)},
}
PLACES: dict[Platform, dict[Program, tuple[str, ...]]] = {
    "win32": {
        "Excel": ("Microsoft Office/root/Office*/EXCEL.EXE", "Microsoft Office/Office*/EXCEL.EXE"),
        "LibreOffice": ("LibreOffice*/program/soffice.exe",),
        "WPS": ("Kingsoft/WPS Office/*/office6/et.exe", "Kingsoft/WPS Office/ksolaunch.exe"),
    },
    "darwin": {
        "Excel": ("Applications/Microsoft Excel.app",),
        "LibreOffice": ("Applications/LibreOffice.app/Contents/MacOS/soffice",),
        "WPS": ("Applications/wpsoffice.app",),
    },
    "linux": {
        "Excel": (),
        "LibreOffice": ("opt/libreoffice*/program/soffice",),
        "WPS": ("opt/kingsoft/wps-office/office6/et",),
    },
}
WINDOWS_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")
APP_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths"
SETTINGS = "xlwings.conf"
ADD_IN = "crmbook.xlam"


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, in the few values that say where things lie on it."""

    platform: Platform
    home: Path
    env: Mapping[str, str]
    root: Path = Path("/")
    registered: Mapping[str, str] = field(default_factory=dict)  # command → program, from Windows's registry
    encoding: str = "utf-8"  # of the text files that VBA reads

    @classmethod
    def here(cls) -> "Machine":
        """This computer."""
        if sys.platform == "win32":
            commands = [command for names in COMMANDS["win32"].values() for command in names]
            return cls(
                "win32", Path.home(), os.environ, registered=_registered(commands), encoding=locale.getencoding()
            )
        return cls(running(), Path.home(), os.environ)

    @property
    def has_excel(self) -> bool:
        """True if there is an Excel for this system."""
        return self.platform != "linux"

    @property
    def key(self) -> str:
        """The setting of xlwings that names the Python of a button."""
        return "INTERPRETER_MAC" if self.platform == "darwin" else "INTERPRETER_WIN"

    @property
    def settings(self) -> Path:
        """The user's settings of xlwings."""
        if self.platform == "darwin":
            return self.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / SETTINGS
        return self.home / ".xlwings" / SETTINGS

    @property
    def scripts(self) -> Path:
        """Where macOS lets Excel run scripts from."""
        return self.home / "Library" / "Application Scripts" / "com.microsoft.Excel"

    @property
    def excel_folder(self) -> Path | None:
        """The folder that Excel keeps for its user."""
        if self.platform == "darwin":
            return self.home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
        appdata = self.env.get("APPDATA")
        return Path(appdata) / "Microsoft" / "Excel" if self.platform == "win32" and appdata else None

    @property
    def start_folder(self) -> Path | None:
        """The folder whose add-ins Excel opens when it starts."""
        inside = "Startup.localized/Excel" if self.platform == "darwin" else "XLSTART"
        return None if self.excel_folder is None else self.excel_folder / inside

    @property
    def basic(self) -> Path:
        """Where LibreOffice keeps the macros of this user."""
        configured = self.env.get("XDG_CONFIG_HOME") or self.home / ".config"
        roaming = self.env.get("APPDATA") or self.home / "AppData" / "Roaming"
        kept = {
            "win32": Path(roaming) / "LibreOffice",
            "darwin": self.home / "Library" / "Application Support" / "LibreOffice",
            "linux": Path(configured) / "libreoffice",
        }
        return kept[self.platform] / "4" / "user" / "basic"

    def program(self, name: Program) -> Path | None:
        """Where the program is installed, if it is."""
        return next(self.programs(name), None)

    def programs(self, name: Program) -> Iterator[Path]:
        """Every place where the program is installed, the one a command starts first."""
        for command in COMMANDS[self.platform][name]:
            found = self.registered.get(command) or shutil.which(command, path=self.env.get("PATH", ""))
            if found and Path(found).exists():
                yield Path(found)
        named = [Path(self.env[name]) for name in WINDOWS_FOLDERS if name in self.env]
        for folder in {"win32": named, "darwin": [self.root, self.home], "linux": [self.root]}[self.platform]:
            for place in PLACES[self.platform][name]:
                yield from sorted(folder.glob(place))


def running() -> Platform:
    """The system this runs on; any other is taken for Linux."""
    known: dict[str, Platform] = {"win32": "win32", "darwin": "darwin"}
    return known.get(sys.platform, "linux")


def script_name(version: str) -> str:
    """The file by which Excel on macOS starts Python; it goes with one version of xlwings."""
    return f"xlwings-{version}.applescript"


def _registered(commands: list[str]) -> dict[str, str]:
    """Where Windows's registry says that these programs are."""
    found: dict[str, str] = {}
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            for command in commands:
                try:
                    found[command] = winreg.QueryValue(root, rf"{APP_PATHS}\{command}").strip('"')
                except OSError:  # not installed, or not for everybody
                    continue
    return found
