"""Contacts: the people at a customer, what they decide and how they stand to us."""

from crmbook import schema, whose
from crmbook.form import entry
from crmbook.text import Text

CONTACTS = entry(
    schema.CONTACTS,
    Text(
        "一行一位联系人：谁审批、谁决策、态度如何",
        "One row per person: who approves, who decides, how they stand to us",
    ),
    after={"customer_id": whose.CUSTOMER},
    shown=whose.shown,
    widths={"name": 12, "department": 12, "position": 12, "our_owner": 12},
)
