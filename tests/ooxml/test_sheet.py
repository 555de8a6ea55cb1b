"""A sheet taken apart and put together; the fuzz over real files that once found 52 of 281 sheets ill-formed."""

import random
import re
from pathlib import Path

import pytest
from lxml import etree

from crmbook.ooxml import Package, RefusedError, Workbook
from crmbook.ooxml.cells import ending
from crmbook.ooxml.normal import is_plain, normalised
from crmbook.ooxml.refs import Area, column_number, letters
from crmbook.ooxml.sheet import Row, SheetPart, usual_styles

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
EDITS = [None, 12.5, "文字 & <more>", True]


def sheet(rows: str, tail: str = "") -> bytes:
    return f'<worksheet {NS}><dimension ref="A1"/><sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


def part(rows: str) -> SheetPart:
    return SheetPart(sheet(rows), str)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def cells_of(root: etree._Element) -> dict[str, bytes]:
    """Every cell by its address, as canonical XML; one without an address stands next to the one before."""
    found, number = {}, 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number, column = int(row.get("r") or number + 1), 0
        for cell in row.iterchildren("{*}c"):
            name = re.sub("[0-9]", "", cell.get("r") or "")
            column = column_number(name) if name else column + 1
            copy = etree.fromstring(etree.tostring(cell, with_tail=False))
            copy.set("r", f"{letters(column)}{number}")
            found[copy.get("r")] = etree.tostring(_bare(copy), method="c14n")
    return found


def _bare(element: etree._Element) -> etree._Element:
    """The element without namespace prefixes, comments and the split of its text."""
    bare = etree.Element(local(element), {etree.QName(k).localname: v for k, v in element.attrib.items()})
    bare.text = "".join(element.xpath("text()"))
    bare.extend(_bare(child) for child in element if isinstance(child.tag, str))
    return bare


def around(root: etree._Element) -> list[bytes]:
    """Everything but the rows, as canonical XML."""
    return [etree.tostring(_bare(e), method="c14n") for e in root if isinstance(e.tag, str) and local(e) != "sheetData"]


@pytest.mark.reference
def test_random_edits_of_real_sheets_change_those_cells_and_nothing_else(reference: Path):
    count = 0
    for path in sorted((reference.parent / "corpus").glob("*.xls*")):
        try:
            workbook = Workbook(Package.open(path))
        except RefusedError:
            continue
        for found in workbook.sheets:
            before = workbook.package.xml(found.part)
            chance = random.Random(f"{path.name} {found.part}")
            old, edited = cells_of(before), {}
            if len(old) > 20_000:
                continue
            taken = workbook.sheet_part(found)
            for _ in range(20):
                ref = chance.choice(list(old)) if old and chance.random() < 0.5 else None
                ref = ref or f"{letters(chance.randint(1, 40))}{chance.randint(1, 80)}"
                row, column = int(re.sub("[A-Z]", "", ref)), column_number(re.sub("[0-9]", "", ref))
                edited[ref] = chance.choice(EDITS)
                taken.put(row, column, ending(edited[ref]))
            after = etree.fromstring(taken.text())
            new = cells_of(after)
            for ref in [r for r, c in old.items() if b't="shared"' in c]:  # written out where its group is broken
                old[ref], new[ref] = (re.sub(b"<f .*?</f>|<f>.*?</f>", b"", c[ref]) for c in (old, new))
            context = f"{path.name} {found.part}"
            assert {r: c for r, c in new.items() if r not in edited} == {
                r: c for r, c in old.items() if r not in edited
            }, context
            assert all(
                taken.content(int(re.sub("[A-Z]", "", r)), column_number(re.sub("[0-9]", "", r))).value == v
                for r, v in edited.items()
            ), context
            assert around(after) == around(before), context
            numbers = [int(e.get("r")) for e in after.iterfind("{*}sheetData/{*}row")]
            assert numbers == sorted(set(numbers)), context
            for row in after.iterfind("{*}sheetData/{*}row"):
                places = [column_number(re.sub("[0-9]", "", c.get("r"))) for c in row.iterchildren("{*}c")]
                assert places == sorted(set(places)), context
            count += 1
    assert count > 100


def test_a_sheet_that_is_only_taken_apart_is_the_same_bytes():
    data = sheet('<row r="1" spans="1:2"><c r="A1"/><c r="B1" s="2"><v>1</v></c></row><row r="3" ht="20"/>', "<x/>")
    taken = SheetPart(data, str)
    assert taken.text() == data
    assert not taken.is_changed
    assert list(taken.rows) == [1, 3]


def test_a_cell_is_put_in_its_order_with_the_style_of_the_one_before():
    taken = part('<row r="2" spans="1:3"><c r="A2"/><c r="C2" s="4" t="s"><v>0</v></c></row>')
    taken.put(2, 2, ending("b"))
    taken.put(2, 3, ending(7))
    taken.put(1, 28, ending(None))
    assert taken.rows[2] == (
        b'<row r="2"><c r="A2"/><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="C2" s="4"><v>7</v></c></row>'
    )
    assert taken.text().index(b'r="1"') < taken.text().index(b'r="2"')
    assert taken.rows[1] == b'<row r="1"><c r="AB1"/></row>'
    assert taken.is_changed


def test_an_empty_sheet_takes_a_cell():
    for data in (b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"):
        taken = SheetPart(f"<worksheet {NS}>".encode() + data + b"<pageMargins/></worksheet>", str)
        taken.put(1, 1, ending(1))
        assert b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><pageMargins/>' in taken.text()


def test_text_that_looks_like_markup_is_text():
    taken = part(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;c r="B1"&gt;&lt;/row> r="9"</t></is></c><c r="B1"/></row>'
    )
    assert taken.content(1, 1).value == '<c r="B1"></row> r="9"'
    assert list(Row.read(taken.rows[1]).cells) == [1, 2]


@pytest.mark.parametrize(
    "data",
    [
        sheet('<row><c><v>1</v></c><c r="C1"><v>3</v></c></row><row r="4"><c><v>4</v></c></row>'),
        sheet('<row r="1"><!-- <c r="Z9"> --><c r="A1"><v>1</v></c><c r="C1"><v><![CDATA[3]]></v></c></row><row r="4"><c r="A4"><v>4</v></c></row>'),
        sheet("<row r='1'><c r='A1'><v>1</v></c><c r='C1'><v>3</v></c></row><row r='4'><c r='A4'><v>4</v></c></row>"),
        sheet('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row><row r="4"><c r="A4"><v>4</v></c></row>').decode().encode("utf-16"),
        sheet('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row><row r="4"><c r="A4"><v>4</v></c></row>')
        .replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x="),
    ],
    ids=["no addresses", "comment and CDATA", "single quotes", "UTF-16", "prefix"],
)  # fmt: skip
def test_a_sheet_written_in_an_unusual_way_is_read_all_the_same(data: bytes):
    if data[:2] == b"\xff\xfe":
        data = '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16") + data[2:]
    assert not is_plain(data)
    taken = SheetPart(data, str)
    assert [taken.content(r, c).value for r, c in ((1, 1), (1, 3), (4, 1))] == [1, 3, 4]
    assert is_plain(normalised(data))


def test_a_part_of_a_column_is_read_with_and_without_hidden_rows():
    taken = part(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="4"><c r="A4" t="b"><v>1</v></c></row>'
    )
    assert [c.value for c in taken.column(1, 1, 4)] == [1, 2, None, True]
    assert [c.value for c in taken.column(1, 1, 4, visible=True)] == [1, None, True]


def test_the_usual_style_is_that_of_most_cells():
    rows = [
        b'<row r="1" ht="9"><c r="A1" s="1"/></row>',
        b'<row r="2" hidden="1"><c s="2" r="A2"/></row>',
        b'<row r="3"><c r="A3" t="n" s="2"/></row>',
    ]
    assert usual_styles(rows, [1, 2]) == ({1: b"2", 2: b""}, b"")


def test_the_dimension_takes_in_what_was_added():
    taken = part("")
    taken.widen(Area(3, 2, 9, 5))
    assert b'<dimension ref="A1:E9"/>' in taken.text()
