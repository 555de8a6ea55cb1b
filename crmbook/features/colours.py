"""The words of a class in the colour of what they mean."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, toned
from crmbook.palette import Tone
from crmbook.text import Text


@dataclass(frozen=True, slots=True)
class Colours(Feature):
    """Cells of the column that hold one of the words take its tone; `bold` so that it also shows in a black-and-white print."""

    column: str
    tones: tuple[tuple[Text, Tone], ...]
    bold: bool = True

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import Rule

        for word, tone in self.tones:
            quoted = word[place.lang].replace('"', '""')
            rule = Rule("cellIs", operator="equal", dxf=toned(tone, bold=self.bold), formula=[f'"{quoted}"'])
            sheet.conditional_formatting.add(place.first_cell(self.column), rule)
