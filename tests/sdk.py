"""Microsoft's Open XML SDK as a second judge of what we write: its validator, where that is installed."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "ooxml-validator"
PACKAGE = "@xarsh"  # from npm: one program for each system, in a package named after it
COUNTED = re.compile(r"\[\d+\]")
# The order of what stands in a font: no Excel is known to mind it, and most programs write another one.
FONT_ORDER = re.compile(r"/x:font(\[\d+\])?$")

Validator = Callable[[Path], frozenset[str]]


def program() -> Path | None:
    """The validator: the one that CRMBOOK_SDK_VALIDATOR names, on the path, or installed by npm in this folder."""
    if named := os.environ.get("CRMBOOK_SDK_VALIDATOR"):
        return Path(named) if Path(named).is_file() else None
    if found := shutil.which(NAME):
        return Path(found)
    installed = (ROOT / "node_modules" / PACKAGE).glob(f"{NAME}-*/{NAME}*")
    return next((p for p in sorted(installed) if p.is_file() and os.access(p, os.X_OK)), None)


def findings(path: Path) -> frozenset[str]:
    """What the validator finds in a workbook, each with its part and element; which one of many alike does not count,
    so that two files can be compared whose rows moved."""
    run = subprocess.run([program(), path], capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    return frozenset(_finding(error) for error in json.loads(run.stdout)["errors"] if not _is_font_order(error))


def _finding(error: dict[str, str | None]) -> str:
    place = COUNTED.sub("", error["xPath"] or "")
    return f"{error['path'] or ''} {place}: {error['id'] or error['errorType']}: {error['description']}"


def _is_font_order(error: dict[str, str | None]) -> bool:
    of_children = "ElementContentExpectingComplex" in (error["id"] or "")
    return of_children and FONT_ORDER.search(error["xPath"] or "") is not None
