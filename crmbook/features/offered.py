"""A list to pick from that the workbook itself feeds: the ids or names that stand in a column of another form."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, offer
from crmbook.text import Text


@dataclass(frozen=True, slots=True)
class Offered(Feature):
    """The column offers what stands in `offers` (`form.column`); anything else is warned of and may stay.

    `form` and `label` are the title of that form and of its column, for the warning.
    """

    column: str
    offers: str
    form: Text
    label: Text
    prompt: Text | None = None

    def draw(self, sheet: Any, place: Place) -> None:
        prompt = (place.headers[self.column], self.prompt) if self.prompt else None
        offer(sheet, place.first_cell(self.column), place.lang, self.offers, (self.form, self.label), prompt)
