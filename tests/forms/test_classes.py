"""The sheet of all classes: who stands on top, the grade that staff approved, and why each class was given."""

import pandas as pd

from crmbook.form import Given
from crmbook.forms.classes import CLASSES, SHORTER, SHOWN, STOP, TOLD, TONES
from crmbook.text import LANGS
from tests import made_up


def classes(given: Given) -> pd.DataFrame:
    return CLASSES.rows(given).set_index("customer_id")


def test_every_class_is_the_one_computed_with_its_figures() -> None:
    given = made_up.shop()
    rows, facts = classes(given), given.facts
    assert sorted(rows.index) == sorted(facts.index)
    for c in SHOWN:
        assert rows[c.id].to_dict() == facts[c.id].to_dict()
    assert rows["line"].to_dict() == facts["credit_line"].to_dict()
    assert rows["term"].to_dict() == facts["credit_term_days"].to_dict()
    assert rows.loc["001", "points"] == 80


def test_whom_to_see_first_stands_on_top_and_the_larger_before_the_smaller() -> None:
    rows = classes(made_up.shop())
    assert rows["priority"].tolist() == sorted(rows["priority"])
    two = made_up.given(
        customers=[{"customer_id": id, "state": "ended"} for id in ("001", "002")],
        orders=made_up.orders(("001", "2026-06-01", 5), ("002", "2026-06-01", 9)),
    )
    assert classes(two).index.tolist() == ["002", "001"]


def test_the_grade_is_the_one_in_force() -> None:
    approved = pd.DataFrame({"approved": ["A"]}, index=["001"])
    given = made_up.given(customers=[{"customer_id": "001"}], present={"grading": approved})
    assert classes(given).loc["001", ["grade", "priority"]].tolist() == ["a", "p2"]


def test_each_reason_is_a_sentence_behind_its_label() -> None:
    basis = classes(made_up.shop()).loc["001", "basis"]
    for lang in LANGS:
        said = basis[lang].split(STOP[lang])
        colon = "：" if lang == "zh" else ":"
        assert [sentence.split(colon)[0] for sentence in said if sentence] == [
            SHORTER.get(c.id, c.label)[lang] for c in TOLD
        ]
        assert "800.50" in said[0]  # overdue


def test_the_summaries_count_every_customer_once() -> None:
    given = made_up.shop()
    cells = CLASSES.cells(given, CLASSES.rows(given))
    for tally in ("kinds", "risks"):
        assert sum(value for name, value in cells.items() if name.startswith(tally) and name.endswith(".count")) == 3


def test_every_class_has_its_tone() -> None:
    assert {c.id: len(c.classes) for c in SHOWN} == {id: len(tones) for id, tones in TONES.items()}
