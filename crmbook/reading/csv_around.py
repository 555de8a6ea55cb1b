"""What an export writes around its data: a title and notes above the names of the columns, totals and notes at the end."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from crmbook.problems import Problem
from crmbook.reading.cell import fold, shown
from crmbook.reading.csv_text import first
from crmbook.schema import Table
from crmbook.text import Text

ABOVE = Text("列名在第 {line} 行，没有读取上面的 {count} 行（{said}）", "the names of the columns stand in line {line}; lines above it that were not read: {count} ({said})")  # fmt: skip
NO_DATA = Text("如果其中有数据，请移到列名之下；否则无需处理", "if data stand there, move them below the names; otherwise nothing is to be done")  # fmt: skip
BELOW = Text("末尾的 {count} 行像是合计或制表说明，没有读取（{said}）", "lines at the end that look like totals or notes and were not read: {count} ({said})")  # fmt: skip
NO_TOTAL = Text(
    "如果其中有数据，请填全该行；否则无需处理", "if one holds data, fill it in; otherwise nothing is to be done"
)
TOTAL = Text(r"合计|总计|共计|小计|共\d+[条行笔个户].*", "(grand|sub)?total")
TOP = 30  # lines among which the names of the columns stand: a bank writes some twenty above them


def ids_of(table: Table) -> dict[str, str]:
    """A name of a column, folded → the id of what it means."""
    return {fold(word): c.id for c in table.columns for word in (c.label.zh, c.label.en, c.id)}


def above_names(text: str, ids: Mapping[str, str]) -> int:
    """How many lines, a title or notes of the export, stand above the first one with two names of columns; 0 if there is none.

    `ids`: what each name, folded, means.
    """
    lines = text.split("\n", TOP)[:TOP]
    for at, line in enumerate(lines):
        if len({ids[fold(cell)] for cell in first(line) if fold(cell) in ids}) > 1:
            is_within_text = sum(line.count('"') for line in lines[:at]) % 2
            return 0 if is_within_text else at
    return 0


def passed_over(file: Path, above: Sequence[str], form: str) -> list[Problem]:
    """A warning where something stands above the names of the columns."""
    words = [" ".join(re.sub(r'[,;\t"]', " ", line).split()) for line in above]
    if not any(words):
        return []
    what = ABOVE.fill(line=len(above) + 1, count=len(above), said=shown(next(filter(None, words))))
    return [Problem(f"{file.name}:1", what, NO_DATA, "warning", form)]


def below_data(frame: pd.DataFrame, needed: Collection[str]) -> int:
    """How many rows stand above those at the end that sum up, or say who made the list; all, if there are none.

    `needed`: the columns of which a row of data leaves none blank.
    """
    last = len(frame)
    for at in range(last - 1, -1, -1):
        cells = frame.iloc[at].dropna()
        words = [fold(cell) for cell in cells if fold(cell)]
        is_note = len(words) == 1 and ":" in words[0]
        if words and (
            cells.index.isin(needed).sum() == len(needed)
            or not (is_note or re.fullmatch(f"({TOTAL.zh}|{TOTAL.en}):?", words[0]))
        ):
            break
        last = at if words else last
    return last


def left_below(rows: pd.DataFrame, where: Callable[[int, str], str], form: str) -> list[Problem]:
    """A warning for rows at the end that were not read."""
    words = [shown(row.dropna().iloc[0]) for _, row in rows.iterrows() if row.notna().any()]
    if not words:
        return []
    said = Text("、".join(words), ", ".join(words))
    place, what = where(int(rows.index[0]), "").rstrip(":"), BELOW.fill(count=len(words), said=said)
    return [Problem(place, what, NO_TOTAL, "warning", form)]
