"""A workbook that is given macros: what comes in, what is called how, and that nothing else moves."""

import io
import re

import openpyxl
import pyopenvba
import pytest
from openpyxl.comments import Comment

from crmbook import vba
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.lint import lint, new_findings
from crmbook.verbs.macros import carry, macros
from tests import handmade
from tests.vba.reading import (
    PROJECT,
    bytes_of,
    modules,
    names_of,
    plain_book,
    saved,
    sheet_parts,
    stored,
    unpacked,
    with_button,
)

CODE_NAME = re.compile(rb'codeName="([^"]*)"')


def code_names(made: bytes) -> list[str]:
    """The code names of the workbook and of each sheet, in their order."""
    package = Package.open(made)
    return [CODE_NAME.findall(package.read(part))[0].decode() for part in (package.workbook, *sheet_parts(package))]


@pytest.mark.parametrize(("sheets", "charts"), [(1, 0), (30, 2), (150, 0)])
def test_every_sheet_has_a_module_of_its_code_name(sheets, charts):
    made = with_button(plain_book(*(f"表{n} 与 '引号'" for n in range(sheets)), chart_sheets=charts))
    names = code_names(made)
    package = Package.open(made)
    assert len(set(names)) == 1 + sheets + charts + 1  # the workbook, the sheets, the settings of xlwings
    assert names[0] == "ThisWorkbook"
    assert all(re.fullmatch(r"(Sheet|Chart)\d+", name) for name in names[1:])
    found = modules(package.read(PROJECT))
    assert set(found) == {*names, "crmbook", "xlwings", "Dictionary"}
    assert sum(name.startswith("Chart") for name in names) == charts
    assert all(("00020821" in source) == name.startswith("Chart") for name, source in found.items())
    assert found["crmbook"].encode() == vba.Module("crmbook", "standard", vba.ours("refresh")["crmbook"]).source


def test_content_types_and_relationships():
    package = Package.open(with_button(plain_book("一", "二")))
    assert package.content_type(package.workbook) == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert package.related(package.workbook, "vbaProject") == [PROJECT]
    assert package.content_type(PROJECT) == "application/vnd.ms-office.vbaProject"
    (drawing,) = package.related(sheet_parts(package)[0], "vmlDrawing")
    assert re.fullmatch(r"xl/drawings/vmlDrawing\d.vml", drawing)  # openpyxl keeps one of this name only
    assert package.content_type(drawing) == "application/vnd.openxmlformats-officedocument.vmlDrawing"
    assert not lint(package)


def test_nothing_else_moves():
    before = plain_book("一", "二", chart_sheets=1)
    after = with_button(before)
    old, new = stored(before), stored(after)
    parts = Package.open(before)
    touched = {"[Content_Types].xml", parts.workbook, "xl/_rels/workbook.xml.rels", *sheet_parts(parts)}
    assert {name: new[name] for name in old if name not in touched} == {
        n: d for n, d in old.items() if n not in touched
    }
    first, *others = sheet_parts(parts)
    package = Package.open(after)
    given = re.compile(rb' codeName="[^"]*"|<sheetPr codeName="[^"]*"/>')
    for part in others:
        assert given.sub(b"", package.read(part)) == parts.read(part)
    drawing = re.compile(rb"<legacyDrawing [^>]*/>")
    assert drawing.sub(b"", given.sub(b"", package.read(first))) == parts.read(first)


def test_the_settings_of_xlwings_are_hidden_and_name_no_machine():
    made = with_button(plain_book("一"))
    book = Workbook(Package.open(made))
    assert names_of(made) == ["一", "xlwings.conf"]
    assert book.sheets[-1].state == "hidden"
    assert book.values("xlwings.conf") == [["ADD_WORKBOOK_TO_PYTHONPATH", "False"]]


def test_code_names_that_are_there_stay_unless_vba_would_not_take_them():
    book = openpyxl.Workbook()
    for name, code in (
        ("a", "Orders"),
        ("b", "工作表1"),
        ("c", "Sheet3"),
        ("d", "orders"),
        ("e", "crmbook"),
        ("f", ""),
    ):
        book.create_sheet(name).sheet_properties.codeName = code or None
    book.code_name = "Buch"
    made = with_button(saved(book))
    assert code_names(made) == ["Buch", "Sheet1", "Orders", "Sheet4", "Sheet3", "Sheet5", "Sheet6", "Sheet7", "Sheet8"]
    assert not new_findings(Package.open(made))


def test_the_button_stands_beside_the_comments_of_the_sheet():
    package = Package.open(handmade.package())
    part = sheet_parts(package)[0]
    (drawing,) = package.related(part, "vmlDrawing")
    before = package.read(drawing)
    carry(package, "zh", macros())
    after = package.read(drawing)
    assert package.related(part, "vmlDrawing") == [drawing]
    kept, _, shape = after.rpartition(b"<v:shape ")
    assert before.partition(b">")[2].removesuffix(b"</xml>") in kept
    assert all(f"xmlns:{prefix}=".encode() in kept.partition(b">")[0] for prefix in "vox")
    assert b"[0]!RefreshBook" in shape
    assert shape.endswith(b"</v:shape></xml>")
    ids = re.findall(rb'<v:shape(?=\s)[^>]*?\sid="([^"]*)"', after)
    assert len(set(ids)) == len(ids) == before.count(b"<v:shape ") + 1
    assert after.count(b"<v:shapetype ") == before.count(b"<v:shapetype ") + 1


def test_openpyxl_keeps_macros_and_comments():
    book = openpyxl.load_workbook(io.BytesIO(plain_book("一", "二")))
    book["一"]["B2"].comment = Comment("记得", "me")
    made = with_button(saved(book))
    again = openpyxl.load_workbook(io.BytesIO(made), keep_vba=True)
    assert [s.sheet_properties.codeName for s in again.worksheets] == code_names(made)[1:]
    assert again["一"]["B2"].comment.text == "记得"
    kept = saved(again)
    again.vba_archive.close()
    assert Package.open(kept).read(PROJECT) == Package.open(made).read(PROJECT)
    assert code_names(kept) == code_names(made)


def test_pyopenvba_finds_no_issue(tmp_path):
    (tmp_path / "book.xlsm").write_bytes(with_button(plain_book(*(f"表{n}" for n in range(12)), chart_sheets=1)))
    report = pyopenvba.check_file(str(tmp_path / "book.xlsm"))
    assert report.complete
    assert report.issues == ()


def test_another_launcher_takes_the_place_of_xlwings():
    stub = "Public Sub RunPython(command As String)\nEnd Sub"
    made = with_button(plain_book("一"), sources={**vba.ours("refresh"), "xlwings": stub})
    found = modules(Package.open(made).read(PROJECT))
    assert found["xlwings"].splitlines() == ['Attribute VB_Name = "xlwings"', *stub.splitlines()]
    assert "Dictionary" not in found


def test_the_same_workbook_gives_the_same_bytes():
    made = plain_book("一", "二")
    assert with_button(made) == with_button(made)


def test_a_workbook_part_without_properties_and_with_a_prefix():
    package = Package.open(plain_book("一"))
    xml = package.read(package.workbook)
    bare = re.sub(rb"<workbookPr ?/>", b"", xml)
    assert bare != xml
    spelt = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", bare).replace(b'xmlns="', b'xmlns:x="')
    for written in (bare, spelt):
        package = Package.open(plain_book("一"))
        package.write(package.workbook, written)
        part = sheet_parts(package)[0]
        package.write(part, re.sub(rb"<sheetPr>.*?</sheetPr>", b"", package.read(part)))
        carry(package, "en", macros())
        made = bytes_of(package)
        assert code_names(made) == ["ThisWorkbook", "Sheet1", "Sheet2"]
        assert not new_findings(package)
        assert names_of(made) == ["一", "xlwings.conf"]


def test_a_package_that_names_the_type_of_each_part_by_itself():
    package = Package.open(plain_book("一"))
    types, part = "[Content_Types].xml", "application/vnd.openxmlformats-package.relationships+xml"
    each = "".join(f'<Override PartName="/{n}" ContentType="{part}"/>' for n in package.names if n.endswith(".rels"))
    one = re.compile(rb'<Default (?=[^>]*Extension="rels")[^>]*/>')
    package.write(types, one.sub(b"", package.read(types)).replace(b"</Types>", each.encode() + b"</Types>"))
    package = Package.open(bytes_of(package))
    carry(package, "zh", macros())
    assert not lint(package)


def test_the_launcher_is_the_installed_one():
    source = unpacked_module(with_button(plain_book("一")), "xlwings")
    assert "Public Function RunPython(PythonCommand As String)" in source
    assert "xlwings is distributed under a BSD 3-clause license." in source
    assert 'Const PROJECT_NAME As String = "xlwings"' in source


def unpacked_module(made: bytes, name: str) -> str:
    import olefile

    with olefile.OleFileIO(io.BytesIO(Package.open(made).read(PROJECT))) as file:
        return unpacked(file.openstream(f"VBA/{name}").read()).decode("ascii")
