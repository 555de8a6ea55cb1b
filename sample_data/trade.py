"""Three years of the sample's orders and of the payments for them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import names
from catalogue import Product, yuan
from customers import AS_OF, Customer

SEASON = (0.85, 0.35, 1.15, 1.1, 1.05, 1.1, 0.95, 0.85, 1.1, 0.9, 1.05, 1.2)  # January … December
CLOSED = (  # spring festival and national day
    (date(2024, 2, 8), date(2024, 2, 18)),
    (date(2025, 1, 27), date(2025, 2, 6)),
    (date(2026, 2, 14), date(2026, 2, 24)),
    (date(2024, 10, 1), date(2024, 10, 6)),
    (date(2025, 10, 1), date(2025, 10, 7)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
COST_DATA_FROM = date(2025, 1, 1)  # from then on the lines leave cost to the product's cost price
CHANNELS = {"dealer": ("经销", "展会", "电话订货"), "company": ("直销", "电话订货", "电商平台")}
GROWTH = {"growing": 1.5, "steady": 1.0, "new": 1.2}


@dataclass
class Line:
    """One order line; prices in fen."""

    product: Product
    quantity: int
    price: int
    cost: int | None


@dataclass
class Order:
    """One order or return, before it has its number."""

    day: date
    customer: Customer
    lines: list[Line]
    channel: str
    seller: str
    of: "Order | None" = None  # what a return sends back
    id: str = ""
    note: str = ""
    returns: list["Order"] = field(default_factory=list)

    @property
    def value(self) -> int:
        """The order's value in fen."""
        return sum(n.quantity * n.price for n in self.lines)


def working_day(day: date) -> date:
    """The day, or the next one on which somebody is at work."""
    while day.weekday() == 6 or any(a <= day <= b for a, b in CLOSED):
        day += timedelta(days=1)
    return day


def _level(c: Customer, day: date) -> float:
    """How much a customer buys on a day, against its size."""
    years = (day - date(2025, 4, 30)).days / 365.25
    level = (c.trend * GROWTH.get(c.habit, 1.0)) ** years
    if c.habit in {"declining", "returning"} and day >= date(2025, 11, 15):
        level *= 0.42
    return level


def _days(c: Customer, rng: Random) -> list[date]:
    """The days on which a customer orders."""
    if c.habit == "once":
        later = c.start + timedelta(days=rng.randrange(12, 40))
        days = [c.start, later] if rng.random() < 0.4 and later < AS_OF else [c.start]
        return [working_day(d) for d in days]
    day, days = c.start + timedelta(days=rng.random() * c.rhythm * (c.habit != "new")), []
    while day <= c.stop:
        if working_day(day) <= c.stop and working_day(day) not in days:
            days.append(working_day(day))
        day += timedelta(days=max(1.0, c.rhythm * rng.uniform(0.6, 1.4) / SEASON[day.month - 1] ** 0.5))
    if not days:
        days.append(working_day(c.start))
    return days


def _round(quantity: float) -> int:
    """A quantity as people order it."""
    step = 100 if quantity > 800 else 50 if quantity > 200 else 10 if quantity > 40 else 5 if quantity > 15 else 1
    return max(1, round(quantity / step) * step)


def _line(c: Customer, product: Product, worth: float, day: date, rng: Random) -> Line:
    """A line for about `worth` fen."""
    if product.list_price is None:
        price = rng.randrange(80, 900) * 100
        return Line(product, _round(worth / price), price, round(price * rng.uniform(0.55, 0.8)))
    off = min(0.28, max(0.0, c.discount + rng.uniform(-0.03, 0.05)))
    price = max(round(product.list_price * (1 - off)), 1)
    price = price if price < 1000 else round(price, -1 if price < 20_000 else -2)
    cost = round((product.cost_price or 0) * (0.95 if day.year < 2024 else 0.97)) if day < COST_DATA_FROM else None
    return Line(product, _round(worth / price), price, cost)


def _order(c: Customer, day: date, gap: float, rng: Random) -> Order:
    """What a customer orders on a day: what it uses up in `gap` days."""
    worth = c.size * gap / 365 * _level(c, day) * SEASON[day.month - 1] * rng.uniform(0.85, 1.15) * 100
    count = min(rng.choices((1, 2, 3, 4, 5, 6, 7), (20, 23, 22, 17, 10, 5, 3))[0], len(c.favourites))
    sold = [p for p in c.favourites if not (p.state == "discontinued" and day > date(2025, 6, 30))]
    sold = [p for p in sold if not (p.state == "new" and day < date(2026, 1, 15))]
    # the first favourites are bought most; a dear one only where the order can carry it
    weights = [1 / (n + 2) for n in range(len(sold))]
    chosen = sorted(set(rng.choices(sold, weights, k=count)), key=lambda p: p.id)
    chosen = [p for p in chosen if (p.list_price or 0) < worth * 0.6] or [
        min(sold, key=lambda p: p.list_price or 10**9)
    ]
    lines = []
    for n, p in enumerate(sorted(chosen, key=lambda p: -(p.list_price or 0)), 1):  # the cheap ones fill up the rest
        left = worth - sum(line.quantity * line.price for line in lines)
        share = 1.0 if n == len(chosen) else rng.uniform(0.5, 1.5) / (len(chosen) - n + 1)
        lines.append(_line(c, p, max(left, worth * 0.06) * min(share, 1.0), day, rng))
    lines.sort(key=lambda line: line.product.id)
    channel = rng.choices(CHANNELS["dealer" if c.row["type"] == "dealer" else "company"], (80, 12, 8))[0]
    seller = str(c.row["owner"]) if rng.random() < 0.85 else rng.choice(names.INSIDE_SALES)
    return Order(day, c, lines, channel, seller)


def _send_back(order: Order, day: date, share: float, note: str) -> Order:
    """A return of part of an order's first lines."""
    kept = order.lines[:1] if share < 1 else order.lines
    lines = [Line(n.product, -max(1, round(n.quantity * share)), n.price, n.cost) for n in kept]
    back = Order(working_day(day), order.customer, lines, order.channel, order.seller, order, note=note)
    order.returns.append(back)
    return back


def orders(customers: list[Customer]) -> list[Order]:
    """All orders and returns, by day, numbered."""
    made: list[Order] = []
    for c in customers:
        if not c.buys:
            continue
        rng = Random(f"orders {c.id}")
        days = _days(c, rng)
        gaps = [c.rhythm, *(min((b - a).days, 1.6 * c.rhythm) for a, b in pairwise(days))]
        own = [_order(c, day, gap, rng) for day, gap in zip(days, gaps, strict=True)]
        made += own
        for order in own:
            day = order.day + timedelta(days=rng.randrange(4, 25))
            if rng.random() < 0.028 and day < AS_OF - timedelta(days=3) and day.year == order.day.year:
                reason = rng.choice(("型号发错", "尺寸不符", "外观不良", "客户计划取消", "到货超量"))
                made.append(_send_back(order, day, rng.choice((0.2, 0.4, 0.5, 0.7)), f"退货：{reason}"))
        if c.habit == "returning":
            # a whole half year of 2025 comes back in spring 2026, and little was bought since
            for order in own:
                if date(2025, 3, 1) <= order.day < date(2025, 10, 31) and not order.returns:
                    made.append(_send_back(order, date(2026, 4, rng.randrange(7, 25)), 1.0, "退货：项目取消，整批退回"))
    made.sort(key=lambda o: (o.day, o.customer.id, o.value))
    counts: dict[date, int] = defaultdict(int)
    for order in made:
        counts[order.day] += 1
        order.id = f"{'TH' if order.of else 'SO'}{order.day:%Y%m%d}-{counts[order.day]:02d}"
    return made


def order_rows(made: list[Order]) -> list[dict[str, object]]:
    """The rows of orders.csv: amount left blank on every ninth line, cost once the cost prices were kept."""
    rows = []
    for order in made:
        for number, n in enumerate(order.lines, 1):
            amount = n.quantity * n.price
            rows.append(
                {
                    "order_id": order.id,
                    "line_no": number,
                    "date": order.day,
                    "customer_id": order.customer.id,
                    "product_id": n.product.id,
                    "quantity": n.quantity,
                    "price": yuan(n.price),
                    "amount": "" if len(rows) % 9 == 5 else yuan(amount),
                    "cost": "" if n.cost is None else yuan(n.cost * n.quantity),
                    "channel": order.channel,
                    "seller": order.seller,
                    "note": f"{order.note}（原订单{order.of.id}）" if order.of else order.note,
                }
            )
    return rows


def _delay(payer: str, rng: Random) -> int:
    """Days after the due date."""
    if payer == "prompt" or (payer == "instalments" and rng.random() < 0.7):
        return rng.randrange(-12, 1)
    if payer == "usual":
        return rng.choice((-5, -3, -2, 0, 0, 0, 4, 9, 16))
    if payer == "late":
        return rng.randrange(8, 65)
    return rng.randrange(-3, 20)


def _debts(own: list[Order]) -> list[tuple[date, int, str]]:
    """What a customer has to pay: day, fen, order id; by month and without an order for some."""
    debts = [(o.day, o.value + sum(r.value for r in o.returns), o.id) for o in own if o.of is None]
    if Random(own[0].customer.id).random() > 0.3 or len(debts) < 20:
        return debts
    months: dict[tuple[int, int], list[tuple[date, int, str]]] = defaultdict(list)
    for debt in debts:
        months[debt[0].year, debt[0].month].append(debt)
    return [(month[-1][0], sum(d[1] for d in month), "") for month in months.values()]


def payment_rows(made: list[Order]) -> list[dict[str, object]]:
    """The rows of payments.csv up to AS_OF: on time, late, in instalments, and not at all."""
    rows: list[dict[str, object]] = []
    by_customer: dict[str, list[Order]] = defaultdict(list)
    for order in made:
        by_customer[order.customer.id].append(order)
    for id, own in sorted(by_customer.items()):
        c, rng = own[0].customer, Random(f"payments {id}")
        term = int(c.row["term_days"] or 30)
        gives_up = AS_OF - timedelta(days=rng.randrange(110, 260))
        if c.habit in {"churned", "ended"}:
            gives_up = c.stop - timedelta(days=60)
        way = rng.choices(("bank_transfer", "draft", "cash", "cheque", "微信支付"), (70, 20, 3, 4, 3))[0]
        for day, fen, order_id in _debts(own):
            if fen <= 0 or (c.payer == "stopped" and day > gives_up and rng.random() < 0.8):
                continue
            paid_on = day + timedelta(days=max(1, term + _delay(c.payer, rng)))
            parts = [(paid_on, fen)]
            if c.payer == "instalments" and fen > 400_000:
                half = round(fen * rng.choice((0.3, 0.5, 0.6)), -5)
                parts = [(day + timedelta(days=rng.randrange(2, 12)), half), (paid_on, fen - half)]
            for paid_on, part in parts:
                if part and working_day(paid_on) <= AS_OF:
                    rows.append(
                        {
                            "date": working_day(paid_on),
                            "customer_id": id,
                            "order_id": order_id,
                            "amount": yuan(part),
                            "way": way if rng.random() < 0.9 else "bank_transfer",
                            "note": "分期" if len(parts) > 1 else "" if order_id else "按月对账付款",
                        }
                    )
    rows.sort(key=lambda r: (r["date"], r["customer_id"], r["order_id"]))
    return [{"payment_id": f"SK{n:05d}", **row} for n, row in enumerate(rows, 1)]
