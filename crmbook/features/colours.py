"""The words of a class in the colour of what they mean."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.palette import TONES, Tone
from crmbook.text import Text


@dataclass(frozen=True, slots=True)
class Colours(Feature):
    """Cells of the column that hold one of the words take its tone; `bold` so that it also shows in a black-and-white print."""

    column: str
    tones: tuple[tuple[Text, Tone], ...]
    bold: bool = True

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import Font, PatternFill
        from openpyxl.styles.differential import DifferentialStyle

        for word, tone in self.tones:
            ground, ink = TONES[tone]
            quoted = word[place.lang].replace('"', '""')
            look = DifferentialStyle(font=Font(color=ink, b=self.bold or None), fill=PatternFill(bgColor=ground))
            rule = Rule("cellIs", operator="equal", dxf=look, formula=[f'"{quoted}"'])
            sheet.conditional_formatting.add(place.first_cell(self.column), rule)
