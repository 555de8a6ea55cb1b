"""Visits: every contact with a customer, planned and done, with the customer's name beside the id."""

from crmbook import schema, whose
from crmbook.form import entry
from crmbook.text import Text

VISITS = entry(
    schema.VISITS,
    Text("一行一次拜访，只有完成的才计入", "One row per visit; only completed ones count"),
    after={"customer_id": whose.CUSTOMER},
    shown=whose.shown,
    sign_off=(Text("业务代表", "Sales rep"), Text("主管", "Supervisor"), Text("区域负责人", "Region manager")),
)
