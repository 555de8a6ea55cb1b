"""The calculation chain: the formulas that Excel last calculated, in that order."""

from crmbook.ooxml.markup import children, parse
from crmbook.ooxml.workbook import Sheet, Workbook


def chained(workbook: Workbook, sheet: Sheet) -> set[str]:
    """The cells of a sheet that the chain lists; it need not list all that hold a formula."""
    parts = workbook.package.related(workbook.package.workbook, "calcChain")
    elements = (e for group in children(workbook.root, "sheets") for e in children(group, "sheet"))
    id = next((e.get("sheetId") for e in elements if e.get("name") == sheet.name), None)
    found, current = set(), None
    for cell in (c for part in parts for c in children(parse(workbook.package.read(part)), "c")):
        current = cell.get("i", current)  # said once for a run of cells
        if current == id:
            found.add(str(cell.get("r")))
    return found
