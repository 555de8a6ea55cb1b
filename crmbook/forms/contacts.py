"""Contacts: the people at a customer, what they decide and how they stand to us."""

from dataclasses import replace

from crmbook import schema, whose
from crmbook.form import entry
from crmbook.text import Text

CONTACTS = entry(
    schema.CONTACTS,
    Text(
        "一行一位联系人：谁审批、谁决策、态度如何",
        "One row per person: who approves, who decides, how they stand to us",
    ),
    after={"customer_id": replace(whose.CUSTOMER, width=29.5)},
    shown=whose.shown,
    widths={
        "contact_id": 10.5,
        "customer_id": 10,
        "name": 12,
        "department": 12.3,
        "position": 12,
        "role": 12.5,
        "email": 29,
        "our_owner": 12,
        "note": 17,
    },
)
