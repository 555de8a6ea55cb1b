"""Arrows beside the numbers of a column: up, flat or down by their sign."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place

ABOVE = "0.0001"  # the least that points up: LibreOffice knows no "greater than" here, only "at least"


@dataclass(frozen=True, slots=True)
class Icons(Feature):
    """A green arrow up above zero, a yellow one across at zero, a red one down below; the number stays beside it."""

    column: str

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import FormatObject, IconSet, Rule

        steps = [FormatObject("percent", val=0), FormatObject("num", val=0), FormatObject("num", val=ABOVE)]
        rule = Rule("iconSet", iconSet=IconSet(iconSet="3Arrows", cfvo=steps))
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
