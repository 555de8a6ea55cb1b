"""On every report: what staff type stays with its row when rows change places, vanish and come back."""

from dataclasses import dataclass

import pytest

from crmbook import book
from crmbook.form import Form
from crmbook.problems import Problem
from tests import every_form_book as small
from tests import excel_edits
from tests.every_form_book import GOES, REPORTS
from tests.reading import Key, Reading

GONE = "—"
every_report = pytest.mark.parametrize("form", REPORTS, ids=lambda f: f.id)


@dataclass(frozen=True)
class Walk:
    """The book after each step: as built, with what was typed and another order of rows, without a customer, with it again."""

    built: Reading
    reordered: Reading
    without: Reading
    again: Reading
    told: list[Problem]
    second: bool  # a further refresh wrote something


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """One book taken through all of it."""
    folder = tmp_path_factory.mktemp("every")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        path = small.build(folder)
        built = Reading(path)
        small.type_everywhere(path, built)
        excel_edits.edit(path, [order("X1", "K005", 90_000), order("X2", "K006", 50_000)])
        book.refresh(path)
        reordered = Reading(path)
        lost = row_of(built, GOES)
        excel_edits.edit(path, [{"do": "delete_row", "table": "crm_customers", "where": {"客户编号": GOES}}])
        told = book.refresh(path).problems
        without = Reading(path)
        second = book.refresh(path).wrote
        excel_edits.edit(path, [{"do": "append_row", "table": "crm_customers", "values": lost}])
        book.refresh(path)
        return Walk(built, reordered, without, Reading(path), told, second)


def order(id: str, customer: str, amount: float) -> excel_edits.Edit:
    values = {
        "订单号": id,
        "行号": 1,
        "日期": 46_190,
        "客户编号": customer,
        "产品编号": "P1",
        "数量": 1,
        "金额": amount,
    }
    return {"do": "append_row", "table": "crm_orders", "values": values}


def row_of(reading: Reading, customer: str) -> dict[str, object]:
    """What the customers' sheet says of one of them."""
    table = reading.tables["crm_customers"]
    row = table.keys("客户编号")[customer,]
    return {h: v for h in table.headers if (v := table.cell(row, h).value) is not None}


def typed_on(form: Form, walk: Walk) -> list[Key]:
    return list(small.keys(form, walk.built))


@every_report
def test_the_book_gives_the_form_something_to_keep(form: Form, walk: Walk):
    assert form.id in {"checks", "changes"} or len(typed_on(form, walk)) > 1


@every_report
@pytest.mark.parametrize("step", ["reordered", "without", "again"])
def test_what_was_typed_stands_on_its_row(form: Form, walk: Walk, step: str):
    reading = getattr(walk, step)
    assert {k: small.said(form, reading, k) for k in typed_on(form, walk)} == {k: small.words(form, k) for k in typed_on(form, walk)}  # fmt: skip


@every_report
def test_a_row_whose_key_has_gone_is_greyed_and_told(form: Form, walk: Walk):
    table = walk.without.tables[form.table]
    gone = {k for k, row in small.keys(form, walk.without).items() if table.cell(row, "序号").value == GONE}
    told = {p.key for p in walk.told if p.form == form.id and p.severity == "warning"}
    assert {str(k[0]) for k in gone} <= told
    assert gone == set() or "customer_id" in form.key or form.id not in {"chain", "grading"}
    if form.key == ("customer_id",) and (GOES,) in typed_on(form, walk):
        assert (GOES,) in gone


@every_report
def test_rows_that_come_back_are_numbered_again(form: Form, walk: Walk):
    table = walk.again.tables[form.table]
    before, after = (small.keys(form, r) for r in (walk.reordered, walk.again))
    there = {k for k, row in before.items() if walk.reordered.tables[form.table].cell(row, "序号").value != GONE}
    assert {k for k in there if table.cell(after[k], "序号").value == GONE} == set()


def test_a_second_refresh_writes_nothing(walk: Walk):
    assert not walk.second


def test_rows_did_change_places_and_vanish(walk: Walk):
    moved = [f.id for f in REPORTS if [*small.keys(f, walk.built)] != list(small.keys(f, walk.reordered))]
    assert {"grading", "sales"} <= set(moved)
    assert (GOES,) in small.keys(next(f for f in REPORTS if f.id == "chain"), walk.without)
