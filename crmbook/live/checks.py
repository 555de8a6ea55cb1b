"""What could be in the way in an open workbook, looked for before anything is touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from crmbook.ooxml.refs import MOST_ROWS
from crmbook.pour import PLAIN, SHARED
from crmbook.problems import stop
from crmbook.text import Text

if TYPE_CHECKING:
    import xlwings as xw

    from crmbook.live.aside import Hiding
    from crmbook.live.reading import LiveBook
    from crmbook.live.rows import Job

READ_ONLY = (
    Text("工作簿以只读方式打开，刷新的结果无法保存", "the workbook is open read-only, so what is refreshed could not be saved"),
    Text("请另存为副本并在副本中刷新，或关闭其他打开它的程序后重新打开", "save a copy and refresh that, or close it elsewhere and open it again"),
)  # fmt: skip
PROTECTED = (
    Text("工作表受保护，无法写入", "the sheet is protected and cannot be written to"),
    Text("请解除工作表保护（Excel：审阅 › 撤消工作表保护；LibreOffice：工具 › 保护工作表），再刷新一次", "take the protection off (Excel: Review › Unprotect Sheet; LibreOffice: Tools › Protect Sheet), then refresh again"),
)  # fmt: skip
SHEET_FILTER = (
    Text("表格旁边的区域设有筛选，被隐藏的行会写错位置", "a filter beside the table hides rows, and what is written would land in the wrong ones"),
    Text("请在「数据 › 清除」中清除筛选，再刷新一次", "clear the filter (Data › Clear), then refresh again"),
)  # fmt: skip
HIDDEN = (
    Text("有手工隐藏的行，排序时不会跟着移动", "rows hidden by hand would not move when the rows are sorted"),
    Text("请先取消隐藏（全选后右键行号），再刷新一次", "show them first (select all, right-click a row number, Unhide), then refresh again"),
)  # fmt: skip

MOVED = (
    Text("刷新期间，表格所在的行或列被插入、删除或移动", "rows or columns were put in, taken out or moved while this was refreshed"),
    Text("这里没有写入数据，请再刷新一次", "nothing was written; refresh again"),
)  # fmt: skip
HALF_UNDER = (
    Text("表格“{table}”有一部分在这张表单的下方，插入或删除行时无法一起移动", "the table “{table}” stands partly under the form, so that no rows can be put in or taken out"),
    Text("请把它移到别的工作表，或移到表单的右侧", "move it to another sheet, or to the right of the form"),
)  # fmt: skip


def check(book: LiveBook, moving: Collection[Job], sheets: Collection[str], hiding: Iterable[Hiding]) -> None:
    """Raises CannotProceedError for what would break off the writing of these sheets, or spoil it; `moving` are the tables
    whose rows will be sorted, put in or taken out, `hiding` those of which a filter hides rows."""
    if book.program.is_read_only(book.book):
        raise stop(book.book.name, *READ_ONLY)
    guards = book.program.guards([book.live[name] for name in sheets])
    for name, (is_protected, is_filtered) in zip(sheets, guards, strict=True):
        if is_protected:
            raise stop(name, *PROTECTED)
        if is_filtered:
            raise stop(name, *SHEET_FILTER)
    tables = [table for table in book.tables.values() if table.sheet.name in sheets]
    places = book.program.places([book.live_tables[table.name] for table in tables])
    for table, place in zip(tables, places, strict=True):
        if place != book.places[table.name]:
            raise stop(table.sheet.name, *MOVED)
    filtered = {table.parent.name for table, _ in hiding}
    check_shown(book, [job for job in moving if job.standing.sheet not in filtered])
    for job in moving:
        if job.new or job.leaving:
            _check_room(book, job)


def check_shown(book: LiveBook, moving: Collection[Job]) -> None:
    """Raises CannotProceedError for hidden rows, which no sort moves; where filters hide some, it says so only once they
    are set aside."""
    for job, hides in zip(moving, book.program.hide_rows([_rows(book, job) for job in moving]), strict=True):
        if hides:
            raise stop(job.standing.sheet, *HIDDEN)


def _rows(book: LiveBook, job: Job) -> xw.Range:
    table = job.standing.table
    sheet = book.live[job.standing.sheet]
    return sheet.range((table.first_row, table.first_col), (job.standing.last_row, table.first_col))


def _check_room(book: LiveBook, job: Job) -> None:
    table, sheet = job.standing.table, job.standing.sheet
    if job.push and len(book.values(sheet)) + job.push > MOST_ROWS:
        raise stop(sheet, SHARED, PLAIN)
    for other in (t for t in book.tables.values() if t.sheet.name == sheet and t.header_row > job.standing.last_row):
        across = other.first_col <= table.last_col and other.last_col >= table.first_col
        if across and not (table.first_col <= other.first_col and other.last_col <= table.last_col):
            raise stop(sheet, HALF_UNDER[0].fill(table=other.name), HALF_UNDER[1])
