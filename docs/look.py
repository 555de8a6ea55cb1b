"""Renders workbooks to pictures, so that a form is looked at before it is called done.

    python docs/look.py [BOOK…] [--to DIR] [--pages N]

Each sheet's first printed pages become `<book>-<sheet>-<page>.png`, sheets numbered in their order. Without BOOK the
sample is built first, in both languages. Needs LibreOffice and poppler (pdftoppm, pdftotext).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
DPI, MOST_ROWS = 100, 300
PAGE_HIGH = 8.27  # inches: A4, landscape
ROW = re.compile(rb'<row r="(\d+)".*?</row>', re.DOTALL)

from crmbook.ooxml import Package  # noqa: E402  (the checkout's own)


def look(book: Path, to: Path, pages: int) -> list[Path]:
    """The pictures of a workbook's sheets, `pages` of each; older ones of that book are taken away."""
    to.mkdir(parents=True, exist_ok=True)
    for old in to.glob("*.png"):
        if re.fullmatch(rf"{re.escape(book.stem)}-\d+-\d+", old.stem):
            old.unlink()
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        pdf = _printed(book, Path(scratch))
        for sheet, page, number in _first_pages(pdf, pages):
            target = to / f"{book.stem}-{sheet:02d}-{page}"
            _run("pdftoppm", "-r", str(DPI), "-f", str(number), "-l", str(number), "-singlefile", "-png", pdf, target)
            made.append(target.with_suffix(".png"))
    return made


def picture(book: Path, target: Path, share: float) -> None:
    """The upper share of the workbook's first page, as a PNG for a page of the docs."""
    with tempfile.TemporaryDirectory() as scratch:
        pdf = _printed(book, Path(scratch))
        high = str(round(PAGE_HIGH * share * DPI))
        _run(
            "pdftoppm",
            "-r",
            str(DPI),
            "-f",
            "1",
            "-l",
            "1",
            "-H",
            high,
            "-singlefile",
            "-png",
            pdf,
            target.with_suffix(""),
        )


def _printed(book: Path, scratch: Path) -> Path:
    """The workbook as LibreOffice prints it, as PDF."""
    short = scratch / book.name
    with short.open("w+b") as out:
        _shortened(book).save(out)
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, short)
    return scratch / f"{book.stem}.pdf"


def _shortened(book: Path) -> Package:
    """The workbook with the first rows of each sheet only: LibreOffice takes minutes to print ten thousand."""
    package = Package.open(book)
    for name in package.names:
        if name.startswith("xl/worksheets/sheet"):
            package.write(name, ROW.sub(lambda row: row[0] if int(row[1]) <= MOST_ROWS else b"", package.read(name)))
    return package


def _first_pages(pdf: Path, most: int) -> Iterator[tuple[int, int, int]]:
    """Sheet, page within it and page within the document; a sheet is told by its title at the left of the footer."""
    title, sheet, page = "", 0, 0
    for number, text in enumerate(_run("pdftotext", "-layout", pdf, "-").split("\f")[:-1], 1):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found = re.split(r"\s{3,}", lines[-1])[0] if lines else ""
        if found != title:
            title, sheet, page = found, sheet + 1, 0
        page += 1
        if page <= most:
            yield sheet, page, number


def _run(program: str, *arguments: str | Path) -> str:
    """What the program printed."""
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is not installed; it is needed for the pictures")
    done = subprocess.run([found, *map(str, arguments)], check=True, capture_output=True)  # noqa: S603  (our own arguments)
    return done.stdout.decode("utf-8", "replace")


def samples(folder: Path) -> list[Path]:
    """The sample workbook in each language, built afresh."""
    from crmbook import book
    from crmbook.text import LANGS

    made = [folder / f"sample_{lang}.xlsx" for lang in LANGS]
    for path, lang in zip(made, LANGS, strict=True):
        book.build(path, lang=lang)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("books", nargs="*", type=Path, metavar="BOOK")
    parser.add_argument("--to", type=Path, default=HOME / "look", metavar="DIR", help="default: look/")
    parser.add_argument("--pages", type=int, default=2, metavar="N", help="of each sheet (default: 2)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        for book in given.books or samples(Path(scratch)):
            print(f"{book.name}: {len(look(book, given.to, given.pages))} pictures in {given.to}")


if __name__ == "__main__":
    main()
