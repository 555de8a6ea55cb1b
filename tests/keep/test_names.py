"""Names, links and what a file carries: a workbook is replaced in its place whatever it is called and however it is reached."""

import os
import time
from pathlib import Path

import pytest

from crmbook import keep
from crmbook.keep.backups import Backups, state_folder
from crmbook.ooxml import Package
from tests.keep.books import edited, stopped

NAMES = ["with spaces  in it.xlsx", "客户管理（王芳）.xlsx", "客户 📒👩🏽‍💼.xlsx", "-q.xlsx", "--help.xlsx", "a'b\"c$d;e&f.xlsx", "[1]*?.xlsx", "客" * 83 + ".xlsx", "x" * 250 + ".xlsx", "no ending", ".xlsx"]  # fmt: skip
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX rights and links")


def is_new(path: Path) -> bool:
    return b"<!-- new -->" in Package.open(path).read("xl/workbook.xml")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind(name, book, monkeypatch):
    if os.name == "nt" and set(name) & set('"*?'):
        pytest.skip("Windows has no such names")
    monkeypatch.chdir(book.parent)
    before, there = book.read_bytes(), Path(name)
    book.rename(name)
    there.with_name(f"other-{name}"[:60]).write_bytes(b"")
    keep.opened_by(there)
    keep.replace(there, edited(there))
    assert is_new(there)
    assert len(list(Path().iterdir())) == 2
    keep.undo(there)
    assert there.read_bytes() == before


def test_a_name_too_long_for_the_system(book):
    for name in ("x" * 300 + ".xlsx", "x/" * 3000):
        assert "no such file" in stopped(keep.load, book.with_name("a") / name)
    long = book.with_name("x" * 300 + ".xlsx")
    keep.opened_by(long)
    assert "no such file" in stopped(keep.create, long, edited(book))


@posix
def test_links_stay_links_and_a_second_name_keeps_the_old_content(book, tmp_path):
    before = book.read_bytes()
    link, second = tmp_path / "link.xlsx", tmp_path / "second name.xlsx"
    link.symlink_to(book)
    second.hardlink_to(book)
    keep.replace(link, edited(link))
    assert link.is_symlink()
    assert is_new(book)
    assert second.read_bytes() == before  # as when Excel saves: what bears the other name is a file by itself now
    owner = book.with_name(f"~${book.name}")
    owner.write_bytes(b"")
    assert "open in Excel" in stopped(keep.opened_by, link)
    link.unlink()
    link.symlink_to(link)
    assert "no such file" in stopped(keep.load, link)
    with keep.lock(link):
        pass


@posix
def test_rights_owner_and_labels_are_kept_and_the_time_is_that_of_the_save(book):
    book.chmod(0o640)
    if not os.geteuid():
        os.chown(book, 1234, 5678)
    try:
        os.setxattr(book, "user.crmbook.label", "机密".encode())
    except (AttributeError, OSError):  # a system or a disk without labels
        labelled = False
    else:
        labelled = True
    os.utime(book, (86_400, 86_400))
    before, start = book.stat(), time.time()
    keep.replace(book, edited(book))
    assert book.stat().st_mtime > start - 5
    for _ in range(2):
        after = book.stat()
        assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
        assert not labelled or os.getxattr(book, "user.crmbook.label") == "机密".encode()
        if is_new(book):
            keep.undo(book)
    assert not is_new(book)


def test_nothing_is_left_of_a_save_but_the_file_and_its_backup(book):
    keep.replace(book, edited(book))
    assert list(book.parent.iterdir()) == [book]
    kept = [p for p in state_folder().rglob("*") if p.is_file() and p.suffix != ".lock"]
    assert kept == list(Backups(book))
    assert keep.load(kept[0])
