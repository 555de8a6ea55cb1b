"""Settings: every threshold of the rules, what was typed for it and what holds, with its default and its range."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.features import Format
from crmbook.form import Given, Shows, entry
from crmbook.reading import tuning
from crmbook.schema import Column
from crmbook.settings import Setting
from crmbook.text import LANGS, Lang, Text

AS_A_DAY = 30_000  # a limit that begins at so large a number is one of days (1982 and later)
WIDTHS = {"label": 32, "value": 14, "unit": 9, "help": 46, "default": 11, "range": 24, "setting_id": 21, "lowest": 11.5, "highest": 16.5}  # fmt: skip
FROM_TO = Text("{low}至{high}", "{low} to {high}")
OR = Text(" 或 ", " or ")

# What is typed holds if it is a number in its range (75 in a line of % is 75 %), or one of the choices in so many words.
MEANT = '[@value]/IF(AND([@unit]="%",[@value]>1),100,1)'
DEFAULT = 'IF([@default]="","",[@default])'
IN_FORCE = Text.same(
    f"IF(ISNUMBER([@lowest]),IF(AND(ISNUMBER([@value]),NOT(ISLOGICAL([@value]))),"
    f"IF(AND({MEANT}>=[@lowest],{MEANT}<=[@highest]),{MEANT},{DEFAULT}),{DEFAULT}),"
    'IFERROR(IF(FIND("{sep}"&[@value]&"{sep}","{sep}"&[@range]&"{sep}")>0,[@value],""),[@default]&""))'
).fill(sep=OR)


def shown(given: Given, raw: pd.DataFrame) -> pd.DataFrame:
    """Settings as they stand → what we say about each, in the book's language; a line we do not know stays blank."""
    lines = [tuning.BY_ID.get(tuning.known(id)) for id in raw["setting_id"]]
    says: dict[str, Callable[[Setting], Any]] = {
        "label": lambda s: s.label,
        "unit": lambda s: s.unit,
        "help": lambda s: s.help,
        "default": _default,
        "range": _range,
        "lowest": lambda s: _limit(s, s.low),
        "highest": lambda s: _limit(s, s.high),
    }
    words = {id: [None if s is None else say(s) for s in lines] for id, say in says.items()}
    typed = raw["value"].tolist() if "value" in raw else [None] * len(raw)
    words["in_force"] = [_in_force(s, cell) for s, cell in zip(lines, typed, strict=True)]
    return pd.DataFrame({**words, "setting_id": raw["setting_id"].tolist()}, index=raw.index, dtype=object)


def _in_force(setting: Setting | None, cell: Any) -> Any:
    """What the formula makes of a cell."""
    if setting is None:
        return ""
    if setting.choices:
        return Text(*(_chosen(setting, cell, lang) for lang in LANGS))
    found = tuning.number(setting, cell)
    if found is not None and setting.kind == "date" and isinstance(cell, date):
        return cell
    return found if found is not None else "" if setting.default is None else setting.default


def _chosen(setting: Setting, cell: Any, lang: Lang) -> str:
    word, sep = cell[lang] if isinstance(cell, Text) else cell, OR[lang]
    is_there = isinstance(word, str) and f"{sep}{word}{sep}" in f"{sep}{_range(setting)[lang]}{sep}"
    return word if is_there else _default(setting)[lang]


def _default(setting: Setting) -> Any:
    """A number, a choice's name, nothing where there is none."""
    return next((c.name for c in setting.choices if c.id == setting.default), setting.default)


def _range(setting: Setting) -> Text:
    """What may be typed, as people read it: 0% to 100%, a day to a day, or the choices."""
    if setting.choices:
        return Text(*(OR[lang].join(c.name[lang] for c in setting.choices) for lang in LANGS))
    return FROM_TO.fill(low=_figure(setting, setting.low), high=_figure(setting, setting.high))


def _limit(setting: Setting, value: float | None) -> Any:
    """A limit as the cell holds it: that of a day is a day, which not all workbooks count alike."""
    return date(1899, 12, 30) + timedelta(days=int(value)) if setting.kind == "date" and value is not None else value


def _figure(setting: Setting, value: float | None) -> str:
    if setting.kind == "date":
        return f"{_limit(setting, value or 0)}"
    return f"{value:.0%}" if setting.kind == "percent" else f"{value:,.15g}"


def _looks(column: str) -> tuple[Format, ...]:
    """Shares show as per cent, days as days, which a line's lowest value tells, large numbers with their thousands apart."""
    number = f"ISNUMBER([@{column}])"
    day = f"AND({number},ISNUMBER([@lowest]),[@lowest]>{AS_A_DAY})"
    return (
        Format(column, '[@unit]="%"', "0.0%_ "),
        Format(column, day, "yyyy-mm-dd_ "),
        Format(column, f"AND({number},[@{column}]>=1000,[@{column}]=INT([@{column}]))", "#,##0_ "),
        Format(column, number, "General_ "),
    )


SETTINGS = entry(
    schema.SETTINGS,
    Text("规则的各项界限：改“值”一栏，等级随之变化", "The limits of the rules: change the value, and grades follow"),
    after={"value": Shows(Column("in_force", Text("生效值", "In force")), formula=IN_FORCE, width=14)},
    widths=WIDTHS,
    group="system",
    shown=shown,
    features=tuple(look for id in ("value", "in_force", "default", "lowest", "highest") for look in _looks(id)),
)
