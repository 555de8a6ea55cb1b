"""Every formula of crmbook's is recalculated by LibreOffice, and a value that is not what it comes to is found."""

import os
import sys
from pathlib import Path

import pytest
import xlsxwriter

from crmbook import machine, office
from crmbook.problems import CannotProceedError
from crmbook.verbs.verify import Difference, agree, verify


def workbook(path: Path, doubled: object = 4, note: object = "big", total: object = 6) -> Path:
    """A form's table with formulas beside values, a bound cell, and of the user's, each with a value that is stale, a formula
    and a copy of that table."""
    with xlsxwriter.Workbook(path) as book:
        sheet, own = book.add_worksheet("客户分级表"), book.add_worksheet("我的")
        sheet.write_row("A5", [2])
        sheet.write_row("A6", [4])
        columns = [
            {"header": "值"},
            {"header": "两倍", "formula": "=crm_grading[[#This Row],[值]]*2"},
            {"header": "说明", "formula": '=IF(crm_grading[[#This Row],[值]]>1,"big","")'},
            {"header": "错", "formula": "=1/(crm_grading[[#This Row],[值]]-4)"},
            {"header": "真", "formula": "=crm_grading[[#This Row],[值]]>3"},
        ]
        sheet.add_table("A4:E6", {"name": "crm_grading", "columns": columns})
        for row, values in ((4, (doubled, note, -0.5, False)), (5, (8, "big", "#DIV/0!", True))):
            for column, value in enumerate(values, 1):
                formula = str(columns[column]["formula"])
                sheet.write_formula(row, column, formula, None, value)
        sheet.write_formula("B1", "=SUM(crm_grading[值])", None, total)
        sheet.write_formula("B2", '=""', None, "")
        book.define_name("_crm.grading.total", "='客户分级表'!$B$1")
        book.define_name("_crm.grading.blank", "='客户分级表'!$B$2")
        own.write_formula("A1", "=1+1", None, 99)
        own.add_table("A4:B5", {"name": "crm_grading13", "columns": [{"header": "值"}, {"header": "两倍"}]})
        own.write_formula("B5", "=1+1", None, 99)
    return path


@pytest.mark.office
def test_values_that_are_right_are_found_right(tmp_path):
    book = workbook(tmp_path / "b.xlsx")
    before = book.read_bytes()
    found = verify(book)
    assert found.differences == []
    assert found.own == 10
    assert found.formulas == 12
    assert book.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["b.xlsx"]


@pytest.mark.office
def test_each_wrong_value_is_found_with_its_cell(tmp_path):
    found = verify(workbook(tmp_path / "b.xlsx", doubled=4.00001, note="BIG", total=7))
    assert [(d.cell, d.written, d.recalculated) for d in found.differences] == [
        ("B1", 7.0, 6.0),
        ("B5", 4.00001, 4.0),
        ("C5", "BIG", "big"),
    ]
    assert found.differences[0] == Difference("客户分级表", "B1", "SUM(crm_grading[值])", 7.0, 6.0)


def test_a_book_without_formulas_of_ours_needs_no_recalculation(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.add_worksheet().write_formula("A1", "=1+1", None, 99)
    found = verify(tmp_path / "b.xlsx")
    assert (found.formulas, found.own, found.differences) == (1, 0, [])


def test_without_libreoffice_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(machine.PLACES[machine.running()], "LibreOffice", ())
    with pytest.raises(CannotProceedError, match="libreoffice-calc"):
        verify(workbook(tmp_path / "b.xlsx"))


@pytest.mark.skipif(os.name == "nt", reason="a script whose first line says what runs it")
@pytest.mark.parametrize(("dies", "made"), [(1, True), (2, False)])
def test_a_libreoffice_that_dies_is_started_once_more(dies, made, tmp_path, monkeypatch):
    program, copy, out = tmp_path / "bin" / "soffice", tmp_path / "book.xlsx", tmp_path / "out"
    program.parent.mkdir()
    out.mkdir()
    program.write_text(f"""#!{sys.executable}
import os, pathlib, shutil, signal, sys
starts = pathlib.Path(__file__).with_name("starts")
with starts.open("a") as file:
    file.write("one ")
if len(starts.read_text().split()) <= {dies}:
    os.kill(os.getpid(), signal.SIGKILL)
shutil.copy(sys.argv[-1], "{out}")
""")
    program.chmod(0o755)
    copy.write_bytes(b"a book")
    monkeypatch.setenv("PATH", str(program.parent))
    if made:
        (done,) = office.convert(copy, [copy], "xlsx", out, anew=False)
        assert done.read_bytes() == b"a book"
    else:
        with pytest.raises(CannotProceedError, match="-9"):
            office.convert(copy, [copy], "xlsx", out, anew=False)
    assert program.with_name("starts").read_text() == "one one "


def test_programs_may_write_the_same_value_differently():
    assert agree(None, "")
    assert agree(True, 1.0)
    assert agree(0.1 + 0.2, 0.3)
    assert agree(1e15, 1e15 + 1e-3)
    assert agree("#N/A", "#N/A")
    assert not agree(None, 0.0)
    assert not agree("", False)
    assert not agree("1", 1.0)
    assert not agree(1000.0, 1000.00001)
    assert not agree("#N/A", "#DIV/0!")
