"""The command line as a person or a script meets it: what it prints, what it returns."""

import json
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from crmbook import book, forms, keep, many, paths, telling
from crmbook.cli import cli
from crmbook.keep.encryption import sealed
from tests import small_book
from tests.keep.test_owners import owner_file


@pytest.fixture
def small(tmp_path):
    return small_book.build(tmp_path)


def run(*words):
    return CliRunner().invoke(cli, [str(w) for w in words])


def test_help_needs_neither_pandas_nor_openpyxl():
    code = "import sys, crmbook.cli, crmbook.many; print(sorted({'pandas', 'numpy', 'openpyxl', 'lxml', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


def test_help_speaks_both_languages():
    said = run("--help").output
    assert "生成工作簿" in said
    assert "build a workbook" in said


@pytest.mark.parametrize(
    ("lang", "name", "next_step"), [("zh", "客户管理.xlsx", "下一步"), ("en", "customers.xlsx", "Next:")]
)
def test_build_without_arguments_makes_the_sample_and_says_what_comes_next(
    lang, name, next_step, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    done = run("build", "--lang", lang)
    assert done.exit_code == 0
    assert (tmp_path / name).exists()
    assert next_step in done.stdout
    assert "240" in done.stdout


def test_build_never_overwrites(small):
    before = small.read_bytes()
    done = run("build", small)
    assert done.exit_code == 1
    assert "crmbook refresh" in done.stderr
    assert small.read_bytes() == before


def test_build_puts_the_day_into_the_settings(tmp_path):
    path = tmp_path / "book.xlsx"
    assert run("build", path, "--as-of", "2026-06-30", "-q").exit_code == 0
    later = book.refresh(path)
    assert not later.wrote  # the day stands in 设置, so tomorrow's refresh changes nothing


def test_build_makes_only_the_reports_asked_for(tmp_path):
    done = run("build", tmp_path / "book.xlsx", "--forms", "regions", "--json")
    entries = [f for f in forms.ALL if f.is_entry]
    assert json.loads(done.stdout)["forms"] == len(entries) + 2  # and 检查
    assert not book.refresh(tmp_path / "book.xlsx").wrote


def test_build_says_which_forms_there_are(tmp_path):
    done = run("build", tmp_path / "book.xlsx", "--forms", "nonsense")
    assert done.exit_code == 1
    assert "nonsense" in done.stderr
    assert "grading" in done.stderr


def test_refresh_says_which_sheets_changed_and_with_v_what_it_left_alone(small):
    said = run("refresh", small, "--as-of", "2026-03-31").stdout
    assert "张工作表有变化" in said
    assert "部件" not in said
    assert "已是最新" in run("refresh", small, "--as-of", "2026-03-31", "-v").stdout


def test_the_proof_adds_up_to_the_parts_of_the_file(small):
    said = run("refresh", small, "--as-of", "2026-03-31", "-vv").stdout
    whole, untouched, rewritten = map(int, re.search(r"(\d+) 个部件中 (\d+) 个原样保留，(\d+) 个改写", said).groups())
    with zipfile.ZipFile(small) as archive:
        assert whole == untouched + rewritten == len(archive.namelist())
        named = [line.strip() for line in said.splitlines() if line.startswith("    ")]
        assert set(named) <= set(archive.namelist())
    assert len(named) == rewritten


def test_an_encrypted_book_opens_with_the_password_in_a_file_and_stays_encrypted(small, tmp_path):
    small.write_bytes(sealed(small.read_bytes(), "四个字"))
    key = tmp_path / "key.txt"
    key.write_text("四个字\n", "utf-8-sig")
    assert "--password-file" in run("refresh", small).stderr
    done = run("refresh", small, "--as-of", "2026-03-31", "--password-file", key, "-v")
    assert (done.exit_code, "张工作表有变化" in done.stdout) == (0, True)
    assert keep.is_encrypted(small)
    assert "打开密码" not in run("check", small, "--password-file", key).output


def test_build_into_a_workbook_of_ones_own(tmp_path):
    own, source = tmp_path / "own.xlsx", tmp_path / "made"
    source.mkdir()
    small_book.build(source)
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "mine"
    workbook.save(own)
    done = run("build", "--into", own, "--from", source / "source", "--forms", "regions", "--as-of", "2026-06-30")
    assert (done.exit_code, "7 个客户" in done.stdout) == (0, True), done.stderr
    assert openpyxl.load_workbook(own).worksheets[0]["B2"].value == "mine"
    assert "已是最新" in run("refresh", own).stdout
    assert run("build", "other.xlsx", "--into", own).exit_code == 2


@pytest.mark.parametrize("verb", ["refresh", "check", "print", "button"])
def test_a_workbook_that_is_none_of_ours_is_told_so(verb, tmp_path):
    openpyxl.Workbook().save(tmp_path / "own.xlsx")
    done = run(verb, tmp_path / "own.xlsx")
    assert (done.exit_code, "这不是 crmbook 工作簿" in done.stderr) == (1, True)


def test_undo_brings_the_previous_file_back_and_then_says_there_is_none(small):
    before = small.read_bytes()
    run("refresh", small, "--as-of", "2026-03-31")
    refreshed = small.read_bytes()
    assert refreshed != before
    undone = run("undo", small)
    assert undone.exit_code == 0
    assert small.read_bytes() == before
    (aside,) = re.findall(r"恢复前的文件保存为 (.+?)，", undone.stdout)
    assert Path(aside).read_bytes() == refreshed
    assert run("undo", small).exit_code == 1


def test_json_says_all_that_a_script_needs(small):
    said = json.loads(run("refresh", small, "--as-of", "2026-03-31", "--json").stdout)
    assert said["wrote"] is True
    assert said["parts"]["rewritten"] > 0
    assert said["customers"] == 7
    assert isinstance(said["problems"], list)


def test_a_stop_is_json_too(tmp_path):
    done = run("check", tmp_path / "nowhere.xlsx", "--json", "--lang", "en")
    assert done.exit_code == 1
    assert "nowhere.xlsx" in json.loads(done.stdout)["stopped"]["where"]


def test_wrong_usage_is_exit_code_2():
    assert run("refresh").exit_code == 2
    done = run("build", "--as-of", "2026-31-12")
    assert (done.exit_code, "%Y" in done.stderr, "2026-31-12: is no day; write it as 2026-10-31" in done.stderr) == (
        2,
        False,
        True,
    )


def test_quiet_says_nothing(small):
    assert run("refresh", small, "-q").output == ""


def test_the_sample_is_shipped():
    assert (paths.SAMPLE_DATA / "customers.csv").exists()
    assert (paths.TEMPLATES / "crmbook.xlsx").exists()


def test_a_book_gets_the_button_and_gives_it_back(small):
    before = small.read_bytes()
    done = run("button", small)
    book = small.with_suffix(".xlsm")
    assert (done.exit_code, str(book) in done.stdout, "启用内容" in done.stdout) == (0, True, True)
    assert "已有" in run("button", book).stdout
    assert "已是最新" in run("refresh", book).stdout
    undone = run("undo", small)
    assert (undone.exit_code, f"{book} 仍在旁边" in undone.stdout) == (0, True)
    assert small.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "there"),
    [("我的.xlsx", "我的.xlsm"), ("我的.xlsm", "我的.xlsx"), ("我的", "我的.xlsx"), ("2026.10", "2026.10.xlsm"), ("我的.xls", "我的.xlsx")],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["refresh", "check", "print", "undo", "verify", "button", "watch --once"])
def test_a_book_that_is_not_there_is_answered_with_the_one_beside_it_of_another_ending(verb, typed, there, tmp_path):
    (tmp_path / there).write_bytes(b"a workbook")
    done = run(*verb.split(), tmp_path / typed)
    assert (done.exit_code, done.stderr.rstrip()[-len(there) - 1 :]) == (1, f"{there}？")
    assert "检查名称和位置" in run("check", tmp_path / "别的.xlsx").stderr


def test_the_ribbon_gets_its_button_from_an_add_in(tmp_path):
    done = run("addin", "install", "--to", tmp_path, "--lang", "en")
    assert (done.exit_code, "its next start" in done.stdout, "XLSTART" in done.stdout) == (0, False, True)
    assert zipfile.is_zipfile(tmp_path / "crmbook.xlam")
    assert all(word in run("addin").output for word in ("--to FOLDER", "工作簿仍是不带宏的"))


def test_a_book_that_somebody_has_open_is_left_alone_or_waited_for(small):
    mark = small.with_name(f".~{small.name}")
    mark.write_bytes(owner_file("李雷"))
    done = run("refresh", small)
    assert (done.exit_code, "李雷" in done.stderr) == (1, True)
    closing = threading.Timer(0.5, mark.unlink)
    closing.start()
    done = run("refresh", small, "--wait", "--as-of", "2026-03-31")
    closing.join()
    assert (done.exit_code, "已更新" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("state", "sheets", "words"), [("refreshed", ("客户分级表",), "尚未保存"), ("same", (), "打开着")]
)
def test_a_book_refreshed_where_it_is_open_is_said_to_be_so(state, sheets, words, capsys):
    ended = many.Ended(Path("客户.xlsx"), state, "zh", sheets=sheets, live=True)
    telling.refreshed(ended, 2)
    assert words in capsys.readouterr().out
    telling.ended_json(ended)
    said = json.loads(capsys.readouterr().out)
    assert (said["live"], said["wrote"], said["parts"]) == (True, state == "refreshed", None)


def test_a_book_says_in_its_own_language_why_it_failed_and_one_with_a_button_what_comes_first(small):
    book = small.with_name("customers.xlsm")
    built = run("build", book, "--from", small.with_name("source"), "--forms", "grading", "--lang", "en")
    assert all(words in built.stdout for words in ("Enable Content", "crmbook setup", f"crmbook doctor {book}"))
    mark = book.with_name(f".~{book.name}")
    mark.write_bytes(owner_file("李雷"))
    for words in (["refresh"], ["watch", "--once"], ["button"], ["undo"]):
        done = run(*words, book)
        assert (done.exit_code, "the file is open in WPS" in done.stderr) == (1, True)
    assert json.loads(run("refresh", "--json", book).stdout)["stopped"]["what"].startswith("the file is open")
