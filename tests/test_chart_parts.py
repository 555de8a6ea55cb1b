"""A chart of amounts suits what it shows: in a unit that can be read, and nothing below zero cut off."""

import csv
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from crmbook import book
from crmbook.chart_parts import AMOUNT, LARGE, SIGNED, suited
from crmbook.ooxml import Package
from crmbook.text import LANGS, Lang
from tests import excel_edits

TODAY = date(2026, 6, 30)
TITLES = ("客户销售分析表", "Sales analysis")
ON_ZERO = b'<min val="0"/>'


def charts(path: Path) -> list[bytes]:
    """The charts of amounts on a book's sheet of sales, the one over months first."""
    package = Package.open(path)
    found = [package.read(name) for name in sorted(package.names) if name.startswith("xl/charts/chart")]
    return [xml for xml in found if any(title.encode() in xml for title in TITLES)]


def built(folder: Path, amounts: list[float], lang: Lang = "zh") -> Path:
    """A customer who bought for these amounts, in one month after the other."""
    source, path = folder / "source", folder / "book.xlsx"
    source.mkdir()
    orders = [["order_id", "line_no", "date", "customer_id", "amount"]]
    orders += [[f"D{n}", "1", date(2026, n, 5).isoformat(), "K1", str(a)] for n, a in enumerate(amounts, 1)]
    for name, rows in {"customers": [["customer_id", "name"], ["K1", "甲公司"]], "orders": orders}.items():
        with (source / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    book.build(path, source=source, as_of=TODAY, lang=lang, forms=["sales"])
    return path


@pytest.mark.parametrize("lang", LANGS)
def test_large_amounts_are_in_a_unit_that_can_be_read(lang: Lang, tmp_path: Path) -> None:
    months, largest = charts(built(tmp_path, [1.5e12, 2e9], lang))
    for chart in (months, largest):
        assert LARGE[lang] in unescape(chart.decode())
        assert AMOUNT[lang] not in unescape(chart.decode())
        assert ON_ZERO in chart


def test_usual_amounts_are_as_they_were_drawn_also_after_large_ones(tmp_path: Path) -> None:
    path = built(tmp_path, [3e9, 500])
    order = {"do": "type", "table": "crm_orders", "where": {"订单号": "D1"}, "column": "金额", "value": 300}
    excel_edits.edit(path, [order])
    book.refresh(path)
    assert all(AMOUNT["zh"] in unescape(chart.decode()) for chart in charts(path))


def test_a_month_of_returns_hangs_below_zero(tmp_path: Path) -> None:
    months, largest = charts(built(tmp_path, [900, -400, 300]))
    assert ON_ZERO not in months
    assert b'<tickLblPos val="low"/>' in months
    assert ON_ZERO in largest


@pytest.mark.parametrize("lang", LANGS)
def test_amounts_on_either_side_of_zero_are_in_one_unit(lang: Lang, tmp_path: Path) -> None:
    months, largest = charts(built(tmp_path, [9e7, -4e7, 300], lang))
    assert SIGNED[lang] in unescape(months.decode())
    assert AMOUNT[lang] in unescape(largest.decode())


def test_a_chart_of_the_users_is_not_touched() -> None:
    theirs = b'<valAx><min val="0"/><numFmt formatCode="0.0"/></valAx><numCache><v>-5</v><v>9e12</v></numCache>'
    assert suited(theirs) == theirs
