"""What is remembered of a workbook: found again by the same program only, never in the way, bounded."""

import os
import stat
from pathlib import Path

import pytest

from crmbook.keep import cache

BOOK = Path("book.xlsx")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMBOOK_CACHE", str(tmp_path / "a" / "cache"))
    return tmp_path / "a" / "cache"


def test_what_is_remembered_is_found_again_until_it_is_forgotten(folder):
    assert cache.remembered(BOOK) is None
    cache.remember(BOOK, b"first")
    cache.remember(Path("other.xlsx"), b"other")
    cache.remember(BOOK, b"second")
    assert cache.remembered(BOOK) == b"second"
    cache.forget(BOOK)
    cache.forget(BOOK)
    assert cache.remembered(BOOK) is None
    assert cache.remembered(Path("other.xlsx")) == b"other"


def test_only_the_user_can_read_it(folder):
    cache.remember(BOOK, b"names of customers")
    (memo,) = folder.iterdir()
    assert stat.S_IMODE(memo.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damaged",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[:-1],
        lambda content: content + b" ",
        lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
        lambda content: b"another" + content[7:],
    ],
)
def test_a_damaged_one_is_none(folder, damaged):
    cache.remember(BOOK, b"content " * 10)
    (memo,) = folder.iterdir()
    memo.write_bytes(damaged(memo.read_bytes()))
    assert cache.remembered(BOOK) is None


def test_one_of_another_version_is_none(folder, monkeypatch):
    cache.remember(BOOK, b"content")
    monkeypatch.setattr("sys.version", "4.0")
    assert cache.remembered(BOOK) is None


def test_where_it_cannot_be_written_nothing_happens(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CRMBOOK_CACHE", str(tmp_path / "file"))
    cache.remember(BOOK, b"content")
    cache.forget(BOOK)
    assert cache.remembered(BOOK) is None


def test_a_memo_that_can_no_longer_be_replaced_is_dropped(folder, monkeypatch):
    cache.remember(BOOK, b"old")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.remember(BOOK, b"new")
    assert list(folder.iterdir()) == []


def test_what_is_too_much_for_one_workbook_is_not_kept_nor_what_was_before(folder, monkeypatch):
    monkeypatch.setattr(cache, "MOST_OF_ONE", 10)
    cache.remember(BOOK, b"x" * 10)
    cache.remember(BOOK, b"x" * 11)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("limit", "most"), [("MOST_FILES", 3), ("MOST_BYTES", 3 * 1100)])
def test_the_oldest_make_room(folder, monkeypatch, limit, most):
    monkeypatch.setattr(cache, limit, most)
    books = [Path(f"{n}.xlsx") for n in range(5)]
    for at, book in enumerate(books):
        cache.remember(book, b"x" * 1000)
        newest = max(folder.iterdir(), key=lambda memo: memo.stat().st_mtime_ns)
        os.utime(newest, (at, at))
    assert [cache.remembered(book) is not None for book in books] == [False, False, True, True, True]
