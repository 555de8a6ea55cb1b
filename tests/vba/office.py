"""A workbook's macros as LibreOffice has them: what it read, what its buttons run, what a macro did."""

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

from tests.libreoffice_edits import office, python_with_uno

SCRIPT = Path(__file__).with_name("uno_macros.py")


def macros(path: Path, profile: Path, *run: str) -> dict[str, Any]:
    """What `uno_macros.py` prints of a workbook, after running macros by their addresses."""
    pipe = f"crmbook{uuid.uuid4().hex}"
    arguments = ["--headless", "--norestore", "--nolockcheck", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    running = subprocess.Popen([office(), f"-env:UserInstallation={profile.as_uri()}", *arguments])
    try:
        done = subprocess.run([python_with_uno(), str(SCRIPT), pipe, str(path), *run], check=False, capture_output=True, text=True, timeout=240)  # fmt: skip
        assert done.returncode == 0, done.stderr
        running.wait(60)
    finally:
        running.kill()
        running.wait()
    found: dict[str, Any] = json.loads(done.stdout)
    return found
