"""What customers owe: payments and returns settle the oldest debt first; a debt is due after the customer's term.

Vectorised over customers: with D the running debt and C the running credit of a customer, the part of a debt that
credits until a day have settled is what C on that day reaches beyond the debts before it, never more than the debt.
"""

import numpy as np

from crmbook.figures.order_lines import Array, Columns, grouped, summed

DAY_SPAN = 10_000_000  # beyond any day number, so that customer × DAY_SPAN + day sorts by customer, then day
AGES = (("aged_30", 1, 30), ("aged_60", 31, 60), ("aged_90", 61, 90), ("aged_over", 91, DAY_SPAN))  # days past due


def receivables(debts: Columns, credits: Columns, terms: Array, today: int) -> dict[str, Array]:
    """Debts and credits up to today → what each customer owes.

    Both hold `customer` (position, 0 = first), `day` (its ordinal) and `units` (amount > 0 for a debt, any sign
    for a credit: a refund takes credit back); `terms` holds days per customer. Out, one value per customer:
    receivable and overdue (units), aged_30, aged_60, aged_90, aged_over: what is overdue for 1-30, 31-60, 61-90 and more
    days (units), overdue_days of the oldest debt past due (0 if none), paid_on_time: share of what fell due before today
    that had been settled by its due day (NaN where nothing fell due).
    """
    customers = len(terms)
    debts = by_day(debts)
    customer, day, owed = (debts[c] for c in ("customer", "day", "units"))
    due = day + terms[customer].astype("int64")
    before = _running(customer, owed) - owed

    settled = np.clip(_credit_until(credits, customer, np.full(len(customer), today)) - before, 0, owed)
    on_time = np.clip(_credit_until(credits, customer, due) - before, 0, owed)
    open_ = owed - settled
    past = due < today
    late = np.where(past & (open_ > 0), today - due, 0)

    fell_due = summed(customer, np.where(past, owed, 0), customers)
    paid = summed(customer, np.where(past, on_time, 0), customers)
    overdue_days = np.zeros(customers, "int64")
    np.maximum.at(overdue_days, customer, late)
    return {
        "receivable": summed(customer, open_, customers),
        "overdue": summed(customer, np.where(past, open_, 0), customers),
        **{
            name: summed(customer, np.where((late >= least) & (late <= most), open_, 0), customers)
            for name, least, most in AGES
        },
        "overdue_days": overdue_days,
        "paid_on_time": np.divide(paid, fell_due, out=np.full(customers, np.nan), where=fell_due > 0),
    }


def late_payments(debts: Columns, credits: Columns, terms: Array, after: int) -> Array:
    """Debts and credits → how many payments after the day `after` settled a debt past its due day, by customer.

    They are those of `receivables`; the credits have `payment`, True for a payment and False for a return, and those
    of one day stand in the order in which they settle. Of what a payment settles, the oldest debt tells whether it is late.
    """
    debts = by_day(debts)
    owed = np.cumsum(debts["units"])  # over all customers: who owes what is told apart by `first`
    order = np.argsort(credits["customer"] * DAY_SPAN + credits["day"], kind="stable")
    customer, day, units, payment = (credits[c][order] for c in ("customer", "day", "units", "payment"))
    first, last = (np.searchsorted(debts["customer"], customer, side=side) for side in ("left", "right"))
    until = _running(customer, units)
    already = np.concatenate([[0], owed])[first]
    oldest = np.searchsorted(owed, already + np.maximum(until - units, 0), side="right")
    settles = payment & (day > after) & (until > np.maximum(until - units, 0)) & (oldest < last)
    due = debts["day"][oldest[settles]] + terms[customer[settles]].astype("int64")
    return np.bincount(customer[settles][due < day[settles]], minlength=len(terms))


def by_day(debts: Columns) -> Columns:
    """Debts → one for each customer and day, sorted by these."""
    when = debts["customer"] * DAY_SPAN + debts["day"]
    already = bool((np.diff(when) > 0).all())
    if already:
        return debts
    return grouped({name: debts[name] for name in ("customer", "day")}, {"units": debts["units"]})


def _running(customer: Array, amount: Array) -> Array:
    """The running total within each customer, rows sorted by customer."""
    total = np.cumsum(amount)
    first = np.searchsorted(customer, customer)
    return np.asarray(total - (total - amount)[first])


def _credit_until(credits: Columns, customer: Array, day: Array) -> Array:
    """What each of these customers had been credited up to and including that day."""
    when = credits["customer"] * DAY_SPAN + credits["day"]
    order = np.argsort(when, kind="stable")
    when, total = when[order], np.concatenate([[0], np.cumsum(credits["units"][order])])
    until = np.searchsorted(when, customer * DAY_SPAN + day, side="right")
    return np.asarray(total[until] - total[np.searchsorted(when, customer * DAY_SPAN, side="left")])
