"""xlwings' own classes for macOS over an Excel that knows nothing but cells, links and rows: each says what it is asked for by
the terms of Excel's dictionary (`xlwings.mac_dict`), and refuses a property that its class does not have."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import xlwings as xw
from xlwings import mac_dict

from tests.excel_references import box, ref_of
from tests.live.engines import engine_over

TERMS = {name for kind in ("properties", "elements", "commands") for name, *_ in getattr(mac_dict, kind)}
STANDARD = {"get", "set", "count", "exists"}
# The class hyperlink in Excel's dictionary; a range is `range object` there, as in all classes that have one.
LINK = {"range_object", "address", "sub_address", "screen_tip", "text_to_display"}


class CommandError(Exception):
    """What appscript raises where Excel refuses."""

    errornumber = -50


class Keyword:
    """One of appscript's words, such as `k.missing_value`."""


class Keywords:
    def __getattr__(self, name: str) -> Keyword:
        found = Keyword()
        setattr(self, name, found)
        return found


K = Keywords()


class Reference:
    """What an Apple event is sent to: a path of terms. A call is the event."""

    def __init__(self, excel: "Excel", path: tuple[Any, ...] = ()) -> None:
        self.excel, self.path = excel, path

    def __getattr__(self, term: str) -> "Reference":
        if term not in TERMS | STANDARD:
            raise AttributeError(f"Unknown property, element or command: {term!r}")
        return Reference(self.excel, (*self.path, term))

    def __getitem__(self, key: Any) -> "Reference":
        return Reference(self.excel, (*self.path, key))

    def __call__(self, *args: Any, **said: Any) -> Any:
        return self.excel.answer(self.path, args, said)


class Excel:
    """One sheet: its cells, its links (address of the cell → properties) and its hidden rows; and what was set (by path)."""

    def __init__(self, rows: list[list[Any]], links: dict[str, dict[str, str]] | None = None) -> None:
        self.rows, self.links, self.hidden, self.asked = rows, links or {}, set(), []
        self.held: dict[tuple[Any, ...], Any] = {}

    def answer(self, path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:
        self.asked.append(path)
        match path:
            case ("rows", int(row), "columns", int(column), "get_address"):
                return "$" + "$".join(_split(ref_of((column, row, column, row))))
            case ("cells", str(place), ("value" | "string_value") as what, "get"):
                left, top, right, bottom = box(place.replace("$", ""))
                found = [
                    [self._told(cell, what) for cell in row[left - 1 : right]] for row in self.rows[top - 1 : bottom]
                ]
                return found[0][0] if len(found) == len(found[0]) == 1 else found
            case ("cells", str(place), "entire_row", "rows", "hidden", "get"):
                _, top, _, bottom = box(place.replace("$", ""))
                return [row in self.hidden for row in range(top, bottom + 1)]
            case ("hyperlinks", "get"):
                return [Reference(self, ("hyperlink", place)) for place in self.links] or K.missing_value
            case ("hyperlink", str(place), "range_object", "get_address"):
                return place
            case ("hyperlink", str(place), str(term), "get") if term in LINK:
                return self.links[place].get(term, K.missing_value)
            case ("cells", str(place), "clear_hyperlinks"):
                return self.links.pop(place.partition(":")[0], None)
            case (*which, ("visible" | "Automatically_fill_formulas"), "set"):
                self.held[path[:-1]] = args[0]
                return which
            case (*_, "Automatically_fill_formulas", "get"):
                return self.held.get(path[:-1], True)
        raise CommandError(path, args)

    @staticmethod
    def _told(cell: Any, what: str) -> Any:
        """An error is no value, only its text is there: xlwings/xlwings/issues/1482."""
        if what == "string_value":
            return "" if cell is None else str(cell)
        return K.missing_value if isinstance(cell, str) and cell.startswith("#") else "" if cell is None else cell


def _split(name: str) -> tuple[str, str]:
    letters = name.rstrip("0123456789")
    return letters, name[len(letters) :]


@contextmanager
def mac() -> Iterator[ModuleType]:
    """The module `xlwings._xlmac`, which macOS alone can load, over stand-ins of what it speaks to Excel with."""
    names = ("aem", "appscript", "appscript.reference", "osax", "psutil")
    parts = {name: sys.modules.get(name) or ModuleType(name) for name in names}
    parts["appscript"].__dict__.update(k=K, its=None, mactypes=None, reference=parts["appscript.reference"])
    parts["appscript.reference"].__dict__.update(CommandError=CommandError, Reference=Reference)
    with engine_over("_xlmac", parts.items()) as found:
        yield found


def sheet(found: ModuleType, excel: Excel) -> xw.Sheet:
    """The one sheet, as xlwings shows it."""
    book = SimpleNamespace(
        xl=SimpleNamespace(worksheets={"数据": Reference(excel)}), app=SimpleNamespace(engine=found.engine, pid=1)
    )
    return xw.Sheet(impl=found.Sheet(book, "数据"))
