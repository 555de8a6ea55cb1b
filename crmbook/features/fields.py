"""Pairs of a label and a value in a grid, as on a printed card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, toned, write
from crmbook.schema import Kind
from crmbook.text import Lang, Text, said

LABEL, VALUE = 14, 28  # characters


@dataclass(frozen=True, slots=True)
class Field:
    """One pair; `lines` of text its value has room for, `wide` over the whole grid. Without a formula its value alone
    stands there; nothing in a `blank` one, which is for a pen. `alert`: a condition in which the value is a warning."""

    id: str
    label: Text
    kind: Kind
    formula: str | Text | None
    lines: int = 1
    wide: bool = False
    blank: bool = False
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Fields(Feature):
    """A title and its fields, so many `pairs` to a row; cells `<id>.<field>`."""

    id: str
    title: Text
    fields: tuple[Field, ...]
    pairs: int = 2

    @property
    def height(self) -> int:
        return 1 + sum(max(field.lines for field in row) for row in self._rows())

    def across(self, lang: Lang) -> tuple[int, ...]:
        return (LABEL, VALUE) * self.pairs

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        return {f"{self.id}.{f.id}": str(said(f.formula, lang)) for f in self.fields if f.formula is not None}

    def draw(self, sheet: Any, place: Place) -> None:
        first, last = place.spans[0][0], place.spans[-1][1]
        write(sheet, place.area_row, (first, last), "crm summary title", self.title[place.lang])
        top = place.area_row + 1
        for row in self._rows():
            lines = max(field.lines for field in row)
            for at, field in enumerate(row):
                label, value = place.spans[2 * at : 2 * at + 2]
                if at == len(row) - 1:  # the last of a row takes the room that is left
                    value = (value[0], last)
                write(sheet, top, label, "crm field label", field.label[place.lang], rows=lines)
                address = write(sheet, top, value, f"crm field {field.kind}", rows=lines)
                if field.alert:
                    _warn(sheet, address, field.alert)
                if not field.blank:
                    place.cells[f"{self.id}.{field.id}"] = address
            top += lines

    def _rows(self) -> Iterator[list[Field]]:
        """The fields row by row."""
        row: list[Field] = []
        for field in self.fields:
            if row and (field.wide or len(row) == self.pairs):
                yield row
                row = []
            row.append(field)
            if field.wide:
                yield row
                row = []
        if row:
            yield row


def _warn(sheet: Any, address: str, when: str) -> None:
    """The cell in the tone of a warning where the condition holds."""
    from openpyxl.formatting.rule import Rule

    sheet.conditional_formatting.add(address, Rule("expression", dxf=toned("bad", bold=True), formula=[when]))
