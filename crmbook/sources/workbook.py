"""Reads the entry forms of a crmbook workbook."""

from pathlib import Path

from crmbook import keep
from crmbook.binding import Standing, bind, demand, rows
from crmbook.crosscheck import read_all
from crmbook.ooxml import Workbook
from crmbook.problems import Problem, stop
from crmbook.schema import ALL, BY_ID
from crmbook.source import Reading, Source
from crmbook.text import Lang, Text
from crmbook.tidy import Locator

NEEDED = ("customers", "orders")
NO_TABLE = Text("工作簿中没有“{label}”表（{table}）", "the workbook has no table “{label}” ({table})")
LOOKS_LIKE_DATA = 3  # cells of ours filled in one row
APART = Text("从这里起有 {count} 行与上面的表格隔开，没有读取", "from here on {count} rows stand apart from the table above and are not read")  # fmt: skip
CLOSE_UP = Text("如果是数据，请删除中间的空行并补全编号；否则请移到别的工作表", "if they are data, delete the blank rows between and fill in the ids; otherwise move them to another sheet")  # fmt: skip
UNDO = Text("请用 crmbook undo 恢复上一版本", "bring the last version back with crmbook undo")


def read_workbook(workbook: Workbook) -> Reading:
    """The entry forms that stand in the workbook; a needed form or column that is gone stops the run."""
    standings = {t.id: found for t in ALL if (found := bind(workbook, t.id, t.columns)) is not None}
    for id in NEEDED:
        if id not in standings:
            raise stop(f"crm_{id}", NO_TABLE.fill(label=BY_ID[id].label, table=f"crm_{id}"), UNDO)
    for id, standing in standings.items():
        demand(standing, [c for c in BY_ID[id].columns if c.required])
    raw = {id: rows(workbook, standing) for id, standing in standings.items()}

    def locate(table: str, position: int, column: str) -> str:
        return standings[table].address(position, column)

    tables, problems = read_all(raw, locate, date1904=workbook.is_1904)
    outside = [apart for s in standings.values() if (apart := _outside(workbook, s)) is not None]
    return Reading(tables, raw, [*problems, *outside])


def _outside(workbook: Workbook, standing: Standing) -> Problem | None:
    """A warning for rows that look like data but stand apart from the table, below a blank line: they are not read."""
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
    return Problem(where, APART.fill(count=sum(filled)), CLOSE_UP, "warning", standing.form, count=sum(filled))


def read(path: Path, lang: Lang = "zh", locate: Locator | None = None) -> Reading:
    """The entry forms of the workbook at a path; its problems always name their own cells."""
    return read_workbook(Workbook(keep.load(path)))


SOURCE = Source("workbook", lambda path: path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm"), read)
