"""Every verb opens a workbook under a password, and leaves it under that password; nothing of it stays on the disk in clear."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result

from crmbook import book, keep, telling
from crmbook.cli import cli
from crmbook.keep.backups import Backups
from crmbook.ooxml import Package
from tests.keep.test_encryption import PASSWORD, decrypted, encrypted
from tests.small_book import TODAY

OTHER_DAY = TODAY.replace(month=3).isoformat()


@pytest.fixture
def secret(small: Path, tmp_path: Path) -> Path:
    """The small book under a password, alone in a folder."""
    path = tmp_path / "folder" / "客户 甲.xlsx"
    path.parent.mkdir()
    path.write_bytes(encrypted(small.read_bytes()))
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The password in a file."""
    file = tmp_path / "key.txt"
    file.write_text(f"{PASSWORD}\n", "utf-8")
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words])


def parts(package: Package) -> dict[str, bytes]:
    return {name: package.read(name) for name in package.names if name != "docProps/core.xml"}


def test_forms_come_into_an_encrypted_workbook_as_into_an_open_one(small, key, tmp_path):
    openly, secret = tmp_path / "open.xlsx", tmp_path / "secret.xlsx"
    own = openpyxl.Workbook()
    own.active["B2"] = "mine"
    own.save(openly)
    secret.write_bytes(encrypted(openly.read_bytes()))
    before = secret.read_bytes()
    rest = ("--from", small.parent / "source", "--forms", "regions", "--as-of", "2026-06-30")
    assert run("build", "--into", openly, *rest).exit_code == 0
    done = run("build", "--into", secret, *rest, "--password-file", key)
    assert (done.exit_code, "7 个客户" in done.stdout) == (0, True), done.output
    assert parts(Package.open(decrypted(secret.read_bytes()))) == parts(Package.open(openly))
    book.undo(secret)
    assert secret.read_bytes() == before


def test_a_new_workbook_takes_no_password(key, tmp_path):
    done = run("build", tmp_path / "new.xlsx", "--password-file", key)
    assert (done.exit_code, "--into" in done.stderr) == (2, True)
    assert not (tmp_path / "new.xlsx").exists()


def test_the_button_comes_on_an_encrypted_workbook_which_stays_so(secret, small, key, tmp_path):
    openly = tmp_path / "open.xlsx"
    openly.write_bytes(small.read_bytes())
    assert run("button", openly).exit_code == 0
    before, made = secret.read_bytes(), secret.with_suffix(".xlsm")
    done = run("button", secret, "--password-file", key)
    assert (done.exit_code, f'crmbook undo "{secret}"' in done.stdout) == (0, True), done.output
    assert not secret.exists()
    assert parts(Package.open(decrypted(made.read_bytes()))) == parts(Package.open(openly.with_suffix(".xlsm")))
    assert "都在" in run("doctor", made, "--password-file", key).stdout
    assert [b.read_bytes() for b in Backups(secret)] == [before]
    assert run("refresh", made, "--as-of", OTHER_DAY, "--password-file", key).exit_code == 0
    assert run("button", made, "--password-file", key).exit_code == 0
    assert keep.is_encrypted(made)
    book.undo(secret)
    assert secret.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="a script whose first line says what runs it")
@pytest.mark.parametrize("ends", ["well", "badly"])
def test_what_libreoffice_reads_lies_where_only_this_user_looks_and_goes(ends, secret, key, temporary, monkeypatch):
    program = secret.parent / "soffice"
    program.write_text(f"""#!{sys.executable}
import os, pathlib, shutil, sys
copy, out = pathlib.Path(sys.argv[-1]), pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
temporary = pathlib.Path(os.environ["TMPDIR"])
(temporary / "lu123.tmp").write_bytes(copy.read_bytes())
modes = [oct(folder.stat().st_mode & 0o777) for folder in (copy.parent, temporary)]
pathlib.Path(__file__).with_name("seen").write_text(" ".join([*modes, str(copy), str(temporary), copy.read_bytes()[:2].decode()]))
out.mkdir()
if {ends == "well"}:
    shutil.copy(copy, out)
""")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    before = secret.read_bytes()
    done = run("verify", secret, "--password-file", key)
    assert (done.exit_code, "全部一致" in done.stdout) == ((0, True) if ends == "well" else (1, False)), done.output
    *modes, copy, other, first = program.with_name("seen").read_text().split()
    assert (modes, first) == (["0o700", "0o700"], "PK")
    assert all(temporary in Path(place).parents for place in (copy, other))
    assert list(temporary.iterdir()) == []
    assert secret.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_a_run_that_is_told_to_end_takes_libreoffice_and_its_copies_along(secret, key, temporary):
    program = secret.parent / "soffice"
    program.write_text(
        "#!/bin/sh\nsleep 600 &\necho $! > $(dirname $0)/child\nmv $(dirname $0)/child $(dirname $0)/pid\nwait\n"
    )
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "crmbook", "verify", str(secret), "--password-file", str(key)]
    with subprocess.Popen(command, env=environment) as running:
        while not (pid := program.with_name("pid")).exists():
            assert running.poll() is None
            time.sleep(0.05)
        assert [folder for folder in temporary.iterdir() if list(folder.glob("*.xlsx"))]
        running.terminate()
        assert running.wait(60) == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []
    child = Path(f"/proc/{pid.read_text().strip()}/stat")
    assert not child.exists() or child.read_text().split()[2] in "ZX"


@pytest.mark.office
def test_an_encrypted_workbook_is_recalculated_and_printed(secret, key, temporary, tmp_path):
    before = secret.read_bytes()
    done = run("verify", secret, "--password-file", key)
    assert (done.exit_code, "全部一致" in done.stdout) == (0, True), done.output
    made = tmp_path / "printed" / "客户 甲 客户分级表.pdf"
    made.parent.mkdir()
    done = run("print", secret, "grading", "--password-file", key, "--to", made.parent)
    assert done.exit_code == 0, done.output
    nowhere = run("print", secret, "grading", "--password-file", key, "--to", key / "no folder.pdf")
    assert (nowhere.exit_code, "no folder.pdf：" in nowhere.stderr) == (1, True), nowhere.output
    said = subprocess.run(["pdftotext", "-layout", str(made), "-"], check=True, capture_output=True).stdout.decode()
    assert "客户K001" in said
    assert list(temporary.iterdir()) == []
    assert [p.name for p in secret.parent.iterdir()] == [secret.name]
    assert secret.read_bytes() == before


def test_an_encrypted_workbook_of_others_in_a_folder_is_skipped_as_an_open_one_is(secret, key):
    theirs = secret.with_name("theirs.xlsx")
    openpyxl.Workbook().save(theirs)
    theirs.write_bytes(encrypted(theirs.read_bytes()))
    done = run("refresh", secret.parent, "--jobs", 1, "--password-file", key)
    assert (done.exit_code, "跳过" in done.output) == (0, True), done.output


def test_a_file_that_holds_no_text_is_no_password(secret, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    for verb in ("refresh", "check", "print", "watch"):
        for file in (picture, tmp_path / "none.txt", tmp_path):
            done = run(verb, secret, "--password-file", file)
            assert (done.exit_code, f"{file.name}：" in done.stderr) == (2, True), done.output


def test_who_breaks_off_when_asked_for_the_password_has_only_broken_off(secret):
    with pytest.raises(click.Abort), telling.telling("zh", secret):
        raise click.Abort
