"""Cells that catch the eye when a condition holds."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, toned
from crmbook.palette import Tone


@dataclass(frozen=True, slots=True)
class Alert(Feature):
    """The column's cell takes the tone in rows where `when` is true: `Alert("growth", "[@growth]<0")`."""

    column: str
    when: str
    tone: Tone = "bad"

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule

        rule = Rule("expression", dxf=toned(self.tone), formula=[place.plain(self.when)])
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
