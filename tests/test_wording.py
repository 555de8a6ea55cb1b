"""Formulas of ours in the words of a workbook."""

import pytest

from crmbook.binding import Standing
from crmbook.ooxml import Sheet, Table
from crmbook.wording import worded

SHEET = Sheet("订单", "xl/worksheets/sheet1.xml", "visible")


def of(*headers: str) -> dict[str, Standing]:
    """Orders whose first column is the amount, the second the price."""
    table = Table("crm_orders", "", SHEET, 1, 4, 5, 9, len(headers), list(headers), 0)
    return {"orders": Standing("orders", SHEET.name, table, {"amount": 1, "price": 2}, (), 9)}


def test_a_column_is_called_what_its_header_says():
    assert worded("orders", "SUM(orders[amount])", of("实收", "单价"), {}, {}) == "SUM(crm_orders[实收])"
    assert worded("orders", "SUM(orders[amount])", of("实收", "单价"), {"orders": ["到账", None]}, {}) == "SUM(crm_orders[到账])"  # fmt: skip


@pytest.mark.parametrize("headers", [{}, {"orders": [None, "单价"]}, {"orders": ["", "单价"]}])
def test_a_column_without_a_header_cannot_be_spoken_of(headers):
    """LibreOffice lets staff delete a header; `crm_orders[]` would be the whole table."""
    assert worded("orders", "SUM(orders[amount])", of("", "单价"), headers, {}) is None
    assert worded("orders", "SUM(orders[price])", of("", "单价"), headers, {}) == "SUM(crm_orders[单价])"
