"""Dropdowns fed by the workbook itself: their lists cover another form's rows however that form grows, moves or is renamed."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crmbook import book, forms
from crmbook.binding import list_name
from crmbook.drawing.draw import draw
from crmbook.ooxml import Package, Workbook, parse_ref
from crmbook.text import LANGS, Lang
from tests import excel_edits, libreoffice_edits

CUSTOMERS = {"do": "append_row", "table": "crm_customers"}
MOVES = [
    {"do": "move_sheet", "name": "客户", "before": "检查"},
    {"do": "rename_header", "table": "crm_customers", "old": "客户编号", "new": "代码"},
]


def newcomers(first: int, count: int, key: str = "客户编号") -> list[excel_edits.Edit]:
    return [CUSTOMERS | {"values": {key: f"N{n}", "客户名称": f"新客户{n}"}} for n in range(first, first + count)]


def listed(path: Path, column: str = "customers.customer_id") -> list[object]:
    """What the dropdowns over a column offer."""
    workbook = Workbook(Package.open(path))
    sheet, area = parse_ref(workbook.names[list_name(column)])
    assert area.left == area.right
    return [row[area.left - 1] for row in workbook.values(sheet)[area.top - 1 : area.bottom]]


def validations(sheet: object) -> dict[str, object]:
    return {str(v.sqref): v for v in sheet.data_validations.dataValidation}


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """The small book, to be worked on."""
    return Path(shutil.copy(small, tmp_path / "book.xlsx"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_column_that_refers_to_a_form_that_is_there_offers_its_key_and_warns_of_anything_else(lang: Lang) -> None:
    drawn = load_workbook(BytesIO(draw(forms.ALL, lang)))
    there = {f"{f.id}.{c.column.id}": (f, c.column) for f in forms.ALL for c in f.columns}
    count = 0
    for form in forms.ALL:
        for at, column in enumerate(form.columns, 1):
            offered = there.get(getattr(column, "offers", ""))
            if offered is None:
                continue
            sheet = drawn[form.title[lang]]
            first = int(sheet.tables[form.table].ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            found = validations(sheet)[sheet.cell(first, at).coordinate]
            assert (found.type, found.errorStyle, found.showErrorMessage) == ("list", "warning", True)
            assert found.formula1 == list_name(f"{offered[0].id}.{offered[1].id}")
            assert drawn.defined_names[found.formula1].hidden
            assert offered[0].title[lang] in found.error
            assert offered[1].label[lang] in found.error
            count += 1
    assert count >= 10


@pytest.mark.parametrize("lang", LANGS)
def test_the_hint_of_a_required_column_says_so(lang: Lang) -> None:
    drawn = load_workbook(BytesIO(draw(forms.ALL, lang)))
    for form in forms.ALL:
        found = validations(drawn[form.title[lang]]).values()
        required = [c.column for c in form.asks if c.column.required]
        hints = [v.prompt for v in found if (v.prompt or "").startswith("必填" if lang == "zh" else "Required")]
        assert len(hints) == len(required), form.id
        assert all(any(c.help[lang] in hint for hint in hints) for c in required if c.help)


def test_a_column_of_a_form_that_is_not_drawn_is_not_offered() -> None:
    drawn = load_workbook(BytesIO(draw([f for f in forms.ALL if f.id == "orders"], "zh")))
    assert not [name for name in drawn.defined_names if name.startswith(list_name(""))]
    assert "list" not in {v.type for v in validations(drawn.worksheets[0]).values()}


def test_the_list_covers_every_customer_of_a_new_book(path: Path) -> None:
    assert listed(path) == [f"K{n:03}" for n in range(1, 8)]
    assert not book.refresh(path).wrote


def test_it_grows_with_the_table_though_its_sheet_moved_and_sheet_and_header_have_other_names(path: Path) -> None:
    excel_edits.edit(path, [*MOVES, *newcomers(1, 3, "代码")])
    book.refresh(path)
    assert listed(path)[-4:] == ["K007", "N1", "N2", "N3"]
    excel_edits.edit(path, [{"do": "rename_sheet", "old": "客户", "new": "客户 名单"}, *newcomers(4, 1, "代码")])
    book.refresh(path)
    assert listed(path)[-2:] == ["N3", "N4"]
    assert not book.refresh(path).wrote


def test_a_list_that_another_program_left_short_is_made_whole(path: Path) -> None:
    package = Package.open(path)
    names = package.read("xl/workbook.xml")
    package.write("xl/workbook.xml", names.replace(b"$A$5:$A$11</definedName>", b"$A$5</definedName>"))
    assert package.read("xl/workbook.xml") != names
    with path.open("w+b") as out:
        package.save(out)
    book.refresh(path)
    assert listed(path)[-1] == "K007"
    assert not book.refresh(path).wrote


@pytest.mark.office
def test_libreoffice_finds_what_the_list_names_and_keeps_the_dropdown(path: Path, tmp_path: Path) -> None:
    name, edited = list_name("customers.customer_id"), tmp_path / "edited.xlsx"
    count = {"do": "own_sheet", "name": "数一数", "cells": {"A1": [f"COUNTA({name})", 0]}}
    column = {"do": "insert_column", "table": "crm_customers", "before": "客户编号", "header": "我的列"}
    libreoffice_edits.edit(path, [column, *MOVES, *newcomers(1, 2, "代码"), count], edited, tmp_path / "profile")
    assert load_workbook(edited, data_only=True)["数一数"]["A1"].value == 7
    book.refresh(edited)
    assert listed(edited)[-3:] == ["K007", "N1", "N2"]
    offering = [v for v in validations(load_workbook(edited)["订单"]).values() if v.formula1 == name]
    assert [(v.type, v.errorStyle) for v in offering] == [("list", "warning")]
    assert len(str(offering[0].sqref).partition(":")[2]) > 1
