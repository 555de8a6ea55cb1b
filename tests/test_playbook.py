"""The playbook's measures: filled in with figures, and harmless whatever somebody types."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from crmbook import book, paths
from crmbook.classifications.grade import GRADE
from crmbook.forms.chain import CHAIN
from crmbook.forms.playbook import PLAYBOOK
from crmbook.forms.problems import PROBLEMS
from crmbook.forms.profiles import PROFILES
from crmbook.forms.visit_plan import VISIT_PLAN
from crmbook.measure import FAULT, measure
from crmbook.playbook import PROBLEMS as PROBLEM_LINES
from crmbook.playbook import SCOPES, for_each, measures, on_lines, problems, values
from crmbook.sources import csv_folder
from crmbook.text import LANGS, Lang, Text
from tests import made_up
from tests.excel_edits import edit

VALUES = {"name": "Anhua", "drop": 0.42, "net": 1234.4, "gone": float("nan"), "state": Text("正常", "active")}


def said(words: str) -> str:
    return measure("P1", words, VALUES).fill(VALUES)["en"]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ("call them", "call them"),
        ("{{ name }} fell {{ drop|pct }} to {{ net|money }}", "Anhua fell 42% to 1,234"),
        ("{% if drop > 0.3 %}visit{% else %}call{% endif %}", "visit"),
        ("{{ 'visit' if gone > 30 else 'call' }} after {{ gone|days }}", "call after —"),
        ("{{ name }}{% if gone %}: {{ gone|money }} overdue{% endif %}", "Anhua"),
        ("{{ name ~ ' ' ~ gone }}", "Anhua —"),
        ("{{ net * 2 + 1 }} {{ state }}", "2469.8 active"),
        ("100% of 5 {", "100% of 5 {"),
    ],
)
def test_fills_in_values(words: str, becomes: str) -> None:
    assert said(words) == becomes


def test_speaks_the_language_of_the_book() -> None:
    assert measure("P1", "{{ state }}", VALUES).fill(VALUES)["zh"] == "正常"


def test_each_measure_stands_on_one_line_of_its_cell() -> None:
    said = on_lines([Text("甲\n乙 ", "a\nb "), Text("", " "), Text("丙", "c")])
    assert (said.zh, said.en) == ("甲 乙\n丙", "a b\nc")


@pytest.mark.parametrize(
    "words",
    [
        "{{ name",
        "{% if %}",
        "{{ nmae }}",
        "{{ name|upper }}",
        "{{ name.upper() }}",
        "{{ name.__class__ }}",
        "{{ name['x'] }}",
        "{% for a in name %}{{ a }}{% endfor %}",
        "{% set a = 1 %}",
        "{% include 'a' %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 1000000000 * name }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 1 / 0 }}",
        "{{ name + 1 }}",
        "{{ name|pct }}",
        "{{ range(9) }}",
        "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
        "x" * 1001,
    ],
)
def test_what_cannot_be_filled_in_says_so(words: str) -> None:
    assert said(words).startswith(FAULT["en"].split(":")[0].format(line="P1"))


def test_lines_are_found_by_id_or_name_and_a_blank_condition_is_every_class() -> None:
    lines = [
        ("1", "grade", "a"),
        ("2", "客户等级", "A"),
        ("3", " Grade ", None),
        ("4", "stage", None),
        ("5", "grade", "z"),
    ]
    found = measures(lines_of(lines), GRADE, ())
    assert [m.line_id for m in found["a"]] == ["1", "2", "3"]
    assert [m.line_id for m in found["b"]] == ["3"]


def lines_of(lines: list[tuple[str, str, str | None]]) -> pd.DataFrame:
    """(number, for what, when) → lines of the playbook that say `do`."""
    named = [dict(zip(("line_id", "form", "condition"), line, strict=True)) for line in lines]
    return made_up.table("playbook", [{**line, "measure": "do"} for line in named])


def test_the_lines_of_a_form_are_found_by_its_conditions() -> None:
    lines = [
        ("1", "problems", "overdue"),
        ("2", "问题客户对策表", "逾期欠款"),
        ("3", "Problem customers", "Overdue"),
        ("4", "problems", None),
        ("5", "problems", "Complaint"),
        ("6", "overdue", None),
    ]
    found = measures(lines_of(lines), PROBLEM_LINES, ())
    assert [m.line_id for m in found["overdue"]] == ["1", "2", "3", "4"]
    assert [m.line_id for m in found["complaints"]] == ["4", "5"]


def test_each_customers_measures_are_filled_in_with_its_own_values_and_say_who_and_how_soon() -> None:
    known = pd.DataFrame({"name": ["Anhua", "Boda"], "net": [1.0, float("nan")]})
    call, blank = measure("1", "call {{ name }}", known, "Sales", 7), measure("2", "{% if net %}x{% endif %}", known, "Sales", 7)  # fmt: skip
    assert [[m.en for m in some] for some in for_each(known, [[call, blank], [call, blank]], list)] == [["call Anhua", "x"], ["call Boda"]]  # fmt: skip
    assigned = for_each(known, [[call], [measure("3", "wait", known, "Sales")]], list, assigned=True)
    assert [[(m.zh, m.en) for m in some] for some in assigned] == [
        [("call Anhua（Sales，7 天内）", "call Anhua (Sales, within 7 days)")],
        [("wait", "wait")],
    ]
    assert for_each(known, [[], []], list) == [[], []]


def test_a_fall_on_the_same_days_has_a_name_of_its_own() -> None:
    given = made_up.given(customers=[{"customer_id": "1"}], orders=made_up.orders(("1", "2025-06-01", 100), ("1", "2026-06-01", 60)))  # fmt: skip
    known = values(given.facts, given.grades)
    assert known["period_drop"].tolist() == pytest.approx([0.4])


@pytest.fixture(scope="module", params=LANGS)
def library(request: pytest.FixtureRequest) -> pd.DataFrame:
    """The playbook that every book begins with, in a language."""
    return csv_folder.read(paths.SAMPLE_DATA, request.param).tables["playbook"]


def test_the_library_has_a_measure_for_every_class_and_every_problem(library: pd.DataFrame) -> None:
    assert len(library) >= 40
    for by in SCOPES:
        found = measures(library, by, ())
        assert [c.id for c in by.classes if not found[c.id]] == [], by.id


def test_every_measure_of_the_library_can_be_filled_in_and_says_who_and_how_soon(library: pd.DataFrame) -> None:
    assert problems(library, made_up.shop().facts, "{}!{}:{}".format) == []
    assert library[["condition", "role", "days"]].notna().all(axis=None)


def test_a_measure_for_any_classification_or_problem_appears_in_a_form() -> None:
    scopes = [scope.id for scope in SCOPES]
    given = made_up.given(
        customers=[{"customer_id": "1", "name": "Anhua"}],
        orders=made_up.orders(("1", "2026-02-01", 10)),
        playbook=[{"line_id": f"P{n}", "form": scope, "measure": f"<{scope}>"} for n, scope in enumerate(scopes)],
    )
    shown = [form.rows(given) for form in (CHAIN, PROFILES, PROBLEMS, VISIT_PLAN)]
    said = "\n".join(str(cell) for rows in shown for cell in rows.to_numpy().ravel())
    assert [scope for scope in scopes if f"<{scope}>" not in said] == []


def test_the_measures_of_each_class_stand_on_a_line_and_who_has_left_has_none() -> None:
    lines = [("1", "grade", "D", "call {{ name }}"), ("2", "grade", None, "smile"), ("3", "credit", None, "watch")]
    given = made_up.given(
        customers=[{"customer_id": "001", "name": "Anhua"}, {"customer_id": "002", "state": "ended"}],
        playbook=[dict(zip(("line_id", "form", "condition", "measure"), line, strict=True)) for line in lines],
    )
    said = PROFILES.rows(given).set_index("customer_id")["measures"]
    assert said["001"].en.split("\n")[0] == "Grade: call Anhua; smile"
    assert said["001"].en.split("\n")[1].endswith(": watch")
    assert said["002"].en == ""


@pytest.mark.parametrize("lang", LANGS)
def test_a_book_from_a_folder_without_a_playbook_begins_with_the_library(tmp_path: Path, lang: Lang) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\n1,Anhua\n", "utf-8")
    (tmp_path / "orders.csv").write_text("order_id,date,customer_id,amount\n", "utf-8")
    library = csv_folder.read(paths.SAMPLE_DATA, lang).tables["playbook"]
    assert csv_folder.read(tmp_path, lang).tables["playbook"].equals(library)


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheet_shows_and_offers_what_measures_are_for_by_name_and_keeps_what_is_typed(
    tmp_path: Path, lang: Lang
) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\n1,Anhua\n", "utf-8")
    (tmp_path / "orders.csv").write_text("order_id,date,customer_id,amount\n", "utf-8")
    lines = ["1,value_class,call", "2,Stage,call", "3,problems,call", "4,mine,call"]
    (tmp_path / "playbook.csv").write_text("\n".join(["line_id,form,measure", *lines]), "utf-8")
    path = tmp_path / "book.xlsx"
    book.build(path, source=tmp_path, lang=lang)
    sheet = load_workbook(path)[PLAYBOOK.title[lang]]
    shown = [Text("客户分组", "Value group")[lang], "Stage", PROBLEMS.title[lang], "mine"]
    assert [row[1].value for row in sheet.iter_rows(sheet.max_row - 3)] == shown
    first = f"B{sheet.max_row - 3}"
    (offer,) = (v for v in sheet.data_validations.dataValidation if first in v.sqref)
    assert offer.formula1.strip('"').split(",") == [scope.label[lang] for scope in SCOPES]
    assert not offer.showErrorMessage
    where, column = {Text("编号", "Line ID")[lang]: "4"}, Text("适用", "For")[lang]
    edit(path, [{"do": "type", "table": PLAYBOOK.table, "where": where, "column": column, "value": "abc"}])
    book.refresh(path)
    sheet = load_workbook(path)[PLAYBOOK.title[lang]]
    assert [row[1].value for row in sheet.iter_rows(sheet.max_row - 3)] == [*shown[:3], "abc"]


def told(**line: object) -> list[tuple[str, str, str]]:
    """What is said of a line of the playbook: its cell, what is wrong, how to mend it."""
    facts = made_up.shop().facts
    playbook = made_up.table("playbook", [{"line_id": "S1", "form": "grade", "measure": "do"} | line]).set_axis([16])
    found = problems(playbook, facts, "{}!{}:{}".format)
    assert all((p.severity, p.form, p.key) == ("warning", "playbook", "S1") for p in found)
    return [(p.where, p.what.en, p.fix.en) for p in found]


@pytest.mark.parametrize(
    "line",
    [
        {"form": " Grade ", "condition": "a"},
        {"form": "客户等级", "condition": "D"},
        {"form": "Problem customers"},
        {"form": "problems", "condition": "逾期欠款"},
        {"form": "visit_plan", "condition": "collection"},
        {"measure": "{{ name }} {{ drop|pct }} {{ growth }} {{ months }} {{ net_12m|money }}"},
    ],
)
def test_nothing_is_said_of_a_line_that_can_be_used(line: dict) -> None:
    assert told(**line) == []


def test_a_measure_that_cannot_be_filled_in_is_told_with_its_cell_and_the_value_that_was_meant() -> None:
    (where, what, fix), *more = told(measure="{{ net_12 }} bought")
    assert more == []
    assert where == "playbook!16:measure"
    assert what == "the measure is wrong: there is no such value: net_12"
    assert fix == "write the measure anew, with values in double braces such as {{ net_12m }}"
    assert told(measure="{{ name")[0][1] == "the measure is wrong: a pair of braces is not complete"


@pytest.mark.parametrize("word", ["gradde", "chain"])
def test_a_line_for_no_class_and_no_form_with_measures_is_told(word: str) -> None:
    (where, what, fix), *more = told(form=word, condition="a")
    assert (where, what, more) == (
        "playbook!16:form",
        f"“{word}” is neither a class nor a form that shows measures",
        [],
    )
    assert fix.startswith("write one of ABC by sales, Grade, ")
    assert fix.endswith(", Priority, Problem customers, Visit plan; until then the measure appears nowhere")


def test_a_condition_that_is_no_class_is_told() -> None:
    (where, what, fix), *more = told(condition="E")
    assert (where, what, more) == ("playbook!16:condition", "“E” is no class of Grade", [])
    assert fix == "write one of A, B, C, D, or leave it blank; until then the measure appears nowhere"
    (where, what, fix), *more = told(form="problems", condition="debts")
    assert (where, what, more) == ("playbook!16:condition", "“debts” is no class of Problem customers", [])
    assert "Sales fell, Overdue, No order" in fix
