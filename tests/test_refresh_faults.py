"""Disks, rights, names, clocks and other programs: whatever befalls a refresh, the old file or the new one is there."""

import os
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from crmbook import book
from crmbook.keep.backups import Backups
from tests.keep.books import content, stopped
from tests.libreoffice_holding import held
from tests.refusing import DAY, refused

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX rights, limits and links")


@pytest.fixture
def path(small, tmp_path) -> Path:
    """The small book, alone in a folder."""
    path = tmp_path / "folder" / "book.xlsx"
    path.parent.mkdir()
    path.write_bytes(small.read_bytes())
    return path


@pytest.fixture(scope="module")
def refreshed(small, tmp_path_factory) -> bytes:
    """What the book becomes when all goes well."""
    folder = tmp_path_factory.mktemp("refreshed")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        (folder / "book.xlsx").write_bytes(small.read_bytes())
        book.refresh(folder / "book.xlsx", as_of=DAY)
    return (folder / "book.xlsx").read_bytes()


def alone(path: Path) -> bool:
    """True if nothing stands beside a file."""
    return list(path.parent.iterdir()) == [path]


def command(path: Path, day: date = DAY, **more) -> subprocess.Popen:
    arguments = [sys.executable, "-m", "crmbook", "refresh", "--lang", "en", "--as-of", day.isoformat(), "--", path]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


# Disks and rights


def test_a_disk_without_room_for_the_result(small_disk, path):
    there = small_disk / "book.xlsx"
    there.write_bytes(path.read_bytes())
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 20_000))
    assert "the disk is full" in refused(there)


def test_a_disk_without_room_for_the_backup(small_disk, path, monkeypatch):
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 20_000))
    monkeypatch.setenv("CRMBOOK_STATE", str(small_disk))
    line = refused(path)
    assert "the disk is full" in line
    assert str(small_disk) in line


def test_a_disk_without_room_for_the_cache_hinders_nothing(small_disk, path, refreshed, monkeypatch):
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    monkeypatch.setenv("CRMBOOK_CACHE", str(small_disk))
    assert book.refresh(path, as_of=DAY).wrote
    assert path.read_bytes() == refreshed


@posix
def test_a_limit_on_the_size_of_files(path):
    import resource

    before = path.read_bytes()
    uncompiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # Python takes half a module compiled for a whole one
    running = command(path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)), env=uncompiled)
    _, said = running.communicate()
    assert running.returncode == 1
    assert "the disk is full, or a size limit was reached" in said
    assert path.read_bytes() == before
    assert alone(path)


def test_a_folder_that_cannot_be_written(small_disk, path):
    there = small_disk / "book.xlsx"
    there.write_bytes(path.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert "no permission to write" in refused(there)


def test_a_file_that_is_marked_read_only(path):
    path.chmod(0o444)
    assert "no permission to write" in refused(path)


@pytest.mark.parametrize("place", ["a file", "below a file", "read-only"])
def test_a_state_folder_that_cannot_be_written(place, path, tmp_path, monkeypatch, request):
    if place == "read-only":
        state = request.getfixturevalue("small_disk")
        subprocess.run(["mount", "-o", "remount,ro", state], check=True)
    else:
        (tmp_path / "file").write_text("")
        state = tmp_path / "file" / ("x" if place == "below a file" else "")
    monkeypatch.setenv("CRMBOOK_STATE", str(state))
    line = refused(path)
    assert "CRMBOOK_STATE" in line
    assert str(tmp_path) in line


@posix
def test_no_home_folder_at_all(path, monkeypatch):
    import pwd

    def nobody(uid):
        raise KeyError(uid)

    for name in ("HOME", "CRMBOOK_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.chdir(path.parent)
    assert "HOME: there is no place for backups" in refused(path)
    assert alone(path)


def test_a_result_that_cannot_be_moved_into_place(path, monkeypatch):
    """Windows refuses to replace a file that another program has open; a network drive may do so at any time."""
    move = os.replace

    def refuse(source, target):
        if Path(target) == path:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        move(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    line = refused(path)
    assert "Close it if another program has it open" in line


def test_a_connection_that_is_lost_while_writing(path, monkeypatch):
    def lose(handle):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", lose)
    assert "Input/output error" in refused(path)


# Other programs and other runs


@pytest.mark.office
def test_a_file_that_libreoffice_has_open(path, tmp_path):
    with held(path, tmp_path / "profile", ("客户", "A1")):
        line = refused(path)
        assert "the file is open in LibreOffice" in line
        assert f".~lock.{path.name}#" in line
        link = tmp_path / "link.xlsx"
        if os.name != "nt":
            link.symlink_to(path)
            assert "the file is open in LibreOffice" in refused(link)
    assert book.refresh(path, as_of=DAY).wrote


@pytest.mark.parametrize(("mark", "program"), [("~$", "Excel"), (".~", "WPS")])
def test_a_file_that_excel_or_wps_has_open(mark, program, path, refreshed):
    owner = path.with_name(mark + path.name)
    owner.write_bytes(b"\x03Ann" + b" " * 51 + b"\x03\0" + "Ann".encode("utf-16-le").ljust(108, b" "))
    line = refused(path)
    assert f"open in {program} (by Ann)" in line
    assert owner.name in line
    owner.unlink()
    assert book.refresh(path, as_of=DAY).wrote
    assert path.read_bytes() == refreshed


def test_two_commands_over_one_book_at_once(path, tmp_path):
    days = (DAY, DAY - timedelta(60))
    start = path.read_bytes()
    results = {}
    for order in (days, days[::-1]):
        alone = tmp_path / "alone.xlsx"
        alone.write_bytes(start)
        for day in order:
            book.refresh(alone, as_of=day)
        results[alone.read_bytes()] = order
    runs = [command(path, day) for day in days]
    said = [running.communicate() for running in runs]
    assert [running.returncode for running in runs] == [0, 0], said
    assert path.read_bytes() in results  # as if one had waited for the other
    assert len(list(Backups(path))) == 2
    for _ in runs:
        book.undo(path)
    assert path.read_bytes() == start


def when_writing(do):
    """A step of the refresh at which something happens."""
    return lambda text: do() if text.en.startswith("writing") else None


def test_a_file_that_is_replaced_meanwhile(path):
    theirs = content("saved by somebody")
    line = stopped(lambda: book.refresh(path, as_of=DAY, step=when_writing(lambda: path.write_bytes(theirs))))
    assert "changed by another program" in line
    assert path.read_bytes() == theirs
    assert alone(path)
    assert list(Backups(path)) == []


def test_a_file_that_is_deleted_or_moved_meanwhile(path):
    before = path.read_bytes()
    moved = path.with_name("moved.xlsx")
    line = stopped(lambda: book.refresh(path, as_of=DAY, step=when_writing(lambda: path.rename(moved))))
    assert "no such file" in line
    assert alone(moved)
    assert moved.read_bytes() == before


# The clock


def test_a_file_from_the_future(path, refreshed):
    later = time.time() + 10 * 365 * 86_400
    os.utime(path, (later, later))
    assert book.refresh(path, as_of=DAY).wrote
    assert path.read_bytes() == refreshed
    assert path.stat().st_mtime < later
    assert not book.refresh(path, as_of=DAY).wrote


def test_a_clock_that_was_put_back(path, refreshed):
    assert book.refresh(path, as_of=DAY).wrote
    earlier = DAY - timedelta(400)
    assert book.refresh(path, as_of=earlier).wrote
    assert not book.refresh(path, as_of=earlier).wrote
    assert book.refresh(path, as_of=DAY).wrote
    assert path.read_bytes() == refreshed
    for backup in Backups(path):  # by their numbers, not by their times
        os.utime(backup, (0, 0))
    book.undo(path)
    book.undo(path)
    assert path.read_bytes() == refreshed
