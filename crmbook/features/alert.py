"""Cells that catch the eye when a condition holds."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.palette import TONES, Tone


@dataclass(frozen=True, slots=True)
class Alert(Feature):
    """The column's cell takes the tone in rows where `when` is true: `Alert("growth", "[@growth]<0")`."""

    column: str
    when: str
    tone: Tone = "bad"

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import Font, PatternFill
        from openpyxl.styles.differential import DifferentialStyle

        ground, ink = TONES[self.tone]
        look = DifferentialStyle(font=Font(color=ink), fill=PatternFill(bgColor=ground))
        rule = Rule("expression", dxf=look, formula=[place.plain(self.when)])
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
