"""The modules by which xlwings speaks to Excel, loaded where no Excel is."""

import atexit
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

import pytest
import xlwings as xw


@contextmanager
def engine_over(name: str, parts: Iterable[tuple[str, ModuleType]]) -> Iterator[ModuleType]:
    """The module `name` of xlwings over stand-ins, by their names, of what its system has; forgotten again at the end."""
    whole = f"xlwings.{name}"
    with pytest.MonkeyPatch.context() as patch:
        for part, module in parts:
            patch.setitem(sys.modules, part, module)
        patch.delitem(sys.modules, whole, raising=False)
        patch.delattr(xw, name, raising=False)
        found = import_module(whole)
        atexit.unregister(found.cleanup)
        try:
            yield found
        finally:
            delattr(xw, name)
            del sys.modules[whole]
