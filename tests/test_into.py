"""`crmbook build --into`: our forms come into a workbook that exists, and all that is the user's stays what it was."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook as NewWorkbook
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, NamedStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.table import Table

from crmbook import binding, book
from crmbook.ooxml import Package, Workbook, children
from crmbook.ooxml.lint import lint
from crmbook.problems import CannotProceedError
from tests.corpus.books import CUSTOMERS, TODAY, column_of, write_source
from tests.excel_edits import edit

THEIRS = "客户"  # the user's sheet has the name of one of ours


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "data")


@pytest.fixture
def theirs(tmp_path: Path):
    """Their workbook, which a test may change before it is saved."""

    class Theirs:
        def __init__(self) -> None:
            self.book, self.path = NewWorkbook(), tmp_path / "theirs.xlsx"
            self.book.active.title = THEIRS
            self.book.active.append(["名称", "数量"])
            self.book.active.append(["自己的", 3])
            second = self.book.create_sheet("汇总")
            second["A1"] = "=SUM(客户!B2:B9)"
            self.book.active = 1
            self.book.active.sheet_view.tabSelected = True

        def saved(self) -> Path:
            self.book.save(self.path)
            return self.path

    return Theirs()


def _into(path: Path, source: Path | None, *forms: str, **more) -> book.Outcome:
    return book.into(path, source=source, as_of=TODAY, forms=forms or ("grading",), **more)


def test_a_sheet_of_our_name_stays_theirs_and_ours_gets_a_free_one(theirs, source):
    path = theirs.saved()
    outcome = _into(path, source)
    assert outcome.counts == {"customers": len(CUSTOMERS), "orders": 6, "forms": outcome.counts["forms"]}
    after = load_workbook(path)
    assert after.sheetnames[:2] == [THEIRS, "汇总"]
    assert after[THEIRS]["A2"].value == "自己的"
    assert binding.sheets(Workbook(Package.open(path)))["customers"] == "客户 (2)"
    assert after["客户 (2)"].tables["crm_customers"].ref.startswith("A4:")
    assert after.active.title == "汇总"
    assert [s.title for s in after if s.sheet_view.tabSelected] == ["汇总"]
    assert not book.refresh(path).wrote
    grading = Workbook(Package.open(path))
    assert column_of(grading, "crm_grading", "客户代码")[0] in CUSTOMERS


def test_all_that_speaks_of_our_sheets_speaks_of_them_under_their_new_names(theirs, source):
    theirs.book.create_sheet("客户分级表")
    path = theirs.saved()
    _into(path, source)
    package = Package.open(path)
    charts = [package.read(p).decode() for p in package.names if p.startswith("xl/charts/")]
    assert charts
    assert all("'客户分级表 (2)'!" in xml and "'客户分级表'!" not in xml for xml in charts)
    local = [n for group in children(Workbook(package).root, "definedNames") for n in group if n.get("localSheetId")]
    names = [str(e.get("name")) for e in Workbook(package).root.iterfind("{*}sheets/{*}sheet")]
    assert local
    assert all(str(n.text).startswith(f"'{names[int(n.get('localSheetId'))]}'!") for n in local)


def test_without_data_the_entry_forms_are_blank_and_wait(theirs):
    path = theirs.saved()
    outcome = _into(path, None)
    assert (outcome.counts["customers"], outcome.problems) == (0, [])
    made = Workbook(Package.open(path))
    assert column_of(made, "crm_customers", "客户编号") in ([], [""])
    assert len(column_of(made, "crm_playbook", "编号")) > 20
    with pytest.raises(CannotProceedError, match="客户 \\(2\\)"):
        book.refresh(path)  # says where customers are to be filled in


def test_undo_brings_their_file_back(theirs, source):
    path = theirs.saved()
    before = path.read_bytes()
    _into(path, source)
    book.undo(path)
    assert path.read_bytes() == before


def test_a_second_time_changes_nothing(theirs, source):
    path = theirs.saved()
    _into(path, source)
    assert not book.into(path, forms=["grading"]).wrote


def test_a_book_of_ours_gets_the_forms_it_lacks_made_from_its_own_data(tmp_path: Path, source: Path):
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, as_of=TODAY, forms=["grading"])
    before = Package.open(path)
    outcome = book.into(path, forms=["chain", "dashboard"])
    after = Package.open(path)
    here = Workbook(after)
    assert set(column_of(here, "crm_chain", "客户编号")) == set(CUSTOMERS)
    assert {"dashboard", "chain"} <= set(binding.sheets(here))
    assert len([s for s in here.sheets if s.name == "_crmbook"]) == 1
    assert outcome.proof is not None
    assert {n for n in before.names if n.startswith("xl/theme")} <= set(outcome.proof.untouched)
    assert not book.refresh(path).wrote
    whole = tmp_path / "whole.xlsx"
    book.build(whole, source=source, as_of=TODAY, forms=["grading", "chain", "dashboard"])
    for table in ("crm_chain", "crm_grading"):
        assert _values(path, table) == _values(whole, table)


def test_charts_over_forms_that_were_there_show_them_where_they_stand_now(tmp_path: Path, source: Path):
    ranges = []
    for at, forms in enumerate((["grading"], ["grading", "dashboard"])):
        path = tmp_path / f"{at}.xlsx"
        book.build(path, source=source, as_of=TODAY, forms=forms)
        edit(path, [{"do": "insert_row", "sheet": "客户分级表", "at": 2}])
        book.into(path, forms=["dashboard"])
        package = Package.open(path)
        charts = [package.xml(n) for n in package.names if n.startswith("xl/charts/chart")]
        ranges.append(sorted(str(f.text).replace("'", "") for chart in charts for f in chart.iter("{*}f")))
    assert ranges[0] == ranges[1]


def test_an_older_book_gets_the_settings_it_lacks(tmp_path: Path, source: Path):
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, as_of=TODAY, forms=["grading"])
    older = load_workbook(path)
    older["设置"].delete_rows(older["设置"].max_row)
    bottom = older["设置"].max_row
    older["设置"].tables["crm_settings"].ref = f"A4:J{bottom}"
    older["设置"].tables["crm_settings"].autoFilter.ref = f"A4:J{bottom}"
    del older.defined_names["FORMULA_CELLS"]
    older.save(path)
    book.into(path, forms=["grading"])
    assert column_of(Workbook(Package.open(path)), "crm_settings", "公式名称")[-1] == "FORMULA_CELLS"
    assert "FORMULA_CELLS" in Workbook(Package.open(path)).names
    assert not book.refresh(path).wrote


def test_data_from_elsewhere_do_not_come_into_a_book_that_has_its_own(tmp_path: Path, source: Path):
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, as_of=TODAY, forms=["grading"])
    _refused(path, source, "holds data of customers already")


def test_names_and_tables_of_theirs_that_our_formulas_need_are_told(theirs, source):
    theirs.book.defined_names["abc_a"] = DefinedName("abc_a", attr_text="客户!$B$2")
    _refused(theirs.saved(), source, "the name abc_a is already used here, for =客户!$B$2")
    del theirs.book.defined_names["abc_a"]
    theirs.book[THEIRS].add_table(Table(displayName="Top", ref="A1:B2"))
    _refused(theirs.saved(), source, "the name Top is already used here")


def test_a_book_with_a_protected_structure_is_refused(theirs, source):
    theirs.book.security = WorkbookProtection(lockStructure=True)
    _refused(theirs.saved(), source, "structure of the workbook is protected")


def _refused(path: Path, source: Path, why: str) -> None:
    before = path.read_bytes()
    with pytest.raises(CannotProceedError, match=why.replace("$", r"\$")):
        _into(path, source)
    assert path.read_bytes() == before


def test_what_is_there_keeps_its_style_and_ours_look_as_ever(theirs, source):
    bold = NamedStyle("crm title", font=Font(name="Arial", sz=30))
    theirs.book.add_named_style(bold)
    theirs.book[THEIRS]["A1"].font = Font(name="宋体", sz=17, color="FF112233")
    theirs.book[THEIRS]["B2"].number_format = "0.000"
    path = theirs.saved()
    _into(path, source)
    after = load_workbook(path)
    assert (after[THEIRS]["A1"].font.name, after[THEIRS]["A1"].font.sz) == ("宋体", 17)
    assert after[THEIRS]["B2"].number_format == "0.000"
    form = after["客户分级表"]
    assert form["A1"].font.name == "Arial"  # the style of that name was there before
    header = form[form.tables["crm_grading"].ref.split(":")[0]]
    assert (header.style, header.fill.fgColor.rgb) == ("crm header", "FF17495C")
    assert form["E25"].number_format.startswith("#,##0.00")
    assert lint(Package.open(path)) == set()


def test_their_tables_and_charts_keep_their_numbers(theirs, source):
    sheet = theirs.book[THEIRS]
    sheet.add_table(Table(displayName="mine", ref="A1:B2"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    sheet.add_chart(chart)
    path = theirs.saved()
    before = Package.open(path)
    _into(path, source)
    after = Package.open(path)
    theirs_now = [n for n in before.names if n.startswith(("xl/tables", "xl/charts", "xl/drawings", "xl/worksheets"))]
    assert len(theirs_now) >= 6
    assert all(after.read(n) == before.read(n) for n in theirs_now)
    ids = [after.xml(t.part).get("id") for t in Workbook(after).tables.values()]
    assert len(ids) == len(set(ids))


def test_a_1904_book_keeps_its_calendar_and_holds_our_days_in_it(tmp_path: Path, source: Path):
    path = tmp_path / "theirs.xlsx"
    theirs = NewWorkbook()
    theirs.epoch = theirs.epoch.replace(year=1904, month=1, day=1)
    theirs.save(path)
    assert Workbook(Package.open(path)).is_1904
    _into(path, source)
    held = Workbook(Package.open(path))
    assert column_of(held, "crm_orders", "日期")[0] == datetime(2026, 6, 30)
    at = column_of(held, "crm_settings", "公式名称").index("PERIOD_START")
    assert column_of(held, "crm_settings", "最小")[at] > 30_000
    assert not book.refresh(path).wrote


def test_the_language_is_that_of_the_book(tmp_path: Path, source: Path):
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, as_of=TODAY, forms=["grading"], lang="en")
    assert book.into(path, forms=["chain"], lang="zh").lang == "en"
    assert "Customer chain" in " ".join(s.name for s in Workbook(Package.open(path)).sheets)


def _values(path: Path, table: str) -> list[list[object]]:
    book = Workbook(Package.open(path))
    found = book.tables[table]
    return book.values(found.sheet.name)[found.header_row - 1 : found.last_row]
