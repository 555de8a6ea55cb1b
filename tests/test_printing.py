"""PDFs: of the analyses, of one form, of a card for each customer; the workbook itself is only read."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crmbook import book
from crmbook.cli import cli
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.lint import lint
from crmbook.text import Text
from crmbook.verbs import alone, printing
from tests import every_form_book, excel_edits

pytestmark = pytest.mark.office


def text(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book with something in every form, and a sheet of staff's own."""
    folder = tmp_path_factory.mktemp("print")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        path = every_form_book.build(folder)
    excel_edits.edit(path, [{"do": "own_sheet", "name": "我的备忘", "cells": {"A1": "下周开会"}}])
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "客户.xlsx"))


@pytest.fixture
def crmbook_print(path: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        before = path.read_bytes()
        done = CliRunner().invoke(cli, ["print", str(path), *arguments])
        assert path.read_bytes() == before
        return done

    return run


def test_one_form_by_its_id_its_title_or_the_name_of_its_sheet(path: Path, crmbook_print: Callable[..., Result]):
    excel_edits.edit(path, [{"do": "rename_sheet", "old": "客户分级表", "new": "分级"}])
    pdfs = []
    for name in ("grading", "客户分级表", "分级"):
        done = crmbook_print(name)
        assert done.exit_code == 0, done.output
        pdf = path.with_name("客户 分级.pdf")
        pdfs.append(text(pdf))
        pdf.unlink()
    assert pdfs[0] == pdfs[1] == pdfs[2]
    assert "客户分级表" in pdfs[0]
    assert "安华公司" in pdfs[0]
    assert "客户链管理表" not in pdfs[0]


def test_the_whole_book_is_its_analyses_and_staffs_own_sheets_without_the_data(path: Path, crmbook_print: Callable[..., Result]):  # fmt: skip
    done = crmbook_print("--to", str(path.with_name("全部.pdf")))
    assert done.exit_code == 0, done.output
    said = text(path.with_name("全部.pdf"))
    assert "客户分级表" in said
    assert "下周开会" in said
    assert "D001" not in said


def test_a_card_for_each_customer_shows_that_customer(path: Path, crmbook_print: Callable[..., Result]):
    done = crmbook_print("card", "--each")
    assert done.exit_code == 0, done.output
    pdfs = sorted(path.with_name("客户 客户卡片").glob("*.pdf"))
    names = [row[1] for row in every_form_book.CUSTOMERS]
    assert len(pdfs) == len(names)
    for pdf, name in zip(pdfs, names, strict=True):
        assert name in pdf.stem
        said = text(pdf)
        assert name in said
        assert not [other for other in names if other != name and other in said]


def test_a_form_that_is_no_card_cannot_be_printed_for_each(crmbook_print: Callable[..., Result]):
    done = crmbook_print("grading", "--each")
    assert done.exit_code == 1
    assert "card" in done.output


def test_an_unknown_form_is_told_with_those_there_are(crmbook_print: Callable[..., Result]):
    done = crmbook_print("nothing")
    assert done.exit_code == 1
    assert "grading" in done.output


def test_pages_that_are_done_stay_when_the_run_is_broken_off(path: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []

    def step(words: Text) -> None:
        said.append(words["en"])
        if said[-1].endswith("2/6"):
            raise KeyboardInterrupt

    monkeypatch.setattr(printing, "AT_ONCE", 2)
    with pytest.raises(KeyboardInterrupt):
        book.to_paper(path, form="card", each=True, step=step)
    assert said[-2:] == ["printing … 0/6", "printing … 2/6"]
    assert len(list(path.with_name("客户 客户卡片").glob("*.pdf"))) == 2


def test_what_is_loaded_for_a_page_is_the_page_alone_and_looks_as_it_stands(path: Path, tmp_path: Path):
    typed = {"do": "type_at", "sheet": "客户卡片", "ref": "B70", "value": "本店", "formula": "'我的备忘'!A1"}
    excel_edits.edit(path, [typed])
    package = alone.alone(Package.open(path), "客户卡片")
    whole, page = Workbook(Package.open(path)), Workbook(package)
    assert [sheet.name for sheet in page.sheets] == ["客户卡片"]
    assert page.values("客户卡片") == whole.values("客户卡片")
    assert not page.formula_cells("客户卡片")
    assert set(page.names) == {name for name, text in whole.names.items() if "客户卡片" in text}
    assert not {text for text in page.strings if text and text not in {*chain(*page.values("客户卡片"))}}
    kinds = Counter(name.split("/")[1] for name in package.names if name.count("/") == 2)
    assert kinds == {"worksheets": 1, "drawings": 1, "charts": 1, "theme": 1, "_rels": 1}
    with (tmp_path / "page.xlsx").open("w+b") as file:
        package.save(file)
    assert not lint(Package.open(tmp_path / "page.xlsx"))
