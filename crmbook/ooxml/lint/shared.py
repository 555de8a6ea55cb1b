"""The shared strings of a workbook: how many there are, and what they say."""

import re
from functools import cached_property

from lxml import etree

from crmbook.ooxml.markup import children
from crmbook.ooxml.package import Package

STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")


class SharedStrings:
    """The strings that cells name by number; counting them is quick, their texts are read when first asked for."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = next(iter(package.related(package.workbook, "sharedStrings")), None)

    @cached_property
    def count(self) -> int:
        """How many strings there are."""
        if self._part is None:
            return 0
        xml = self._package.read(self._part)
        return len(STRING.findall(xml)) if b"\0" not in xml[:4] else len(self._strings)

    @cached_property
    def _strings(self) -> list[etree._Element]:
        return [] if self._part is None else children(self._package.xml(self._part), "si")

    def text(self, number: int) -> str:
        """What one string says, without its phonetic guide; "" if there is none of this number."""
        if number >= len(self._strings):
            return ""
        return "".join(t.text or "" for path in ("{*}t", "{*}r/{*}t") for t in self._strings[number].iterfind(path))
