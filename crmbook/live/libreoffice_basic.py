"""What runs inside LibreOffice, in Basic: a few lines that answer in one call instead of thousands, and the button's macro."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crmbook.ooxml import Area

HERE = Path(__file__).parent
LIBRARY, READING, BUTTON = "crmbook", "reading", "button"
Kind = tuple[int, Any]  # number format type, and addresses
ToldTable = tuple[str, Any, bool, bool, tuple[str, ...], str]
Extent = tuple[str, Any, int, list[Kind], list[Any]]
WINDOWLESS = "pythonw.exe"  # Python without a black window, on Windows


def sources() -> dict[str, str]:
    """The modules of our library, name → text; the button's macro starts the Python that runs now."""
    program = Path(sys.executable)
    windowless = program.with_name(WINDOWLESS)
    button = (HERE / "libreoffice_button.bas").read_text("utf-8")
    return {
        READING: (HERE / "libreoffice_reading.bas").read_text("utf-8"),
        BUTTON: button.format(program=windowless if windowless.is_file() else program),
    }


class Basic:
    """Our library in the running program, put there or brought up to date, but for the button's macro: see `renew_button`."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._bring({name: text for name, text in sources().items() if name != BUTTON})
        factory = "com.sun.star.script.provider.MasterScriptProviderFactory"
        self._provider = context.ServiceManager.createInstanceWithContext(factory, context).createScriptProvider("")
        self._scripts: dict[str, Any] = {}

    def renew_button(self) -> None:
        """Puts the button's macro there or brings it up to date: the last that a press does, as the pipe at which it speaks
        closes with the macro that holds it open."""
        self._bring({BUTTON: sources()[BUTTON]})

    def _bring(self, modules: Mapping[str, str]) -> None:
        context = self._context
        libraries = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.script.ApplicationScriptLibraryContainer", context
        )
        if not libraries.hasByName(LIBRARY):
            libraries.createLibrary(LIBRARY)
        libraries.loadLibrary(LIBRARY)
        library, changed = libraries.getByName(LIBRARY), False
        for name, text in modules.items():
            if not library.hasByName(name):
                library.insertByName(name, text)
            elif library.getByName(name) != text:
                library.replaceByName(name, text)
            else:
                continue
            changed = True
        if changed:
            libraries.storeLibraries()

    def looked(self, document: Any, press: int) -> tuple[dict[str, str], list[ToldTable], list[Extent]]:
        """What `names` and `tables` tell, and every sheet: its name, its cells from A1 to the last one used, how many they are, their
        `kinds`, and the addresses of the formulas; as this press of the button found it, if that is at hand."""
        names, tables, sheets = self._call("Looked", document, press)
        extents = [(name, cells, int(count), _shown(kinds), list(at)) for name, cells, count, kinds, at in sheets]
        return _named(names), list(tables), extents

    def names(self, document: Any) -> dict[str, str]:
        """The document's defined names → what they stand for, as LibreOffice writes it."""
        return _named(self._call("Names", document))

    def tables(self, document: Any) -> list[ToldTable]:
        """Name, address, whether there is a header and a totals row, the header's texts and the sheet's name of every database
        range: what Excel's tables are here."""
        return list(self._call("Tables", document))

    def kinds(self, document: Any, cells: Any) -> list[Kind]:
        """Number format type (com.sun.star.util.NumberFormat) and addresses of the cells that show days or truth values."""
        return _shown(self._call("Kinds", document, cells))

    def marked(self, sheet: Any, top: int) -> tuple[Any, list[tuple[int, int, str]]]:
        """Of a sheet from this row on: the addresses of the cells that carry a note; row and column, from 0, and target of
        every link."""
        notes, links = self._call("Marked", sheet, top - 1)
        return notes, list(links)

    def guards(self, document: Any, sheets: Sequence[str]) -> list[tuple[bool, bool]]:
        """For each sheet: whether it is protected, and whether a filter that belongs to no table hides rows of it."""
        return [(bool(one), bool(other)) for one, other in self._call("Guards", document, tuple(sheets))]

    def standing(self, document: Any, tables: Sequence[str]) -> list[tuple[Any, bool]]:
        """For each database range: its address, and whether it has a filter."""
        return [(at, bool(has)) for at, has in self._call("Standing", document, tuple(tables))]

    def hide_rows(self, document: Any, several: Sequence[tuple[str, Area]]) -> list[bool]:
        """For each of these areas of sheets: whether any of its rows is hidden."""
        wanted = tuple((sheet, *(place - 1 for place in area)) for sheet, area in several)
        return [bool(hides) for hides in self._call("HideRows", document, wanted)]

    def put(self, sheet: Any, around: Area, found: Iterable[tuple[Area, bool, Sequence[Sequence[Any]]]]) -> tuple[list[Any], bool]:  # fmt: skip
        """Enters rows into areas of a sheet, as formulas or as they are, if no cell `around` them carries a note; the addresses
        of those that do, and whether all went well."""
        wanted = tuple(
            (left - 1, top - 1, right - 1, bottom - 1, are_formulas, tuple(map(tuple, rows)))
            for (top, left, bottom, right), are_formulas, rows in found
        )
        top, left, bottom, right = (place - 1 for place in around)
        notes, is_done = self._call("Put", sheet, left, top, right, bottom, wanted)
        return list(notes), bool(is_done)

    def sort(self, document: Any, table: str, place: Area, rows: Sequence[Sequence[Any]]) -> bool:
        """Enters rows of one cell into a column of a database range, and sorts it by them; False, and nothing of worth is done, if
        they would take notes away or LibreOffice does not sort."""
        top, left, bottom, _ = (at - 1 for at in place)
        return bool(self._call("Sort", document, table, left, top, bottom, tuple(map(tuple, rows))))

    def shown(self, document: Any, sheet: Any, area: Area) -> str | None:
        """The number format of all cells of an area; None where they have several."""
        top, left, bottom, right = (place - 1 for place in area)
        told: str | None = self._call("Shown", document, sheet, left, top, right, bottom)
        return told

    def noted(self, sheet: Any, area: Area) -> list[Any]:
        """The addresses of the cells of an area that carry a note."""
        top, left, bottom, right = (place - 1 for place in area)
        return list(self._call("Noted", sheet, left, top, right, bottom))

    def calculating(self, document: Any, *, on: bool) -> bool:
        """Turns automatic calculation on or off, which leaves the document as changed as it was. True if it was on."""
        return bool(self._call("Calculating", document, on))

    def give_back(self, document: Any) -> None:
        """Puts a document in order that another press left in the middle, as somebody ended it."""
        self._call("GiveBack", document)

    def _call(self, function: str, *arguments: Any) -> Any:
        if function not in self._scripts:
            where = f"vnd.sun.star.script:{LIBRARY}.{READING}.{function}?language=Basic&location=application"
            self._scripts[function] = self._provider.getScript(where)
        return self._scripts[function].invoke(arguments, (), ())[0]


def _named(told: Any) -> dict[str, str]:
    return dict(zip(*told, strict=True))


def _shown(told: Any) -> list[Kind]:
    return [(kind, areas) for kind, areas in zip(*told, strict=True) if areas]
