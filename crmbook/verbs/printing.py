"""Sheets of a workbook on paper: copies in which only one sheet is left to print, made into PDFs by LibreOffice."""

import re
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path

from crmbook.keep.disk import explaining
from crmbook.office import convert
from crmbook.ooxml import Package, Workbook, children, serialise
from crmbook.plan import FormPlan, Plan
from crmbook.pour import pour
from crmbook.private import private_folder

EMPTY = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'  # fmt: skip
PRINT_AREA = "_xlnm.Print_Area"
UNFIT, LONGEST = re.compile(r'[\\/:*?"<>|\x00-\x1f]+'), 100  # for a file's name; characters


def print_sheets(path: Path, package: Package, sheets: Collection[str], out: Path) -> list[Path]:
    """Some sheets of the workbook as one PDF, `out`; formulas show the values that stand beside them."""
    return _pdfs(path, {out: _saved(_only(package, sheets))})


def print_each(path: Path, package: Package, sheet: str, pages: Mapping[str, FormPlan], folder: Path) -> list[Path]:
    """A page filled in for one customer after the other → a PDF for each in the folder, named by the customer."""
    source = _saved(_emptied(_only(package, [sheet]), sheet))
    copies: dict[Path, bytes] = {}
    for name, page in pages.items():
        workbook = Workbook(Package.open(source))
        pour(workbook, Plan((page,)), {})
        copies[folder / f"{file_name(name)}.pdf"] = _saved(workbook.package)
    return _pdfs(path, copies)


def file_name(words: str) -> str:
    """The words as the name of a file, on every system."""
    return UNFIT.sub(" ", words).strip(" .")[:LONGEST] or "_"


def _only(package: Package, sheets: Collection[str]) -> Package:
    """A copy in which every other sheet is hidden, and so is not printed."""
    copy = Package.open(package.source)
    root = copy.xml(copy.workbook)
    every = [element for group in children(root, "sheets") for element in children(group, "sheet")]
    for element in every:
        element.set("state", "visible" if element.get("name") in sheets else "hidden")
    # A hidden sheet with a print area would be printed all the same.
    hidden = {str(at) for at, element in enumerate(every) if element.get("state") == "hidden"}
    for names in children(root, "definedNames"):
        for name in children(names, "definedName"):
            if name.get("localSheetId") in hidden and name.get("name") == PRINT_AREA:
                names.remove(name)
    first = str(next(at for at, element in enumerate(every) if element.get("name") in sheets))
    for view in (view for views in children(root, "bookViews") for view in children(views, "workbookView")):
        view.set("activeTab", first)
        view.set("firstSheet", first)
    copy.write(copy.workbook, serialise(root))
    return copy


def _emptied(package: Package, sheet: str) -> Package:
    """The same with nothing on the other sheets: it opens at once, however many orders there are."""
    copy = Package.open(_saved(package))
    for other in Workbook(copy).sheets:
        if other.name != sheet:
            copy.write(other.part, EMPTY)
    return copy


def _saved(package: Package) -> bytes:
    out = BytesIO()
    package.save(out)
    return out.getvalue()


def _pdfs(path: Path, copies: Mapping[Path, bytes]) -> list[Path]:
    """Each copy of the workbook as the PDF it is to be; the folders are made."""
    with private_folder() as home, explaining(home):
        books = [home / f"{at}{path.suffix}" for at in range(len(copies))]
        for book, data in zip(books, copies.values(), strict=True):
            book.write_bytes(data)
        made = convert(path, books, "pdf:calc_pdf_Export", home / "out", anew=False)
        for pdf, out in zip(made, copies, strict=True):
            with explaining(out):
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_bytes(pdf.read_bytes())
    return list(copies)
