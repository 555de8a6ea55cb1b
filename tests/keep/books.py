"""Small workbooks, an edit of one, and what a stop says: what the tests of keeping begin with."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from crmbook import keep
from crmbook.ooxml import Package
from crmbook.problems import CannotProceedError


def content(text: str = "x") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("客户").write("A1", text)
    return out.getvalue()


def edited(path: Path, mark: str = "new") -> Package:
    package = keep.load(path)
    package.write(package.workbook, package.read(package.workbook) + f"<!-- {mark} -->".encode())
    return package


def stopped(action, *arguments) -> str:
    """The English line of the stop that an action comes to."""
    with pytest.raises(CannotProceedError) as stop:
        action(*arguments)
    assert stop.value.problem.what.zh
    assert stop.value.problem.fix.zh
    return stop.value.problem.line("en")
