"""An entry form is its table's columns, asked for, with what we show among them."""

from crmbook import schema
from crmbook.form import Asks, Shows, entry
from crmbook.schema import Column
from crmbook.text import Text

PURPOSE, TOTAL = Text("用途", "purpose"), Shows(Column("total", Text("合计", "Total"), "money"))


def test_asks_for_every_column_in_the_tables_order() -> None:
    form = entry(schema.PRODUCTS, PURPOSE, widths={"name": 40})
    assert [c.column for c in form.asks] == list(schema.PRODUCTS.columns)
    assert [c.width for c in form.asks][:2] == [None, 40]
    assert form.rows is None


def test_what_is_ours_is_shown_where_it_stands() -> None:
    form = entry(schema.SETTINGS, PURPOSE, after={"value": TOTAL})
    assert [c.column.id for c in form.columns][:4] == ["label", "value", "total", "unit"]
    assert [type(c) for c in form.columns][:4] == [Shows, Asks, Shows, Shows]
