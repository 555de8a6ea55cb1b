"""Would Excel repair this file? The rules a refresh can break, checked over the parts that changed.

Users' files have findings of their own, so a save is judged by `new_findings`: the difference to the source. The rules
come from the standard (ECMA-376 part 1, section 18) and from what Excel is known to repair; no validator has them all.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial

from crmbook.ooxml.archive import RefusedError
from crmbook.ooxml.lint.findings import Finding, Report
from crmbook.ooxml.lint.objects import lint_counts
from crmbook.ooxml.lint.parts import lint_ids, lint_parts, root_of
from crmbook.ooxml.lint.shared import SharedStrings
from crmbook.ooxml.lint.sheet import lint_frame, lint_rows, merges, take_apart
from crmbook.ooxml.lint.tables import TablePart, header_texts, lint_identity, lint_table, lint_tables_of_sheet
from crmbook.ooxml.lint.workbook import lint_chain, lint_defined_names, lint_sheet_list, lint_styles
from crmbook.ooxml.package import Package, relationships_part

__all__ = ["Finding", "lint", "new_findings"]


def lint(package: Package, parts: Collection[str] | None = None) -> set[Finding]:
    """What Excel would repair in these parts (None: all), and in what hangs on them."""
    run = _Run(package, set(package.names if parts is None else parts))
    try:
        run.go()
    except RefusedError as error:
        run.report.say("not-well-formed", error.detail, error.__cause__ or error)
    return run.report.found


def new_findings(package: Package) -> set[Finding]:
    """What Excel would repair because of the package's changes, and had nothing to repair in the source.

    A finding that only moved to another cell with its row is not new: of each rule in each part the number counts. Of
    faults in formulas not even that, since the user's own formula may be filled down into new rows.
    """
    found = lint(package, package.changed)
    if not found:
        return found
    before = lint(Package.open(package.source), package.changed)
    had, has = (Counter((f.rule, f.part) for f in findings) for findings in (before, found))
    known = {(rule, part) for rule, part in had if rule.startswith("formula-")}
    more = {key for key in has if has[key] > had[key]} - known
    return {f for f in found - before if (f.rule, f.part) in more}


class _Run:
    """One run over one package."""

    def __init__(self, package: Package, parts: set[str]) -> None:
        self.package = package
        self.parts = parts
        self.report = Report()
        self.strings = SharedStrings(package)
        self.formulas: dict[str, set[str]] = {}  # of the sheets looked at: their cells with a formula

    def go(self) -> None:
        """Goes through everything once."""
        package, report = self.package, self.report
        workbook = root_of(package, package.workbook, report)
        if workbook is None:
            return
        self.sheet_ids, self.sheet_names = lint_sheet_list(package, workbook, report)
        lint_parts(package, self.parts, self.sheet_names, report)
        names = lint_defined_names(package.workbook, workbook, report)
        self.styles, self.formats = lint_styles(package, report)
        tables = list(self._tables())
        lint_identity(tables, names, report.say)
        for part in self._concerned(tables):
            self._lint_sheet(part, [table for table in tables if table.sheet == part])
        lint_chain(package, self.sheet_ids, self.formulas, report)

    def _tables(self) -> Iterator[TablePart]:
        for sheet in self.sheet_ids:
            for part in self.package.related(sheet, "table"):
                root = root_of(self.package, part, self.report)
                if root is not None:
                    yield TablePart(part, root, sheet)

    def _concerned(self, tables: Collection[TablePart]) -> Iterator[str]:
        """The sheets to look at: changed themselves, or a part they lean on did."""
        shared = [p for kind in ("styles", "sharedStrings") for p in self.package.related(self.package.workbook, kind)]
        if any(self._shrank(part) for part in shared):
            yield from self.sheet_ids
            return
        for sheet in self.sheet_ids:
            own = {table.part for table in tables if table.sheet == sheet}
            if {sheet, relationships_part(sheet), *own} & self.parts:
                yield sheet

    def _shrank(self, part: str) -> bool:
        """True if a part that sheets point into by number became shorter; one that only grew leaves them right."""
        if part not in self.parts & self.package.changed:
            return False
        try:
            return len(self.package.read(part)) < len(self.package.original(part))
        except KeyError:
            return True

    def _lint_sheet(self, part: str, tables: list[TablePart]) -> None:
        """One sheet with its tables; rows in an unusual spelling are gone through a second time, as a tree."""
        xml, say = self.package.read(part), partial(self._say, part)
        try:
            sheet = take_apart(xml)
            if not lint_rows(sheet, self.styles, self.strings.count, self.sheet_names, say):
                sheet = take_apart(xml, as_tree=True)
                lint_rows(sheet, self.styles, self.strings.count, self.sheet_names, say)
        except RefusedError as error:
            say("not-well-formed", error)
            return
        lint_frame(sheet.frame, self.formats, self.sheet_names, say)
        lint_ids(self.package, part, sheet.frame, self.report)
        lint_counts(part, sheet.frame, self.report)
        listed = {v for e in sheet.frame.iterfind("{*}tableParts/{*}tablePart") for v in e.attrib.values()}
        for relationship in self.package.relationships(part):
            if relationship.kind == "table" and relationship.id not in listed:
                say("table-not-listed", relationship.target)
        lint_tables_of_sheet(sheet, tables, merges(sheet.frame), say)
        for table in tables:
            headers = header_texts(sheet, xml, table.place, self.strings.text) if table.place else []
            lint_table(table, headers, partial(self._say, table.part))
        if self.package.related(self.package.workbook, "calcChain"):
            self.formulas[part] = sheet.formula_cells()

    def _say(self, part: str, rule: str, detail: object = "") -> None:
        self.report.say(rule, part, detail)
