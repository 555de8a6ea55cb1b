"""What runs inside LibreOffice, in Basic: a few lines that answer in one call instead of thousands, and the button's macro."""

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LIBRARY, READING, BUTTON = "crmbook", "reading", "button"
Kind = tuple[int, Any]  # number format type, and addresses
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
    """Our library in the running program, put there or brought up to date."""

    def __init__(self, context: Any) -> None:
        services = context.ServiceManager
        libraries = services.createInstanceWithContext("com.sun.star.script.ApplicationScriptLibraryContainer", context)
        if not libraries.hasByName(LIBRARY):
            libraries.createLibrary(LIBRARY)
        libraries.loadLibrary(LIBRARY)
        library, changed = libraries.getByName(LIBRARY), False
        for name, text in sources().items():
            if not library.hasByName(name):
                library.insertByName(name, text)
            elif library.getByName(name) != text:
                library.replaceByName(name, text)
            else:
                continue
            changed = True
        if changed:
            libraries.storeLibraries()
        factory = "com.sun.star.script.provider.MasterScriptProviderFactory"
        self._provider = services.createInstanceWithContext(factory, context).createScriptProvider("")
        self._scripts: dict[str, Any] = {}

    def names(self, document: Any) -> dict[str, str]:
        """The document's defined names → what they stand for, as LibreOffice writes it."""
        ids, texts = self._call("Names", document)
        return dict(zip(ids, texts, strict=True))

    def tables(self, document: Any) -> list[tuple[str, Any, bool, bool, tuple[str, ...], str]]:
        """Name, address, whether there is a header and a totals row, the header's texts and the sheet's name of every database
        range: what Excel's tables are here."""
        return list(self._call("Tables", document))

    def used(self, document: Any, sheet: str) -> tuple[Any, int, list[Kind]]:
        """A sheet's cells from A1 to the last one used, how many they are, and their `kinds`."""
        cells, count, kinds = self._call("Used", document, sheet)
        return cells, count, _shown(kinds)

    def kinds(self, document: Any, cells: Any) -> list[Kind]:
        """Number format type (com.sun.star.util.NumberFormat) and addresses of the cells that show days or truth values."""
        return _shown(self._call("Kinds", document, cells))

    def links(self, sheet: Any) -> list[tuple[int, int, str]]:
        """Row and column, from 0, and target of every link on a sheet's cells."""
        return list(self._call("Links", sheet))

    def calculating(self, document: Any, *, on: bool) -> bool:
        """Turns automatic calculation on or off, which leaves the document as changed as it was. True if it was on."""
        return bool(self._call("Calculating", document, on))

    def _call(self, function: str, *arguments: Any) -> Any:
        if function not in self._scripts:
            where = f"vnd.sun.star.script:{LIBRARY}.{READING}.{function}?language=Basic&location=application"
            self._scripts[function] = self._provider.getScript(where)
        return self._scripts[function].invoke(arguments, (), ())[0]


def _shown(told: Any) -> list[Kind]:
    return [(kind, areas) for kind, areas in zip(*told, strict=True) if areas]
