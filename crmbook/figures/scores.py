"""Scores of 0 to 100 for a customer among all the others, rounded as a spreadsheet rounds them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmbook.figures.order_lines import Array

NEUTRAL = 50.0  # where nothing is known that speaks for or against


def percentiles(values: Array) -> Array:
    """Share of the values not above each one, × 100; a blank (NaN) scores 0 and is not counted."""
    known = np.sort(values[~np.isnan(values)])
    return np.where(np.isnan(values), 0.0, np.searchsorted(known, values, side="right") / max(len(known), 1) * 100)


def percentiles_of(facts: pd.DataFrame, column: str) -> Array:
    """Percentiles of a column of the facts among its values above 0; the others score 0."""
    return percentiles(positive(facts[column].to_numpy("float64")))


def positive(values: Array) -> Array:
    """The values above 0, NaN in place of the others."""
    return np.where(values > 0, values, np.nan)


def part_of(values: Array, full: float) -> Array:
    """How much of `full` each value is, × 100, at most 100; a blank (NaN) or negative one scores 0."""
    return np.clip(np.nan_to_num(values) / full, 0, 1) * 100


def weighed(parts: dict[str, Array], weights: dict[str, float]) -> Array:
    """Σ weight × part / 100, to one decimal; the weights add up to 100."""
    return tenths(np.sum([weights[id] * part for id, part in parts.items()], axis=0) / 100)


def tenths(score: Array) -> Array:
    """Rounded to one decimal as a spreadsheet does: halves away from zero, judged on nine decimals (scores are ≥ 0)."""
    return np.floor(np.round(score * 10, 8) + 0.5) / 10


def records(columns: "pd.DataFrame | Mapping[Any, Array | pd.Series[Any]]") -> list[dict[Any, Any]]:
    """The rows of a frame, or of columns, each a value by column."""
    names = [*columns]
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]
