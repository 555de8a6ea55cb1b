"""A card follows its picker by its own formulas, in LibreOffice, without Python: every cell is what Python would write."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crmbook import book, forms, planning
from crmbook.binding import name_of
from crmbook.form import Form, Given
from crmbook.keep import load
from crmbook.ooxml import Workbook
from crmbook.text import Lang
from crmbook.verbs.opened import open_workbook
from crmbook.verbs.verify import agree
from tests import libreoffice_edits

pytestmark = pytest.mark.office
CARDS = [f for f in forms.ALL if f.id in {"card", "relationship_card"}]
EPOCH = datetime(1899, 12, 30)
ODD = [  # id, name, region, owner, first contact, phone
    ["1001", 'O"Brien & <Söhne>', "east", "王芳", "2025-03-04", "00861"],
    ["007", "甲*乙?丙~丁", "", "", "", ""],
    ["C-3", "=1+1", "north", "=SUM(A1)", "2024-02-29", "13800138000"],
    ["C-30", "C-3", "", "", "", ""],
    ["b 4", "两 个  空格", "自定区", "", "", ""],
]


def wanted(given: Given, form: Form, pick: Any, lang: Lang) -> Mapping[str, Any]:
    """By name, what Python writes beside each formula of the card, with this in its picker."""
    made = planning.page(form, replace(given, typed={**given.typed, form.id: {"picked": pick}}), lang)
    return {name: cell.value for name, cell in made.cells.items() if cell.formula is not None}


def comes_to(path: Path, given: Given, picks: Sequence[Any], lang: Lang, tmp_path: Path) -> list[str]:
    """What LibreOffice makes otherwise of a card than Python, for each of the picks."""
    expected = {f.id: [wanted(given, f, pick, lang) for pick in picks] for f in CARDS}
    found = {id: tmp_path / f"{id}.json" for id in expected}
    edits = [
        {"do": "pick", "named": name_of(id, "picked"), "values": list(picks), "read": [name_of(id, n) for n in each[0]], "to": str(found[id])}
        for id, each in expected.items()
    ]  # fmt: skip
    libreoffice_edits.edit(path, edits, tmp_path / "out.xlsx", tmp_path / "profile")
    wrong = []
    for id, each in expected.items():
        for pick, values, held in zip(picks, each, json.loads(found[id].read_text("utf-8")), strict=True):
            for name, value in values.items():
                days = (value - EPOCH).days if isinstance(value, datetime) else value
                if not agree(days, held[name_of(id, name)]):
                    wrong.append(f"{id} {pick} {name}: {value!r}, in LibreOffice {held[name_of(id, name)]!r}")
    return wrong


def opened(path: Path) -> Given:
    """All that a refresh of the book would be given."""
    return open_workbook(Workbook(load(path)), path, None).planned()[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_follow_the_picker(built, tmp_path, lang):
    path = tmp_path / "book.xlsx"
    path.write_bytes(built(lang))
    given = opened(path)
    profiles, facts = given.made["profiles"], given.facts
    silent = facts.index[facts["orders"] == 0][0]
    complaining = given.tables["service"].query("type == 'complaint'")["customer_id"].iloc[0]
    left = facts.index[facts["stage"] == "exit"][0]
    ids = [silent, complaining, left, profiles["customer_id"].iloc[-1]]
    picks = [*profiles.set_index("customer_id").loc[ids, "pick"], ids[0], "nobody", ""]
    shown = [wanted(given, CARDS[0], pick, lang) for pick in picks]
    assert len({str(values) for values in shown}) == len(picks) - 1  # by its words or by its id: the same customer
    assert all(not str(v) for name, v in shown[-2].items() if name not in {"who.name", "period", "unit"})
    assert comes_to(path, given, picks, lang, tmp_path) == []


def test_odd_ids_names_and_blanks(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    table(source / "customers.csv", ["customer_id", "name", "region", "owner", "first_contact", "phone"], ODD)
    orders = [
        ["D1", 1, "2026-05-01", "1001", 100.5],
        ["D2", 1, "2026-06-01", "1001", -20],
        ["D3", 1, "2026-01-31", "C-3", 0.07],
    ]
    table(source / "orders.csv", ["order_id", "line_no", "date", "customer_id", "amount"], orders)
    path = tmp_path / "book.xlsx"
    book.build(path, source=source, as_of=date(2026, 6, 30))
    given = opened(path)
    picks = [*given.made["profiles"]["pick"], 1001, "c-3", "007  甲*乙?丙~丁", "*", "C-3*", " b  4 ", "?"]
    names = [str(wanted(given, CARDS[0], pick, "zh")["who.customer_id"]) for pick in picks]
    assert names == ["1001", "007", "C-3", "C-30", "b 4", "1001", "C-3", "007", "", "", "b 4", ""]
    assert comes_to(path, given, picks, "zh", tmp_path) == []


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
