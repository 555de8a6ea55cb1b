"""Where a workbook is open: who holds it, whether it is the one meant, and waiting until it is closed."""

import getpass
import socket
import threading
from pathlib import Path

import pytest

from crmbook import keep, many
from crmbook.live import finding
from crmbook.problems import CannotProceedError

ELSEWHERE = "韩梅梅,han,desk-7,22.11.2026 04:00,file:///home/han/profile;"


@pytest.fixture
def book(small, tmp_path):
    path = tmp_path / "客户管理.xlsx"
    path.write_bytes(small.read_bytes())
    return path


def lock(book: Path, text: str) -> Path:
    mark = book.with_name(f".~lock.{book.name}#")
    mark.write_text(text, "utf-8")
    return mark


def refreshed(book: Path, **options) -> many.Ended:
    return many.refresh(many.Wanted(book), lang="en", **options)


@pytest.mark.parametrize(
    ("full", "path", "same"),
    [
        ("https://d.docs.live.net/1a2b/%E8%B5%84%E6%96%99/客户.xlsx", "/home/me/OneDrive/资料/客户.xlsx", True),
        ("https://d.docs.live.net/1a2b/客户.xlsx", "/home/me/OneDrive - Firm/客户.xlsx", True),
        ("https://d.docs.live.net/1a2b/old/客户.xlsx", "/home/me/OneDrive/资料/客户.xlsx", False),
        ("https://firm.sharepoint.com/sites/x/Shared Documents/客户.xlsx", "/home/me/Shared Documents/客户.xlsx", True),
        ("https://firm.sharepoint.com/sites/x/Shared Documents/客户.xlsx", "/home/me/desk/客户.xlsx", False),
        ("/home/me/客户.xlsx", "/home/me/客户.xlsx", True),
        ("/home/me/../me/客户.xlsx", "/home/me/客户.xlsx", True),
        ("/home/me/客户 (1).xlsx", "/home/me/客户.xlsx", False),
        ("https://d.docs.live.net/1a2b/Auszu\u0308ge.xlsx", "/home/me/OneDrive/Ausz\u00fcge.xlsx", True),
    ],
)
def test_a_full_name_means_a_file(full, path, same):
    assert finding.is_same(full, Path(path)) == same


def test_on_a_mac_neither_capitals_nor_accents_make_another_file(monkeypatch):
    """Excel told the name of `Multikontoauszüge` with the accent apart: xlwings/xlwings/issues/2004."""
    place = Path("/Users/me/Ausz\u00fcge.xlsx")
    assert not finding.is_same("/Users/me/auszu\u0308ge.xlsx", place)
    monkeypatch.setattr(finding.sys, "platform", "darwin")
    assert finding.is_same("/Users/me/auszu\u0308ge.xlsx", place)


def test_a_book_nobody_has_open(book):
    assert finding.find(book) is None
    assert keep.owners(book) == []


@pytest.mark.parametrize("machine", ["desk-7", socket.gethostname()])
def test_a_book_that_another_has_open(book, machine):
    """On another computer, or by another user of this one: nothing is started, and the message names them."""
    lock(book, ELSEWHERE.replace("desk-7", machine))
    before = book.read_bytes()
    assert finding.find(book) is None
    ended = refreshed(book)
    assert ended.state == "failed"
    assert f"open in LibreOffice (by 韩梅梅 @ {machine})" in ended.problem.line("en")
    assert book.read_bytes() == before


def test_a_comma_in_a_name(book):
    lock(book, f"韩\\,梅梅,{getpass.getuser()},desk-7,22.11.2026 04:00,file:///home/a%2Cb;")
    (owner,) = keep.owners(book)
    assert (owner.user, owner.machine, owner.profile) == ("韩,梅梅 @ desk-7", "desk-7", "file:///home/a%2Cb")


def test_waiting_until_it_is_closed(book):
    mark, said = lock(book, ELSEWHERE), []

    def heard(text):
        said.append(text["en"])
        if len(said) == 1:
            threading.Timer(0.05, mark.unlink).start()

    ended = refreshed(book, wait=60, step=heard)
    assert ended.state in {"refreshed", "same"}
    assert said[0] == "waiting for LibreOffice to close the file (open by 韩梅梅 @ desk-7) …"


def test_waiting_in_vain(book):
    lock(book, ELSEWHERE)
    with pytest.raises(CannotProceedError, match="open in LibreOffice"):
        keep.wait_until_closed(book, 0.01)
    assert refreshed(book, wait=0.01).state == "failed"


@pytest.mark.office
def test_a_mark_that_was_left_behind(book, tmp_path):
    """LibreOffice is asked, does not have it, and none goes on running."""
    profile = (tmp_path / "profile").as_uri()
    lock(book, f",{getpass.getuser()},{socket.gethostname()},22.11.2026 04:00,{profile};")
    assert finding.find(book) is None
    assert finding.attach(profile) is None
    assert refreshed(book).state == "failed"
