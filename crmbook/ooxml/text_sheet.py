"""A sheet of plain text put behind the others."""

import posixpath
from collections.abc import Sequence
from typing import Literal

from crmbook.ooxml.cells import escape
from crmbook.ooxml.markup import children
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.package import OFFICE_RELATIONSHIPS, Package
from crmbook.ooxml.refs import letters

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
State = Literal["visible", "hidden", "veryHidden"]


def text_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """The part of a sheet with these texts from A1 on."""
    lines = (
        f'<row r="{at}">'
        + "".join(f'<c r="{letters(column)}{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' for column, text in enumerate(row, 1))
        + "</row>"
        for at, row in enumerate(rows, 1)
    )  # fmt: skip
    return SHEET.format(rows="".join(lines)).encode()


def add_text_sheet(package: Package, name: str, rows: Sequence[Sequence[str]], state: State) -> None:
    """Puts a sheet with these texts behind the last one; `name` is that of no other."""
    folder = posixpath.join(posixpath.dirname(package.workbook), "worksheets")
    numbers = range(1, len(package.names) + 2)
    part = next(p for p in (f"{folder}/sheet{n}.xml" for n in numbers) if p not in package)
    package.write(part, text_sheet(rows))
    package.set_content_type(part, TYPE)
    listed = [e for group in children(package.xml(package.workbook), "sheets") for e in group]
    number = max(int(e.get("sheetId", "0")) for e in listed) + 1
    id = package.relate(package.workbook, "worksheet", part)
    outline = Outline(package.read(package.workbook))
    sheet = f'<{outline.prefix}sheet name="{escape(name)}" sheetId="{number}" state="{state}" xmlns:r="{OFFICE_RELATIONSHIPS}" r:id="{id}"/>'
    outline.append("sheets", [sheet], ["sheets"])
    package.write(package.workbook, outline.xml)
