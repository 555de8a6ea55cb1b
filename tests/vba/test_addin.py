"""The add-in: the button in Excel's ribbon, for workbooks without macros."""

import sys
from pathlib import Path

import pyopenvba
import pytest

from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.problems import CannotProceedError
from crmbook.verbs.addin import NAME, addin, install
from tests.vba.reading import PROJECT, modules


def test_it_refreshes_the_workbook_in_front_and_holds_ascii_only():
    found = modules(Package.open(addin()).read(PROJECT))
    assert set(found) == {"ThisWorkbook", "Sheet1", "crmbook", "xlwings", "Dictionary"}
    assert all(source.isascii() for source in found.values())
    assert 'RunPython "import crmbook.live; crmbook.live.refresh()"' in found["crmbook"]
    assert "ChrW(35831)" in found["crmbook"]
    # By the name of the workbook in front Python finds it; the settings are those of the user's own file.
    assert '" --wb=" & """" & ActiveWorkbook.Name' in found["xlwings"]
    assert 'PROJECT_NAME As String = "xlwings"' in found["xlwings"]


def test_the_ribbon_calls_a_macro_that_is_there():
    package = Package.open(addin())
    assert package.content_type(package.workbook) == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    (ribbon,) = [r.target for r in package.relationships("") if r.kind == "extensibility"]
    button = package.xml(ribbon).find(".//{*}button")
    assert button.get("label") == "刷新 Refresh"
    macro = button.get("onAction")
    assert f"Public Sub {macro}(control As IRibbonControl)" in modules(package.read(PROJECT))["crmbook"]
    assert not lint(package)


def test_it_is_written_where_one_says_and_again_over_itself(tmp_path):
    folder = tmp_path / "启动 XLSTART"
    path = install(folder)
    assert path == folder / NAME
    first = path.read_bytes()
    assert first == addin()
    assert install(folder).read_bytes() == first
    assert [p.name for p in folder.iterdir()] == [NAME]
    report = pyopenvba.check_file(str(path))
    assert report.complete
    assert report.issues == ()


@pytest.mark.parametrize(
    ("system", "excel", "inside"),
    [
        ("win32", "Microsoft/Excel", "XLSTART"),
        ("darwin", "Library/Group Containers/UBF8T346G9.Office/User Content.localized", "Startup.localized/Excel"),
    ],
)
def test_excel_starts_it_from_its_own_folder(system, excel, inside, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)
    for name in ("APPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(CannotProceedError):
        install()
    (tmp_path / excel).mkdir(parents=True)
    assert install() == tmp_path / excel / inside / NAME
    assert (tmp_path / excel / inside / NAME).is_file()


def test_elsewhere_a_folder_must_be_given(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CannotProceedError, match=NAME):
        install()


def test_a_folder_that_takes_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotProceedError) as stopped:
        install(Path(tmp_path / "file"))
    assert NAME in stopped.value.problem.where
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.sdk
def test_the_open_xml_sdk_finds_nothing(tmp_path, sdk):
    assert sdk(install(tmp_path)) == set()
