"""Would Excel repair this file? The rules a refresh can break, checked over the parts that changed.

Users' files have findings of their own, so a save is judged by `new_findings`: the difference to the source. The rules
come from the standard (ECMA-376 part 1, section 18) and from what Excel is known to repair; no validator has them all.
"""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial

from crmbook.ooxml.archive import RefusedError, in_a_pool
from crmbook.ooxml.lint.findings import Finding, Report
from crmbook.ooxml.lint.objects import lint_counts
from crmbook.ooxml.lint.parts import lint_ids, lint_parts, root_of
from crmbook.ooxml.lint.shared import SharedStrings
from crmbook.ooxml.lint.sheet import lint_frame, lint_rows, merges, take_apart
from crmbook.ooxml.lint.tables import TablePart, header_texts, lint_identity, lint_table, lint_tables_of_sheet
from crmbook.ooxml.lint.workbook import lint_chain, lint_defined_names, lint_sheet_list, lint_styles
from crmbook.ooxml.markup import without
from crmbook.ooxml.package import Package, relationships_part

__all__ = ["Finding", "lint", "new_findings"]


def lint(package: Package, parts: Collection[str] | None = None, *, but_kept: bool = False) -> set[Finding]:
    """What Excel would repair in these parts (None: all), and in what hangs on them. `but_kept`: rows that came from the
    source as they are may be passed over."""
    run = _Run(package, set(package.names if parts is None else parts), but_kept=but_kept)
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
    if not lint(package, package.changed, but_kept=True):
        return set()
    found = lint(package, package.changed)  # to be counted against the source's, the rows from there as well
    before = lint(Package.open(package.source), package.changed)
    had, has = (Counter((f.rule, f.part) for f in findings) for findings in (before, found))
    known = {(rule, part) for rule, part in had if rule.startswith("formula-")}
    more = {key for key in has if has[key] > had[key]} - known
    return {f for f in found - before if (f.rule, f.part) in more}


class _Run:
    """One run over one package."""

    def __init__(self, package: Package, parts: set[str], *, but_kept: bool) -> None:
        self.package = package
        self.but_kept = but_kept
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
        sizes = package.sums
        waiting = deque(sorted(self._concerned(tables), key=lambda part: sizes[part][1]))
        with ThreadPoolExecutor(
            1
        ) as pool:  # the small ones beside the large ones, as most of the work leaves room for others
            beside = None if in_a_pool() else pool.submit(self._lint_sheets, tables, waiting.popleft)
            found = self._lint_sheets(tables, waiting.pop) + (beside.result() if beside else [])
        for one in found:
            report.take(one)
        lint_chain(package, self.sheet_ids, self.formulas, report)

    def _tables(self) -> Iterator[TablePart]:
        for sheet in self.sheet_ids:
            for part in self.package.related(sheet, "table"):
                root = root_of(self.package, part, self.report)
                if root is not None:
                    yield TablePart(part, root, sheet)

    def _concerned(self, tables: Collection[TablePart]) -> Iterator[str]:
        """The sheets to look at: changed themselves, or a part they lean on did."""
        if self._all_concerned:
            yield from self.sheet_ids
            return
        for sheet in self.sheet_ids:
            own = {table.part for table in tables if table.sheet == sheet}
            if {sheet, relationships_part(sheet), *own} & self.parts:
                yield sheet

    @cached_property
    def _all_concerned(self) -> bool:
        shared = [p for kind in ("styles", "sharedStrings") for p in self.package.related(self.package.workbook, kind)]
        return any(self._shrank(part) for part in shared)

    def _shrank(self, part: str) -> bool:
        """True if a part that sheets point into by number became shorter; one that only grew leaves them right."""
        if part not in self.parts & self.package.changed:
            return False
        try:
            return len(self.package.read(part)) < len(self.package.original(part))
        except KeyError:
            return True

    def _lint_sheets(self, tables: Collection[TablePart], next_one: Callable[[], str]) -> list[Report]:
        """One sheet after the other, until there is none."""
        found: list[Report] = []
        while True:
            try:
                part = next_one()
            except IndexError:
                return found
            found.append(self._lint_sheet(tables, part))

    def _lint_sheet(self, all_tables: Collection[TablePart], part: str) -> Report:
        """One sheet with its tables; rows in an unusual spelling are gone through a second time, as a tree."""
        report, tables = Report(), [table for table in all_tables if table.sheet == part]
        xml = self.package.read(part)
        say = partial(_say_of, report, part)
        has_chain = bool(self.package.related(self.package.workbook, "calcChain"))
        packed = self.package.written(part)
        kept = packed.kept if packed else ()
        is_less = self.but_kept and not has_chain and not self._all_concerned
        xml = without(xml, kept) if is_less else xml
        try:
            sheet = take_apart(xml, sound=(is_less or not kept) and packed is not None and packed.sound)
            if not lint_rows(sheet, self.styles, self.strings.count, self.sheet_names, say):
                sheet = take_apart(xml, as_tree=True)
                lint_rows(sheet, self.styles, self.strings.count, self.sheet_names, say)
        except RefusedError as error:
            say("not-well-formed", error)
            return report
        lint_frame(sheet.frame, self.formats, self.sheet_names, say)
        lint_ids(self.package, part, sheet.frame, report)
        lint_counts(part, sheet.frame, report)
        listed = {v for e in sheet.frame.iterfind("{*}tableParts/{*}tablePart") for v in e.attrib.values()}
        for relationship in self.package.relationships(part):
            if relationship.kind == "table" and relationship.id not in listed:
                say("table-not-listed", relationship.target)
        lint_tables_of_sheet(sheet, tables, merges(sheet.frame), say)
        for table in tables:
            headers = header_texts(sheet, xml, table.place, self.strings.text) if table.place else []
            lint_table(table, headers, partial(_say_of, report, table.part))
        if has_chain:
            self.formulas[part] = sheet.formula_cells()
        return report


def _say_of(report: Report, part: str, rule: str, detail: object = "") -> None:
    report.say(rule, part, detail)
