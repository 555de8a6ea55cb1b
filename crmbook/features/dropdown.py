"""A list of choices to pick from."""

from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place
from crmbook.schema import Choice
from crmbook.text import Text

TITLE = Text("请从列表中选择", "Pick from the list")
CLOSED = Text("这一栏只能填列表中的内容。请点单元格右侧的箭头选择。", "Only the words of the list can stand here. Use the arrow beside the cell.")  # fmt: skip
LONGEST = 255  # characters of a list; Excel drops the validation beyond


@dataclass(frozen=True, slots=True)
class Dropdown(Feature):
    """The column takes one of the choices; an `open` one takes other words too. `prompt` shows while the cell is selected."""

    column: str
    choices: tuple[Choice, ...]
    open: bool = False
    prompt: Text | None = None

    def draw(self, sheet: Any, place: Place) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        words = ",".join(c.name[place.lang] for c in self.choices)
        if len(words) > LONGEST or words.count(",") != len(self.choices) - 1:
            raise ValueError(
                f"{place.form}.{self.column}: a list is at most {LONGEST} characters, without commas in its words"
            )
        validation = DataValidation(
            "list",
            formula1=f'"{words}"',
            allow_blank=True,
            showErrorMessage=not self.open,
            errorTitle=TITLE[place.lang],
            error=CLOSED[place.lang],
            showInputMessage=self.prompt is not None,
            promptTitle=place.headers[self.column][:32] if self.prompt else None,
            prompt=self.prompt[place.lang] if self.prompt else None,
        )
        validation.add(place.first_cell(self.column))
        sheet.add_data_validation(validation)
