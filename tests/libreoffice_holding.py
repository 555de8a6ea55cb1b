"""A workbook held open by a LibreOffice that is really running."""

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.libreoffice_edits import office, python_with_uno

SCRIPT = Path(__file__).with_name("uno_hold.py")


@contextmanager
def held(path: Path, profile: Path, cell: tuple[str, str], password: str = "") -> Iterator[str]:
    """What stands in a cell (sheet, address) of the book, which is open in LibreOffice all the while inside."""
    pipe = f"crmbook{uuid.uuid4().hex}"
    arguments = ["--headless", "--norestore", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    running = subprocess.Popen([office(), f"-env:UserInstallation={profile.as_uri()}", *arguments])
    script = [python_with_uno(), SCRIPT, pipe, path, password, *cell]
    holder = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        first = holder.stdout.readline()
        assert first, holder.communicate()[1]
        yield first.rstrip("\n")
        assert holder.communicate("\n", timeout=60)[1] == ""
        running.wait(60)
    finally:
        for process in (holder, running):
            process.kill()
            process.wait()
            for pipe_end in (process.stdin, process.stdout, process.stderr):
                if pipe_end is not None:
                    pipe_end.close()
