"""Empty forms as drawn: bound by name, in one language, in the template's looks, with nothing in the way of the rows."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from crmbook import forms, paths, plan
from crmbook.drawing.draw import MARK, draw
from crmbook.drawing.form_sheet import ALL_SHOWN
from crmbook.drawing.template import OURS as TEMPLATE
from crmbook.form import PAGE_COLUMNS, Asks, Form
from crmbook.layout import EDGES, arrange, chars, lines, row_heights, spans, width
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.palette import FONTS, YOURS
from crmbook.text import LANGS, Lang
from docs import look

CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
BOLD = {letter: size for letters, size in (("fijlrtI", 0.6), ("mwMW", 1.6)) for letter in letters}  # what these take
TABLES = [f for f in forms.ALL if not f.page]
every_form = pytest.mark.parametrize("form", forms.ALL, ids=lambda f: f.id)
every_table = pytest.mark.parametrize("form", TABLES, ids=lambda f: f.id)
in_each_language = pytest.mark.parametrize("lang", LANGS)


@cache
def drawn(lang: Lang) -> bytes:
    return draw(forms.ALL, lang)


@cache
def book(lang: Lang) -> Workbook:
    return load_workbook(BytesIO(drawn(lang)))


def sheet_of(form: Form, lang: Lang) -> Worksheet:
    return book(lang)[form.title[lang]]


def header_row(form: Form, lang: Lang) -> int:
    return range_boundaries(sheet_of(form, lang).tables[form.table].ref)[1]


@in_each_language
def test_excel_has_nothing_to_repair(lang: Lang) -> None:
    assert lint(Package.open(drawn(lang))) == set()


@in_each_language
def test_one_sheet_per_form_in_their_order_and_a_mark_that_nobody_sees(lang: Lang) -> None:
    assert book(lang).sheetnames == [*(f.title[lang] for f in forms.ALL), MARK]
    assert [s.sheet_view.tabSelected for s in book(lang)] == [True, *[False] * len(forms.ALL)]
    assert book(lang).active.title == forms.ALL[0].title[lang]
    mark = book(lang)[MARK]
    assert mark.sheet_state == "veryHidden"
    assert [row[:2] for row in mark.iter_rows(values_only=True)][:2] == [("schema", 1), ("lang", lang)]


@every_table
@in_each_language
def test_the_table_has_its_headers_and_one_blank_row_and_nothing_below(form: Form, lang: Lang) -> None:
    sheet = sheet_of(form, lang)
    table = sheet.tables[form.table]
    left, top, right, bottom = range_boundaries(table.ref)
    labels = [c.column.label[lang] for c in form.columns]
    assert [c.name for c in table.tableColumns] == labels
    assert [sheet.cell(top, c).value for c in range(left, right + 1)] == labels
    assert (bottom, sheet.max_row) == (top + 1, top + 1)
    assert all(sheet.cell(bottom, c).value is None for c in range(left, right + 1))
    assert all(merged.max_row < top for merged in sheet.merged_cells.ranges)


@every_form
@in_each_language
def test_hidden_names_are_bound_to_every_header_and_every_cell_of_ours(form: Form, lang: Lang) -> None:
    names, sheet = book(lang).defined_names, sheet_of(form, lang)
    wanted = {c.column.id for c in form.columns} | {f"total.{c.column.id}" for c in form.shows if c.total}
    wanted |= {name for feature in form.parts for name in (*feature.formulas(lang), *feature.asks)}
    wanted |= set() if form.is_entry else {"period", "unit"}
    for name in wanted:
        bound = names[f"_crm.{form.id}.{name}"]
        assert bound.hidden
        title, address = bound.attr_text.rsplit("!", 1)
        assert title.strip("'") == form.title[lang]
        place = sheet[address.replace("$", "")]
        assert form.page or place.row <= header_row(form, lang)
        in_table = {c.column.id: c.column.label[lang] for c in form.columns}
        assert place.value == in_table.get(name)


@every_table
@in_each_language
def test_white_is_ours_and_pale_yellow_is_yours(form: Form, lang: Lang) -> None:
    sheet, row = sheet_of(form, lang), header_row(form, lang) + 1
    for at, column in enumerate(form.columns, 1):
        cell = sheet.cell(row, at)
        is_yellow = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == f"FF{YOURS}"
        assert is_yellow == isinstance(column, Asks), column.column.id
        assert cell.style == (
            "crm no" if column.column.id == "no" else f"crm {column.column.kind}{' yours' if is_yellow else ''}"
        )
        assert (cell.number_format == "@") == (column.column.kind == "id")


@in_each_language
def test_every_cell_above_and_in_the_tables_has_a_style_of_the_template(lang: Lang) -> None:
    known = set(load_workbook(TEMPLATE).named_styles)
    used = {cell.style for form in forms.ALL for row in sheet_of(form, lang).iter_rows() for cell in row}
    assert used <= known


def test_an_english_book_has_no_chinese_and_the_other_way_round() -> None:
    for form in forms.ALL:
        for lang, other in (("en", "zh"), ("zh", "en")):
            said = {str(c.value) for row in sheet_of(form, lang).iter_rows() for c in row if c.value is not None}
            said |= {v.error or "" for v in sheet_of(form, lang).data_validations.dataValidation}
            if lang == "en":
                assert not [word for word in said if CHINESE.search(word)]
            texts = [c.column.label for c in form.columns] + [form.title, form.purpose, *form.sign_off]
            assert not said & {t[other] for t in texts if t.zh != t.en and t[other] not in {u[lang] for u in texts}}


@every_form
def test_nothing_overlaps_or_hangs_over_the_sheet_s_columns(form: Form) -> None:
    for lang in LANGS:
        sheet = sheet_of(form, lang)
        columns = PAGE_COLUMNS if form.page else len(form.columns)
        ends = [0.0]
        for at in range(1, columns + 1):
            drawn_column = sheet.column_dimensions[get_column_letter(at)]
            ends.append(ends[-1] + (0 if drawn_column.hidden else drawn_column.width) * 7)
        boxes = []
        for chart in sheet._charts:
            start, end = chart.anchor._from, chart.anchor.to
            left, right = (ends[m.col] + m.colOff / 9525 for m in (start, end))
            assert 0 <= left < right <= ends[-1]
            assert form.page or end.row < header_row(form, lang)
            boxes.append((left, start.row, right, end.row))
        blocks = [m for m in sheet.merged_cells.ranges if m.min_row >= 5]
        boxes += [(ends[m.min_col - 1], m.min_row - 1, ends[m.max_col], m.max_row) for m in blocks]
        for at, a in enumerate(boxes):
            for b in boxes[at + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


@every_table
@in_each_language
def test_it_prints_on_a4_across_with_its_header_on_every_page(form: Form, lang: Lang) -> None:
    sheet = sheet_of(form, lang)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows.replace("$", "").endswith(f":{header_row(form, lang)}")
    assert form.title[lang] in sheet.oddFooter.left.text
    assert sheet.sheet_view.showGridLines == form.is_entry


@every_table
@in_each_language
def test_no_width_cuts_a_header_word(form: Form, lang: Lang) -> None:
    for column in form.columns:
        header, wide = column.column.label[lang], width(column, lang)
        if lang == "en":
            taken = [sum(BOLD.get(a, 1.3 if a.isupper() else 1.08) for a in word) for word in header.split()]
            assert max(taken) <= wide - EDGES[1], column.column.id
        elif not header[-1].isascii():  # its last character does not stand alone
            rooms = [wide - edges for edges in EDGES]
            assert all(lines(header, room) == lines(header[:-1], room) for room in rooms), column.column.id


@every_table
def test_every_asked_choice_has_its_dropdown(form: Form) -> None:
    sheet, row = sheet_of(form, "zh"), header_row(form, "zh") + 1
    lists = {str(v.sqref): v for v in sheet.data_validations.dataValidation if v.type == "list"}
    for at, column in enumerate(form.columns, 1):
        if isinstance(column, Asks) and column.column.choices:
            found = lists[sheet.cell(row, at).coordinate]
            assert found.formula1 == '"' + ",".join(c.name.zh for c in column.column.choices) + '"'
            assert found.showErrorMessage != column.column.open


def test_rows_whose_key_has_gone_are_greyed() -> None:
    for form in (f for f in forms.ALL if f.rows is not None):
        sheet = sheet_of(form, "zh")
        first = header_row(form, "zh") + 1
        rules = [r for c in sheet.conditional_formatting for r in c.rules if r.formula == [f'$A{first}="—"']]
        assert [r.stopIfTrue for r in rules] == [True]


def test_the_font_is_the_language_s_own_and_the_template_s_other_fonts_stay(tmp_path: Path) -> None:
    assert book("zh").worksheets[0]["A1"].font.name == FONTS["zh"]
    assert book("en").worksheets[0]["A1"].font.name == FONTS["en"]
    template = load_workbook(TEMPLATE)
    for style in template._named_styles:
        if style.name == "crm title":
            style.font = type(style.font)(name="KaiTi", sz=20)
    template.save(tmp_path / "mine.xlsx")
    mine = load_workbook(BytesIO(draw(forms.ALL[:1], "en", tmp_path / "mine.xlsx"))).worksheets[0]
    assert mine["A1"].font.name == "KaiTi"
    assert mine["A2"].font.name == FONTS["en"]


def test_excel_lets_a_row_grow_with_what_is_typed() -> None:
    package = Package.open(drawn("zh"))
    for form in TABLES:
        part = package.read(f"xl/worksheets/sheet{forms.ALL.index(form) + 1}.xml").decode()
        row = re.search(rf'<row r="{header_row(form, "zh") + 1}"[^>]*>', part)[0]
        assert "ht=" in row
        assert "customHeight" not in row


def test_the_template_is_what_its_script_makes(tmp_path: Path) -> None:
    scope: dict[str, object] = {"__file__": str(paths.TEMPLATES.parent / "make.py"), "__name__": "make"}
    exec((paths.TEMPLATES.parent / "make.py").read_text("utf-8"), scope)
    scope["make"](tmp_path / "made.xlsx")
    made, shipped = Package.open(tmp_path / "made.xlsx"), Package.open(TEMPLATE)
    for part in ("xl/styles.xml", "xl/theme/theme1.xml"):
        assert made.read(part) == shipped.read(part), "run python templates/make.py"


def test_text_takes_the_lines_it_needs() -> None:
    assert chars("客户A") == pytest.approx(4.8)
    assert lines("two words", 9) == 1
    assert lines("two words", 8) == 2
    assert lines("一二三四五六七八九十", 10) == 2
    assert lines("one\ntwo", 40) == 2
    assert lines("一二 三四五六七八", 10) == 2  # Chinese breaks anywhere, not only at blanks
    assert (
        lines("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567", 28) == 3
    )  # a word that is broken within
    usual, three, two, most = row_heights(
        [(["short", "a text of words", 7, "x" * 9999], 7), (["a", "b", "c\nd", None], 20)], range(4)
    )
    assert (usual, three, two, most) == (18, 49, 34, 409)
    assert row_heights([(["x" * 9999], 5)], [0], tallest=100) == [100]
    assert row_heights([], range(2)) == [18, 18]


@every_table
@in_each_language
def test_a_further_page_across_says_whom_its_rows_are_about(form: Form, lang: Lang) -> None:
    sheet = sheet_of(form, lang)
    if sheet.page_setup.fitToWidth > 1:
        assert sheet.page_setup.pageOrder == "overThenDown"
        names = {"name", "customer"} & {c.column.id for c in form.columns} or {form.key[-1]}
        who = next(at for at, c in enumerate(form.columns, 1) if c.column.id in names)
        repeated = range_boundaries(sheet.print_title_cols.replace("$", ""))[2]
        assert repeated >= who
        for area in sheet.merged_cells.ranges:
            assert sheet.cell(area.min_row, 1).value != ALL_SHOWN[lang] or area.max_col <= repeated


def test_a_new_row_is_as_high_as_what_was_typed_on_it_up_to_eight_lines() -> None:
    visits = next(f for f in forms.ALL if f.id == "visits")
    typed = pd.DataFrame({"visit_id": ["1", "2", "3"], "content": ["short", "第一行\n第二行\n第三行", "很长" * 1000]})
    assert plan.entry(visits, typed, {}, "zh", new=True).heights(range(3)) == [18, 49, 124]
    assert plan.entry(visits, typed, {}, "zh", new=False).heights(range(3)) == ()


def test_cells_side_by_side_take_the_columns_they_need() -> None:
    assert spans([5, 10, 20, 8], [12, 15, 8]) == [(1, 2), (3, 3), (4, 4)]
    assert spans([5], [3, 3]) == [(1, 1), (2, 2)]


def test_charts_go_below_one_another_where_a_page_has_no_room() -> None:
    regions = next(f for f in forms.ALL if f.id == "regions")
    charts = [f for f in regions.features if f.height]
    widths = [10.0] * 40
    beside, rows = arrange(charts, widths, [(0, 2800)], "zh")
    below, more = arrange(charts, widths, [(0, 500)], "zh")
    assert {s.down for s in beside} == {0}
    assert len({s.down for s in below}) == len(charts)
    assert more == rows * len(charts)


@pytest.mark.office
@in_each_language
def test_libreoffice_prints_every_form(lang: Lang, tmp_path: Path) -> None:
    (tmp_path / "drawn.xlsx").write_bytes(drawn(lang))
    pictures = look.look(tmp_path / "drawn.xlsx", tmp_path / "pictures", 1)
    assert len(pictures) == len(forms.ALL)
    assert all(p.stat().st_size for p in pictures)
