"""Customers that go and come back, and a refresh taken back: nothing anybody typed is lost on the way."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmbook import book
from crmbook.cli import cli
from tests import excel_edits
from tests.reading import Reading
from tests.staff import CHAIN, CUSTOMERS, GRADING, KEY

GONE = "—"


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """The small book, to be worked on."""
    return Path(shutil.copy(small, tmp_path / "book.xlsx"))


def without(customer: str) -> excel_edits.Edit:
    return {"do": "delete_row", "table": CUSTOMERS, "where": {KEY[CUSTOMERS]: customer}}


def noted(table: str, customer: str, column: str, said: str) -> excel_edits.Edit:
    return {"do": "type", "table": table, "where": {KEY[table]: customer}, "column": column, "value": said}


def test_a_customer_who_vanishes_stays_greyed_with_what_was_typed_and_returns_to_it(path: Path):
    was = Reading(path).tables[GRADING]
    ranked = [key[0] for key in was.keys(KEY[GRADING])]
    noted_one, silent_one = ranked[3], ranked[1]
    name = was.column_of("客户名称", KEY[GRADING])[noted_one,]
    excel_edits.edit(
        path,
        [
            noted(GRADING, noted_one, "调整理由", "老板的同学"),
            noted(CHAIN, noted_one, "管理策略", "春节后再谈"),
            {"do": "colour", "table": GRADING, "where": {KEY[GRADING]: noted_one}, "rgb": "FFC000"},
            without(noted_one),
            without(silent_one),
        ],
    )
    told = book.refresh(path).problems
    gone = Reading(path)
    assert {p.form for p in told if p.key == noted_one and p.severity == "warning"} >= {"grading", "chain"}
    assert not [p for p in told if p.key == silent_one and p.form in ("grading", "chain")]
    for table, column, said in ((GRADING, "调整理由", "老板的同学"), (CHAIN, "管理策略", "春节后再谈")):
        found = gone.tables[table]
        rows = found.keys(KEY[table])
        assert (silent_one,) not in rows
        row = rows[noted_one,]
        assert row == found.rows[-1]
        assert found.cell(row, "序号").value == GONE
        assert found.cell(row, "客户名称").value == name
        assert found.cell(row, column).value == said
        assert sum(found.cell(r, "序号").value == GONE for r in found.rows) == 1
    grading = gone.tables[GRADING]
    row = grading.rows[-1]
    assert grading.cell(row, "销售额").value is None
    assert grading.cell(row, "占比").formula is None
    assert gone.fill(grading.cell(row, "客户名称")) == "FFC000"
    assert not book.refresh(path).wrote

    back = {"客户编号": noted_one, "客户名称": name, "区域": "华东"}
    excel_edits.edit(path, [{"do": "append_row", "table": CUSTOMERS, "values": back}])
    book.refresh(path)
    again = Reading(path)
    grading = again.tables[GRADING]
    row = grading.keys(KEY[GRADING])[noted_one,]
    assert grading.cell(row, "序号").value == 3  # the fourth, now that the second has left
    assert grading.cell(row, "调整理由").value == "老板的同学"
    assert grading.cell(row, "占比").formula is not None
    assert again.fill(grading.cell(row, "客户名称")) == "FFC000"
    assert all(grading.cell(r, "序号").value != GONE for r in grading.rows)
    sales = was.column_of("销售额", KEY[GRADING])
    assert grading.cell(row, "销售额").value == sales[noted_one,] != 0


@pytest.mark.parametrize(
    "mark",
    [
        {"do": "comment", "text": "欠款已起诉", "author": "王芳"},
        {"do": "link", "url": "https://example.com/case"},
        {"do": "insert_column", "header": "案号", "typed": "2026-88"},
    ],
    ids=lambda mark: mark["do"],
)
def test_a_comment_a_link_or_a_word_in_their_own_column_holds_a_row_too(path: Path, mark: dict[str, str]):
    where = {KEY[GRADING]: "K003"}
    done = dict(mark)
    if "typed" in done:
        done |= {"before": "备注", "values": [(where, done.pop("typed"))]}
    else:
        done |= {"where": where, "column": "客户名称"}
    excel_edits.edit(path, [{**done, "table": GRADING}, without("K003"), without("K004")])
    book.refresh(path)
    grading = Reading(path).tables[GRADING]
    rows = grading.keys(KEY[GRADING])
    assert grading.cell(rows["K003",], "序号").value == GONE
    assert ("K004",) not in rows
    at = (rows["K003",], grading.column("客户名称"))
    assert grading.sheet.comments.get(at, "").rpartition(":\n")[2] == mark.get("text", "")
    assert grading.sheet.links.get(at) == mark.get("url")
    assert "typed" not in mark or grading.cell(rows["K003",], "案号").value == mark["typed"]


def test_a_row_given_the_new_id_of_its_customer_takes_the_place_of_the_one_that_came(path: Path):
    ranked = [key[0] for key in Reading(path).tables[GRADING].keys(KEY[GRADING])]
    renumbered, other = ranked[3], ranked[5]
    excel_edits.edit(
        path,
        [
            noted(GRADING, renumbered, "备注", "老板的同学"),
            noted(GRADING, other, "备注", "另一位"),
            noted(CUSTOMERS, renumbered, KEY[CUSTOMERS], "N1"),
        ],
    )
    (told,) = [p for p in book.refresh(path).problems if p.key == renumbered and p.form == "grading"]
    assert told.fix["zh"] == "不再需要时请删除这一行；如只是换了编号或名称，请在这里改成新的"
    assert Reading(path).tables[GRADING].column_of("备注", KEY[GRADING])["N1",] is None

    excel_edits.edit(path, [noted(GRADING, renumbered, KEY[GRADING], "N1")])
    assert not [p for p in book.refresh(path).problems if p.key == "N1"]
    found = Reading(path).tables[GRADING]
    assert found.column_of("备注", KEY[GRADING])["N1",] == "老板的同学"
    assert all(found.cell(row, "序号").value != GONE for row in found.rows)
    assert not book.refresh(path).wrote

    excel_edits.edit(path, [noted(GRADING, other, KEY[GRADING], "N1")])  # a second one, typed on too
    (told,) = [p for p in book.refresh(path).problems if p.key == "N1"]
    assert told.what["zh"] == "N1 另有一行，而这一行也有您填写的内容，已保留并变灰"
    found = Reading(path).tables[GRADING]
    rows = [row for row in found.rows if found.cell(row, KEY[GRADING]).value == "N1"]
    said = [(found.cell(row, "序号").value == GONE, found.cell(row, "备注").value) for row in rows]
    assert said == [(False, "老板的同学"), (True, "另一位")]


def test_crmbook_undo_brings_the_edited_file_back_byte_for_byte(path: Path):
    excel_edits.edit(path, [noted(GRADING, "K003", "备注", "先付款后发货"), without("K005")])
    edited = path.read_bytes()
    book.refresh(path)
    assert path.read_bytes() != edited
    done = CliRunner().invoke(cli, ["undo", str(path)])
    assert done.exit_code == 0, done.output
    assert path.read_bytes() == edited
