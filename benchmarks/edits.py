"""What staff do between two refreshes, in the file itself: `python -m benchmarks.edits orders|note BOOK… `.

Orders are typed under the table of orders, which grows as Excel lets it grow; the note is typed into a report.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers import NOTE
from crmbook.ooxml import Package, Table, Workbook

NEW_ORDERS, TYPED = 100, "老客户，下月回访"


def append_orders(book: Path) -> None:
    """A hundred more order lines like the last one, under numbers of their own."""

    def change(package: Package, table: Table, xml: bytes) -> bytes:
        last, new = table.last_row, table.last_row + NEW_ORDERS
        start = xml.rindex(b'<row r="%d"' % last)
        end = xml.index(b"</row>", start) + len(b"</row>")
        row, rows = xml[start:end], []
        for n in range(1, NEW_ORDERS + 1):
            made = re.sub(rb'( r="[A-Z]*)%d"' % last, rb'\g<1>%d"' % (last + n), row)
            rows.append(re.sub(rb"<t>[^<]*</t>", b"<t>N%06d</t>" % n, made, count=1))
        definition = package.read(table.part)
        package.write(table.part, re.sub(rb'( ref="[A-Z]+\d+:[A-Z]+)%d"' % last, rb'\g<1>%d"' % new, definition))
        return xml[:end] + b"".join(rows) + xml[end:]

    _edit(book, "crm_orders", change)


def type_note(book: Path) -> None:
    """A note beside the first customer of the grading."""

    def change(package: Package, table: Table, xml: bytes) -> bytes:
        assert (table.sheet.name, table.columns[ord(NOTE[1][0]) - 64 - table.first_col]) == (NOTE[0], "备注")
        cell = re.compile(rb'<c r="%s"( s="\d+")?[^>]*?(?:/>|>.*?</c>)' % NOTE[1].encode(), re.DOTALL)
        changed, count = cell.subn(
            rb'<c r="%s"\1 t="inlineStr"><is><t>%s</t></is></c>' % (NOTE[1].encode(), TYPED.encode()), xml
        )
        assert count == 1
        return changed

    _edit(book, "crm_grading", change)


def holds_note(book: Path) -> bool:
    """True if the note stands where it was typed."""
    package = Package.open(book)
    xml = package.read(Workbook(package).tables["crm_grading"].sheet.part)
    return re.search(rb'<c r="%s"[^>]*>(?:(?!</c>).)*%s' % (NOTE[1].encode(), TYPED.encode()), xml) is not None


def _edit(book: Path, table: str, change: Callable[[Package, Table, bytes], bytes]) -> None:
    package = Package.open(book)
    found = Workbook(package).tables[table]
    package.write(found.sheet.part, change(package, found, package.read(found.sheet.part)))
    with book.open("w+b") as out:
        package.save(out)


EDITS = {"orders": append_orders, "note": type_note}

if __name__ == "__main__":
    for name in sys.argv[2:]:
        EDITS[sys.argv[1]](Path(name))
