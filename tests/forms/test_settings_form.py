"""The settings: what we say about each is ours and follows the id on its row, whatever the order."""

import pandas as pd

from crmbook.forms.settings import SETTINGS
from tests import made_up


def test_each_line_is_described_by_its_id() -> None:
    raw = pd.DataFrame(
        {"setting_id": ["ABC_TIES", "mine", "ABC_A", None], "value": [None] * 4}, index=[3, 5, 4, 9], dtype=object
    )
    shown = SETTINGS.shown(made_up.empty(), raw)
    assert shown.index.tolist() == [3, 5, 4, 9]
    assert [label and label["en"] for label in shown["label"]] == [
        "Ties at a cut",
        None,
        "A: cumulative share up to",
        None,
    ]
    assert [word and word["en"] for word in shown["default"]] == ["share", None, "80%", None]
    assert [word and word["en"] for word in shown["range"]] == ["share or position", None, "0% to 100%", None]
    assert shown["setting_id"].tolist() == ["ABC_TIES", "mine", "ABC_A", None]
