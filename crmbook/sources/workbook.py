"""Reads the entry forms of a crmbook workbook."""

from pathlib import Path

from crmbook import keep
from crmbook.binding import Standing, bind, rows
from crmbook.crosscheck import read_all
from crmbook.ooxml import Workbook
from crmbook.problems import CannotProceedError, stop
from crmbook.schema import ALL, BY_ID
from crmbook.source import Reading, Source
from crmbook.text import Lang, Text
from crmbook.tidy import Locator

NEEDED = ("customers", "orders")
NO_TABLE = Text("工作簿中没有“{label}”表（{table}）", "the workbook has no table “{label}” ({table})")
NO_COLUMN = Text("缺少“{column}”列", "the column “{column}” is missing")
RESTORE = Text("请用 crmbook undo 恢复上一版本，或插入一列并以“{column}”为列名", "bring the last version back with crmbook undo, or insert a column with the header “{column}”")  # fmt: skip
UNDO = Text("请用 crmbook undo 恢复上一版本", "bring the last version back with crmbook undo")


def read_workbook(workbook: Workbook) -> Reading:
    """The entry forms that stand in the workbook; a needed form or column that is gone stops the run."""
    standings = {t.id: found for t in ALL if (found := bind(workbook, t.id, t.columns)) is not None}
    for id in NEEDED:
        if id not in standings:
            raise stop(f"crm_{id}", NO_TABLE.fill(label=BY_ID[id].label, table=f"crm_{id}"), UNDO)
    for standing in standings.values():
        if (missing := _missing(standing)) is not None:
            raise missing
    raw = {id: rows(workbook, standing) for id, standing in standings.items()}

    def locate(table: str, position: int, column: str) -> str:
        return standings[table].address(position, column)

    tables, problems = read_all(raw, locate, date1904=workbook.is_1904)
    return Reading(tables, raw, problems)


def read(path: Path, lang: Lang = "zh", locate: Locator | None = None) -> Reading:
    """The entry forms of the workbook at a path; its problems always name their own cells."""
    return read_workbook(Workbook(keep.load(path)))


def _missing(standing: Standing) -> CannotProceedError | None:
    table = BY_ID[standing.form]
    for column in table.columns:
        if column.required and column.id not in standing.columns:
            return stop(standing.sheet, NO_COLUMN.fill(column=column.label), RESTORE.fill(column=column.label))
    return None


SOURCE = Source("workbook", lambda path: path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm"), read)
