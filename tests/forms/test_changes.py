"""Changes: what a refresh moved is recorded once, newest on top, and stays with what staff wrote beside it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from crmbook import book
from crmbook.forms.changes import CHANGES
from crmbook.text import LANGS, Lang, Text, said
from tests import made_up
from tests.trouble_book import FALLEN, OWES, SOUND, TroubleBook

LATER = date(2026, 7, 2)
Said = tuple[object, ...]


@pytest.fixture(params=LANGS)
def desk(tmp_path: Path, trouble: Callable[[Path, Lang], TroubleBook], request: pytest.FixtureRequest) -> TroubleBook:
    return trouble(tmp_path, request.param)


def records(desk: TroubleBook) -> list[Said]:
    return [tuple(row[id] for id in ("customer_id", "what", "was", "now")) for row in desk.rows("changes")]


def words(lang: Lang, *texts: Text | str) -> Said:
    return tuple(said(text, lang) for text in texts)


STAGE, GRADE = Text("阶段", "Stage"), Text("等级", "Grade")
LISTED, CLEARED = Text("列为问题客户", "Listed as a problem"), Text("问题解除", "Problem cleared")
OVERDUE = Text("逾期欠款", "Overdue")


def test_a_new_book_has_nothing_to_record_and_a_refresh_that_moves_nothing_neither(desk: TroubleBook) -> None:
    assert records(desk) == []
    desk.refresh()
    assert records(desk) == []
    assert not desk.refresh()


def test_what_moved_is_recorded_once(desk: TroubleBook) -> None:
    desk.type("grading", SOUND, approved="A")
    desk.type("customers", SOUND, state={"zh": "已终止", "en": "Ended"}[desk.lang])
    desk.add("payments", payment_id="P9", date=46_203, customer_id=OWES, amount=900)
    grade = str(desk.row("chain", SOUND)["grade"])
    assert grade != "A"
    assert desk.refresh(LATER)
    assert set(records(desk)) == {
        words(desk.lang, SOUND, GRADE, grade, "A"),
        words(desk.lang, SOUND, STAGE, Text("发展", "Develop"), Text("退出", "Exit")),
        words(desk.lang, OWES, CLEARED, OVERDUE, Text("已恢复", "Recovered")),
    }
    assert {row["day"] for row in desk.rows("changes")} == {(LATER - date(1899, 12, 30)).days}
    assert not desk.refresh(LATER)


def test_later_records_stand_above_and_what_is_written_beside_one_stays_there(desk: TroubleBook) -> None:
    desk.add("payments", payment_id="P9", date=46_203, customer_id=OWES, amount=900)
    desk.refresh(LATER)
    desk.type("changes", OWES, note="paid at last")
    desk.add("payments", payment_id="P10", date=46_203, customer_id=OWES, amount=-900)
    desk.refresh(LATER)
    cleared = (OWES, CLEARED, OVERDUE, Text("已恢复", "Recovered"))
    listed = (OWES, LISTED, Text("已恢复", "Recovered"), OVERDUE)
    assert records(desk) == [words(desk.lang, *listed), words(desk.lang, *cleared)]
    assert [row["note"] for row in desk.rows("changes")] == [None, "paid at last"]
    assert [row["no"] for row in desk.rows("changes")] == [1, 2]


def test_who_is_resolved_is_cleared_and_a_deleted_row_says_nothing_by_itself(desk: TroubleBook) -> None:
    desk.type("problems", OWES, state={"zh": "已解决", "en": "Resolved"}[desk.lang])
    desk.add("payments", payment_id="P9", date=46_203, customer_id=OWES, amount=900)
    desk.refresh()
    desk.delete("problems", OWES)
    desk.delete("problems", FALLEN)
    desk.refresh()
    listed = (FALLEN, LISTED, Text("未列入", "Not listed"), Text("销售下降", "Sales fell"))
    cleared = (OWES, CLEARED, OVERDUE, Text("已解决", "Resolved"))
    assert records(desk) == [words(desk.lang, *listed), words(desk.lang, *cleared)]


def test_what_a_refresh_that_broke_off_has_recorded_is_not_recorded_again(desk: TroubleBook) -> None:
    grade = str(desk.row("chain", SOUND)["grade"])
    desk.type("grading", SOUND, approved="A")
    desk.refresh()
    recorded = records(desk)
    desk.type("chain", SOUND, grade=grade)  # the form that is written last holds what stood before
    desk.refresh()
    assert records(desk) == recorded == [words(desk.lang, SOUND, GRADE, grade, "A")]


def test_there_and_back_on_one_day_are_three_records(desk: TroubleBook) -> None:
    for number, amount in enumerate((900, -900, 900)):
        desk.add("payments", payment_id=f"P{number}", date=46_203, customer_id=OWES, amount=amount)
        desk.refresh(LATER)
    desk.add("payments", payment_id="P9", date=46_203, customer_id=OWES, amount=-900)
    desk.refresh(LATER)
    assert [what for _, what, *_ in records(desk)] == [*words(desk.lang, LISTED, CLEARED, LISTED, CLEARED)]


@pytest.mark.office
def test_the_counts_recalculate(desk: TroubleBook) -> None:
    desk.type("grading", SOUND, approved="A")
    desk.refresh()
    assert book.verify(desk.path).differences == []


def kept(rows: list[dict], limit: int = 10) -> pd.DataFrame:
    """The records that stay of those that stand there."""
    columns = ["no", *(c.column.id for c in CHANGES.columns if c.column.id not in ("no", "serial"))]
    given = made_up.given(
        customers=[{"customer_id": "1", "name": "Anhua"}],
        values={"CHANGES_KEPT": limit},
        present={"changes": pd.DataFrame(rows, columns=["serial", *columns]).set_index("serial")},
    )
    return CHANGES.rows(given)


def record(serial: object, **other: object) -> dict:
    return {"serial": serial, "no": 1, "day": pd.Timestamp("2026-01-01"), "customer_id": "1", "what": "Grade", **other}


def test_the_oldest_go_beyond_the_limit_unless_something_is_written_beside_them() -> None:
    found = kept([record(n, note="keep" if n == 2 else None) for n in range(1, 15)])
    assert found["serial"].tolist() == [*range(14, 4, -1), 2]
    assert found["no"].tolist() == list(range(1, 12))


def test_a_row_that_is_no_record_is_left_where_it_is() -> None:
    rows = [record(3), record(3), record(None), record("x"), record(4, no="—"), record(5, no=None), record(6, day="?")]
    assert kept(rows)["serial"].tolist() == [3]
