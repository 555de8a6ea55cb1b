"""What the sample's customers said when they were asked every June and December."""

from datetime import date, timedelta
from random import Random

from customers import Customer

SURVEYED = 300
COMMENTS = {
    True: ("合作愉快", "交货及时，服务周到", "技术支持到位", "希望继续保持", "产品质量稳定", ""),
    False: ("价格偏高", "交期不稳定，影响生产", "投诉处理太慢", "希望加强技术支持", "包装需改进", ""),
}
LEVELS = ("very_good", "good", "fair", "poor", "very_poor")
ITEMS = ("quality", "delivery", "price", "service", "complaints", "support")


def survey_rows(customers: list[Customer]) -> list[dict[str, object]]:
    """The rows of surveys.csv: every June and December, some of those who buy; falling where sales fall."""
    rng = Random("surveys")
    rounds = [date(2023, 12, 11), date(2024, 6, 10), date(2024, 12, 9), date(2025, 6, 9), date(2025, 12, 8)]
    rounds += [date(2026, 6, 8)]
    asked = [(day, c) for day in rounds for c in customers if c.buys and c.start <= day <= c.stop]
    rows = []
    for day, c in sorted(rng.sample(asked, SURVEYED), key=lambda a: (a[0], a[1].id)):
        mood = c.mood - (0.15 if c.habit == "declining" and day.year == 2026 else 0)
        row: dict[str, object] = {"date": day + timedelta(days=rng.randrange(18)), "customer_id": c.id}
        for item in ITEMS:
            liking = mood + rng.uniform(-0.3, 0.25) - (0.12 if item == "price" else 0)
            missing = 0.3 if item == "complaints" else 0.05
            row[item] = "unknown" if rng.random() < missing else LEVELS[max(0, min(4, int((0.95 - liking) * 5)))]
        row["recommend"] = max(0, min(10, round(mood * 10 + rng.uniform(-1.5, 2.5))))
        row["opinion"] = rng.choice(COMMENTS[mood > 0.6])
        rows.append(row)
    rows.sort(key=lambda r: (r["date"], r["customer_id"]))
    return [{"survey_id": f"MY{n:04d}", **row} for n, row in enumerate(rows, 1)]
