"""Bars in the cells of a column, as long as their numbers are large."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.palette import BAR


@dataclass(frozen=True, slots=True)
class Bars(Feature):
    """Data bars from zero to the column's largest value; negative values have none."""

    column: str

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.formatting.rule import DataBar, FormatObject, Rule

        ends = [FormatObject("num", val=0), FormatObject("max")]
        rule = Rule("dataBar", dataBar=DataBar(cfvo=ends, color=BAR, minLength=0, maxLength=90))
        sheet.conditional_formatting.add(place.first_cell(self.column), rule)
