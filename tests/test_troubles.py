"""What counts as a problem: each rule at its limit and just short of it, with its figures."""

from datetime import date, timedelta
from typing import Any

import pytest

from crmbook.text import in_days
from crmbook.troubles import KINDS, NAMES, Trouble, trends, troubles
from tests import made_up
from tests.made_up import TODAY, orders

MET = {"visit_id": "V1", "customer_id": "1", "date": "2026-06-29", "state": "done"}  # so that no visit is due


def of(customer: dict | None = None, values: dict | None = None, **rows: Any) -> dict[str, Trouble]:
    """The troubles of one customer, by kind."""
    given = made_up.given(
        customers=[{"customer_id": "1", "name": "Anhua", **(customer or {})}],
        values=values,
        **{"visits": [MET], **rows},
    )
    (found,) = troubles(given.facts, given.facts_before, given.settings)
    assert [t.kind for t in found] == [k.id for k in KINDS if k.id in {t.kind for t in found}]
    return {t.kind: t for t in found}


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def test_nothing_is_wrong_with_who_is_only_listed() -> None:
    assert of() == {}


@pytest.mark.parametrize(("now", "is_red"), [(71, None), (70, False), (41, False), (40, True), (1, True)])
def test_sales_that_fell(now: float, is_red: bool | None) -> None:
    found = of(orders=orders(("1", "2025-06-01", 100), ("1", "2026-06-01", now)))
    assert (found["drop"].is_red if "drop" in found else None) == is_red


def test_the_fall_has_its_figures_and_its_setting() -> None:
    sold = orders(("1", "2025-06-01", 1100), ("1", "2025-12-01", 9999), ("1", "2026-06-01", 880))
    assert of(orders=sold) == {}
    figure = of(orders=sold, values={"DROP": 0.2})["drop"].figure
    assert figure.en == "-20% on the same days of last year: 880 yuan, 1,100 then"
    assert figure.zh == "同比 -20%，本期 880 元，去年同期 1,100 元"


def test_sales_that_were_nothing_before_did_not_fall() -> None:
    assert "drop" not in of(orders=orders(("1", "2025-12-01", 100), ("1", "2026-06-01", 1)))
    assert of(orders=orders(("1", "2025-06-01", 100), ("1", "2026-06-01", 100)), values={"DROP": 0}) == {}


def owing(days_late: int, customer: dict | None = None) -> dict[str, Trouble]:
    paid = [{"payment_id": "P1", "customer_id": "1", "date": "2026-06-20", "amount": 1}]
    return of({"term_days": 10, **(customer or {})}, orders=orders(("1", ago(10 + days_late), 501)), payments=paid)


@pytest.mark.parametrize(("days", "is_red"), [(0, None), (1, False), (30, False), (31, True)])
def test_money_overdue(days: int, is_red: bool | None) -> None:
    found = owing(days)
    assert (found["overdue"].is_red if "overdue" in found else None) == is_red
    if found:
        assert found["overdue"].figure.en == f"500 yuan, {in_days(days).en} at most"


def test_money_overdue_above_the_credit_limit_is_red() -> None:
    assert owing(1, {"credit_limit": 500})["overdue"].is_red is False
    found = owing(1, {"credit_limit": 400})["overdue"]
    assert found.is_red
    assert found.figure.en == "500 yuan, 1 day at most; receivable 500 yuan, above the credit limit of 400"
    assert "overdue" not in owing(0, {"credit_limit": 400})  # above the limit, but not due


@pytest.mark.parametrize(("days", "is_red"), [(29, None), (30, False), (39, False), (40, True)])
def test_no_order_for_longer_than_usual(days: int, is_red: bool | None) -> None:
    found = of(orders=orders(*(("1", ago(days + back), 10) for back in (0, 20, 40))))
    assert (found["silent"].is_red if "silent" in found else None) == is_red
    if found:
        assert found["silent"].figure.en == f"none for {days} days, {days / 20:.1f} times the usual 20"


@pytest.mark.parametrize(("days", "is_red"), [(89, None), (90, False), (179, False), (180, True)])
def test_no_order_from_who_ordered_but_twice(days: int, is_red: bool | None) -> None:
    found = of(orders=orders(("1", ago(days), 10), ("1", ago(days + 3), 10)))
    assert (found["silent"].is_red if "silent" in found else None) == is_red
    if found:
        assert found["silent"].figure.en == f"none for {days} days (fewer than 3 order days)"


def complaint(n: int, received: str, **other: str) -> dict:
    return {"request_id": f"R{n}", "customer_id": "1", "type": "complaint", "received": received, **other}


def test_a_complaint_past_due_is_red_and_an_open_one_is_no_problem_yet() -> None:
    found = of(service=[complaint(1, ago(20), due=ago(3)), complaint(2, ago(200), due=ago(190), closed=ago(1))])
    assert found["complaints"].is_red
    assert found["complaints"].figure.en.startswith("1 past due, ")
    assert of(service=[complaint(1, ago(20), due="2026-08-01")]) == {}


def test_many_complaints_are_a_problem_closed_or_not() -> None:
    closed = [complaint(n, ago(40 + n), closed=ago(39)) for n in range(2)]
    visits = [{**MET, "date": TODAY.isoformat()}]
    found = of(service=closed, visits=visits)["complaints"]
    assert (found.is_red, found.figure.en) == (False, "2 in 90 days")
    assert of(service=closed, visits=visits, values={"COMPLAINTS": 3}) == {}


@pytest.mark.parametrize(("level", "is_listed"), [("fair", True), ("good", False)])
def test_a_low_mark(level: str, is_listed: bool) -> None:
    found = of(surveys=[{"survey_id": "S1", "customer_id": "1", "date": "2026-05-01", "quality": level}])
    assert ("dissatisfied" in found) == is_listed
    if is_listed:
        assert found["dissatisfied"].figure.zh == "60.0 分（2026-05-01 调查）"


def two(**rows: Any) -> tuple[list[tuple[Trouble, ...]], list]:
    """The second of two customers was the best last year and has fallen behind; or never bought before."""
    given = made_up.given(customers=[{"customer_id": "1"}, {"customer_id": "2"}], visits=[MET, {**MET, "visit_id": "V2", "customer_id": "2"}], **rows)  # fmt: skip
    found = (given.facts, given.facts_before, given.settings)
    return troubles(*found), trends(*found)


def test_a_grade_that_fell() -> None:
    sold = [("1", day, 10 + 990 * (day > "2026")) for day in ("2025-06-01", "2026-06-01", "2026-06-10", "2026-06-20")]
    found, trend = two(orders=orders(*sold, ("2", "2025-06-20", 100), ("2", "2026-06-25", 100)))
    (fell,) = (t for t in found[1] if t.kind == "downgraded")
    assert (fell.is_red, fell.figure.en) == (False, "from B to C")
    assert trend[1] is not None
    assert trend[1].en == "grade B to C"
    assert [t.kind for t in found[0]] == []
    assert trend[0] is None


def test_a_first_grade_did_not_fall() -> None:
    found, _ = two(orders=orders(("1", "2026-06-01", 900), ("2", "2026-06-25", 1)))
    assert found == [(), ()]


def test_a_visit_that_is_due() -> None:
    late = of(visits=[{**MET, "date": (TODAY - timedelta(days=181)).isoformat()}])["unvisited"]
    assert (late.is_red, late.figure.en) == (False, f"a visit was due by {date(2026, 6, 29)}, 1 day ago")
    assert of(visits=[{**MET, "date": (TODAY - timedelta(days=180)).isoformat()}]) == {}


def test_who_has_left_is_a_problem_only_while_money_or_a_complaint_is_open() -> None:
    gone = {"state": "ended", "term_days": 10}
    sold = orders(("1", "2025-05-01", 900), ("1", "2026-03-01", 9))
    paid = [{"payment_id": "P1", "customer_id": "1", "date": "2026-03-20", "amount": 909}]
    assert of(gone, orders=sold, payments=paid) == {}
    assert list(of(gone, orders=sold, payments=[{**paid[0], "amount": 900}])) == ["overdue"]
    opened = [complaint(1, ago(5), due="2026-08-01")]
    assert of(gone, orders=sold, payments=paid, service=opened)["complaints"].figure.en == "1 open"
    closed = [complaint(n, ago(5), closed=ago(3)) for n in range(3)]
    assert of(gone, orders=sold, payments=paid, service=closed) == {}


def test_a_small_fall_is_a_trend_and_no_problem() -> None:
    given = made_up.given(customers=[{"customer_id": "1"}], orders=orders(("1", "2025-06-01", 100), ("1", "2026-06-20", 95)), visits=[MET])  # fmt: skip
    (trend,) = trends(given.facts, given.facts_before, given.settings)
    assert trend is not None
    assert (trend.zh, trend.en) == ("销售额同比 -5%", "sales -5% on the same days of last year")


def test_no_kind_is_named_within_another_for_the_sheet_counts_by_names() -> None:
    for lang in ("zh", "en"):
        names = [name[lang] for name in NAMES.values()]
        assert not [(a, b) for a in names for b in names if a != b and a.casefold() in b.casefold()]


def test_one_day_is_no_days() -> None:
    assert [in_days(count).en for count in (0, 1, 1.2, 21)] == ["0 days", "1 day", "1 day", "21 days"]
    assert [in_days(count).zh for count in (1, 21)] == ["1", "21"]
