"""The edits staff make in LibreOffice: made by LibreOffice itself, over UNO, and saved by it as xlsx."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.excel_edits import Edit
from tests.libreoffice_program import said, speaking

SCRIPT = Path(__file__).with_name("uno_edits.py")


def edit(path: Path, edits: Iterable[Edit], out: Path, profile: Path) -> None:
    """Open `path` in a LibreOffice of our own, make the edits, save as `out`."""
    wanted = profile.with_name("edits.json")
    wanted.write_text(json.dumps(list(edits), ensure_ascii=False), "utf-8")
    with speaking(profile, SCRIPT, path, wanted, out) as speaker:
        said(speaker)
