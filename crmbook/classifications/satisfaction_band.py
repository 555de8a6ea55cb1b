"""Satisfied, fair or poor by the points of the latest survey: satisfied from SATISFACTION_GOOD on, poor up to SATISFACTION_LOW.

The points are those of the facts: 100, 80, 60, 30 and 0 for the five levels, weighted by SURVEY_W_* over the items answered.
Who was never asked, or answered nothing, is unknown. Columns: points (NaN where unknown).
"""

import numpy as np
import pandas as pd

from crmbook.classification import Classification
from crmbook.schema import Choice
from crmbook.settings import Settings
from crmbook.text import Text

SURVEYED = Text("{day} 调查得 {points:.1f} 分", "surveyed {day}: {points:.1f} points")
RECOMMENDS = Text("{why}，推荐意愿 {recommend:g}", "{why}, would recommend {recommend:g} of 10")
NEVER = Text("从未调查或未作答", "never surveyed, or nothing answered")


def compute(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Facts (`satisfaction`, `surveyed_on`, `recommend`) → class, reason, points."""
    points = facts["satisfaction"].to_numpy("float64").round(9)
    bands = [np.isnan(points), points >= settings["SATISFACTION_GOOD"], points <= settings["SATISFACTION_LOW"]]
    classes = np.select(bands, ["unknown", "satisfied", "poor"], "fair")
    reasons = [
        NEVER if cls == "unknown" else _reason(day, of, recommend)
        for cls, day, of, recommend in zip(
            classes, facts["surveyed_on"], points.tolist(), facts["recommend"].tolist(), strict=True
        )
    ]
    columns = {
        "class": pd.Series(classes, facts.index, object),
        "reason": pd.Series(reasons, facts.index, object),
        "points": pd.Series(points, facts.index, "float64"),
    }
    return pd.DataFrame(columns)


def _reason(day: pd.Timestamp, points: float, recommend: float) -> Text:
    why = SURVEYED.fill(day=day.date(), points=points)
    return why if pd.isna(recommend) else RECOMMENDS.fill(why=why, recommend=recommend)


SATISFACTION_BAND = Classification(
    "satisfaction_band",
    Text("满意度分档", "Satisfaction band"),
    Text(
        "最近一次调查的满意度（六项按 SURVEY_W_* 加权，很满意100、满意80、一般60、不满意30、很不满意0，不了解不计）达到 SATISFACTION_GOOD 为满意，不高于 SATISFACTION_LOW 为不满意，其间为一般；从未调查为未知",
        "the latest survey's satisfaction (six items weighted by SURVEY_W_*: very good 100, good 80, fair 60, poor 30, very poor 0, unknown left out): from SATISFACTION_GOOD on satisfied, up to SATISFACTION_LOW poor, between them fair; never surveyed: unknown",
    ),
    (
        Choice("satisfied", Text("满意", "Satisfied")),
        Choice("fair", Text("一般", "Fair")),
        Choice("poor", Text("不满意", "Poor")),
        Choice("unknown", Text("未知", "Unknown")),
    ),
    compute,
)
