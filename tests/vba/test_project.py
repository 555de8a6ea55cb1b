"""VBA projects: read back by oletools and pyOpenVBA, of one sheet and of many."""

import io
from collections.abc import Mapping

import olefile
import pytest

from crmbook import vba
from crmbook.vba.project import obscured
from tests.vba.reading import modules, unpacked

LAUNCHER = {**vba.ours("refresh"), **vba.launcher("refresh")}


def project_with(sheets: int, launcher: Mapping[str, str] = LAUNCHER) -> tuple[list[vba.Module], bytes]:
    documents = [vba.Module("ThisWorkbook", "workbook"), *(vba.Module(f"Sheet{n}", "worksheet") for n in range(1, sheets + 1))]  # fmt: skip
    made = [*documents, vba.Module("Chart1", "chartsheet"), *(vba.Module.read(n, t) for n, t in launcher.items())]
    return made, vba.project(made)


@pytest.mark.parametrize("sheets", [1, 30, 150])
def test_every_module_comes_back_as_it_was_written(sheets):
    made, project = project_with(sheets)
    assert olefile.isOleFile(io.BytesIO(project))
    with olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_UNSURE) as file:
        assert not file.parsing_issues
        assert {path[-1] for path in file.listdir()} == {"PROJECT", "PROJECTwm", "_VBA_PROJECT", "dir", *(m.name for m in made)}  # fmt: skip
        for module in made:
            assert unpacked(file.openstream(f"VBA/{module.name}").read()) == module.source
    found = modules(project)
    assert {name: text.encode("ascii") for name, text in found.items()} == {m.name: m.source for m in made}


def test_the_directory_is_a_red_black_tree():
    for sheets in (*range(1, 20), 150):
        with olefile.OleFileIO(io.BytesIO(project_with(sheets, {})[1])) as file:
            for entry in file.direntries:
                if entry is not None and entry.entry_type in (olefile.STGTY_ROOT, olefile.STGTY_STORAGE):
                    _blacks(file, entry.sid_child, parent_is_red=True)


def _blacks(file: olefile.OleFileIO, sid: int, *, parent_is_red: bool) -> int:
    """How many black entries each way down passes; the head of a tree is black too."""
    if sid == olefile.NOSTREAM:
        return 0
    entry = file.direntries[sid]
    is_red = entry.color == 0
    assert not (is_red and parent_is_red)
    below = {_blacks(file, side, parent_is_red=is_red) for side in (entry.sid_left, entry.sid_right)}
    for side, order in ((entry.sid_left, -1), (entry.sid_right, 1)):
        if side != olefile.NOSTREAM:
            assert (_order(file.direntries[side].name) > _order(entry.name)) == (order == 1)
    assert len(below) == 1
    return below.pop() + (not is_red)


def _order(name: str) -> tuple[int, str]:
    return len(name), name.upper()


def test_the_same_modules_give_the_same_bytes():
    assert project_with(3)[1] == project_with(3)[1]


def test_nothing_is_locked():
    """The values that Office writes for an open project, read as MS-OVBA 2.4.3.3 says."""
    for data in (bytes(4), b"\0", b"\xff"):
        raw = bytes.fromhex(obscured("{5CF9CDAB-B77B-4FE4-BD7E-D29900070E1B}", data))
        seed, last_but_one, last = raw[:3]
        before, plain = seed ^ last, bytearray()
        assert seed ^ last_but_one == 2
        assert before == sum(b"{5CF9CDAB-B77B-4FE4-BD7E-D29900070E1B}") & 0xFF
        for byte in raw[3:]:
            plain.append(byte ^ (last_but_one + before) & 0xFF)
            last_but_one, last, before = last, byte, plain[-1]
        assert bytes(plain[(seed & 6) // 2 :]) == len(data).to_bytes(4, "little") + data


def test_a_name_of_two_modules_is_refused():
    for name in ("SHEET1", "vbaproject"):
        with pytest.raises(ValueError, match="one name twice"):
            vba.project([vba.Module("Sheet1", "worksheet"), vba.Module(name, "standard")])


def test_letters_beyond_ascii_are_refused_and_said_by_number():
    with pytest.raises(UnicodeEncodeError):
        assert vba.Module("crmbook", "standard", 'MsgBox "刷新"').source
    assert vba.literal('刷新 "it"\nnow') == 'ChrW(21047) & ChrW(26032) & " " & ChrW(34) & "it" & ChrW(34) & ChrW(10) & "now"'  # fmt: skip
    assert vba.literal("") == '""'


def test_an_exported_class_keeps_its_attributes_and_loses_its_preamble():
    source = vba.Module.read("Dictionary", LAUNCHER["Dictionary"]).source.decode()
    head, _, body = source.partition("''\r\n")
    assert head.splitlines()[:2] == ['Attribute VB_Name = "Dictionary"', 'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"']  # fmt: skip
    assert "Attribute VB_Exposed = True" in head
    assert "VERSION" not in head
    assert "Attribute CompareMode.VB_Description" in body  # of its members: they stay where they stand
    assert "License: MIT" in head


def test_without_xlwings_there_is_no_launcher(monkeypatch):
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(__import__("sys").modules, "xlwings", raising=False)
    with pytest.raises(vba.NoLauncherError):
        vba.launcher("refresh")
