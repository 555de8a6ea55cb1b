"""What a refresh says of a book it will not touch, and that it did not; or that what it made of a faulty one is whole."""

from datetime import date
from pathlib import Path

import pytest

from crmbook import book
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.problems import CannotProceedError, Problem

DAY = date(2026, 3, 31)
OURS = "fault of crmbook"


def refused(path: Path) -> str:
    """The English line of a refusal: it says where, what and how to mend it in both languages, nothing of ours is at
    fault, and nothing on the disk changed."""
    before = _files(path)
    with pytest.raises(CannotProceedError) as stopped:
        book.refresh(path, as_of=DAY)
    assert _files(path) == before
    return _told(stopped.value.problem)


def old_or_new(path: Path, *, again: bool) -> bool:
    """False if a refresh refused a faulty book, as it must, or found nothing to write; True if it wrote one with no fault
    that was not there before; `again`: and that a second refresh leaves alone."""
    before = path.read_bytes()
    try:
        wrote = book.refresh(path, as_of=DAY).wrote
    except CannotProceedError as stopped:
        _told(stopped.problem)
        assert path.read_bytes() == before
        assert not list(path.parent.glob(".*crmbook-*"))
        return False
    had, has = lint(Package.open(before)), lint(Package.open(path))
    assert len(has) <= len(had), sorted(has - had)
    assert not (again and wrote and book.refresh(path, as_of=DAY).wrote)
    return wrote


def _files(path: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}


def _told(problem: Problem) -> str:
    assert problem.where
    assert all((problem.what.zh, problem.what.en, problem.fix.zh, problem.fix.en))
    assert problem.line("zh") != problem.line("en")
    assert OURS not in problem.line("en")
    return problem.line("en")
