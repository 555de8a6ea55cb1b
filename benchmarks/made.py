"""Business of any size, made up: `python -m benchmarks.made FOLDER CUSTOMERS ORDERS` writes the CSV files of `crmbook build --from`."""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

TODAY, DAYS, PRODUCTS, PEOPLE = date(2026, 10, 31), 1095, 500, 40
PROVINCES = ("北京", "辽宁", "上海", "江苏", "湖北", "广东", "四川", "陕西", "浙江", "山东")
PAID, VISITED, ANSWERED, ASKED = 0.8, 3, 0.5, 0.2  # of the orders; per customer


def make(folder: Path, customers: int, orders: int) -> None:
    """Customers whose sizes differ as in life, with three years of order lines, most of them paid, and visits."""
    random = Random(5)
    folder.mkdir(parents=True, exist_ok=True)
    ids = [f"C{n:06d}" for n in range(customers)]
    _write(folder, "settings", "setting_id,value", [["AS_OF", TODAY]])
    _write(folder, "customers", "customer_id,name,province,owner,term_days,potential,phone", ([id, f"客户{n:06d}有限公司", PROVINCES[n % 10], f"经理{n % PEOPLE:02d}", 30 * (n % 4), 1000 * (n % 900), f"138{n:08d}"] for n, id in enumerate(ids)))  # fmt: skip
    _write(folder, "products", "product_id,name,category,list_price,cost_price", ([f"P{n:04d}", f"产品{n:04d}", f"类别{n % 12}", 20 + n, 12 + n * 0.6] for n in range(PRODUCTS)))  # fmt: skip
    chosen = random.choices(ids, [1 / (n + 10) for n in range(customers)], k=orders)
    days = sorted(TODAY - timedelta(days=int(DAYS * random.random())) for _ in range(orders))
    lines: list[Sequence[object]] = []
    for n in range(orders):
        product, quantity = int(PRODUCTS * random.random() ** 2), random.randint(1, 40)
        quantity = -quantity if random.random() < 0.02 else quantity
        lines.append([f"S{n // 2:07d}", n % 2 + 1, days[n - n % 2], chosen[n - n % 2], f"P{product:04d}", quantity, 20 + product, quantity * (20 + product), 0.6 * quantity * (20 + product)])  # fmt: skip
    _write(folder, "orders", "order_id,line_no,date,customer_id,product_id,quantity,price,amount,cost", lines)
    paid = [line for line in lines if float(str(line[7])) > 0 and random.random() < PAID]
    _write(folder, "payments", "payment_id,date,customer_id,order_id,amount", ([f"R{n:07d}", min(TODAY, date.fromisoformat(str(line[2])) + timedelta(days=random.randint(1, 70))), line[3], line[0], line[7]] for n, line in enumerate(paid)))  # fmt: skip
    visits = random.choices(ids, k=VISITED * customers)
    _write(folder, "visits", "visit_id,date,customer_id,visitor,state", ([f"V{n:06d}", TODAY - timedelta(days=random.randint(0, DAYS)), id, f"经理{n % PEOPLE:02d}", "done"] for n, id in enumerate(visits)))  # fmt: skip
    asked = random.sample(ids, int(ANSWERED * customers))
    _write(folder, "surveys", "survey_id,date,customer_id,quality,delivery,price", ([f"M{n:06d}", TODAY - timedelta(days=random.randint(0, 300)), id, *random.choices(("very_good", "good", "fair", "poor"), k=3)] for n, id in enumerate(asked)))  # fmt: skip
    unhappy = random.sample(ids, int(ASKED * customers))
    _write(folder, "service", "request_id,received,customer_id,type,level,closed", ([f"F{n:06d}", TODAY - timedelta(days=random.randint(1, 300)), id, random.choice(("complaint", "question", "repair")), f"P{n % 4}", TODAY if n % 9 else ""] for n, id in enumerate(unhappy)))  # fmt: skip


def _write(folder: Path, name: str, header: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
