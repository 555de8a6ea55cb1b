"""What a classification is: it puts every customer into exactly one of a few named classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmbook.schema import Choice, Column
from crmbook.settings import Settings
from crmbook.text import Text


@dataclass(frozen=True, slots=True)
class Classification:
    """`compute(facts, settings)`: facts (one row per customer, see `ledger.facts`) in → frame out.

    The frame has the index of `facts`; column `class` holds class ids, `reason` a `Text` with its figures
    ("评分 83：销售贡献 96 …"), and any further column is a figure that a form shows. `book` puts them beside the facts
    as `<id>`, `<id>_reason`, `<id>_<figure>`, in the order of `classifications.ALL`, so that a later one may use an
    earlier one's. Pure: no clock, no file, no Excel.
    """

    id: str
    label: Text
    rule: Text  # in words, with the settings' ids: `ABC_A`
    classes: tuple[Choice, ...]  # best first
    compute: Callable[[pd.DataFrame, Settings], pd.DataFrame]

    @property
    def column(self) -> Column:
        """The column in which a form shows the class."""
        return Column(self.id, self.label, "choice", choices=self.classes)


def judged(found: Sequence[tuple[str, Text]], customers: "pd.Index[Any]", **figures: Any) -> pd.DataFrame:
    """Class and reason of each customer, and figures (one for all, or one each; None is NaN) → what `compute` answers with."""
    columns = {
        "class": pd.Series([cls for cls, _ in found], customers, object),
        "reason": pd.Series([why for _, why in found], customers, object),
        **{name: pd.Series(figure, customers, "float64") for name, figure in figures.items()},
    }
    return pd.DataFrame(columns)
