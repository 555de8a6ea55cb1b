"""What cannot be read says what to do; two runs over one file wait for each other, and none is lost."""

import subprocess
import sys
import threading

from crmbook import keep
from crmbook.keep import loading
from crmbook.keep.loading import REFUSALS
from crmbook.problems import CannotProceedError
from crmbook.verbs.button import add_button
from crmbook.verbs.into import into
from tests.keep.books import content, edited, stopped


def test_every_refusal_says_what_to_do(book):
    for data, words in (
        (b"a,b\n", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "old format (.xls, .et)"),
        (content()[:-40], "damaged"),
        (b"", "empty"),
    ):
        book.write_bytes(data)
        assert words in stopped(keep.load, book)
    assert "no such file" in stopped(keep.load, book.with_name("none.xlsx"))
    for verb in (keep.load, keep.undo, into, add_button):
        assert "this is a folder" in stopped(verb, book.parent.rename(book.parent.with_suffix(".xlsx")))
        book.parent.with_suffix(".xlsx").rename(book.parent)
    assert "no such file" in stopped(keep.undo, book.with_name("none.xlsx"))
    data = book.with_name("orders.csv")
    data.write_text("order_id,date\n")
    assert "--from" in stopped(keep.load, data)
    for what, fix in REFUSALS.values():
        assert all((what.zh, what.en, fix.zh, fix.en))


def test_a_run_that_meets_another_says_so(book, monkeypatch):
    monkeypatch.setattr(loading, "PATIENCE", 0.2)
    holder = "import sys; from pathlib import Path; from crmbook import keep\nwith keep.lock(Path(sys.argv[1])): print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", holder, book], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline().strip() == b"held"
        assert "another refresh of this file is running" in stopped(keep.replace, book, edited(book))
        other.communicate(b"\n")
    keep.replace(book, edited(book))


def test_a_run_may_lock_what_it_replaces(book):
    with keep.lock(book):
        keep.replace(book, edited(book))


def test_of_two_runs_over_one_file_none_is_lost(book):
    outcomes: list[str] = []
    refused: list[str] = []
    ready = threading.Barrier(2)

    def run(mark: str) -> None:
        package = edited(book, mark)
        ready.wait()
        try:
            keep.replace(book, package)
        except CannotProceedError as error:
            refused.append(str(error))
        else:
            outcomes.append(mark)

    runs = [threading.Thread(target=run, args=(mark,)) for mark in ("one", "two")]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert len(outcomes) == 1
    assert "changed by another program" in refused[0]
    assert f"<!-- {outcomes[0]} -->".encode() in keep.load(book).read("xl/workbook.xml")
