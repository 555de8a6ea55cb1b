"""Renders workbooks to pictures, so that a form is looked at before it is called done.

    python docs/look.py [BOOK…] [--to DIR] [--pages N]

Each sheet's first printed pages become `<book>-<sheet>-<page>.png`, sheets numbered in their order. Without BOOK the
sample is built first, in both languages. Needs LibreOffice and poppler (pdftoppm, pdftotext).
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
DPI, SMALL, MOST_ROWS = 100, 84, 300
ROW = re.compile(rb'<row r="(\d+)".*?</row>', re.DOTALL)
OVER_ROWS = re.compile(rb"<f>[^<]*crm_(?:orders|payments)\[[^<]*</f>")  # sums over the rows that are left out

# The fonts of the workbooks, where they are not: one whose digits are as wide as theirs.
FONTS = f"""<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{
    "".join(
        f"<alias binding='same'><family>{name}</family><accept><family>Noto Sans CJK SC</family></accept></alias>"
        for name in ("Microsoft YaHei", "Arial")
    )
}</fontconfig>"""

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


def first_pages(book: Path, targets: Mapping[str, Path], share: float = 1.0, nth: int = 1) -> None:
    """The upper share of the first page, or another one, of some forms of a workbook, each as a PNG for a page of the docs."""
    from crmbook import binding
    from crmbook.ooxml import Workbook

    workbook = Workbook(Package.open(book))
    sheets, order = binding.sheets(workbook), [s.name for s in workbook.sheets if s.state == "visible"]
    with tempfile.TemporaryDirectory() as scratch:
        pdf = _printed(book, Path(scratch))
        pages = {sheet: number for sheet, page, number in _first_pages(pdf, nth) if page == nth}
        for form, target in targets.items():
            number = str(pages[order.index(sheets[form]) + 1])
            size = _run("pdfinfo", "-f", number, "-l", number, pdf)
            points = float(re.findall(r"size:\s*[\d.]+ x ([\d.]+)", size)[0])
            high = str(round(points / 72 * share * SMALL))
            options = ("-r", str(SMALL), "-f", number, "-l", number, "-H", high, "-singlefile", "-png")
            _run("pdftoppm", *options, pdf, target.with_suffix(""))
            few_colours(target)


def few_colours(picture: Path) -> None:
    """The picture in 96 colours: a third of its size, and nobody sees it."""
    from PIL import Image

    with Image.open(picture) as full:
        small = full.convert("RGB").quantize(96)
    small.save(picture, optimize=True)


def _printed(book: Path, scratch: Path) -> Path:
    """The workbook as LibreOffice prints it, as PDF."""
    short = scratch / book.name
    with short.open("w+b") as out:
        _shortened(book).save(out)
    fonts = scratch / "fonts.conf"
    fonts.write_text(FONTS, encoding="utf-8")
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    _run(
        "soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, short, FONTCONFIG_FILE=str(fonts)
    )
    return scratch / f"{book.stem}.pdf"


def _shortened(book: Path) -> Package:
    """The workbook with the first rows of each sheet only: LibreOffice takes minutes to print ten thousand. Sums over all
    of them stay the values they are."""
    package = Package.open(book)
    for name in package.names:
        if name.startswith("xl/worksheets/sheet"):
            rows = ROW.sub(lambda row: row[0] if int(row[1]) <= MOST_ROWS else b"", package.read(name))
            package.write(name, OVER_ROWS.sub(b"", rows))
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


def _run(program: str, *arguments: str | Path, **environment: str) -> str:
    """What the program printed."""
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is not installed; it is needed for the pictures")
    command, around = [found, *map(str, arguments)], {**os.environ, **environment}
    done = subprocess.run(command, check=True, capture_output=True, env=around)  # noqa: S603  (our own arguments)
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
