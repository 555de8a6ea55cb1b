"""What Excel repairs in tables: a table part and the cells it stands on must say the same."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lxml import etree

from crmbook.ooxml.lint.findings import whole
from crmbook.ooxml.lint.formula import area
from crmbook.ooxml.lint.sheet import Say, Sheet
from crmbook.ooxml.markup import parse
from crmbook.ooxml.refs import Area, column_number, meet

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NUMBER = re.compile(r"-?[\d.]+(?:E[+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table: its part's name, its root element, the sheet it stands on."""

    part: str
    root: etree._Element
    sheet: str

    @property
    def place(self) -> Area | None:
        """All of the table, with header and totals."""
        return area(self.root.get("ref") or "")

    @property
    def name(self) -> str:
        """The name formulas use."""
        return self.root.get("displayName") or ""

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [column.get("name") or "" for column in self.root.iterfind("{*}tableColumns/{*}tableColumn")]


def lint_identity(tables: Sequence[TablePart], names: Collection[str], say: Callable[[str, str, object], None]) -> None:
    """Ids and names, which must differ over the whole workbook; `names` are its defined names, case-folded."""
    ids, taken = set[str | None](), set[str]()
    for table in tables:
        if table.root.get("id") in ids:
            say("table-id-twice", table.part, table.root.get("id"))
        ids.add(table.root.get("id"))
        name = table.name.casefold()
        if name in taken:
            say("table-name-twice", table.part, table.name)
        if name in names:
            say("table-name-is-a-defined-name", table.part, table.name)
        taken.add(name)


def lint_table(table: TablePart, headers: Sequence[str | None], say: Say) -> None:
    """One table by itself, and against the texts of its header cells (None: an empty cell)."""
    root, place, columns = table.root, table.place, table.columns
    if place is None:
        say("table-reference", root.get("ref"))
        return
    if place.right - place.left + 1 != len(columns):
        say("table-columns", f"{root.get('ref')}: {len(columns)}")
    if len({name.casefold() for name in columns}) < len(columns):
        say("table-column-twice", table.name)
    ids = [column.get("id") for column in root.iterfind("{*}tableColumns/{*}tableColumn")]
    if len(set(ids)) < len(ids):
        say("table-column-id-twice", table.name)
    header, totals = whole(root.get("headerRowCount"), -1, 1), whole(root.get("totalsRowCount"), -1)
    if not (0 <= header <= 1 and 0 <= totals <= 1):
        say("table-row-counts", f"{root.get('headerRowCount')} {root.get('totalsRowCount')}")
        return
    if place.bottom - place.top + 1 < header + totals + 1:
        say("table-without-data-row", root.get("ref"))
    filtered = root.find("{*}autoFilter")
    if header and filtered is not None:
        wanted = Area(place.top, place.left, place.bottom - totals, place.right)
        if area(filtered.get("ref") or "") != wanted:
            say("table-filter", f"{filtered.get('ref')} / {root.get('ref')}")
    for column, cell in zip(columns, headers, strict=False) if header else ():
        # Excel shows a number as it likes: only the text of a text cell must agree.
        if cell is None or (_plain(cell) != _plain(column) and not NUMBER.fullmatch(cell)):
            say("table-header", f"{column!r} / {cell!r}")


def lint_tables_of_sheet(sheet: Sheet, tables: Sequence[TablePart], merged: Sequence[Area], say: Say) -> None:
    """Tables against what else stands on their sheet: other tables, merged cells, the sheet's own filter."""
    places = [(table.name, table.place) for table in tables]
    known = [(name, place) for name, place in places if place is not None]
    for index, (name, place) in enumerate(known):
        if any(meet(place, other) for _, other in known[:index]):
            say("table-overlap", name)
        if any(meet(place, merge) for merge in merged):
            say("table-merge", name)
        own_filter = sheet.frame.find("{*}autoFilter")
        filtered = area(own_filter.get("ref") or "") if own_filter is not None else None
        if filtered and meet(filtered, place):
            say("filter-over-table", name)


def header_texts(sheet: Sheet, xml: bytes, place: Area, shared: Callable[[int], str]) -> list[str | None]:
    """The texts in the first row of a place, cell by cell; `shared` answers with a shared string."""
    line = _row(sheet, xml, place.top)
    texts: dict[int, str | None] = {}
    for cell in [] if line is None else line.iterchildren("{*}c"):
        reference = cell.get("r")
        column = column_number(reference.rstrip("0123456789")) if reference else max(texts, default=0) + 1
        value, kind = cell.findtext("{*}v"), cell.get("t", "n")
        if kind == "inlineStr":
            texts[column] = "".join(t.text or "" for t in cell.iterfind("{*}is//{*}t"))
        elif kind == "s" and value and value.strip().isdecimal():
            texts[column] = shared(int(value))
        else:
            texts[column] = value
    return [texts.get(column) for column in range(place.left, place.right + 1)]


def _row(sheet: Sheet, xml: bytes, row: int) -> etree._Element | None:
    """One row's element, parsed alone where the sheet is kept as bytes."""
    if sheet.tree is not None:
        number = 0
        for line in sheet.tree.iterfind("{*}sheetData/{*}row"):
            number = whole(line.get("r"), -1, number + 1)
            if number == row:
                return line
        return None
    found = re.compile(rb'<row r="%d"(?:[^>]*/>|.*?</row>)' % row, re.DOTALL).search(sheet.xml, *sheet.rows)
    start = re.search(rb"<(?!\?|!)[^>]*>", xml)
    if found is None or start is None:
        return None
    # The root's start tag declares the prefixes that the row uses.
    name = start[0][1:].split()[0].rstrip(b">")
    return parse(start[0] + found[0] + b"</" + name + b">")[0]


def _plain(text: str) -> str:
    """The text as Excel compares it: escapes undone, line ends and blanks at the edges levelled."""
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n").strip()
