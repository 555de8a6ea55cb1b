"""A cell in which the user picks whom or what a page is about."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, offer, write
from crmbook.text import Lang, Text

LABEL, CELL = 12, 36  # characters
HINT = Text("点右侧的箭头选择，也可直接填写", "Choose with the arrow at its right, or type")


@dataclass(frozen=True, slots=True)
class Picker(Feature):
    """A label and the yellow cell `<id>`, which offers what stands in `offers` (`form.column`); a refresh reads it from
    `given.typed` and leaves it as it is."""

    id: str
    label: Text
    offers: str

    @property
    def asks(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def height(self) -> int:
        return 1

    def across(self, lang: Lang) -> tuple[int, ...]:
        return (LABEL, CELL)

    def draw(self, sheet: Any, place: Place) -> None:
        label, cell = place.spans
        write(sheet, place.area_row, label, "crm picker label", self.label[place.lang])
        address = place.cells[self.id] = write(sheet, place.area_row, cell, "crm picker")
        titles = place.around.lists.get(self.offers)
        if titles is not None:  # a book with that form
            offer(sheet, address, place.lang, self.offers, titles, (self.label[place.lang], HINT))
