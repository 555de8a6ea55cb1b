"""What every feature must hold, without a test of its own."""

import re
import subprocess
import sys
from functools import cache
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmbook import features
from crmbook.drawing.draw import draw
from crmbook.feature import Around, Feature, Sheet
from crmbook.features import (
    Alert,
    Bars,
    Chart,
    Colours,
    Dropdown,
    Field,
    Fields,
    Figure,
    Format,
    Icons,
    Item,
    Kpi,
    Kpis,
    Limits,
    Links,
    Listing,
    Offered,
    Picker,
    Sparkline,
    Summary,
)
from crmbook.form import Form, Shows
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.palette import TONES, YOURS
from crmbook.schema import Choice, Column
from crmbook.text import LANGS, Lang, Text

WORD, OTHER = Text("甲", "Alpha"), Text("乙", "Beta")
FIGURES = (
    Figure("n", Text("数量", "Count"), "number", ("1", "2")),
    Figure("s", Text("金额", "Amount"), "money", ("3", "4")),
)
SUMMARY = Summary("by", Text("按等级", "By grade"), (WORD, OTHER), FIGURES)
EXAMPLES: dict[type[Feature], tuple[Feature, ...]] = {
    Dropdown: (Dropdown("it", (Choice("a", WORD),)), Dropdown("it", (Choice("a", WORD),), open=True, prompt=WORD)),
    Offered: (Offered("it", "probe.name", WORD, OTHER), Offered("it", "probe.name", WORD, OTHER, prompt=WORD)),
    Icons: (Icons("it"),),
    Sparkline: (Sparkline("it", "name", "more"),),
    Limits: (
        Limits("it", "date"),
        Limits("it", "percent", 0, 1),
        Limits("it", "number", low=0, help=WORD),
        Limits("it", "text", help=WORD),
    ),
    Colours: (Colours("it", ((WORD, "good"), (OTHER, "bad"))),),
    Bars: (Bars("it"),),
    Alert: (Alert("it", "[@name]<0"),),
    Format: (Format("it", '[@name]="%"', "0.0%"),),
    Summary: (SUMMARY,),
    Chart: (
        *(Chart(kind, kind, WORD, "name", ("it",)) for kind in ("bar", "column", "line", "doughnut", "radar")),
        Chart("two", "line", WORD, "name", ("it", "more")),
        Chart("pareto", "pareto", WORD, "name", ("it",), ("more",)),
        Chart("of", "column", WORD, "label", ("n",), of="by", percent=True),
        Chart("low", "column", WORD, "name", ("it", "more"), rows_high=9, quiet=("more",)),
    ),
    Kpis: (
        Kpis(
            "k",
            (
                Kpi("a", WORD, "money", "1+1", OTHER, change="0.5"),
                Kpi("b", OTHER, "percent", None, WORD, change=True, good="down", change_kind="points"),
            ),
        ),
        Kpis(
            "k",
            (
                Kpi("a", WORD, "number", WORD, OTHER, change=True, change_kind="number"),
                Kpi("b", WORD, "score", "2", OTHER, change=True, change_kind="score"),
                Kpi("c", WORD, "text", None, OTHER),
            ),
            tall=True,
        ),
    ),
    Fields: (
        Fields(
            "f",
            WORD,
            (
                Field("a", WORD, "text", "1"),
                Field("b", OTHER, "date", None),
                Field("c", WORD, "long", OTHER, lines=3, wide=True),
                Field("d", WORD, "money", "4"),
            ),
        ),
        Fields("f", WORD, (Field("a", WORD, "choice", "1"), Field("b", WORD, "text", None, blank=True)), pairs=1),
        Fields("f", WORD, (Field("a", WORD, "text", "1", alert="1=1"),)),
    ),
    Listing: (
        Listing(
            "l", WORD, (Item("a", WORD, "text", '"{n}"', 3), Item("b", OTHER, "number", None)), 4, ((WORD, "bad"),)
        ),
        Listing("l", WORD, (Item("a", WORD, "long", "1"), Item("b", OTHER, "text", None, blank=True)), 2, deep=2),
        Listing("l", WORD, (Item("a", WORD, "money", "1"),), 3, printed=False),
    ),
    Picker: (Picker("p", WORD, "other.name"), Picker("p", WORD, "nowhere.name")),
    Links: (Links("to"),),
}
PAGED = (Kpis, Fields, Listing, Picker, Links)  # they stand on a page; the others in a table or above it  # fmt: skip
ALL = [f for found in EXAMPLES.values() for f in found]
every = pytest.mark.parametrize("feature", ALL, ids=lambda f: type(f).__name__)
every_in_a_table = pytest.mark.parametrize("feature", [f for f in ALL if not isinstance(f, PAGED)], ids=lambda f: type(f).__name__)  # fmt: skip
every_on_a_page = pytest.mark.parametrize("feature", [f for f in ALL if isinstance(f, PAGED)], ids=lambda f: type(f).__name__)  # fmt: skip
in_each_language = pytest.mark.parametrize("lang", LANGS)


@cache
def drawn(feature: Feature | None, lang: Lang) -> bytes:
    """A small form with the feature, and with the summary that a chart of it needs; or a page before another form."""
    columns = (
        Shows(Column("name", Text("名称", "Name"))),
        Shows(Column("it", Text("数值", "Value"), "money")),
        Shows(Column("more", Text("占比", "Share"), "percent")),
    )
    if isinstance(feature, PAGED):
        page = Form("probe", Text("试验", "Probe"), Text("试验", "a probe"), page=(((feature, 20),),))
        return draw([page, Form("other", WORD, Text("别的", "another"), ("name",), columns)], lang)
    needed = (SUMMARY,) if isinstance(feature, Chart) else ()
    held = (*needed, feature) if feature else needed
    form = Form(
        "probe",
        Text("试验", "Probe"),
        Text("试验", "a probe"),
        ("name",),
        columns,
        rows=lambda given: given.facts,
        features=held,
    )
    return draw([form], lang)


def sheet(made: bytes) -> Worksheet:
    return load_workbook(BytesIO(made)).worksheets[0]


def text_of(made: bytes) -> str:
    """All that the sheet, its charts and the styles say."""
    package = Package.open(made)
    parts = [n for n in package.names if re.match(r"xl/(worksheets|charts|tables)/|xl/(sharedStrings|styles)", n)]
    return "".join(package.read(n).decode() for n in sorted(parts))


def test_every_feature_on_the_shelf_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(features.ALL)


@every
@in_each_language
def test_it_lives_in_the_file_and_excel_has_nothing_to_repair(feature: Feature, lang: Lang) -> None:
    made = drawn(feature, lang)
    assert text_of(made) != text_of(drawn(SUMMARY if isinstance(feature, Chart) else None, lang))
    assert lint(Package.open(made)) == set()


@every_in_a_table
def test_it_covers_exactly_the_first_row_of_its_columns_so_that_a_refresh_makes_it_grow(feature: Feature) -> None:
    ours = sheet(drawn(feature, "zh"))
    table = ours.tables["crm_probe"]
    first = int(re.search(r"\d+$", table.ref)[0])
    drawn_over = [str(v.sqref) for v in ours.data_validations.dataValidation]
    drawn_over += [str(c.sqref) for c in ours.conditional_formatting for _ in c.rules]
    drawn_over += re.findall("<xm:sqref>(.*?)</xm:sqref>", text_of(drawn(feature, "zh")))
    drawn_over.remove(f"C{first}")  # the form's own: every percentage that rounds to nothing
    drawn_over = [place for place in drawn_over if int(re.search(r"\d+", place)[0]) >= first]  # not above the table
    assert set(drawn_over) <= {f"B{first}"}
    for chart in ours._charts:
        for series in [s for part in [chart, *chart._charts] for s in part.series]:
            values = series.val.numRef.f.replace("$", "")
            assert re.fullmatch(rf"'?试验'?!(([BC]){first}:\2{first}|[A-Z]+\d+:[A-Z]+\d+)", values)


@every
def test_it_speaks_the_language_of_the_book(feature: Feature) -> None:
    assert not re.search(
        r"[\u4e00-\u9fff]", re.sub(r"<(?:name|latin|a:latin) [^>]*>", "", text_of(drawn(feature, "en")))
    )


@every_in_a_table
def test_what_stands_above_the_table_stays_above_it(feature: Feature) -> None:
    ours = sheet(drawn(feature, "zh"))
    header = int(re.match(r"[A-Z]+(\d+)", ours.tables["crm_probe"].ref)[1])
    assert all(merged.max_row < header for merged in ours.merged_cells.ranges)
    assert all(chart.anchor.to.row < header for chart in ours._charts)
    assert bool(feature.height) == (isinstance(feature, Chart | Summary))


@every
@in_each_language
def test_each_of_its_formulas_has_its_bound_cell(feature: Feature, lang: Lang) -> None:
    book = load_workbook(BytesIO(drawn(feature, lang)))
    assert {f"_crm.probe.{name}" for name in feature.formulas(lang)} <= set(book.defined_names)


@every_on_a_page
def test_it_stays_within_the_columns_and_rows_it_was_given(feature: Feature) -> None:
    page = sheet(drawn(feature, "zh"))
    area = [box for box in page.merged_cells.ranges if box.min_row >= 4]
    used = [cell for row in page.iter_rows(min_row=4) for cell in row if cell.has_style]
    sheets = Around([Sheet("other", WORD, OTHER, "analysis")])
    assert {cell.column for cell in used} <= set(range(1, 21))
    assert max(cell.row for cell in used) == 3 + feature.rows(sheets, "probe")
    assert max(box.max_col for box in area) == 20


def test_a_change_takes_the_tone_of_what_it_means() -> None:
    page = sheet(drawn(EXAMPLES[Kpis][0], "zh"))
    rules = {rule.formula[0]: rule.dxf for ranges in page.conditional_formatting for rule in ranges.rules}
    good, bad = TONES["good"][1], TONES["bad"][1]
    assert {said: look.font.color.rgb[-6:] for said, look in rules.items() if look.font} == {
        "AND(ISNUMBER(A7),A7>=0.0005)": good,
        "AND(ISNUMBER(A7),A7<=-0.0005)": bad,
        "AND(ISNUMBER(K7),K7>=0.05)": bad,
        "AND(ISNUMBER(K7),K7<=-0.05)": good,
    }
    assert rules["AND(ISNUMBER(A7),ABS(A7)<0.0005)"].numFmt.formatCode == '"– "0.0%"  乙";"– "0.0%"  乙"'
    assert page["A7"].number_format == '"▲ "0.0%"  乙";"▼ "0.0%"  乙";"– "0.0%"  乙"'


def test_only_the_picker_s_cell_is_the_users() -> None:
    assert {f.asks for f in ALL if f.asks} == {("p",)}
    page = sheet(drawn(EXAMPLES[Picker][0], "zh"))
    (dropdown,) = page.data_validations.dataValidation
    assert dropdown.formula1 == "_crm.list.other.name"
    assert dropdown.errorStyle == "warning"
    assert page[str(dropdown.sqref)].fill.fgColor.rgb[-6:] == YOURS
    assert not sheet(drawn(EXAMPLES[Picker][1], "zh")).data_validations.dataValidation


def test_amounts_on_an_axis_are_short_and_keep_their_sign() -> None:
    column = next(c for c in EXAMPLES[Chart] if c.kind == "column")
    shown = {lang: sheet(drawn(column, lang))._charts[0].y_axis.numFmt.formatCode for lang in LANGS}
    assert "万" in shown["zh"]
    assert '"M"' in shown["en"]
    # LibreOffice leaves the sign out where a format has a condition and no part for what is below zero.
    assert all("[<0]-" in number for number in shown.values())


def test_a_dropdown_that_excel_would_drop_is_not_drawn() -> None:
    long = tuple(Choice(str(i), Text.same(f"a rather long word {i}")) for i in range(20))
    with pytest.raises(ValueError, match="255"):
        drawn(Dropdown("it", long), "en")
    with pytest.raises(ValueError, match="commas"):
        drawn(Dropdown("it", (Choice("a", Text.same("one, two")),)), "en")


def test_forms_can_be_read_without_openpyxl_so_that_a_refresh_starts_fast() -> None:
    script = "import sys, crmbook.features; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
