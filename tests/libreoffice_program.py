"""A LibreOffice of a test's own, started until it answers and ended with all it started, and the scripts that speak to it."""

import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from crmbook.office import write_profile

STARTS = 3  # a LibreOffice that dies while it starts is started so often; nothing that fails later is done again
ENDING = 120  # seconds for it to end once it was asked to
PATIENCE = 900  # seconds for a script, on a machine that has other work
REACHED = "the office answers\n"  # the first line of every script (uno_office.py)


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


@contextmanager
def started(profile: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A LibreOffice with this profile, which may still be starting, and the pipe it will listen at.

    Who is inside ends it through its desktop; here it is only waited for, and killed where something went wrong.
    """
    if not profile.exists():
        write_profile(profile, anew=False)
    pipe = f"crmbook{uuid.uuid4().hex}"
    arguments = ["--headless", "--norestore", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    program = subprocess.Popen([office(), f"-env:UserInstallation={profile.as_uri()}", *arguments], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield program, pipe
        with suppress(subprocess.TimeoutExpired):  # a check has no part in how it ends
            program.wait(ENDING)
    finally:
        kill(program)


def kill(program: subprocess.Popen[bytes]) -> None:
    """The program and what it started: `soffice` itself is only a launcher."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(program.pid)], check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
    program.wait()


@contextmanager
def speaking(profile: Path, script: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A script at work in a LibreOffice of its own, which it has reached; it ends the LibreOffice itself."""
    failed = []
    for _ in range(STARTS):
        with started(profile) as (program, pipe):
            command = [python_with_uno(), "-B", *map(str, (script, pipe, *arguments))]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as speaker:  # fmt: skip
                try:
                    if speaker.stdout.readline() == REACHED:
                        yield speaker
                        return
                    why = speaker.communicate()[1]
                finally:
                    speaker.kill()
            failed.append(f"{script.name} ended with {speaker.returncode}, LibreOffice with {program.poll()}: {why}")
            kill(program)
    pytest.fail("\n".join(failed))


def said(speaker: subprocess.Popen[str], answer: str = "") -> str:
    """What a script prints until it ends, after this answer; it must end well."""
    out, errors = speaker.communicate(answer, timeout=PATIENCE)
    assert speaker.returncode == 0, f"{speaker.args} ended with {speaker.returncode}: {errors}"
    return out
