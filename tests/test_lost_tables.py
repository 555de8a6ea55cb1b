"""A form's table that is gone while its sheet stands is put back, and nothing typed in it is lost to the figures."""

import shutil
import zipfile
from pathlib import Path

import pytest

from crmbook import book
from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint
from crmbook.verbs.paper import to_paper
from tests import excel_edits, libreoffice_edits
from tests.excel_file import ExcelFile, M
from tests.excel_references import box, name_of, ref_of
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
