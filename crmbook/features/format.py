"""Another number format where a condition holds: in a column whose rows hold different kinds of values."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from crmbook.feature import Feature, Place

OWN, MANY = 200, 1000  # number formats of a file's own start at 164, and openpyxl counts up from there


@dataclass(frozen=True, slots=True)
class Format(Feature):
    """The column's numbers show as `number_format` in rows where `when` is true: `Format("value", '[@unit]="%"', "0%")`."""

    column: str
    when: str
    number_format: str

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles.differential import DifferentialStyle
        from openpyxl.styles.numbers import NumberFormat

        number = OWN + crc32(self.number_format.encode()) % MANY  # one number for one format
        look = DifferentialStyle(numFmt=NumberFormat(numFmtId=number, formatCode=self.number_format))
        rule = Rule("expression", dxf=look, formula=[place.plain(self.when)])
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
