"""A workbook being put together part by part, as Excel writes it: one form with its table, one sheet of the user's."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from tests.excel_file import DRAWING, MAIN, RANK
from tests.excel_package import OFFICE, RELS, TYPES
from tests.excel_references import name_of, quoted, ref_of

SML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = f'xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="{MC}" xmlns:x14="{X14}" xmlns:xm="{XM}" xmlns:xdr="{DRAWING}"'
HEADERS = {
    "zh": ["序号", "客户编号", "销售额", "占比", "我的列", "备注"],
    "en": ["No.", "Customer ID", "Sales", "Share", "My own", "Note"],
}
OWN, QUIET = "我的分析", "别人的"  # a sheet that speaks of the form, and one that does not
STYLES = f"""<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC000"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf fillId="2" applyFill="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>"""


@dataclass
class Draft:
    """Where the form stands, and all that was put into the book so far."""

    lang: str = "zh"
    sheet: str = "客户 分级"
    left: int = 1
    header: int = 4
    keys: list[str] = field(default_factory=lambda: ["A01", "B02", "C03"])
    gap: int = 2  # blank rows under the table
    totals: int = 0
    is_1904: bool = False
    cells: dict[tuple[int, int], str] = field(
        default_factory=dict
    )  # (row, column) → attributes and content: ` s="1"><v>2</v>`
    looks: dict[int, str] = field(default_factory=dict)  # row → its attributes
    own: dict[str, str] = field(default_factory=dict)  # the user's sheet, by address
    tail: dict[str, list[str]] = field(default_factory=dict)  # what follows the rows, by element of the worksheet
    names: list[str] = field(default_factory=list)
    parts: dict[str, str | bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    related: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)  # part → (id, type, target)
    strings: list[str] = field(default_factory=list)  # shared ones, as XML
    taken: set[tuple[int, int]] = field(default_factory=set)
    filtered: str = ""
    noted: set[str] = field(default_factory=set)  # keys of rows that must not be given up
    count: int = 0

    def __post_init__(self) -> None:
        self.table_sheet, self.own_sheet = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
        headers = HEADERS[self.lang]
        for at, text in enumerate(headers):
            self.cells[self.header, self.left + at] = self.text(text)
        for at, key in enumerate(self.keys):
            row = self.first + at
            values = (f"><v>{at + 1}</v>", self.text(key), f' s="1"><v>{100 - at}.5</v>', f' s="2"><v>0.{at + 1}</v>')
            self.cells.update({(row, self.left + i): value for i, value in enumerate(values)})
        for at in range(16):  # every row under the table has a name of its own
            self.cells[self.last + self.totals + self.gap + 1 + at, self.left + at % 2] = self.text(f"M#{at}")
        if self.gap:  # the blank row that is left under the table may move, and is told by this
            self.cells[self.last + self.totals + self.gap, self.right + 14] = self.text("M#gap")
        if self.totals:
            self.cells[self.last + 1, self.left] = self.text("M#total")

    @property
    def first(self) -> int:
        return self.header + 1

    @property
    def last(self) -> int:
        return self.header + len(self.keys)

    @property
    def right(self) -> int:
        return self.left + len(HEADERS[self.lang]) - 1

    def marked(self, at: int, rows: int = 1) -> int:
        """A row under the table with a name, and as many more after it."""
        return self.last + self.totals + self.gap + 1 + at % (17 - rows)

    def text(self, text: str) -> str:
        number = self.string(f'<t xml:space="preserve">{escape(text)}</t>')
        return f' t="s"><v>{number}</v>'

    def string(self, xml: str) -> int:
        """A shared string's number."""
        if xml not in self.strings:
            self.strings.append(xml)
        return self.strings.index(xml)

    def take(self, top: int, left: int, bottom: int, right: int) -> bool:
        """True if nothing that fills cells was put into this area so far; it is then taken."""
        area = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        if area & self.taken or area & self.cells.keys():
            return False
        self.taken |= area
        return True

    def add(self, element: str, xml: str) -> None:
        self.tail.setdefault(element, []).append(xml)

    def number(self) -> int:
        self.count += 1
        return self.count

    def part(self, name: str, data: str | bytes, kind: str) -> str:
        self.parts[name] = HEAD + data if isinstance(data, str) and not name.endswith(".vml") else data
        if kind:
            self.types[name] = kind
        return name

    def relate(self, part: str, kind: str, target: str) -> str:
        """A relationship's id; a kind with a colon is a whole type, a target with one is outside."""
        mine = self.related.setdefault(part, [])
        mine.append((f"rId{len(mine) + 1}", kind if ":" in kind else f"{OFFICE}/{kind}", target))
        return mine[-1][0]

    def ref(self, row: int, column: int, *, bottom: int = 0, right: int = 0, sheet: bool = False, fixed: bool = False) -> str:  # fmt: skip
        """A reference to a cell or an area of the form's sheet."""
        found = ref_of((column, row, right or column, bottom or row))
        if fixed:
            found = re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", found)
        return f"{quoted(self.sheet)}!{found}" if sheet else found

    def column(self, at: int, *, above: int = 0, sheet: bool = True, fixed: bool = True) -> str:
        """The whole of one of the table's columns, `above` rows over it included."""
        column = self.left + at % 6
        found = self.ref(self.first - above, column, bottom=max(self.last, self.first), sheet=sheet, fixed=fixed)
        return found if ":" in found else f"{found}:{found.rpartition('!')[2]}"

    def write(self) -> dict[str, bytes]:
        """The parts, in the order in which Excel stores them."""
        self._sheets()
        names = "".join(self.names)
        prefix = "_crm.grading."
        cells = {"no": 0, "customer_id": 1, "sales": 2, "share": 3, "note": 5}
        bound = "".join(f'<definedName name="{prefix}{id}" hidden="1">{self.ref(self.header, self.left + at, sheet=True, fixed=True)}</definedName>' for id, at in cells.items())  # fmt: skip
        pivots = "".join(self.tail.get("pivotCaches", []))
        pivots = f"<pivotCaches>{pivots}</pivotCaches>" if pivots else ""
        sheets = "".join(f'<sheet name={quoteattr(n)} sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate((self.sheet, OWN, QUIET), 1))  # fmt: skip
        day = ' date1904="1"' if self.is_1904 else ""
        workbook = f'<workbook {SPACES}><workbookPr{day}/><workbookProtection lockStructure="1"/><bookViews><workbookView/></bookViews><sheets>{sheets}</sheets><definedNames>{bound}{names}</definedNames><calcPr calcId="191029"/>{pivots}</workbook>'  # fmt: skip
        items = "".join(f"<si>{s}</si>" for s in self.strings)
        self.part("xl/workbook.xml", workbook, SML + "sheet.main+xml")
        self.part("xl/styles.xml", STYLES, SML + "styles+xml")
        self.part("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}" count="{len(self.strings)}" uniqueCount="{len(self.strings)}">{items}</sst>', SML + "sharedStrings+xml")  # fmt: skip
        book = self.related.pop("xl/workbook.xml", [])
        for kind, target in (("worksheet", "xl/worksheets/sheet1.xml"), ("worksheet", "xl/worksheets/sheet2.xml"), ("worksheet", "xl/worksheets/sheet3.xml"), ("styles", "xl/styles.xml"), ("sharedStrings", "xl/sharedStrings.xml")):  # fmt: skip
            self.relate("xl/workbook.xml", kind, target)
        self.related["xl/workbook.xml"] += [(f"rId{100 + i}", kind, target) for i, (_, kind, target) in enumerate(book)]
        self.related[""] = [("rId1", f"{OFFICE}/officeDocument", "xl/workbook.xml")]
        for part, relationships in self.related.items():
            folder, _, name = part.rpartition("/")
            xml = "".join(
                f'<Relationship Id="{id}" Type="{kind}" Target="{target}" TargetMode="External"/>'
                if ":" in target
                else f'<Relationship Id="{id}" Type="{kind}" Target="/{target}"/>'
                for id, kind, target in relationships
            )
            self.parts[f"{folder}/_rels/{name}.rels".removeprefix("/")] = f'{HEAD}<Relationships xmlns="{RELS}">{xml}</Relationships>'  # fmt: skip
        overrides = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in self.types.items())
        types = f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>{overrides}</Types>'  # fmt: skip
        found = {"[Content_Types].xml": types, **self.parts}
        return {name: data if isinstance(data, bytes) else data.encode() for name, data in found.items()}

    def _sheets(self) -> None:
        extent = ref_of((self.left, self.header, self.right, self.last + self.totals))
        columns = "".join(f'<tableColumn id="{i}" name={quoteattr(h)}/>' for i, h in enumerate(HEADERS[self.lang], 1))
        columns = columns.replace(f"name={quoteattr(HEADERS[self.lang][4])}/>", f"name={quoteattr(HEADERS[self.lang][4])}>{self.tail.pop('column', [''])[0]}</tableColumn>")  # fmt: skip
        filtering = f'<autoFilter ref="{ref_of((self.left, self.header, self.right, self.last))}">{self.filtered}</autoFilter>'  # fmt: skip
        totals = f' totalsRowCount="{self.totals}"' if self.totals else ' totalsRowShown="0"'
        table = f'<table xmlns="{MAIN}" id="1" name="crm_grading" displayName="crm_grading" ref="{extent}"{totals}>{filtering}<tableColumns count="6">{columns}</tableColumns></table>'  # fmt: skip
        self.part("xl/tables/table1.xml", table, SML + "table+xml")
        self.add("tableParts", f'<tablePart r:id="{self.relate(self.table_sheet, "table", "xl/tables/table1.xml")}"/>')
        rows: dict[int, list[str]] = {row: [] for row in self.looks}
        for (row, column), cell in sorted(self.cells.items()):
            rows.setdefault(row, []).append(f'<c r="{name_of(column, row)}"{cell}</c>')
        data = "".join(f'<row r="{r}"{self.looks.get(r, "")}>{"".join(rows[r])}</row>' for r in sorted(rows))
        view = f'<sheetViews><sheetView zoomScale="85" workbookViewId="0"><pane ySplit="{self.header}" topLeftCell="A{self.first}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="B{self.first}" sqref="B{self.first}"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="{self.left}" max="{self.left}" width="9" hidden="1"/></cols>'  # fmt: skip
        pieces = sorted(((RANK[e], self._element(e, xml)) for e, xml in self.tail.items() if e in RANK))
        body = "".join(p for _, p in pieces)
        self.part(self.table_sheet, f"<worksheet {SPACES}>{view}<sheetData>{data}</sheetData>{body}</worksheet>", SML + "worksheet+xml")  # fmt: skip
        by_row: dict[int, list[str]] = {}
        for ref, cell in sorted(self.own.items(), key=lambda item: int(item[0][1:])):
            by_row.setdefault(int(ref[1:]), []).append(f'<c r="{ref}"{cell}</c>')
        data = "".join(f'<row r="{r}">{"".join(cells)}</row>' for r, cells in by_row.items())
        mine = "".join(self.tail.get("own", []))
        self.part(self.own_sheet, f"<worksheet {SPACES}><sheetData>{data}</sheetData>{mine}</worksheet>", SML + "worksheet+xml")  # fmt: skip
        self.part("xl/worksheets/sheet3.xml", f'<worksheet {SPACES}><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>', SML + "worksheet+xml")  # fmt: skip

    def _element(self, element: str, pieces: list[str]) -> str:
        body = "".join(pieces)
        if element in ("mergeCells", "dataValidations", "hyperlinks", "tableParts", "protectedRanges", "ignoredErrors", "cellWatches", "scenarios", "rowBreaks", "controls", "extLst"):  # fmt: skip
            return f"<{element}>{body}</{element}>"
        return body


def zipped(parts: dict[str, bytes], *, zip64: bool = False) -> bytes:
    """The package of these parts; `zip64`: with the long form of each entry's sizes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as entry:
                entry.write(data)
    return out.getvalue()
