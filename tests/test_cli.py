"""The command line as a person or a script meets it: what it prints, what it returns."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from crmbook import book, forms, paths
from crmbook.cli import cli
from tests import small_book


@pytest.fixture
def small(tmp_path):
    return small_book.build(tmp_path)


def run(*words):
    return CliRunner().invoke(cli, [str(w) for w in words])


def test_help_needs_neither_pandas_nor_openpyxl():
    code = "import sys, crmbook.cli; print(sorted({'pandas', 'numpy', 'openpyxl', 'lxml', 'rich'} & set(sys.modules)))"
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


def test_refresh_tells_how_much_it_left_alone(small):
    done = run("refresh", small, "--as-of", "2026-03-31")
    assert done.exit_code == 0
    assert "个部件原样保留" in done.stdout
    assert "已是最新" in run("refresh", small, "--as-of", "2026-03-31").stdout


def test_refresh_of_several_books_goes_on_after_a_bad_one(small, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_text("no workbook")
    done = run("refresh", bad, small, "--as-of", "2026-03-31")
    assert done.exit_code == 1
    assert "bad.xlsx" in done.stderr
    assert "已更新" in done.stdout


def test_undo_brings_the_previous_file_back_and_then_says_there_is_none(small):
    before = small.read_bytes()
    run("refresh", small, "--as-of", "2026-03-31")
    assert small.read_bytes() != before
    assert run("undo", small).exit_code == 0
    assert small.read_bytes() == before
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
    assert run("build", "--as-of", "tomorrow").exit_code == 2


def test_quiet_says_nothing(small):
    assert run("refresh", small, "-q").output == ""


def test_the_sample_is_shipped():
    assert (paths.SAMPLE_DATA / "customers.csv").exists()
    assert (paths.TEMPLATES / "crmbook.xlsx").exists()
