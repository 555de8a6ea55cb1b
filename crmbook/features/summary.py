"""A small block of figures above the table, such as counts and sales by grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, write
from crmbook.schema import Kind
from crmbook.text import Lang, Text, said

ROOM = {"money": 14, "percent": 9}  # characters


@dataclass(frozen=True, slots=True)
class Figure:
    """One column of the block: a formula for each of its labels."""

    id: str
    label: Text
    kind: Kind
    formulas: tuple[str | Text, ...]


@dataclass(frozen=True, slots=True)
class Summary(Feature):
    """A title, a line for each label, a column for each figure; its cells are bound as `<id>.<line>.<figure id>`."""

    id: str
    title: Text
    labels: tuple[Text, ...]
    columns: tuple[Figure, ...]

    @property
    def height(self) -> int:
        return len(self.labels) + 2

    def across(self, lang: Lang) -> tuple[int, ...]:
        return (16, *(max(ROOM.get(f.kind, 10), len(f.label[lang]) + 1) for f in self.columns))

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        return {
            f"{self.id}.{line}.{f.id}": str(said(formula, lang))
            for f in self.columns
            for line, formula in enumerate(f.formulas)
        }

    def draw(self, sheet: Any, place: Place) -> None:
        top, last = place.area_row, place.spans[-1][1]
        names, *figures = place.spans

        write(sheet, top, (names[0], last), "crm summary title", self.title[place.lang])
        write(sheet, top + 1, names, "crm summary head")
        for figure, span in zip(self.columns, figures, strict=True):
            write(sheet, top + 1, span, "crm summary head", figure.label[place.lang])
        for line, label in enumerate(self.labels):
            place.cells[f"{self.id}.{line}.label"] = write(sheet, top + 2 + line, names, "crm text", label[place.lang])
            for figure, span in zip(self.columns, figures, strict=True):
                place.cells[f"{self.id}.{line}.{figure.id}"] = write(sheet, top + 2 + line, span, f"crm {figure.kind}")
