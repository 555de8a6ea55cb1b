"""The program kept still while cells are written, and put back as it was, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

STILL = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """No drawing, events, questions or calculation inside. Each is remembered, set and restored by itself, so that one
    that cannot be set loses none of the others."""
    before: list[tuple[str, Any]] = []
    with suppress(Exception):  # else rows put in would be filled with what the user has copied or cut
        app.cut_copy_mode = False
    try:
        for name, value in STILL.items():
            with suppress(Exception):  # a program that cannot do this one
                held = getattr(app, name)
                if held != value:
                    before.append((name, held))
                    setattr(app, name, value)
        yield
    finally:
        for name, held in reversed(before):
            with suppress(Exception):
                setattr(app, name, held)
