"""The button, pressed in a LibreOffice that has the sample open: `python -m benchmarks.clicks moved|changed|still BOOK`.

The last line has the seconds from the press to the end of the refresh, with all grades calculated, and 0 for those of the
processor, which are the program's own as well.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Table, Work, compare
from benchmarks.workloads import Books, Sizes, call
from crmbook import office
from crmbook.text import Text

TITLE = Text("按钮：示例工作簿在 LibreOffice 中打开", "The button: the sample, open in LibreOffice")
CLICKS = {
    "moved": Text(
        "补录一笔大订单后按刷新：客户换等级，十余张表的行换位",
        "a press after a big order: a customer's grade changes, and the rows of a dozen forms move",
    ),
    "changed": Text("改了一行订单后按刷新", "a press after one order was changed"),
    "still": Text("打开后第一次按刷新", "the first press after opening"),
}
# What a developer may have set and a user has not: LibreOffice hands it on to the Python that the button starts.
DEVELOPERS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
NOTE = Text("从按下到刷新结束、各客户等级重新算出，含启动 Python；LibreOffice 自己的启动和打开不计。处理器秒未分开。", "From the press to the end of the refresh with all grades recalculated, the start of Python included; LibreOffice's own start and opening are not. Processor seconds are not told apart.")  # fmt: skip


def button(books: Books, sizes: Sizes) -> Table | None:
    """The sample open in LibreOffice, its button pressed."""
    if office.program() is None:
        return None
    book, closed = books.folder / "clicked.xlsx", books.folder / "closed.xlsx"
    call([*books.crmbook, "build", book, "-q"], books.cold)
    works = [_press(which, name, book, books.python) for which, name in CLICKS.items()]
    works.append(Work("closed", Text("crmbook refresh，关闭的文件，数字都变", "crmbook refresh of the closed file, every figure changed"), [*books.crmbook, "refresh", str(closed), "--as-of", "2026-09-30"], _fresh(book, closed), environment=books.cold))  # fmt: skip
    return replace(compare("button", TITLE, works, sizes.runs), notes=[NOTE])


def _press(which: str, name: Text, book: Path, python: str) -> Work:
    return Work(which, name, [python, "-m", "benchmarks.clicks", which, str(book)], timed=False)


def _fresh(book: Path, closed: Path) -> Callable[[], object]:
    return lambda: shutil.copy(book, closed)


def main(which: str, book: Path) -> None:
    from tests.live import clicking

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["CRMBOOK_STATE"] = str(folder / "state")
        for variable in DEVELOPERS:
            os.environ.pop(variable, None)
        print(clicking.seconds(book.read_bytes(), folder)[which], 0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
