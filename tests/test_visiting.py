"""When each customer should be visited next, by cases worked out by hand. Today is 2026-06-30."""

from datetime import date

import pandas as pd
import pytest

from crmbook.figures.visiting import due
from crmbook.settings import in_force

DAYS = ("last_contact", "last_day", "first_contact", "first_day", "complaint_closed")


def visit(grade="c", stage="maintain", settings=None, **days):
    """One customer's days → the day of the next visit, as text."""
    facts = pd.DataFrame({day: pd.to_datetime([days.get(day)]) for day in DAYS} | {"stage": [stage]}, ["001"])
    found = due(facts, pd.Series([grade], ["001"], dtype=object), in_force(settings or {}, date(2026, 6, 30)))["001"]
    return None if pd.isna(found) else f"{found:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("grade", "day"), [("a", "2026-07-01"), ("b", "2026-07-31"), ("c", "2026-08-30"), ("d", "2026-11-28")]
)
def test_each_grade_has_its_interval_after_the_last_contact(grade, day):
    assert visit(grade, last_contact="2026-06-01", last_day="2026-06-20", first_day="2026-01-01") == day


def test_the_interval_is_the_settings():
    assert visit("a", settings={"VISIT_A": 10}, last_contact="2026-06-01") == "2026-06-11"


def test_a_customer_nobody_visited_counts_from_the_order_or_the_first_contact_or_today():
    assert visit(last_day="2026-06-20", first_contact="2026-06-01") == "2026-09-18"
    assert visit(first_contact="2026-06-01") == "2026-08-30"
    assert visit() == "2026-09-28"


def test_a_day_that_is_past_stays():
    assert visit(last_contact="2025-01-01") == "2025-04-01"


def test_after_the_first_order_someone_calls_within_a_week():
    first = {"first_day": "2026-06-10", "last_day": "2026-06-10"}
    assert visit(**first) == "2026-06-17"
    assert visit(**first, last_contact="2026-06-01") == "2026-06-17"
    assert visit(**first, last_contact="2026-06-10") == "2026-09-08"
    assert visit(**first, settings={"FIRST_VISIT": 3}) == "2026-06-13"


def test_after_a_complaint_was_closed_someone_calls_the_day_after():
    order = {"first_day": "2026-01-01", "last_day": "2026-06-20"}
    assert visit(**order, last_contact="2026-06-01", complaint_closed="2026-06-25") == "2026-06-26"
    assert visit(**order, last_contact="2026-06-01", complaint_closed="2026-06-25", settings={"CALL_BACK": 3}) == "2026-06-28"  # fmt: skip
    assert visit(**order, last_contact="2026-06-25", complaint_closed="2026-06-25") == "2026-09-23"
    assert visit(**order, last_contact="2026-01-02", complaint_closed="2026-06-25") == "2026-04-02"  # due before that
    assert visit(complaint_closed="2026-06-25") == "2026-06-26"  # never met


def test_nobody_goes_to_those_who_left():
    assert visit(stage="exit", last_contact="2026-06-01", complaint_closed="2026-06-25") is None
