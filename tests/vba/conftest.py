"""A small workbook with a first page, in both languages, made once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crmbook import book
from tests import small_book


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Callable[..., bytes]:
    """The bytes of the small book with a first page, in a language and with an ending."""
    made: dict[tuple[str, str], bytes] = {}

    def build(lang: str = "zh", ending: str = ".xlsx") -> bytes:
        if (lang, ending) not in made:
            folder = tmp_path_factory.mktemp(f"home-{lang}")
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("CRMBOOK_STATE", str(folder / "state"))
                path = folder / f"book{ending}"
                book.build(path, source=small.parent / "source", as_of=small_book.TODAY, forms=["grading", "dashboard"], lang=lang)  # fmt: skip
            made[lang, ending] = path.read_bytes()
        return made[lang, ending]

    return build
