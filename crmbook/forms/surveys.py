"""Surveys: what customers answered, item by item."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

SURVEYS = entry(schema.SURVEYS, Text("一行一份满意度调查", "One row per satisfaction survey"))
