"""The verbs: build, into, refresh, check, undo, to_paper, verify; each imports late, so that a door opens fast."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from crmbook import keep
from crmbook.verbs import unchanged
from crmbook.verbs.outcome import COMPUTING, READING, WRITING, Outcome, Step, Undone
from crmbook.verbs.unchanged import Known

if TYPE_CHECKING:
    from pathlib import Path

    from crmbook.ooxml import Workbook
    from crmbook.text import Lang
    from crmbook.verbs.building import build
    from crmbook.verbs.into import into
    from crmbook.verbs.opened import Opened
    from crmbook.verbs.paper import to_paper
    from crmbook.verbs.verify import Verified

__all__ = ["Outcome", "Step", "Undone", "build", "check", "into", "language", "refresh", "to_paper", "undo", "verify"]

LATE = {"build": "building", "into": "into", "to_paper": "paper"}


def __getattr__(name: str) -> Any:
    """The verbs that have a module of their own."""
    if name in LATE:
        return getattr(import_module(f"crmbook.verbs.{LATE[name]}"), name)
    raise AttributeError(name)


def refresh(path: Path, *, as_of: date | None = None, password: str | None = None, cache: bool = True, step: Step = lambda text: None) -> Outcome:  # fmt: skip
    """Bring the workbook at `path` up to date, in place; nothing is written where nothing changed. `password` opens an
    encrypted one, which is encrypted with it again. `cache`: what is known since the last refresh may spare this one."""
    with keep.lock(path), keep.refusing(path):
        keep.opened_by(path)
        step(READING)
        day = date.today()
        known = unchanged.recall(path, as_of, day) if cache else None
        if known is not None:
            return Outcome(known.lang, list(known.problems), None, known.counts)
        workbook, opened = _open(path, as_of, password)
        step(COMPUTING)
        planned, given = opened.planned()
        known, standings = Known(opened.lang, given.problems, opened.counts), opened.standings
        del opened, given  # what was read and computed fills the memory; the plan says all that is to be written
        step(WRITING)
        from crmbook.pour import pour
        from crmbook.verbs.opened import free

        proof = keep.replace(path, workbook.package, password) if pour(workbook, planned, standings) else None
        written = () if proof is None else tuple(s.name for s in workbook.sheets if s.part in proof.rewritten)
        if cache:
            cells = free(workbook, standings, planned, moved=proof is not None)
            unchanged.remember_saved(path, workbook.package, as_of, day, known, cells)
        return Outcome(known.lang, list(known.problems), proof, known.counts, written)


def check(path: Path, *, password: str | None = None) -> Outcome:
    """Every problem in the data of the workbook; the file is not touched."""
    with keep.refusing(path):
        _, opened = _open(path, None, password)
        return Outcome(opened.lang, list(opened.planned()[1].problems), None, opened.counts)


def undo(path: Path) -> Undone:
    """The workbook becomes what it was before the last refresh, byte for byte; one that had gone for an .xlsm with the
    button comes back."""
    with keep.lock(path):
        keep.opened_by(path)
        aside, other = keep.undo(path), path.with_suffix(".xlsm")
        return Undone(aside, other if aside is None and other != path and other.exists() else None)


def verify(path: Path, *, password: str | None = None) -> Verified:
    """Every formula of the workbook, recalculated by LibreOffice, beside the value that stands in the file."""
    from crmbook.verbs.verify import verify as recalculate

    with keep.refusing(path):
        return recalculate(path, password)


def language(path: Path, *, password: str | None = None) -> Lang:
    """The language of the workbook at `path`."""
    from crmbook.ooxml import Workbook
    from crmbook.verbs.opened import language_of

    with keep.refusing(path):
        return language_of(Workbook(keep.load(path, password)))


def _open(path: Path, as_of: date | None, password: str | None) -> tuple[Workbook, Opened]:
    """The workbook read; its sheets are parsed on other threads while this one still imports what understands them."""
    from crmbook import schema
    from crmbook.ooxml import Workbook

    workbook = Workbook(keep.load(path, password))
    # The entry forms first: all else is computed from them, while the reports are still read.
    workbook.prefetch(("_crmbook", *(f"crm_{table.id}" for table in schema.ALL)), ("crm_", "_crm"))
    from crmbook.verbs.lost_tables import put_back
    from crmbook.verbs.opened import open_workbook

    workbook = put_back(workbook)
    return workbook, open_workbook(workbook, path, as_of)
