"""The sample's sales targets for 2026: the company, its regions, their account managers and the largest customers."""

from collections import defaultdict
from datetime import date

import names
from trade import SEASON, Order

LARGEST = 15  # customers with a target of their own


def target_rows(orders: list[Order], lang: str) -> list[dict[str, object]]:
    """The rows of targets.csv: each month of 2026, 6 to 10 % above 2025; a region's target is the sum of its managers'."""
    sold: dict[tuple[str, str], int] = defaultdict(int)
    bought: dict[str, int] = defaultdict(int)
    for order in orders:
        row = order.customer.row
        if order.day.year == 2025 and row["province"]:
            sold[names.PLACES[str(row["province"])][0], str(row["owner"])] += order.value
            bought[order.customer.id] += order.value
    largest = sorted(bought, key=lambda customer: (-bought[customer], customer))[:LARGEST]
    rows: list[dict[str, object]] = []
    for month in range(1, 13):
        share = SEASON[month - 1] / sum(SEASON) / 100
        regions: dict[str, int] = {}
        owners: dict[str, int] = defaultdict(int)
        for n, (region, (zh, en, _, _, managers)) in enumerate(names.REGIONS.items()):
            parts = {m: int(round(sold[region, m] * share * (1.06 + n % 3 * 0.02), -4)) for m in managers}
            regions[zh if lang == "zh" else en] = sum(parts.values())
            for manager, amount in parts.items():
                owners[manager] += amount
        company = {"全公司" if lang == "zh" else "Whole company": sum(regions.values())}
        customers = {id: int(round(bought[id] * share * 1.08, -3)) for id in largest}
        rows += [
            {"month": date(2026, month, 1), "scope": scope, "object": name, "amount": amount}
            for scope, part in (("company", company), ("region", regions), ("owner", owners), ("customer", customers))
            for name, amount in part.items()
        ]
    return rows
