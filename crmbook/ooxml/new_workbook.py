"""The smallest workbook there is, made from nothing: one sheet of plain text."""

import io
import zipfile
from collections.abc import Sequence

from crmbook.ooxml.cells import escape
from crmbook.ooxml.package import OFFICE_RELATIONSHIPS, RELATIONSHIPS_NS, TYPES_NS
from crmbook.ooxml.text_sheet import TYPE, text_sheet

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def new_workbook(sheet: str, rows: Sequence[Sequence[str]]) -> bytes:
    """An .xlsx with these texts on a sheet of this name; always the same bytes."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES_NS}"><Default Extension="rels" ContentType="{RELATIONSHIPS}"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{MAIN}"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}"/></Types>',
        "_rels/.rels": _points("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE_RELATIONSHIPS}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _points("worksheet", "worksheets/sheet1.xml"),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, xml in parts.items():
            made.writestr(zipfile.ZipInfo(name), HEAD + xml)
        made.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), text_sheet(rows))
    return out.getvalue()


def _points(kind: str, target: str) -> str:
    return f'<Relationships xmlns="{RELATIONSHIPS_NS}"><Relationship Id="rId1" Type="{OFFICE_RELATIONSHIPS}/{kind}" Target="{target}"/></Relationships>'
