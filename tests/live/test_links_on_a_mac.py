"""Links set by Excel for macOS, which puts a text into the cell with each."""

from types import SimpleNamespace
from typing import Any

import pytest

from crmbook.live.excel import Link
from crmbook.live.excel_macos import MacOS


class Cell:
    """A cell as Excel for macOS has it: what is written is typed, and a link overwrites what stands there."""

    def __init__(self, held: Any, said: Any, number_format: str) -> None:
        self.held, self.said, self.number_format, self.link = held, said, number_format, ""
        self.api = SimpleNamespace(clear_hyperlinks=lambda: None, value2=SimpleNamespace(get=lambda: self.held))

    formula = property(lambda self: self.said)

    @property
    def raw_value(self) -> Any:
        return self.held

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.said = self.held = value
        if isinstance(value, str) and self.number_format != "@":
            if value.startswith("="):
                self.held = "calculated"
            else:
                self.said = self.held = (
                    value[1:] if value.startswith("'") else float(value) if value.isdigit() else value
                )

    def add_hyperlink(self, address: str, text: str, tip: str) -> None:
        self.link, self.raw_value = address, text


@pytest.mark.parametrize(
    ("held", "said", "number_format"),
    [
        (46000.0, "46000", "yyyy-mm-dd"),
        (5.0, "5", "General"),
        ("00123", "00123", "General"),
        ("00123", "00123", "@"),
        ("=1+1", "=1+1", "General"),
        ("calculated", "=A1&B1", "General"),
    ],
)
def test_a_link_leaves_what_stands_in_its_cell(held: Any, said: Any, number_format: str):
    cell = Cell(held, said, number_format)
    MacOS().set_link(cell, Link("https://example.org"))
    assert (cell.link, cell.held, str(cell.said).removesuffix(".0")) == ("https://example.org", held, said)
