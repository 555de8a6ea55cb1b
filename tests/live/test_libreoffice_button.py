"""The button's own way into LibreOffice: where it listens, what is read before anybody asks, and who comes second."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from crmbook.live import dialog
from crmbook.live.libreoffice import books
from crmbook.live.libreoffice_basic import BUTTON, LIBRARY, READING, sources
from crmbook.live.libreoffice_click import SOON
from crmbook.live.libreoffice_document import Document
from crmbook.live.libreoffice_uno import connect
from crmbook.live.reading import LiveBook
from crmbook.live.writing import TITLE

pytestmark = pytest.mark.office


def listening(document):
    """The pipe that the button names to Python."""
    macro = f"vnd.sun.star.script:{LIBRARY}.{BUTTON}.Listening?language=Basic&location=application"
    return document.getScriptProvider().getScript(macro).invoke((), (), ())[0]


CLICK = ["-P", "-m", "crmbook.live.libreoffice_click"]


def environment(office):
    return {**os.environ, "CRMBOOK_STATE": str(office.log.parent)}


def click(office, document, pipe):
    """What the button starts, to its end, and what it said in the log."""
    words = [document.URL, *([pipe] if pipe else [])]
    before = office.log.read_text("utf-8") if office.log.exists() else ""
    run = subprocess.run([sys.executable, *CLICK, *words], env=environment(office), capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")
    return office.log.read_text("utf-8")[len(before) :]


def test_the_button_names_a_pipe_at_which_libreoffice_listens(opened):
    pipe = listening(opened)
    assert opened.URL in [document.URL for document in connect(pipe, SOON).spreadsheets()]
    assert listening(opened) == pipe


def test_a_press_that_comes_before_libreoffice_listens_reaches_it(office):
    """One in ten did not: a pipe has a name a moment before anybody listens at it, and LibreOffice may close the first
    connection while it is made."""
    for pipe in (f"crmbook{os.getpid()}of{number}" for number in range(100)):
        acceptor = office.connection.service("com.sun.star.office.Acceptor")
        acceptor.initialize((f"pipe,name={pipe};urp;", True))
        assert connect(pipe, SOON)


@pytest.mark.parametrize("pipe", ["", "nobody listens here"])
def test_a_press_that_names_no_pipe_finds_its_document(office, opened, pipe):
    assert click(office, opened, pipe).endswith(": refreshed\n")


@pytest.mark.parametrize("older", [[BUTTON], [*sources()]], ids=["the button", "all"])
def test_the_first_press_after_an_update_goes_through(office, opened, older):
    """Macros of an older version still hold the pipe open at which this press speaks."""
    libraries = office.connection.service("com.sun.star.script.ApplicationScriptLibraryContainer")
    library = libraries.getByName(LIBRARY)
    for name in older:
        library.replaceByName(name, library.getByName(name) + "' older\n")
    libraries.storeLibraries()
    assert click(office, opened, listening(opened)).endswith(": refreshed\n")
    assert {name: library.getByName(name) for name in sources()} == sources()
    basic = (
        office.connection.service("com.sun.star.util.PathSubstitution").getSubstituteVariableValue("$(user)") + "/basic"
    )
    stored = Path(unquote(urlsplit(basic).path)) / LIBRARY
    assert not [name for name in sources() if "older" in (stored / f"{name}.xba").read_text("utf-8")]
    assert click(office, opened, listening(opened)).endswith(": refreshed\n")


def is_reading(document):
    return not document.isAutomaticCalculationEnabled()


def is_writing(document):
    return not document.IsAdjustHeightEnabled


@pytest.mark.parametrize("middle", [is_reading, is_writing])
def test_a_document_is_put_in_order_after_python_was_killed(office, opened, middle):
    orders = opened.DatabaseRanges.getByName("crm_orders").ReferredCells
    amount, last = orders.getDataArray()[0].index("金额"), len(orders.getDataArray()) - 1
    orders.getCellByPosition(amount, last).Value = 9_000_000
    with subprocess.Popen([sys.executable, *CLICK, opened.URL, listening(opened)], env=environment(office)) as run:
        while not middle(opened):
            assert run.poll() is None
        run.kill()
    assert is_reading(opened)
    assert click(office, opened, listening(opened)).endswith(": refreshed\n")
    assert not is_reading(opened)
    assert not is_writing(opened)
    orders.getCellByPosition(amount, last).Value = 8_000_000
    assert opened.UndoManager.getCurrentUndoActionTitle() != TITLE
    opened.UndoManager.undo()
    assert orders.getCellByPosition(amount, last).Value == 9_000_000


def test_rows_keep_their_heights(office, opened):
    """And LibreOffice looks for the best height again after what staff type next."""
    sheet = opened.Sheets.getByName("客户分级表")
    table = opened.DatabaseRanges.getByName("crm_grading").DataArea
    heights = [sheet.Rows.getByIndex(row).Height for row in range(table.EndRow + 1)]
    orders = opened.DatabaseRanges.getByName("crm_orders").DataArea
    held = opened.Sheets.getByIndex(orders.Sheet).getCellRangeByPosition(
        0, orders.StartRow, orders.EndColumn, orders.StartRow
    )
    amount = held.getDataArray()[0].index("金额")
    opened.Sheets.getByIndex(orders.Sheet).getCellByPosition(amount, orders.EndRow).Value = 9_000_000
    assert click(office, opened, listening(opened)).endswith(": refreshed\n")
    assert [sheet.Rows.getByIndex(row).Height for row in range(table.EndRow + 1)] == heights
    assert opened.IsAdjustHeightEnabled


def test_who_comes_second_is_told(office, opened, path, monkeypatch):
    monkeypatch.setenv("CRMBOOK_STATE", str(office.log.parent))
    with dialog.once_at(path.name, str(path)):
        said = click(office, opened, listening(opened))
    assert path.name in said
    assert "another refresh of this file is running" in said
    assert opened.isAutomaticCalculationEnabled()


def test_what_is_read_before_anybody_asks_is_what_would_be_read(office, opened, path):
    """Days, truth values, errors, the staff's own formulas, in reports and in what they enter."""
    grading, orders = (opened.Sheets.getByName(name) for name in ("客户分级表", "订单"))
    for sheet in (grading, orders):
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        right = cursor.RangeAddress.EndColumn + 2
        for row, formula in enumerate(("=NA()", "=1/0", "=SUM(crm_orders[金额])", "=TRUE()", "=DATE(2026;1;31)"), 5):
            sheet.getCellByPosition(right, row).Formula = formula

    def read(document):
        live = LiveBook(books([document])[0], sparing=True)
        return {name: (live.values(name), live.formulas(name)) for name in live.live}

    usual = read(Document(office.connection, opened))
    document = Document(office.connection, opened)
    document.look()
    assert {"客户分级表", "订单"} <= document._seen.keys()
    before = read(document)
    assert before == usual
    assert not document._seen
    assert opened.isAutomaticCalculationEnabled()
    texts = [str(value) for name in ("客户分级表", "订单") for row in before[name][0] for value in row]
    assert {"#N/A", "#DIV/0!", "2026-01-31 00:00:00"} <= {*texts}


def test_what_was_looked_at_while_python_started_is_told_to_that_press_once(office, opened):
    """Who comes without it, or later, is told how the sheets are then."""
    address = f"vnd.sun.star.script:{LIBRARY}.{READING}.Prepare?language=Basic&location=application"
    basic, sheet = office.connection.basic, opened.Sheets.getByName("订单")

    def rows(press):
        names, tables, extents = basic.looked(opened, press)
        assert names == basic.names(opened)
        assert [table[0] for table in tables] == [table[0] for table in basic.tables(opened)]
        (cells,) = [cells for name, cells, *_ in extents if name == "订单"]
        return cells.RangeAddress.EndRow + 1

    before = rows(0)
    for asked, told in ((7, before), (8, before + 10)):
        opened.getScriptProvider().getScript(address).invoke((opened, 7), (), ())
        sheet.getCellByPosition(0, before + 9).String = "后来填写"
        assert rows(asked) == told
        assert rows(7) == before + 10
        sheet.getCellByPosition(0, before + 9).String = ""
