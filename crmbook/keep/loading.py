"""A workbook into memory, and the lock that makes two runs over it wait for each other."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from crmbook.keep.backups import keeping, mark_of, state_folder
from crmbook.keep.disk import explaining, not_there
from crmbook.keep.encryption import CLEAR_IT, PROTECTED, is_encrypted, unlocked
from crmbook.ooxml import Package, Reason, RefusedError
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Text

PATIENCE = 10.0  # seconds: a refresh of a big book takes a few

AGAIN = Text(
    "请在 Excel 或 WPS 中打开它，另存为 .xlsx 后再运行",
    "open it in Excel or WPS, save it as .xlsx, then run this again",
)
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
    "encrypted": (PROTECTED, CLEAR_IT),
    "xls": (Text("这是旧格式（.xls、.et）的文件", "this is a file in an old format (.xls, .et)"), AGAIN),
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
IS_FOLDER = (
    Text("这是一个文件夹", "this is a folder"),
    Text("请给出其中的一个工作簿", "name one workbook in it"),
)
EMPTY = (
    Text("文件是空的（0 字节）", "the file is empty (0 bytes)"),
    Text(
        "如果是复制或同步来的，请再取一次；或用 crmbook undo 恢复上一个版本",
        "if it was copied or synchronised, fetch it once more; or bring the previous file back with crmbook undo",
    ),
)
IS_CSV = (
    Text("这是 CSV 数据，不是工作簿", "this is CSV data, not a workbook"),
    Text(
        "把数据文件放进一个文件夹，用 crmbook build 我的客户.xlsx --from 文件夹 生成工作簿",
        "put the data files into a folder, then run crmbook build customers.xlsx --from FOLDER",
    ),
)
DETAIL = Text("{what}（{detail}）", "{what} ({detail})")
FAULTY = Text(
    "文件有错误，Excel 会要求修复（{rule}，{part}：{detail}）",
    "the file has a fault that Excel would repair ({rule} in {part}: {detail})",
)
NO_MEMORY = Text("内存不足，无法读取这个文件", "there is not enough memory to read this file")
LESS_OPEN = Text(
    "关闭其他程序后再运行一次，或换一台内存更大的电脑",
    "close other programs and run this again, or use a computer with more memory",
)
RUNNING = Text("另一个更新正在处理这个文件", "another refresh of this file is running")
WAIT = Text("等它结束后再运行一次", "run this again when it has ended")


def refusal(error: RefusedError, path: Path) -> CannotProceedError:
    """Why a file is refused, and what to do about it."""
    what, fix = IS_CSV if error.reason == "not_zip" and path.suffix.lower() == ".csv" else REFUSALS[error.reason]
    return stop(path, DETAIL.fill(what=what, detail=error.detail) if error.detail else what, fix)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turns a refusal met while the parts of the workbook are read into a `CannotProceedError`; and whatever else goes
    wrong, where the file has a fault that explains it."""
    try:
        yield
    except RefusedError as error:
        raise refusal(error, path) from error
    except CannotProceedError:
        raise
    except MemoryError as error:
        raise stop(path, NO_MEMORY, LESS_OPEN) from error
    except Exception as error:
        if (fault := _fault_of_file(path)) is not None:
            raise fault from error
        raise


def fault_of(path: Path, package: Package, parts: Collection[str] | None = None) -> CannotProceedError | None:
    """What was wrong with these parts (None: all) already when the file was read, as Excel would find it; None if
    nothing was."""
    from crmbook.ooxml.lint import lint  # late: it takes numpy

    found = sorted(f for f in lint(Package.open(package.source), parts) if parts is None or f.part in parts)
    if not found:
        return None
    what = FAULTY.fill(rule=found[0].rule, part=found[0].part, detail=found[0].detail)
    return stop(path, what, RESTORE)


def _fault_of_file(path: Path) -> CannotProceedError | None:
    try:
        return fault_of(path, Package.open(path))
    except (OSError, RefusedError):
        return None


def load(path: Path, password: str | None = None) -> Package:
    """The workbook at `path` in memory; CannotProceedError, with what to do, for one that cannot be edited safely.

    `password` opens an encrypted file, and is of no matter for another one.
    """
    with explaining(path), refusing(path):
        _must_be_no_folder(path)
        if not path.is_file():
            raise not_there(path)
        if not path.stat().st_size:
            raise stop(path, *EMPTY)
        if is_encrypted(path):
            return Package.open(unlocked(path, path.read_bytes(), password))
        return Package.open(path)


def _must_be_no_folder(path: Path) -> None:
    with explaining(path):
        if path.is_dir():
            raise stop(path, *IS_FOLDER)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keeps other runs off the workbook; waits a little for one that is there, then says so. May be nested."""
    _must_be_no_folder(path)
    state = state_folder()
    with keeping(state):
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
