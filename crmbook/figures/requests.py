"""Service requests: what is open, what is past due, and how often each customer complained.

Rows come with `customer`, the customer's position, beside; out come arrays, one value per customer.
"""

import math

import numpy as np

from crmbook.figures.order_lines import Array, Columns, moment, only
from crmbook.settings import Settings

COLUMNS = ("received", "type", "level", "due", "closed")
IN_HOURS, IN_WORKING_DAYS = ("p0", "p1"), ("p2", "p3")
RECENT = 90  # days
DAY, HOUR = np.timedelta64(1, "D"), 3_600_000_000_000  # nanoseconds


def requests(rows: Columns, customers: int, settings: Settings) -> dict[str, Array]:
    """Requests received up to the end of today → what is open and past due then, and the complaints of late.

    A request is open until it is closed; one that was closed after today is still open today.
    """
    end = moment(settings.today) + DAY
    rows = only(rows, rows["received"] < end)
    closed, complaint = rows["closed"] < end, rows["type"] == "complaint"
    limit = due(rows, settings)
    late = complaint & ~closed & (limit < end)
    recent = complaint & (rows["received"] >= end - RECENT * DAY)
    customer = rows["customer"]
    days = np.zeros(customers, "int64")
    np.maximum.at(days, customer[late], (end - limit[late]) // DAY)
    last = np.full(customers, np.datetime64("NaT", "ns"))
    np.fmax.at(last, customer[complaint & closed], rows["closed"][complaint & closed].astype("datetime64[D]"))
    return {
        "requests_open": np.bincount(customer[~closed], minlength=customers),
        "complaints_open": np.bincount(customer[complaint & ~closed], minlength=customers),
        "complaints_overdue": np.bincount(customer[late], minlength=customers),
        "complaint_overdue_days": days,
        "complaints_90d": np.bincount(customer[recent], minlength=customers),
        "complaint_closed": last,
    }


def due(rows: Columns, settings: Settings) -> Array:
    """Requests → the moment by which each is to be done.

    The one agreed (a day without a time of day: its end), or else by level: P0 and P1 so many hours after it was received,
    P2 and P3 (and a request without a level) at the same time of day so many working days later. Working days are Monday
    to Friday, whatever the holidays; what comes in at a weekend counts from Monday, 0:00; parts of a day count as one.
    """
    received, agreed = rows["received"], rows["due"]
    given = {name: settings[f"DUE_{name.upper()}"] for name in (*IN_HOURS, *IN_WORKING_DAYS)}
    levels = [level if level in given else "p3" for level in rows["level"].tolist()]
    hours = np.array([given[level] if level in IN_HOURS else 0 for level in levels], "float64")
    days = np.array([0 if level in IN_HOURS else math.ceil(given[level]) for level in levels], "int64")
    dates = received.astype("datetime64[D]")
    clock = np.where(np.is_busday(dates), received - dates, np.timedelta64(0, "ns"))
    by_hours = received + np.rint(hours * HOUR).astype("timedelta64[ns]")
    by_days = np.busday_offset(dates, days, roll="forward").astype("datetime64[ns]") + clock
    agreed = np.where(agreed == agreed.astype("datetime64[D]"), agreed + DAY, agreed)
    quick = np.array([level in IN_HOURS for level in levels], "bool")
    return np.where(np.isnat(agreed), np.where(quick, by_hours, by_days), agreed)
