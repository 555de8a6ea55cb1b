"""Wrong usage as it is told: in both languages, with exit code 2 and the command whose help says how it is done."""

import pytest
from click.testing import CliRunner

from crmbook.cli import cli


def run(*words):
    return CliRunner().invoke(cli, [str(w) for w in words], prog_name="crmbook")


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("refesh a.xlsx", "没有 refesh 这个命令（是否应为 refresh？）", "there is no command refesh (did you mean refresh?)"),
        ("客户.xlsx", "没有 客户.xlsx 这个命令", "there is no command 客户.xlsx"),
        ("--nope", "没有 --nope 这个选项", "there is no option --nope"),
        ("refresh --quite a.xlsx", "没有 --quite 这个选项（是否应为 --quiet 或 --wait？）", "there is no option --quite (did you mean --quiet or --wait?)"),
        ("build a.xlsx —from data", "没有 —from 这个选项（是否应为 --from？）", "there is no option —from (did you mean --from?)"),
        ("refresh a.xlsx -–jobs=2", "没有 -–jobs=2 这个选项（是否应为 --jobs？）", "there is no option -–jobs=2 (did you mean --jobs?)"),
        ("refresh -jobs 2 a.xlsx", "没有 -jobs 这个选项（是否应为 --jobs？）", "there is no option -jobs (did you mean --jobs?)"),
        ("refresh", "缺少 BOOK…", "BOOK… is missing"),
        ("refresh a.xlsx --jobs many", "--jobs 应为不小于 1 的整数", "--jobs is a whole number, 1 or more"),
        ("refresh a.xlsx --jobs 0", "--jobs 应为不小于 1 的整数", "--jobs is a whole number, 1 or more"),
        ("build --from", "--from 后面要有内容", "--from needs something after it"),
        ("build --quiet=3", "--quiet 后面不带内容", "--quiet takes nothing after it"),
        ("build --lang fr", "--lang 只能是 zh 或 en", "--lang can only be zh or en"),
        ("build --as-of 2026-31-12", "--as-of 2026-31-12 不是日期，请写成 2026-10-31 这样", "--as-of 2026-31-12: is no day; write it as 2026-10-31"),
        ("build a.xlsx --into b.xlsx", "请只给出 BOOK 或 --into BOOK 之一", "give either BOOK or --into BOOK"),
        ("check 我的 客户.xlsx", "多出了 客户.xlsx；名称中有空格的，请加上双引号", "客户.xlsx is too much; a name with blanks needs double quotes"),
        ("check a.xlsx --password-file nowhere.txt", "nowhere.txt：找不到这个文件或文件夹。检查名称和位置", "nowhere.txt: there is no such file or folder. Check its name and place"),
        ("addin remove", "这里只能写 install", "only install can stand here"),
        ("addin --to a", "缺少 install", "install is missing"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_both_languages_with_where_to_look(words, zh, en):
    done = run(*words.split())
    path = " ".join(["crmbook", *[w for w in words.split()[:1] if w in cli.commands]])
    usage, *lines = done.stderr.splitlines()
    assert (done.exit_code, usage.startswith("Usage 用法: "), done.stdout) == (2, True, "")
    assert lines == [f"{path}: {en}. See {path} --help", f"{path}：{zh}。用法见 {path} --help"]


@pytest.mark.parametrize(("words", "name"), [(["refresh", ""], "BOOK…"), (["check", ""], "BOOK"), (["build", "--from", ""], "--from")])  # fmt: skip
def test_an_empty_name_is_not_the_folder_one_stands_in(words, name):
    done = run(*words)
    assert (done.exit_code, f"{name} 是空的，请写出文件或文件夹的名称" in done.stderr) == (2, True)


@pytest.mark.parametrize(("lang", "said"), [("zh", "--jobs 应为"), ("en", "--jobs is a")])
def test_wrong_usage_is_told_in_the_language_that_was_asked_for(lang, said):
    lines = run("refresh", "a.xlsx", "--jobs", "0", "--lang", lang).stderr.splitlines()
    assert (len(lines), said in lines[1]) == (2, True)


def test_the_headings_of_help_are_in_both_languages():
    said = run("--help").output
    assert all(
        words in said for words in ("Usage 用法: ", "Options 选项:", "Commands 命令:", "显示这些说明", "显示版本号")
    )
    assert "Options 选项:" in run("refresh", "--help").output
    assert run("addin").output.startswith("Usage 用法: crmbook addin")
