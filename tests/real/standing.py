"""A book of real data made once, and what stands in its tables, by column id whatever its language."""

from pathlib import Path

import pandas as pd
import pytest

from crmbook import binding, book, forms
from crmbook.ooxml import Package, Workbook
from crmbook.text import Lang


def build(folder: Path, source: Path, lang: Lang) -> Path:
    """The book of a source, with a place of its own for backups."""
    path = folder / f"book.{lang}.xlsx"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        book.build(path, source=source, lang=lang)
    return path


def table(path: Path, id: str) -> pd.DataFrame:
    """The rows that stand in a form, with the ids of its columns."""
    workbook = Workbook(Package.open(path))
    form = next(form for form in forms.ALL if form.id == id)
    standing = binding.bind(workbook, id, [column.column for column in form.columns])
    assert standing is not None
    return binding.rows(workbook, standing)


def money(path: Path, id: str, column: str, key: str) -> "pd.Series[float]":
    """A column of amounts by the form's key, 0 where blank."""
    rows = table(path, id)
    return rows.set_index(key)[column].astype(object).where(lambda cells: cells.notna(), 0).astype(float)
