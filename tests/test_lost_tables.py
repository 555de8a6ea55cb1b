"""A form's table that is gone while its sheet stands is put back, and nothing typed in it is lost to the figures."""

import shutil
import zipfile
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from crmbook import book
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.problems import CannotProceedError
from crmbook.verbs.paper import to_paper
from tests import excel_edits, libreoffice_edits
from tests.excel_file import ExcelFile, M
from tests.excel_references import box, name_of, ref_of
from tests.excel_shifts import every_formula
from tests.faulty_books import packed
from tests.reading import Reading
from tests.refusing import old_or_new
from tests.staff import CHAIN, CUSTOMERS, GRADING, KEY, ORDERS


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """The small book, to be worked on."""
    return Path(shutil.copy(small, tmp_path / "book.xlsx"))


def as_a_range(path: Path, *tables: str) -> None:
    """Excel's Convert to Range."""
    file = ExcelFile(path)
    for table in tables:
        found = file.tables[table]
        sheet = file.sheet(found.sheet)
        sheet.remove(sheet.find(M + "tableParts"))
        rels = file.xml(f"xl/worksheets/_rels/{file.sheets[found.sheet].rpartition('/')[2]}.rels")
        rels.remove(next(r for r in rels if r.get("Type").endswith("/table")))
        types = file.xml("[Content_Types].xml")
        types.remove(next(t for t in types if t.get("PartName") == f"/{found.part}"))
        del file.parts[found.part]
    file.save(path)


def as_a_copy(path: Path, table: str, called: str) -> None:
    """A copy of the table's sheet has taken the place of the sheet: table and names are those of the copy."""
    file = ExcelFile(path)
    found, names = file.tables[table], file.xml(file.workbook).find(M + "definedNames")
    home = str([*file.sheets].index(found.sheet))
    for name in [n for n in names if n.get("name").startswith(f"_crm.{table.removeprefix('crm_')}.")]:
        local = deepcopy(name)
        local.set("localSheetId", home)
        names.append(local)
        name.text = "#REF!"
    file.save(path)
    rename_table(path, table, called)


def rename_table(path: Path, old: str, new: str) -> None:
    """Table Design, Table Name."""
    file = ExcelFile(path)
    found = file.tables[old]
    for formula in (formula for sheet, formula in every_formula(file) if sheet == found.sheet):
        formula.text = formula.text.replace(f"{old}[", f"{new}[")
    found.root.set("name", new)
    found.root.set("displayName", new)
    file.save(path)


@pytest.mark.parametrize("called", ["crm_grading3", "crm_grading_2"], ids=["Excel", "LibreOffice"])
def test_a_copy_that_took_the_place_of_a_report_is_told_and_takes_it_once_it_is_called_so(path: Path, called: str):
    where = {KEY[GRADING]: "K003"}
    excel_edits.edit(path, [{"do": "type", "table": GRADING, "where": where, "column": "核定等级", "value": "A"}])
    before = Reading(path).tables[GRADING]
    as_a_copy(path, GRADING, called)
    (told,) = book.refresh(path, as_of=date(2026, 7, 31)).problems
    assert (told.where, told.severity) == (before.sheet.name, "error")
    assert f"crm_grading is gone; {called}" in told.what.en

    rename_table(path, called, GRADING)
    assert not book.refresh(path, as_of=date(2026, 7, 31)).problems
    after = Reading(path).tables[GRADING]
    assert after.column_of("核定等级", KEY[GRADING])["K003",] == "A"
    said = [c.value for c in after.sheet.cells.values() if isinstance(c.value, str) and c.value.startswith("统计期间")]
    assert [period for period in said if "2026-07-31" in period] == said != []
    assert not book.refresh(path, as_of=date(2026, 7, 31)).wrote


def test_a_copy_of_a_table_of_data_stops_the_run_with_the_name_it_needs(path: Path):
    as_a_copy(path, CUSTOMERS, "crm_customers3")
    data = path.read_bytes()
    with pytest.raises(CannotProceedError) as stopped:
        book.refresh(path)
    assert stopped.value.problem.where == "客户"
    assert "rename it crm_customers" in stopped.value.problem.fix.en
    assert path.read_bytes() == data


@pytest.mark.parametrize("table", [GRADING, CHAIN, CUSTOMERS, ORDERS, "crm_settings", "crm_playbook"])
def test_a_table_made_a_range_is_put_back_where_it_stood(path: Path, table: str):
    before = Reading(path).tables
    as_a_range(path, table)
    assert table not in Reading(path).tables
    assert not book.refresh(path).problems
    after = Reading(path).tables
    assert {name: (t.sheet.name, t.ref, t.headers) for name, t in after.items()} == {
        name: (t.sheet.name, t.ref, t.headers) for name, t in before.items()
    }
    assert lint(Package.open(path)) == set()
    assert not book.refresh(path).wrote


def test_what_was_typed_in_it_since_counts_and_goes_with_its_row(path: Path):
    tables = Reading(path).tables
    grading, orders = tables[GRADING], tables[ORDERS]
    header, wide, last = grading.rows[0] - 1, box(grading.ref)[2] + 1, orders.rows[-1]
    said = {key[0]: (row, f"话{key[0]}") for key, row in grading.keys(KEY[GRADING]).items()}
    as_a_range(path, GRADING, ORDERS)
    typed = {name_of(wide, row): word for row, word in said.values()} | {name_of(wide, header): "我的列"}
    edits = [{"do": "type_at", "sheet": grading.sheet.name, "ref": ref, "value": v} for ref, v in typed.items()]
    new = {"订单号": "X1", "日期": 46180, "客户编号": "K007", "金额": 99_999}
    places = {name_of(orders.column(of), last + 1): value for of, value in new.items()}
    edits += [{"do": "type_at", "sheet": orders.sheet.name, "ref": ref, "value": v} for ref, v in places.items()]
    excel_edits.edit(path, edits)
    book.refresh(path)
    after = Reading(path).tables
    assert after[ORDERS].keys("订单号")["X1",] == last + 1
    assert next(iter(after[GRADING].keys(KEY[GRADING]))) == ("K007",)
    assert {k[0]: v for k, v in after[GRADING].column_of("我的列", KEY[GRADING]).items()} == {
        customer: word for customer, (_, word) in said.items()
    }


def test_a_header_that_excel_does_not_read_is_not_taken_for_one(path: Path):
    left, top, *_ = box(Reading(path).tables[GRADING].ref)
    sheet = Reading(path).tables[GRADING].sheet.name
    as_a_range(path, GRADING)
    file = ExcelFile(path)
    (header,) = (cell for cell in file.sheet(sheet).iter(M + "c") if cell.get("r") == name_of(left + 1, top))
    header.set("t", "x")
    file.save(path)
    (lost,) = (p for p in book.refresh(path).problems if p.severity == "error")
    assert "crm_grading is gone" in lost.what.en
    assert GRADING not in Reading(path).tables


@pytest.mark.parametrize("damage", ["the link to it", "its part"])
def test_a_table_that_is_only_cut_off_from_its_sheet_is_damage(path: Path, damage: str):
    table = ExcelFile(path).tables[GRADING]
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    if damage == "its part":
        del parts[table.part]
    else:
        (rels,) = (n for n in parts if n.endswith(".rels") and f'/{table.part}"'.encode() in parts[n])
        parts[rels] = parts[rels].replace(b"relationships/table", b"relationships/x")
    path.write_bytes(packed(parts))
    old_or_new(path, again=False)


def test_one_with_something_in_the_way_is_told_and_the_rest_refreshed(path: Path):
    left, top, right, _ = box(Reading(path).tables[GRADING].ref)
    sheet = Reading(path).tables[GRADING].sheet.name
    as_a_range(path, GRADING)
    file = ExcelFile(path)
    file.child(sheet, "mergeCells").append(
        file.child(sheet, "mergeCells").makeelement(M + "mergeCell", ref=ref_of((left, top + 2, right, top + 2)))
    )
    file.save(path)
    (told,) = book.refresh(path).problems
    assert (told.where, told.severity) == (sheet, "error")
    assert GRADING in told.what.zh
    assert not book.refresh(path).wrote


def test_they_are_put_back_where_forms_are_added_too(path: Path):
    before = {name: t.ref for name, t in Reading(path).tables.items()}
    as_a_range(path, GRADING, CUSTOMERS)
    assert not book.into(path, forms=["regions"]).problems
    after = {name: t.ref for name, t in Reading(path).tables.items()}
    assert {name: ref for name, ref in after.items() if name != "crm_regions"} == before
    assert "crm_regions" in after
    assert lint(Package.open(path)) == set()
    assert not book.refresh(path).wrote


@pytest.mark.office
def test_a_card_for_each_is_printed_all_the_same(path: Path, tmp_path: Path):
    book.into(path, forms=["card"])
    customers = Reading(path).tables[CUSTOMERS]
    as_a_range(path, CUSTOMERS, GRADING)
    assert len(to_paper(path, form="card", each=True, to=tmp_path / "cards")) == len(customers.rows)


@pytest.mark.office
def test_tables_that_libreoffice_drops_with_a_deleted_sheet_are_back_after_a_refresh(path: Path, tmp_path: Path):
    tables, edited = Reading(path).tables, tmp_path / "edited.xlsx"
    order = Reading(path).order
    edits = [{"do": "move_sheet", "name": "客户", "before": order[0]}, {"do": "delete_sheet", "name": "客户链管理表"}]
    libreoffice_edits.edit(path, edits, edited, tmp_path / "profile")
    found = lint(Package.open(edited))
    book.refresh(edited)
    assert {*Reading(edited).tables} == {*tables} - {CHAIN}
    assert lint(Package.open(edited)) <= found
    assert not book.refresh(edited).wrote
