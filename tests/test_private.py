"""The folder for copies that LibreOffice reads: nobody else's to look into, and gone afterwards, however a run ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crmbook import private
from crmbook.private import HELD, PREFIX, YOUNG, private_folder

RUN = """
import sys, time
from crmbook.private import private_folder
with private_folder() as folder:
    (folder / "copy.xlsx").write_bytes(b"in clear")
    print(folder, flush=True)
    time.sleep(600)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these rights nor these signals")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def ended_by(number: int) -> tuple[Path, int]:
    """The folder of a run that a signal ended, and its exit code."""
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as running:
        folder = Path(running.stdout.readline().strip())
        assert (folder / "copy.xlsx").is_file()
        running.send_signal(number)
        return folder, running.wait(60)


def aged(folder: Path) -> Path:
    """A folder that was made a while ago."""
    then = folder.stat().st_mtime - 2 * YOUNG
    os.utime(folder, (then, then))
    return folder


def test_it_is_the_users_alone_and_goes_at_the_end(temporary: Path):
    def fails() -> None:
        with private_folder() as folder:
            (folder / "copy.xlsx").write_bytes(b"in clear")
            assert folder.parent == temporary
            assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o700
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert list(temporary.iterdir()) == []


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_that_is_told_to_end_takes_it_away(name: str, temporary: Path):
    folder, code = ended_by(getattr(signal, name))
    assert folder.parent == temporary
    assert list(temporary.iterdir()) == []
    assert code != 0


@posix
def test_what_a_killed_run_left_goes_with_the_next_and_what_a_living_one_holds_stays(temporary: Path):
    left, _ = ended_by(signal.SIGKILL)
    assert (left / "copy.xlsx").is_file()
    with private_folder():
        assert left.is_dir()  # it may be that of a run which has but begun
    aged(left)
    theirs = temporary / f"{PREFIX}theirs"
    theirs.mkdir()  # of another program: nothing in it says that it is one of these
    aged(theirs)
    with private_folder() as first:
        (first / "copy.xlsx").write_bytes(b"in clear")
        aged(first)
        with private_folder():
            assert (first / "copy.xlsx").is_file()
    assert list(temporary.iterdir()) == [theirs]


@posix
def test_what_a_program_puts_back_while_it_is_removed_goes_another_time(temporary: Path, monkeypatch):
    left, _ = ended_by(signal.SIGKILL)
    aged(left)
    with monkeypatch.context() as busy:
        busy.setattr(shutil, "rmtree", lambda folder, ignore_errors: (folder / HELD).unlink())
        private._sweep()
    assert (left / "copy.xlsx").is_file()
    aged(left)
    with private_folder():
        assert not left.exists()


@posix
def test_a_link_that_somebody_put_there_is_not_followed(temporary: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / HELD).write_bytes(b"keep")
    (temporary / f"{PREFIX}link").symlink_to(aged(elsewhere))
    with private_folder():
        assert (elsewhere / HELD).read_bytes() == b"keep"
    assert (elsewhere / HELD).read_bytes() == b"keep"


def test_a_signal_that_somebody_else_looks_after_is_left_to_them(temporary: Path):
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with private_folder():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
    with private_folder():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
