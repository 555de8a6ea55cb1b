"""Payments: every payment received."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

PAYMENTS = entry(
    schema.PAYMENTS, Text("一行一笔收款，先冲最早的欠款", "One row per payment; the oldest debt is settled first")
)
