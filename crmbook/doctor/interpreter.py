"""The Python that a button starts: which settings name it, whether it is there, and whether it can do the work."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from crmbook.doctor import configuration
from crmbook.doctor.found import Found
from crmbook.machine import SETTINGS, Machine
from crmbook.text import Text

MOST_SECONDS = 120  # a first start on a slow disk, with a virus scanner looking on
MISSING = "import importlib.util as u; print(*[n for n in ('crmbook', 'xlwings') if u.find_spec(n) is None])"
FROM_PATH = ("python", "pythonw")

NAME = Text("按钮使用的 Python", "the button's Python")
NAMED = Text("{python}（写在 {place}）", "{python} (named in {place})")
NOT_NAMED = Text("{place} 中没有写明，Excel 会用 PATH 里的 python，往往不是这一个", "{place} names none, and Excel would take the python of the search path, which is seldom this one")  # fmt: skip
NOT_THERE = Text("{named}不存在", "{named} is not there")
LACKS = Text("{named}里没有安装 {names}", "{named} lacks {names}")
DOES_NOT_START = Text("{named}无法启动：{error}", "{named} does not start: {error}")
RUN_SETUP = Text("运行 crmbook setup", "run crmbook setup")
SETUP_WITH_EXTRA = Text('运行 pip install "crmbook[excel]"，再运行 crmbook setup', 'run pip install "crmbook[excel]", then crmbook setup')  # fmt: skip
CLEAR_IT = Text("删除 {place} 中写明 Python 的那一行，再运行 crmbook setup", "delete the line of {place} that names a Python, then run crmbook setup")  # fmt: skip
SHEET = Text("{book} 的工作表 {sheet}", "the sheet {sheet} of {book}")


def examine(machine: Machine, book: Path | None, needed: bool) -> Found:
    """The first Python that is named: in the book, beside it, in the user's settings, in this order."""
    for place, said, is_users in _places(machine, book):
        python = configuration.interpreter(said, machine)
        if python is not None and python not in FROM_PATH:
            return _tried(machine, place, python, RUN_SETUP if is_users else CLEAR_IT.fill(place=place))
    return Found(
        "interpreter", NAME, "wrong" if needed else "absent", NOT_NAMED.fill(place=machine.settings), RUN_SETUP
    )


def _places(machine: Machine, book: Path | None) -> Iterator[tuple[Text, dict[str, str], bool]]:
    if book is not None:
        yield SHEET.fill(book=book.name, sheet=SETTINGS), configuration.on_sheet(book), False
        beside = book.with_name(SETTINGS)
        yield Text.same(beside), configuration.read(beside, machine.encoding), False
    yield Text.same(machine.settings), configuration.read(machine.settings, machine.encoding), True


def _tried(machine: Machine, place: Text, python: str, fix: Text) -> Found:
    """A Python asked what it lacks, started as a button starts it: from its own folder."""
    named = NAMED.fill(python=python, place=place)
    if (why := configuration.fault(python, machine)) is not None:
        return Found("interpreter", NAME, "wrong", why, configuration.PLAIN_PLACE)
    if not Path(python).is_file():
        return Found("interpreter", NAME, "wrong", NOT_THERE.fill(named=named), fix)
    try:
        asked = subprocess.run([python, "-B", "-c", MISSING], cwd=Path(python).parent, env=dict(machine.env), capture_output=True, text=True, timeout=MOST_SECONDS, check=False)  # noqa: S603  (the program is the one that the user's own settings name, as Excel would start it)  # fmt: skip
        error = asked.stderr.strip().rpartition("\n")[2] or str(asked.returncode)
        failed = asked.returncode != 0
    except (OSError, subprocess.TimeoutExpired) as refused:
        error, failed = str(refused), True
    if failed:
        return Found("interpreter", NAME, "wrong", DOES_NOT_START.fill(named=named, error=error), fix)
    if lacking := asked.stdout.split():
        what = LACKS.fill(named=named, names=", ".join(lacking))
        return Found("interpreter", NAME, "wrong", what, SETUP_WITH_EXTRA if fix is RUN_SETUP else fix)
    return Found("interpreter", NAME, "ok", named)
