"""The edits staff make in LibreOffice: made by LibreOffice itself, over UNO, and saved by it as xlsx."""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterable
from pathlib import Path

from tests.excel_edits import Edit

SCRIPT = Path(__file__).with_name("uno_edits.py")


def office() -> str | None:
    """The LibreOffice program, where there is one."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def python_with_uno() -> str | None:
    """A Python that knows UNO: the system's, or the one LibreOffice brings along."""
    beside = Path(os.path.realpath(office() or "/")).parent / "python"
    for candidate in ("/usr/bin/python3", str(beside)):
        if Path(candidate).exists() and not subprocess.run([candidate, "-c", "import uno"], check=False, capture_output=True).returncode:  # fmt: skip
            return candidate
    return None


def edit(path: Path, edits: Iterable[Edit], out: Path, profile: Path) -> None:
    """Open `path` in a LibreOffice of our own, make the edits, save as `out`."""
    wanted = profile / "edits.json"
    profile.mkdir(parents=True, exist_ok=True)
    wanted.write_text(json.dumps(list(edits), ensure_ascii=False), "utf-8")
    pipe = f"crmbook{uuid.uuid4().hex}"
    arguments = ["--headless", "--norestore", "--nolockcheck", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    running = subprocess.Popen([office(), f"-env:UserInstallation={profile.as_uri()}", *arguments])
    try:
        done = subprocess.run([python_with_uno(), str(SCRIPT), pipe, str(path), str(wanted), str(out)], check=False, capture_output=True, text=True, timeout=240)  # fmt: skip
        assert done.returncode == 0, done.stderr
        running.wait(60)
    finally:
        running.kill()
        running.wait()
