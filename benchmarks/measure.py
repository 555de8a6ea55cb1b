"""Times a command as a whole process: seconds and peak memory, the median of several runs in turn."""

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Work:
    """One line of a table: a command, and what must be made ready before each of its runs (not timed)."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Measured:
    seconds: float
    megabytes: float


def once(work: Work) -> Measured:
    """The seconds and peak megabytes of one run; a run that fails stops the benchmark."""
    work.before()
    start = time.perf_counter()
    process = subprocess.Popen(list(work.command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{work.name}: exit code {process.returncode}\n{said.decode(errors='replace')}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def compare(title: str, works: Sequence[Work], runs: int = 3) -> str:
    """A Markdown table: medians of interleaved runs, and the ratio of each to the first."""
    found: dict[str, list[Measured]] = {w.name: [] for w in works}
    for _ in range(runs):
        for work in works:
            found[work.name].append(once(work))
    rows = [f"### {title}", "", "| | seconds | ratio to the first | peak MB |", "| --- | --- | --- | --- |"]
    first = statistics.median(m.seconds for m in found[works[0].name])
    for name, measured in found.items():
        seconds = statistics.median(m.seconds for m in measured)
        memory = statistics.median(m.megabytes for m in measured)
        rows.append(f"| {name} | {seconds:.2f} | {seconds / first:.2f} | {memory:.0f} |")
    return "\n".join(rows) + "\n"


def machine() -> str:
    """One line about where this was measured."""
    return f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def size(path: Path) -> str:
    """A file's size in megabytes."""
    return f"{path.stat().st_size / 1e6:.1f} MB"
