"""A workbook held open by a LibreOffice that is really running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.libreoffice_program import said, speaking

SCRIPT = Path(__file__).with_name("uno_hold.py")


@contextmanager
def held(path: Path, profile: Path, cell: tuple[str, str], password: str = "") -> Iterator[str]:
    """What stands in a cell (sheet, address) of the book, which is open in LibreOffice all the while inside."""
    with speaking(profile, SCRIPT, path, password, *cell) as speaker:
        first = speaker.stdout.readline()
        if first:
            yield first.rstrip("\n")
        said(speaker, "\n")
        assert first
