"""Reads a folder of CSV files, one per table, named by the table's id or its name: `orders.csv` or its Chinese name."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from crmbook import paths
from crmbook.problems import Problem, stop
from crmbook.reading.cell import fold
from crmbook.reading.crosscheck import together
from crmbook.reading.csv_around import above_names, below_data, ids_of, left_below, passed_over
from crmbook.reading.csv_files import file_of, missing, not_read
from crmbook.reading.csv_text import QUOTE, UNEVEN, decoded, first, headers, parsed, separator
from crmbook.reading.tidy import LEFT_OUT, Locator, several, understand
from crmbook.schema import ALL, BY_ID, Table
from crmbook.source import Reading, Source
from crmbook.text import Lang, Text

NEEDED = ("customers", "orders")
EMPTY = Text("文件是空的", "the file is empty")
EXPORT_AGAIN = Text("请重新导出，第一行为列名：{columns}", "export it again, with the names of the columns in the first line: {columns}")  # fmt: skip
NO_COLUMN = Text("缺少“{column}”列（{id}）；现有的列：{columns}", "the column “{column}” ({id}) is missing; the columns here are: {columns}")  # fmt: skip
ADD_COLUMN = Text("请加上这一列，或把对应的列名改为“{column}”", "add this column, or give the column that holds it the name “{column}”")  # fmt: skip
NOT_OURS = Text("不认识这些列，没有带入工作簿：{columns}", "these columns are not known and did not go into the workbook: {columns}")  # fmt: skip
INSERT = Text("请改用表单的列名；或在生成的表中插入同名的列再粘贴", "use the names of the form's columns; or insert columns of these names into the table that was built and paste them")  # fmt: skip
UNNAMED = Text("第 {number} 列（没有列名）", "column {number} (without a name)")
TWICE = Text("“{name}”列出现两次，读取的是前一列", "the column “{name}” stands twice; the first is read")
SAME = Text("“{name}”与“{first}”是同一列，读取的是前一列“{first}”", "“{name}” is the same column as “{first}”, which stands first and is read")  # fmt: skip
KEEP_ONE = Text("请只保留一列，或给另一列换个名称", "leave one of them, or give the other another name")
GUESSED = Text("文件编码不是 UTF-8 或 GB18030，按 {encoding} 读取", "the file is neither UTF-8 nor GB18030 and was read as {encoding}")  # fmt: skip
LOOK = Text("如文字有误，请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "if letters look wrong, save it in Excel as “CSV UTF-8 (Comma delimited)”")  # fmt: skip


def read(path: Path, lang: Lang = "zh", locate: Locator | None = None) -> Reading:
    """The tables in the folder; unknown columns stay in the raw frames and do not reach the typed ones.

    In the raw frames numbers and dates are such, and choices are ids, wherever they could be read.
    """
    homes = {"playbook": (paths.SAMPLE_DATA, path)}  # a book begins with our library where the folder has none
    files = {t.id: f for t in ALL for home in homes.get(t.id, (path,)) if (f := file_of(home, t, lang))}
    for id in NEEDED:
        if id not in files:
            raise missing(path, BY_ID[id], files)
    sheets = {id: _Sheet.of(file, BY_ID[id]) for id, file in files.items()}
    find = locate or (lambda table, position, column: sheets[table].where(position, column))
    understood = {id: understand(BY_ID[id], sheet.frame, partial(find, id)) for id, sheet in sheets.items()}
    tables, problems = together(understood, find, files["customers"].name)
    unknown = [Problem(x.file.name, NOT_OURS.fill(columns=Text.join(x.unknown, "、", ", ")), INSERT, "warning", id) for id, x in sheets.items() if x.unknown]  # fmt: skip
    around = [p for id, x in sheets.items() for p in (*passed_over(x.file, x.above, id), *left_below(x.below, x.where, id))]  # fmt: skip
    again = [p for id, sheet in sheets.items() for p in sheet.twice(id)]
    guessed = [Problem(x.file.name, GUESSED.fill(encoding=x.guessed), LOOK, "warning", id) for id, x in sheets.items() if x.guessed]  # fmt: skip
    uneven = [p for id, sheet in sheets.items() for p in sheet.too_long(id)]
    raw = {id: understood[id].carried(sheet.frame) for id, sheet in sheets.items()}
    return Reading(tables, raw, [*not_read(path, files), *guessed, *around, *uneven, *again, *unknown, *problems])


def library(lang: Lang) -> pd.DataFrame:
    """The measures of our own library, as a book begins with them."""
    table = BY_ID["playbook"]
    file = file_of(paths.SAMPLE_DATA, table, lang)
    assert file is not None
    frame = _Sheet.of(file, table).frame
    return understand(table, frame, lambda position, column: f"{file.name}:{position + 2}:{column}").carried(frame)


SOURCE = Source("csv_folder", Path.is_dir, read)


@dataclass(frozen=True)
class _Sheet:
    """One file as read: all cells text, columns named by id where their header is known."""

    file: Path
    text: str  # from the names of the columns on
    above: list[str]  # the lines above these
    guessed: str  # the encoding of its letters, if that is a guess
    uneven: list[int]  # lines that are too long and were left out
    headers: Mapping[str, str]  # column id → header in the file
    unknown: list[Text]  # headers that mean no column of the table
    again: list[tuple[str, str]]  # headers that mean the column of an earlier one, and that one
    below: pd.DataFrame  # rows at the end that are no data
    frame: pd.DataFrame

    @classmethod
    def of(cls, file: Path, table: Table) -> "_Sheet":
        text, guessed = decoded(file)
        needed = [c for c in table.columns if c.required]
        export = EXPORT_AGAIN.fill(columns=Text.join([c.label for c in needed], "、", ", "))
        if not text.strip():
            raise stop(file.name, EMPTY, export)
        ids = ids_of(table)
        *above, text = text.split("\n", above_names(text, ids))
        names = first(text)
        known = {ids.get(fold(name)) for name in names}
        if lacking := [c for c in needed if c.id not in known]:
            what = NO_COLUMN.fill(column=lacking[0].label, id=lacking[0].id, columns=", ".join(filter(None, names)))
            where = f"{file.name}:{len(above) + 1}" if above else file.name
            raise stop(where, what, export if known == {None} else ADD_COLUMN.fill(column=lacking[0].label))
        frame, uneven = parsed(file, text, len(above))
        heads = headers(frame, text)
        named, again = _named(ids, heads)
        ours = {id: heads[column] for column, id in named.items()}
        strange = [
            Text.same(head) if head else UNNAMED.fill(number=at)
            for at, (column, head) in enumerate(heads.items(), 1)
            if column not in named and column not in again and (head or frame[column].notna().any())
        ]
        twice = [(heads[column], ours[id]) for column, id in again.items()]
        frame = frame.drop(columns=list(again)).rename(columns=named)
        end = below_data(frame, {c.id for c in needed})
        return cls(file, text, above, guessed, uneven, ours, list(dict.fromkeys(strange)), list(dict.fromkeys(twice)), frame.iloc[end:], frame.iloc[:end])  # fmt: skip

    def twice(self, table: str) -> list[Problem]:
        """A warning for each header that means the column of an earlier one."""
        words = [(TWICE if name == first else SAME).fill(name=name, first=first) for name, first in self.again]
        return [Problem(f"{self.file.name}:{len(self.above) + 1}", what, KEEP_ONE, "warning", table) for what in words]

    def too_long(self, table: str) -> list[Problem]:
        """An error for each line that was left out because it is too long."""
        fix = LEFT_OUT.fill(fix=QUOTE)
        place = Text.same(self.file.name)
        return several(self.uneven, lambda line: Problem(f"{place.zh}:{line}", UNEVEN, fix, form=table), place)

    def where(self, position: int, column: str) -> str:
        """`orders.csv:17:amount`, with the line of the file and the header as it stands there."""
        line = len(self.above) + (self._lines[position] if self._lines else position + 2)
        return f"{self.file.name}:{line}:{self.headers.get(column, column)}"

    @cached_property
    def _lines(self) -> list[int]:
        """The line of the text in which each record begins, where a quoted text runs over several; otherwise nothing."""
        if self.text.count("\n") + (not self.text.endswith("\n")) == len(self.frame) + len(self.below) + 1:
            return []
        records = csv.reader(io.StringIO(self.text, newline=""), delimiter=separator(self.text))
        ends = [0, *(records.line_num for _ in records)]
        return [end + 1 for end in ends[1:-1]]


def _named(ids: Mapping[str, str], heads: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Column of the frame → id of the column that its header means; and apart those whose id an earlier one has."""
    known = {column: ids[fold(head)] for column, head in heads.items() if fold(head) in ids}
    named = {id: column for column, id in reversed(known.items())}
    return {c: id for c, id in known.items() if named[id] == c}, {c: id for c, id in known.items() if named[id] != c}
