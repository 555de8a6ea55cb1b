"""What a workbook says, with every place on the form's sheet told by what stands there instead of by its row number.

Two accounts of one workbook, before and after a refresh, are equal if everything of the user's is still where it was
put and still speaks of what it spoke of.
"""

import re
from functools import cached_property

from lxml import etree
from openpyxl.formula.translate import Translator

from tests.excel_references import box, said, split
from tests.reading import Reading, all_named, local

AREAS = {"ref", "sqref", "r1", "r2"}  # attributes that are areas of their own sheet
SPOKEN = {"linkedCell", "listFillRange", "textlink", "fmlaLink", "fmlaRange", "location", "cell", "cellRange"}
FORMULAS = {"f", "nf", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula", "definedName"}
STANDING = {"comment", "threadedComment", "hyperlink"}  # they go with the key of their row
CACHES = {"numCache", "strCache", "multiLvlStrCache", "lvl", "dlblRangeCache"}
PASSING = {"count", "spans", "refreshOnLoad", "fullCalcOnLoad", "uid"}  # attributes that are no belongings
MARK = "M#"  # begins the text that names a row


class Account:
    """The account of one workbook; `form`: the sheet and its table."""

    def __init__(self, book: Reading, table: str, key: str) -> None:
        self.book, self.table = book, book.tables[table]
        self.form = self.table.sheet
        self.first, self.last = self.table.rows[0], self.table.rows[-1] - self._totals
        self.left, self.right = self.table.column(self.table.headers[0]), self.table.column(self.table.headers[-1])
        self.keys = {row: cell[0] for cell, row in self.table.keys(key).items() if row <= self.last}
        self.marks = {
            row: str(cell.value)
            for (row, _), cell in self.form.cells.items()
            if isinstance(cell.value, str) and cell.value.startswith(MARK)
        }

        self.later: Account | None = None  # the same book after rows came

    @property
    def _totals(self) -> int:
        return int(self.table.root.get("totalsRowCount", "0"))

    def row(self, row: int) -> str:
        """A row, told by its mark; one without, under the data, by where it has to be later: it goes down with the rows
        that are pushed, unless it has come to stand beside the data."""
        if row not in self.marks and row > self.last and self.later is not None:
            push = next((at - was for was, mark in sorted(self.marks.items()) for at, same in self.later.marks.items() if was > row and same == mark), 0)  # fmt: skip
            return f"‹{row + push if row + push > self.later.last else row}›"
        return f"‹{self.marks.get(row, row)}›"

    def area(self, sheet: str, area: tuple[int, int, int, int], *, stands: bool = False, listed: bool = False) -> str:
        """An area: (left, top, right, bottom) as `box` gives it; 0 = whole rows or columns."""
        left, top, right, bottom = area
        if sheet != self.form.name or not top:
            return f"{sheet}!{area}"
        if stands and top == bottom and self.first <= top <= self.last and self.left <= left <= self.right:
            return f"‹{self.keys.get(top)}›{left}:{right}"
        inside = left <= self.right and right >= self.left and top <= self.first <= bottom
        if inside and bottom == self.last and (listed or top < bottom):
            return f"‹{top if top < self.first else 'first'}…all›{left}:{right}"
        if inside and bottom > self.last and bottom not in self.marks:
            return f"‹{top if top < self.first else 'first'}…all and more›{left}:{right}"
        return f"{self.row(top)}{left}:{self.row(bottom)}{right}"

    def formula(self, text: str, home: str, row: int = 0) -> str:
        """A formula; one on a data row (`row`) speaks of its own row as `~`."""

        def say(sheet: str, area: tuple[int, int, int, int], is_range: bool) -> str:
            if row and area[1] == area[3] == row and sheet == self.form.name:
                return f"~{area[0]}:{area[2]}"
            return self.area(sheet, area, listed=is_range)

        return said(text, home, say)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Part → what stands in it, piece by piece, told; rows and the form's own table are left to `rows`."""
        found: dict[str, list[str]] = {}
        homes = {self.book.workbook: ""}
        for name in self.book.order:
            part = self.book.sheet(name).part
            homes[part] = name
            for _, kind, target in self.book.related(part):
                homes[target] = name
                if kind == "drawing":
                    homes.update((chart, "") for _, _, chart in self.book.related(target) if chart.endswith(".xml"))
        for part, data in self.book.parts.items():
            if part.endswith(".vml") and part in homes:
                found[part] = self._shapes(data.decode())
            elif part.endswith(".xml") and not part.endswith(("calcChain.xml", "[Content_Types].xml")):
                root = etree.fromstring(data)
                if root.get("displayName") != self.table.name:
                    found[part] = sorted(self._told(child, homes.get(part, "")) for child in self._pieces(root))
        return found

    def _pieces(self, root: etree._Element) -> list[etree._Element]:
        """The elements that are compared one by one: those of lists alone, as lists lose and gain no order."""
        pieces = []
        for child in root:
            if local(child) in ("sheetData", "dimension", "calcPr", ""):
                continue
            lists = ("mergeCells", "dataValidations", "hyperlinks", "rowBreaks", "commentList", "definedNames")
            pieces += list(child) if local(child) in lists else [child]
        return [p for p in pieces if not p.get("name", "").startswith("_crm") and isinstance(p.tag, str)]

    def _told(self, element: etree._Element, home: str) -> str:
        name = {"numRef": "strRef"}.get(
            local(element), local(element)
        )  # a chart that meets words remembers them as such
        if name in CACHES or not isinstance(element.tag, str):
            return ""
        if name in ("from", "to", "brk"):
            return self._placed(element, home)
        said_attributes = []
        for key, value in sorted((etree.QName(k).localname, v) for k, v in element.attrib.items()):
            if key in PASSING:
                continue
            told = value
            if name == "selection":  # what is selected stays selected, whatever comes to stand there
                told = value
            elif key in AREAS or (key == "r" and name in ("cellWatch", "inputCells", "singleXmlCell")):
                where = element.get("sheet", home) if name in ("worksheetSource", "dataRef", "rangeSet") else home
                stands = name in STANDING
                told = " ".join(self._area(ref, where, stands=stands, listed=key != "r") for ref in value.split())
            elif key in SPOKEN or (key == "val" and name == "cfvo"):
                told = self.formula(value, home)
            said_attributes.append(f"{key}={told}")
        text = (element.text or "").strip()
        if name in FORMULAS:
            text = self.formula(text, home) if local(element.getparent()) != "sparkline" else self._own(element, home)
        elif name == "sqref":
            stands = local(element.getparent()) == "sparkline"
            text = " ".join(self._area(ref, home, stands=stands, listed=not stands) for ref in text.split())
        inner = [t for t in (self._told(child, home) for child in element) if t]
        return f"<{name} {' '.join(said_attributes)}>{text}{''.join(inner)}"

    def _area(self, ref: str, home: str, **how: bool) -> str:
        return (
            self.area(home, box(ref), **how) if re.fullmatch(r"[A-Z$]+\d+(:[A-Z$]+\d+)?", ref.replace("$", "")) else ref
        )

    def _own(self, figures: etree._Element, home: str) -> str:
        """What a sparkline draws: cells of its own row, or of another place."""
        row = box(next(e.text for e in figures.getparent() if local(e) == "sqref"))[1]
        return self.formula(figures.text or "", home, row if row in range(self.first, self.last + 1) else 0)

    def _placed(self, element: etree._Element, home: str) -> str:
        """The corner of an anchor, a page break: the row is numbered from 0, the break lies under its row."""
        if home != self.form.name:
            return etree.tostring(element, method="c14n").decode()
        if local(element) == "brk":
            return f"<brk {self.row(int(element.get('id')))}>"
        corner = {local(e): int(e.text) for e in element}
        start = next(e for e in element.getparent() if local(e) == "from")
        top = next(int(e.text) for e in start if local(e) == "row")
        row = self.row(top + 1) if element is start else f"+{corner['row'] - top}"
        ends = [int(e.text) for part in element.getparent() for e in part if local(e) == "row"]
        if element is start and ends == [top, top]:  # within one row: it goes with its key
            row = self.area(home, (corner["col"] + 1, top + 1) * 2, stands=True)
        return f"<{local(element)} {corner['col']} {row}>"

    def _shapes(self, vml: str) -> list[str]:
        """Each shape of a VML drawing: its kind, its cell, the top of its box, the cells it names."""
        found = []
        for shape in re.findall(r"<v:shape(?=\s).*?</v:shape>", vml, re.DOTALL):
            row, column = (re.search(rf"<x:{what}>\s*(\d+)", shape) for what in ("Row", "Column"))
            box = [int(n) for n in re.search(r"<x:Anchor>(.*?)</", shape, re.DOTALL)[1].split(",")]
            named = [self.formula(f, self.form.name) for f in re.findall(r"<x:Fmla\w+>(.*?)</", shape)]
            at = (int(column[1]) + 1, int(row[1]) + 1) if row and column else (0, 0)
            if at[1]:
                place = self.area(self.form.name, at * 2, stands=True) + f" {box[2] - at[1]}"
            else:
                place = self.row(box[2] + 1)
            kind = re.search(r"ObjectType=.(\w+)", shape)[1]
            found.append(f"{kind} {place} {box[6] - box[2]} {named}")
        return sorted(found)

    def rows(self, theirs: list[str]) -> dict[str, object]:
        """Row of the form's sheet → what the user has there: all of the rows above and below, what is beside the data
        rows, and of each data row, by key, the cells under the headers that are `theirs`, with formats and height."""
        found: dict[str, object] = {}
        columns = range(self.left, self.right + 1)
        mine = {self.table.column(h) for h in theirs}
        for element in next(e for e in self.form.root if local(e) == "sheetData"):
            row = int(element.get("r"))
            cells = {split(cell.get("r"))[0]: cell for cell in element}
            looks = {k: v for k, v in element.attrib.items() if k not in ("r", "spans")}
            data = self.first <= row <= self.last
            beside = {c: self._held(cell, 0) for c, cell in cells.items() if not data or c not in columns}
            if any(v[:2] != (None, None) for v in beside.values()):
                found[self.row(row)] = (beside, {} if data or not self._is_ours(row) else looks)
            if row in self.keys and data:
                typed = {c: self._held(cell, row) for c, cell in cells.items() if c in mine}
                styles = [int(cells[c].get("s", "0")) if c in cells else 0 for c in columns]
                found[f"‹{self.keys[row]}›"] = (
                    {c: v for c, v in typed.items() if v[:2] != (None, None)},
                    styles,
                    looks,
                )
        return found

    def _is_ours(self, row: int) -> bool:
        return row in self.marks

    def _held(self, cell: etree._Element, row: int, home: str = "") -> tuple[object, object, int]:
        """Value, formula and format; a formula's value is left to the program that calculates it."""
        held, f = self.book._cell(cell), next((e for e in cell if local(e) == "f"), None)
        home = home or self.form.name
        if f is None:
            return held.value, None, held.style
        text = f.text or ""
        if f.get("t") == "shared":
            masters = self._masters(cell.getparent().getparent())
            master, origin = masters[f.get("si")]
            text = Translator("=" + master, origin=origin).translate_formula(cell.get("r"))[1:]
        told = self.formula(text, home, row)
        ref = f.get("ref") if f.get("t") in ("array", "dataTable") else None
        if ref is not None:
            told += f" over {self._area(ref, home)} {cell.get('cm')}"
        return None, told, held.style

    def _masters(self, rows: etree._Element) -> dict[str, tuple[str, str]]:
        shared = [f for f in all_named(rows, "f") if f.get("t") == "shared" and f.text]
        return {f.get("si"): (f.text, f.getparent().get("r")) for f in shared}

    def cells(self, sheet: str) -> dict[str, tuple[object, object, int]]:
        """The cells of another sheet, told."""
        return {c.get("r"): self._held(c, 0, sheet) for c in all_named(self.book.sheet(sheet).root, "c")}
