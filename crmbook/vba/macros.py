"""The text of the macros: ours, and those of the installed xlwings, which start Python from Excel."""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
OURS = "crmbook"  # the module of the macro behind the button
LAUNCHER, DICTIONARY = "xlwings", "Dictionary"
# Each carries its licence in its first lines: xlwings BSD-3-Clause, Dictionary MIT; macOS has no other dictionary.
LAUNCHERS = {"refresh": "xlwings.bas", "addin": "xlwings_custom_addin.bas"}
DICTIONARY_FILE = "addin/Dictionary.cls"
# Whose settings are read: of the user's file only xlwings's own is ever written.
VERSION = re.compile(r'Const XLWINGS_VERSION As String = "([^"]*)"')
OWNER = re.compile(r'(Const PROJECT_NAME As String = )"\w+"')


class NoLauncherError(Exception):
    """xlwings is not installed, or an installed one has no such macros."""


def launcher(kind: str) -> dict[str, str]:
    """The modules by which a macro starts Python, name → source: `refresh` for the workbook that holds them, `addin` for
    the one in front. NoLauncherError where they are not there."""
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise NoLauncherError
    folder = Path(found.origin).parent
    try:
        text = (folder / LAUNCHERS[kind]).read_text("ascii")
        return {
            LAUNCHER: OWNER.sub(rf'\1"{LAUNCHER}"', text),
            DICTIONARY: (folder / DICTIONARY_FILE).read_text("ascii"),
        }
    except (OSError, UnicodeDecodeError) as error:
        raise NoLauncherError(str(error)) from error


def ours(kind: str, words: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our module, name → source: `refresh` or `addin`; `words` are expressions for the places in braces."""
    text = (HERE / f"{kind}.bas").read_text("ascii")
    return {OURS: text.format_map(words) if words else text}


def version_of(launcher: str) -> str:
    """The version of xlwings a launcher came with, which on macOS must be the installed one; "" if it says none."""
    found = VERSION.search(launcher)
    return found[1] if found else ""
