"""Referrals over the whole chain agree with walking it, cycles included."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from crmbook.figures.referrals import brought


def walked(above: list[int], sales: list[int]) -> list[tuple[int, float]]:
    """The same by brute force: who has this customer somewhere above."""
    found = []
    for one in range(len(above)):
        reached = set()
        for other in range(len(above)):
            at, seen = above[other], set()
            while at >= 0 and at not in seen:
                seen.add(at)
                at = above[at]
            if one in seen and other != one:
                reached.add(other)
        found.append((len(reached), sum(sales[n] for n in reached) / 100))
    return found


@given(st.data())
def test_each_customer_brought_all_below_it_once(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 9))
    above = [data.draw(st.integers(-1, count - 1)) for _ in range(count)]
    sales = [data.draw(st.integers(-(10**7), 10**7)) for _ in range(count)]
    ids = [f"C{n}" for n in range(count)]
    referrer = pd.Series([ids[a] if a >= 0 else None for a in above], index=ids, dtype=object)
    rows = brought(referrer, pd.Series([s / 100 for s in sales], index=ids, dtype="float64"))
    assert list(rows.itertuples(index=False, name=None)) == walked(above, sales)


def test_a_referrer_we_do_not_know_brings_nobody() -> None:
    rows = brought(pd.Series({"A": "elsewhere"}), pd.Series({"A": 5.0}))
    assert rows["customers"].tolist() == [0]
