"""A workbook from which Excel's Document Inspector took the hidden names and sheets."""

import shutil
from pathlib import Path

import pytest

from crmbook import book
from tests.excel_file import ExcelFile, M
from tests.reading import Reading
from tests.small_book import TODAY

HIDDEN = "_crmbook"


def inspected(path: Path) -> None:
    """File, Info, Inspect Document, Remove All."""
    file = ExcelFile(path)
    root, part, at = file.xml(file.workbook), file.sheets[HIDDEN], [*file.sheets].index(HIDDEN)
    names, sheets = root.find(M + "definedNames"), root.find(M + "sheets")
    for name in list(names):
        if name.get("hidden"):
            names.remove(name)
        elif int(name.get("localSheetId", "0")) > at:
            name.set("localSheetId", str(int(name.get("localSheetId")) - 1))
    sheets.remove(sheets[at])
    for listed in (file.xml("xl/_rels/workbook.xml.rels"), file.xml("[Content_Types].xml")):
        (gone,) = (e for e in listed if part.endswith((e.get("Target") or e.get("PartName") or "?").lstrip("/")))
        listed.remove(gone)
    del file.parts[part]
    file.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_keeps_its_language_and_says_what_is_no_longer_brought_up_to_date(small: Path, tmp_path: Path, lang: str):
    path = tmp_path / "book.xlsx"
    book.build(path, source=small.parent / "source", as_of=TODAY, forms=["grading", "chain"], lang=lang)
    before = Reading(path).tables
    inspected(path)
    told = book.refresh(path).problems
    assert [p.what["en"].partition(":")[0] for p in told] == ["the hidden names of this workbook were removed"]
    after = Reading(path).tables
    for table in ("crm_grading", "crm_chain", "crm_settings"):
        assert [c.value for c in after[table].sheet.cells.values()] == [
            c.value for c in before[table].sheet.cells.values()
        ]
    book.refresh(path)
    assert not book.refresh(path, cache=False).wrote


def test_a_row_above_a_form_that_was_deleted_is_no_reason_to_say_so(small: Path, tmp_path: Path):
    path = Path(shutil.copy(small, tmp_path / "book.xlsx"))
    file = ExcelFile(path)
    for name in file.xml(file.workbook).iter(M + "definedName"):
        if name.get("name").endswith((".period", ".unit")):
            name.text = "#REF!"
    file.save(path)
    assert not book.refresh(path).problems
