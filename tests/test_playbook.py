"""The playbook's measures: filled in with figures, and harmless whatever somebody types."""

import pandas as pd
import pytest

from crmbook.classifications.grade import GRADE
from crmbook.playbook import FAULT, measure, measures, on_lines, problems
from crmbook.text import Text
from tests import made_up

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
    playbook = pd.DataFrame([(*line, "do") for line in lines], columns=["line_id", "form", "condition", "measure"])
    found = measures(playbook, GRADE, ())
    assert [m.line_id for m in found["a"]] == ["1", "2", "3"]
    assert [m.line_id for m in found["b"]] == ["3"]


def told(**line: object) -> list[tuple[str, str, str]]:
    """What is said of a line of the playbook: its cell, what is wrong, how to mend it."""
    facts = made_up.shop().facts
    playbook = made_up.table("playbook", [{"line_id": "S1", "form": "grade", "measure": "do"} | line]).set_axis([16])
    found = problems(playbook, {"chain": Text("客户链管理表", "Customer chain")}, facts, "{}!{}:{}".format)  # fmt: skip
    assert all((p.severity, p.form, p.key) == ("warning", "playbook", "S1") for p in found)
    return [(p.where, p.what.en, p.fix.en) for p in found]


@pytest.mark.parametrize(
    "line",
    [
        {"form": " Grade ", "condition": "a"},
        {"form": "客户等级", "condition": "D"},
        {"form": "Customer chain"},
        {"form": "chain", "condition": "anything"},
        {"form": "problems"},
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


def test_a_line_for_no_class_and_no_form_is_told() -> None:
    (where, what, _), *more = told(form="gradde", condition="a")
    assert (where, what, more) == ("playbook!16:form", "“gradde” is neither a class nor a form", [])


def test_a_condition_that_is_no_class_is_told() -> None:
    (where, what, fix), *more = told(condition="E")
    assert (where, what, more) == ("playbook!16:condition", "“E” is no class of Grade", [])
    assert fix == "write one of A, B, C, D, or leave it blank; until then the measure appears nowhere"
