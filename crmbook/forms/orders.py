"""Orders: every order line, returns as negative ones."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

ORDERS = entry(schema.ORDERS, Text("一行一条订单明细，退货填负数", "One row per order line; returns are negative"))
