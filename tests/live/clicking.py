"""The button pressed in LibreOffice: a workbook whose macro reaches Python there, the press, and how long it took."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crmbook import keep, vba
from crmbook.live.libreoffice_basic import BUTTON, LIBRARY
from crmbook.ooxml import Package
from crmbook.verbs.macros import MACRO, PROJECT, carry
from tests.live.libreoffice import running

PATIENCE = 240  # seconds, on a machine that has other work
# Stands in for xlwings' module, which starts Python from Excel and which LibreOffice does not compile.
LAUNCHER = f"""Public Sub RunPython(Command As String)
    Dim Macro As Object
    Set Macro = ThisComponent.getScriptProvider().getScript("vnd.sun.star.script:{LIBRARY}.{BUTTON}.Refresh?language=Basic&location=application")
    Macro.invoke Array(ThisComponent), Array(), Array()
End Sub
"""


def with_button(source: bytes, path: Path) -> None:
    """The workbook with the macro and the button; only the body of RunPython is this platform's."""
    package = Package(source)
    carry(package, "zh", {**vba.ours("refresh"), "xlwings": LAUNCHER})
    keep.create(path, package)


def bound(document: Any) -> str:
    """The address of the macro that the button on any of the sheets runs."""
    found = [
        form.getScriptEvents(at)[0].ScriptCode
        for number in range(document.Sheets.Count)
        for form in document.Sheets.getByIndex(number).DrawPage.Forms
        for at in range(form.Count)
        if form.getScriptEvents(at)
    ]
    (macro,) = [address for address in found if f"{PROJECT}.{vba.OURS}.{MACRO}" in address]
    return macro


def press(document: Any, log: Path) -> float:
    """The seconds from the press of the button to the last word in the log."""
    before, start = _said(log), time.monotonic()
    document.getScriptProvider().getScript(bound(document)).invoke((), (), ())
    _until(lambda: _said(log) != before)
    took = time.monotonic() - start
    assert _said(log)[len(before) :].endswith(": refreshed\n"), _said(log)
    return took


def seconds(sample: bytes, folder: Path) -> tuple[float, float]:
    """What the benchmarks ask for: the seconds of the button in the sample when an amount was typed in it, and when nothing
    was, until the grades are there, in a LibreOffice of its own with all it leaves in `folder`."""
    with_button(sample, folder / "book.xlsm")
    with running(folder / "profile", folder / "state") as office, office.document(folder / "book.xlsm") as document:
        still = press(document, office.log) + _calculated(document)
        orders = document.Sheets.getByName("订单")
        orders.getCellRangeByName("H5").Value = orders.getCellRangeByName("H5").Value + 1
        return press(document, office.log) + _calculated(document), still


def _calculated(document: Any) -> float:
    """The seconds until the grades stand there: LibreOffice calculates a cell when somebody looks at it."""
    start = time.monotonic()
    at = document.DatabaseRanges.getByName("crm_grading").DataArea
    document.Sheets.getByIndex(at.Sheet).getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow).getDataArray()  # fmt: skip
    return time.monotonic() - start


def _said(log: Path) -> str:
    return log.read_text("utf-8") if log.exists() else ""


def _until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, "the button did nothing"
        time.sleep(0.005)
