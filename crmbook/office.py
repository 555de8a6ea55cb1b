"""LibreOffice at work on copies of workbooks: found wherever it is installed, run with a profile of its own."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from crmbook.machine import Machine
from crmbook.private import private_folder
from crmbook.problems import stop
from crmbook.text import Text

MOST_SECONDS = 1800  # LibreOffice takes about a minute for half a million orders
STARTS = 2  # of a program that died without having done its work
AT_ONCE = 100  # files for one run: a command line has its length
# A new profile; `anew` recalculates every file it loads, where LibreOffice otherwise trusts the values of an .xlsx. One that
# has seen no version yet makes it try out its drawing for as long as the start itself takes: this one has seen them all.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>99.9</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""
ALWAYS, NEVER = 0, 1
NO_LIBREOFFICE = Text("没有找到 LibreOffice", "LibreOffice was not found")
INSTALL = Text(
    "请安装 LibreOffice Calc（libreoffice.org，或系统软件包 libreoffice-calc），使命令 soffice 可用",
    "install LibreOffice Calc (libreoffice.org, or your system's package libreoffice-calc) so that the command soffice is found",
)
DID_NOT_OPEN = Text("LibreOffice 没有完成（{detail}）", "LibreOffice did not finish ({detail})")
OPEN_THERE = Text("请在 LibreOffice 中打开这个文件，看它是否报错", "open the file in LibreOffice and see what it says")


def convert(path: Path, copies: Sequence[Path], to: str, out: Path, *, anew: bool) -> list[Path]:
    """Copies of the workbook `path` → the files that LibreOffice makes of them in the folder `out`, in their order.

    `to`: a filter as `--convert-to` names it. `anew`: every formula is recalculated first.
    """
    office = program()
    if office is None:
        raise stop(path, NO_LIBREOFFICE, INSTALL)
    with private_folder() as folder:
        profile = folder / "profile"
        write_profile(profile, anew=anew)
        # What it makes on its way goes when the folder goes: it works in there.
        environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))}
        command = [str(office), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", to, "--outdir", str(out.absolute())]
        for first in range(0, len(copies), AT_ONCE):
            _run(path, command, copies[first : first + AT_ONCE], to, out, environment)
    return [_made(copy, to, out) for copy in copies]


def write_profile(profile: Path, *, anew: bool) -> None:
    """The settings with which LibreOffice starts in the new folder `profile`; `anew` as in `convert`."""
    (profile / "user").mkdir(parents=True)
    settings = PROFILE.format(mode=ALWAYS if anew else NEVER)
    (profile / "user" / "registrymodifications.xcu").write_text(settings, "utf-8")


def program() -> Path | None:
    """LibreOffice's program, wherever it is installed; None if it is not."""
    return Machine.here().program("LibreOffice")


def _run(path: Path, command: Sequence[str], copies: Sequence[Path], to: str, out: Path, environment: Mapping[str, str]) -> None:  # fmt: skip
    """LibreOffice's command with these copies; it is started again where it died, as it may on a machine that is busy."""
    for _ in range(STARTS):
        try:
            code, said = _ended([*command, *(str(copy.absolute()) for copy in copies)], environment)
        except subprocess.TimeoutExpired as error:
            raise stop(path, DID_NOT_OPEN.fill(detail=f"{MOST_SECONDS} s"), OPEN_THERE) from error
        copies = [copy for copy in copies if not _made(copy, to, out).is_file()]
        if not copies:
            return
        if code == 0:
            break  # it saw them, and opened them no better the next time
    detail = f"{code} {said.strip()[-200:]}".strip()
    raise stop(path, DID_NOT_OPEN.fill(detail=detail), OPEN_THERE)


def _ended(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """How the command ended, and what it said; if this run ends first, so do the command and all that it started."""
    # Nothing in the command comes from the workbook: the copies have names of our own.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=environment["TMPDIR"], start_new_session=True) as running:  # noqa: S603  # fmt: skip
        try:
            said, complained = running.communicate(timeout=MOST_SECONDS)
        except BaseException:
            if os.name == "nt":
                running.kill()
            else:
                with suppress(ProcessLookupError):  # it has just ended
                    os.killpg(running.pid, signal.SIGKILL)
            raise
        return running.returncode, complained or said


def _made(copy: Path, to: str, out: Path) -> Path:
    return out / f"{copy.stem}.{to.partition(':')[0]}"
