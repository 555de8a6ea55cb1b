"""Makes the pictures of the docs: the first page of every form, 客户分级表 before and after a refresh, with what was typed
still beside its customer, and 首页 with the button.

    python docs/pictures.py

Needs LibreOffice and poppler, as look.py does.
"""

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

from look import HOME, first_pages  # puts the checkout on the path

from crmbook import binding, book, forms, keep
from crmbook.forms.grading import GRADING
from crmbook.layout import row_heights, width
from crmbook.ooxml import Package, Workbook
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from crmbook.text import LANGS, Lang, Text
from crmbook.verbs.button import add_button

BEFORE, AFTER = date(2026, 6, 30), date(2026, 10, 31)
TYPED = {
    1: Text("老板换了人，九月去拜访", "new owner, visit in September"),
    3: Text("要求月结，财务已同意", "wants monthly terms, agreed"),
}
TOP = 0.3  # of the page
GRADES = 2  # the page across on which they stand, beside what was typed
PICTURES = HOME / "docs" / "pictures"


def type_notes(path: Path, lang: Lang) -> None:
    """What staff would do in Excel: a note on two rows, and an approved grade."""
    workbook = Workbook(keep.load(path))
    standing = binding.bind(workbook, "grading", [c.column for c in GRADING.columns])
    assert standing is not None
    count = len(binding.rows(workbook, standing))
    notes = [TYPED[at][lang] if at in TYPED else None for at in range(count)]
    grades = ["A" if at in TYPED else None for at in range(count)]
    columns = {"adjusted_why": Written(notes), "approved": Written(grades)}
    (wide,) = (width(c, lang) for c in GRADING.columns if c.column.id == "adjusted_why")
    high = partial(row_heights, [(notes, wide)])  # as Excel makes them meanwhile
    pour(workbook, Plan((FormPlan("grading", columns, heights=high),)), {"grading": standing})
    keep.replace(path, workbook.package)


def button(path: Path, lang: Lang) -> None:
    """The home page with the button, as LibreOffice draws it; the button is not printed unless it is told to be."""
    with_button = add_button(path).book
    package = Package.open(with_button)
    for name in package.names:
        if name.startswith("xl/drawings/vmlDrawing"):
            package.write(name, package.read(name).replace(b"<x:PrintObject>False", b"<x:PrintObject>True"))
    with with_button.open("w+b") as out:
        package.save(out)
    first_pages(with_button, {"dashboard": PICTURES / f"button.{lang}.png"}, TOP)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for lang in LANGS:
            path = Path(scratch) / f"{lang}.xlsx"
            book.build(path, lang=lang, as_of=BEFORE)
            type_notes(path, lang)
            first_pages(path, {"grading": PICTURES / f"grading.{lang}.before.png"}, nth=GRADES)
            book.refresh(path, as_of=AFTER)
            first_pages(path, {"grading": PICTURES / f"grading.{lang}.after.png"}, nth=GRADES)
            first_pages(path, {form.id: PICTURES / f"{form.id}.{lang}.png" for form in forms.ALL})
            button(path, lang)


if __name__ == "__main__":
    main()
