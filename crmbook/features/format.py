"""Another number format where a condition holds: in a column whose rows hold different kinds of values."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, numbered


@dataclass(frozen=True, slots=True)
class Format(Feature):
    """The column's numbers show as `number_format` in rows where `when` is true: `Format("value", '[@unit]="%"', "0%")`."""

    column: str
    when: str
    number_format: str

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule

        rule = Rule("expression", dxf=numbered(self.number_format), formula=[place.plain(self.when)])
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
