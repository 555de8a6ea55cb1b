"""Small columns in each row's cell, over the figures of the same row."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.ooxml.cells import escape
from crmbook.ooxml.refs import Area, absolute, letters

# Columns from zero, so that a steady customer has a level row of them; to each row's own largest value, so that small customers show too.
GROUP = (
    '<x14:sparklineGroup manualMin="0" type="column" displayEmptyCellsAs="gap" last="1" displayHidden="1" minAxisType="custom">'
    '<x14:colorSeries theme="4"/><x14:colorNegative theme="8"/><x14:colorAxis theme="1"/><x14:colorMarkers theme="4"/>'
    '<x14:colorFirst theme="4"/><x14:colorLast theme="5"/><x14:colorHigh theme="4"/><x14:colorLow theme="4"/>'
    "<x14:sparklines><x14:sparkline><xm:f>{figures}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline></x14:sparklines>"
    "</x14:sparklineGroup>"
)


@dataclass(frozen=True, slots=True)
class Sparkline(Feature):
    """Columns in `column` over the columns from `first` to `last`, which may be hidden; the last is marked."""

    column: str
    first: str
    last: str

    def draw(self, sheet: Any, place: Place) -> None:
        row = place.first_row
        figures = absolute(place.sheet, Area(row, place.columns[self.first], row, place.columns[self.last]))
        cell = f"{letters(place.columns[self.column])}{row}"
        place.sparklines.append(GROUP.format(figures=escape(figures.replace("$", "")), cell=cell))
