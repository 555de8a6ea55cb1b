"""What Excel repairs in the parts that all sheets share: workbook, styles, calculation chain."""

import re
from collections.abc import Mapping

from lxml import etree

from crmbook.ooxml.lint.findings import MANY, Report, whole
from crmbook.ooxml.package import Package
from crmbook.ooxml.refs import parse_area

BAD_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
BAD_IN_DEFINED_NAME = re.compile(r"[\s\-+*/&<>=,;:!(){}\"'\[\]]")
START_OF_DEFINED_NAME = re.compile(r"[^\W\d]|[\\_]")
LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[1-9]\d{0,6}|[RrCc]")
MOST_FORMATS = 65_490
POINTS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}


def lint_sheet_list(package: Package, workbook: etree._Element, report: Report) -> tuple[dict[str, str], set[str]]:
    """The worksheets' parts with their sheet ids, and the names of all sheets, case-folded, after checking the list."""
    part = package.workbook
    targets = {r.id: r for r in package.relationships(part)}
    worksheets, names, ids = dict[str, str](), list[str](), list[str]()
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        name, id = sheet.get("name") or "", sheet.get("sheetId") or ""
        names.append(name.casefold())
        ids.append(id)
        if not 1 <= len(name) <= 31 or BAD_IN_SHEET_NAME.search(name) or "'" in {name[:1], name[-1:]}:
            report.say("sheet-name", part, name)
        pointer = next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        target = targets.get(pointer)
        if target is None:
            report.say("sheet-without-part", part, name)
        elif target.kind == "worksheet" and target.target in package:
            worksheets[target.target] = id
    if len(set(names)) < len(names):
        report.say("sheet-name-twice", part)
    if len(set(ids)) < len(ids):
        report.say("sheet-id-twice", part)
    return worksheets, set(names)


def lint_defined_names(part: str, workbook: etree._Element, report: Report) -> set[str]:
    """The names that hold in the whole workbook, case-folded, after checking all of them."""
    sheets = len(list(workbook.iterfind("{*}sheets/{*}sheet")))
    taken = set[tuple[str, str | None]]()
    for defined in workbook.iterfind("{*}definedNames/{*}definedName"):
        name, scope = defined.get("name") or "", defined.get("localSheetId")
        if (name.casefold(), scope) in taken:
            report.say("defined-name-twice", part, name)
        taken.add((name.casefold(), scope))
        if scope is not None and not 0 <= whole(scope, MANY) < sheets:
            report.say("defined-name-scope", part, name)
        cell = LOOKS_LIKE_A_CELL.fullmatch(name) and (len(name) == 1 or _is_cell(name))
        if cell or not START_OF_DEFINED_NAME.match(name) or BAD_IN_DEFINED_NAME.search(name):
            report.say("defined-name", part, name)
    return {name for name, scope in taken if scope is None}


def _is_cell(name: str) -> bool:
    """True if a name is also the address of a cell that the sheet has: ABC1, not ZZZ1."""
    place = parse_area(name)
    return place is not None and place.right <= 16_384 and place.bottom <= 1_048_576


def lint_styles(package: Package, report: Report) -> tuple[int | None, int | None]:
    """How many cell formats and differential formats there are, after checking what they point at."""
    part = next(iter(package.related(package.workbook, "styles")), None)
    if part is None:
        return None, None
    root = package.xml(part)
    kinds = ("cellXfs", "dxfs", "fonts", "fills", "borders", "cellStyleXfs")
    counts = {kind: len(list(root.iterfind(f"{{*}}{kind}/{{*}}*"))) for kind in kinds}
    for group in ("cellXfs", "cellStyleXfs"):
        for xf in root.iterfind(f"{{*}}{group}/{{*}}xf"):
            for attribute, kind in POINTS.items():
                number = whole(xf.get(attribute), MANY)
                if counts[kind] and number >= counts[kind] and (group, attribute) != ("cellStyleXfs", "xfId"):
                    report.say("format-part-index", part, f"{attribute} {number}")
    if counts["cellXfs"] > MOST_FORMATS:
        report.say("too-many-formats", part, counts["cellXfs"])
    return counts["cellXfs"] or None, counts["dxfs"]


def lint_chain(
    package: Package, sheet_ids: Mapping[str, str], formulas: Mapping[str, set[str]], report: Report
) -> None:
    """Every cell in the calculation chain must hold a formula; `formulas` has the sheets looked at, by part."""
    for part in package.related(package.workbook, "calcChain"):
        sheet_of = {id: sheet for sheet, id in sheet_ids.items()}
        id, links = "", package.xml(part)
        if not len(links):
            report.say("calculation-chain-empty", part)
        for link in links:
            id = link.get("i") or id
            if id not in sheet_of:
                report.say("calculation-chain-sheet", part, id)
                continue
            known = formulas.get(sheet_of[id])
            if known is not None and link.get("r") not in known:
                report.say("calculation-chain-stale", part, f"{id} {link.get('r')}")
