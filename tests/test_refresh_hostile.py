"""Files made to do harm, or just monstrous: refused in a moment or refreshed as any other, and nothing outside is touched."""

import io
import re
import warnings
import zipfile
from pathlib import Path

import pytest

from crmbook import book
from crmbook.ooxml import Package
from tests.faulty_books import ORDERS, packed, parts_of
from tests.refusing import DAY, old_or_new, refused

SHEET, TABLE, STYLES, BOOK = f"xl/worksheets/sheet{ORDERS.sheet}.xml", f"xl/tables/table{ORDERS.sheet}.xml", "xl/styles.xml", "xl/workbook.xml"  # fmt: skip
DEEP = 60_000
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY a9 SYSTEM 'file:///etc/passwd'>]>"
PARAMETER = "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>"


@pytest.fixture
def path(tmp_path) -> Path:
    """Where a book goes, alone in a folder of a folder."""
    path = tmp_path / "outer" / "inner" / "book.xlsx"
    path.parent.mkdir(parents=True)
    return path


def altered(small: Path, part: str, change) -> bytes:
    parts = parts_of(small.read_bytes())
    parts[part] = change(parts[part])
    return packed(parts)


@pytest.mark.parametrize("part", [SHEET, TABLE, BOOK])
@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, PARAMETER], ids=["laughs", "outside", "parameter"])
def test_entities_are_refused(declared, part, small, path):
    def change(content: bytes) -> bytes:
        root = re.search(rb"<\w+ ", content).start()
        return content[:root] + declared.encode() + content[root:].replace(b"</", b"&a9;</", 1)

    path.write_bytes(altered(small, part, change))
    assert "DOCTYPE" in refused(path)


@pytest.mark.parametrize("part", [SHEET, TABLE, STYLES, BOOK])
def test_elements_nested_without_end(part, small, path):
    def change(content: bytes) -> bytes:
        end = content.rindex(b"</")
        return content[:end] + b"<x>" * DEEP + b"</x>" * DEEP + content[end:]

    path.write_bytes(altered(small, part, change))
    old_or_new(path, again=False)


def test_names_that_lead_outside_stay_names(small, path, tmp_path):
    names = ["../../evil.xml", "/etc/evil.xml", "..\\..\\evil.xml", "C:\\evil.xml", "xl/../../evil.xml", "a" * 60_000, "xl/\u202egnp.xml", "CON", "folder/"]  # fmt: skip
    path.write_bytes(packed({**parts_of(small.read_bytes()), **dict.fromkeys(names, b"<x/>")}))
    before = set(tmp_path.rglob("*"))
    assert book.refresh(path, as_of=DAY).wrote
    there = {p for p in tmp_path.rglob("*") if "state" not in p.parts and "cache" not in p.parts}
    assert there == {p for p in before if "state" not in p.parts and "cache" not in p.parts}
    with zipfile.ZipFile(path) as opened:
        assert opened.namelist()[-len(names) :] == names


def test_of_entries_with_one_name_the_last_counts_and_all_are_kept(small, path):
    parts = parts_of(small.read_bytes())
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's, of the second name
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("xl/theme/theme1.xml", b"<first/>")
            for name, content in parts.items():
                made.writestr(name, content)
    path.write_bytes(out.getvalue())
    assert book.refresh(path, as_of=DAY).wrote
    with zipfile.ZipFile(path) as opened:
        themes = [opened.read(info) for info in opened.infolist() if info.filename == "xl/theme/theme1.xml"]
    assert themes == [b"<first/>", parts["xl/theme/theme1.xml"]]


@pytest.mark.soak
def test_a_hundred_thousand_entries_are_refused(small, path):
    path.write_bytes(packed({**parts_of(small.read_bytes()), **{f"x/{n}": b"" for n in range(100_000)}}))
    assert "unreasonable size" in refused(path)


def test_a_zip_within_a_zip_before_it_is_of_no_matter(small, path):
    path.write_bytes(b"#!/bin/sh\nexit\n" + small.read_bytes())  # what a self-extractor looks like
    old_or_new(path, again=True)


@pytest.mark.parametrize("own", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["the orders", "theirs"])
def test_a_sheet_down_to_the_last_row(own, small, path):
    """Formats dragged down to the very last row, as Excel stores them."""
    rows = b"".join(b'<row r="%d"/>' % n for n in range(21, 1_048_577))
    part = "xl/worksheets/sheet15.xml" if own else SHEET
    path.write_bytes(altered(small, part, lambda content: content.replace(b"</sheetData>", rows + b"</sheetData>")))
    assert book.refresh(path, as_of=DAY).wrote
    assert len(Package.open(path).read(part)) > len(rows) - 1000
