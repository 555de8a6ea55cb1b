"""The grading form: who comes first, what staff approved, what changed since last year."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from crmbook import book
from crmbook.form import Given
from crmbook.forms.grading import GRADING
from crmbook.ooxml import Package, Workbook, parse_ref
from tests import excel_edits, made_up
from tests.small_book import TODAY

CUSTOMERS = [{"customer_id": id, "name": f"Customer {id}"} for id in ("001", "002", "003", "004")]
ORDERS = made_up.orders(
    ("001", "2025-03-01", 900), ("001", "2026-03-01", 100), ("002", "2026-03-01", 100), ("003", "2026-03-01", 800)
)  # fmt: skip


def graded(approved: dict[str, str] | None = None, **values: object) -> pd.DataFrame:
    present = {"grading": pd.DataFrame({"approved": approved}, dtype=object)} if approved else {}
    given = made_up.given(customers=CUSTOMERS, orders=ORDERS, present=present, values=values)
    return GRADING.rows(given).set_index("customer_id")


def test_the_largest_sales_come_first_and_equal_ones_stay_in_order() -> None:
    rows = graded()
    assert rows.index.tolist() == ["003", "001", "002", "004"]
    assert rows["no"].tolist() == [1, 2, 3, 4]


def test_equal_customers_share_the_better_class() -> None:
    rows = graded(ABC_A=0.85, ABC_B=0.95)
    assert rows["cumulative"].tolist()[:3] == [0.8, 0.9, 0.9]
    assert rows["abc"].tolist() == ["a", "b", "b", "none"]


def test_by_position_equal_customers_are_told_apart() -> None:
    rows = graded(ABC_A=0.85, ABC_B=0.95, ABC_TIES="position")
    assert rows["cumulative"].tolist()[:3] == [0.8, 0.9, 1]
    assert rows["abc"].tolist() == ["a", "b", "c", "none"]


def test_what_did_not_sell_has_no_share() -> None:
    rows = graded()
    assert rows.loc["004", ["share", "cumulative"]].tolist() == ["", ""]


def test_whoever_had_not_ordered_a_year_ago_is_new() -> None:
    rows = graded()
    assert rows.loc["003", ["previous", "change"]].tolist() == ["", "new"]
    assert rows.loc["001", "previous"] == "b"


def test_an_approved_grade_wins_and_is_what_changed() -> None:
    rows = graded({"001": "A", "999": "B", "003": ""})
    assert rows.loc["001", ["previous", "suggested", "final", "change"]].tolist() == ["b", "b", "a", "up"]
    assert rows.loc["003", "final"] == rows.loc["003", "suggested"]
    assert graded({"001": "D"}).loc["001", ["final", "change"]].tolist() == ["d", "down"]
    assert graded().loc["001", ["final", "change"]].tolist() == ["b", "same"]


@pytest.mark.parametrize("typed", ["D", "d", " D ", "\td\n", "\u00a0D", "\u3000\uff24", "\uff44"])
def test_an_approved_grade_is_read_in_either_case_and_width_with_blanks_around_it(typed: str) -> None:
    assert graded({"001": typed}).loc["001", ["final", "change"]].tolist() == ["d", "down"]


@pytest.mark.parametrize("typed", ["S", "VIP", "A+", "AB", "A B", "?", "*", "-", " ", 1, True])
def test_what_is_no_grade_leaves_the_suggested_one_in_force(typed: object) -> None:
    assert graded({"001": typed}).loc["001", ["final", "change"]].tolist() == ["b", "same"]


def test_counts_and_sales_by_grade_add_up() -> None:
    given: Given = made_up.given(customers=CUSTOMERS, orders=ORDERS)
    cells = GRADING.cells(given, GRADING.rows(given))
    for block in ("by_grade", "by_abc"):
        assert sum(cells[f"{block}.{at}.count"] for at in range(4)) == len(CUSTOMERS)
        assert sum(cells[f"{block}.{at}.sum"] for at in range(4)) == cells["total.sales"] == 1000
        assert sum(cells[f"{block}.{at}.sum_share"] for at in range(4)) == 1


def test_what_only_came_back_is_in_no_share_of_the_classes() -> None:
    back = made_up.orders(("004", "2026-03-01", -200))
    given: Given = made_up.given(customers=CUSTOMERS, orders=[*ORDERS, *({**o, "order_id": "back"} for o in back)])
    cells = GRADING.cells(given, GRADING.rows(given))
    assert cells["total.sales"] == 800
    assert [cells[f"by_abc.{at}.sum"] for at in range(4)] == [800, 200, 0, -200]
    assert [cells[f"by_abc.{at}.sum_share"] for at in range(4)] == [0.8, 0.2, 0, ""]
    assert sum(cells[f"by_grade.{at}.sum_share"] for at in range(4)) == pytest.approx(1)


@pytest.mark.office
@pytest.mark.parametrize(
    "typed", [["S", "a", " A ", "?", "AB", "d", ""], ["\uff24", "\u3000c\u00a0", "b\n", "\tA", "*", 1, True]]
)
def test_the_formula_reads_an_approved_grade_as_python_does(typed: list[object], small: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(small, path)
    cells = {f"K{n:03d}": value for n, value in enumerate(typed, 1) if value != ""}
    excel_edits.edit(path, [{"do": "type", "table": "crm_grading", "where": {"客户代码": id}, "column": "核定等级", "value": value} for id, value in cells.items()])  # fmt: skip
    book.refresh(path, as_of=TODAY)
    assert book.verify(path).differences == []
    workbook = Workbook(Package.open(path))
    counts = []
    for at in range(4):
        sheet, area = parse_ref(workbook.names[f"_crm.grading.by_grade.{at}.count"])
        counts.append(workbook.values(sheet)[area.top - 1][area.left - 1])
    assert sum(counts) == len(typed)
