"""Products: what is sold, with its list and cost price."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

PRODUCTS = entry(
    schema.PRODUCTS, Text("一行一个产品：类别、目录价、成本价", "One row per product: category, list price, cost price")
)
