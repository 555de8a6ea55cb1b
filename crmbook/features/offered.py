"""A list to pick from that the workbook itself feeds: the ids or names that stand in a column of another form."""

from dataclasses import dataclass
from typing import Any

from crmbook.binding import list_name
from crmbook.feature import Feature, Place
from crmbook.text import Text

TITLE = Text("不在列表中", "Not in the list")
# No stop: an order may be pasted before its customer is entered, and the sheet of problems reports it all the same.
UNLISTED = Text("“{form}”表的“{column}”列中没有它。请核对是否写错；仍要保留吗？", "It is not in the column “{column}” of the sheet “{form}”. Please check it. Keep it all the same?")  # fmt: skip


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
        from openpyxl.worksheet.datavalidation import DataValidation

        validation = DataValidation(
            "list",
            formula1=list_name(self.offers),
            allow_blank=True,
            errorStyle="warning",
            showErrorMessage=True,
            errorTitle=TITLE[place.lang],
            error=UNLISTED.fill(form=self.form, column=self.label)[place.lang][:255],
            showInputMessage=self.prompt is not None,
            promptTitle=place.headers[self.column][:32] if self.prompt else None,
            prompt=self.prompt[place.lang][:255] if self.prompt else None,
        )
        validation.add(place.first_cell(self.column))
        sheet.add_data_validation(validation)
