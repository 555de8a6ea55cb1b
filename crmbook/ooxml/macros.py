"""A workbook without macros made one that has them."""

import posixpath

from crmbook.ooxml.package import STRICT_RELATIONSHIPS, Package

CONTENT_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


def has_macros(package: Package) -> bool:
    """True if the workbook holds a VBA project."""
    return bool(package.related(package.workbook, "vbaProject"))


def is_strict(package: Package) -> bool:
    """True for a file in the strict form of the standard, in which Excel keeps no macros."""
    return any(r.type.startswith(STRICT_RELATIONSHIPS) for r in package.relationships(""))


def put_macros(package: Package, project: bytes, content_type: str = CONTENT_TYPE) -> None:
    """Adds a VBA project to a workbook that has none; `content_type`: what this makes of the workbook."""
    part = posixpath.join(posixpath.dirname(package.workbook), "vbaProject.bin")
    package.write(part, project)
    package.set_content_type(part, PROJECT_TYPE)
    package.relate(package.workbook, RELATIONSHIP, part)
    package.set_content_type(package.workbook, content_type)
