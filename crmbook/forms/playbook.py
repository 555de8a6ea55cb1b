"""Playbook: the measures for each class, written by staff."""

from crmbook import schema
from crmbook.form import entry
from crmbook.playbook import SCOPES
from crmbook.schema import Choice
from crmbook.text import Text

PLAYBOOK = entry(
    schema.PLAYBOOK,
    Text(
        "各类客户该怎么做；文字可改，双花括号里写数值名",
        "What to do for each class; the words are yours to change, values go in double braces",
    ),
    choices={"form": tuple(Choice(scope.id, scope.label) for scope in SCOPES)},
    widths={"form": 18, "measure": 64},
    group="system",
)
