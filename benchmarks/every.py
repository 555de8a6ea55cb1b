"""Every workload, by its name."""

from collections.abc import Callable

from benchmarks.clicks import button
from benchmarks.measure import Table
from benchmarks.workloads import Books, Sizes, branches, build, growth, office, reading, retail, sample

WORKLOADS: dict[str, Callable[[Books, Sizes], Table | None]] = {
    f.__name__: f for f in (office, build, reading, branches, growth, sample, button, retail)
}
