"""A short list on a page: a title, a header, and so many lines, each cell a formula of its line's number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmbook.feature import Feature, Place, toned, write
from crmbook.palette import Tone
from crmbook.schema import Kind
from crmbook.text import Lang, Text, said

CHARACTERS = 8  # of one part of the width


@dataclass(frozen=True, slots=True)
class Item:
    """One column of the list: in its formula `{n}` is the line's number from 1. Without a formula its value alone stands
    there; nothing in a `blank` one, which is for a pen. `width`: how many parts of the list's it takes."""

    id: str
    label: Text
    kind: Kind
    formula: str | Text | None
    width: int = 1
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Feature):
    """So many lines; cells `<id>.<line from 0>.<item>`. `tones`: words that take the colour of what they mean.

    `deep`: rows of the sheet that each line takes; from two on, long words are broken into lines instead of made small.
    Not `printed`: only figures behind a chart.
    """

    id: str
    title: Text
    columns: tuple[Item, ...]
    lines: int
    tones: tuple[tuple[Text, Tone], ...] = ()
    deep: int = 1
    printed: bool = True

    @property
    def on_paper(self) -> bool:
        return self.printed

    @property
    def height(self) -> int:
        return self.lines * self.deep + 2

    def across(self, lang: Lang) -> tuple[int, ...]:
        return tuple(item.width * CHARACTERS for item in self.columns)

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        return {
            f"{self.id}.{line}.{item.id}": str(said(item.formula, lang)).replace("{n}", str(line + 1))
            for line in range(self.lines)
            for item in self.columns
            if item.formula is not None
        }

    def draw(self, sheet: Any, place: Place) -> None:
        top, first, last = place.area_row, place.spans[0][0], place.spans[-1][1]
        write(sheet, top, (first, last), "crm summary title", self.title[place.lang])
        for item, span in zip(self.columns, place.spans, strict=True):
            write(sheet, top + 1, span, "crm summary head", item.label[place.lang])
            for line in range(self.lines):
                style = f"crm {'list' if self.deep == 1 else 'deep'} {item.kind}"
                address = write(sheet, top + 2 + line * self.deep, span, style, rows=self.deep)
                if not item.blank:
                    place.cells[f"{self.id}.{line}.{item.id}"] = address
                self._tones(sheet, address, place.lang)

    def _tones(self, sheet: Any, address: str, lang: Lang) -> None:
        from openpyxl.formatting.rule import Rule

        for word, tone in self.tones:
            quoted = word[lang].replace('"', '""')
            rule = Rule("cellIs", operator="equal", dxf=toned(tone, bold=True), formula=[f'"{quoted}"'])
            sheet.conditional_formatting.add(address, rule)
