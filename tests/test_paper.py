"""On paper: print that can be read, pages that are worth their sheet, charts in one piece."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from itertools import pairwise

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.chart import BarChart
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from crmbook import forms
from crmbook.drawing.draw import draw
from crmbook.drawing.template import OURS as TEMPLATE
from crmbook.features import Chart
from crmbook.form import Form, Shows
from crmbook.layout import chars, lines, shown_widths
from crmbook.text import LANGS, Lang

TABLES = [f for f in forms.ALL if not f.page]
POINTS, READABLE = 10, 7.5  # of the font, and on paper
MARGIN, A4, INCH = 0.8, 11.69, 96  # inches, and pixels
every_table = pytest.mark.parametrize("form", TABLES, ids=lambda f: f.id)
in_each_language = pytest.mark.parametrize("lang", LANGS)


@cache
def book(lang: Lang) -> Workbook:
    return load_workbook(BytesIO(draw(forms.ALL, lang)))


def widths(sheet: Worksheet, form: Form) -> list[float]:
    """Of its columns, in pixels."""
    columns = [sheet.column_dimensions[get_column_letter(at)] for at in range(1, len(form.columns) + 1)]
    return [0 if column.hidden else column.width * 7 for column in columns]


def repeated(sheet: Worksheet) -> int:
    titles = sheet.print_title_cols
    return range_boundaries(titles.replace("$", ""))[2] if titles else 0


def pages(sheet: Worksheet, form: Form) -> tuple[float, list[list[int]]]:
    """The scale of the print and the columns of each page across, as a spreadsheet program parts them."""
    wide, kept = widths(sheet, form), repeated(sheet)
    for percent in range(100, 9, -1):
        room = (A4 - MARGIN) * INCH / percent * 100
        found: list[list[int]] = [[]]
        for at, pixels in enumerate(wide, 1):
            again = sum(wide[:kept]) if len(found) > 1 else 0
            if found[-1] and again + sum(wide[c - 1] for c in found[-1]) + pixels > room:
                found.append([])
            found[-1].append(at)
        if len(found) <= sheet.page_setup.fitToWidth:
            return percent / 100, found
    raise AssertionError(form.id)


@every_table
@in_each_language
def test_print_can_be_read_and_no_page_is_wasted(form: Form, lang: Lang) -> None:
    sheet = book(lang)[form.title[lang]]
    scale, found = pages(sheet, form)
    assert POINTS * scale >= READABLE
    assert len(found) == sheet.page_setup.fitToWidth
    assert all(len(columns) > 1 for columns in found)


@every_table
@in_each_language
def test_a_chart_stands_on_one_page_and_beside_what_every_page_repeats(form: Form, lang: Lang) -> None:
    sheet = book(lang)[form.title[lang]]
    _, found = pages(sheet, form)
    for chart in sheet._charts:
        first, last = chart.anchor._from.col + 1, chart.anchor.to.col + 1
        assert any(first in columns and last in columns for columns in found)
        assert first > repeated(sheet) or len(found) == 1


@every_table
@in_each_language
def test_the_words_above_some_headers_stand_on_one_page_with_them(form: Form, lang: Lang) -> None:
    sheet = book(lang)[form.title[lang]]
    _, found = pages(sheet, form)
    bands = [m for m in sheet.merged_cells.ranges if sheet.cell(m.min_row, m.min_col).style.startswith("crm band")]
    assert bool(bands) == any(c.band for c in form.columns)
    assert all(any({m.min_col, m.max_col} <= {*columns} for columns in found) for m in bands)


@every_table
@in_each_language
def test_who_signs_stands_beside_the_line_for_it_on_every_page(form: Form, lang: Lang) -> None:
    sheet = book(lang)[form.title[lang]]
    merged = {m.min_col: m.max_col for m in sheet.merged_cells.ranges if m.min_row == 3}
    names = [c.column for c in sheet[3] if c.style == "crm label" and c.value] if form.sign_off else []
    assert len(names) == len(form.sign_off)
    for name in names:
        line = merged.get(name, name) + 1
        assert sheet.cell(3, line).style == "crm blank"
        if sheet.page_setup.fitToWidth > 1:
            assert name > repeated(sheet) or merged.get(line, line) <= repeated(sheet)


@every_table
@in_each_language
def test_a_further_page_has_the_whole_title(form: Form, lang: Lang) -> None:
    sheet = book(lang)[form.title[lang]]
    if sheet.page_setup.fitToWidth > 1:
        title = sheet["A1"]
        assert chars(title.value) * 7 * title.font.sz / POINTS <= sum(widths(sheet, form)[: repeated(sheet)])


def test_a_figure_that_is_too_long_becomes_smaller_and_not_a_row_of_signs() -> None:
    styles = [s for s in load_workbook(TEMPLATE)._named_styles if s.number_format not in {"General", "@"}]
    assert len(styles) > 20
    assert [s.name for s in styles if not s.alignment.shrink_to_fit] == []


def test_a_long_name_on_a_card_becomes_smaller_as_its_second_line_would_not_be_seen() -> None:
    looks = {s.name: s.alignment for s in load_workbook(TEMPLATE)._named_styles}
    assert looks["crm field text"].shrink_to_fit
    assert not looks["crm field text"].wrap_text
    assert looks["crm field long"].wrap_text


@in_each_language
def test_columns_of_a_chart_stand_on_zero_unless_they_may_hang_below_it(lang: Lang) -> None:
    signed = {
        (form.id, part.id) for form in forms.ALL for part in form.parts if isinstance(part, Chart) and part.signed
    }
    assert {("regions", "growth"), ("owners", "growth")} <= signed
    for form in TABLES:
        parts = [part for part in form.features if isinstance(part, Chart)]
        for part, chart in zip(parts, book(lang)[form.title[lang]]._charts, strict=True):
            if isinstance(chart, BarChart):
                assert (chart.y_axis.scaling.min == 0) == ((form.id, part.id) not in signed), (form.id, part.id)


@pytest.fixture(scope="module", params=LANGS)
def sample(request: pytest.FixtureRequest, built: Callable[[Lang], bytes]) -> tuple[Lang, Workbook]:
    """The sample's workbook, in each language."""
    return request.param, load_workbook(BytesIO(built(request.param)), data_only=True)


def table(sample: tuple[Lang, Workbook], form: Form) -> tuple[Worksheet, int, range]:
    """Its sheet, the first column and the rows of its table."""
    lang, book = sample
    sheet = book[form.title[lang]]
    left, top, _, bottom = range_boundaries(sheet.tables[form.table].ref)
    return sheet, left, range(top + 1, bottom + 1)


def test_no_text_is_cut_in_the_sample(sample: tuple[Lang, Workbook]) -> None:
    for form in TABLES:
        sheet, left, rows = table(sample, form)
        widths = shown_widths(form, sample[0])
        shown = [
            (at, w)
            for at, (c, w) in enumerate(zip(form.columns, widths, strict=True), left)
            if w and c.column.kind != "reason"
        ]
        for row in rows:
            for at, wide in shown:
                cell = sheet.cell(row, at)
                if isinstance(cell.value, str) and cell.alignment.wrap_text:
                    assert lines(cell.value, wide) * 15 <= sheet.row_dimensions[row].height, cell.coordinate
                elif isinstance(cell.value, str) and cell.value:
                    assert chars(cell.value) <= wide + 1, cell.coordinate


def test_a_list_of_customers_reads_as_a_list(sample: tuple[Lang, Workbook]) -> None:
    lists = [f for f in TABLES if any(c.column.kind == "reason" for c in f.columns)]
    assert {"chain", "classes", "grading", "relationship", "visit_plan"} <= {f.id for f in lists}
    for form in lists:
        sheet, left, rows = table(sample, form)
        heights = [sheet.row_dimensions[row].height for row in rows]
        assert sum(heights) / len(heights) < 24, form.id  # points: more than twenty on a page of A4 across
        for at, (reason, beside) in enumerate(pairwise(form.columns), left):
            if reason.column.kind == "reason":
                cells = [sheet.cell(row, at) for row in rows]
                assert not any(cell.alignment.wrap_text or "\n" in (cell.value or "") for cell in cells)
                assert isinstance(beside, Shows)  # and never blank, or the words would run over it
                assert not beside.hidden
                assert beside.column.kind == "reason" or None not in {sheet.cell(row, at + 1).value for row in rows}


def test_who_is_to_be_visited_and_why_is_read_on_paper(sample: tuple[Lang, Workbook]) -> None:
    form = next(f for f in TABLES if f.id == "visit_plan")
    sheet, left, rows = table(sample, form)
    for id, share in (("state", 0.8), ("suggested", 0.5)):  # of the words, at the median
        at = [c.column.id for c in form.columns].index(id)
        needs = sorted(chars(str(sheet.cell(row, left + at).value)) for row in rows)
        assert shown_widths(form, sample[0])[at] >= share * needs[len(needs) // 2], id


@pytest.mark.parametrize("form", [f for f in forms.ALL if not f.is_entry], ids=lambda f: f.id)
def test_a_figure_that_rounds_to_nothing_is_not_a_fall(form: Form) -> None:
    """In the columns of percentages, and wherever figures stand above a table or on a page."""
    sheet, header = book("zh")[form.title["zh"]], 10_000
    if form.table in sheet.tables:
        header = range_boundaries(sheet.tables[form.table].ref)[1]
    shown = {
        cell.coordinate: cell.number_format.partition(";")[0]
        for row in sheet.iter_rows()
        for cell in row
        if "[Red]-" in cell.number_format and (cell.row < header or "%" in cell.number_format)
        if not isinstance(cell, MergedCell) and not sheet.column_dimensions[cell.column_letter].hidden
    }
    looks = {
        f"{get_column_letter(column)}{row}": rule.dxf.numFmt.formatCode
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.dxf and rule.dxf.numFmt and rule.formula[0].startswith(f"AND({str(area.sqref).partition(':')[0]}<0,")
        for left, top, _, bottom in [range_boundaries(str(area.sqref))]
        for column, row in [(left, row) for row in range(top, bottom + 1)]
    }
    assert looks == {at: f"{format};{format}" for at, format in shown.items()}
