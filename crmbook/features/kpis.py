"""Key figures side by side, each large on a card of its own, with its change against the compared period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crmbook.chart_parts import AMOUNT, LARGE, LARGE_FROM
from crmbook.feature import Feature, Place, Span, numbered, write
from crmbook.palette import TONES
from crmbook.schema import Kind
from crmbook.text import Lang, Text, said

ROWS, TALL = 2, 3  # of the value; one above for its label, one below for its change or note
CARD = 18  # characters
CHANGES = {  # how it shows, and the least that shows; points are hundredths of a share
    "percent": (Text.same("0.0%"), 0.0005),
    "number": (Text.same("#,##0"), 0.5),
    "score": (Text.same("0.0"), 0.05),
    "points": (Text('0.0"个点"', '0.0" pt"'), 0.05),
}
ARROWS = Text.same('"▲ "{figure}"  {note}";"▼ "{figure}"  {note}";{none}')  # a figure without a sign
NONE = Text.same('"– "{figure}"  {note}"')


@dataclass(frozen=True, slots=True)
class Kpi:
    """One card. Without a `formula` its value alone stands there. `change` is a formula too, or True for a value alone,
    and `note` says what it is compared with; a rise is good or, with `good="down"`, bad."""

    id: str
    label: Text
    kind: Kind
    formula: str | Text | None
    note: Text
    change: str | Text | bool | None = None
    good: Literal["up", "down"] = "up"
    change_kind: Literal["percent", "number", "score", "points"] = "percent"


@dataclass(frozen=True, slots=True)
class Kpis(Feature):
    """The cards of one band, equally wide, `tall` ones in larger print; cells `<id>.<kpi>.value` and `<id>.<kpi>.change`."""

    id: str
    cards: tuple[Kpi, ...]
    tall: bool = False

    @property
    def height(self) -> int:
        return self._rows + 2

    @property
    def _rows(self) -> int:
        return TALL if self.tall else ROWS

    def across(self, lang: Lang) -> tuple[int, ...]:
        return (CARD,) * len(self.cards)

    def formulas(self, lang: Lang) -> Mapping[str, str]:
        parts = ((f"{self.id}.{card.id}", card) for card in self.cards)
        found = {f"{id}.{part}": f for id, c in parts for part, f in (("value", c.formula), ("change", c.change))}
        return {name: str(said(f, lang)) for name, f in found.items() if isinstance(f, str | Text)}

    def draw(self, sheet: Any, place: Place) -> None:
        for card, span in zip(self.cards, place.spans, strict=True):
            self._card(sheet, place, card, span)

    def _card(self, sheet: Any, place: Place, card: Kpi, span: Span) -> None:
        from openpyxl.formatting.rule import Rule

        top, below = place.area_row, place.area_row + self._rows + 1
        style = f"crm kpi {'tall ' if self.tall else ''}{card.kind}"
        write(sheet, top, span, "crm kpi label", card.label[place.lang])
        value = write(sheet, top + 1, span, style, rows=self._rows)
        if card.kind == "money":
            sheet[value].number_format = AMOUNT[place.lang]
            large = Rule("expression", dxf=numbered(LARGE[place.lang]), formula=[f"AND(ISNUMBER({value}),ABS({value})>={LARGE_FROM:.0f})"])  # fmt: skip
            sheet.conditional_formatting.add(value, large)
        place.cells[f"{self.id}.{card.id}.value"] = value
        if not card.change:
            write(sheet, below, span, "crm kpi note", card.note[place.lang])
            return
        change = place.cells[f"{self.id}.{card.id}.change"] = write(sheet, below, span, "crm kpi change")
        figure, least = CHANGES[card.change_kind]
        none = NONE.fill(figure=figure, note=card.note)
        sheet[change].number_format = ARROWS.fill(figure=figure, note=card.note, none=none)[place.lang]
        self._tones(sheet, change, card, least, none[place.lang])

    def _tones(self, sheet: Any, cell: str, card: Kpi, least: float, none: str) -> None:
        """A change takes the tone of what it means; one that rounds to nothing, and a text, where there is nothing to compare
        with, take none."""
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import Font
        from openpyxl.styles.differential import DifferentialStyle

        for sign, limit in (("<", -least), (">", least)):
            is_good = (sign == ">") == (card.good == "up")
            look = DifferentialStyle(font=Font(color=TONES["good" if is_good else "bad"][1]))
            rule = Rule("expression", dxf=look, formula=[f"AND(ISNUMBER({cell}),{cell}{sign}={limit:g})"])
            sheet.conditional_formatting.add(cell, rule)
        rule = Rule(
            "expression", dxf=numbered(f"{none};{none}"), formula=[f"AND(ISNUMBER({cell}),ABS({cell})<{least:g})"]
        )
        sheet.conditional_formatting.add(cell, rule)
