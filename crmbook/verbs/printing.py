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
from crmbook.text import Text
from crmbook.verbs.alone import alone
from crmbook.verbs.outcome import Step

AT_ONCE = 20  # pages: enough to make up for LibreOffice's start, and few to lose
PRINTED = Text("打印为 PDF… {done}/{count}", "printing … {done}/{count}")
PRINT_AREA = "_xlnm.Print_Area"
UNFIT, LONGEST = re.compile(r'[\\/:*?"<>|\x00-\x1f]+'), 100  # for a file's name; characters


def print_sheets(path: Path, package: Package, sheets: Collection[str], out: Path) -> list[Path]:
    """Some sheets of the workbook as one PDF, `out`; formulas show the values that stand beside them."""
    return _pdfs(path, {out: _saved(_only(package, sheets))})


def print_each(path: Path, package: Package, sheet: str, pages: Mapping[str, FormPlan], folder: Path, step: Step) -> list[Path]:  # fmt: skip
    """A page filled in for one customer after the other → a PDF for each in the folder, named by the customer. Those that
    are done stay there, whatever becomes of the others."""
    source = _saved(alone(package, sheet))
    wanted = {folder / f"{file_name(name)}.pdf": page for name, page in pages.items()}
    outs = list(wanted)
    for done in range(0, len(outs), AT_ONCE):
        step(PRINTED.fill(done=done, count=len(outs)))
        _pdfs(path, {out: _filled(source, wanted[out]) for out in outs[done : done + AT_ONCE]})
    return outs


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


def _filled(source: bytes, page: FormPlan) -> bytes:
    """The workbook with the page filled in."""
    workbook = Workbook(Package.open(source))
    pour(workbook, Plan((page,)), {})
    return _saved(workbook.package)


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
