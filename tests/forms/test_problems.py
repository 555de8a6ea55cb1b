"""Problem customers: who is listed and why, how grave, and that a listed one stays until somebody marks it resolved."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crmbook import book
from crmbook.forms.problems import STATES
from crmbook.text import LANGS, Lang
from tests.trouble_book import FALLEN, OWES, SOUND, TABLES, TODAY, TroubleBook

LATER = date(2026, 7, 2)
SERIAL = date(1899, 12, 30)
RESOLVED = STATES[2].name


def day(value: Any) -> date:
    return date.fromordinal(SERIAL.toordinal() + int(value))


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param


@pytest.fixture
def desk(tmp_path: Path, trouble: Callable[[Path, Lang], TroubleBook], lang: Lang) -> TroubleBook:
    return trouble(tmp_path, lang)


def test_who_has_a_problem_is_listed_with_its_figures(desk: TroubleBook, lang: Lang) -> None:
    fallen, owes = desk.rows("problems")
    assert (fallen["customer_id"], owes["customer_id"]) == (FALLEN, OWES)
    assert (
        fallen["signs"]
        == {
            "zh": "销售下降：同比 -62%，本期 1,500 元，去年同期 4,000 元",
            "en": "Sales fell: -62% on the same days of last year: 1,500 yuan, 4,000 then",
        }[lang]
    )
    assert fallen["trend"] == {"zh": "销售额同比 -62%", "en": "sales -62% on the same days of last year"}[lang]  # fmt: skip
    assert (fallen["owner"], fallen["place"], fallen["name"]) == ("王芳", "江苏 苏州", "安华")
    assert day(fallen["found_on"]) == TODAY


def test_what_is_typed_stays_and_the_day_it_was_found_too(desk: TroubleBook) -> None:
    desk.type("problems", FALLEN, response="call", responsible="Li", deadline=46_300, outcome="none yet", note="n")
    desk.refresh(LATER)
    row = desk.row("problems", FALLEN)
    assert [row[id] for id in ("response", "responsible", "deadline", "outcome", "note")] == ["call", "Li", 46_300, "none yet", "n"]  # fmt: skip
    assert day(row["found_on"]) == TODAY


def test_who_recovered_stays_with_what_was_shown_until_the_row_is_deleted(desk: TroubleBook, lang: Lang) -> None:
    was = desk.row("problems", OWES)
    pay(desk, OWES, 900)
    assert desk.refresh(LATER)
    row = desk.row("problems", OWES)
    assert row["severity"] == row["standing"] == {"zh": "已恢复", "en": "Recovered"}[lang]
    assert row["signs"] == {"zh": "已恢复，原先：", "en": "Recovered; before: "}[lang] + str(was["signs"])
    assert row["measures"] == was["measures"]
    assert day(row["found_on"]) == TODAY
    assert row["kinds"] is None
    assert not desk.refresh(LATER)
    desk.delete("problems", OWES)
    desk.refresh(LATER)
    assert [r["customer_id"] for r in desk.rows("problems")] == [FALLEN]


def test_marked_resolved_and_recovered_it_stays_as_it_was_below_the_others(desk: TroubleBook, lang: Lang) -> None:
    desk.type("problems", OWES, state=RESOLVED[lang])
    was = desk.row("problems", OWES)
    pay(desk, OWES, 900)
    desk.add("orders", order_id="C2", line_no=1, date=46_203, customer_id=SOUND, amount=90_000)
    pay(desk, SOUND, 90_000)
    desk.refresh(LATER)
    row = desk.row("problems", OWES)
    assert {id: row[id] for id in row if id not in ("no", "kinds", "standing")} == {id: was[id] for id in was if id not in ("no", "kinds", "standing")}  # fmt: skip
    assert row["standing"] == RESOLVED[lang]
    assert desk.rows("problems")[-1] == row
    assert not desk.refresh(LATER)


def test_marked_resolved_but_still_there_it_says_so_among_the_open_ones(desk: TroubleBook, lang: Lang) -> None:
    signs = desk.row("problems", FALLEN)["signs"]
    desk.type("problems", FALLEN, state=RESOLVED[lang])
    desk.refresh()
    row = desk.rows("problems")[0]
    assert row["signs"] == {"zh": "已标记解决，但仍有：", "en": "Marked resolved, but there is still: "}[lang] + str(
        signs
    )
    assert row["standing"] == row["severity"] == {"zh": "严重", "en": "Serious"}[lang]
    assert not desk.refresh()
    desk.add("orders", order_id="A10", line_no=1, date=46_203, customer_id=FALLEN, amount=9_000)
    pay(desk, FALLEN, 9_000)
    desk.refresh()
    assert desk.row("problems", FALLEN)["signs"] == signs


def test_a_deleted_row_comes_back_while_its_problem_is_there(desk: TroubleBook) -> None:
    desk.delete("problems", FALLEN)
    desk.refresh(LATER)
    assert day(desk.row("problems", FALLEN)["found_on"]) == LATER


def test_a_problem_that_comes_back_is_open_again_with_its_first_day(desk: TroubleBook) -> None:
    signs = desk.row("problems", OWES)["signs"]
    pay(desk, OWES, 900)
    desk.refresh(LATER)
    desk.add("payments", payment_id="back", date=46_203, customer_id=OWES, amount=-900)
    desk.refresh()
    row = desk.row("problems", OWES)
    assert (row["signs"], day(row["found_on"])) == (signs, TODAY)


def test_a_customer_who_comes_back_into_the_data_is_on_the_list_again(desk: TroubleBook, lang: Lang) -> None:
    desk.type("problems", OWES, response="call")
    row = dict(zip(TABLES["customers"][0], TABLES["customers"][2], strict=True))
    desk.delete("customers", OWES)
    book.refresh(desk.path)
    assert (desk.row("problems", OWES)["no"], desk.row("problems", OWES)["response"]) == ("—", "call")
    desk.add("customers", **row)
    pay(desk, OWES, 900)
    desk.refresh()
    back = desk.row("problems", OWES)
    assert back["signs"] == {"zh": "已恢复，原先：—", "en": "Recovered; before: —"}[lang]
    assert (back["no"], back["name"], back["response"]) == (2, "博达", "call")
    assert not desk.refresh()


@pytest.mark.office
def test_the_summaries_recalculate(desk: TroubleBook) -> None:
    pay(desk, OWES, 900)
    desk.refresh(LATER)
    assert book.verify(desk.path).differences == []


def pay(desk: TroubleBook, customer: str, amount: float) -> None:
    desk.add("payments", payment_id=f"P{customer}{amount}", date=46_203, customer_id=customer, amount=amount)
