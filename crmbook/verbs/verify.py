"""A second opinion on every formula: LibreOffice recalculates a copy, and its values must be those in the file."""

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from crmbook import forms as shelf
from crmbook.keep import load
from crmbook.keep.disk import explaining
from crmbook.office import convert
from crmbook.ooxml import Area, Package, Workbook, parse_ref
from crmbook.ooxml.refs import parse_area
from crmbook.private import private_folder

Result = float | str | bool | None  # of a formula; an error is its text, such as #DIV/0!

CLOSE_ENOUGH = 1e-9  # relative; near zero, of 1: what two orders of summing may differ by
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True, slots=True)
class Difference:
    """A formula of crmbook's whose value in the file is not what it comes to."""

    sheet: str
    cell: str
    formula: str
    written: Result
    recalculated: Result


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared: all formulas in the book, those of crmbook's own, and the differences among these."""

    formulas: int
    own: int
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell with a formula, and the value that stands beside it."""

    cell: str
    formula: str
    value: Result


Own = Mapping[tuple[str, str], Formula]  # by sheet and cell


def verify(path: Path, password: str | None = None) -> Verified:
    """Every formula that crmbook wrote, compared with what LibreOffice makes of it; the file itself is not touched.

    crmbook's are those in cells bound by names `_crm.…` and under such headers in the forms' tables. The user's are only
    counted: their functions may be ones that LibreOffice does not have, and a copy of a form's sheet is theirs.
    """
    return verify_all([path], password)[0]


def verify_all(paths: Sequence[Path], password: str | None = None) -> list[Verified]:
    """The same for several workbooks, which LibreOffice recalculates in one run."""
    packages = [load(path, password) for path in paths]
    counted = [_count(package) for package in packages]
    wanted = [at for at, (_, own) in enumerate(counted) if own]
    again = iter(_recalculated(paths[wanted[0]], [packages[at] for at in wanted]) if wanted else ())
    return [Verified(total, len(own), _differences(own, next(again)) if own else []) for total, own in counted]


def _count(package: Package) -> tuple[int, Own]:
    """How many formulas a workbook has, and those that are crmbook's."""
    workbook = Workbook(package)
    written = {sheet: {f.cell: f for f in found} for sheet, found in _formulas(package, workbook)}
    own = {
        (sheet, cell): formula
        for sheet, places in _own_places(workbook).items()
        for cell, formula in written.get(sheet, {}).items()
        if any(_lies_in(cell, place) for place in places)
    }
    return sum(map(len, written.values())), own


def _differences(own: Own, recalculated: Package) -> list[Difference]:
    """The formulas whose values are others in the workbook as it was recalculated."""
    again = {sheet: {f.cell: f for f in found} for sheet, found in _formulas(recalculated, Workbook(recalculated))}
    differences = []
    for (sheet, cell), formula in own.items():
        other = again.get(sheet, {}).get(cell)
        result = other.value if other else None
        if other is None or not agree(formula.value, result):
            differences.append(Difference(sheet, cell, formula.formula, formula.value, result))
    return differences


def agree(written: Result, recalculated: Result) -> bool:
    """True if two programs mean the same: an empty text is a blank, a truth may be saved as 1 or 0."""
    if written in {None, ""} or recalculated in {None, ""}:
        return written in {None, ""} and recalculated in {None, ""}
    if isinstance(written, str) or isinstance(recalculated, str):
        return written == recalculated
    return math.isclose(float(written or 0), float(recalculated or 0), rel_tol=CLOSE_ENOUGH, abs_tol=CLOSE_ENOUGH)


def _own_places(workbook: Workbook) -> Mapping[str, list[Area]]:
    """By sheet, the areas whose formulas are crmbook's: bound cells, and the table columns under bound headers."""
    places: dict[str, list[Area]] = {}
    for name, target in workbook.names.items():
        found = parse_ref(target) if name.startswith("_crm.") else None
        if found:
            places.setdefault(found[0], []).append(found[1])
    forms = {form.table.casefold() for form in shelf.ALL}
    for table in (t for name, t in workbook.tables.items() if name.casefold() in forms):
        bound = {area.left for area in places.get(table.sheet.name, ()) if area.top == table.header_row}
        inside = range(table.first_col, table.last_col + 1)
        columns = [column for column in inside if column in bound] or inside  # names can get lost; then all may be ours
        areas: list[Area] = []
        for column in columns:
            if areas and areas[-1].right == column - 1:
                areas[-1] = areas[-1]._replace(right=column)
            else:
                areas.append(Area(table.first_row, column, table.last_row, column))
        elsewhere = (a for a in places.get(table.sheet.name, ()) if a.top != table.header_row)
        places[table.sheet.name] = [*elsewhere, *areas]
    return places


def _lies_in(cell: str, place: Area) -> bool:
    at = parse_area(cell)
    return at is not None and place.top <= at.top <= place.bottom and place.left <= at.left <= place.right


def _formulas(package: Package, workbook: Workbook) -> Iterator[tuple[str, list[Formula]]]:
    """The formulas of each sheet that has any; a sheet without one is not parsed, however long."""
    for sheet in workbook.sheets:
        if sheet.part not in package:
            continue
        xml = package.read(sheet.part)
        if FORMULA.search(xml):
            yield sheet.name, list(_formulas_in(xml))


def _formulas_in(xml: bytes) -> Iterator[Formula]:
    """The cells with a formula, row by row; one that shares its formula shows its master's."""
    masters: dict[str | None, str] = {}
    rows = etree.iterparse(io.BytesIO(xml), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True)
    for _, row in rows:
        for cell in row.iterchildren("{*}c"):
            formula = cell.find("{*}f")
            if formula is None:
                continue
            text = formula.text or masters.get(formula.get("si"), "")
            if formula.get("t") == "shared" and formula.text:
                masters[formula.get("si")] = formula.text
            yield Formula(str(cell.get("r")), text, _value(cell.get("t", "n"), cell.findtext("{*}v")))
        row.clear()


def _value(kind: str, text: str | None) -> Result:
    """A cell's value by the kind it says it is."""
    if not text:
        return None
    if kind == "b":
        return text in {"1", "true"}
    return float(text) if kind == "n" else text


def _recalculated(path: Path, packages: Sequence[Package]) -> list[Package]:
    """The workbooks as LibreOffice saves them after calculating everything anew; `path` is the first one's, for messages."""
    with private_folder() as folder, explaining(folder):
        copies = [folder / f"book{at}{path.suffix}" for at in range(len(packages))]
        for copy, package in zip(copies, packages, strict=True):
            copy.write_bytes(package.source)
        made = convert(path, copies, "xlsx:Calc MS Excel 2007 XML", folder / "out", anew=True)
        return [load(one) for one in made]
