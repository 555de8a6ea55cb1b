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
USUAL_ORDER = 43_000  # yuan, as orders of the sample come to
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


def seconds(sample: bytes, folder: Path) -> dict[str, float]:
    """What the benchmarks ask for: the seconds of the button in the sample, until the grades are there, when nothing was
    typed, when an amount was, and when an order of usual size was typed for the customer who came last and changed its grade;
    in a LibreOffice of its own with all it leaves in `folder`."""
    with_button(sample, folder / "book.xlsm")
    with running(folder / "profile", folder / "state") as office, office.document(folder / "book.xlsm") as document:
        took = {"still": press(document, office.log) + _calculated(document)}
        amount = document.Sheets.getByName("订单").getCellRangeByName("H5")
        amount.Value += 1
        took["changed"] = press(document, office.log) + _calculated(document)
        grades, orders = (
            document.DatabaseRanges.getByName(name).ReferredCells for name in ("crm_grading", "crm_orders")
        )
        last = dict(zip(grades.getDataArray()[0], grades.getDataArray()[-1], strict=True))
        header, end = orders.getDataArray()[0], orders.RangeAddress.EndRow - orders.RangeAddress.StartRow
        for column, typed in {"客户编号": last["客户代码"], "金额": USUAL_ORDER}.items():
            orders.getCellByPosition(header.index(column), end).setFormula(str(typed))
        took["moved"] = press(document, office.log) + _calculated(document)
        now = {row[1]: dict(zip(grades.getDataArray()[0], row, strict=True)) for row in grades.getDataArray()[1:]}
        assert now[last["客户代码"]]["最终等级"] != last["最终等级"]
        assert last["客户代码"] in [row[2] for row in document.DatabaseRanges.getByName("crm_changes").ReferredCells.getDataArray()]  # fmt: skip
        return took


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
