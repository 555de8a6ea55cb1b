"""A workbook under a password: refreshed under it, never unencrypted on the disk, and refused clearly without it."""

import io
import os
import sys
import tempfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from crmbook import book, keep
from crmbook.keep.backups import Backups, state_folder
from crmbook.keep.cache import cache_folder
from crmbook.ooxml import Package
from crmbook.ooxml.package import OLE2
from crmbook.problems import CannotProceedError
from crmbook.verbs.button import add_button
from tests import small_book
from tests.keep.books import content, edited, stopped
from tests.libreoffice_holding import held

CORPUS = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "corpus"
PASSWORD = "秘密 päss/word"
DAY = small_book.TODAY.replace(month=3)


def encrypted(data: bytes, password: str = PASSWORD) -> bytes:
    """The file under a password that few turns of the hash protect: for the tests, opening it is to be quick."""
    return ECMA376Agile.encrypt(password, io.BytesIO(data), spin_count=10)


def decrypted(data: bytes, password: str = PASSWORD) -> bytes:
    file, out = OOXMLFile(io.BytesIO(data)), io.BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(out, verify_integrity=True)
    return out.getvalue()


@pytest.fixture
def secret(small, tmp_path) -> Path:
    """The small book under a password, alone in a folder."""
    path = tmp_path / "folder" / "客户 secret.xlsx"
    path.parent.mkdir()
    path.write_bytes(encrypted(small.read_bytes()))
    return path


def test_an_encrypted_book_is_refreshed_and_comes_out_as_the_same_book_refreshed_in_the_open(secret, small, tmp_path):
    before = secret.read_bytes()
    openly = tmp_path / "open.xlsx"
    openly.write_bytes(small.read_bytes())
    expected = book.refresh(openly, as_of=DAY)
    outcome = book.refresh(secret, as_of=DAY, password=PASSWORD)
    assert outcome.proof == expected.proof
    after, wanted = Package.open(decrypted(secret.read_bytes())), Package.open(openly)
    assert after.names == wanted.names
    assert all(after.read(name) == wanted.read(name) for name in after.names if name != "docProps/core.xml")
    assert [b.read_bytes() for b in Backups(secret)] == [before]
    assert not book.refresh(secret, as_of=DAY, password=PASSWORD).wrote
    book.undo(secret)
    assert secret.read_bytes() == before


def test_the_problems_are_the_same(secret, small):
    assert book.check(secret, password=PASSWORD).problems == book.check(small).problems


def test_nothing_unencrypted_is_written(secret, tmp_path, monkeypatch):
    """What is on its way to the disk is looked at when the disk is waited for, and every file that is left."""
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    seen = []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append(_read(handle)))
    assert book.refresh(secret, as_of=DAY, password=PASSWORD).wrote
    assert list(elsewhere.iterdir()) == []
    assert not cache_folder().exists()
    left = [f.read_bytes() for place in (secret.parent, state_folder()) for f in place.rglob("*") if f.is_file()]
    assert sum(data.startswith(OLE2) for data in seen) == sum(data.startswith(OLE2) for data in left) == 2
    for data in (*seen, *left):
        assert b"PK\3\4" not in data
        assert b"xl/worksheets" not in data


def _read(handle: int) -> bytes:
    try:
        return os.pread(handle, 1 << 24, 0)
    except OSError:  # a folder
        return b""


def test_without_a_password_or_with_a_wrong_one_it_says_so_and_nothing_is_touched(secret):
    before = secret.read_bytes()
    assert "--password-file" in stopped(book.refresh, secret)
    assert "--password-file" in stopped(book.check, secret)
    assert "not the right one" in stopped(lambda: book.refresh(secret, password="Secret"))
    assert "not the right one" in stopped(lambda: book.check(secret, password="Secret"))
    for verb in (book.verify, book.to_paper, book.language, book.into, add_button):
        assert "--password-file" in stopped(verb, secret)
    assert secret.read_bytes() == before


def test_without_the_extra_it_says_how_to_get_it(secret, monkeypatch):
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    assert 'pip install "crmbook[password]"' in stopped(lambda: keep.load(secret, PASSWORD))


def test_a_password_is_of_no_matter_for_an_open_book(book):
    keep.replace(book, keep.load(book, PASSWORD), PASSWORD)
    package = edited(book)
    keep.replace(book, package, PASSWORD)
    assert b"<!-- new -->" in Package.open(book).read("xl/workbook.xml")


def test_a_file_that_was_encrypted_meanwhile_is_not_replaced(book):
    package = edited(book)
    theirs = encrypted(book.read_bytes())
    book.write_bytes(theirs)
    assert "changed by another program" in stopped(keep.replace, book, package)
    assert book.read_bytes() == theirs


def test_a_torn_encrypted_file_is_refused(book):
    whole = encrypted(content("x" * 5000))
    for end in (8, 300, 511, 512, 700, 1100, 2000, len(whole) // 2, len(whole) - 600):
        book.write_bytes(whole[:end])
        stopped(lambda: keep.load(book, PASSWORD))
        assert book.read_bytes() == whole[:end]


def test_an_encrypted_file_that_was_altered_is_refused(book):
    whole = encrypted(content("x" * 5000))
    refused = 0
    places = range(0, len(whole), 61)
    for at in places:
        altered = bytearray(whole)
        altered[at] ^= 16
        book.write_bytes(altered)
        try:
            assert keep.load(book, PASSWORD).source == decrypted(whole)
        except CannotProceedError:
            refused += 1
    assert len(places) // 2 < refused < len(places)  # the others lie where nothing is stored


def test_it_is_known_which_files_need_a_password(secret, small, tmp_path):
    assert keep.is_encrypted(secret)
    assert not keep.is_encrypted(small)
    assert not keep.is_encrypted(tmp_path / "none.xlsx")
    assert not keep.is_encrypted(tmp_path)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "password"), [("encrypted_agile_poi.xlsx", "this is a test"), ("encrypted_sha512.xlsx", "password")]
)
def test_files_that_other_programs_encrypted_are_opened_and_encrypted_again(name, password, tmp_path):
    path = tmp_path / name
    path.write_bytes((CORPUS / name).read_bytes())
    package = keep.load(path, password)
    package.write(package.workbook, package.read(package.workbook) + b"<!-- new -->")
    proof = keep.replace(path, package, password)
    again = keep.load(path, password)
    assert again.read(again.workbook).endswith(b"<!-- new -->")
    assert len(proof.untouched) == len(package.names) - 1
    assert "not a workbook of crmbook" in stopped(lambda: book.refresh(path, password=password))


@pytest.mark.office
def test_libreoffice_opens_the_result_with_the_password(secret, tmp_path):
    book.refresh(secret, as_of=DAY, password=PASSWORD)
    header = ("客户", "A1")
    with held(secret, tmp_path / "profile", header, PASSWORD) as text:
        assert "LibreOffice" in stopped(lambda: book.refresh(secret, as_of=small_book.TODAY, password=PASSWORD))
    assert text
