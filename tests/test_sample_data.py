"""The sample: the same bytes each time, sound in itself, and every branch of the rules occurs in it."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from crmbook import classifications, doubts, schema
from crmbook.measure import measure
from crmbook.planning import classified
from crmbook.playbook import SCOPES, values
from crmbook.settings import Settings, in_force
from crmbook.source import Reading
from crmbook.sources import csv_folder
from crmbook.text import LANGS

FOLDER = Path(__file__).parent.parent / "sample_data"
AS_OF = date(2026, 10, 31)
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame[column].astype("float64")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return in_force({}, AS_OF)


@pytest.fixture(scope="module")
def read() -> Reading:
    return csv_folder.read(FOLDER)


@pytest.fixture(scope="module")
def facts(read, settings) -> pd.DataFrame:
    return classified(read.tables, settings)


def test_making_it_again_gives_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, "-B", FOLDER / "make.py", tmp_path], check=True)
    made = sorted(p.name for p in tmp_path.iterdir())
    assert made == sorted(p.name for p in FOLDER.glob("*.csv"))
    assert [name for name in made if (tmp_path / name).read_bytes() != (FOLDER / name).read_bytes()] == []


@pytest.mark.parametrize("table", schema.ALL, ids=lambda t: t.id)
def test_a_file_has_the_columns_of_its_table_and_its_choices_by_id(table):
    known = {c.id: c for c in table.columns}
    for row in rows(table.id):
        assert set(row) <= set(known)
        for id, value in row.items():
            if known[id].kind == "date" and value:
                assert date.fromisoformat(value).isoformat() == value
            if known[id].kind == "moment" and value:
                assert f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}" == value
            if known[id].choices and not known[id].open and value:
                assert value in {choice.id for choice in known[id].choices}
            assert value or not known[id].required, (table.id, id, row)


@pytest.mark.parametrize("table", schema.ALL, ids=lambda t: t.id)
def test_keys_are_unique(table):
    keys = Counter(tuple(row[k] for k in table.key) for row in rows(table.id))
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_reference_leads_to_a_row():
    for table in schema.ALL:
        for column in table.columns:
            if column.refers:
                known = {row[schema.BY_ID[column.refers].key[0]] for row in rows(column.refers)}
                assert {row.get(column.id, "") for row in rows(table.id)} - known <= {""}
    orders = {row["order_id"]: row["customer_id"] for row in rows("orders")}
    assert all(orders[row["order_id"]] == row["customer_id"] for row in rows("payments") if row["order_id"])


def test_an_order_has_one_customer_and_one_day():
    assert len({(r["order_id"], r["customer_id"], r["date"]) for r in rows("orders")}) == len(
        {r["order_id"] for r in rows("orders")}
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_program_finds_no_problem_in_it(lang):
    reading = csv_folder.read(FOLDER, lang)
    assert reading.problems == []
    settings = in_force({}, AS_OF)
    doubtful = doubts.found(reading, classified(reading.tables, settings), settings, AS_OF, "{}:{}:{}".format)
    assert {problem.what.en.split(" ", 2)[2] for problem in doubtful} == {
        "returned more than was bought in the period and has no ABC class"
    }
    assert len(doubtful) == 2
    assert {id: len(frame) for id, frame in reading.tables.items()} == {t.id: len(rows(t.id)) for t in schema.ALL}


def test_it_has_the_size_that_was_asked_for():
    counts = {t.id: len(rows(t.id)) for t in schema.ALL}
    assert counts["customers"] == 240
    assert abs(counts["orders"] - 9000) <= 50
    assert counts["visits"] == 1200
    assert counts["surveys"] == 300
    assert counts["targets"] == 12 * (1 + 7 + 10 + 15)
    assert counts["service"] == 260
    assert 600 <= counts["contacts"] <= 700
    assert 55 <= counts["products"] <= 70
    assert counts["playbook"] >= 40
    days = [row["date"] for row in rows("orders")]
    assert ("2023-11-01" <= min(days) < "2023-11-10", max(days) <= "2026-10-31", max(days) > "2026-10-25") == (1, 1, 1)
    assert rows("settings") == [{"setting_id": "AS_OF", "value": AS_OF.isoformat()}]


def test_credit_codes_have_valid_check_characters_and_nobody_has_them():
    codes = [row["credit_code"] for row in rows("customers") if row["credit_code"]]
    assert len(set(codes)) == len(codes) > 230
    for code in codes:
        assert len(code) == 18
        assert code[4:8] == "0099"  # no such district
        assert sum(LETTERS.index(c) * 3**n for n, c in enumerate(code[:17])) % 31 == -LETTERS.index(code[17]) % 31
        weighed = sum(int(c, 36) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        assert (weighed + "0123456789X".index(code[16])) % 11 == 0


def test_phones_and_mails_reach_nobody():
    people = rows("customers") + rows("visits") + rows("contacts")
    phones = {row["phone"] for row in people} - {""}
    assert all(phone.startswith("1000000") or "-0000" in phone for phone in phones)
    assert all(row["email"].endswith(".example.com") for row in rows("customers") + rows("contacts") if row["email"])


def test_customers_are_linked_in_every_way():
    customers = {row["customer_id"]: row for row in rows("customers")}
    assert {row["relation"] for row in customers.values()} == {
        "", "head_office_branch", "dealer_end_user", "referral", "supply_chain", "same_owner",
    }  # fmt: skip
    depths = Counter()
    for row in customers.values():
        above, depth = row, 0
        while above["referrer_id"]:
            above, depth = customers[above["referrer_id"]], depth + 1
        depths[depth] += 1
    assert set(depths) == {0, 1, 2, 3}
    parents = {row["parent_id"] for row in customers.values()} - {""}
    assert any(customers[id]["parent_id"] for id in parents)  # a dealer's dealer


def test_some_regions_are_blank_and_some_cannot_be_derived(facts):
    blank = [(bool(row["province"])) for row in rows("customers") if not row["region"]]
    assert (sum(blank), len(blank)) == (6, 9)
    assert facts["region"].isna().sum() == 3
    assert facts["region"].nunique() == 7


def test_sales_follow_pareto_and_the_spring_festival(facts):
    sales = numbers(facts, "net_period").sort_values(ascending=False)
    assert 0.55 < sales.head(48).sum() / sales.sum() < 0.85
    months = Counter()
    for row in rows("orders"):
        months[row["date"][:7]] += float(row["quantity"]) * float(row["price"])
    for year in (2024, 2025, 2026):
        others = [months[f"{year}-{month:02d}"] for month in range(3, 11)]
        assert months[f"{year}-02"] < 0.85 * sum(others) / 8


def test_orders_have_blank_and_given_amounts_costs_and_returns():
    orders = rows("orders")
    returned = [row for row in orders if float(row["quantity"]) < 0]
    assert len(returned) > 100
    for column in ("amount", "cost"):
        assert {bool(row[column]) for row in orders} == {True, False}
    assert len({row["channel"] for row in orders}) >= 4
    assert len({row["seller"] for row in orders}) >= 10


@pytest.mark.parametrize("classification", classifications.ALL, ids=lambda c: c.id)
def test_every_class_occurs(facts, classification):
    counts = facts[classification.id].value_counts()
    assert set(counts.index) == {c.id for c in classification.classes}
    assert counts.min() >= (5 if classification.id in {"abc", "grade", "value_class", "stage"} else 2)


def test_every_stage_occurs_for_every_reason(facts):
    ratio, growth = (
        facts["recency_days"] / facts["median_interval"],
        facts["net_12m"] / facts["net_prev_12m"].where(facts["net_prev_12m"] > 0) - 1,
    )
    stage = facts["stage"]
    exit_, win_back, develop, maintain, acquire, identify = (
        facts[stage == id] for id in ("exit", "win_back", "develop", "maintain", "acquire", "identify")
    )
    assert {"ended", "active"} <= set(exit_["state"])
    assert (exit_["recency_days"] < 200).any()  # ended although it bought lately
    silent, fell = ratio[win_back.index] >= 2, growth[win_back.index] <= -0.3
    assert (silent & ~fell).any()
    assert (fell & ~silent).any()
    new, grew = develop["age_days"] < 365, growth[develop.index] >= 0.2
    assert (new & ~grew).any()
    assert (grew & ~new).any()
    assert len(maintain) > 30
    assert acquire["last_contact"].notna().all()
    assert identify["last_contact"].isna().all()
    assert (acquire["orders"] == 0).all()
    assert (facts["orders"].between(1, 2)).any()  # too few orders for an interval of its own


def test_a_customer_returned_more_than_it_bought(facts):
    assert (facts["net_period"] < 0).sum() == 2


def test_payments_are_on_time_late_partial_and_missing(facts):
    on_time = facts["paid_on_time"].dropna()
    assert (on_time == 1).sum() > 20
    assert (on_time == 0).any()
    assert on_time.between(0.2, 0.8, inclusive="neither").sum() > 20
    assert ((facts["overdue"] > 0) & (facts["overdue_days"] <= 30)).any()
    assert (facts["overdue_days"] > 30).any()
    assert ((facts["receivable"] > 0) & (facts["overdue"] == 0)).any()
    assert (facts["receivable"] > facts["credit_limit"]).any()
    assert (facts["receivable"] >= 0).all()
    assert Counter(row["order_id"] for row in rows("payments") if row["order_id"]).most_common(1)[0][1] == 2


def test_blanks_that_the_rules_provide_for_occur(facts):
    assert facts[["potential", "credit_limit", "satisfaction", "median_interval", "margin_rate"]].isna().any().all()
    assert {row["term_days"] for row in rows("customers")} == {"30", "45", "60", "90", ""}


def test_visits_are_done_planned_and_cancelled():
    visits = rows("visits")
    assert {row["state"] for row in visits} == {"done", "planned", "cancelled", ""}
    assert {row["state"] for row in visits if row["date"] > AS_OF.isoformat()} == {"planned"}
    assert all(row["feedback"] for row in visits if row["state"] == "done")
    assert len({row["content"] for row in visits}) > 600
    for column in ("way", "purpose"):
        assert {row[column] for row in visits} == {c.id for c in schema.VISITS.column(column).choices}


def test_most_customers_are_no_problem(facts):
    silent = facts["recency_days"] >= 1.5 * facts["median_interval"]
    kinds = {
        "fell": facts["net_period"] <= 0.7 * facts["net_before"].where(facts["net_before"] > 0),
        "overdue": facts["overdue"] > 0,
        "silent": silent,
        "dissatisfied": facts["satisfaction"] <= 60,
    }
    here = facts["stage"] != "exit"
    assert all(3 <= (found & here).sum() <= 25 for found in kinds.values())
    assert (pd.DataFrame(kinds).any(axis=1) & here).sum() <= 48


@pytest.mark.parametrize("lang", LANGS)
def test_every_measure_of_the_playbook_can_be_filled_in(lang, facts):
    (row,) = values(facts, facts["grade_final"]).head(1).to_dict("records")
    for line in rows("playbook" if lang == "zh" else "playbook.en"):
        filled = measure(line["line_id"], line["measure"], row)
        assert filled.fault is None, line
        assert "{" not in filled.fill(row)[lang]


def test_the_playbook_speaks_of_every_class_in_both_languages():
    scopes = {lang: {scope.label[lang]: scope.id for scope in SCOPES} for lang in LANGS}
    chinese, english = rows("playbook"), rows("playbook.en")
    assert [(r["line_id"], scopes["zh"][r["form"]], r["days"]) for r in chinese] == [
        (r["line_id"], scopes["en"][r["form"]], r["days"]) for r in english
    ]
    for c in classifications.ALL:
        for lines, lang in ((chinese, "zh"), (english, "en")):
            named = {row["condition"] for row in lines if row["form"] == c.label[lang]}
            assert named == {choice.name[lang] for choice in c.classes}
