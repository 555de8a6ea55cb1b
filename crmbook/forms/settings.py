"""Settings: every threshold of the rules, with its unit, its default and the range it may take."""

from collections.abc import Callable

import pandas as pd

from crmbook import schema
from crmbook.features import Format
from crmbook.form import Given, entry
from crmbook.settings import ALL, Setting
from crmbook.text import LANGS, Text

AS_A_DAY = 30_000  # a number this large can only be a day (1982 and later)
OURS = ("label", "unit", "help", "default", "range", "setting_id")
WIDTHS = {"label": 30, "value": 14, "unit": 10, "help": 52, "default": 12, "range": 18, "setting_id": 24}
FROM_TO, FROM, UP_TO = Text("{low}至{high}", "{low} to {high}"), Text("≥{low}", "≥{low}"), Text("≤{high}", "≤{high}")
OR = Text(" 或 ", " or ")


def shown(given: Given, raw: pd.DataFrame) -> pd.DataFrame:
    """Settings as they stand → what we say about each, in the book's language; a line we do not know stays blank."""
    known = {s.id: s for s in ALL}
    lines = [known.get(str(id).strip().upper()) for id in raw["setting_id"]]
    says: dict[str, Callable[[Setting], Text]] = {
        "label": lambda s: s.label,
        "unit": lambda s: s.unit,
        "help": lambda s: s.help,
        "default": lambda s: _value(s, s.default),
        "range": _range,
    }
    words = {id: [None if s is None else say(s) for s in lines] for id, say in says.items()}
    return pd.DataFrame({**words, "setting_id": raw["setting_id"].tolist()}, index=raw.index, dtype=object)


def _value(setting: Setting, value: object) -> Text:
    """A value as people read it: 80 %, a choice's name, nothing where there is none."""
    if value is None:
        return Text("", "")
    if isinstance(value, int | float):
        return Text.same(f"{value:.0%}" if setting.kind == "percent" else f"{value:g}")
    return next((c.name for c in setting.choices if c.id == value), Text.same(value))


def _range(setting: Setting) -> Text:
    if setting.choices:
        return Text(*(OR[lang].join(c.name[lang] for c in setting.choices) for lang in LANGS))
    low, high = _value(setting, setting.low), _value(setting, setting.high)
    if setting.low is not None and setting.high is not None:
        return FROM_TO.fill(low=low, high=high)
    if setting.low is not None:
        return FROM.fill(low=low)
    return UP_TO.fill(high=high) if setting.high is not None else Text("", "")


SETTINGS = entry(
    schema.SETTINGS,
    Text("规则的各项界限：改“值”一栏，等级随之变化", "The limits of the rules: change the value, and grades follow"),
    ours=OURS,
    widths=WIDTHS,
    shown=shown,
    features=(
        Format("value", '[@unit]="%"', "0.0%"),
        Format("value", f"AND(ISNUMBER([@value]),[@value]>{AS_A_DAY})", "yyyy-mm-dd"),
    ),
)
