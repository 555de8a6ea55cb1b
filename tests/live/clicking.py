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

BIG_ORDER = 9_000_000  # yuan: who placed it comes first
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
    macro = document.getScriptProvider().getScript(bound(document))
    before, start = _said(log), time.monotonic()
    macro.invoke((), (), ())
    _until(lambda: _said(log) != before)
    took = time.monotonic() - start
    assert _said(log)[len(before) :].endswith(": refreshed\n"), _said(log)
    return took


def seconds(sample: bytes, folder: Path) -> dict[str, float]:
    """What the benchmarks ask for: the seconds of the button in the sample, until the grades are there, when nothing was
    typed in it, when an amount was, and when a big order was for the customer graded last, who comes first by it; in a
    LibreOffice of its own with all it leaves in `folder`."""
    with_button(sample, folder / "book.xlsm")
    with running(folder / "profile", folder / "state") as office, office.document(folder / "book.xlsm") as document:
        took = {"still": press(document, office.log) + _calculated(document)}
        amount = document.Sheets.getByName("订单").getCellRangeByName("H5")
        amount.Value += 1
        took["changed"] = press(document, office.log) + _calculated(document)
        last, orders = _rows(document, "crm_grading")[-1], document.DatabaseRanges.getByName("crm_orders").ReferredCells
        header, end = orders.getDataArray()[0], orders.RangeAddress.EndRow - orders.RangeAddress.StartRow
        orders.getCellByPosition(header.index("客户编号"), end).String = last["客户代码"]
        orders.getCellByPosition(header.index("金额"), end).Value = BIG_ORDER
        took["moved"] = press(document, office.log) + _calculated(document)
        first = _rows(document, "crm_grading")[0]
        assert first["客户代码"] == last["客户代码"]
        assert first["最终等级"] != last["最终等级"]
        assert last["客户代码"] in [row["客户编号"] for row in _rows(document, "crm_changes")]
        return took


def _rows(document: Any, table: str) -> list[dict[str, Any]]:
    """The rows of a table, header → value."""
    header, *rows = document.DatabaseRanges.getByName(table).ReferredCells.getDataArray()
    return [dict(zip(header, row, strict=True)) for row in rows]


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
