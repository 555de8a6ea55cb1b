"""A workbook into memory, and the lock that makes two runs over it wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from crmbook.keep.backups import mark_of, state_folder
from crmbook.keep.disk import NOT_THERE, explaining
from crmbook.ooxml import Package, Reason, RefusedError
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Text

PATIENCE = 10.0  # seconds: a refresh of a big book takes a few

AGAIN = Text("请在 Excel 中打开它，另存为 .xlsx 后再运行", "open it in Excel, save it as .xlsx, then run this again")
RESTORE = Text(
    "请在 Excel 中打开并修复它，或用 crmbook undo 恢复上一个版本",
    "open and repair it in Excel, or bring the previous file back with crmbook undo",
)
NO_TRUST = Text(
    "请不要使用来历不明的文件；向发送者要一份由 Excel 保存的文件",
    "do not use files you cannot trust; ask the sender for one saved by Excel",
)
REFUSALS: dict[Reason, tuple[Text, Text]] = {
    "not_zip": (Text("这不是 Excel 工作簿（.xlsx）", "this is not an Excel workbook (.xlsx)"), AGAIN),
    "encrypted": (
        Text("文件有打开密码，无法读取", "the file is protected by a password and cannot be read"),
        Text(
            "请在 Excel 中打开它，在「文件 › 信息 › 保护工作簿」中清除密码并保存，再运行一次",
            "open it in Excel, clear the password under File › Info › Protect Workbook, save it, then run this again",
        ),
    ),
    "xls": (Text("这是旧格式的 .xls 文件", "this is a file in the old .xls format"), AGAIN),
    "xlsb": (Text("这是二进制格式的 .xlsb 工作簿", "this is a workbook in the binary .xlsb format"), AGAIN),
    "bomb": (Text("文件展开后大得不合理", "the file unpacks to an unreasonable size"), NO_TRUST),
    "doctype": (
        Text("文件里有工作簿不该有的声明（DOCTYPE）", "the file holds a declaration no workbook has (DOCTYPE)"),
        NO_TRUST,
    ),
    "damaged": (Text("文件已损坏", "the file is damaged"), RESTORE),
    "no_workbook": (Text("这个文件里没有工作簿", "there is no workbook in this file"), AGAIN),
    "far_cell": (
        Text(
            "有内容写在离数据很远的单元格里，无法读取",
            "something stands in a cell so far from the data that the sheet cannot be read",
        ),
        Text(
            "请在 Excel 中删除那个单元格所在的行或列，保存后再运行",
            "delete the row or the column of that cell in Excel, save, then run this again",
        ),
    ),
    "signed": (
        Text(
            "文件带有数字签名，任何改动都会使签名失效",
            "the file carries a digital signature, which any change would break",
        ),
        Text(
            "请在 Excel 的「文件 › 信息」中删除签名，或在副本上运行",
            "remove the signature under File › Info in Excel, or run this on a copy",
        ),
    ),
}
DETAIL = Text("{what}（{detail}）", "{what} ({detail})")
RUNNING = Text("另一个更新正在处理这个文件", "another refresh of this file is running")
WAIT = Text("等它结束后再运行一次", "run this again when it has ended")


def refusal(error: RefusedError, path: Path) -> CannotProceedError:
    """Why a file is refused, and what to do about it."""
    what, fix = REFUSALS[error.reason]
    return stop(path, DETAIL.fill(what=what, detail=error.detail) if error.detail else what, fix)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turns a refusal met while the parts of the workbook are read into a `CannotProceedError`."""
    try:
        yield
    except RefusedError as error:
        raise refusal(error, path) from error


def load(path: Path) -> Package:
    """The workbook at `path` in memory; CannotProceedError, with what to do, for one that cannot be edited safely."""
    if not path.is_file():
        raise stop(path, *NOT_THERE)
    with explaining(path), refusing(path):
        return Package.open(path)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keeps other runs off the workbook; waits a little for one that is there, then says so. May be nested."""
    state = state_folder()
    with explaining(state):
        (state / "locks").mkdir(parents=True, exist_ok=True)
        held = FileLock(state / "locks" / f"{mark_of(path)}.lock", timeout=PATIENCE, is_singleton=True)
        try:
            held.acquire()
        except Timeout as error:
            raise stop(path, RUNNING, WAIT) from error
    try:
        yield
    finally:
        held.release()
