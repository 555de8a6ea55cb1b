"""The way from the first page to every other sheet: its name, a link, and what it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crmbook.feature import Around, Feature, Group, Place, Sheet, link, write
from crmbook.text import Lang, Text

NAME, PURPOSE = 22, 64  # characters
SIDE_BY_SIDE = 2
GROUPS: dict[Group, Text] = {
    "analysis": Text("分析", "Analysis"),
    "follow_up": Text("跟进", "Follow-up"),
    "data": Text("数据录入", "Data"),
    "system": Text("系统", "System"),
}


@dataclass(frozen=True, slots=True)
class Links(Feature):
    """All sheets of the book by group, in their order."""

    id: str

    @property
    def on_paper(self) -> bool:
        return False

    def rows(self, around: Around, form: str) -> int:
        return sum(1 + len(lines) for _, lines in self._groups(around, form))

    def across(self, lang: Lang) -> tuple[int, ...]:
        return (NAME, PURPOSE) * SIDE_BY_SIDE

    def draw(self, sheet: Any, place: Place) -> None:
        row, first, last = place.area_row, place.spans[0][0], place.spans[-1][1]
        for group, lines in self._groups(place.around, place.form):
            write(sheet, row, (first, last), "crm summary title", GROUPS[group][place.lang])
            for line in lines:
                row += 1
                for at, other in enumerate(line):
                    name, purpose = place.spans[2 * at : 2 * at + 2]
                    address = write(sheet, row, name, "crm link", other.title[place.lang])
                    link(sheet, address, other.form, other.purpose[place.lang])
                    write(sheet, row, purpose, "crm link note", other.purpose[place.lang])
            row += 1

    def _groups(self, around: Around, form: str) -> Iterator[tuple[Group, list[list[Sheet]]]]:
        """The groups that have sheets, other than the one that is being drawn, line by line."""
        for group in GROUPS:
            found = [s for s in around.sheets if s.group == group and s.form != form]
            if found:
                yield group, [found[at : at + SIDE_BY_SIDE] for at in range(0, len(found), SIDE_BY_SIDE)]
