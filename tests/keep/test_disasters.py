"""Killed, out of disk or without rights: the old file or the new one is there, and nothing beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmbook import keep
from tests.keep.books import content, edited, stopped

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and limits")


@posix
@pytest.mark.parametrize("verb", ["replace", "undo"])
def test_killed_at_any_moment_the_old_or_the_new_file_is_there(book, verb):
    script = Path(__file__).with_name("killed.py")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, script, book, verb], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    outcomes = json.loads(run.stdout)
    assert outcomes.pop("before") > 50
    assert outcomes.pop("after") > 0
    assert set(outcomes.values()) == {0}, outcomes


@posix
def test_a_file_size_limit_leaves_the_old_file(book):
    old = book.read_bytes()
    script = (
        "import resource, sys; from pathlib import Path; from crmbook import keep; from crmbook.problems import CannotProceedError\n"
        "path = Path(sys.argv[1]); package = keep.load(path); package.write('xl/workbook.xml', package.read('xl/workbook.xml') + b' ')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try: keep.replace(path, package)\n"
        "except CannotProceedError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-B", "-c", script, book], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert "the disk is full, or a size limit was reached" in run.stdout, run.stderr
    assert book.read_bytes() == old
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(small_disk):
    book = small_disk / "b.xlsx"
    book.write_bytes(content())
    old, package = book.read_bytes(), edited(book)
    package.write("xl/big.xml", b"<big>" + os.urandom(200_000).hex().encode() + b"</big>")
    package.set_content_type("xl/big.xml", "application/xml")
    assert "the disk is full" in stopped(keep.replace, book, package)
    assert "the disk is full" in stopped(keep.create, book.with_name("new.xlsx"), package)
    assert book.read_bytes() == old
    assert [p.name for p in small_disk.iterdir()] == ["b.xlsx"]


def test_a_full_disk_for_backups_leaves_the_old_file(small_disk, book, monkeypatch):
    (small_disk / "filler").write_bytes(bytes(196 * 1024))
    monkeypatch.setenv("CRMBOOK_STATE", str(small_disk))
    old = book.read_bytes()
    line = stopped(keep.replace, book, edited(book))
    assert "the disk is full" in line
    assert str(small_disk) in line
    assert book.read_bytes() == old
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_a_folder_that_cannot_be_written_leaves_the_old_file(small_disk):
    book = small_disk / "b.xlsx"
    book.write_bytes(content())
    package = edited(book)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert "no permission to write" in stopped(keep.replace, book, package)
    assert "no permission to write" in stopped(keep.create, book.with_name("new.xlsx"), package)
    assert [p.name for p in small_disk.iterdir()] == ["b.xlsx"]


def test_a_file_marked_read_only_is_not_replaced(book):
    old, package = book.read_bytes(), edited(book)
    book.chmod(0o444)
    assert "no permission to write" in stopped(keep.replace, book, package)
    assert book.read_bytes() == old


def test_what_a_killed_run_left_behind_is_swept_away(book):
    left = book.with_name(f".{book.name}.crmbook-4711.tmp")
    foreign = book.with_name(".other.xlsx.crmbook-4711.tmp")
    left.write_bytes(b"half")
    foreign.write_bytes(b"half")
    keep.replace(book, edited(book))
    assert {p.name for p in book.parent.iterdir()} == {book.name, foreign.name}
