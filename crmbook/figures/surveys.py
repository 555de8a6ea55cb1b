"""What customers answered in surveys: satisfaction in points, weighted by item, and the will to recommend us.

The handbooks' method: an item scores 100, 80, 60, 30 or 0 by its level, 不了解 and blanks stay out of the base, and the
items are weighted. Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import numpy as np
import pandas as pd

from crmbook import schema
from crmbook.figures.order_lines import Array
from crmbook.settings import Settings

POINTS = {"very_good": 100.0, "good": 80.0, "fair": 60.0, "poor": 30.0, "very_poor": 0.0}
ITEMS = tuple(c.id for c in schema.SURVEYS.columns if c.choices == schema.LEVELS)
COLUMNS = ("survey_id", *ITEMS, "recommend")


def answers(rows: pd.DataFrame, customers: int, settings: Settings) -> dict[str, Array]:
    """Surveys up to today → the points and day of each customer's latest with a rated item, and the latest recommendation.

    Points: Σ weight × points / Σ weight over the items rated in that survey, to the hundredth; an item of weight 0 (see
    `SURVEY_W_*`) counts nothing. Of two surveys of one day the one with the higher number is the later.
    """
    weights = np.array([float(settings[f"SURVEY_W_{item.upper()}"]) for item in ITEMS])
    rows = rows.sort_values(["date", "survey_id"])
    points = np.column_stack([rows[item].map(POINTS).astype("float64") for item in ITEMS])
    base = (~np.isnan(points) * weights).sum(axis=1)
    total = (np.nan_to_num(points) * weights).sum(axis=1)
    rated = rows[base > 0].assign(points=np.round(total[base > 0] / base[base > 0], 2))
    latest = rated.groupby("customer")[["points", "date"]].last().reindex(range(customers))
    recommended = rows.dropna(subset=["recommend"]).groupby("customer")["recommend"].last().reindex(range(customers))
    return {
        "satisfaction": latest["points"].to_numpy(),
        "surveyed_on": latest["date"].to_numpy(),
        "recommend": recommended.to_numpy(),
    }
