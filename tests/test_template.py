"""The office's own template: its looks, its cover, its page header; and what is said where a file cannot serve."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml

from crmbook import book, forms
from crmbook.cli import cli
from crmbook.drawing.draw import draw
from crmbook.ooxml import Package
from crmbook.ooxml import Workbook as Opened
from crmbook.ooxml.lint import lint
from crmbook.problems import CannotProceedError
from tests import excel_edits
from tests.staff import png

FORMS = [f for f in forms.ALL if f.id in {"grading", "customers", "orders"}]
TITLE = next(f.title["zh"] for f in FORMS if f.id == "grading")
THEME = theme_xml.replace('<a:srgbClr val="1F497D"/>', '<a:srgbClr val="7A0019"/>').replace('typeface="Calibri"', 'typeface="Georgia"').encode()  # fmt: skip
HEADER = NamedStyle("crm header", font=Font(name="KaiTi", sz=12, color="FFFFFF"), fill=PatternFill("solid", fgColor="FF7A0019"))  # fmt: skip
VML = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="CH"><v:imagedata r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></v:shape></xml>'


def template(path: Path, *more: Callable[[Worksheet], object], cover: str = "Cover") -> Path:
    """An office's workbook: another theme and font, a header style of its own, a first sheet with words on it."""
    made = Workbook()
    made.loaded_theme = THEME
    made.add_named_style(HEADER)
    sheet = made.active
    sheet.title = cover
    sheet["B2"], sheet["B3"] = "Our office", "=1+1"
    sheet.merge_cells("B2:D2")
    for change in more:
        change(sheet)
    made.save(path)
    return path


def with_logo(path: Path) -> Path:
    """The template with a picture on its first sheet."""
    first = load_workbook(path).sheetnames[0]
    excel_edits.edit(path, [{"do": "picture", "sheet": first, "at": [1, 4], "png": png().hex()}])
    return path


def with_header_picture(path: Path) -> Path:
    """The template with a picture in the page header of its first sheet, as Excel keeps one."""
    package = Package.open(path)
    sheet = Opened(package).sheets[0].part
    package.write("xl/media/head.png", png(4))
    package.set_content_type("xl/media/head.png", "image/png")
    package.write("xl/drawings/head.vml", VML)
    package.set_content_type("xl/drawings/head.vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    package.relate("xl/drawings/head.vml", "image", "xl/media/head.png")
    id = package.relate(sheet, "vmlDrawing", "xl/drawings/head.vml")
    element = f'<legacyDrawingHF xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{id}"/></worksheet>'
    package.write(sheet, package.read(sheet).replace(b"</worksheet>", element.encode()))
    with path.open("w+b") as out:
        package.save(out)
    return path


def drawn(path: Path) -> Package:
    made = Package.open(draw(FORMS, "zh", path))
    assert lint(made) == set()
    return made


def sheet_of(made: Package, title: str) -> Worksheet:
    return load_workbook(BytesIO(made.source))[title]


def test_theme_font_and_styles_are_the_offices_and_ours_where_it_has_none(tmp_path: Path) -> None:
    made = drawn(template(tmp_path / "looks.xlsx"))
    assert b"7A0019" in made.read("xl/theme/theme1.xml")
    sheet = sheet_of(made, TITLE)
    cells = {cell.style: cell for row in sheet.iter_rows() for cell in row}
    assert (cells["crm header"].font.name, cells["crm header"].fill.fgColor.rgb) == ("KaiTi", "FF7A0019")
    assert (cells["crm title"].font.name, cells["crm title"].font.sz) == ("宋体", 18)
    assert cells["crm title"].fill.fgColor.theme == 3
    assert cells["crm money"].number_format.startswith("#,##0.00")


def test_the_cover_stays_first_with_its_logo_and_its_words(tmp_path: Path) -> None:
    made = drawn(with_logo(template(tmp_path / "looks.xlsx")))
    sheets = Opened(made).sheets
    assert [s.name for s in sheets][:2] == ["Cover", TITLE]
    cover = sheet_of(made, "Cover")
    assert (cover["B2"].value, cover["B3"].value, str(cover.merged_cells)) == ("Our office", "=1+1", "B2:D2")
    drawing = made.related(sheets[0].part, "drawing")
    assert [made.read(n) for n in made.related(drawing[0], "image")] == [png()]
    assert made.read(sheets[0].part).count(b"<drawing ") == 1


def test_a_book_with_a_cover_is_built_and_refreshed_like_any_other(tmp_path: Path) -> None:
    looks = with_logo(template(tmp_path / "looks.xltx", cover="封面"))
    assert (
        CliRunner()
        .invoke(cli, ["build", str(tmp_path / "b.xlsx"), "--template", str(looks), "--forms", "grading", "-q"])
        .exit_code
        == 0
    )
    made = Package.open(tmp_path / "b.xlsx")
    assert "template" not in made.content_type(made.workbook)
    assert Opened(made).sheets[0].name == "封面"
    assert not book.refresh(tmp_path / "b.xlsx").wrote


def test_a_cover_named_as_one_of_our_forms_gets_a_name_of_its_own(tmp_path: Path) -> None:
    made = drawn(with_logo(template(tmp_path / "looks.xlsx", cover=TITLE)))
    assert [s.name for s in Opened(made).sheets][:2] == ["封面", TITLE]
    assert sheet_of(made, TITLE).tables


def test_other_sheets_and_names_of_the_template_do_not_come_along(tmp_path: Path) -> None:
    def more(sheet: Worksheet) -> None:
        sheet.parent.create_sheet("budget")["A1"] = "secret"
        sheet.print_area = "A1:D9"

    path = template(tmp_path / "looks.xlsx", more)
    made = drawn(path)
    assert "budget" not in [s.name for s in Opened(made).sheets]
    assert not [n for n in made.names if b"secret" in made.read(n)]
    assert sheet_of(made, "Cover").print_area == "'Cover'!$A$1:$D$9"
    plain = drawn(template(tmp_path / "plain.xlsx", more, cover="Sheet1"))
    assert Opened(plain).sheets[0].name == FORMS[0].title["zh"]
    assert not [n for n in plain.names if b"Our office" in plain.read(n)]


@pytest.mark.parametrize("cover", ["Cover", "Sheet1"])
def test_the_page_header_of_its_first_sheet_stands_on_every_page(tmp_path: Path, cover: str) -> None:
    def more(sheet: Worksheet) -> None:
        sheet.oddHeader.center.text, sheet.oddHeader.right.text = "&G", "Our office"
        sheet.page_margins.top = 1.1

    made = drawn(with_header_picture(template(tmp_path / "looks.xlsx", more, cover=cover)))
    for sheet in Opened(made).sheets:
        if sheet.state != "visible":
            continue
        xml = made.read(sheet.part)
        assert b"&amp;G" in xml
        assert re.search(rb'<pageMargins [^>]*top="1.1"', xml)
        (vml,) = made.related(sheet.part, "vmlDrawing")
        assert made.read(vml) == VML
        assert [made.read(n) for n in made.related(vml, "image")] == [png(4)]


def zipped(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The file with its parts changed."""
    source = zipfile.ZipFile(BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            out.writestr(name, change(name, source.read(name)))
    return path


def bad(folder: Path, what: str) -> Path:
    path = folder / f"{what}.xlsx"
    if what == "text":
        path.write_text("theme", "utf-8")
    elif what == "macros":
        zipped(template(path), lambda _, data: data.replace(b"spreadsheetml.sheet.main", b"x").replace(b"application/vnd.openxmlformats-officedocument.x", b"application/vnd.ms-excel.sheet.macroEnabled.main"))  # fmt: skip
    elif what == "cut":
        path.write_bytes(template(path).read_bytes()[:3000])
    elif what == "styles":
        zipped(template(path), lambda _, data: data.replace(b'<sz val="', b'<sz val="big'))
    elif what == "formula":
        template(path, lambda sheet: sheet.parent.create_sheet("o").append([1]), lambda sheet: sheet.append(["=o!A1"]))
    return path


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("absent", "there is no such file"),
        ("text", "this is not an Excel workbook"),
        ("macros", "the template holds macros"),
        ("cut", "the file is damaged"),
        ("styles", "the styles of the template cannot be read"),
        ("formula", "Cover!A4"),
    ],
)
def test_a_file_that_cannot_serve_is_told_and_nothing_is_written(tmp_path: Path, what: str, said: str) -> None:
    target = tmp_path / "book.xlsx"
    arguments = ["build", str(target), "--template", str(bad(tmp_path, what)), "--lang", "en"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not target.exists()


def test_what_is_drawn_over_another_sheet_cannot_stay_on_a_cover(tmp_path: Path) -> None:
    def chart(of: str) -> Callable[[Worksheet], None]:
        def more(sheet: Worksheet) -> None:
            data = sheet.parent.create_sheet("o") if of == "o" else sheet
            made = BarChart()
            made.add_data(Reference(data, min_col=1, min_row=1, max_row=3))
            sheet.add_chart(made, "F2")

        return more

    kept = drawn(template(tmp_path / "own.xlsx", chart("Cover")))
    drawing = kept.related(Opened(kept).sheets[0].part, "drawing")[0]
    assert kept.related(drawing, "chart")
    with pytest.raises(CannotProceedError, match="chart over another sheet"):
        draw(FORMS, "zh", template(tmp_path / "other.xlsx", chart("o")))
    with pytest.raises(CannotProceedError, match="chart over another sheet"):  # the sheet gets another name
        draw(FORMS, "zh", template(tmp_path / "renamed.xlsx", chart("Cover"), cover=TITLE))


def test_what_cannot_be_brought_along_is_named(tmp_path: Path) -> None:
    path = template(tmp_path / "looks.xlsx")
    package = Package.open(path)
    package.relate(Opened(package).sheets[0].part, "pivotTable", "xl/pivotTables/pivotTable1.xml")
    with path.open("w+b") as out:
        package.save(out)
    with pytest.raises(CannotProceedError, match="pivotTable"):
        draw(FORMS, "zh", path)
