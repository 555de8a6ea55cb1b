"""Counts and sums by class: a small block above a table, as formulas, and the values that stand beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmbook.features import Figure, Summary
from crmbook.schema import Column
from crmbook.text import Text

COUNT = Text.same('COUNTIF([{column}],"{word}")')
SUM = Text.same('SUMIF([{column}],"{word}",[{sum}])')
SHARE = Text.same("IFERROR({part}/{whole},0)")
SHARE_OF_BOUGHT = Text.same('IF({part}<0,"",IFERROR({part}/{whole},0))')
SHARE_OF = Text("{what}占比", "{what} %")
BOUGHT = 'ROUND(SUMIF([{sum}],">0"),2)'
WHOLE = "ROUND(SUM([{sum}]),2)"  # rounded, so that amounts that cancel out make zero and not almost zero


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows of a form by the classes of one of its columns: how many, and the sum of one other column.

    Its figures are `count`, `count_share`, `sum` and `sum_share`; shares only if `shares`, those of the sum of all that
    is above 0 if `bought`, where a class that only returned has none. Rows whose data has gone have no number in `no`
    and are not counted.
    """

    id: str
    title: Text
    by: Column
    count: Text
    sum: Column | None = None
    shares: bool = True
    labels: tuple[Text, ...] = ()  # other words for the classes, in their order
    bought: bool = False

    @property
    def summary(self) -> Summary:
        """The block, with a formula in each cell."""
        counts, figures = self._formulas(COUNT), []
        figures.append(Figure("count", self.count, "number", counts))
        if self.shares:
            figures.append(
                Figure("count_share", SHARE_OF.fill(what=self.count), "percent", _shares(counts, "COUNT([no])"))
            )
        if self.sum is not None:
            sums = self._formulas(SUM)
            figures.append(Figure("sum", self.sum.label, self.sum.kind, sums))
            if self.shares:
                figures.append(
                    Figure(
                        "sum_share",
                        SHARE_OF.fill(what=self.sum.label),
                        "percent",
                        _shares(sums, BOUGHT.format(sum=self.sum.id), SHARE_OF_BOUGHT)
                        if self.bought
                        else _shares(sums, WHOLE.format(sum=self.sum.id)),
                    )
                )
        return Summary(self.id, self.title, self.labels or tuple(c.name for c in self.by.choices), tuple(figures))

    def values(self, rows: pd.DataFrame) -> Mapping[str, Any]:
        """The value of each of its cells, by name."""
        found: dict[str, Any] = {}
        words = rows[self.by.id].to_numpy(object)
        for at, choice in enumerate(self.by.choices):
            of = np.asarray(words == choice.id, dtype=bool)
            count = int(of.sum())
            found[f"{self.id}.{at}.count"] = count
            if self.shares:
                found[f"{self.id}.{at}.count_share"] = count / len(rows) if len(rows) else 0
            if self.sum is not None:
                amounts = rows[self.sum.id]
                part, whole = total(amounts[of]), total(amounts[amounts > 0] if self.bought else amounts)
                found[f"{self.id}.{at}.sum"] = part
                if self.shares:
                    without = self.bought and part < 0
                    found[f"{self.id}.{at}.sum_share"] = "" if without else part / whole if whole else 0
        return found

    def _formulas(self, formula: Text) -> tuple[Text, ...]:
        of = self.sum.id if self.sum is not None else ""
        return tuple(formula.fill(column=self.by.id, word=c.name, sum=of) for c in self.by.choices)


def total(values: "pd.Series[Any]") -> float:
    """The sum of a column of amounts, to the fen; blanks are nothing."""
    return round(float(pd.to_numeric(values).sum()), 2)


def _shares(parts: tuple[Text, ...], whole: str, share: Text = SHARE) -> tuple[Text, ...]:
    return tuple(share.fill(part=part, whole=whole) for part in parts)
