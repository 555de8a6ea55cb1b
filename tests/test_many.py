"""Many books in one command, as whole processes: each told as it ends, and none stopped by another."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from crmbook import book, many, pool

DAY = "2026-03-31"


@pytest.fixture
def branches(small, tmp_path):
    """A folder as an office has it: two books, one that is no workbook, one of somebody's own, an owner file's remains."""
    folder = tmp_path / "branches"
    folder.mkdir()
    for name in "ab":
        shutil.copy(small, folder / f"{name}.xlsx")
    (folder / "bad.xlsx").write_text("no workbook")
    openpyxl.Workbook().save(folder / "own.xlsx")
    (folder / "~$gone.xlsx").write_bytes(b"\x05staff")
    (folder / "notes.txt").write_text("not a workbook")
    return folder


def crmbook(*words):
    command = [sys.executable, "-m", "crmbook", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def content(book):
    """All that is in the book, but for the time of the save."""
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}


def test_a_folder_of_books_with_bad_ones_among_them(branches, tmp_path):
    alone = tmp_path / "alone.xlsx"
    shutil.copy(branches / "a.xlsx", alone)
    book.refresh(alone, as_of=date.fromisoformat(DAY))

    done = crmbook("refresh", branches, "--as-of", DAY, "--jobs", 2)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert sorted(line.partition("：")[0] for line in lines[:-1]) == [f"已更新 {branches / n}.xlsx" for n in "ab"]
    assert "共 4 个工作簿：更新 2，已是最新 0，失败 1" in lines[-1]
    assert "跳过 1" in lines[-1]
    told = sorted(done.stderr.splitlines())
    assert ["bad.xlsx" in told[0], "own.xlsx" in told[1], len(told)] == [True, True, 2]
    assert all(content(branches / f"{n}.xlsx") == content(alone) for n in "ab")

    again = crmbook("refresh", branches, "--as-of", DAY, "--jobs", 2, "--json")
    said = {Path(one["book"]).name: one for one in map(json.loads, again.stdout.splitlines())}
    assert [said[f"{n}.xlsx"]["wrote"] for n in "ab"] == [False] * 2
    assert "stopped" in said["bad.xlsx"]
    assert "skipped" in said["own.xlsx"]
    assert len(said) == 4


def test_a_pattern_no_shell_has_expanded_and_a_place_without_books(branches, tmp_path):
    (tmp_path / "empty").mkdir()
    done = crmbook(
        "refresh", branches / "[ab].xlsx", branches / "a.xlsx", tmp_path / "empty", "--jobs", 1, "--as-of", DAY
    )
    assert done.returncode == 1
    assert done.stdout.count("已更新") == 2
    assert "empty" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one process")
def test_an_interrupt_ends_cleanly(branches):
    for n in range(8):
        shutil.copy(branches / "a.xlsx", branches / f"more{n}.xlsx")
    before = content(branches / "a.xlsx")
    command = [sys.executable, "-m", "crmbook", "refresh", str(branches), "--as-of", DAY, "--jobs", "2"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert running.stdout
    running.stdout.readline()  # the first book is done
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate()
    assert running.returncode == 130
    assert "已中断" in errors
    assert "Traceback" not in errors
    untouched = [p for p in branches.glob("more*.xlsx") if content(p) == before]
    assert untouched
    assert not list(branches.glob(".*.tmp"))


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one process")
def test_a_wait_for_one_of_several_is_told_and_can_be_interrupted(branches):
    mark = branches / ".~lock.a.xlsx#"
    mark.write_text(",lilei,another machine,22.11.2026 10:00,file:///nowhere;", "utf-8")
    shutil.copy(branches / "a.xlsx", branches / "free.xlsx")
    command = [sys.executable, "-m", "crmbook", "refresh", branches / "a.xlsx", branches / "free.xlsx", "--as-of", DAY, "--wait"]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert running.stdout
    assert running.stderr
    assert "free.xlsx" in running.stdout.readline()
    waiting = running.stderr.readline()
    assert "a.xlsx" in waiting
    assert "lilei" in waiting
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=300)
    assert running.returncode == 130
    assert "已中断" in errors


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal")
@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_lines_go_where_the_output_goes_even_while_a_terminal_watches(several, branches):
    ours, theirs = os.openpty()
    books = [branches, "--jobs", "1"] if several else [branches / "a.xlsx"]
    command = [sys.executable, "-m", "crmbook", "refresh", *map(str, books), "--as-of", DAY]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True, encoding="utf-8")
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # it is how a terminal says that nobody writes to it any more
        while more := os.read(ours, 1 << 16):
            shown += more
    os.close(ours)
    assert running.communicate()[0].count("已更新") == 1 + several
    assert ("更新工作簿" if several else "读取数据") in shown.decode("utf-8", "replace")


def test_a_folder_whose_books_lie_in_folders_inside_it_names_those(small, tmp_path):
    whole = tmp_path / "whole country"
    for place in ("east", "north", "south", "west", "empty"):
        (whole / place).mkdir(parents=True)
    for place in ("east", "north", "south", "west"):
        shutil.copy(small, whole / place / "a.xlsx")
    shutil.copy(small, whole / "north" / "b.xlsm")
    (whole / "notes.txt").touch()
    (wanted,) = many.books([whole])
    told = many.refresh(wanted, lang="en").problem.line("en").replace(str(tmp_path), "PLACE")
    assert told == (
        "PLACE/whole country: there is no workbook in this folder itself; in the folders inside it there are 5. Name those "
        'folders: "PLACE/whole country/east" "PLACE/whole country/north" "PLACE/whole country/south" …'
    ).replace("/", os.sep)


def ended_by_force(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return number * number


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_process_costs_one_item_only():
    found = dict(pool.each(ended_by_force, range(8), 2))
    assert found == {n: None if n == 3 else n * n for n in range(8)}


def test_each_book_is_taken_once_and_marks_are_not_books(branches):
    taken = many.books([branches, branches / "a.xlsx", branches / "*.xlsx"])
    assert [w.book.name for w in taken] == ["a.xlsx", "b.xlsx", "bad.xlsx", "own.xlsx"]
    assert many.books([branches / "nowhere.xlsx"]) == [many.Wanted(branches / "nowhere.xlsx")]
