"""What may be typed into a column, and a hint while its cell is selected.

A value beyond the limits is warned of and may stay: `1.2万` and `2026.3.15` are read as well, and what staff typed is
never refused for its form.
"""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.schema import Kind
from crmbook.text import Text

TITLE = Text("请核对", "Please check")
DATE = Text(
    "这里通常是日期，如 2026-03-15。仍要保留吗？", "A date stands here, such as 2026-03-15. Keep this all the same?"
)
NUMBER = Text("这里通常是数字{range}。仍要保留吗？", "A number stands here{range}. Keep this all the same?")
BETWEEN = Text("（{low} 至 {high}）", " ({low} to {high})")
AT_LEAST = Text("（不小于 {low}）", " (not below {low})")
AT_MOST = Text("（不大于 {high}）", " (not above {high})")
ANY = Text("", "")
EARLIEST, LATEST = 1, 2957003  # days counted from 1900 or from 1904, which reach no further than the end of 9999
LARGEST = 10**15  # digits beyond are lost in a cell


@dataclass(frozen=True, slots=True)
class Limits(Feature):
    """The column takes dates or numbers, from `low` to `high` where given; `help` is the hint."""

    column: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    help: Text | None = None

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        validation = DataValidation(allow_blank=True, errorStyle="warning", errorTitle=TITLE[place.lang])
        if self.kind in {"date", "moment"}:
            validation.type, validation.error = "date", DATE[place.lang]
            validation.formula1, validation.formula2 = str(EARLIEST), str(LATEST)
        elif self.kind in {"number", "money", "percent", "score"}:
            validation.type, validation.error = "decimal", NUMBER.fill(range=self._range())[place.lang]
            validation.formula1 = f"{-LARGEST if self.low is None else self.low:g}"
            validation.formula2 = f"{LARGEST if self.high is None else self.high:g}"
        validation.showErrorMessage = validation.type is not None
        if validation.type is not None:
            validation.operator = "between"
        if self.help is not None:
            validation.showInputMessage = True
            validation.promptTitle, validation.prompt = place.headers[self.column][:32], self.help[place.lang][:255]
        validation.add(place.first_cell(self.column))
        sheet.add_data_validation(validation)

    def _range(self) -> Text:
        """The limits in words."""
        shown = {"low": self.low, "high": self.high}
        if self.kind == "percent":
            shown = {name: None if share is None else share * 100 for name, share in shown.items()}
        words = {
            name: None if n is None else f"{n:g}{'%' if self.kind == 'percent' else ''}" for name, n in shown.items()
        }
        if self.low is None and self.high is None:
            return ANY
        text = BETWEEN if self.low is not None and self.high is not None else AT_MOST if self.low is None else AT_LEAST
        return text.fill(**words)
