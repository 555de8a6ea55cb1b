"""From cells as staff typed them to typed columns, and what could not be read: nothing typed is changed, only understood.

Each distinct value of a column is read once, so that half a million order lines take seconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crmbook.problems import Problem, Severity
from crmbook.reading import kinds
from crmbook.reading.cell import BLANK, Reader, Remark, UnreadableError, shown
from crmbook.reading.kinds import FLOATS
from crmbook.reading.row_keys import key_of, row_key
from crmbook.schema import ALL, BY_ID, Column, Table
from crmbook.text import Text

Locate = Callable[[int, str], str]  # position of the row, id of the column → where a person finds that cell
Locator = Callable[[str, int, str], str]  # the same for any table, whose id comes first
SINGLY = 50  # rows with the same problem in one column that are named one by one
# Leaving out a row of these tables would take every order of that customer or product with it.
LEANED_ON = frozenset(c.refers for t in ALL for c in t.columns) - {""}
Meant = Callable[[str], str | None]
Array = np.ndarray[Any, np.dtype[Any]]
Positions = Sequence[int] | Array
NUMBERS = ("floating", "integer", "mixed-integer-float")  # as pandas calls what a column holds

REQUIRED = Text("{column}为空", "{column} is blank")
FILL_IN = Text("请填写", "fill it in")
REST = Text("{column}另有 {count} 行有同样的问题", "{column}: {count} more rows have the same problem")
REST_FIX = Text("处理方法同上", "mend them in the same way")
SIMILAR = Text("{first}（本列共 {count} 处类似）", "{first} ({count} cells like this in the column)")
IN_ROWS = Text("{what}（共 {count} 行）", "{what} ({count} rows)")
MEANT = Text("是否应为“{id}”？{fix}", "did you mean “{id}”? {fix}")
LEFT_BLANK = Text("{fix}；改正前按空白处理", "{fix}; until then it counts as blank")
LEFT_OUT = Text("{fix}；改正前该行不计入", "{fix}; until then the row is left out")


@dataclass(frozen=True, slots=True)
class Understood:
    """frame: every row, None or NaN where blank or unreadable. unread: what a cell holds that could not be read, by
    column. out: rows that must be left out. empty: rows in which nothing stands. raw: every row as typed, of equal texts one."""

    frame: pd.DataFrame
    unread: Mapping[str, np.ndarray[Any, np.dtype[np.bool_]]]
    out: np.ndarray[Any, np.dtype[np.bool_]]
    empty: np.ndarray[Any, np.dtype[np.bool_]]
    problems: list[Problem]
    raw: pd.DataFrame

    @property
    def typed(self) -> pd.DataFrame:
        """The rows that count; the index is each row's position."""
        left_out = self.out | self.empty
        return self.frame[~left_out] if left_out.any() else self.frame

    def carried(self, raw: pd.DataFrame) -> pd.DataFrame:
        """The raw frame with numbers, dates and ids of choices in place of their text, where they could be read."""
        return pd.DataFrame({id: self._carried(id, typed) for id, typed in raw.items()}, raw.index, copy=False)

    def _carried(self, id: Any, typed: "pd.Series[Any]") -> "pd.Series[Any]":
        unread = self.unread.get(id)
        found: pd.Series[Any] = self.frame.get(id, typed)
        if unread is not None and not unread.any():
            return found
        typed = typed.astype(object).where(typed.notna(), None)
        return typed if unread is None else found.astype(object).where(~unread, typed)


def understand(table: Table, raw: pd.DataFrame, locate: Locate, *, date1904: bool = False) -> Understood:
    """Everything that can be said about the raw frame of a table by looking at its cells one by one.

    `date1904`: serial numbers of days count from 1904."""
    size = len(raw)
    raw = raw.reset_index(drop=True)
    columns = {c.id: _read(raw[c.id].to_numpy(object), c, date1904=date1904) for c in table.columns if c.id in raw}
    columns |= {
        c.id: _unsaid(columns[c.id]) for c in table.columns if c.ours and c.id not in table.key and c.id in columns
    }
    empty = np.logical_and.reduce([np.ones(size, dtype=bool), *(read.blank for read in columns.values())])
    out, nothing = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    problems: list[Problem] = []
    values: dict[str, Array] = {}
    for column in table.columns:
        read = columns.get(column.id) or _nothing(column, size)
        values[column.id] = read.found
        fatal = column.id in table.key or table.id not in LEANED_ON
        say = _Speaker(table, column, raw, locate, "error" if fatal else "warning")
        problems += say.unread(read)
        missing = read.blank & ~empty if column.required else nothing
        problems += say.missing(np.flatnonzero(missing))
        if fatal:
            out |= read.unread | missing
        elif column.required and column.kind == "text":  # a customer without a name is shown by its number
            values[column.id] = np.where(pd.isna(read.found), values[table.key[0]], read.found)
    unread = {id: read.unread for id, read in columns.items()}
    fewer = {id: read.typed for id, read in columns.items() if read.typed is not None}
    typed = pd.DataFrame({**raw, **_series(fewer, raw.index)}, raw.index, copy=False)
    return Understood(_frame(values, raw.index), unread, out, empty, problems, typed)


@dataclass(frozen=True, slots=True)
class _Read:
    """A column as found, of its kind, where it is blank, where unreadable, and why (by the code of its value). typed: the column
    as it was typed, in fewer objects, if there is a way."""

    typed: Array | None
    found: Array
    blank: np.ndarray[Any, np.dtype[np.bool_]]
    unread: np.ndarray[Any, np.dtype[np.bool_]]
    codes: np.ndarray[Any, np.dtype[np.int64]]
    faults: Mapping[int, UnreadableError]
    remarks: Mapping[int, Remark]


def _read(raw: Array, column: Column, *, date1904: bool) -> _Read:
    inferred = pd.api.types.infer_dtype(raw, skipna=True)
    if inferred == "empty":
        return _nothing(column, len(raw))
    if inferred in NUMBERS and column.kind in FLOATS and (quick := _read_floats(raw, column)) is not None:
        return quick
    told_apart = raw
    if inferred in ("boolean", "mixed", "mixed-integer"):  # or TRUE would be taken for the number 1
        told_apart = np.array([str(v).upper() if isinstance(v, bool) else v for v in raw.tolist()], object)
    codes, distinct = pd.factorize(told_apart)
    cells = distinct.tolist()
    typed = np.array([*cells, None], object)[codes] if inferred == "string" else None  # many texts, few different ones
    faults: dict[int, UnreadableError] = {}
    remarks: dict[int, Remark] = {}
    found = kinds.at_once(column, cells) if inferred == "string" else None
    if found is None:
        found = _one_by_one(kinds.reader(column, date1904=date1904), cells, faults, remarks)
    values = _array([*found, None], column)  # code -1 takes the last: blank
    unread = np.isin(codes, list(faults)) if faults else np.zeros(len(raw), dtype=bool)
    return _Read(typed, values[codes], pd.isna(values)[codes] & ~unread, unread, codes, faults, remarks)


def _one_by_one(
    read: Reader, cells: Iterable[Any], faults: dict[int, UnreadableError], remarks: dict[int, Remark]
) -> list[Any]:
    """What the reader finds in each cell, None in one that cannot be read; the faults and remarks are noted by its number."""
    found = []
    for code, value in enumerate(cells):
        try:
            cell = read(value)
        except UnreadableError as fault:
            faults[code], cell = fault, BLANK
        if cell.remark is not None:
            remarks[code] = cell.remark
        found.append(cell.value)
    return found


def _nothing(column: Column, size: int) -> _Read:
    """A column that is not there, or in which nothing stands: blank in every row."""
    no, blank = np.zeros(size, dtype=bool), _array([None], column)
    return _Read(None, blank.repeat(size), ~no, no, np.zeros(size, dtype=np.int64), {}, {})


def _unsaid(read: _Read) -> _Read:
    """A column of ours: nothing is said of what stands in it, as that is put right."""
    return replace(read, unread=np.zeros_like(read.unread), faults={}, remarks={})


def _read_floats(raw: Array, column: Column) -> _Read | None:
    """A column of numbers at once, where all of them are within their range; None otherwise."""
    typed = pd.to_numeric(raw).astype(float)  # which takes every kind of blank
    found = (typed.round(4) if column.kind == "money" else typed) + 0.0
    high = min(1e15 if column.high is None else column.high, 1e15)
    blank = np.isnan(found)
    if not (blank | ((found >= (-1e15 if column.low is None else column.low)) & (found <= high))).all():
        return None
    return _Read(typed, found, blank, np.zeros(len(raw), dtype=bool), np.zeros(len(raw), dtype=np.int64), {}, {})


def _array(found: list[Any], column: Column) -> np.ndarray[Any, Any]:
    if column.kind in FLOATS:
        return np.array([np.nan if v is None else v for v in found], dtype=float)
    if column.kind in {"date", "moment"}:
        return np.array(found, dtype="datetime64[s]").astype("datetime64[ns]")
    return np.array(found, dtype=object)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Makes the problems of one column."""

    table: Table
    column: Column
    raw: pd.DataFrame
    locate: Locate
    severity: Severity

    def unread(self, read: _Read) -> list[Problem]:
        """What could not be read, row by row; what was read as something else, one line per kind of remark."""
        problems = several(np.flatnonzero(read.unread), self._fault(read), self.column.label)
        for remark in dict.fromkeys(read.remarks.values()):
            codes = [code for code, found in read.remarks.items() if found is remark]
            positions = np.flatnonzero(np.isin(read.codes, codes))
            first = int(positions[0])
            what = remark.what.fill(
                value=shown(self.raw[self.column.id].iloc[first]), read=_said(read.found[first], self.column)
            )
            if len(positions) > 1:
                what = SIMILAR.fill(first=what, count=len(positions))
            problems.append(replace(self._at(first, what, remark.fix, "warning"), count=len(positions)))
        return problems

    def missing(self, positions: Positions) -> list[Problem]:
        """Cells that must be filled in and are not."""
        what = REQUIRED.fill(column=self.column.label)
        fix = LEFT_OUT.fill(fix=FILL_IN) if self.severity == "error" else FILL_IN
        return several(positions, lambda at: self._at(at, what, fix, self.severity), self.column.label)

    def _fault(self, read: _Read) -> Callable[[int], Problem]:
        after = LEFT_OUT if self.severity == "error" else LEFT_BLANK

        def fault(at: int) -> Problem:
            why = read.faults[int(read.codes[at])]
            return self._at(at, why.what, after.fill(fix=why.fix), self.severity)

        return fault

    def _at(self, at: int, what: Text, fix: Text, severity: Severity) -> Problem:
        return Problem(
            self.locate(at, self.column.id), what, fix, severity, self.table.id, key_of(self.table, self.raw, at)
        )


def several(positions: Positions, problem: Callable[[int], Problem], label: Text, more: Positions | None = None) -> list[Problem]:  # fmt: skip
    """The problem at each position: the first 50 singly, and one line that speaks for the rest.

    `more`: for how many rows each of them speaks, if not for one.
    """
    singly = [problem(int(at)) for at in positions[: SINGLY if len(positions) > SINGLY + 1 else None]]
    if len(singly) == len(positions):
        return singly
    count = int(sum(more[SINGLY:])) if more is not None else len(positions) - SINGLY
    what = REST.fill(column=label, count=count)
    return [*singly, replace(problem(int(positions[SINGLY])), what=what, fix=REST_FIX, count=count)]


def by_value(table: Table, frame: pd.DataFrame, which: Any, column: str, locate: Locator, *, what: Text, fix: Text, severity: Severity = "warning", meant: Meant | None = None) -> list[Problem]:  # fmt: skip
    """One problem for each value that stands in the column in the rows that `which` marks, said of the first such row.

    `{id}` in the words is the value; `meant` answers with the value that was probably meant instead.
    """
    rows = np.flatnonzero(which)
    codes, _ = pd.factorize(frame[column].iloc[rows])
    _, firsts, counts = np.unique(codes, return_index=True, return_counts=True)
    positions, values, label = frame.index.to_numpy(), frame[column], table.column(column).label

    def problem(code: int) -> Problem:
        row = int(rows[firsts[code]])
        value = values.iloc[row]
        said = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else shown(value)
        words = what.fill(id=said, label=label)
        if (count := int(counts[code])) > 1:
            words = IN_ROWS.fill(what=words, count=count)
        where = locate(table.id, int(positions[row]), column)
        instead = meant(str(value)) if meant else None
        mend = fix if instead is None else MEANT.fill(id=instead, fix=fix.sentence())
        return Problem(where, words, mend, severity, table.id, row_key(table, frame, row), count)

    return several(range(len(counts)), problem, label, counts)


def _said(value: Any, column: Column) -> str:
    if column.kind in {"date", "moment"}:
        return f"{pd.Timestamp(value):%Y-%m-%d{'' if column.kind == 'date' else ' %H:%M'}}"
    return f"{value:.15g}" if column.kind in FLOATS else str(value)


def empty(id: str) -> pd.DataFrame:
    """The typed frame of a table that holds nothing."""
    return _frame({c.id: _nothing(c, 0).found for c in BY_ID[id].columns}, pd.RangeIndex(0))


def _frame(columns: Mapping[str, Array], index: pd.Index) -> pd.DataFrame:
    """A frame of arrays as they are: plain ones would each be looked at for what they hold."""
    return pd.DataFrame(_series(columns, index), index, copy=False)


def _series(columns: Mapping[str, Array], index: pd.Index) -> "dict[str, pd.Series[Any]]":
    return {id: pd.Series(of, index, of.dtype, copy=False) for id, of in columns.items()}
