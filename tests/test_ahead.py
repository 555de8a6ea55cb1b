"""A second process that writes the sheets of data: the same bytes as without it, whatever becomes of it, and it never stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crmbook import book
from crmbook.machine import cores
from crmbook.ooxml import Package
from crmbook.text import Text
from crmbook.verbs import ahead
from crmbook.verbs.outcome import COMPUTING, WRITING
from tests.corpus.books import TODAY, write_source

PARTED = pytest.mark.skipif(cores() == 1, reason="a second process begins where a second core is")
FORMS = ["grading", "visit_plan"]
SCRIPT = """
import os, signal, subprocess, sys
print("ran", flush=True)
from datetime import date
from pathlib import Path
from crmbook import book
from crmbook.verbs import ahead
from crmbook.verbs.outcome import WRITING
ahead.MANY = 0
class Told(subprocess.Popen):
    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        print(self.pid, flush=True)
subprocess.Popen = Told
def step(text):
    if text == WRITING and "kill" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
book.build(Path(sys.argv[1]), source=Path(sys.argv[2]), as_of=date(2026, 6, 30), forms=["grading"], step=step)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_source(tmp_path_factory.mktemp("ahead") / "data")


def built(path: Path, source: Path, step: Callable[[Text], None] = lambda text: None) -> dict[str, bytes]:
    """The parts of a book made of the source, as they are stored, but for the one that holds the time."""
    book.build(path, source=source, as_of=TODAY, forms=FORMS, step=step)
    package = Package.open(path)
    entries = (e for e in package._archive.entries if e.name != "docProps/core.xml")
    return {e.name: bytes(package._archive.packed(e)) for e in entries}


@pytest.fixture(scope="module")
def alone(source: Path) -> dict[str, bytes]:
    """What one process makes of the source."""
    return built(source.with_name("alone.xlsx"), source)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """The processes that begin, however few the data."""
    processes: list[subprocess.Popen[bytes]] = []

    class Told(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **named: object) -> None:
            super().__init__(*args, **named)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(ahead, "MANY", 0)
    monkeypatch.setattr(subprocess, "Popen", Told)
    return processes


@PARTED
def test_two_processes_make_what_one_makes(tmp_path, source, alone, begun, monkeypatch):
    taken = []
    take = Package.take
    monkeypatch.setattr(Package, "take", lambda self, name, made: (taken.append(name), take(self, name, made)))
    assert built(tmp_path / "two.xlsx", source) == alone
    assert [p.poll() is not None for p in begun] == [True]
    assert len(taken) > 5  # the entry forms


@PARTED
@pytest.mark.parametrize("moment", [None, COMPUTING, WRITING])
def test_what_a_process_that_is_killed_leaves_is_done_here(tmp_path, source, alone, begun, moment):
    def step(text: Text) -> None:
        if text == moment or (moment is None and begun):
            begun[0].kill()
            begun[0].wait()

    assert built(tmp_path / "killed.xlsx", source, step) == alone
    assert len(begun) == 1


@PARTED
@pytest.mark.skipif(sys.platform == "win32", reason="a process is stopped as POSIX has it")
@pytest.mark.parametrize("moment", [None, COMPUTING, WRITING])
def test_a_process_that_hangs_is_not_waited_for_long(tmp_path, source, alone, begun, monkeypatch, moment):
    monkeypatch.setattr(ahead, "PATIENCE", 0.5)

    def step(text: Text) -> None:
        if text == moment or (moment is None and begun):
            os.kill(begun[0].pid, signal.SIGSTOP)

    assert built(tmp_path / "hangs.xlsx", source, step) == alone
    assert [p.poll() is not None for p in begun] == [True]


@pytest.mark.parametrize("program", ["", "no/python", "excel.exe"])
def test_without_a_python_to_start_all_is_done_here(tmp_path, source, alone, begun, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", program)
    assert built(tmp_path / "none.xlsx", source) == alone
    assert begun == []


def test_a_few_data_need_no_second_process(begun, monkeypatch, tmp_path, source, alone):
    monkeypatch.setattr(ahead, "MANY", sum(f.stat().st_size for f in source.iterdir()) + 1)
    assert built(tmp_path / "few.xlsx", source) == alone
    assert begun == []


@PARTED
def test_no_process_outlives_a_run_that_is_broken_off(tmp_path, source, begun):
    def step(text: Text) -> None:
        if text == WRITING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(tmp_path / "broken.xlsx", source, step)
    assert [p.poll() is not None for p in begun] == [True]
    assert not (tmp_path / "broken.xlsx").exists()


def run(path: Path, source: Path, *more: str) -> tuple[int, list[str]]:
    """A program of a user's, without a guard around what it does: how it ended, and what it said."""
    script = path.with_suffix(".py")
    script.write_text(SCRIPT)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, script, path, source, *more], env=env, capture_output=True, text=True, check=False)  # fmt: skip
    return done.returncode, done.stdout.splitlines()


@PARTED
def test_the_program_that_called_us_is_not_run_again(tmp_path, source):
    path = tmp_path / "script.xlsx"
    code, (first, *said) = run(path, source)
    assert (code, first, len(said)) == (0, "ran", 1)
    assert path.exists()


@PARTED
@pytest.mark.skipif(sys.platform == "win32", reason="a process is looked for as POSIX has it")
def test_no_process_outlives_one_that_is_killed(tmp_path, source):
    code, (_, process) = run(tmp_path / "dead.xlsx", source, "kill")
    assert code == -signal.SIGKILL

    def state() -> str:
        return subprocess.run(["ps", "-o", "stat=", "-p", process], capture_output=True, text=True, check=False).stdout

    until = time.monotonic() + 30
    while state().strip() not in {"", "Z"} and time.monotonic() < until:
        time.sleep(0.05)
    assert state().strip() in {"", "Z"}


def test_the_process_ends_when_nobody_is_left_to_answer():
    code = "import time; from threading import Thread; from crmbook.verbs import ahead; Thread(target=ahead._end_with_parent).start(); time.sleep(100)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, env=env) as process:
        process.stdin.close()
        assert process.wait(30) == 1
