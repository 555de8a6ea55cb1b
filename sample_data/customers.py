"""The sample's 240 customers: who they are, and the habits that their orders, payments and visits will follow."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log
from random import Random

import names
from catalogue import PRODUCTS, Product

AS_OF = date(2026, 10, 31)
OPENED = date(2023, 11, 1)

# how many customers buy in which way; together 240
HABITS = {
    "steady": 109,
    "growing": 36,
    "declining": 7,
    "new": 24,
    "quiet": 7,  # has not ordered for more than twice its usual interval
    "churned": 16,  # last order more than a year ago
    "seldom_large": 12,
    "once": 8,  # one or two orders only: too few for an interval of its own
    "ended": 5,
    "paused": 1,
    "returning": 2,  # sent back more than it bought this year
    "contacted": 7,  # visited, nothing bought yet
    "listed": 6,  # only a name on the list
}
# how they pay, and how often that occurs
PAYERS = {"prompt": 49, "usual": 32, "late": 4, "instalments": 11, "stopped": 4}
DISCOUNTS = ((2_000_000, 0.20), (800_000, 0.15), (300_000, 0.10), (100_000, 0.06), (0, 0.03))


@dataclass
class Customer:
    """A row of customers.csv, and what decides the rest: `size` in yuan a year, `rhythm` in days between orders."""

    row: dict[str, object]
    habit: str
    payer: str
    size: float
    rhythm: float
    start: date
    stop: date
    discount: float
    mood: float  # 0 … 1, how satisfied
    trend: float  # of its region, times a year
    area: str
    favourites: list[Product]

    @property
    def id(self) -> str:
        return str(self.row["customer_id"])

    @property
    def buys(self) -> bool:
        return self.habit not in {"listed", "contacted"}


def _spread(weights: dict[str, int], count: int, rng: Random) -> list[str]:
    """The words, each as often as its share says, shuffled."""
    total = sum(weights.values())
    words = [w for w, n in weights.items() for _ in range(-(-n * count // total))][:count]
    rng.shuffle(words)
    return words


def _life(habit: str, rhythm: float, rng: Random) -> tuple[date, date]:
    """The days between which a customer buys."""
    start, stop = OPENED, AS_OF
    if habit == "new":
        start = AS_OF - timedelta(days=rng.randrange(40, 350))
    elif habit in {"steady", "growing", "seldom_large"} and rng.random() < 0.25:
        start = OPENED + timedelta(days=rng.randrange(60, 330))
    elif habit == "once":
        start = AS_OF - timedelta(days=rng.choice((20, 45, 75, 110, 150, 200, 260, 300, 420, 600)))
    elif habit == "quiet":
        stop = AS_OF - timedelta(days=round(min(340, rhythm * rng.uniform(2.4, 3.6) + 20)))
    elif habit == "churned":
        stop = AS_OF - timedelta(days=rng.randrange(380, 760))
    elif habit == "ended":
        stop = AS_OF - timedelta(days=rng.choice((60, 100, 150, 420, 500)))
    elif habit == "paused":
        stop = AS_OF - timedelta(days=75)
    return start, stop


def _favourites(industry: str, rng: Random) -> list[Product]:
    """What a customer usually buys: mostly its industry's categories, most bought first."""
    likely = names.INDUSTRIES[industry][1]
    near = [p for p in PRODUCTS if p.category in likely and p.list_price]
    far = [p for p in PRODUCTS if p.category not in likely and p.list_price]
    chosen = rng.sample(near, min(len(near), rng.randrange(4, 8))) + rng.sample(far, rng.randrange(2, 5))
    return chosen + [p for p in PRODUCTS if p.list_price is None and rng.random() < 0.06]


def _trade(industry: str, rng: Random) -> str:
    """The end of a company's name: its trade and legal form."""
    word = rng.choice(names.INDUSTRIES[industry][0])
    form = rng.choices(("有限公司", "股份有限公司", "科技有限公司"), (8, 1, 1))[0]
    return word + (form.removeprefix("科技") if word.endswith(("科技", "技术")) else form)


def _first_contact(habit: str, start: date, rng: Random) -> date | str:
    """The day of the first contact, before the first order; blank for those only listed."""
    if habit == "listed":
        return ""
    if habit == "contacted":
        return AS_OF - timedelta(days=rng.randrange(235, 340))
    early = (20, 2800) if start <= OPENED else (10, 90)
    return start - timedelta(days=rng.randrange(*early))


def _customer(number: int, region: str, habit: str, payer: str, brand: str) -> Customer:
    rng = Random(f"customer {number}")
    _, _, _, trend, owners = names.REGIONS[region]
    provinces = [p for p, (r, _, _) in names.PLACES.items() if r == region]
    province = rng.choices(provinces, [len(names.PLACES[p][2]) for p in provinces])[0]
    _, code, cities = names.PLACES[province]
    city, area = rng.choice(list(cities.items()))
    industry = rng.choice(list(names.INDUSTRIES))
    size = min(9_000_000.0, max(8_000.0, rng.lognormvariate(log(130_000), 1.35)))
    size *= {"northwest": 0.5, "northeast": 0.7, "east": 1.2}.get(region, 1.0)
    if habit == "seldom_large":
        size = rng.uniform(250_000, 900_000)
    rhythm = min(95.0, max(11.0, 57 * (130_000 / size) ** 0.38 * rng.uniform(0.8, 1.25)))
    if habit == "seldom_large":
        rhythm = rng.uniform(100, 150)
    start, stop = _life(habit, rhythm, rng)
    discount = next(d for floor, d in DISCOUNTS if size >= floor)
    trader = industry == "五金贸易"
    kind = "dealer" if trader else rng.choices(("company", "end_user"), (9, 2))[0]
    contact = names.person(rng)
    row: dict[str, object] = {
        "customer_id": f"C{number:04d}",
        "name": f"{city}{brand}{_trade(industry, rng)}",
        "short_name": f"{city}{brand}",
        "type": kind,
        "industry": industry,
        "size": "大型" if size > 1_500_000 else "中型" if size > 250_000 else "小型" if size > 40_000 else "微型",
        "region": region,
        "province": province,
        "city": city,
        "address": f"{province if province != city else ''}{city}{rng.choice(names.DISTRICTS)}{rng.choice(names.ROADS)}{rng.randrange(1, 400)}号",
        "distance_km": rng.randrange(5, 220) if province in {"上海", "江苏"} else rng.randrange(150, 2400),
        "origin": rng.choice(names.ORIGINS),
        "contact": contact,
        "position": rng.choice(names.POSITIONS),
        "phone": names.phone(rng, area),
        "email": f"purchasing@c{number:04d}.example.com" if rng.random() < 0.8 else "",
        "owner": rng.choice(owners),
        "solution_owner": rng.choice(names.SOLUTION_OWNERS) if size > 300_000 else "",
        "delivery_owner": rng.choice(names.DELIVERY_OWNERS) if size > 300_000 else "",
        "potential": round(size * rng.uniform(0.9, 2.8), -4) if rng.random() < 0.85 else "",
        "price_sensitivity": rng.choices((1, 2, 3, 4, 5), (1, 2, 4, 4, 2))[0],
        "relation_will": rng.choices((1, 2, 3, 4, 5), (1, 2, 4, 4, 3))[0],
        "credit_limit": max(10_000, int(round(size * rng.uniform(0.4, 0.7), -4))) if rng.random() < 0.9 else "",
        "term_days": rng.choices((30, 45, 60, 90, ""), (40, 20, 25, 10, 5))[0],
        "first_contact": _first_contact(habit, start, rng),
        "state": {"ended": "ended", "paused": "paused"}.get(habit, "active"),
        "tags": "重点;年度协议" if size > 1_500_000 else "年度协议" if size > 500_000 and rng.random() < 0.5 else "",
        "anniversary": date(rng.randrange(1995, 2020), rng.randrange(1, 13), rng.randrange(1, 29))
        if rng.random() < 0.35
        else "",
        "credit_code": names.credit_code(rng, code),
    }
    if row["potential"]:
        row["potential"] = int(max(10_000, row["potential"]))
    if habit == "ended":
        row |= {
            "left_on": min(AS_OF, stop + timedelta(days=20)),
            "left_why": rng.choice(
                ("转向竞争对手，价格差异大", "工厂搬迁停产", "账款纠纷，双方终止合作", "产品线调整，不再采购")
            ),
        }
    mood = rng.betavariate(8, 2) * (0.75 if habit in {"declining", "churned", "quiet", "ended"} else 1)
    favourites = _favourites(industry, rng)
    return Customer(row, habit, payer, size, rhythm, start, stop, discount, mood, trend, area, favourites)


def _link(customers: list[Customer], rng: Random) -> None:
    """Head offices with branches, dealers with end users, and who recommended whom, up to three levels deep."""
    companies = [c for c in customers if c.row["type"] == "company" and c.size > 400_000 and c.buys]
    traders = [c for c in customers if c.row["type"] == "dealer" and c.buys]
    free = [c for c in customers if c not in companies and c not in traders]
    rng.shuffle(free)
    for head in companies[:7]:
        word = names.INDUSTRIES[str(head.row["industry"])][0][0]
        head.row["name"] = f"{head.row['short_name']}{word}集团有限公司"
        for _ in range(rng.randrange(1, 4)):
            branch = free.pop()
            branch.row |= {
                "name": f"{head.row['name']}{branch.row['city']}分公司",
                "short_name": f"{str(head.row['short_name'])[-2:]}{branch.row['city']}",
                "parent_id": head.id,
                "relation": "head_office_branch",
                "industry": head.row["industry"],
                "type": "company",
            }
    # dealers: the second one buys from the first, and both serve end users
    traders[1].row |= {"parent_id": traders[0].id, "relation": "dealer_end_user"}
    for dealer in traders[:8]:
        for _ in range(rng.randrange(1, 4)):
            free.pop().row |= {"parent_id": dealer.id, "relation": "dealer_end_user", "type": "end_user"}
    for relation in ("supply_chain", "same_owner", "supply_chain", "same_owner"):
        free.pop().row |= {"parent_id": rng.choice(companies).id, "relation": relation}
    # referrals: three chains of three levels, and single ones
    for _ in range(3):
        chain = [rng.choice(companies[7:])] + [free.pop() for _ in range(3)]
        for above, below in pairwise(chain):
            below.row["referrer_id"] = above.id
    for _ in range(22):
        free.pop().row["referrer_id"] = rng.choice(companies + traders).id
    for below in customers:
        if below.row.get("referrer_id"):
            below.row["origin"] = "老客户介绍"
            below.row.setdefault("relation", "referral")


def _blanks(customers: list[Customer]) -> None:
    """Six without a region but with a province, three with neither; three private persons."""
    single = [c for c in customers if not c.row.get("parent_id") and c.size < 300_000]
    for c in single[5:65:10]:
        c.row["region"] = ""
    for c in single[8:38:10]:
        c.row |= {"region": "", "province": "", "city": "", "address": "", "distance_km": ""}
    for c in single[11:41:10]:
        c.row |= {"type": "person", "name": f"{c.row['contact']}（个体）", "short_name": c.row["contact"]}
        c.row |= {"credit_code": "", "size": "微型", "position": "业主"}


def _agree(customers: list[Customer]) -> None:
    """Agreements, how they are kept alive, and the days that come next: contracts that end, anniversaries."""
    rng = Random("agreements")
    soon = rng.sample([c for c in customers if c.habit in {"steady", "growing"} and c.size > 500_000], 6)
    for c in customers:
        large = c.size > 1_500_000
        agreed = c in soon or (
            c.buys and c.habit not in {"churned", "ended"} and (large or "年度协议" in str(c.row["tags"]))
        )
        c.row["agreement"] = ("strategic" if large else "framework") if agreed else "none" if c.buys else ""
        ends = rng.choice((date(2026, 12, 31), date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31)))
        c.row["contract_end"] = ends if agreed else ""
        c.row["executive_visits"] = rng.randrange(2, 5) if large and agreed else rng.randrange(4) if agreed else ""
        c.row["joint_plan"] = rng.choice(("yes", "yes", "yes", "no") if large else ("yes", "no")) if agreed else ""
        if rng.random() < 0.06:  # nobody has asked yet
            c.row["relation_will"] = ""
    for n, c in enumerate(soon):
        c.row["contract_end"] = AS_OF + timedelta(days=4 + 5 * n)
    for c in rng.sample([c for c in customers if c.habit in {"steady", "growing", "new"}], 7):
        c.row["anniversary"] = (AS_OF + timedelta(days=rng.randrange(1, 13))).replace(year=rng.randrange(1996, 2020))


def _nobody_shares_a_phone(customers: list[Customer]) -> None:
    rng, used = Random("phones"), set()
    for c in customers:
        while c.row["phone"] in used:
            c.row["phone"] = names.phone(rng, c.area)
        used.add(c.row["phone"])


def make() -> list[Customer]:
    """All customers, in the order of their numbers."""
    rng = Random("customers")
    regions = _spread({r: v[2] for r, v in names.REGIONS.items()}, 240, rng)
    habits = _spread(HABITS, 240, rng)
    payers = _spread(PAYERS, 240, rng)
    brands = names.brands(rng)
    customers = [
        _customer(n, *line) for n, line in enumerate(zip(regions, habits, payers, brands[:240], strict=True), 1)
    ]
    _link(customers, rng)
    _blanks(customers)
    _agree(customers)
    _nobody_shares_a_phone(customers)
    return customers
