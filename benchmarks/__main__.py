"""`python -m benchmarks`: measures every workload and prints the tables; `--quick` with small books, `--only NAME`, `--write` into the docs."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import pages
from benchmarks.every import WORKLOADS
from benchmarks.measure import Table, machine, versions
from benchmarks.workloads import QUICK, RETAIL, Books, Sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small books, one run each: does it work, not how fast")
    parser.add_argument("--only", action="append", choices=WORKLOADS, help="this workload; may be given again")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks*.md")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    given = parser.parse_args()
    if given.write and (given.quick or given.only):
        parser.error("the docs show whole runs: --write goes without --quick and --only")
    if given.write and not RETAIL.exists():
        parser.error(f"the docs show every workload, and {RETAIL} is not there")
    tables: dict[str, Table] = {}
    with tempfile.TemporaryDirectory() as name:
        books = Books(Path(name))
        for id in given.only or WORKLOADS:
            measured = WORKLOADS[id](books, QUICK if given.quick else Sizes())
            if measured is None:
                print(f"{id}: left out, its data are not there")
            else:
                tables[id] = measured
    print(pages.block(tables, machine(), versions(), given.lang))
    if given.write:
        pages.write(tables, machine(), versions())


if __name__ == "__main__":
    main()
