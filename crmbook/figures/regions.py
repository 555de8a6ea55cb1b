"""The regions a report speaks of: the schema's, any that staff added, and one line for customers without a region."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from crmbook.schema import REGIONS, Choice, Column
from crmbook.text import LANGS, Text

NOWHERE = Choice("_nowhere", Text("未填区域", "No region"))
COLUMN = Column("region", Text("区域", "Region"), "choice", (*REGIONS, NOWHERE), open=True)
_ORDER = {c.id: at for at, c in enumerate(REGIONS)}
_IDS = {word.casefold(): c.id for c in COLUMN.choices for word in (c.id, *(c.name[lang] for lang in LANGS))}


def region_ids(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Regions by id or by name, in either language → their ids; a blank is `NOWHERE`, other words stay as they are."""
    found = [NOWHERE.id if pd.isna(v) or not str(v).strip() else _IDS.get(str(v).strip().casefold(), v) for v in values]
    return pd.Series(found, index=values.index, dtype=object)


def in_order(ids: Iterable[str]) -> list[str]:
    """Each region once: the schema's in their order, then those staff added, customers without one last."""
    return sorted(set(ids), key=lambda region: (region == NOWHERE.id, _ORDER.get(region, len(_ORDER)), region))
