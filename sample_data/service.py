"""The sample's service requests: what customers complained of, asked and sent in for repair, and what came of it."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from customers import AS_OF, Customer
from trade import Order, working_day

REQUESTS = 260
OLD = AS_OF - timedelta(days=160)  # later orders are spoken of only by the customers chosen below
TYPES = {"complaint": 30, "question": 26, "repair": 20, "return": 14, "suggestion": 10}
LEVELS = {"p0": 3, "p1": 15, "p2": 46, "p3": 36}
USUAL = {"p0": 0.07, "p1": 0.15, "p2": 0.9, "p3": 2.5}  # days until a request of that level is done
# type: what the customer says, what it asks for, who looks into it
SAID = {
    "complaint": (
        ("{goods}到货{few}件表面锈蚀", "要求换货", "质量部"),
        ("{goods}使用{n}小时后异响", "要求到现场查明原因", "技术部"),
        ("{goods}尺寸超差，装配困难", "要求换货并提供检验报告", "质量部"),
        ("订单{order}晚到{few}天，产线停工", "要求说明原因并加急补齐", "物流部"),
        ("发票与订单{order}的金额不符", "要求重开发票", "客服部"),
    ),
    "question": (
        ("{goods}的安装扭矩和配合公差", "请书面答复", "技术部"),
        ("{goods}的替代型号和交期", "请提供选型建议", "技术部"),
        ("订单{order}的发货进度", "请告知到货日期", "客服部"),
    ),
    "repair": (
        ("{goods}运行不稳，偶有异响", "请上门检修", "技术部"),
        ("{goods}温升过高，需停机检查", "请派技术人员到场", "技术部"),
        ("{goods}运行{n}天后卡滞", "请返厂维修", "技术部"),
    ),
    "return": (
        ("{goods}型号发错{few}件", "退换", "物流部"),
        ("{goods}多发{few}件", "退回多发部分", "物流部"),
        ("{goods}包装破损，内部受潮", "换货", "质量部"),
    ),
    "suggestion": (
        ("建议{goods}改用防锈包装", "希望采纳", "物流部"),
        ("建议增加{goods}的区域备货", "希望缩短交期", "客服部"),
        ("建议订单{order}起随货附检验报告", "希望采纳", "质量部"),
    ),
}
# department: causes and measures
DONE = {
    "质量部": (("防锈处理不到位", "换货并增加入库抽检"), ("批次尺寸偏差", "隔离同批次库存，供方整改"), ("包装强度不足", "换货，改用加固包装")),
    "物流部": (("承运商中转延误", "更换承运商，补偿运费"), ("拣货核对疏漏", "补发或退回，增加复核环节")),
    "技术部": (("安装偏差", "到场校正并培训"), ("选型余量不足", "更换上一档型号"), ("润滑不当", "提供润滑规范")),
    "客服部": (("信息传递遗漏", "指定专人答复"), ("开票信息未更新", "重开发票并更新资料")),
}  # fmt: skip


def _at_work(moment: datetime) -> datetime:
    """The moment, or the next one at which somebody is at work."""
    if moment.time() >= time(17, 40):
        moment = datetime.combine(moment.date() + timedelta(days=1), time(8, 40 + moment.minute % 20))
    day = working_day(moment.date())
    return datetime.combine(day, moment.time() if moment.time() >= time(8, 30) else time(8, 30 + moment.minute % 30))


def _request(order: Order, received: datetime, kind: str, rng: Random) -> dict[str, object]:
    """One request about an order, done in about the usual time; some take longer."""
    c, hard = order.customer, [n for n in order.lines if n.product.category != "润滑油品"]
    line = rng.choice(hard or order.lines)
    if kind == "repair":  # what is repaired was not cheap
        line = max(order.lines, key=lambda n: n.price)
    words = {"goods": line.product.name, "order": order.id, "n": rng.randrange(20, 300), "few": rng.randrange(2, 8)}
    content, wish, department = rng.choice([said for said in SAID[kind] if hard or "{order}" in said[0]] or SAID[kind])
    weights = list(LEVELS.values()) if kind in {"complaint", "repair"} else (0, 4, 36, 60)
    level = rng.choices(list(LEVELS), weights)[0]
    cause, measure = rng.choice(DONE[department])
    days = USUAL[level] * rng.uniform(0.2, 1.1) * (rng.uniform(2, 5) if rng.random() < 0.12 else 1)
    closed = min(_at_work(received + timedelta(days=days, minutes=25)), datetime.combine(AS_OF, time(16, 30)))
    pleased = rng.random() < c.mood + 0.12
    asked = kind in {"complaint", "repair", "return"}
    return {
        "received": received,
        "customer_id": c.id,
        "order_id": order.id if "{order}" in content or rng.random() < 0.6 else "",
        "product_id": "" if "{order}" in content and rng.random() < 0.7 else line.product.id,
        "type": kind,
        "level": level if rng.random() < 0.97 else "",
        "content": content.format(**words),
        "wish": wish,
        "department": department,
        "cause": cause if asked else "",
        "measure": measure if asked else "已答复",
        "due": _at_work(received + timedelta(days=rng.randrange(5, 11))) if rng.random() < 0.06 else "",
        "closed": closed,
        "call_back": ("satisfied" if pleased else "not_satisfied") if asked and rng.random() < 0.8 else "",
        "effective": ("yes" if pleased or rng.random() < 0.5 else "no") if asked else "",
        "opportunity": rng.choice(("product", "process")) if kind == "suggestion" or rng.random() < 0.08 else "",
        "note": "",
    }


def service_rows(customers: list[Customer], orders: list[Order]) -> list[dict[str, object]]:
    """The rows of service.csv, by the moment they came in: four customers complain again and again, nine wait for an answer."""
    rng = Random("service")
    sold: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        if order.of is None:
            sold[order.customer.id].append(order)
    current = [c for c in customers if sold[c.id] and sold[c.id][-1].day > AS_OF - timedelta(days=80)]
    unhappy = sorted(current, key=lambda c: (c.mood, c.id))[:4]
    asked = [(c, rng.randrange(4, 80), "complaint") for c in unhappy for _ in range(2)]
    asked += [(c, days, kind) for c, days, kind in zip(rng.sample(current, 9), (0, 0, 1, 1, 2, 3, 5, 6, 8), ("question", "repair", "complaint", "question", "return", "complaint", "repair", "complaint", "suggestion"), strict=True)]  # fmt: skip
    waiting = len(asked) - 9
    buyers = [c for c in customers if sold[c.id] and sold[c.id][0].day < OLD]
    kinds = rng.choices(list(TYPES), list(TYPES.values()), k=REQUESTS - len(asked))
    rows = []
    for n, (c, days, kind) in enumerate(asked):
        order = [o for o in sold[c.id] if o.day <= AS_OF - timedelta(days=days)][-1]
        row = _request(order, _received(AS_OF - timedelta(days=days), rng), kind, rng)
        rows.append(
            row | dict.fromkeys(("cause", "measure", "closed", "call_back", "effective"), "") if n >= waiting else row
        )
    for kind in kinds:
        c = rng.choices(buyers, [c.size**0.4 * (1.4 - c.mood) for c in buyers])[0]
        order = rng.choice([o for o in sold[c.id] if o.day < OLD])
        rows.append(_request(order, _received(order.day + timedelta(days=rng.randrange(2, 60)), rng), kind, rng))
    rows.sort(key=lambda r: (r["received"], r["customer_id"]))
    for row in rows:
        for id in ("received", "due", "closed"):
            if isinstance(row[id], datetime):
                row[id] = f"{row[id]:%Y-%m-%d %H:%M}"
    return [{"request_id": f"FW{n:04d}", **row} for n, row in enumerate(rows, 1)]


def _received(day: date, rng: Random) -> datetime:
    """A moment of a working day."""
    return _at_work(datetime.combine(day, time(rng.randrange(8, 17), rng.randrange(60))))
