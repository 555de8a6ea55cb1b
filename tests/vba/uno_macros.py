"""Reads the macros of a workbook as LibreOffice has them: run with the system's Python, which knows UNO.

`uno_macros.py PIPE BOOK [MACRO]`: runs the macro, then prints as JSON the modules (name → source), what the buttons run, and what
stands in A1 of the last sheet.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from uno_office import run, setting


def buttons(document):
    for sheet in document.Sheets:
        forms = sheet.DrawPage.Forms
        for form in (forms.getByIndex(at) for at in range(forms.Count)):
            for at in range(form.Count):
                for event in form.getScriptEvents(at):
                    control = form.getByIndex(at)
                    yield sheet.Name, control.Label, control.Printable, event.ScriptCode


def main(context, desktop, book, *macro):
    options = (setting("Hidden", True), setting("MacroExecutionMode", 4))
    document = desktop.loadComponentFromURL(Path(book).resolve().as_uri(), "_blank", 0, options)
    library = document.BasicLibraries.getByName("VBAProject")
    found = {
        "vba": document.BasicLibraries.VBACompatibilityMode,
        "modules": {name: library.getByName(name) for name in library.ElementNames},
        "buttons": list(buttons(document)),
    }
    for name in macro:
        document.ScriptProvider.getScript(name).invoke((), (), ())
    found["last"] = document.Sheets.getByIndex(document.Sheets.Count - 1).getCellByPosition(0, 0).String
    document.close(True)
    print(json.dumps(found))


if __name__ == "__main__":
    run(main)
