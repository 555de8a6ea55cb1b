"""What staff type in the settings: what it comes to, what contradicts it, and when the default holds instead."""

import datetime as dt
from functools import partial

import pandas as pd
import pytest

from crmbook.reading import tuning
from crmbook.settings import ALL, DEFAULTS


def at(table, position, column):
    return f"{table}!{column}{position}"


def frame(**columns):
    return pd.DataFrame(columns, dtype=object)


def settings(lang=None, **values):
    raw = frame(setting_id=list(values), value=list(values.values()))
    return tuning.read(raw, partial(at, "settings"), lang)


def test_settings_are_read_by_their_kind():
    values, problems = settings(
        ABC_A="75%", ABC_B=0.9, AS_OF="2026.10.31", ABC_TIES="按位次", DROP=None, LOST_MONTHS="６"
    )
    assert problems == []
    assert values == {
        "ABC_A": 0.75,
        "ABC_B": 0.9,
        "AS_OF": dt.date(2026, 10, 31),
        "ABC_TIES": "position",
        "DROP": None,
        "LOST_MONTHS": 6,
    }


def test_a_setting_that_cannot_be_read_is_told_and_left_to_its_default():
    values, problems = settings(ABC_A="much", LOST_MONTHS=99, OWN="mine")
    assert values == {"ABC_A": None, "LOST_MONTHS": None}
    assert [(p.where, p.key, p.what.en) for p in problems] == [
        ("settings!value0", "ABC_A", "“much” is not a number"),
        ("settings!value1", "LOST_MONTHS", "99 is outside the allowed range 1–60"),
    ]


def test_a_period_that_begins_after_the_day_of_the_report_is_told():
    """At the end of a year the beginning is moved on, and the day is forgotten."""
    values, problems = settings(AS_OF="2026-10-31", PERIOD_START="2027-1-1")
    assert values["PERIOD_START"] == dt.date(2027, 1, 1)
    assert [(p.where, p.key) for p in problems] == [("settings!value1", "PERIOD_START")]
    assert problems[0].what.en == "Period starts (2027-01-01) is after the day of the report (2026-10-31)"
    assert settings(AS_OF="2027-1-1", PERIOD_START="2027-1-1")[1] == []
    raw = frame(setting_id=["AS_OF", "PERIOD_START"], value=["2026-10-31", "2027-1-1"])
    assert tuning.read(raw, partial(at, "settings"), as_of=dt.date(2027, 2, 1))[1] == []


def test_weights_that_do_not_add_up_to_100_are_told_and_never_mended():
    values, problems = settings(GRADE_W_SALES=50)
    assert values == {"GRADE_W_SALES": 50}
    assert [p.what.en for p in problems] == ["the five weights add up to 110, not 100"]


@pytest.mark.parametrize(
    ("id", "what"),
    [
        ("SURVEY_W_PRICE", "the six weights of satisfaction add up to 101, not 100"),
        ("RELATION_W_DEPTH", "the four weights of the relationship add up to 101, not 100"),
        ("DEPTH_W_FIRM", "the three weights of depth add up to 101, not 100"),
    ],
)
def test_each_set_of_weights_is_told_by_its_name(id, what):
    values, problems = settings(**{id: DEFAULTS[id] + 1})
    assert values == {id: DEFAULTS[id] + 1}
    assert [(p.key, p.what.en) for p in problems] == [(id, what)]


@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("GRADE_B", 80),
        ("GRADE_C", 60),
        ("ABC_A", 0.95),
        ("GRADE_A", 10),
        ("QUIET_TIMES", 2),
        ("SILENT_DAYS", 90),
        ("SATISFACTION_GOOD", 60),
        ("RELATION_A", 75),
        ("RELATION_C", 75),
        ("RELATION_KEEP", 75),
        ("CREDIT_AAA", 80),
        ("CREDIT_A", 80),
        ("CREDIT_B", 70),
    ],
)
def test_cuts_in_the_wrong_order_are_told(id, value):
    assert [p.key for p in settings(**{id: value})[1]] == [id]


def test_the_least_that_keeps_the_order_is_no_problem():
    assert settings(QUIET_TIMES=1.99, SILENT_DAYS=91, SATISFACTION_GOOD=61, RELATION_KEEP=74, CREDIT_B=69)[1] == []


def test_a_setting_twice_is_told_and_the_first_counts():
    raw = frame(setting_id=["DROP", "drop"], value=[0.1, 0.2])
    values, problems = tuning.read(raw, partial(at, "settings"))
    assert (values["DROP"], [p.where for p in problems]) == (0.1, ["settings!value1"])


def test_no_settings_at_all_are_all_defaults():
    assert tuning.read(None, partial(at, "settings")) == ({}, [])


def test_what_does_not_matter_under_the_rule_in_force_is_not_told():
    assert settings(GRADE_RULE="share", GRADE_A=10)[1] == []
    assert settings(GRADE_SHARE_C=0.6)[1] == []
    shares = settings(GRADE_RULE="share", GRADE_SHARE_C=0.6)[1]
    assert [(p.key, p.what.en) for p in shares] == [
        ("GRADE_SHARE_C", "the shares of grades A, B and C add up to 110%, more than 100 %")
    ]
    assert settings(GRADE_RULE="share", GRADE_SHARE_C=0.5)[1] == []


def test_a_day_long_ago_is_told_wherever_it_comes_from():
    values, problems = settings(AS_OF="1950-01-01")
    assert (values, [p.what.en for p in problems]) == ({"AS_OF": None}, ["“1950-01-01” is not a valid date"])


def test_in_a_workbook_only_what_its_formulas_can_read_holds():
    typed = {"ABC_A": 75, "ABC_B": 0.9, "ABC_TIES": "position", "LOST_MONTHS": 6.0, "AS_OF": 46326.0, "DROP": "  "}
    values, problems = settings("en", **typed)
    assert problems == []
    assert values == {"ABC_A": 0.75, "ABC_B": 0.9, "ABC_TIES": "position", "LOST_MONTHS": 6, "AS_OF": dt.date(2026, 10, 31), "DROP": None}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "cell", "what"),
    [
        ("ABC_A", "75%", "“75%” is text, and formulas cannot count with it"),
        ("LOST_MONTHS", "６", "“６” is text, and formulas cannot count with it"),
        ("AS_OF", "2026.10.31", "“2026.10.31” is text, and formulas cannot count with it"),
        ("AS_OF", 20261031, "“20261031” is not a valid date"),
        ("AS_OF", dt.datetime(1950, 1, 1), "“1950-01-01” is not a valid date"),
        ("ABC_TIES", "按位次", "“按位次” is not one of the choices"),
        ("ABC_TIES", 5.0, "“5” is not one of the choices"),
        ("GRADE_A", True, "“True” is not a number"),
        ("GRADE_A", dt.datetime(2026, 10, 31), "“2026-10-31” is not a number"),
        ("ABC_A", 150, "“150” is outside the allowed range 0%–100%"),
    ],
)
def test_in_a_workbook_anything_else_is_told_and_the_default_holds(id, cell, what):
    values, problems = settings("en", **{id: cell})
    assert values == {id: None}
    assert [p.what.en.replace("150 is", "“150” is") for p in problems] == [what]


@pytest.mark.parametrize("cell", ["2026.10.31", 20261031])
def test_a_day_that_a_sheet_does_not_know_is_shown_how_to_type_it(cell):
    """Typed once more as it was, it would be text or a number again."""
    (problem,) = settings("zh", AS_OF=cell)[1]
    assert problem.fix["zh"] == "请把单元格格式改为常规，再按 2025-7-28 的样子重新输入；目前用默认值"


@pytest.mark.parametrize("setting", ALL, ids=lambda s: s.id)
def test_every_default_is_within_its_own_range(setting):
    if setting.choices:
        assert setting.default in {c.id for c in setting.choices}
    else:
        assert setting.default is None or tuning.number(setting, setting.default) == setting.default
