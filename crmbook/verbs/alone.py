"""One sheet of a workbook alone: a copy that LibreOffice loads at once, however much the workbook holds."""

from lxml import etree

from crmbook.ooxml import Package, Workbook, children, serialise
from crmbook.ooxml.package import CONTENT_TYPES
from crmbook.ooxml.refs import SHEET_PREFIX, sheet_name

ALWAYS = (CONTENT_TYPES.casefold(), ".rels")  # parts to which nothing leads


def alone(package: Package, sheet: str) -> Package:
    """A copy with this sheet only: values without their formulas, and of the names and texts those that it needs."""
    copy = Package.open(package.source)
    part = Workbook(copy).sheet(sheet).part
    _texts(copy, _values(copy, part))
    root = copy.xml(copy.workbook)
    at = _sheets(root, sheet)
    _names(root, sheet, at)
    copy.write(copy.workbook, serialise(root))
    listed = {s.part for s in Workbook(copy).sheets}
    for related in copy.relationships(copy.workbook):
        if related.kind == "calcChain" or (related.kind.endswith("sheet") and related.target not in listed):
            copy.unrelate(copy.workbook, related.id)
    reached = _reached(copy)
    for name in copy.names:
        if name not in reached and not name.casefold().endswith(ALWAYS):
            copy.remove(name)
    return copy


def _values(copy: Package, part: str) -> set[int]:
    """Takes the formulas out of a sheet; the numbers of the shared strings that it shows."""
    root, shown = copy.xml(part), set[int]()
    cells = (c for data in children(root, "sheetData") for row in children(data, "row") for c in children(row, "c"))
    for cell in cells:
        for formula in children(cell, "f"):
            cell.remove(formula)
        if cell.get("t") == "s":
            shown |= {int(value.text or 0) for value in children(cell, "v")}
    copy.write(part, serialise(root))
    return shown


def _texts(copy: Package, shown: set[int]) -> None:
    """Empties the shared strings that are not shown; the others keep their numbers."""
    for part in copy.related(copy.workbook, "sharedStrings"):
        root = copy.xml(part)
        for at, item in enumerate(children(root, "si")):
            if at not in shown:
                item.clear()
        copy.write(part, serialise(root))


def _sheets(root: etree._Element, sheet: str) -> str:
    """Leaves one sheet in the workbook part; the number it had there."""
    number = 0
    for group in children(root, "sheets"):
        for at, element in enumerate(children(group, "sheet")):
            if str(element.get("name")).casefold() == sheet.casefold():
                number = at
                element.set("state", "visible")
            else:
                group.remove(element)
    for view in (view for views in children(root, "bookViews") for view in children(views, "workbookView")):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    return str(number)


def _names(root: etree._Element, sheet: str, at: str) -> None:
    """Leaves the names that speak of no other sheet: LibreOffice takes longer over a thousand names than over the page."""
    for names in children(root, "definedNames"):
        for name in children(names, "definedName"):
            text = "".join(str(piece) for piece in name.itertext())
            others = [m for m in SHEET_PREFIX.finditer(text) if sheet_name(m).casefold() != sheet.casefold()]
            if others or name.get("localSheetId", at) != at:
                names.remove(name)
            elif "localSheetId" in name.attrib:
                name.set("localSheetId", "0")
        if not len(names):
            root.remove(names)


def _reached(copy: Package) -> set[str]:
    """The parts that the package still leads to."""
    reached, todo = set[str](), [""]
    while todo:
        found = {r.target for r in copy.relationships(todo.pop()) if not r.external and r.target in copy} - reached
        reached |= found
        todo += found
    return reached
