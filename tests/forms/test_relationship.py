"""客户关系评估表 and its card: what the formulas must come to, what is advised, and that only a person ends a relationship."""

from dataclasses import replace

import pandas as pd
import pytest

from crmbook import assessment, forms
from crmbook.text import Text, said
from tests import made_up

BY_ID = {f.id: f for f in forms.ALL}
LIST, CARD = BY_ID["relationship"], BY_ID["relationship_card"]


def card(concluded: str | None = None, **values: float):
    """The card's cells for the customer that bought; what a person concluded, and settings."""
    present = pd.DataFrame({"conclusion": [concluded], "note": ["mind"]}, index=["a"])
    given = made_up.given(
        customers=[{"customer_id": "a", "name": "Anhua", "agreement": "strategic"}, {"customer_id": "b", "name": "Boda"}],
        orders=made_up.orders(("a", "2026-05-05", 100)),
        present={"relationship": present},
        values=values,
    )  # fmt: skip
    for id in ("grading", "sales", "relationship", "profiles"):
        given = replace(given, made={**given.made, id: BY_ID[id].rows(given)})
    given = replace(given, typed={CARD.id: {"picked": "a"}})
    return given, CARD.cells(given, pd.DataFrame())


def test_best_relationship_first_with_the_advice_of_the_settings():
    given, _ = card()
    rows = LIST.rows(given)
    assert rows["customer_id"].tolist() == ["a", "b"]
    for row in rows.itertuples():
        score = round(round((40 * row.trade + 25 * row.stable + 20 * row.depth + 15 * row.room) / 100, 9) + 1e-12, 1)
        assert row.score == pytest.approx(score)
        assert row.advice == ("develop" if row.score >= 75 else "maintain" if row.score >= 50 else "warn")
    assert rows["advice"].tolist()[1] == "warn"


def test_what_an_indicator_rests_on_is_said_line_by_line():
    given, cells = card()
    said_so = LIST.rows(given)["parts"].iloc[0].en.split("\n")
    assert len(said_so) == len(assessment.BASES)
    assert said_so[0].startswith("Sales of 12 months 100 yuan")
    assert said_so[5] == "Agreement: Strategic; executive visits in 12 months: unknown; joint plan: unknown"
    assert said_so[6] == "No yearly potential, so by growth: 100 yuan in 12 months, 0 in the 12 before"
    assert [cells[f"layers.{at}.basis"].en for at in range(3)] == said_so[3:6]
    assert cells["indicators.3.basis"].en == said_so[6]
    assert LIST.rows(given)["parts"].iloc[1].en.split("\n")[:2] == ["Never ordered", "Never ordered"]


@pytest.mark.parametrize(
    ("keep", "concluded", "ticked"),
    [(0, None, "Maintain"), (0, "End", "End"), (0, "Develop", "Develop"), (100, None, ""), (100, " End ", "End")],
)
def test_the_box_of_what_a_person_concluded_is_ticked_else_of_the_advice_and_never_by_itself_of_the_end(
    keep, concluded, ticked
):
    _, cells = card(concluded, RELATION_KEEP=keep, RELATION_B=100, RELATION_A=100)
    boxes = [("☑" if word == ticked else "□") + word for word in ("Develop", "Maintain", "End")]
    assert cells["result.result"].en.split() == boxes
    assert cells["result.note"] == "mind"


def test_the_standard_score_is_of_the_weights_that_stand_in_the_settings():
    _, cells = card(RELATION_W_TRADE=20)
    assert cells["result.standard"] == pytest.approx(cells["result.total"] / 80 * 100, abs=0.051)
    _, nothing = card(**{f"RELATION_W_{part}": 0 for part in ("TRADE", "STABLE", "DEPTH", "ROOM")})
    assert nothing["result.standard"] == ""


def test_its_unit_is_that_of_scores():
    given = made_up.given(customers=[{"customer_id": "1"}])
    form = next(f for f in forms.ALL if f.id == "relationship")
    assert form.cells(given, form.rows(given))["unit"]["zh"] == "单位：分"


def test_each_score_has_its_own_level():
    given, cells = card()
    for at, part in enumerate(assessment.PARTS):
        score = cells[f"indicators.{at}.score"]
        level = "Excellent" if score >= 90 else "Good" if score >= 75 else "Fair" if score >= 60 else "Poor"
        assert said(cells[f"indicators.{at}.level"], "en") == level
        assert score == LIST.rows(given).set_index("customer_id").loc["a", part]


def test_nobody_picked_leaves_nothing_but_words_of_what_to_do():
    given, _ = card()
    for pick, words in (
        (None, Text("请在上方黄色单元格中选择客户", "Choose a customer in the yellow cell above")),
        ("x", Text("没有找到“x”，请从列表中选择", "There is no “x”: choose from the list")),
    ):
        cells = CARD.cells(replace(given, typed={CARD.id: {"picked": pick}}), pd.DataFrame())
        assert cells["who.name"] == words
        fixed = {"who.name", "picked", "result.rule"} | {
            name for name in cells if name.endswith((".indicator", ".weight"))
        }
        assert {str(said(value, "en")) for name, value in cells.items() if name not in fixed} == {""}
