"""A cell in which the user picks whom or what a page is about."""

from dataclasses import dataclass
from typing import Any

from crmbook.binding import list_name
from crmbook.feature import Feature, Place, write
from crmbook.text import Lang, Text

LABEL, CELL = 12, 36  # characters
TITLE = Text("不在列表中", "Not in the list")
UNLISTED = Text("“{form}”表的“{column}”列中没有它。仍要保留吗？", "It is not in the column “{column}” of the sheet “{form}”. Keep it all the same?")  # fmt: skip
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
        from openpyxl.worksheet.datavalidation import DataValidation

        label, cell = place.spans
        write(sheet, place.area_row, label, "crm picker label", self.label[place.lang])
        address = place.cells[self.id] = write(sheet, place.area_row, cell, "crm picker")
        titles = place.around.lists.get(self.offers)
        if titles is None:  # a book without that form
            return
        form, column = titles
        validation = DataValidation(
            "list",
            formula1=list_name(self.offers),
            allow_blank=True,
            errorStyle="warning",
            showErrorMessage=True,
            errorTitle=TITLE[place.lang],
            error=UNLISTED.fill(form=form, column=column)[place.lang][:255],
            showInputMessage=True,
            promptTitle=self.label[place.lang][:32],
            prompt=HINT[place.lang],
        )
        validation.add(address)
        sheet.add_data_validation(validation)
