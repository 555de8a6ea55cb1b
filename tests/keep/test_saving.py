"""The user's file is replaced only by what it should be, and the previous one comes back byte for byte."""

import os

import pytest

from crmbook import keep
from crmbook.keep.backups import MOST_BACKUPS, Backups
from crmbook.ooxml import Package
from tests.keep.books import content, edited, stopped

posix = pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")


def test_a_file_is_replaced_and_brought_back_byte_for_byte(book):
    old = book.read_bytes()
    book.chmod(0o640)
    proof = keep.replace(book, edited(book))
    assert proof.rewritten == ("xl/workbook.xml",)
    assert book.read_bytes() != old
    assert book.stat().st_mode & 0o777 == 0o640
    new = book.read_bytes()
    aside = keep.undo(book)
    assert book.read_bytes() == old
    assert aside.read_bytes() == new
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_without_a_change_nothing_is_written(book):
    before = book.stat()
    package = keep.load(book)
    assert keep.replace(book, package).untouched == tuple(package.names)
    assert (book.stat().st_ino, book.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert list(Backups(book)) == []


def test_undo_goes_back_step_by_step_and_says_when_there_is_nothing_left(book):
    versions = []
    for mark in "abc":
        versions.append(book.read_bytes())
        keep.replace(book, edited(book, mark))
    for version in reversed(versions):
        keep.undo(book)
        assert book.read_bytes() == version
    assert "there is no previous file" in stopped(keep.undo, book)
    assert book.read_bytes() == versions[0]


def test_undo_of_a_renamed_file_asks_for_its_old_name(book):
    before = book.read_bytes()
    keep.replace(book, edited(book, "a"))
    renamed = book.rename(book.with_name("renamed.xlsx"))
    assert "its old name" in stopped(keep.undo, renamed)
    keep.undo(renamed.rename(book))
    assert book.read_bytes() == before


def test_what_was_typed_after_a_refresh_survives_every_undo(book):
    for mark in "ab":
        keep.replace(book, edited(book, mark))
    typed = content("typed afterwards")
    book.write_bytes(typed)
    aside = keep.undo(book)
    keep.undo(book)
    assert aside.read_bytes() == typed


def test_undo_brings_back_a_file_that_was_deleted(book):
    old = book.read_bytes()
    keep.replace(book, edited(book))
    book.unlink()
    assert keep.undo(book) is None
    assert book.read_bytes() == old


def test_the_last_ten_are_kept_for_each_book(book):
    other = book.with_name("other.xlsx")
    other.write_bytes(content())
    keep.replace(other, edited(other))
    for number in range(MOST_BACKUPS + 3):
        keep.replace(book, edited(book, str(number)))
    assert len(list(Backups(book))) == MOST_BACKUPS
    assert len(list(Backups(other))) == 1
    newest = Package.open(Backups(book).newest())
    assert b"<!-- 11 -->" in newest.read(newest.workbook)
    assert b"<!-- 12 -->" not in newest.read(newest.workbook)


def test_what_another_program_saved_meanwhile_is_not_lost(book):
    package = edited(book)
    book.write_bytes(content("saved by somebody"))
    theirs = book.read_bytes()
    assert "changed by another program" in stopped(keep.replace, book, package)
    assert book.read_bytes() == theirs


def test_a_result_that_excel_would_repair_is_not_saved(book):
    old = book.read_bytes()
    package = keep.load(book)
    sheet = "xl/worksheets/sheet1.xml"
    package.write(sheet, package.read(sheet).replace(b'<c r="A1"', b'<c r="A1" s="99"'))
    assert "Excel would want to repair" in stopped(keep.replace, book, package)
    assert book.read_bytes() == old
    assert list(Backups(book)) == []
    assert "style-index" in stopped(keep.create, book.with_name("b.xlsx"), package)
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_a_new_file_is_made_and_none_is_overwritten(book):
    package, other = edited(book), book.with_name("新.xlsx")
    keep.create(other, package)
    assert b"<!-- new -->" in keep.load(other).read("xl/workbook.xml")
    made = other.read_bytes()
    assert "already there" in stopped(keep.create, other, package)
    assert other.read_bytes() == made
    assert "no such file or folder" in stopped(keep.create, book.parent / "none" / "a.xlsx", package)
    assert {p.name for p in book.parent.iterdir()} == {book.name, other.name}


@posix
def test_a_link_stays_a_link(book, tmp_path):
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    keep.replace(link, edited(link))
    assert link.is_symlink()
    assert b"<!-- new -->" in keep.load(book).read("xl/workbook.xml")
    keep.undo(book)
    assert book.read_bytes() == link.read_bytes()
