"""Service requests: what is open, what is past due, and how often each customer complained.

Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import math

import numpy as np
import pandas as pd

from crmbook.figures.order_lines import Array
from crmbook.settings import Settings

COLUMNS = ("received", "type", "level", "due", "closed")
IN_HOURS, IN_WORKING_DAYS = ("p0", "p1"), ("p2", "p3")
RECENT = 90  # days
DAY = pd.Timedelta(days=1)


def requests(rows: pd.DataFrame, customers: int, settings: Settings) -> dict[str, Array]:
    """Requests received up to the end of today → what is open and past due then, and the complaints of late.

    A request is open until it is closed; one that was closed after today is still open today.
    """
    today = pd.Timestamp(settings.today)
    end = today + DAY
    rows = rows[(rows["received"] < end).to_numpy()]
    closed, complaint = (rows["closed"] < end).to_numpy(), (rows["type"] == "complaint").to_numpy()
    limit = due(rows, settings)
    late = complaint & ~closed & (limit < end).to_numpy()
    recent = complaint & (rows["received"] >= end - RECENT * DAY).to_numpy()
    customer = rows["customer"].to_numpy()
    days = np.zeros(customers, "int64")
    np.maximum.at(days, customer[late], (end - limit[late]).dt.days.to_numpy())
    last = rows[complaint & closed].groupby("customer")["closed"].max().dt.normalize().reindex(range(customers))
    return {
        "requests_open": np.bincount(customer[~closed], minlength=customers),
        "complaints_open": np.bincount(customer[complaint & ~closed], minlength=customers),
        "complaints_overdue": np.bincount(customer[late], minlength=customers),
        "complaint_overdue_days": days,
        "complaints_90d": np.bincount(customer[recent], minlength=customers),
        "complaint_closed": last.to_numpy(),
    }


def due(rows: pd.DataFrame, settings: Settings) -> pd.Series:
    """Requests → the moment by which each is to be done.

    The one agreed (a day without a time of day: its end), or else by level: P0 and P1 so many hours after it was received,
    P2 and P3 (and a request without a level) at the same time of day so many working days later. Working days are Monday
    to Friday, whatever the holidays; what comes in at a weekend counts from Monday, 0:00; parts of a day count as one.
    """
    received, day = rows["received"], rows["received"].dt.normalize()
    level = rows["level"].where(rows["level"].isin([*IN_HOURS, *IN_WORKING_DAYS]), "p3").to_numpy()
    days = np.zeros(len(rows), "int64")
    hours = np.zeros(len(rows))
    for name in IN_WORKING_DAYS:
        days[level == name] = math.ceil(settings[f"DUE_{name.upper()}"])
    for name in IN_HOURS:
        hours[level == name] = settings[f"DUE_{name.upper()}"]
    dates = day.to_numpy().astype("datetime64[D]")
    later = np.busday_offset(dates, days, roll="forward").astype("datetime64[ns]")
    clock = (received - day).where(np.is_busday(dates), pd.Timedelta(0))
    by_hours, by_days = received + pd.to_timedelta(hours, unit="h"), pd.Series(later, rows.index) + clock
    agreed = rows["due"].where(rows["due"] != rows["due"].dt.normalize(), rows["due"] + DAY)
    return agreed.where(agreed.notna(), by_days.where(np.isin(level, IN_WORKING_DAYS), by_hours))
