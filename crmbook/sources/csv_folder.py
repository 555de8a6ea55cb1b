"""Reads a folder of CSV files, one per table, named by the table's id or its name: `orders.csv` or its Chinese name."""

import csv
import io
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from crmbook import kinds, paths
from crmbook.crosscheck import together
from crmbook.problems import Problem, stop
from crmbook.schema import ALL, BY_ID, Table
from crmbook.source import Reading, Source
from crmbook.text import Lang, Text
from crmbook.tidy import Locator, understand

NEEDED = ("customers", "orders")
NO_FILE = Text("文件夹中没有 {file}", "there is no {file} in the folder")
ADD_FILE = Text("请放入 {file}（或“{name}.csv”）", "put {file} there (or “{name}.csv”)")
EMPTY = Text("文件是空的", "the file is empty")
EXPORT_AGAIN = Text(
    "请重新导出，第一行为列名：{columns}", "export it again, with the names of the columns in the first line: {columns}"
)
NO_COLUMN = Text("缺少“{column}”列（{id}）；现有的列：{columns}", "the column “{column}” ({id}) is missing; the columns here are: {columns}")  # fmt: skip
ADD_COLUMN = Text("请加上这一列，或把对应的列名改为“{column}”", "add this column, or give the column that holds it the name “{column}”")  # fmt: skip
NO_TEXT = Text("不是 UTF-8 或 GB18030 编码的文本文件", "this is not a text file in UTF-8 or GB18030")
SAVE_AS = Text("请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "save it in Excel as “CSV UTF-8 (Comma delimited)”")
GUESSED = Text(
    "文件编码不是 UTF-8 或 GB18030，按 Latin-1 读取", "the file is neither UTF-8 nor GB18030 and was read as Latin-1"
)
LOOK = Text("如文字有误，请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "if letters look wrong, save it in Excel as “CSV UTF-8 (Comma delimited)”")  # fmt: skip
UNEVEN = Text("这一行的列数比列名多", "this line has more columns than there are names of columns")
BROKEN = Text("引号没有成对", "a double quote has no partner")
QUOTE = Text("请给含有分隔符或引号的内容加上双引号，或重新导出", "put double quotes around text that holds the separator or a quote, or export the file again")  # fmt: skip


def read(path: Path, lang: Lang = "zh", locate: Locator | None = None) -> Reading:
    """The tables in the folder; unknown columns stay in the raw frames and do not reach the typed ones.

    In the raw frames numbers and dates are such, and choices are ids, wherever they could be read.
    """
    homes = {"playbook": (paths.SAMPLE_DATA, path)}  # a book begins with our library where the folder has none
    files = {t.id: f for t in ALL for home in homes.get(t.id, (path,)) if (f := _file(home, t, lang))}
    for id in NEEDED:
        if id not in files:
            raise stop(path, NO_FILE.fill(file=f"{id}.csv"), ADD_FILE.fill(file=f"{id}.csv", name=BY_ID[id].label))
    sheets = {id: _Sheet.of(file, BY_ID[id]) for id, file in files.items()}
    find = locate or (lambda table, position, column: sheets[table].where(position, column))
    understood = {id: understand(BY_ID[id], sheet.frame, partial(find, id)) for id, sheet in sheets.items()}
    tables, problems = together(understood, find, files["customers"].name)
    guessed = [Problem(sheet.file.name, GUESSED, LOOK, "warning", id) for id, sheet in sheets.items() if sheet.guessed]
    raw = {id: understood[id].carried(sheet.frame) for id, sheet in sheets.items()}
    return Reading(tables, raw, [*guessed, *problems])


SOURCE = Source("csv_folder", Path.is_dir, read)


@dataclass(frozen=True)
class _Sheet:
    """One file as read: all cells text, columns named by id where their header is known."""

    file: Path
    text: str
    guessed: bool  # how its letters are encoded
    headers: Mapping[str, str]  # column id → header in the file
    frame: pd.DataFrame

    @classmethod
    def of(cls, file: Path, table: Table) -> "_Sheet":
        text, guessed = _decoded(file)
        needed = [c for c in table.columns if c.required]
        if not text.strip():
            raise stop(file.name, EMPTY, EXPORT_AGAIN.fill(columns=", ".join(c.id for c in needed)))
        frame = _parsed(file, text)
        named = _named(table, list(frame.columns))
        if missing := [c for c in needed if c.id not in named.values()]:
            what = NO_COLUMN.fill(column=missing[0].label, id=missing[0].id, columns=", ".join(frame.columns))
            raise stop(file.name, what, ADD_COLUMN.fill(column=missing[0].label))
        return cls(file, text, guessed, {id: header for header, id in named.items()}, frame.rename(columns=named))

    def where(self, position: int, column: str) -> str:
        """`orders.csv:17:amount`, with the line of the file and the header as it stands there."""
        return f"{self.file.name}:{self._lines[position] if self._lines else position + 2}:{self.headers.get(column, column)}"

    @cached_property
    def _lines(self) -> list[int]:
        """The line in which each record begins, where a quoted text runs over several; otherwise nothing."""
        if self.text.count("\n") + (not self.text.endswith("\n")) == len(self.frame) + 1:
            return []
        records = csv.reader(io.StringIO(self.text, newline=""), delimiter=_separator(self.text))
        ends = [0, *(records.line_num for _ in records)]
        return [end + 1 for end in ends[1:-1]]


def _file(folder: Path, table: Table, lang: Lang) -> Path | None:
    """The table's file: one made for the language (`playbook.en.csv`) goes before one for all."""
    files = {kinds.fold(file.name): file for file in sorted(folder.iterdir())}
    names = [f"{name}{end}.csv" for end in (f".{lang}", "") for name in (table.id, table.label.zh, table.label.en)]
    return next((files[name] for name in map(kinds.fold, names) if name in files), None)


def _decoded(file: Path) -> tuple[str, bool]:
    """The file's text, and whether its encoding is only the last resort, which reads every byte."""
    data = file.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode text", as Excel saves it
        return data.decode("utf-16", errors="replace"), False
    if b"\x00" in data:
        raise stop(file.name, NO_TEXT, SAVE_AS)
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding), False
    return data.decode("latin-1"), True


def _separator(text: str) -> str:
    return max(",;\t", key=text.split("\n", 1)[0].count)


def _parsed(file: Path, text: str) -> pd.DataFrame:
    """The cells as text, blank ones missing; a line with more cells than there are headers stops the run."""
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False, "na_values": [""], "skip_blank_lines": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame: pd.DataFrame = pd.read_csv(io.StringIO(text), sep=_separator(text), index_col=False, **options)
    except pd.errors.ParserWarning as error:  # the first line already is too long
        raise stop(f"{file.name}:2", UNEVEN, QUOTE) from error
    except pd.errors.ParserError as error:
        at = re.search(r"in line (\d+), saw", str(error))
        raise stop(f"{file.name}:{at[1]}" if at else file.name, UNEVEN if at else BROKEN, QUOTE) from error
    return frame


def _named(table: Table, headers: list[str]) -> dict[str, str]:
    """Header → column id; the first header wins where two mean the same column."""
    ids = {kinds.fold(word): c.id for c in table.columns for word in (c.label.zh, c.label.en, c.id)}
    named: dict[str, str] = {}
    for header in headers:
        id = ids.get(kinds.fold(header))
        if id is not None and id not in named.values():
            named[header] = id
    return named
