"""Who brought whom: what each customer brought in, over the whole chain of referrals."""

from typing import Any

import pandas as pd


def brought(referrer: "pd.Series[Any]", sales: "pd.Series[Any]") -> pd.DataFrame:
    """Referrer of each customer (blank without one) and sales in yuan, by customer → `customers` and `sales` it brought.

    All it referred, all they referred, and so on, without itself. In a cycle everybody brought everybody else once. Each
    customer is visited once, so a long chain is no slower than a short one.
    """
    ids = referrer.index.tolist()
    at = {id: n for n, id in enumerate(ids)}
    above = [at.get(r, -1) for r in referrer.tolist()]
    fen = [round(s * 100) for s in sales.tolist()]
    count, total = [1] * len(ids), list(fen)
    waiting = [0] * len(ids)
    for up in above:
        if up >= 0:
            waiting[up] += 1
    ready = [n for n, left in enumerate(waiting) if not left]
    for n in ready:  # grows while it runs: a customer is ready once all it referred are counted
        up = above[n]
        if up >= 0:
            count[up] += count[n]
            total[up] += total[n]
            waiting[up] -= 1
            if not waiting[up]:
                ready.append(up)
    for start, left in enumerate(waiting):
        if left:  # only cycles are left
            ring = [start]
            while above[ring[-1]] != start:
                ring.append(above[ring[-1]])
            everyone, all_sales = sum(count[n] for n in ring), sum(total[n] for n in ring)
            for n in ring:
                count[n], total[n], waiting[n] = everyone, all_sales, 0
    found = {"customers": [c - 1 for c in count], "sales": [(t - own) / 100 for t, own in zip(total, fen, strict=True)]}
    return pd.DataFrame(found, index=referrer.index)
