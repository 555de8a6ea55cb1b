"""A workbook's macros as LibreOffice has them: what it read, what its buttons run, what a macro did."""

import json
from pathlib import Path
from typing import Any

from tests.libreoffice_program import said, speaking

SCRIPT = Path(__file__).with_name("uno_macros.py")


def macros(path: Path, profile: Path, *run: str) -> dict[str, Any]:
    """What `uno_macros.py` prints of a workbook, after running macros by their addresses."""
    with speaking(profile, SCRIPT, path, *run) as speaker:
        found: dict[str, Any] = json.loads(said(speaker))
    return found
