"""The doctor on computers of every kind: their folders are made here, and what it says and mends is looked at."""

import json
import os
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, version
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from crmbook import telling
from crmbook.cli import cli
from crmbook.doctor import Machine, Prepared, examine, prepare
from crmbook.ooxml import Package
from crmbook.problems import CannotProceedError, Problem
from crmbook.text import Text
from crmbook.verbs.button import add_button
from crmbook.verbs.macros import carry, macros

ROOT = Path(__file__).parents[1]
NOTHING_FITS = Text("没有 uno", "no uno"), Text("请安装", "get it")
POSIX = pytest.mark.skipif(os.name == "nt", reason="made of links and modes")


@pytest.fixture
def windows(tmp_path):
    """A Windows with an Excel, whose user is 王芳."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": "", "APPDATA": str(tmp_path / "AppData"), "ProgramFiles": str(tmp_path / "Program Files"), "COMPANY": str(Path(sys.executable).parent)}  # fmt: skip
    home = tmp_path / "Users" / "王芳"
    home.mkdir(parents=True)
    put(tmp_path / "Program Files" / "Microsoft Office" / "root" / "Office16" / "EXCEL.EXE")
    return Machine("win32", home, env, root=tmp_path, encoding="gbk")


@pytest.fixture
def mac(tmp_path):
    home = tmp_path / "Users" / "fang"
    (tmp_path / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    return Machine("darwin", home, {**os.environ, "PYTHONPATH": str(ROOT), "PATH": ""}, root=tmp_path)


def put(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(machine, book=None):
    return {f.id: f for f in examine(machine, book)}


def said(one):
    return f"{one.what.zh} {one.fix.zh if one.fix else ''}"


def test_this_computer_gets_an_answer_in_both_languages_and_as_json(monkeypatch):
    for lang in ("zh", "en"):
        done = CliRunner().invoke(cli, ["doctor", "--lang", lang])
        assert (done.exit_code, "Python" in done.stdout, "Excel" in done.stdout) == (0, True, True)
    done = CliRunner().invoke(cli, ["doctor", "--json"])
    told = json.loads(done.stdout)["found"]
    assert done.exit_code == 0
    assert {"crmbook", "python", "xlwings", "watchfiles", "excel", "libreoffice", "wps"} <= {f["id"] for f in told}
    assert {f["state"] for f in told} <= {"ok", "absent", "wrong"}


def test_where_there_is_no_excel_it_says_what_to_use_instead(tmp_path):
    put(tmp_path / "opt" / "kingsoft" / "wps-office" / "office6" / "et")
    seen = found(Machine("linux", tmp_path, {}, root=tmp_path))
    assert "uno" not in seen
    assert {id: seen[id].state for id in ("excel", "libreoffice", "wps")} == {"excel": "absent", "libreoffice": "absent", "wps": "ok"}  # fmt: skip
    assert "crmbook watch" in said(seen["excel"])
    assert all(f.state != "wrong" for f in seen.values())
    with pytest.raises(CannotProceedError, match="neither Excel nor LibreOffice"):
        prepare(Machine("linux", tmp_path, {}), sys.executable)


def test_beside_libreoffice_it_says_whether_python_can_speak_to_it(tmp_path):
    put(tmp_path / "opt" / "libreoffice24.8" / "program" / "soffice")
    one = found(Machine("linux", tmp_path, {}, root=tmp_path))["uno"]
    assert (one.state == "ok") == (one.fix is None)
    assert one.what.zh


def test_programs_are_seen_where_windows_has_them(windows, tmp_path):
    et = put(tmp_path / "elsewhere" / "et.exe")
    gone = tmp_path / "gone" / "soffice.exe"
    machine = Machine("win32", windows.home, windows.env, registered={"et.exe": str(et), "soffice.exe": str(gone)})
    assert machine.program("WPS") == et
    assert machine.program("LibreOffice") is None  # registered, and no longer there
    assert machine.program("Excel").name == "EXCEL.EXE"


def test_setup_names_this_python_and_keeps_the_other_settings(windows):
    before = '"PYTHONPATH","D:\\代码"\r\n"interpreter_win","C:\\old\\python.exe"\r\n"SHOW CONSOLE","True"'.encode("gbk")
    settings = put(windows.home / ".xlwings" / "xlwings.conf", before)
    assert "C:\\old\\python.exe" in said(found(windows)["interpreter"])
    done = prepare(windows, sys.executable)
    assert (done.settings.settings, done.settings.changed, done.script) == (settings, True, None)
    assert done.settings.backup.read_bytes() == before
    kept = '"PYTHONPATH","D:\\代码"\r\n"SHOW CONSOLE","True"\r\n'
    assert settings.read_bytes() == f'{kept}"INTERPRETER_WIN","{sys.executable}"\r\n'.encode("gbk")
    assert found(windows)["interpreter"].state == "ok"
    assert not prepare(windows, sys.executable).settings.changed
    assert done.settings.backup.read_bytes() == before


def test_setup_says_what_it_wrote_and_where_the_settings_before_are(windows, mac, capsys):
    for machine, lang, words in ((windows, "zh", ("已写入", "原来的设置")), (mac, "en", ("Written to", "applescript"))):
        put(machine.settings, b'"SHOW CONSOLE","True"\n')
        telling.prepared(prepare(machine, sys.executable), sys.executable, lang)
        said = capsys.readouterr().out
        assert all(word in said for word in (*words, str(machine.settings), sys.executable, ".bak"))
        telling.prepared(prepare(machine, sys.executable), sys.executable, lang)
        assert words[0] not in capsys.readouterr().out


def test_setup_says_what_it_did_for_libreoffice(capsys):
    telling.prepared(Prepared(libreoffice=True), "python3", "zh")
    assert "我的宏" in capsys.readouterr().out
    telling.prepared(Prepared(refused=Problem("LibreOffice", *NOTHING_FITS)), "python3", "en")
    assert capsys.readouterr() == ("", "LibreOffice: no uno. Get it\n")


def test_a_button_without_settings_is_to_be_mended_by_setup(windows):
    one = found(windows)["interpreter"]
    assert (one.state, "crmbook setup" in said(one)) == ("wrong", True)
    done = prepare(windows, sys.executable)
    assert (done.settings.backup, found(windows)["interpreter"].state) == (None, "ok")


def test_variables_in_the_settings_are_filled_in(windows):
    put(windows.settings, f'"INTERPRETER","%COMPANY%{os.sep}{Path(sys.executable).name}"\n'.encode())
    assert found(windows)["interpreter"].state == "ok"


def test_a_python_that_excel_could_not_spell_is_refused(windows):
    english = Machine("win32", windows.home, windows.env, encoding="cp1252")
    with pytest.raises(CannotProceedError) as stopped:
        prepare(english, "C:\\Users\\王芳\\venv\\Scripts\\python.exe")
    assert "虚拟环境" in stopped.value.problem.line("zh")
    assert not english.settings.exists()
    prepare(windows, "C:\\Users\\王芳\\venv\\Scripts\\python.exe")  # a Chinese Windows can


@POSIX
def test_a_python_that_cannot_do_the_work_is_said_to_lack_what(windows, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    bare = Machine("win32", windows.home, {**windows.env, "PYTHONPATH": ""}, root=tmp_path)
    prepare(bare, str(tmp_path / "venv" / "bin" / "python"))
    one = found(bare)["interpreter"]
    assert (one.state, "crmbook, xlwings" in said(one), "crmbook[excel]" in said(one)) == ("wrong", True, True)
    prepare(bare, str(put(tmp_path / "python.exe", b"no program")))
    assert "无法启动" in said(found(bare)["interpreter"])


def test_on_a_mac_the_script_of_the_same_version_is_put_in_place(mac):
    before = found(mac)
    assert [before[id].state for id in ("excel", "interpreter", "applescript", "addin")] == ["ok", "wrong", "wrong", "absent"]  # fmt: skip
    done = prepare(mac, sys.executable)
    assert done.settings.settings.read_text() == f'"INTERPRETER_MAC","{sys.executable}"\n'
    assert "VbaHandler" in done.script.read_text("utf-8", "replace")
    after = found(mac)
    assert [after[id].state for id in ("interpreter", "applescript")] == ["ok", "ok"]
    done.script.rename(done.script.with_name("xlwings-0.30.0.applescript"))
    assert "crmbook setup" in said(found(mac)["applescript"])


def test_on_a_mac_a_python_below_a_folder_with_a_space_is_refused(mac):
    with pytest.raises(CannotProceedError, match="holds a space"):
        prepare(mac, "/Users/fang/My Tools/venv/bin/python")


def test_it_says_when_a_click_last_reached_python(windows, state):
    assert "live.log" in said(found(windows)["last"])
    put(
        state / "live.log",
        "2026-11-20 09:00:00 客户.xlsm: refreshed\n2026-11-21 09:00:00 客户.xlsm: oh\n  more\n".encode(),
    )
    assert said(found(windows)["last"]).startswith("2026-11-21 09:00:00 客户.xlsm: oh")


def test_the_add_in_is_seen_in_the_start_folder(windows, mac):
    for machine in (windows, mac):
        assert found(machine)["addin"].state == "absent"
        put(machine.start_folder / "crmbook.xlam")
        assert found(machine)["addin"].state == "ok"


def test_settings_in_a_book_or_beside_it_go_before_the_users(windows, small, tmp_path):
    prepare(windows, sys.executable)
    book = put(tmp_path / "books" / "客户.xlsx", small.read_bytes())
    assert found(windows, book)["interpreter"].state == "ok"
    put(book.with_name("xlwings.conf"), b'"INTERPRETER_WIN","C:\\beside\\python.exe"\n')
    assert "C:\\beside\\python.exe" in said(found(windows, book)["interpreter"])
    workbook = openpyxl.load_workbook(book)
    workbook.create_sheet("xlwings.conf").append(["Interpreter_Win", "C:\\inside\\python.exe"])
    workbook.save(book)
    one = found(windows, book)["interpreter"]
    assert (one.state, "C:\\inside\\python.exe" in said(one), "工作表 xlwings.conf" in said(one)) == (
        "wrong",
        True,
        True,
    )


def test_a_book_without_a_button_says_how_to_get_one(windows, small):
    seen = found(windows, small)
    assert (seen["forms"].state, seen["button"].state) == ("ok", "absent")
    assert "crmbook button" in said(seen["button"])
    done = CliRunner().invoke(cli, ["doctor", str(small.with_name("nowhere.xlsx"))])
    assert (done.exit_code, "nowhere.xlsx" in done.stderr) == (1, True)


def test_a_workbook_of_another_kind_is_told_apart(windows, tmp_path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    assert found(windows, tmp_path / "other.xlsx")["forms"].state == "wrong"


@POSIX
def test_macros_that_windows_blocks_are_named_with_the_remedy(windows, small, tmp_path):
    book = add_button(put(tmp_path / "客户.xlsx", small.read_bytes())).book
    assert "blocked" not in found(windows, book)
    put(book.with_name(f"{book.name}:Zone.Identifier"), b"[ZoneTransfer]\r\nZoneId=3\r\n")
    one = found(windows, book)["blocked"]
    assert (one.state, "解除锁定" in said(one)) == ("wrong", True)


def test_on_a_mac_macros_of_another_xlwings_are_to_be_renewed(mac, small, tmp_path):
    book = tmp_path / "客户.xlsm"
    package = Package.open(small)
    sources = macros()
    carry(package, "zh", {**sources, "xlwings": sources["xlwings"].replace(version("xlwings"), "0.30.1")})
    with book.open("w+b") as out:
        package.save(out)
    one = found(mac, book)["version"]
    assert (one.state, "0.30.1" in said(one), "crmbook button" in said(one)) == ("wrong", True, True)
    assert "version" not in found(mac, add_button(book).book)


def test_without_xlwings_setup_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['xlwings'] = None\nfrom pathlib import Path\nfrom crmbook.doctor import *\ntry:\n    prepare(Machine('win32', Path(sys.argv[1]), {}), sys.executable)\nexcept Exception as e: print(e)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "crmbook[excel]" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_book_whose_button_lacks_xlwings_is_to_be_mended(small, tmp_path, monkeypatch):
    book = add_button(put(tmp_path / "客户.xlsx", small.read_bytes())).book
    here, there = Machine("linux", tmp_path, {}, root=tmp_path), Distribution.from_name

    def without_xlwings(name):
        if name == "xlwings":
            raise PackageNotFoundError(name)
        return there(name)

    with monkeypatch.context() as packages:
        packages.setattr(Distribution, "from_name", without_xlwings)
        assert [found(here, one)["xlwings"].state for one in (None, small, book)] == ["absent", "absent", "wrong"]
    assert found(here, book)["xlwings"].state == "ok"


def test_it_says_whether_libreoffice_has_the_macro(tmp_path):
    put(tmp_path / "opt" / "libreoffice24.8" / "program" / "soffice")
    machine = Machine("linux", tmp_path, {}, root=tmp_path)
    assert (found(machine)["macro"].state, "crmbook setup" in said(found(machine)["macro"])) == ("absent", True)
    put(tmp_path / ".config" / "libreoffice" / "4" / "user" / "basic" / "crmbook" / "button.xba")
    assert found(machine)["macro"].state == "ok"


def test_of_a_book_it_speaks_the_language(built, tmp_path):
    book = tmp_path / "my book.xlsx"
    book.write_bytes(built("en"))
    done = CliRunner().invoke(cli, ["doctor", str(book)])
    assert f'Run crmbook button "{book}"' in done.stdout


def test_a_folder_is_called_one(tmp_path):
    done = CliRunner().invoke(cli, ["doctor", str(tmp_path)])
    assert (done.exit_code, "文件夹" in done.stderr) == (1, True)
