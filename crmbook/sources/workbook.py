"""Reads the entry forms of a crmbook workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmbook import keep
from crmbook.binding import Book, Standing, bind, demand, plain, rows, sheet_ref
from crmbook.ooxml import Workbook
from crmbook.paths import WORKBOOKS
from crmbook.problems import Problem, stop
from crmbook.reading.crosscheck import together
from crmbook.reading.tidy import Locator, Understood, understand
from crmbook.schema import ALL, BY_ID, Column
from crmbook.source import Reading, Source
from crmbook.text import Lang, Text

NEEDED = ("customers", "orders")
NO_TABLE = Text("工作簿中没有“{label}”表（{table}）", "the workbook has no table “{label}” ({table})")
LOOKS_LIKE_DATA = 3  # cells of ours filled in one row
APART = Text("从这里起有 {count} 行与上面的表格隔开，没有读取", "from here on {count} rows stand apart from the table above and are not read")  # fmt: skip
CLOSE_UP = Text("如果是数据，请删除中间的空行并补全编号；否则请移到别的工作表", "if they are data, delete the blank rows between and fill in the ids; otherwise move them to another sheet")  # fmt: skip
ELSEWHERE = Text("标题行在第 {row} 行，而这张表格的标题行是第 {header} 行，数据会读漏或读错", "a header stands in row {row}, but that of the table is row {header}: rows would be missed or misread")  # fmt: skip
MOVE = Text("请移动粘贴的内容，使标题行落在第 {header} 行", "move what was pasted, so that its header comes to stand in row {header}")  # fmt: skip
UNDO = Text("请用 crmbook undo 恢复上一版本", "bring the last version back with crmbook undo")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry form as read; `apart` tells of rows below it."""

    standing: Standing
    understood: Understood
    apart: Problem | None


def read_workbook(workbook: Book) -> Reading:
    """The entry forms that stand in the workbook; a needed form or column that is gone stops the run."""
    found = {t.id: read_entry(workbook, t.id, t.columns) for t in ALL}
    return reading({id: entry for id, entry in found.items() if entry is not None})


def read_entry(workbook: Book, id: str, columns: Sequence[Column]) -> Entry | None:
    """An entry form with these columns as it stands in the workbook, None if its table is not there; a needed column that is
    gone stops the run. No more is kept of it than its cells as typed."""
    standing = bind(workbook, id, columns)
    if standing is None:
        return None
    demand(standing, [c for c in BY_ID[id].columns if c.required])
    _must_begin_where_it_did(workbook, standing)
    raw = rows(workbook, standing)
    apart = _outside(workbook, standing)
    workbook.release(standing.sheet)
    return Entry(standing, understand(BY_ID[id], raw, standing.address, date1904=workbook.is_1904), apart)


def reading(entries: Mapping[str, Entry]) -> Reading:
    """The entry forms that stand in a workbook, held against each other; a needed one that is gone stops the run."""
    for id in NEEDED:
        if id not in entries:
            raise stop(f"crm_{id}", NO_TABLE.fill(label=BY_ID[id].label, table=f"crm_{id}"), UNDO)
    found = {t.id: entries[t.id] for t in ALL if t.id in entries}

    def locate(table: str, position: int, column: str) -> str:
        return found[table].standing.address(position, column)

    understood = {id: entry.understood for id, entry in found.items()}
    tables, problems = together(understood, locate, locate("customers", 0, "customer_id"))
    outside = [entry.apart for entry in found.values() if entry.apart is not None]
    return Reading(tables, {id: each.raw for id, each in understood.items()}, [*problems, *outside])


def _must_begin_where_it_did(workbook: Book, standing: Standing) -> None:
    """Stops where an export was pasted above the table's header, or below it, with a header of its own."""
    header = standing.table.header_row
    needed = [{plain(c.label.zh), plain(c.label.en)} for c in BY_ID[standing.form].columns if c.required]
    near = workbook.values(standing.sheet)[: header + 1]
    held = [{plain(cell) for cell in row if isinstance(cell, str)} for row in near]
    if len(needed) < 2 or len(held) < header or any(held[header - 1] & words for words in needed):
        return
    if row := next((n for n, said in enumerate(held, 1) if all(said & words for words in needed)), 0):
        where = f"{sheet_ref(standing.sheet)}!A{row}"
        raise stop(where, ELSEWHERE.fill(row=row, header=header), MOVE.fill(header=header))


def _outside(workbook: Book, standing: Standing) -> Problem | None:
    """An error for rows that look like data but stand apart from the table, below a blank line: they are not read."""
    below = workbook.values(standing.sheet)[standing.last_row :]
    needed = {standing.columns[c.id] for c in BY_ID[standing.form].columns if c.required and c.id in standing.columns}
    held = [{at for at in standing.columns.values() if at <= len(row) and row[at - 1] != ""} for row in below]
    filled = [len(cells) >= LOOKS_LIKE_DATA or (len(cells) > 1 and needed <= cells) for cells in held]
    if not any(filled) or any(
        t.header_row > standing.last_row for t in workbook.tables.values() if t.sheet.name == standing.sheet
    ):
        return None
    first = standing.last_row + 1 + filled.index(True)
    where = standing.address(first - standing.table.first_row, BY_ID[standing.form].key[0])
    return Problem(where, APART.fill(count=sum(filled)), CLOSE_UP, form=standing.form, count=sum(filled))


def read(path: Path, lang: Lang = "zh", locate: Locator | None = None) -> Reading:
    """The entry forms of the workbook at a path; its problems always name their own cells."""
    return read_workbook(Workbook(keep.load(path)))


SOURCE = Source("workbook", lambda path: path.is_file() and path.suffix.lower() in WORKBOOKS, read)
