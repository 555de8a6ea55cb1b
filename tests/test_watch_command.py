"""The command that watches, as whole processes: one pass, until Ctrl-C, and without what it needs."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from crmbook import keep, watching
from crmbook.cli import cli
from tests.keep.test_owners import OPEN
from tests.test_watching import pay_more


@pytest.fixture
def book(small, tmp_path):
    """A copy of the small book, in a folder where nothing else lies."""
    path = tmp_path / "watched" / "客户.xlsx"
    path.parent.mkdir()
    path.write_bytes(small.read_bytes())
    return path


def test_once_refreshes_what_is_out_of_date_and_leaves_an_open_book_alone(small, book):
    other = book.with_name("二店.xlsx")
    other.write_bytes(small.read_bytes())
    pay_more(book)
    pay_more(other)
    before = other.read_bytes()
    mark = other.with_name(f"~${other.name}")
    mark.write_bytes(OPEN["Excel"][1])
    done = CliRunner().invoke(cli, ["watch", "--once", str(book.parent)])
    assert (done.exit_code, "已更新" in done.stdout, "王小明" in done.stderr) == (1, True, True)
    assert other.read_bytes() == before
    mark.unlink()
    done = CliRunner().invoke(cli, ["watch", "--once", str(book.parent)])
    assert (done.exit_code, done.stdout.count("已更新"), done.stdout.count("已是最新")) == (0, 1, 1)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C goes to every program of a console there")
def test_the_command_watches_until_it_is_interrupted(book):
    command = [sys.executable, "-m", "crmbook", "watch", str(book.parent), "--lang", "en"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
    try:
        assert "已是最新" in running.stdout.readline()
        assert "Watching workbooks: 1" in running.stdout.readline()
        pay_more(book)
        assert "已更新" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        rest, errors = running.communicate(timeout=300)
    finally:
        running.kill()
        running.wait()
    assert (rest, errors, running.returncode) == ("No longer watching; the files are whole\n", "", 0)
    keep.undo(book)


def test_without_watchfiles_it_says_what_to_install(book):
    code = "import sys; sys.modules['watchfiles'] = None; from crmbook.cli import main; main()"
    run = [sys.executable, "-c", code, "watch", str(book.parent)]
    done = subprocess.run(
        run, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "crmbook[watch]" in done.stderr
    assert watching.INSTALL.zh in done.stderr
