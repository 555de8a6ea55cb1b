"""Times commands as whole processes: seconds, processor seconds and peak memory with all their children, in turn."""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from crmbook.text import Text

Role = Literal["ours", "peer", "floor"]
LOOK, EVERY = 0.005, 0.04  # seconds between two looks: whether it has ended, and at the memory of its family
PACKAGES = ("pandas", "numpy", "openpyxl", "python-calamine", "lxml", "xlsxwriter", "excelize")


@dataclass(frozen=True)
class Work:
    """One line of a table: a command, what is made ready before each of its runs (not timed), what must hold after."""

    id: str
    name: Text
    command: Sequence[str]
    before: Callable[[], object] = lambda: None
    after: Callable[[str], object] = lambda said: None
    role: Role = "ours"
    runs: int | None = None  # of a slow peer: fewer than the others
    environment: Mapping[str, str] = field(default_factory=dict)
    timed: bool = True  # False: the command's last line has both seconds of the part that counts


@dataclass(frozen=True)
class Measured:
    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """All runs of one work."""

    work: Work
    runs: Sequence[Measured]

    @property
    def seconds(self) -> float:
        return statistics.median(m.seconds for m in self.runs)

    @property
    def processor(self) -> float:
        return statistics.median(m.processor for m in self.runs)

    @property
    def megabytes(self) -> float:
        return statistics.median(m.megabytes for m in self.runs)


@dataclass(frozen=True)
class Table:
    """One workload measured: its works by id, the first of them crmbook's, and what else is to be said of it."""

    id: str
    title: Text
    rows: Mapping[str, Row]
    notes: Sequence[Text] = ()
    figures: Mapping[str, float] = field(default_factory=dict)  # of the targets: sizes and the like


def compare(id: str, title: Text, works: Sequence[Work], runs: int = 3) -> Table:
    """The works in turn, so that a busy moment of the machine does not fall on one of them only."""
    found: dict[str, list[Measured]] = {w.id: [] for w in works}
    for turn in range(runs):
        for work in works:
            if work.runs is None or turn < work.runs:
                found[work.id].append(once(work))
                print(f"  {id}: {work.id} {found[work.id][-1].seconds:.2f} s", flush=True)
    return Table(id, title, {w.id: Row(w, found[w.id]) for w in works})


def once(work: Work) -> Measured:
    """One run; a run that fails, or whose result is not what it should be, stops the benchmark."""
    work.before()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(work.command), stdout=out, stderr=errors, env={**os.environ, **work.environment}
        )
        memory, seen = 0, time.perf_counter()
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - seen > EVERY:
                memory, seen = max(memory, _memory(process.pid)), time.perf_counter()
            time.sleep(LOOK)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said, wrong = (_text(stream) for stream in (out, errors))
    if process.returncode:
        raise SystemExit(f"{work.id}: exit code {process.returncode}\n{wrong}")
    work.after(said)
    processor = usage.ru_utime + usage.ru_stime
    if not work.timed:
        seconds, processor = map(float, said.splitlines()[-1].split())
    # The largest of the family at once; a single process is known exactly.
    return Measured(seconds, processor, max(memory / 1024, _maximum(usage.ru_maxrss)) / 1024)


def _text(stream: object) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def _maximum(rss: int) -> float:
    """Kilobytes, as Linux counts them."""
    return rss / 1024 if platform.system() == "Darwin" else rss


def _memory(pid: int) -> int:
    """The bytes that a process and its children hold, where /proc tells; pages they share count once in each."""
    held = 0
    for one in _family(pid):
        try:
            held += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            continue
    return held


def _family(pid: int) -> list[int]:
    found = [pid]
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:
            continue
        found += [member for child in children for member in _family(int(child))]
    return found


def machine() -> Text:
    """One line about where this was measured."""
    name, memory = platform.processor() or platform.machine(), ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        name = next(
            (line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line), name
        )
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    where = f"{name}{memory}, {platform.system()}, Python {platform.python_version()}"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Text(f"{cores} 核，{where}", f"{cores} cores, {where}")


def versions() -> str:
    """The packages that were measured."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
