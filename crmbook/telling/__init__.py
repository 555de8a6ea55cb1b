"""What the commands print: lines for people, JSON for scripts, and how far a run has come where somebody looks."""

from crmbook.telling.books import (
    INTERRUPTED,
    UNWATCHED,
    built,
    checked,
    ended_json,
    outcome_json,
    refreshed,
    spoken,
    summary,
    verified,
    watched,
)
from crmbook.telling.button import examined, has_button, in_ribbon, prepared
from crmbook.telling.running import bar, busy, once_each, telling

__all__ = [
    "INTERRUPTED", "UNWATCHED",
    "bar", "built", "busy", "checked", "ended_json", "examined", "has_button", "in_ribbon", "once_each", "outcome_json",
    "prepared", "refreshed", "spoken", "summary", "telling", "verified", "watched",
]  # fmt: skip
