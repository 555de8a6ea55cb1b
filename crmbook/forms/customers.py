"""Customers: the master record of every customer."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

CUSTOMERS = entry(
    schema.CUSTOMERS,
    Text("一行一个客户，其他表单都由此而来", "One row per customer; every other form starts from here"),
    rules=(
        Text(
            "区域空白时按省推算；账期空白时为 TERM_DAYS 天",
            "a blank region comes from the province; a blank term is TERM_DAYS",
        ),
    ),
)
