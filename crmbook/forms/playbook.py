"""Playbook: the measures for each class, written by staff."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

PLAYBOOK = entry(
    schema.PLAYBOOK,
    Text(
        "各类客户该怎么做；文字可改，双花括号里写数值名",
        "What to do for each class; the words are yours to change, values go in double braces",
    ),
    widths={"measure": 64},
    group="system",
)
