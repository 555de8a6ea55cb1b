"""What every form must hold, without a test of its own."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook

from crmbook import forms, schema, settings
from crmbook.drawing.draw import draw
from crmbook.features import Chart, Listing, Summary
from crmbook.form import PAGE_COLUMNS, Asks, Form, Given, Shows
from crmbook.text import LANGS, Lang, said
from tests import made_up

# Functions that Excel 2010, WPS and LibreOffice all have.
FUNCTIONS = {
    "AND", "CHAR", "COUNT", "COUNTIF", "COUNTIFS", "CHOOSE", "DATE", "DATEVALUE", "EDATE", "EXACT", "FIND", "HYPERLINK", "IF", "IFERROR", "INDEX", "ISLOGICAL", "ISNUMBER", "LEFT", "LEN", "LOWER", "MATCH", "MAX",
    "MID", "N", "NOT", "OR", "REPT", "ROUND", "SUBSTITUTE", "SUBTOTAL", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TODAY", "TRIM", "UPPER", "VALUE", "YEAR",
}  # fmt: skip
REFERENCE = re.compile(r"(\w*)\[@?(\w+)\]")
CELL = re.compile(r"_crm\.(\w+)\.(\w+(?:\.\w+)*)")
WORD = re.compile(r"[A-Za-z_]\w*(?=(\()?)")
BY_ID = {f.id: f for f in forms.ALL}
REPORTS = [f for f in forms.ALL if f.rows is not None]
ENTRIES = [f for f in forms.ALL if f.is_entry]
PAGES = [f for f in forms.ALL if f.page]
SMALL = [made_up.shop, made_up.empty, made_up.one_customer]
every = pytest.mark.parametrize("form", forms.ALL, ids=lambda f: f.id)
every_report = pytest.mark.parametrize("form", REPORTS, ids=lambda f: f.id)
every_page = pytest.mark.parametrize("form", PAGES, ids=lambda f: f.id)
every_entry = pytest.mark.parametrize("form", ENTRIES, ids=lambda f: f.id)
small = pytest.mark.parametrize("made", SMALL, ids=lambda m: m.__name__)


def ids(form: Form) -> list[str]:
    return [c.column.id for c in form.columns]


def formulas(form: Form, lang: Lang) -> dict[str, str]:
    """Every formula of a form: its columns', its totals', its features'."""
    found = {c.column.id: said(c.formula, lang) for c in form.shows if c.formula}
    found |= {f"{c.column.id}, live": said(c.live, lang) for c in form.shows if c.live}
    found |= {f"total.{c.column.id}": c.total for c in form.shows if c.total}
    for feature in form.parts:
        found |= feature.formulas(lang)
    return found


@cache
def bound(form: Form) -> set[str]:
    """The names of the cells that a form's sheet has outside a table's rows."""
    names = load_workbook(BytesIO(draw([form], "en"))).defined_names
    return {name.removeprefix(f"_crm.{form.id}.") for name in names if name.startswith(f"_crm.{form.id}.")}


@cache
def with_reports(made: Callable[[], Given]) -> Given:
    """What a page is given: the rows of every report with it."""
    given = made()
    for form in REPORTS:
        given = replace(given, made={**given.made, form.id: form.rows(given)})
    return given


def computed(form: Form, made: Callable[[], Given]) -> tuple[pd.DataFrame, dict]:
    given = made()
    rows = form.rows(given)
    return rows, dict(form.cells(given, rows)) if form.cells else {}


def test_no_two_forms_share_an_id_or_a_sheet_name() -> None:
    assert len(BY_ID) == len(forms.ALL)
    for lang in LANGS:
        titles = [f.title[lang] for f in forms.ALL]
        assert len({t.casefold() for t in titles}) == len(titles)
        assert all(len(t) <= 31 and not re.search(r"[\[\]:*?/\\']", t) for t in titles)


def test_every_table_of_the_business_has_its_entry_form() -> None:
    assert {f.id for f in ENTRIES} == set(schema.BY_ID)


@every
def test_is_named_as_its_file(form: Form) -> None:
    module = __import__(f"crmbook.forms.{form.id}", fromlist=[form.id.upper()])
    assert getattr(module, form.id.upper()) is form


@every
@pytest.mark.parametrize("lang", LANGS)
def test_no_two_columns_share_an_id_or_a_header(form: Form, lang: Lang) -> None:
    for names in (ids(form), [c.column.label[lang] for c in form.columns]):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@every
def test_each_column_is_either_ours_or_the_users_and_the_key_is_among_them(form: Form) -> None:
    assert len(form.shows) + len(form.asks) == len(form.columns)
    assert set(form.key) <= set(ids(form))


@every_report
def test_a_reports_key_is_ours(form: Form) -> None:
    assert set(form.key) <= {c.column.id for c in form.shows}


@every_report
def test_a_report_starts_with_a_number_for_each_row(form: Form) -> None:
    assert ids(form)[0] == "no"


@every_entry
def test_an_entry_form_has_the_columns_of_its_table(form: Form) -> None:
    table = [c.id for c in schema.BY_ID[form.id].columns]
    assert [id for id in ids(form) if id in table] == table
    assert form.key == schema.BY_ID[form.id].key


@every
@pytest.mark.parametrize("lang", LANGS)
def test_formulas_mention_only_what_there_is(form: Form, lang: Lang) -> None:
    known = {s.id for s in settings.ALL} | {"TRUE", "FALSE"}
    for name, formula in formulas(form, lang).items():
        bare = re.sub(r'"[^"]*"', '""', formula)
        for other, cell in CELL.findall(bare):
            assert cell in bound(BY_ID[other]), f"{name}: {other}.{cell}"
        bare = CELL.sub("", bare)
        for other, column in REFERENCE.findall(bare):
            assert column in ids(BY_ID[other or form.id]), f"{name}: {other}[{column}]"
        for word in WORD.finditer(REFERENCE.sub("", bare)):
            assert word.group() in (FUNCTIONS if word.group(1) else known), f"{name}: {word.group()}"


@every
@pytest.mark.parametrize("lang", LANGS)
def test_no_formula_is_longer_than_a_cell_takes(form: Form, lang: Lang) -> None:
    assert all(len(formula) < 2000 for formula in formulas(form, lang).values())


@every_report
@small
def test_rows_are_exactly_the_key_and_what_it_shows(form: Form, made: Callable[[], Given]) -> None:
    rows, _ = computed(form, made)
    assert set(rows.columns) == {c.column.id for c in form.shows}


@every_report
@small
def test_no_key_comes_twice_or_blank(form: Form, made: Callable[[], Given]) -> None:
    rows, _ = computed(form, made)
    keys = rows[list(form.key)]
    assert not keys.duplicated().any()
    assert keys.notna().all(axis=None)


@every_report
@small
def test_a_formulas_value_is_never_missing(form: Form, made: Callable[[], Given]) -> None:
    rows, _ = computed(form, made)
    for column in form.shows:
        if column.formula:
            assert rows[column.column.id].notna().all(), column.column.id


@every_report
@small
def test_there_is_a_value_beside_every_formula_outside_the_table(form: Form, made: Callable[[], Given]) -> None:
    _, cells = computed(form, made)
    wanted = {name for name in formulas(form, "en") if "." in name}
    assert set(cells) - {"period", "unit"} == wanted  # these two are words of a form's own, where it has any
    assert all(value is not None and value == value for value in cells.values())


@every_page
@small
def test_a_page_has_a_value_for_every_cell_of_ours_and_no_other(form: Form, made: Callable[[], Given]) -> None:
    cells = form.cells(with_reports(made), pd.DataFrame())
    asked = {name for part in form.parts for name in part.asks}
    assert set(formulas(form, "en")) <= set(cells)
    assert set(cells) <= bound(form)
    assert bound(form) - set(cells) <= {"top", "period", "unit", "as_of"}
    assert all(value is not None and value == value for name, value in cells.items() if name not in asked)


@every_page
@small
def test_a_page_can_be_made_where_the_reports_it_shows_are_gone(form: Form, made: Callable[[], Given]) -> None:
    assert set(form.cells(made(), pd.DataFrame())) == set(form.cells(with_reports(made), pd.DataFrame()))


@every_page
def test_a_page_s_bands_fit_its_columns(form: Form) -> None:
    assert all(sum(columns for _, columns in band) <= PAGE_COLUMNS for band in form.page)


@every_report
@small
def test_classes_are_given_by_their_ids(form: Form, made: Callable[[], Given]) -> None:
    rows, _ = computed(form, made)
    for column in (c.column for c in form.shows if c.column.choices and not c.column.open):
        assert set(rows[column.id].dropna()) <= {c.id for c in column.choices} | {""}, column.id


@every_entry
def test_what_an_entry_form_shows_is_computed_for_the_rows_as_they_stand(form: Form) -> None:
    ours = {c.column.id for c in form.columns if isinstance(c, Shows)}
    assert bool(ours) == (form.shown is not None)
    if form.shown is not None:
        given = made_up.shop()
        raw = given.tables[form.id].set_axis(range(5, 5 + len(given.tables[form.id])))
        shown = form.shown(given, raw)
        assert set(shown.columns) == ours
        assert shown.index.tolist() == raw.index.tolist()


@every
def test_charts_and_colours_speak_of_columns_that_are_there(form: Form) -> None:
    for chart in (f for f in form.parts if isinstance(f, Chart)):
        blocks = {f.id: f for f in BY_ID[chart.form or form.id].parts if isinstance(f, Summary | Listing)}
        there = {f.id for f in blocks[chart.of].columns} if chart.of else set(ids(form))
        assert {*chart.series, *chart.line} <= there
        assert chart.of or chart.categories in there
    for feature in form.features:
        column = getattr(feature, "column", None)
        assert column is None or column in ids(form)
        for id in re.findall(r"\[@(\w+)\]", getattr(feature, "when", "")):
            assert id in ids(form)


@every
def test_where_one_column_has_a_band_every_column_has(form: Form) -> None:
    assert len({c.band is None for c in form.columns}) <= 1


@every
def test_what_it_is_for_is_said_in_both_languages(form: Form) -> None:
    assert all(form.purpose[lang] and form.title[lang] for lang in LANGS)
    assert all(isinstance(c, Asks | Shows) and c.column.label[lang] for c in form.columns for lang in LANGS)
