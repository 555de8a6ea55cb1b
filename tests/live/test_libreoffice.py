"""The workbook while it is open in LibreOffice: the same as in the file, and all that is the user's stays."""

import shutil
from datetime import date

import pytest
from click.testing import CliRunner

from crmbook import book, live
from crmbook.cli import cli
from crmbook.live.libreoffice_program import LibreOffice
from crmbook.live.libreoffice_uno import setting
from crmbook.live.program import Link
from crmbook.live.reading import LiveBook
from crmbook.problems import CannotProceedError
from tests import excel_edits, small_book
from tests.live.clicking import press, with_button
from tests.live.seen import differences
from tests.reading import Reading
from tests.staff import GRADING, KEY, Staff

pytestmark = pytest.mark.office
PROGRAM = LibreOffice()


def rows(document, table):
    """The cells of a table, its header first, as UNO's range and as texts and numbers."""
    area = document.DatabaseRanges.getByName(table).DataArea
    cells = document.Sheets.getByIndex(area.Sheet).getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)  # fmt: skip
    return cells, cells.getDataArray()


def cell(document, table, row, header):
    """The cell in a row of a table (0 = the first under the header, -1 the last) and the column of a header."""
    cells, held = rows(document, table)
    return cells.getCellByPosition(held[0].index(header), range(len(held))[row + (row >= 0)])


def column(document, table, header):
    _, held = rows(document, table)
    return [row[held[0].index(header)] for row in held[1:]]


@pytest.fixture(scope="module")
def recording(small, tmp_path_factory):
    """The small book with 变更记录."""
    path = tmp_path_factory.mktemp("recording") / "small.xlsx"
    forms = ["grading", "chain", "changes"]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(path.parent / "state"))
        book.build(path, source=small.parent / "source", as_of=small_book.TODAY, forms=forms)
    return path


def by_staff(source, path):
    """A day of the staff of the small book; a customer of theirs gets a big order."""
    order = {"订单号": "D900", "行号": 1, "日期": 46100, "客户编号": "K009", "金额": 9_000_000}
    edits = [
        {"do": "type", "table": GRADING, "where": {KEY[GRADING]: "K001"}, "column": "备注", "value": "00123"},
        {"do": "comment", "table": GRADING, "where": {KEY[GRADING]: "K003"}, "column": "客户名称", "text": "别动", "author": "李敏"},
        {"do": "colour", "table": GRADING, "where": {KEY[GRADING]: "K003"}, "rgb": "FFC000"},
        {"do": "insert_column", "table": "crm_chain", "before": "备注", "header": "双倍", "formula": "[@累计购买额]*2", "results": [0] * 7},
        {"do": "rename_header", "table": GRADING, "old": "销售额", "new": "本期销售额"},
        {"do": "append_row", "table": "crm_customers", "values": {"客户编号": "K009", "客户名称": "新来的", "区域": "华东"}},
        {"do": "append_row", "table": "crm_orders", "values": order},
    ]  # fmt: skip
    excel_edits.edit(source, edits, path)


def same(office, here, there):
    """The book refreshed as a file and while it is open says the same, and a second time changes nothing."""
    shutil.copy(here, there)
    assert book.refresh(there).wrote
    with office.document(here) as document, office.document(there) as file:
        refreshed = live.refreshed(office.book(here))
        assert refreshed.live
        assert "客户分级表" in refreshed.sheets
        file.calculateAll()  # the values of the staff's own formulas
        assert differences(office.book(here), office.book(there)) == []
        steps = document.UndoManager.getAllUndoActionTitles()
        assert not live.refreshed(office.book(here)).wrote
        assert document.UndoManager.getAllUndoActionTitles() == steps


def test_the_same_as_in_the_file(office, recording, tmp_path):
    by_staff(recording, tmp_path / "open.xlsx")
    same(office, tmp_path / "open.xlsx", tmp_path / "file.xlsx")


@pytest.mark.soak
def test_the_sample_is_the_same_as_in_the_file(office, built, tmp_path):
    """All forms, after a day of the sample's staff."""
    source = tmp_path / "source.xlsx"
    source.write_bytes(built("zh"))
    staff = Staff(Reading(source))
    excel_edits.edit(source, [*staff.edits(), *staff.in_excel()], tmp_path / "open.xlsx")
    same(office, tmp_path / "open.xlsx", tmp_path / "file.xlsx")


@pytest.mark.parametrize("which", ["small", pytest.param("sample", marks=pytest.mark.soak)])
def test_the_button(which, office, recording, built, tmp_path, capsys):
    """Pressed after a big order: its customer comes first, with the user's note, and the move is recorded."""
    path = tmp_path / "客户 管理.xlsm"
    with_button(built("zh") if which == "sample" else recording.read_bytes(), path)
    before = path.read_bytes()
    with office.document(path) as document:
        customer = cell(document, GRADING, -1, KEY[GRADING])
        key, was = customer.String, cell(document, GRADING, -1, "最终等级").String
        customer.Spreadsheet.Annotations.insertNew(customer.CellAddress, "总经理的同学")
        cell(document, "crm_orders", -1, "客户编号").String = key
        cell(document, "crm_orders", -1, "金额").Value = 9_000_000
        took = press(document, office.log)
        with capsys.disabled():
            print(f" the button, {which}: {took:.1f} s ", end="")
        assert column(document, GRADING, KEY[GRADING])[0] == key
        first = cell(document, GRADING, 0, KEY[GRADING])
        assert first.Annotation.String == "总经理的同学"
        assert cell(document, GRADING, 0, "销售额等级ABC").String == "A"
        assert cell(document, GRADING, 0, "最终等级").String != was
        assert key in column(document, "crm_changes", "客户编号")
        assert document.UndoManager.getAllUndoActionTitles()[0] == "crmbook"
    assert path.read_bytes() == before


def test_a_book_that_is_up_to_date_stays_unmodified(office, opened, path):
    assert not live.refreshed(office.book(path), as_of=small_book.TODAY).wrote
    assert not opened.isModified()
    assert opened.isAutomaticCalculationEnabled()


def test_a_document_closed_meanwhile_is_told(office, path):
    document = office.connection.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (setting("Hidden", True),))
    with pytest.raises(CannotProceedError, match="closed while"):
        live.refreshed(office.book(path), step=lambda text: document.close(True))


def test_only_what_a_refresh_reads_is_calculated(office, opened, path):
    """LibreOffice calculates a cell when it is asked for it: sums over all orders wait until somebody looks at them."""

    def sums(*, sparing):
        held = LiveBook(office.book(path), sparing=sparing).values("客户分级表")
        header = next(row for row in held if {"销售额", "备注"} <= {*row})
        first = held[held.index(header) + 1]
        return [row[header.index("销售额")] for row in held], first[header.index("备注")]

    before, _ = sums(sparing=False)
    cell(opened, GRADING, 0, "备注").Formula = "=SUM(crm_orders[金额])"
    cell(opened, "crm_orders", -1, "金额").Value += 9_000_000
    spared, theirs = sums(sparing=True)
    assert opened.isAutomaticCalculationEnabled()
    assert spared == before
    now, said = sums(sparing=False)
    assert now != before
    assert theirs == said > 9_000_000


def test_what_is_typed_while_it_is_read_is_not_held_for_saved(office, opened, path):
    with PROGRAM.as_last_calculated(office.book(path)):
        assert not opened.isAutomaticCalculationEnabled()
        assert not opened.isModified()
        cell(opened, GRADING, 0, "备注").String = "刚输入的"
    assert opened.isAutomaticCalculationEnabled()
    assert opened.isModified()


def test_undo_takes_it_all_back(office, opened, path):
    def cells():
        return [opened.Sheets.getByName("客户分级表").getCellRangeByName("A1:Z60").getFormulaArray(), *opened.NamedRanges.ElementNames]  # fmt: skip

    cell(opened, "crm_orders", -1, "金额").Value = 9_000_000
    cell(opened, "crm_orders", -1, "客户编号").String = cell(opened, GRADING, -1, KEY[GRADING]).String
    before = cells()
    assert live.refreshed(office.book(path), as_of=small_book.TODAY).wrote
    assert cells() != before
    opened.UndoManager.undo()
    assert cells() == before


def test_the_command_refreshes_the_open_book(office, opened, path):
    before = path.read_bytes()
    cell(opened, "crm_orders", -1, "金额").Value = 9_000_000
    key = cell(opened, "crm_orders", -1, "客户编号").String
    arguments = ["refresh", str(path), "--as-of", f"{small_book.TODAY}"]
    done = CliRunner().invoke(cli, arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "尚未保存" in done.stdout
    assert column(opened, GRADING, KEY[GRADING])[0] == key
    assert opened.isModified()
    assert path.read_bytes() == before
    again = CliRunner().invoke(cli, arguments)
    assert (again.exit_code, again.stdout.count("已是最新")) == (0, 1)


def test_what_is_the_users_stays_where_a_cell_is_written(office, opened, path):
    """Notes, links and filters; what looks like a number or a formula stays text."""
    xlwings = office.book(path)
    sheet = xlwings.sheets["客户分级表"]
    table = sheet.tables[GRADING]
    top, left = table.range.row + 1, table.range.column
    noted = sheet.range((top + 1, left + 2))
    opened.Sheets.getByName(sheet.name).Annotations.insertNew(noted.api.getCellByPosition(0, 0).CellAddress, "别动")
    block = sheet.range((top, left + 2), (top + 2, left + 3))
    block.value = [["'00123", "=1+1"], ["'=1+1", "a"], ["'1-2", 2.5]]
    assert block.value == [["00123", 2.0], ["=1+1", "a"], ["1-2", 2.5]]
    assert [(n.location.address, n.text) for n in sheet.notes] == [(noted.address, "别动")]
    PROGRAM.set_link(noted, Link("https://example.org", "a"))
    assert PROGRAM.links(sheet)[noted.row, noted.column] == Link("https://example.org", "a")
    PROGRAM.set_link(noted, None)
    assert (noted.row, noted.column) not in PROGRAM.links(sheet)
    assert noted.value == "=1+1"


def test_links_go_with_their_rows(office, opened, path):
    """A link in a text, and one on a number's cell, which LibreOffice keeps apart."""
    key, number = cell(opened, GRADING, -1, KEY[GRADING]).String, cell(opened, GRADING, -1, "核定等级")
    cell(opened, GRADING, -1, "备注").String, number.Value = "官网", 7
    sheet = office.book(path).sheets["客户分级表"]
    for said, url in (("备注", "https://example.org"), ("核定等级", "https://example.com")):
        at = cell(opened, GRADING, -1, said).CellAddress
        PROGRAM.set_link(sheet.range((at.Row + 1, at.Column + 1)), Link(url, "a"))
    cell(opened, "crm_orders", -1, "客户编号").String = key
    cell(opened, "crm_orders", -1, "金额").Value = 9_000_000
    held = {link.address for link in PROGRAM.links(sheet).values()}
    assert live.refreshed(office.book(path), as_of=small_book.TODAY).wrote
    assert column(opened, GRADING, KEY[GRADING])[0] == key
    found = PROGRAM.links(sheet)
    assert {link.address for link in found.values()} == held >= {"https://example.org", "https://example.com"}
    for said, url in (("备注", "https://example.org"), ("核定等级", "https://example.com")):
        at = cell(opened, GRADING, 0, said).CellAddress
        assert found[at.Row + 1, at.Column + 1] == Link(url, "a")


def test_a_filter_is_set_aside_and_comes_back(office, opened, path):
    from crmbook.live.libreoffice_uno import struct

    table = office.book(path).sheets["客户分级表"].tables[GRADING]
    rows = table.range[1:, 0]
    chosen = struct("sheet.FilterFieldValue", StringValue="K001", FilterType=1)
    field = struct("sheet.TableFilterField3", Field=1, Operator=2, Values=(chosen,))
    assert PROGRAM.filters([table]) == [None]
    PROGRAM.filter_again(table, (field,))
    cell(opened, "crm_orders", -1, "金额").Value = 9_000_000
    assert live.refreshed(office.book(path), as_of=small_book.TODAY).wrote
    assert PROGRAM.hide_rows([rows]) == [True]
    ((held,),) = PROGRAM.filters([table])
    assert held.Values[0].StringValue == "K001"
    PROGRAM.show_all(table)
    assert PROGRAM.hide_rows([rows]) == [False]


def test_a_protected_sheet_is_not_written(office, opened, path):
    cell(opened, "crm_orders", -1, "金额").Value = 9_000_000
    opened.Sheets.getByName("客户分级表").protect("")
    before = opened.UndoManager.getAllUndoActionTitles()
    with pytest.raises(CannotProceedError, match="protected"):
        live.refreshed(office.book(path), as_of=date(2026, 6, 30))
    assert opened.UndoManager.getAllUndoActionTitles() == before
