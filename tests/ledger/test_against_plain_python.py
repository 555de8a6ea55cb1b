"""The ledger against plain Python over the raw rows, whatever the rows and their order."""

import statistics
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmbook.figures import ledger
from crmbook.settings import months_before
from crmbook.text import Text
from tests.ledger.plain_rows import (
    IN_FORCE,
    PRODUCTS,
    TODAY,
    WINDOWS,
    D,
    book,
    fen,
    inside,
    modest,
    net,
    rows_of,
    tables,
)


@modest
@given(raw=book)
def test_sums_of_money_are_exact_in_every_window(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    for id in ("C0", "C1", "C2"):
        rows = rows_of(raw, "orders", id)
        for window in WINDOWS:
            assert facts.loc[id, f"net_{window}"] == fen(sum(map(net, inside(rows, window)))), window
        for back in range(12):
            month = months_before(TODAY.replace(day=1), back)
            bought = [net(r) for r in rows if r["date"].replace(day=1) == month]
            assert facts.loc[id, f"m{12 - back:02d}"] == fen(sum(bought))
        ends = [date(2023, 2, 28), *(date(2023, m, 29) for m in range(3, 13)), date(2024, 1, 29), TODAY]
        by_month = [sum(net(r) for r in rows if after < r["date"] <= until) for after, until in pairwise(ends)]
        months = sum(amount > 0 for amount in by_month)
        assert facts.loc[id, "sale_months"] == months
        average = facts.loc[id, "average_month"]
        assert average == pytest.approx(fen(sum(by_month)) / months) if months else np.isnan(average)
        period = [net(r) for r in inside(rows, "period")]
        assert facts.loc[id, "gross_period"] == fen(sum(n for n in period if n > 0))
        assert facts.loc[id, "returned_period"] == fen(-sum(n for n in period if n < 0))
        received = rows_of(raw, "payments", id)
        if any(rows_of(raw, "payments", other) for other in ("C0", "C1", "C2")):
            assert facts.loc[id, "received_total"] == fen(sum(r["amount"] for r in received))
            assert facts.loc[id, "received_period"] == fen(sum(r["amount"] for r in inside(received, "period")))


@modest
@given(raw=book)
def test_counts_only_purchases_as_orders_and_order_days(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    for id in ("C0", "C1", "C2"):
        of, rows = facts.loc[id], [row for row in rows_of(raw, "orders", id) if net(row) > 0]
        for name, window in (
            ("orders", "total"),
            ("orders_period", "period"),
            ("orders_12m", "12m"),
            ("orders_rfm", "rfm"),
        ):
            assert of[name] == len({row["order_id"] for row in inside(rows, window)})
        on = sorted({row["date"] for row in rows})
        assert (of["order_days"], of["frequency"]) == (len(on), max(len(on) - 1, 0))
        if not on:
            assert of[["first_day", "last_day", "recency_days", "age_days", "median_interval"]].isna().all()
            continue
        assert (of["first_day"].date(), of["last_day"].date()) == (on[0], on[-1])
        assert (of["recency_days"], of["age_days"]) == ((TODAY - on[-1]).days, (TODAY - on[0]).days)
        gaps = [(b - a).days for a, b in pairwise(on)]
        assert of["median_interval"] == statistics.median(gaps) if len(gaps) > 1 else np.isnan(of["median_interval"])
        bought = {row["product_id"] for row in inside(rows, "period")} - {None}
        assert of["products_period"] == len(bought)


@modest
@given(raw=book)
def test_margin_and_discount_take_only_lines_with_a_known_price(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    prices = {p["product_id"]: p for p in PRODUCTS}
    for id in ("C0", "C1", "C2"):
        of, costs, lists = facts.loc[id], [], []
        for row in inside(rows_of(raw, "orders", id), "period"):
            product = prices.get(row["product_id"], {"cost_price": None, "list_price": None})
            if row["cost"] is not None:
                costs.append((net(row), row["cost"]))
            elif row["quantity"] is not None and product["cost_price"] is not None:
                costs.append((net(row), row["quantity"] * D(product["cost_price"])))
            if row["quantity"] is not None and product["list_price"] is not None:
                lists.append((net(row), row["quantity"] * D(product["list_price"])))
        sold, cost = sum(n for n, _ in costs), sum(c for _, c in costs)
        if costs:
            assert of["cost_period"] == fen(cost)
            assert of["cost_period"] + of["margin_period"] == pytest.approx(fen(sold))
        else:
            assert np.isnan(of["cost_period"])
            assert np.isnan(of["margin_period"])
        assert (
            of["margin_rate"] == pytest.approx(float((sold - cost) / sold)) if sold > 0 else np.isnan(of["margin_rate"])
        )
        sold, listed = sum(n for n, _ in lists), sum(p for _, p in lists)
        assert (
            of["discount_period"] == pytest.approx(float(1 - sold / listed))
            if listed > 0
            else np.isnan(of["discount_period"])
        )


@modest
@given(raw=book)
def test_names_what_each_customer_buys_most(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    names = {p["product_id"]: p["name"] for p in PRODUCTS}
    for id in ("C0", "C1", "C2"):
        rows = rows_of(raw, "orders", id)

        def most(rows, column):
            sums = {}
            for row in rows:
                if row[column] is not None:
                    sums[row[column]] = sums.get(row[column], 0) + net(row)
            return sorted((word for word in sums if sums[word] > 0), key=lambda word: (-sums[word], word))

        liked = most(inside(rows, "12m"), "product_id") or most(rows, "product_id")
        assert facts.loc[id, "top_product"] == (liked[0] if liked else None)
        words = [names.get(product, product) for product in liked[:3]]
        assert facts.loc[id, "preference"] == (Text("、".join(words), ", ".join(words)) if words else None)
        channels = [row["channel"] for row in rows if row["channel"]]
        used = sorted(set(channels), key=lambda word: (-channels.count(word), word))
        assert facts.loc[id, "channels"] == (Text("、".join(used), ", ".join(used)) if used else None)


@modest
@given(raw=book)
def test_payments_and_returns_settle_the_oldest_debt_first(raw):
    facts = ledger.facts(tables(raw), IN_FORCE)
    if not any(rows_of(raw, "payments", id) for id in ("C0", "C1", "C2")):
        unknown = ["receivable", "overdue", "aged_30", "aged_over", "overdue_days", "paid_on_time", "late_payments_90d"]
        assert facts[unknown].isna().all(axis=None)
        return
    for id, term in (("C0", 0), ("C1", 30), ("C2", 90)):
        lines = [(row["date"], net(row)) for row in rows_of(raw, "orders", id)]
        debts = sorted((day, amount) for day, amount in lines if amount > 0)
        credits = [(day, -amount) for day, amount in lines if amount < 0]
        credits += [(row["date"], row["amount"]) for row in rows_of(raw, "payments", id)]

        def left_after(until, debts=debts, credits=credits):
            """What is left of each debt when the credits up to a day went to the oldest first."""
            purse, left = max(sum(amount for day, amount in credits if day <= until), D(0)), []
            for _, amount in debts:
                left.append(amount - min(purse, amount))
                purse -= min(purse, amount)
            return left

        due = [day + timedelta(term) for day, _ in debts]
        late = [(d, owed) for d, owed in zip(due, left_after(TODAY), strict=True) if d < TODAY and owed > 0]
        assert facts.loc[id, "receivable"] == fen(sum(left_after(TODAY)))
        assert facts.loc[id, "overdue"] == fen(sum(owed for _, owed in late))
        assert facts.loc[id, "overdue_days"] == max(((TODAY - d).days for d, _ in late), default=0)
        for name, least, most in (("30", 1, 30), ("60", 31, 60), ("90", 61, 90), ("over", 91, 9999)):
            aged = sum(owed for d, owed in late if least <= (TODAY - d).days <= most)
            assert facts.loc[id, f"aged_{name}"] == fen(aged)
        fell_due = [(n, amount) for n, (_, amount) in enumerate(debts) if due[n] < TODAY]
        if fell_due:
            unpaid = sum(left_after(due[n])[n] for n, _ in fell_due)
            share = 1 - unpaid / sum(amount for _, amount in fell_due)
            assert facts.loc[id, "paid_on_time"] == pytest.approx(float(share))
        else:
            assert np.isnan(facts.loc[id, "paid_on_time"])


@modest
@given(
    raw=book,
    keys=st.sampled_from(
        [["region"], ["region", "month"], ["category"], ["customer_id", "product_id"], ["channel", "month"]]
    ),
)
def test_groups_hold_the_same_sums(raw, keys):
    given = tables(raw)
    got = ledger.net_by(given, IN_FORCE, keys)
    regions = dict(zip(("C0", "C1", "C2"), ledger.facts(given, IN_FORCE)["region"], strict=True))
    categories = {p["product_id"]: p["category"] for p in PRODUCTS}
    groups = {}
    for row in (row for id in regions for row in rows_of(raw, "orders", id)):
        month = pd.Timestamp(row["date"].replace(day=1))
        values = row | {
            "region": regions[row["customer_id"]],
            "month": month,
            "category": categories.get(row["product_id"]),
        }
        groups.setdefault(tuple(values[key] for key in keys), []).append(row)
    assert len(got) == len(groups)
    for values in got.to_dict("records"):
        rows = groups[tuple(None if pd.isna(values[key]) else values[key] for key in keys)]
        bought = [row for row in rows if net(row) > 0]
        assert values["net"] == fen(sum(map(net, rows)))
        for window in ("period", "before", "last_year", "12m", "prev_12m"):
            assert values[f"net_{window}"] == fen(sum(map(net, inside(rows, window))))
        assert values["orders"] == len({(row["customer_id"], row["order_id"]) for row in bought})
        assert values["customers"] == len({row["customer_id"] for row in bought})
        assert values["customers_period"] == len({row["customer_id"] for row in inside(bought, "period")})
        assert values["quantity_period"] == float(sum(row["quantity"] or 0 for row in inside(rows, "period")))


@modest
@given(raw=book, seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing(raw, seed):
    given = tables(raw)
    shuffled = {id: rows.sample(frac=1, random_state=seed) if id in raw else rows for id, rows in given.items()}
    pd.testing.assert_frame_equal(ledger.facts(given, IN_FORCE), ledger.facts(shuffled, IN_FORCE))
