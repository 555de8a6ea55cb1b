"""A second opinion on a saved workbook: what stands in it, read with zipfile and lxml and nothing of crmbook or openpyxl."""

import re
import struct
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath

from lxml import etree

from tests.excel_references import box, column_letters, split

Key = tuple[object, ...]


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def related_by(element: etree._Element) -> str:
    """The id of the relationship it points with; strict files have another namespace for it."""
    return next((v for k, v in element.attrib.items() if k.startswith("{") and etree.QName(k).localname == "id"), "")


def all_named(root: etree._Element, *names: str) -> list[etree._Element]:
    """All descendants of these names, whatever the prefix."""
    return [e for e in root.iter() if local(e) in names]


@dataclass(frozen=True)
class Cell:
    """What a cell holds: value (text, number, truth, or nothing), formula, format."""

    value: str | float | bool | None
    formula: str | None
    style: int


@dataclass
class Table:
    """A table's place and headers; `cells` asks for a row and a header."""

    name: str
    sheet: "Sheet"
    ref: str
    headers: list[str]
    root: etree._Element

    @property
    def rows(self) -> range:
        _, top, _, bottom = box(self.ref)
        return range(top + 1, bottom + 1)

    def column(self, header: str) -> int:
        return box(self.ref)[0] + self.headers.index(header)

    def cell(self, row: int, header: str) -> Cell:
        return self.sheet.cells.get((row, self.column(header)), Cell(None, None, 0))

    def keys(self, *headers: str) -> dict[Key, int]:
        """Key → row; rows without a key are left out."""
        found = {tuple(self.cell(r, h).value for h in headers): r for r in self.rows}
        return {key: row for key, row in found.items() if any(part is not None for part in key)}

    def column_of(self, header: str, *key: str) -> dict[Key, object]:
        """Key → value of one column."""
        return {k: self.cell(row, header).value for k, row in self.keys(*key).items()}


@dataclass
class Sheet:
    """One sheet as it stands."""

    name: str
    part: str
    root: etree._Element
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    note_boxes: set[tuple[int, int]] = field(default_factory=set)  # (row, column) of the VML shapes
    links: dict[tuple[int, int], str] = field(default_factory=dict)

    def at(self, ref: str) -> Cell:
        column, row = split(ref)
        return self.cells.get((row, column), Cell(None, None, 0))

    @property
    def hidden_columns(self) -> set[int]:
        found = [c for c in all_named(self.root, "col") if c.get("hidden") in ("1", "true")]
        return {n for c in found for n in range(int(c.get("min")), int(c.get("max")) + 1)}

    @property
    def merges(self) -> set[str]:
        return {m.get("ref") for m in all_named(self.root, "mergeCell")}

    def ranges(self, *kinds: str) -> list[str]:
        """The sqref of each conditional format or validation."""
        return [e.get("sqref") or "".join(x.text for x in e if local(x) == "sqref") for e in all_named(self.root, *kinds)]  # fmt: skip


@dataclass(frozen=True)
class ChartRange:
    """One reference of a chart and the values it keeps of it."""

    formula: str
    points: tuple[str | None, ...]


class Reading:
    """A whole workbook, from a path or its bytes."""

    def __init__(self, source: Path | bytes) -> None:
        with zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source) as archive:
            self.parts = {n: archive.read(n) for n in archive.namelist()}
        self.workbook = next(t for _, kind, t in self.related("") if kind == "officeDocument")
        root = etree.fromstring(self.parts[self.workbook])
        parts = {id: target for id, _, target in self.related(self.workbook)}
        self.names = {n.get("name"): n.text for n in all_named(root, "definedName")}
        self.order = [s.get("name") for s in all_named(root, "sheet")]
        self._sheet_parts = {s.get("name"): parts[related_by(s)] for s in all_named(root, "sheet")}
        self._sheets: dict[str, Sheet] = {}

    def related(self, part: str) -> list[tuple[str, str, str]]:
        """Each relationship of a part: id, last word of its type, target (a part's name, or as it stands)."""
        path = PurePosixPath(part)
        rels = self.parts.get(f"{path.parent}/_rels/{path.name}.rels".removeprefix("./") if part else "_rels/.rels")
        if rels is None:
            return []
        found = []
        for r in etree.fromstring(rels):
            target, base = r.get("Target"), list(path.parent.parts)
            if r.get("TargetMode") != "External":
                for piece in [] if target.startswith("/") else target.split("/"):
                    base = base[:-1] if piece == ".." else [*base, piece]
                target = target.lstrip("/") if target.startswith("/") else "/".join(base)
            found.append((r.get("Id"), r.get("Type").rpartition("/")[2], target))
        return found

    @cached_property
    def _strings(self) -> list[str]:
        part = next((t for _, kind, t in self.related(self.workbook) if kind == "sharedStrings"), None)
        return [_text(si) for si in etree.fromstring(self.parts[part])] if part else []

    def sheet(self, name: str) -> Sheet:
        """The sheet, read once."""
        if name not in self._sheets:
            self._sheets[name] = self._read(name, self._sheet_parts[name])
        return self._sheets[name]

    def _read(self, name: str, part: str) -> Sheet:
        root = etree.fromstring(self.parts[part])
        sheet = Sheet(name, part, root)
        targets = {id: target for id, _, target in self.related(part)}
        for row in (row for data in all_named(root, "sheetData") for row in data):
            number = int(row.get("r"))
            for at, cell in enumerate(row, 1):  # without an address it stands next to the one before
                cell.set("r", cell.get("r") or f"{column_letters(at)}{number}")
            if row.get("customHeight") in ("1", "true"):
                sheet.heights[number] = float(row.get("ht"))
            if row.get("hidden") in ("1", "true"):
                sheet.hidden_rows.add(number)
            for cell in row:
                sheet.cells[number, split(cell.get("r"))[0]] = self._cell(cell)
        for link in all_named(root, "hyperlink"):
            column, row = box(link.get("ref"))[:2]
            sheet.links[row, column] = targets.get(related_by(link), "") or link.get("location", "")
        for _, kind, target in self.related(part):
            if kind == "comments":
                for note in all_named(etree.fromstring(self.parts[target]), "comment"):
                    column, row = split(note.get("ref"))
                    sheet.comments[row, column] = _text(note)
            elif kind == "vmlDrawing":
                vml = self.parts[target].decode()
                shapes = re.findall(r"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>", vml)
                sheet.note_boxes |= {(int(r) + 1, int(c) + 1) for r, c in shapes}
        return sheet

    def _cell(self, cell: etree._Element) -> Cell:
        parts = {local(e): e for e in cell}
        kind, formula, v = cell.get("t"), parts.get("f"), parts.get("v")
        text = v.text if v is not None else None
        value: str | float | bool | None = text
        if kind == "inlineStr":
            value = _text(parts["is"]) if "is" in parts else None
        elif text is not None and kind == "s":
            value = self._strings[int(text)]
        elif text is not None and kind == "b":
            value = text == "1"
        elif text is not None and kind in (None, "n"):
            value = float(text)
        return Cell(value, None if formula is None else formula.text or "", int(cell.get("s", "0")))

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by display name."""
        found = {}
        for name, part in self._sheet_parts.items():
            for _, kind, target in self.related(part):
                if kind == "table":
                    root = etree.fromstring(self.parts[target])
                    headers = [_plain(c.get("name")) for c in all_named(root, "tableColumn")]
                    found[root.get("displayName")] = Table(root.get("displayName"), self.sheet(name), root.get("ref"), headers, root)  # fmt: skip
        return found

    @cached_property
    def _formats(self) -> list[tuple[bytes, ...]]:
        root = etree.fromstring(self.parts[next(t for _, kind, t in self.related(self.workbook) if kind == "styles")])
        lists = {local(e): list(e) for e in root}
        codes = {n.get("numFmtId"): n.get("formatCode") for n in lists.get("numFmts", [])}
        found = []
        for xf in lists["cellXfs"]:
            drawn = [_said(lists[of][int(xf.get(id, "0"))]) for of, id in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId"))]  # fmt: skip
            number = xf.get("numFmtId", "0")
            found.append((*drawn, codes.get(number, number).encode(), *(_said(e) for e in xf)))
        return found

    def style(self, cell: Cell) -> tuple[bytes, ...]:
        """The cell's font, fill, border, number format and alignment, resolved."""
        return self._formats[cell.style]

    def fill(self, cell: Cell) -> str:
        """The colour of its solid fill, RRGGBB; "" without one."""
        found = re.search(rb'solid.*?<(?:\w+:)?fgColor[^>]*rgb="(?:FF)?([0-9A-Fa-f]{6})"', self.style(cell)[1], re.DOTALL)  # fmt: skip
        return found[1].decode().upper() if found else ""

    def charts(self, sheet: str) -> dict[str, list[ChartRange]]:
        """Chart part → its ranges with their caches, for the charts on a sheet."""
        found = {}
        for _, kind, drawing in self.related(self._sheet_parts[sheet]):
            if kind == "drawing":
                for _, what, chart in self.related(drawing):
                    if what == "chart":
                        found[chart] = _ranges(etree.fromstring(self.parts[chart]))
        return found

    def pictures(self, sheet: str) -> list[tuple[int, int]]:
        """(row, column) of the upper left corner of each picture on a sheet."""
        found = []
        for _, kind, drawing in self.related(self._sheet_parts[sheet]):
            if kind == "drawing":
                for picture in all_named(etree.fromstring(self.parts[drawing]), "pic"):
                    corner = next(e for e in picture.getparent() if local(e) == "from")
                    places = {local(e): int(e.text) + 1 for e in corner}
                    found.append((places["row"], places["col"]))
        return found

    def values(self, formula: str) -> list[object]:
        """What stands in the cells that a qualified reference names, row by row."""
        sheet, _, area = formula.rpartition("!")
        left, top, right, bottom = box(area)
        cells = self.sheet(sheet.strip("'").replace("''", "'")).cells
        places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        return [cells[at].value if at in cells else None for at in places]

    def column_name(self, table: str, header: str) -> str:
        """`客户分级表!$D$7:$D$90`-like range of a table's column, without the sheet's name."""
        found = self.tables[table]
        letter = column_letters(found.column(header))
        return f"${letter}${found.rows[0]}:${letter}${found.rows[-1]}"


def stored(data: bytes) -> dict[str, bytes]:
    """Each entry's bytes as they lie in the package, compressed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        found = {}
        for entry in archive.infolist():
            name, extra = struct.unpack("<HH", data[entry.header_offset + 26 : entry.header_offset + 30])
            start = entry.header_offset + 30 + name + extra
            found[entry.filename] = data[start : start + entry.compress_size]
        return found


def _ranges(root: etree._Element) -> list[ChartRange]:
    found = []
    for reference in all_named(root, "strRef", "numRef"):
        formula = next(e.text for e in reference if local(e) == "f")
        count = [int(e.get("val")) for e in all_named(reference, "ptCount")]
        points: list[str | None] = [None] * (count[0] if count else 0)
        for point in all_named(reference, "pt"):
            points[int(point.get("idx"))] = point[0].text
        found.append(ChartRange(formula, tuple(points)))
    return found


def _text(element: etree._Element) -> str:
    """All its text except the phonetic reading."""
    return "".join(t.text or "" for t in all_named(element, "t") if local(t.getparent()) != "rPh")


def _plain(text: str) -> str:
    return re.sub(r"_x([0-9a-fA-F]{4})_", lambda m: chr(int(m[1], 16)), text)


def _said(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True)
