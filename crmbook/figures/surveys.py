"""What customers answered in surveys: satisfaction in points, weighted by item, and the will to recommend us.

The handbooks' method: an item scores 100, 80, 60, 30 or 0 by its level, 不了解 and blanks stay out of the base, and the
items are weighted. Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import numpy as np

from crmbook import schema
from crmbook.figures.order_lines import Array, Columns, latest_of, only
from crmbook.settings import Settings

POINTS = {"very_good": 100.0, "good": 80.0, "fair": 60.0, "poor": 30.0, "very_poor": 0.0}
ITEMS = tuple(c.id for c in schema.SURVEYS.columns if c.choices == schema.LEVELS)
COLUMNS = (*ITEMS, "recommend")


def answers(rows: Columns, customers: int, settings: Settings) -> dict[str, Array]:
    """Surveys up to today → the points and day of each customer's latest with a rated item, and the latest recommendation.

    Points: Σ weight × points / Σ weight over the items rated in that survey, to the hundredth; an item of weight 0 (see
    `SURVEY_W_*`) counts nothing. Of two surveys of one day the one with the higher number is the later.
    """
    weights = np.array([float(settings[f"SURVEY_W_{item.upper()}"]) for item in ITEMS])
    rows = only(rows, np.lexsort((rows["number"], rows["date"])))
    points = np.column_stack([[POINTS.get(level, np.nan) for level in rows[item].tolist()] for item in ITEMS])
    base = (~np.isnan(points) * weights).sum(axis=1)
    total = (np.nan_to_num(points) * weights).sum(axis=1)
    scored = np.round(np.divide(total, base, out=np.full(len(base), np.nan), where=base > 0), 2)
    customer, recommend = rows["customer"], rows["recommend"]
    latest = latest_of(customer, base > 0, customers)
    return {
        "satisfaction": np.append(scored, np.nan)[latest],
        "surveyed_on": np.append(rows["date"], np.datetime64("NaT"))[latest],
        "recommend": np.append(recommend, np.nan)[latest_of(customer, ~np.isnan(recommend), customers)],
    }
