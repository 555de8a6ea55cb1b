"""A table's part: its extent, filter and sort follow the rows, its headers and column formulas are what they should be."""

import re
from collections.abc import Mapping, Sequence
from itertools import count

from crmbook.ooxml.cells import escape, unescape
from crmbook.ooxml.formulas import Follower, same_formula
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.package import OFFICE_RELATIONSHIPS, STRICT_RELATIONSHIPS, Package
from crmbook.ooxml.refs import Area, RowMap, parse_area
from crmbook.ooxml.strict import strictly
from crmbook.ooxml.workbook import Table

P = rb"(?:\w+:)?"
ROOT_REF = re.compile(rb"(<" + P + rb'table(?=\s)[^>]*?\sref=")([^"]*)(")')
INNER_REF = re.compile(rb"(<" + P + rb'(?:autoFilter|sortState|sortCondition)(?=\s)[^>]*?\sref=")([^"]*)(")')
TOTALS = re.compile(rb'<[^>]*?\stotalsRowCount="([0-9]+)"')
COLUMN = re.compile(rb"<(" + P + rb")tableColumn(?=\s)([^>]*?)(?:/>|>(.*?)</\1tableColumn>)", re.DOTALL)
COLUMNS = re.compile(rb"(<" + P + rb"tableColumns(?=[\s>])[^>]*>)(.*?)(</" + P + rb"tableColumns>)", re.DOTALL)
COUNT, ID = re.compile(rb'(\scount=")[0-9]*(")'), re.compile(rb'\sid="([0-9]+)"')
TABLE_ID = re.compile(rb'(<(?:\w+:)?table\b[^>]*?\sid=")([0-9]+)"')
TABLE_TAG = re.compile(rb"<(?:\w+:)?table\b[^>]*>")
TABLE_NAME = re.compile(rb'\s(?:displayName|name)="([^"]*)"')
TABLE_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
COLUMN_NAME = re.compile(rb'(\sname=")([^"]*)(")')
COLUMN_FORMULA = re.compile(
    rb"<(" + P + rb")calculatedColumnFormula(?:\s[^>]*)?(?:/>|>([^<]*)</\1calculatedColumnFormula>)"
)
ANY_FORMULA = re.compile(rb"(<(" + P + rb"(?:calculatedColumnFormula|totalsRowFormula))(?:\s[^>]*)?>)([^<]*)(</\2>)")
NEW = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="{id}" name="{name}" displayName="{name}" ref="{ref}" totalsRowShown="0"><autoFilter ref="{ref}"/><tableColumns count="{count}">{columns}</tableColumns></table>"""


def names_taken(package: Package) -> set[str]:
    """The names of all tables of the package, case-folded, also of those that no sheet holds any more."""
    found = (tag[0] for xml in _tables(package) if (tag := TABLE_TAG.search(xml)))
    return {name.decode("utf-8", "replace").casefold() for tag in found for name in TABLE_NAME.findall(tag)}


def last_id(package: Package) -> int:
    """The highest id of a table of the package; 0 if it has none."""
    return max((int(m[2]) for xml in _tables(package) if (m := TABLE_ID.search(xml))), default=0)


def _tables(package: Package) -> list[bytes]:
    return [package.read(name) for name in package.names if package.content_type(name) == TABLE_PART]


def add_table(package: Package, table: Table) -> None:
    """Puts a table on its sheet, where its header and rows stand already; it gets a part and an id of its own."""
    id = 1 + last_id(package)
    numbered = (f"xl/tables/table{n}.xml" for n in count(1))
    part = next(name for name in numbered if name not in package and package.content_type(name) != TABLE_PART)
    columns = "".join(f'<tableColumn id="{n}" name="{_name(h).decode()}"/>' for n, h in enumerate(table.columns, 1))
    ref = Area(table.header_row, table.first_col, table.last_row, table.last_col).ref
    xml = NEW.format(id=id, name=table.name, ref=ref, count=len(table.columns), columns=columns).encode()
    is_strict = any(r.type.startswith(STRICT_RELATIONSHIPS) for r in package.relationships(""))
    package.write(part, strictly(xml) if is_strict else xml)
    package.set_content_type(part, TABLE_PART)
    outline, key = Outline(package.read(table.sheet.part)), package.relate(table.sheet.part, "table", part)
    spoken = STRICT_RELATIONSHIPS if is_strict else OFFICE_RELATIONSHIPS
    outline.append("tableParts", [f'<{outline.prefix}tablePart xmlns:r="{spoken}" r:id="{key}"/>'], ("tableParts", "extLst"))  # fmt: skip
    package.write(table.sheet.part, outline.xml)


def follow_table(xml: bytes, row_map: RowMap | None, follower: Follower) -> bytes:
    """A table with its formulas followed, and its areas where `row_map` says that rows of its sheet moved."""
    if row_map is not None:
        xml = _moved(xml, row_map)

    def formula(found: re.Match[bytes]) -> bytes:
        before = unescape(found[3])
        after = follower.follow(before)
        return found[0] if after == before else found[1] + escape(after).encode() + found[4]

    return ANY_FORMULA.sub(formula, xml)


def _moved(xml: bytes, row_map: RowMap) -> bytes:
    """The table's areas where its rows now stand; rows put in before its totals row are data."""

    def followed(found: re.Match[bytes]) -> bytes:
        return found[1] + row_map.list(found[2].decode(), cell_grows=False).encode() + found[3]

    def filtered(found: re.Match[bytes]) -> bytes:
        if extent is None or b"autoFilter" not in found[1]:
            return followed(found)
        totals = TOTALS.search(xml)
        return (
            found[1] + extent._replace(bottom=extent.bottom - int(totals[1] if totals else 0)).ref.encode() + found[3]
        )

    xml = ROOT_REF.sub(followed, xml, count=1)
    root = ROOT_REF.search(xml)
    extent = parse_area(root[2].decode()) if root else None
    return INNER_REF.sub(filtered, xml)


def column_formulas(xml: bytes, table: Table) -> dict[int, str]:
    """By sheet column, the formula that Excel gives every new row of the table."""
    found: dict[int, str] = {}
    for number, column in enumerate(COLUMN.finditer(xml), table.first_col):
        formula = COLUMN_FORMULA.search(column[3] or b"")
        if formula is not None and formula[2] and b" array=" not in formula[0]:
            found[number] = unescape(formula[2])
    return found


def update_table(
    xml: bytes, table: Table, new_last: int, headers: Sequence[str | None], formulas: Mapping[int, str | None]
) -> bytes:
    """Our own table: its new last data row, header texts as they stand in the sheet (None = leave), and by sheet column
    the formula its column carries (None = none). Ids, styles, filters and totals stay. Where `table` has more columns than
    the part, the last ones are added."""
    bottom = new_last + table.totals_rows
    extent = Area(table.header_row, table.first_col, bottom, table.last_col)

    def inner(found: re.Match[bytes]) -> bytes:
        if b"autoFilter" in found[1]:
            ref = extent._replace(bottom=new_last).ref
        else:
            row_map = RowMap(table.first_row, frozenset((table.last_row,)), new_last, table.first_col, table.last_col)
            ref = row_map.list(found[2].decode())
        return found[1] + ref.encode() + found[3]

    xml = ROOT_REF.sub(lambda m: m[1] + extent.ref.encode() + m[3], xml, count=1)
    xml = INNER_REF.sub(inner, xml)
    xml = COLUMNS.sub(lambda m: _with_columns(m, table.columns), xml, count=1)
    wanted = [header or name for header, name in zip(headers, table.columns, strict=True)]
    if len({name.casefold() for name in wanted}) < len(wanted):  # Excel would not open it so
        wanted = table.columns
    indexes = count()

    def column(found: re.Match[bytes]) -> bytes:
        index = next(indexes)
        number, header = table.first_col + index, wanted[index]
        attributes = found[2]
        if header != table.columns[index]:
            attributes = COLUMN_NAME.sub(lambda m: m[1] + _name(header) + m[3], attributes)
        body = found[3] or b""
        if number in formulas:
            body = _with_formula(body, found[1], formulas[number])
        if attributes == found[2] and body == (found[3] or b""):
            return found[0]
        tag = found[1] + b"tableColumn"
        return b"<" + tag + attributes + (b">" + body + b"</" + tag + b">" if body else b"/>")

    return COLUMN.sub(column, xml)


def _with_columns(found: re.Match[bytes], names: Sequence[str]) -> bytes:
    """The table's columns, and after them one for each name that is too many."""
    present = list(COLUMN.finditer(found[2]))
    if len(present) >= len(names) or not present:
        return found[0]
    ids = count(1 + max(int(m[1]) for column in present for m in ID.finditer(column[2])))
    tag = present[-1][1] + b"tableColumn"
    added = [b'<%s id="%d" name="%s"/>' % (tag, next(ids), _name(name)) for name in names[len(present) :]]
    opening = COUNT.sub(rb"\g<1>%d\2" % len(names), found[1])
    return opening + found[2] + b"".join(added) + found[3]


def _name(header: str) -> bytes:
    """A header as an attribute says it: a reader would make a blank of each line break and tab."""
    text = escape(header).replace('"', "&quot;").replace("\n", "_x000a_").replace("\t", "_x0009_")
    return text.encode()


def _with_formula(body: bytes, prefix: bytes, formula: str | None) -> bytes:
    """The column's content with its formula: the standard wants it first."""
    found = COLUMN_FORMULA.search(body)
    held = unescape(found[2] or b"") if found else None
    if same_formula(held, formula):
        return body
    rest = body[: found.start()] + body[found.end() :] if found else body
    if formula is None:
        return rest
    tag = prefix + b"calculatedColumnFormula"
    return b"<" + tag + b">" + escape(formula).encode() + b"</" + tag + b">" + rest
