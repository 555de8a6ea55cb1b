"""A pool of processes that import once and take many items: one that is killed costs its own item only."""

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

MOST_JOBS = 61  # in Windows

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[tuple[Item, Result | None]]:
    """What `work` makes of each item, in `jobs` processes, as it ends; None for an item whose process was killed.

    No process is given an item before it is free, so that those at work when one dies are known: they are done again,
    each alone.
    """
    left, jobs = deque(items), min(jobs, MOST_JOBS)
    while left:
        running: dict[Future[Result], Item] = {}
        try:
            with _pool(min(jobs, len(left))) as pool:
                while left or running:
                    while left and len(running) < jobs:
                        future = pool.submit(work, left[0])
                        running[future] = left.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        yield running[future], future.result()
                        del running[future]
        except BrokenProcessPool:
            for item in running.values():
                yield item, _alone(work, item)


def _alone(work: Callable[[Item], Result], item: Item) -> Result | None:
    try:
        with _pool(1) as pool:
            return pool.submit(work, item).result()
    except BrokenProcessPool:
        return None


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes started afresh, as Windows and macOS do everywhere: nothing of this one's threads and locks goes along."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    """A process begins: it leaves Ctrl-C to the one that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
