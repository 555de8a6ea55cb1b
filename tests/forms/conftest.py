"""What the tests of forms may ask for: the sheets of the sample workbook, a book of customers in trouble."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from crmbook.text import Lang
from tests.trouble_book import TroubleBook


@pytest.fixture(scope="session")
def sheet(built: Callable[[str], bytes]) -> Callable[[str], list[dict]]:
    """The rows of a sheet's table by their headers, as another reader sees them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(built("zh")))

    def rows(name: str) -> list[dict]:
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        header = next(at for at, row in enumerate(cells) if row[0] == "序号")
        return [dict(zip(cells[header], row, strict=True)) for row in cells[header + 1 :]]

    return rows


@pytest.fixture(scope="session")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Lang], TroubleBook]:
    """A copy of the book of troubles, in a folder, in a language; the first of each language is made once."""
    books: dict[Lang, TroubleBook] = {}

    def copy(folder: Path, lang: Lang) -> TroubleBook:
        if lang not in books:
            books[lang] = TroubleBook.build(tmp_path_factory.mktemp(lang), lang)
        path = folder / "book.xlsx"
        path.write_bytes(books[lang].path.read_bytes())
        return TroubleBook(path, lang)

    return copy
