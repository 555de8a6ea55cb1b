"""Finds a form's table and its columns in a workbook, wherever the user has moved them and whatever they are called now."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

import numpy as np
import pandas as pd

from crmbook.ooxml import Area, Sheet, Table, parse_ref
from crmbook.ooxml.refs import letters, quoted
from crmbook.problems import stop
from crmbook.schema import BY_ID, Column
from crmbook.text import Text

_UNQUOTED = re.compile(r"[^\W\d]\w*")  # Excel writes such a sheet name without quotes
LISTS = "_crm.list."  # no form has this id
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", re.ASCII)

NO_COLUMN = Text("缺少“{column}”列", "the column “{column}” is missing")
RESTORE = Text("请用 crmbook undo 恢复上一版本，或插入一列并以“{column}”为列名", "bring the last version back with crmbook undo, or insert a column with the header “{column}”")  # fmt: skip


class Book(Protocol):
    """What is read of a workbook, be it a closed file or one that is open in Excel."""

    @property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in the order of their tabs."""

    @property
    def tables(self) -> dict[str, Table]:
        """The tables of all sheets by their name."""

    @property
    def names(self) -> dict[str, str]:
        """The workbook's defined names → what they stand for, without the equals sign."""

    @property
    def is_1904(self) -> bool:
        """True if days are counted from 1904."""

    def values(self, sheet_name: str) -> list[list[Any]]:
        """The sheet's values from A1 on, every row to one width: float, str, bool, datetime, '' for blank."""

    def release(self, sheet_name: str) -> None:
        """Lets go of a sheet's values."""

    def marked(self, sheet_name: str) -> list[Area]:
        """The cells of a sheet that carry a comment or a link."""

    def formula_cells(self, sheet_name: str) -> set[tuple[int, int]]:
        """Row and column of every cell of a sheet that holds a formula."""

    def hidden(self, table: Table) -> set[int]:
        """The rows of a table that are hidden, by a filter or by hand, as far as somebody else than a program that is open has to
        reckon without them."""

    def widened(self, table: Table) -> Table:
        """The table with the columns that staff began directly beside it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a form stands: its table, the sheet column (1 = A) of each of its columns that is still there, and the
    columns inside the table that are the user's own. `table` is wider than the file's where staff began columns beside
    it, and `last_row` goes past the table's where they typed rows directly under it, and the program did not grow it."""

    form: str
    sheet: str
    table: Table
    columns: Mapping[str, int]
    unknown: tuple[int, ...]
    last_row: int

    def address(self, position: int, column: str) -> str:
        """`订单!C17`: the cell of a column in the row at a position; a column that is gone answers with the row's first cell."""
        return f"{sheet_ref(self.sheet)}!{letters(self.columns.get(column, self.table.first_col))}{self.table.first_row + position}"


def name_of(form: str, cell: str) -> str:
    """The hidden defined name of a form's header cell or bound cell."""
    return f"_crm.{form}.{cell}"


def list_name(column: str) -> str:
    """The hidden defined name of the data in a column, given as `form.column`: what dropdowns on other sheets offer."""
    return f"{LISTS}{column}"


def sheet_ref(sheet: str) -> str:
    """The sheet's name as a reference begins with it: in quotes only where Excel asks for them."""
    return sheet if _UNQUOTED.fullmatch(sheet) and not _CELL_LIKE.fullmatch(sheet) else quoted(sheet)


def bind(workbook: Book, form: str, columns: Sequence[Column]) -> Standing | None:
    """Where the form stands in the workbook; None if its table is not there.

    A column is found by the hidden name of its header cell, which follows it through renaming and moving; where the
    name is gone, by its label in either language; headers that were pasted over go before the names. Columns that staff
    began directly to the right count as the table's, as they would in Excel; `Standing.table` is then wider than the one in
    the file.
    """
    table = next((t for name, t in workbook.tables.items() if name.casefold() == f"crm_{form}".casefold()), None)
    if table is None:
        return None
    table = workbook.widened(table)
    found: dict[str, int] = {}
    for places in _places(workbook, form, table, columns):
        for id, at in places.items():
            if id not in found and at not in found.values():
                found[id] = at
    found = {c.id: found[c.id] for c in columns if c.id in found}
    inside = range(table.first_col, table.last_col + 1)
    unknown = tuple(at for at in inside if at not in found.values())
    last_row = _last_row(workbook, form, table, found)
    return Standing(form, table.sheet.name, table, found, unknown, last_row)


def sheets(workbook: Book) -> dict[str, str]:
    """The sheet on which each form stands now, by the form's id."""
    found: dict[str, str] = {}
    there = {s.name for s in workbook.sheets}
    for name, text in workbook.names.items():
        target = parse_ref(text) if name.startswith("_crm.") and name.count(".") > 1 else None
        if target is not None and target[0] in there:
            found.setdefault(name.split(".")[1], target[0])
    return found


def typed(workbook: Book, form: str, cells: Iterable[str]) -> dict[str, object]:
    """What stands in these bound cells of a form; None in one that is blank or gone."""
    found: dict[str, object] = {}
    for cell in cells:
        target, found[cell] = parse_ref(_meaning(workbook.names, name_of(form, cell))), None
        if target is not None and any(s.name == target[0] for s in workbook.sheets):
            row = next(iter(workbook.values(target[0])[target[1].top - 1 : target[1].top]), [])
            held = row[target[1].left - 1] if target[1].left <= len(row) else ""
            found[cell] = None if held == "" else held
    return found


def demand(standing: Standing, columns: Iterable[Column]) -> None:
    """Stops the run if one of the columns without which the form cannot be read is gone."""
    for column in columns:
        if column.id not in standing.columns:
            raise stop(standing.sheet, NO_COLUMN.fill(column=column.label), RESTORE.fill(column=column.label))


def rows(workbook: Book, standing: Standing, ids: Container[str] | None = None) -> pd.DataFrame:
    """The form's rows as typed; columns are the ids bound, then the user's own as `?<sheet column>`, or of these only
    `ids`. Blank is None."""
    first, last = standing.table.first_row, standing.last_row
    held = workbook.values(standing.sheet)[first - 1 : last]
    columns = {**standing.columns, **{f"?{at}": at for at in standing.unknown}}
    index = pd.RangeIndex(last - first + 1)
    typed = {}
    for id, at in columns.items():
        if ids is None or id in ids:
            cells = _column(held, at)
            cells[cells == ""] = None
            below = len(index) - len(held)  # rows of the table below all that is filled are blank
            cells = np.append(cells, np.full(below, None)) if below else cells
            typed[id] = pd.Series(cells, index, dtype=object, copy=False)
    return pd.DataFrame(typed, index=index, copy=False)


def _column(held: Sequence[Sequence[Any]], at: int) -> np.ndarray[Any, np.dtype[np.object_]]:
    """One sheet column of these rows, which are read to one width; blank beyond it."""
    if not held or at > len(held[0]):
        return np.full(len(held), "", dtype=object)
    return np.fromiter(map(itemgetter(at - 1), held), dtype=object, count=len(held))


def has_grown(workbook: Book, standing: Standing) -> bool:
    """True if staff typed rows under the table or columns beside it, and the program did not take them into it."""
    table = workbook.tables[standing.table.name]
    return standing.last_row > table.last_row or standing.table.last_col > table.last_col


def annotated(workbook: Book, standing: Standing) -> list[int]:
    """The positions of the form's rows that carry a comment or a link: such a row is held even when its key has gone."""
    table = standing.table
    marked = workbook.marked(standing.sheet)
    rows = {area.top for area in marked if table.first_col <= area.left <= table.last_col}
    return sorted(row - table.first_row for row in rows if table.first_row <= row <= standing.last_row)


def filled(workbook: Book, standing: Standing, columns: Iterable[int]) -> set[tuple[int, int]]:
    """Where something stands in these sheet columns of the form's rows: position of the row, sheet column."""
    held = workbook.values(standing.sheet)[standing.table.first_row - 1 : standing.last_row]
    return {(at, column) for column in columns for at in np.flatnonzero(_column(held, column) != "").tolist()}


def _meaning(names: Mapping[str, str], name: str) -> str:
    """What a defined name stands for, in whatever case it is spelt; empty if it is gone."""
    if name in names:
        return names[name]
    return next((text for other, text in names.items() if other.casefold() == name.casefold()), "")


def _named(table: Table, text: str) -> int | None:
    """The sheet column to which a header's name points, if that is a header of this table."""
    found = parse_ref(text)
    if found is None or found[0].casefold() != table.sheet.name.casefold():
        return None
    area = found[1]
    inside = table.first_col <= area.left <= table.last_col
    return area.left if area.is_cell and area.top == table.header_row and inside else None


def _places(workbook: Book, form: str, table: Table, columns: Sequence[Column]) -> Iterator[dict[str, int]]:
    """Where the columns may stand, the surest places first: where name and header agree, where one of them says so."""
    texts = {table.first_col + i: plain(text) for i, text in enumerate(table.columns)}
    headers = {text: at for at, text in reversed(texts.items())}
    pointed = {c.id: _named(table, _meaning(workbook.names, name_of(form, c.id))) for c in columns}
    named = {id: at for id, at in pointed.items() if at is not None}
    said = {c.id: headers[word] for c in columns for word in reversed(_labels(c)) if word in headers}
    labels = {c.id: _labels(c) for c in columns}
    sure = {id: at for id, at in named.items() if texts[at] in labels[id]}
    yield sure
    # Where the name of one column points, another's label stands that should stand elsewhere: staff pasted a table over this
    # one, header and all. Where that is so of several, names say nothing of the columns that are not ours.
    strayed = {word for id in named if id not in sure for word in labels[id]}
    pasted = sum(texts[at] in strayed for id, at in named.items() if id not in sure)
    yield from ((named, said), (said, named), (said,))[min(pasted, 2)]


def _labels(column: Column) -> tuple[str, str]:
    """The column's label in either language, as headers are compared."""
    return plain(column.label.zh), plain(column.label.en)


def plain(header: str) -> str:
    """A header as it is compared: blanks, line breaks and case do not count."""
    return "".join(header.split()).casefold()


def _last_row(workbook: Book, form: str, table: Table, columns: Mapping[str, int]) -> int:
    """The table's last row, or that of the rows typed under an entry form's table.

    A row under the table counts if its key and one more of our cells are filled: a line such as "made by …" does not.
    """
    schema = BY_ID.get(form)
    if schema is None or table.totals_rows or schema.key[0] not in columns:
        return table.last_row
    below = workbook.values(table.sheet.name)[table.last_row :]
    others = [t for t in workbook.tables.values() if t.sheet.part == table.sheet.part and t.header_row > table.last_row]
    ends = min(
        (t.header_row for t in others if t.first_col <= table.last_col and t.last_col >= table.first_col), default=0
    )
    last = table.last_row
    for row in below[: ends - last - 1] if ends else below:
        filled = [id for id, at in columns.items() if at <= len(row) and row[at - 1] != ""]
        if schema.key[0] not in filled or len(filled) < 2:
            break
        last += 1
    return last
